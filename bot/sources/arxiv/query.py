"""arXiv's query language, written so that a member's words stay words.

The language (https://info.arxiv.org/help/api/user-manual.html#query_details) knows field prefixes (`au:`), the
operators AND, OR and ANDNOT, brackets, ranges and quotes. Nothing of a member's text but letters, digits and the
signs inside a word (GPT-4, 3.5, don't) goes into it, and each word goes inside quotes, where no operator is one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime

from bot.sources.arxiv.errors import BadQuery

MAX_LENGTH = 400  # characters of a question; the rest is not read
MAX_WORDS = 16

_WORD = re.compile(r"[^\W_]+(?:[-'.][^\W_]+)*")
_CATEGORY = re.compile(r"[a-z][a-z-]{1,15}(?:\.[A-Za-z-]{2,16})?", re.ASCII)  # cs.CL, hep-th, cond-mat.mes-hall

# Lucene, which arXiv's index is built with, leaves these out of the index: to demand them is to find nothing.
_UNINDEXED = frozenset(
    {"a", "an", "and", "are", "as", "at", "be", "but", "by", "for", "if", "in", "into", "is", "it", "no", "not"}
    | {"of", "on", "or", "such", "that", "the", "their", "then", "there", "these", "they", "this", "to", "was"}
    | {"will", "with"}
)


def for_words(words: str, *, author: str = "", since: datetime | None = None, until: datetime | None = None) -> str:
    """Papers that have all the words somewhere. Raises BadQuery when there is no word to look for.

    With an `author`, all words of that name are in the names of the authors; with two moments, the first version was
    submitted between them.
    """
    wanted = [f'all:"{word}"' for word in _significant_words(words)]
    if author:
        wanted += [f'au:"{word}"' for word in _significant_words(author)]
    if since and until:
        wanted.append(_submitted(since, until))
    return " AND ".join(wanted)


def _significant_words(text: str) -> list[str]:
    """The words of a text that can be looked for, each once."""
    found = _WORD.findall(text[:MAX_LENGTH].replace("’", "'"))
    telling = [word for word in found if word.lower() not in _UNINDEXED] or found
    if not telling:
        raise BadQuery("there is no word to look for in it")
    return list(dict.fromkeys(telling[:MAX_WORDS]))


def for_listing(categories: Sequence[str], since: datetime, until: datetime) -> str:
    """Papers of any of the categories whose first version was submitted between two moments, both included."""
    if not categories:
        raise BadQuery("it names no category")
    for category in categories:
        if not is_category(category):
            raise BadQuery(f"“{category[:32]}” is not an arXiv category, such as cs.CL or stat.ML")
    where = " OR ".join(f"cat:{category}" for category in dict.fromkeys(categories))
    return f"({where}) AND {_submitted(since, until)}"


def _submitted(since: datetime, until: datetime) -> str:
    if since.tzinfo is None or until.tzinfo is None:
        raise ValueError("the moments of a listing need a time zone")
    if until < since:
        raise ValueError(f"a listing cannot end ({until}) before it begins ({since})")
    first, last = (f"{moment.astimezone(UTC):%Y%m%d%H%M}" for moment in (since, until))
    return f"submittedDate:[{first} TO {last}]"


def is_category(text: str) -> bool:
    """Whether this has the shape of an arXiv category (which may still not exist)."""
    return bool(_CATEGORY.fullmatch(text))
