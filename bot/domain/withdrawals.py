"""Withdrawal of a paper as its source describes it: who withdrew it, when, and why."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.domain.models import Paper
from bot.domain.paper_record import PaperRecord, fold_whitespace
from bot.locale.current import _, formatted, mark_text

ADMINISTRATORS = mark_text("by arXiv’s administrators")
AUTHORS = mark_text("by its authors")
SUBMITTER = mark_text("by its submitter")
PUBLISHER = mark_text("by its publisher")
"""Parties that can withdraw a paper, as part of a sentence."""

WITHDRAWN, RETRACTED = mark_text("withdrawn"), mark_text("retracted")

MAX_NOTE_LENGTH = 240
"""Characters of the source's note that are shown."""

TITLE_MARK = re.compile(
    r"[\[(]?(?:retracted(?: (?:article|paper|chapter))?|retraction(?: notice)?|withdrawn|removed)[\])]?"
    r"(?:\s?[:–—-]|(?<=[\])]))",
    re.IGNORECASE,
)
"""Beginning of a title by which publishers mark a retracted paper, or its notice."""

_ADMINISTRATORS = re.compile(r"\bby (?:the )?arxiv(?:['’]s)?\b|\bby (?:the |an )?admin", re.IGNORECASE)
_AUTHORS = re.compile(
    r"\bby (?:the |its |all |both )?\(?(?:first |corresponding )?authors?\b|\bauthors?['’]? request\b"
    r"|\b(?:authors?|we|i) (?:(?:would like|decided|wish(?:es)?|wants?|ha(?:s|ve|d)|is|am|are|now|hereby|to) ){0,4}"
    r"(?:withdr[ae]w|retract)",
    re.IGNORECASE,
)
_SUBMITTER = re.compile(r"\bby (?:the |its )?submitters?\b", re.IGNORECASE)
_NOTE_OF_ARXIV = re.compile(r"\badmin(?:istrative)? note\b", re.IGNORECASE)
_ABOUT_IT = re.compile(r"withdr|retract|removed by", re.IGNORECASE)
_SENTENCE_END = re.compile(r"(?<=[.!?]) ")


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """Withdrawal of a paper: `by` ("" if the source does not say), date (UTC), source, and the source's note."""

    by: str
    at: datetime | None
    source: str
    note: str = ""
    verb: str = WITHDRAWN

    @property
    def phrase(self) -> str:
        """Part of a sentence: "retracted by its publisher", "withdrawn by arXiv’s administrators on 5 Dec 2025"."""
        day = _(" on {at}", at=formatted(self.at, "%-d %b %Y")) if self.at else ""
        by = self.by or _("from {source}", source=self.source)
        return f"{_(self.verb)} {by}{day}"

    @property
    def sentence(self) -> str:
        """Sentence: "Withdrawn by its authors on 5 Dec 2025."."""
        return f"{self.phrase[:1].upper()}{self.phrase[1:]}."

    @property
    def line(self) -> str:
        """The sentence, with the source's note if there is one."""
        return (
            _("{sentence} {source} says: “{note}”", sentence=self.sentence, source=self.source, note=self.note)
            if self.note
            else self.sentence
        )

    def is_stated_in(self, text: str) -> bool:
        """True if a text says that the paper was withdrawn, in English or in the language in use."""
        return any(mark in text for mark in (f" was {self.verb} ", _(" was {verb} ", verb=_(self.verb))))


def paper_withdrawal(paper: Paper) -> Withdrawal | None:
    """Withdrawal stored in a paper's row; None if the paper is not withdrawn."""
    return _read(paper.key, paper.comment, paper.abstract, paper.updated_at) if paper.withdrawn else None


def paper_notice(paper: Paper) -> str:
    """A registry's notices about a paper that is not withdrawn, such as corrections and expressions of concern, on one
    line: "Correction of 2021-03-02, https://doi.org/10.1000/182"; "" if there are none.
    """
    if paper.withdrawn or paper.pending or not paper.key.startswith("doi:"):
        return ""
    return fold_whitespace(paper.comment)[:MAX_NOTE_LENGTH]


def record_withdrawal(record: PaperRecord) -> Withdrawal | None:
    """Withdrawal in a source's record; None if the paper is not withdrawn."""
    return _read(record.key, record.comment, record.abstract, record.updated) if record.withdrawn else None


def _read(key: str, comment: str, abstract: str, at: datetime | None) -> Withdrawal:
    if not key.startswith("arxiv:"):
        note = fold_whitespace(comment)
        verb = RETRACTED if "retract" in note.casefold() else WITHDRAWN
        return Withdrawal(_(PUBLISHER), _notice_day(note), "Crossref", note[:MAX_NOTE_LENGTH], verb)
    note = next((text for text in (fold_whitespace(comment), fold_whitespace(abstract)) if _ABOUT_IT.search(text)), "")
    return Withdrawal(_by(note), at, "arXiv", _shortened(note))


def notice_text(label: str, at: datetime | None, doi: str, source: str = "") -> str:
    """A registry's notice about a paper in one line: "Retraction of 2020-01-02, https://doi.org/10.1000/182"."""
    day = _(" of {at}", at=formatted(at, "%Y-%m-%d")) if at else ""
    by = _(" (Retraction Watch)") if source == "retraction-watch" else ""
    return f"{label}{day}{by}{f', https://doi.org/{doi}' if doi else ''}"


def _notice_day(note: str) -> datetime | None:
    """Day of a registry's notice, UTC; None if it has none."""
    found = re.search(r" of ([0-9]{4}-[0-9]{2}-[0-9]{2})\b", note)
    try:
        return datetime.fromisoformat(found[1]).replace(tzinfo=UTC) if found else None
    except ValueError:
        return None


def _by(note: str) -> str:
    known = ((_ADMINISTRATORS, _(ADMINISTRATORS)), (_AUTHORS, _(AUTHORS)), (_SUBMITTER, _(SUBMITTER)))
    found = next((party for pattern, party in known if pattern.search(note)), "")
    return found or (_(ADMINISTRATORS) if _NOTE_OF_ARXIV.search(note) else "")


def _shortened(note: str) -> str:
    """Sentences of a note from the first one about the withdrawal, cut to `MAX_NOTE_LENGTH`."""
    sentences = _SENTENCE_END.split(note)
    first = next((place for place, sentence in enumerate(sentences) if _ABOUT_IT.search(sentence)), 0)
    text = " ".join(sentences[first:])
    return text if len(text) <= MAX_NOTE_LENGTH else f"{text[: MAX_NOTE_LENGTH - 1].rstrip()}…"
