"""The withdrawal of a paper in its source's own words: who withdrew it, when, and what they said. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from bot.domain.models import Paper
from bot.domain.paper_record import PaperRecord, fold_whitespace

ADMINISTRATORS, AUTHORS, SUBMITTER, PUBLISHER = (
    "by arXiv’s administrators", "by its authors", "by its submitter", "by its publisher",
)  # fmt: skip
"""Who can withdraw a paper, as a sentence goes on with it."""

MAX_NOTE_LENGTH = 240
"""Characters of the source's own note that are shown."""

_ADMINISTRATORS = re.compile(r"\bby (?:the )?arxiv(?:['’]s)?\b|\bby (?:the |an )?admin", re.IGNORECASE)
_AUTHORS = re.compile(
    r"\bby (?:the |its |all |both )?\(?(?:first |corresponding )?authors?\b|\bauthors?['’]? request\b"
    r"|\b(?:authors?|we|i) (?:would like to|ha(?:s|ve) decided to|wish(?:es)? to|hereby|decided to) withdraw\b",
    re.IGNORECASE,
)
_SUBMITTER = re.compile(r"\bby (?:the |its )?submitters?\b", re.IGNORECASE)
_NOTE_OF_ARXIV = re.compile(r"\badmin(?:istrative)? note\b", re.IGNORECASE)
_SENTENCE_END = re.compile(r"(?<=[.!?]) ")


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A paper's withdrawal: `by` whom ("" where the source does not say), its day (UTC), and the source's own note."""

    by: str
    at: datetime | None
    source: str
    note: str = ""

    @property
    def phrase(self) -> str:
        """As a sentence goes on with it: "withdrawn by arXiv’s administrators on 5 Dec 2025"."""
        day = f" on {self.at:%-d %b %Y}" if self.at else ""
        return f"withdrawn {self.by or f'from {self.source}'}{day}"

    @property
    def sentence(self) -> str:
        """As a sentence of its own: "Withdrawn by its authors on 5 Dec 2025."."""
        return f"{self.phrase[:1].upper()}{self.phrase[1:]}."

    @property
    def line(self) -> str:
        """In one line, with the source's own words where it has some."""
        return f"{self.sentence} {self.source} says: “{self.note}”" if self.note else self.sentence


def paper_withdrawal(paper: Paper) -> Withdrawal | None:
    """The withdrawal that a paper's row tells of; None where the paper stands."""
    return _read(paper.key, paper.comment, paper.abstract, paper.updated_at) if paper.withdrawn else None


def record_withdrawal(record: PaperRecord) -> Withdrawal | None:
    """The withdrawal that a source's answer tells of; None where the paper stands."""
    return _read(record.key, record.comment, record.abstract, record.updated) if record.withdrawn else None


def _read(key: str, comment: str, abstract: str, at: datetime | None) -> Withdrawal:
    if not key.startswith("arxiv:"):
        return Withdrawal(PUBLISHER, None, "Crossref")  # a record there is dated by its last deposit, not by the notice
    note = next(
        (said for said in (fold_whitespace(comment), fold_whitespace(abstract)) if "withdr" in said.casefold()), ""
    )
    return Withdrawal(_by(note), at, "arXiv", _shortened(note))


def _by(note: str) -> str:
    known = ((_ADMINISTRATORS, ADMINISTRATORS), (_AUTHORS, AUTHORS), (_SUBMITTER, SUBMITTER))
    found = next((party for pattern, party in known if pattern.search(note)), "")
    return found or (ADMINISTRATORS if _NOTE_OF_ARXIV.search(note) else "")


def _shortened(note: str) -> str:
    """The sentences of a note from the one that tells of the withdrawal on, as many as are shown."""
    sentences = _SENTENCE_END.split(note)
    first = next((place for place, one in enumerate(sentences) if "withdr" in one.casefold()), 0)
    said = " ".join(sentences[first:])
    return said if len(said) <= MAX_NOTE_LENGTH else f"{said[: MAX_NOTE_LENGTH - 1].rstrip()}…"
