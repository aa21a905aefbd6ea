"""Withdrawal of a paper as its source describes it: who withdrew it, when, and why."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from bot.domain.models import Paper
from bot.domain.paper_record import PaperRecord, fold_whitespace

ADMINISTRATORS, AUTHORS, SUBMITTER, PUBLISHER = (
    "by arXiv’s administrators", "by its authors", "by its submitter", "by its publisher",
)  # fmt: skip
"""Parties that can withdraw a paper, as part of a sentence."""

MAX_NOTE_LENGTH = 240
"""Characters of the source's note that are shown."""

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
    """Withdrawal of a paper: `by` ("" if the source does not say), date (UTC), source, and the source's note."""

    by: str
    at: datetime | None
    source: str
    note: str = ""

    @property
    def phrase(self) -> str:
        """Part of a sentence: "withdrawn by arXiv’s administrators on 5 Dec 2025"."""
        day = f" on {self.at:%-d %b %Y}" if self.at else ""
        return f"withdrawn {self.by or f'from {self.source}'}{day}"

    @property
    def sentence(self) -> str:
        """Sentence: "Withdrawn by its authors on 5 Dec 2025."."""
        return f"{self.phrase[:1].upper()}{self.phrase[1:]}."

    @property
    def line(self) -> str:
        """The sentence, with the source's note if there is one."""
        return f"{self.sentence} {self.source} says: “{self.note}”" if self.note else self.sentence


def paper_withdrawal(paper: Paper) -> Withdrawal | None:
    """Withdrawal stored in a paper's row; None if the paper is not withdrawn."""
    return _read(paper.key, paper.comment, paper.abstract, paper.updated_at) if paper.withdrawn else None


def record_withdrawal(record: PaperRecord) -> Withdrawal | None:
    """Withdrawal in a source's record; None if the paper is not withdrawn."""
    return _read(record.key, record.comment, record.abstract, record.updated) if record.withdrawn else None


def _read(key: str, comment: str, abstract: str, at: datetime | None) -> Withdrawal:
    if not key.startswith("arxiv:"):
        return Withdrawal(PUBLISHER, None, "Crossref")  # a record there is dated by its last deposit, not by the notice
    note = next(
        (text for text in (fold_whitespace(comment), fold_whitespace(abstract)) if "withdr" in text.casefold()), ""
    )
    return Withdrawal(_by(note), at, "arXiv", _shortened(note))


def _by(note: str) -> str:
    known = ((_ADMINISTRATORS, ADMINISTRATORS), (_AUTHORS, AUTHORS), (_SUBMITTER, SUBMITTER))
    found = next((party for pattern, party in known if pattern.search(note)), "")
    return found or (ADMINISTRATORS if _NOTE_OF_ARXIV.search(note) else "")


def _shortened(note: str) -> str:
    """Sentences of a note from the first one about the withdrawal, cut to `MAX_NOTE_LENGTH`."""
    sentences = _SENTENCE_END.split(note)
    first = next((place for place, sentence in enumerate(sentences) if "withdr" in sentence.casefold()), 0)
    text = " ".join(sentences[first:])
    return text if len(text) <= MAX_NOTE_LENGTH else f"{text[: MAX_NOTE_LENGTH - 1].rstrip()}…"
