"""Withdrawals of papers. arXiv has no flag for it: authors and administrators write it into comment or abstract.

The forms below are those of arXiv's own records. "Withdrawn" used otherwise ("funds are withdrawn", "papers
withdrawn from arXiv", "withdrawal symptoms", "supersedes the withdrawn arXiv:1234.56789") is not one of them.
"""

from __future__ import annotations

import re

from bot.domain.paper_record import fold_whitespace

_WORK = (
    r"(?:paper|article|pre-?print|e-?print|submission|manuscript|version|work|note|report|draft|thesis"
    r"|contribution|document|letter|chapter|study|survey|review)"
)
_IS = r"(?:ha(?:s|ve) (?:now )?been|is(?: being| now)?|was|are|will be|to be)"
_HOW = r"(?:now |hereby |temporarily |voluntarily |permanently |being )?"
_BY = (
    r"(?:by (?:the |its )?(?:\(?first |corresponding |sub)?(?:author|mitter|arxiv|editor|owner)s?"
    r"|at the (?:author|request)|due to|because|effective|from (?:the )?arxiv)"
)

# "This paper has been withdrawn", "Our submission is withdrawn", "arXiv admin note: This version has been …"
_THIS_IS = re.compile(
    rf"\b(?:this|the present|our) (?:\w+ )?{_WORK}(?: of (?:this|the) {_WORK})? (?:{_IS} )?{_HOW}withdrawn\b",
    re.IGNORECASE,
)
# "Withdrawn.", "withdrawn by the author", "Paper withdrawn due to …", "The paper has been withdrawn": at the start only
_AT_THE_START = re.compile(
    rf"(?:(?:arxiv )?admin(?:istrative)? note:? ?)?\W{{0,3}}(?:(?:the |an? )?{_WORK} (?:{_IS} )?{_HOW})?"
    rf"withdrawn(?:\W*$|[.,;:!)\]]| (?:{_BY}|for|since|as|pending)\b)",
    re.IGNORECASE,
)
# "The authors would like to withdraw this paper", "The authors have decided to withdraw this submission"
_WE_WITHDRAW = re.compile(
    rf"\b(?:the )?(?:authors?|we|i) (?:would like to|have decided to|has decided to|wish(?:es)? to|hereby|decided to) "
    rf"withdraw (?:this|the|our) {_WORK}\b",
    re.IGNORECASE,
)
# "12 pages, withdrawn by the authors", but not "submitted to ICLR 2025, withdrawn", which is about the conference
_LATER_IN_COMMENT = re.compile(
    r"[.;,:] (?:now )?withdrawn by (?:the |its )?(?:authors?|submitters?|arxiv)\b", re.IGNORECASE
)
_IN_TITLE = re.compile(r"[(\[]\s?(?:this paper (?:has been|is) )?withdrawn\s?[)\]]", re.IGNORECASE)


def is_withdrawn(*, title: str, comment: str, abstract: str) -> bool:
    """Return True if this version of the paper is marked as withdrawn by its authors or by arXiv."""
    if _IN_TITLE.search(title) or _LATER_IN_COMMENT.search(fold_whitespace(comment)):
        return True
    notes = (fold_whitespace(note) for note in (comment, abstract) if "withdr" in note.casefold())
    return any(_AT_THE_START.match(note) or _THIS_IS.search(note) or _WE_WITHDRAW.search(note) for note in notes)
