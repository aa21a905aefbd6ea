"""Words in quotation marks that a text says to be the paper's: by what stands around them, or by standing alone.

Other words in quotation marks are mentioned, not quoted: a term, an irony, what somebody else said.
"""

from __future__ import annotations

import re

from bot.editions.text_analysis.quotation_marks import SOURCE_PLACE

_SPEAKER = r"""(?:abstract|authors?|paper|article|study|work|report|team|they|he|she|section\s\S+|appendix|introduction|
    conclusions?|autor(?:en|in|innen)?|arbeit|studie|zusammenfassung|auteurs?|résumé|autores|autori)"""
_VERB = r"""(?:writes?|wrote|says?|said|states?|stated|claims?|claimed|concludes?|concluded|notes?|noted|reports?|
    reported|argues?|argued|explains?|admits?|warns?|puts?\sit|reads?|schreib\w*|sag(?:t|en|te|ten)|behaupte\w*|heißt\ses|
    erklär\w*|écri\w+|disent|escriben|scrivono)"""
_BEFORE = re.compile(
    rf"(?:\b{_SPEAKER}\b[^.!?\n“”\"«»]{{0,40}}\b{_VERB}\b[^.!?\n“”\"«»]{{0,20}}"
    rf"|\b{_VERB}\b[^.!?\n“”\"«»]{{0,20}}\b{_SPEAKER}\b[^.!?\n“”\"«»]{{0,12}}"
    rf"|\b(?:according\sto|in\sthe\swords\sof|to\squote|quoting|laut|nach|selon|según|secondo)\b[^.!?\n“”\"«»]{{0,40}}"
    rf"|(?:\A|\n)\W*{_SPEAKER}\s*[:：])[\s:：,–—-]*\Z",
    re.IGNORECASE | re.VERBOSE,
)
_AFTER = re.compile(
    rf"[\s,]*(?:\(\s*{SOURCE_PLACE}[^()\n]{{0,40}}\)|\[\d{{1,3}}\]|(?:—|–|--|―)\s*{SOURCE_PLACE}"
    rf"|\b{_VERB}\b[^.!?\n]{{0,20}}\b{_SPEAKER}\b|\b(?:the\s)?{_SPEAKER}\s{_VERB}\b)",
    re.IGNORECASE | re.VERBOSE,
)
_LEAD = re.compile(r"(?:[-*+•–→>\s]|->|\d{1,3}[.)]\s)*")


def is_attributed(text: str, start: int, end: int) -> bool:
    """True if the quotation from `start` to `end`, its marks included, is said to be the paper's."""
    line_start = text.rfind("\n", 0, start) + 1
    line_end = text.find("\n", end)
    before, after = text[line_start:start], text[end : len(text) if line_end < 0 else line_end]
    if _LEAD.fullmatch(before) and not after.strip(" .*_"):
        return True
    return _AFTER.match(after) is not None or _BEFORE.search(before[-120:]) is not None
