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
_IS = (
    r"(?:ha(?:s|ve) (?:now )?been|had to be|has to be|must be|is(?: being| now| hereby)?|was|are|will be|to be"
    r"|should be(?: considered)?)"
)
_HOW = r"(?:(?:now|hereby|temporarily|voluntarily|permanently|being|formally|officially) )?"
_ADJECTIVE = r"(?:(?!earlier|former|older|other|previous|prior|recent|first|preliminary)\w+ )?"
_GONE = r"(?:withdrawn|retracted)"
_BY = (
    r"(?:by (?:the |its |all |both |our )?(?:\(?first |corresponding |sub)?(?:author|mitter|arxiv|editor|owner)s?"
    r"|at the (?:author|request)|due to|because|effective|from (?:the )?arxiv)"
)
_REMOVED = r"removed (?:from arxiv )?by (?:the )?arxiv"
_OPENING = (
    r"(?:(?:arxiv )?admin(?:istrative)? note:? ?|(?:please )?note:? (?:that )?|please disregard[:,.]? ?|comments?: ?"
    r"|unfortunately,? |we regret that |erratum:? )?\W{0,3}"
)

# "This paper has been withdrawn", "Our submission is retracted", "arXiv admin note: This version has been …"
_THIS_IS = re.compile(
    rf"\b(?:this|the present|our|my) {_ADJECTIVE}{_WORK}(?: of (?:this|the) {_WORK})? (?:{_IS} )?{_HOW}"
    rf"(?:{_GONE}\b|{_REMOVED})",
    re.IGNORECASE,
)
# "Withdrawn.", "withdrawn by the author", "The paper had to be withdrawn": at the start only
_AT_THE_START = re.compile(
    rf"{_OPENING}(?:(?:the |an? )?{_WORK} (?:{_IS} )?)?{_HOW}"
    rf"(?:{_GONE}(?:\W*$|[.,;:!)\]]| (?:{_BY}|for|since|as|pending)\b)|{_REMOVED})",
    re.IGNORECASE,
)
# "The author has withdrawn this paper", "We are withdrawing our submission", "The authors have decided to withdraw …"
_WITHDRAWS = (
    r"(?:(?:would like|ha(?:s|ve) decided|wish(?:es)?|decided|want(?:s)?|had|ha(?:s|ve)) to (?:withdraw|retract)"
    rf"|(?:hereby )?(?:withdraws?|retracts?)|ha(?:s|ve) {_HOW}{_GONE}|(?:is|am|are) {_HOW}(?:withdrawing|retracting))"
)
_WE_WITHDRAW = re.compile(
    rf"\b(?:authors?|we|i|submitters?) {_WITHDRAWS} (?:this|our|my) {_ADJECTIVE}{_WORK}\b(?!['’])", re.IGNORECASE
)
# With "the", it may be the paper of somebody else: at the start only
_WE_WITHDRAW_THE = re.compile(
    rf"{_OPENING}(?:the )?(?:authors?|we|i|submitters?) {_WITHDRAWS} the {_WORK}\b(?!['’])", re.IGNORECASE
)
# "12 pages, withdrawn by the authors", but not "submitted to ICLR 2025, withdrawn", which is about the conference
_LATER_IN_COMMENT = re.compile(
    rf"[.;,:] (?:now )?{_GONE} by (?:the |its )?(?:authors?|submitters?|arxiv)\b", re.IGNORECASE
)
_IN_TITLE = re.compile(rf"[(\[]\s?(?:this paper (?:has been|is) )?{_GONE}\s?[)\]]", re.IGNORECASE)
_HINT = re.compile(r"withdr|retract|removed", re.IGNORECASE)
_FORMS = (_THIS_IS, _WE_WITHDRAW)


def is_withdrawn(*, title: str, comment: str, abstract: str) -> bool:
    """Return True if this version of the paper is marked as withdrawn by its authors or by arXiv."""
    if _IN_TITLE.search(title) or _LATER_IN_COMMENT.search(fold_whitespace(comment)):
        return True
    notes = (fold_whitespace(note) for note in (comment, abstract) if _HINT.search(note))
    return any(
        _AT_THE_START.match(note) or _WE_WITHDRAW_THE.match(note) or any(form.search(note) for form in _FORMS)
        for note in notes
    )
