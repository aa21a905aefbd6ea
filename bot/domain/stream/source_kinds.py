"""Kinds of sources of new papers, and how their addresses are named to people."""

from __future__ import annotations

from enum import StrEnum

from bot.locale.current import _, mark_text

EXAMPLES = mark_text(
    "an arXiv category (`cs.CL`), `biorxiv:neuroscience`, `medrxiv:oncology`, a journal’s ISSN "
    "(`0028-0836`), a feed’s address (https://…), `openreview:ICLR.cc/2026/Conference` or "
    "`huggingface`"
)
"""Examples of addresses that may be typed, as the end of a sentence."""


class StreamSourceKind(StrEnum):
    """Kind of a source, which determines its reader."""

    ARXIV = "arxiv"
    BIORXIV = "biorxiv"
    MEDRXIV = "medrxiv"
    JOURNAL = "journal"
    """Journal, by its ISSN at Crossref."""
    FEED = "feed"
    """RSS, Atom or JSON Feed."""
    OPENREVIEW = "openreview"
    HUGGINGFACE = "huggingface"

    @property
    def label(self) -> str:
        """Name of the kind in sentences."""
        return _(_LABELS[self])

    def typed(self, address: str) -> str:
        """An address as admins type it: `cs.CL`, `biorxiv:neuroscience`."""
        match self:
            case StreamSourceKind.ARXIV | StreamSourceKind.JOURNAL | StreamSourceKind.FEED:
                return address
            case StreamSourceKind.HUGGINGFACE:
                return "huggingface"
            case _:
                return f"{self.value}:{address}"


_LABELS = {
    StreamSourceKind.ARXIV: "arXiv",
    StreamSourceKind.BIORXIV: "bioRxiv",
    StreamSourceKind.MEDRXIV: "medRxiv",
    StreamSourceKind.JOURNAL: mark_text("journal"),
    StreamSourceKind.FEED: mark_text("feed"),
    StreamSourceKind.OPENREVIEW: "OpenReview",
    StreamSourceKind.HUGGINGFACE: mark_text("Hugging Face"),
}
