"""Venue that accepted a preprint, as its authors say in arXiv's comment: "Accepted at ICLR 2024 (oral)"."""

from __future__ import annotations

import re

MAX_LENGTH = 100
"""Characters of a phrase."""

_DEED = re.compile(
    r"\b(?:accepted|to appear|appearing|appears|to be (?:published|presented)|published|presented|forthcoming|"
    r"camera[- ]ready)\b",
    re.IGNORECASE,
)
_DENIED = re.compile(r"\b(?:not(?: yet)?|never|un)[ -]?$|\b(?:if|when|until|conditionally)\s*$", re.IGNORECASE)
_END = re.compile(
    r"[;\n]|\.(?=\s|$)|,?\s*\(?https?:|,\s*(?=\d+\s?(?:\+\s?\d+\s?)?(?:pages?|pp|figures?|tables?)\b)"
    r"|,\s*(?=(?:code|data|project|website|supplement\w*|appendix|camera|arxiv|includes?|with|see|and|but|under)\b)",
    re.IGNORECASE,
)
_PLACE = re.compile(r"\b(?:at|to|by|for|in|as|version)\b|\b(?:19|20)[0-9]{2}\b|['’][0-9]{2}\b", re.IGNORECASE)
_VENUES = (
    r"AAAI|ACL|AISTATS|CHI|CIKM|COLING|COLM|COLT|CoNLL|CoRL|CVPR|EACL|ECAI|ECCV|ECIR|EMNLP|ICASSP|ICCV|ICDM|ICLR|ICML|"
    r"ICRA|IJCAI|Interspeech|IROS|JMLR|KDD|LREC|MICCAI|MLSys|NAACL|NeurIPS|NIPS|OOPSLA|PLDI|POPL|RecSys|RSS|SIGGRAPH|"
    r"SIGIR|SODA|STOC|FOCS|TACL|TMLR|UAI|UIST|USENIX Security|VLDB|WACV|WSDM|WWW"
)
_VENUE = re.compile(
    rf"\b(?:{_VENUES})(?:['’ -]{{0,2}}(?:20)?[0-9]{{2}}\b)?(?:\s(?:Findings|Workshop[\w ]{{0,40}}))?"
    r"(?:\s?\((?:oral|spotlight|poster|highlight|best [\w ]{3,30}|outstanding [\w ]{3,30}|findings)[\w ]{0,30}\))?"
    r"(?:\s(?:oral|spotlight|poster|highlight|camera[- ]ready))?"
)
_SUBMITTED = re.compile(
    r"\b(?:submitted|under review|in submission|rejected|preprint of|extended version)\b", re.IGNORECASE
)
_YEAR = re.compile(r"[0-9]{2}\b")


def acceptance(comment: str) -> str:
    """Phrase of an arXiv comment that says where the paper was accepted or published; "" if it says none."""
    comment = " ".join(comment.split())[:2000]
    denied = False
    for deed in _DEED.finditer(comment):
        if _DENIED.search(comment[: deed.start()]):
            denied = True
            continue
        end = _END.search(comment, deed.end())
        phrase = comment[deed.start() : end.start() if end else len(comment)].strip(" ,.(:-")
        if _PLACE.search(phrase[len(deed[0]) :]) and len(phrase) <= MAX_LENGTH:
            return _balanced(phrase[:1].upper() + phrase[1:])
    for venue in _VENUE.finditer("" if denied else comment):
        if _YEAR.search(venue[0]) and not _SUBMITTED.search(_sentence(comment, venue.start())):
            return _balanced(venue[0].strip())
    return ""


def _sentence(text: str, at: int) -> str:
    """The sentence that a position is in."""
    start = max(text.rfind(". ", 0, at), text.rfind(";", 0, at)) + 1
    ends = [end for end in (text.find(". ", at), text.find(";", at)) if end >= 0]
    return text[start : min(ends, default=len(text))]


def _balanced(phrase: str) -> str:
    """The phrase without a bracket that is never opened or never closed."""
    if phrase.count("(") > phrase.count(")"):
        phrase = phrase[: phrase.rindex("(")].rstrip()
    return phrase.rstrip(")") if phrase.count(")") > phrase.count("(") else phrase
