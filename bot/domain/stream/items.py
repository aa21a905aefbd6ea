"""Items that a source announces, and a page of them with the position at which reading continues."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from bot.domain.links.sites import SiteKind
from bot.domain.paper_record import fold_whitespace
from bot.locale.translatable import TranslatableText

MAX_ABSTRACT = 4_000
"""Characters of an abstract that are stored: the longest of arXiv have half as many."""
MAX_AUTHORS = 60
"""Authors that are stored: of more, the first and the last."""
MIN_FINGERPRINT_WORDS = 4
"""Words from which a title identifies a work."""


@dataclass(frozen=True, slots=True)
class StreamItem:
    """One announced paper or page. `key` is its identity, as in the papers of clubs. `published` is aware.

    `addresses` are those of the requested addresses that announced it; empty for all of them. `votes` are those on
    Hugging Face, None if it was not asked.
    """

    key: str
    url: str
    title: str
    published: datetime
    abstract: str = ""
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    doi: str = ""
    kind: SiteKind = SiteKind.PAPER
    votes: int | None = None
    addresses: tuple[str, ...] = ()

    @property
    def stored_authors(self) -> tuple[str, ...]:
        """The authors that are stored, each on one line: at most `MAX_AUTHORS`, the last one among them."""
        names = [fold_whitespace(name) for name in self.authors]
        names = [name for name in names if name]
        return tuple(names if len(names) <= MAX_AUTHORS else [*names[: MAX_AUTHORS - 1], names[-1]])


@dataclass(frozen=True, slots=True)
class StreamPage:
    """One answer of a source. `position` is where reading goes on; empty if that was the last page.

    `remark` tells admins of something that was left out.
    """

    items: tuple[StreamItem, ...]
    position: str = ""
    remark: TranslatableText | None = None


def fingerprint(title: str, authors: tuple[str, ...] | list[str]) -> str:
    """Hash of a title and the first author's surname, whatever their case and punctuation.

    Empty for a short title, such as "Editorial", which several works have.
    """
    words = re.findall(r"\w+", title.casefold())
    if len(words) < MIN_FINGERPRINT_WORDS:
        return ""
    surname = re.findall(r"\w+", authors[0].casefold())[-1:] if authors else []
    return sha256(" ".join((*words, "/", *surname)).encode()).hexdigest()[:24]
