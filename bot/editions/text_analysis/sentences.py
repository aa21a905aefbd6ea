"""Sentence splitter for scientific text.

A full stop ends a sentence if white space and a sentence start (a capital, a digit, an opening bracket) follow it,
unless the word before it is an abbreviation: "et al.", "Fig. 3", "J. Smith", "i.e.".
"""

from __future__ import annotations

import re
from dataclasses import dataclass


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_ABBREVIATIONS = _words(
    """i.e e.g fig figs eq eqs eqn sec sect secs tab ch chap app appx ref refs def thm prop cor lem alg vs cf resp
    approx ca viz incl no nos vol pp dr mr mrs ms prof st jr sr w.r.t a.k.a i.i.d s.t dept univ est max min avg std"""
)
"""Abbreviations whose full stop never ends a sentence."""

_MAY_END_SENTENCE = _words("al etc u.s u.k u.s.a e.u inc corp ltd co ph.d d.c a.i")
"""Abbreviations whose full stop ends a sentence only if the next word is a typical first word."""

_SENTENCE_STARTERS = _words(
    """a an the this that these those we our it its in on to for from with by as at however moreover furthermore
    finally here such while when although despite more most recent recently existing current they their there both
    each many experiments experimental extensive results empirical empirically code unlike given using through based
    additionally specifically notably thus therefore first second third motivated inspired what how why is"""
)

_BOUNDARY = re.compile(
    r"""
      (?<![.!?…])(?P<stop>[.!?…]+)(?P<close>["'”’»)\]]*)  # the stop, and what closes with it
      (?:
        (?P<space>\s+)(?=(?:[•●▪◦‣∙]\s{0,3})?["'“‘«(\[]*[^\W_])  # white space, then a letter or digit (perhaps opened)
      | (?=(?:We|The|This|In|Our|To|These|It|However|Code|Extensive|Experiments|Experimental|Moreover
          |Furthermore)\s)  # or a stop with the space forgotten
      )
    """,
    re.VERBOSE,
)
_LAST_WORD = re.compile(r"[^\s([{“\"‘']+\Z")
_NEXT_WORD = re.compile(r"[^\W_]+")
_LIST_MARK = re.compile(r"\((?:[ivx]{1,4}|[a-h])\)\s")
_WIDE_STOP = re.compile(r"[。！？]+[」』”’）)]*")
"""The end of a sentence in Chinese and Japanese, where no space follows."""
_PARAGRAPH = re.compile(r"\n\s*\n")
_LIST_ITEM = re.compile(r"\n[^\S\n]*(?=[•●▪◦‣∙]\s)")
"""The end of a line before the next item of a list."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with its start and end offsets in the text, in code points."""

    text: str
    start: int
    end: int


def sentences(text: str) -> list[Sentence]:
    """Split the text into sentences. White space between them is dropped; no other character is lost."""
    cuts = {match.end() for match in _BOUNDARY.finditer(text) if _ends_here(text, match)}
    cuts |= {match.end() for pattern in (_PARAGRAPH, _LIST_ITEM, _WIDE_STOP) for match in pattern.finditer(text)}
    found = []
    start = 0
    for end in [*sorted(cuts), len(text)]:
        piece = text[start:end]
        if stripped := piece.strip():
            at = start + len(piece) - len(piece.lstrip())
            found.append(Sentence(stripped, at, at + len(stripped)))
        start = end
    return found


def _ends_here(text: str, match: re.Match[str]) -> bool:
    """Return True if the punctuation at the match ends a sentence."""
    following = _NEXT_WORD.search(text, match.end())
    after = following.group() if following else ""
    if match["space"] is None:
        before = text[max(0, match.start() - 2) : match.start()]
        return match["stop"] == "." and bool(re.fullmatch(r"[a-z)]{2}|[A-Za-z][)\]]|\d[%)]|[A-Z]{2}", before))
    if after.islower() and not _LIST_MARK.match(text, match.end()):
        return False
    if match["stop"] != ".":
        return True
    return match["close"] != "" or not _is_abbreviation(text, match.start(), after)


def _is_abbreviation(text: str, stop: int, after: str) -> bool:
    """Return True if the full stop at `stop` belongs to the word before it: an abbreviation, an initial, or a list
    number."""
    last = _LAST_WORD.search(text, max(0, stop - 40), stop)
    if last is None:
        return False
    word = last.group().lower()
    if word in _ABBREVIATIONS:
        return True
    if word in _MAY_END_SENTENCE:
        return after.lower() not in _SENTENCE_STARTERS
    if len(word) == 1 and word.isalpha():
        # "J. Smith" and "A. Einstein", but "of type A. The next" and "in class C. We"
        return last.group().isupper() and after.lower() not in _SENTENCE_STARTERS
    if len(word) <= 2 and word.isdigit():
        before = text[: last.start()].rstrip()
        return not before or before[-1] in ":;."
    return False
