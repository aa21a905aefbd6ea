"""Builder of queries in arXiv's query language, with members' words escaped.

The language (https://info.arxiv.org/help/api/user-manual.html#query_details) has field prefixes (`au:`), the operators
AND, OR and ANDNOT, parentheses, ranges and quotation marks. Only letters, digits and punctuation inside words (GPT-4,
3.5, don't) of a member's text are used, and each word is quoted, so that it is never an operator.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime

from bot.locale.current import _
from bot.sources.arxiv.errors import BadQuery

MAX_LENGTH = 400  # characters of a question; the rest is not read
MAX_WORDS = 16

_WORD = re.compile(r"[^\W_]+(?:[-'.][^\W_]+)*")
_CATEGORY = re.compile(r"[a-z][a-z-]{1,15}(?:\.[A-Za-z-]{2,16})?", re.ASCII)  # cs.CL, hep-th, cond-mat.mes-hall

# Lucene, arXiv's search engine, does not index these words: a query that requires one finds nothing.
_UNINDEXED = frozenset(
    {"a", "an", "and", "are", "as", "at", "be", "but", "by", "for", "if", "in", "into", "is", "it", "no", "not"}
    | {"of", "on", "or", "such", "that", "the", "their", "then", "there", "these", "they", "this", "to", "was"}
    | {"will", "with"}
)


def for_words(words: str, *, author: str = "", since: datetime | None = None, until: datetime | None = None) -> str:
    """Query for papers that contain all the words in any field. Raises BadQuery if there is no searchable word.

    With `author`, the authors' names must contain all words of it; with two times, the first version must be submitted
    between them.
    """
    wanted = [f'all:"{word}"' for word in _significant_words(words)]
    if author:
        wanted += [f'au:"{word}"' for word in _significant_words(author)]
    if since and until:
        wanted.append(_submitted(since, until))
    return " AND ".join(wanted)


def _significant_words(text: str) -> list[str]:
    """The searchable words of a text, without duplicates."""
    found = _WORD.findall(text[:MAX_LENGTH].replace("’", "'"))
    telling = [word for word in found if word.lower() not in _UNINDEXED] or found
    if not telling:
        raise BadQuery(_("it has no word to search for"))
    return list(dict.fromkeys(telling[:MAX_WORDS]))


def for_listing(categories: Sequence[str], since: datetime, until: datetime) -> str:
    """Papers of any of the categories whose first version was submitted between two moments, both included."""
    if not categories:
        raise BadQuery(_("it names no category"))
    for category in categories:
        if not is_category(category):
            raise BadQuery(
                _("“{category}” is not an arXiv category; those look like cs.CL or stat.ML", category=category[:32])
            )
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
    """Return True if the text has the form of an arXiv category (which may not exist)."""
    return bool(_CATEGORY.fullmatch(text))
