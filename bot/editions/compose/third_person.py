"""Sentences of authors, told by a club: "We propose" becomes "The authors propose"."""

from __future__ import annotations

import re

_WORD = re.compile(r"(?<![\w’'-])(We|we|Our|our|Ours|ours|us|Us|ourselves)(?![\w’'-])")
_LET_US = re.compile(r"\b[Ll]et\s\Z")
_OTHERS = {"our": "their", "ours": "theirs", "us": "them", "ourselves": "themselves"}


def in_third_person(text: str) -> str:
    """The text with "we", "our" and "us" turned to the authors; "let us" stays, and so does every other word.

    The first "we" is "the authors", later ones are "they". "The authors' " takes the place of a first "our".
    """
    named = False
    pieces: list[str] = []
    at = 0
    for found in _WORD.finditer(text):
        word = found[1]
        if word.lower() == "us" and _LET_US.search(text, max(0, found.start() - 5), found.start()):
            continue
        new = _in_third_person(word.lower(), named=named)
        named = named or word.lower() in ("we", "our")
        pieces += [text[at : found.start()], new[:1].upper() + new[1:] if word[0].isupper() else new]
        at = found.end()
    return "".join((*pieces, text[at:]))


def _in_third_person(word: str, *, named: bool) -> str:
    if word == "we":
        return "they" if named else "the authors"
    if word == "our" and not named:
        return "the authors’"
    return _OTHERS[word]
