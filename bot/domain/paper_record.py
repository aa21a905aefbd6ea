"""Record of a paper: one answer of arXiv or of a registry of DOIs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote

from bot.domain.authors import clean_authors
from bot.domain.publication_date import DatePrecision

_DIRECTION_MARKS = re.compile("[\u061c\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
"""Invisible characters that turn the direction of the text after them, or that divide nothing."""


@dataclass(frozen=True, slots=True)
class PaperRecord:
    """Metadata of one paper as its source gives it, LaTeX included.

    `key` is the same for all versions: `arxiv:1706.03762` or `doi:10.1038/nature14539`. `published` is the date of the
    first version, as precise as `published_precision` says, `updated` that of this one, both UTC. A missing text is "",
    a missing date None. Noise in the list of authors is left out, and so are direction marks in every text. Raises
    ValueError for another key, or a time that is not UTC.
    """

    key: str
    version: int
    title: str
    authors: tuple[str, ...]
    abstract: str
    categories: tuple[str, ...]
    published: datetime | None
    updated: datetime | None
    comment: str = ""
    journal_ref: str = ""
    doi: str = ""
    withdrawn: bool = False
    same_work: tuple[str, ...] = ()
    """Keys of other records of the same work, as the source gives them: its preprint, its published paper."""
    published_precision: DatePrecision = DatePrecision.DAY

    def __post_init__(self) -> None:
        if not self.key.startswith(("arxiv:", "doi:")):
            raise ValueError(f"{self.key!r} names neither an arXiv paper nor a DOI")
        for name in ("title", "abstract", "comment", "journal_ref"):
            object.__setattr__(self, name, _DIRECTION_MARKS.sub("", getattr(self, name)))
        authors = tuple(_DIRECTION_MARKS.sub("", author) for author in self.authors)
        object.__setattr__(self, "authors", clean_authors(authors))
        for moment in (self.published, self.updated):
            if moment is not None and moment.utcoffset() != timedelta(0):
                raise ValueError(f"{self.key}: {moment.isoformat()} is not UTC")

    @property
    def arxiv_id(self) -> str:
        """arXiv id without version; "" for a paper known by its DOI only."""
        return self.key.removeprefix("arxiv:") if self.key.startswith("arxiv:") else ""

    @property
    def url(self) -> str:
        """Page of the paper: arXiv's abstract page (always the newest version), else the DOI."""
        if self.arxiv_id:
            return f"https://arxiv.org/abs/{self.arxiv_id}"
        return f"https://doi.org/{quote(self.key.removeprefix('doi:'), safe='/')}"


def fold_whitespace(text: str) -> str:
    """The text on one line, with each run of white space replaced by one space."""
    return " ".join(text.split())
