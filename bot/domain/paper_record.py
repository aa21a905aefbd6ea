"""What the world says about a paper: one answer of arXiv or Crossref, before it becomes a row of the club."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote


@dataclass(frozen=True, slots=True)
class PaperRecord:
    """The metadata of one paper as its source gives it; LaTeX is left as the authors wrote it.

    `key` says which work this is, whatever its version: `arxiv:1706.03762` or `doi:10.1038/nature14539`.
    `published` is the day of the first version, `updated` that of this one; both are UTC. Text that the source
    does not give is "", a date it does not give is None.
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

    def __post_init__(self) -> None:
        if not self.key.startswith(("arxiv:", "doi:")):
            raise ValueError(f"{self.key!r} names neither an arXiv paper nor a DOI")
        for moment in (self.published, self.updated):
            if moment is not None and moment.utcoffset() != timedelta(0):
                raise ValueError(f"{self.key}: {moment.isoformat()} is not UTC")

    @property
    def arxiv_id(self) -> str:
        """The arXiv id without its version, or "" for a paper that is known by its DOI only."""
        return self.key.removeprefix("arxiv:") if self.key.startswith("arxiv:") else ""

    @property
    def url(self) -> str:
        """The page to send a reader to: arXiv's abstract page (always the newest version), else the DOI."""
        if self.arxiv_id:
            return f"https://arxiv.org/abs/{self.arxiv_id}"
        return f"https://doi.org/{quote(self.key.removeprefix('doi:'), safe='/')}"


def fold_whitespace(text: str) -> str:
    """One line of text: every run of white space becomes one blank, none is left at the ends."""
    return " ".join(text.split())
