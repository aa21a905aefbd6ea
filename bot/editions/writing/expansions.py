"""Acronyms are spelled out where they are first used, in the words in which their source defines them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.chat.text import one_line
from bot.editions.verification import acronyms
from bot.editions.verification.names import vocabulary

_HYPHENS = re.compile(r"[-‐‑]")
_MAX_COMPOUND = 60
_COMPOUND = re.compile(r"(?:(?<=\s)|\A)(?:[^\W_]+[-‐‑])+\Z")
"""The beginning of a compound whose last part is the first word of a long form: the "Test-" of "Test-time prompt"."""


def long_forms(text: str) -> dict[str, str]:
    """Long forms of the acronyms that a text defines, verbatim, by the acronym as written."""
    found: dict[str, str] = {}
    for definition in acronyms.definitions_in(text):
        if words := acronyms.long_form(definition.short, definition.words):
            start, end = definition.spans[-len(words)][0], definition.spans[-1][1]
            if compound := _COMPOUND.search(text, max(0, start - _MAX_COMPOUND), start):
                start = compound.start()
            found.setdefault(definition.short, one_line(text[start:end]))
    return found


def _numbers(short: str, words: str) -> Iterator[tuple[str, str]]:
    """An acronym and its long form in the number that they are defined in, and in the other one if that is plain."""
    yield short, words
    if len(short) > 2 and short.endswith("s") and short[-2].isupper():
        if words.endswith("s") and not words.endswith(("ss", "ies")):
            yield short[:-1], words[:-1]
    elif short[-1].isupper() and words[-1].isalpha() and not words.endswith(("s", "y", "x", "ch", "sh", "ing")):
        yield f"{short}s", f"{words}s"


def within_sentence(words: str) -> str:
    """A long form as it is written in mid-sentence: without the capital that it has at the start of one.

    "Large language models" becomes "large language models"; "Large Language Models", "Markov decision processes" and
    "fMRI" stay, because all words have a capital, or the word is always written so.
    """
    pieces = words.split()
    if all(piece[:1].isupper() for piece in pieces):
        return words
    common = vocabulary()
    return " ".join(
        piece.lower() if _is_capitalized(piece) and _is_common(piece, common) else piece for piece in pieces
    )


def _is_capitalized(piece: str) -> bool:
    return piece[:1].isupper() and (piece.istitle() or piece[1:].islower())


def _is_common(piece: str, common: frozenset[str]) -> bool:
    """True if a word, or each part of a compound, is usually written in lower case."""
    return all(part in common for part in _HYPHENS.split(piece.lower()))


def with_expansions(lines: Sequence[str], source: str) -> tuple[str, ...]:
    """The lines, read one after the other, with each acronym spelled out at its first use if the source defines it."""
    defined = long_forms(source)
    shown: list[str] = []
    for line in lines:
        text = line
        for short, words in (form for definition in defined.items() for form in _numbers(*definition)):
            before = " ".join((*shown, text)).lower()
            if words.lower().removesuffix("s") in before:
                continue
            use = re.compile(rf"(?<![\w(-]){re.escape(short)}(?![\w-])")
            if place := use.search(text):
                text = f"{text[: place.start()]}{within_sentence(words)} ({short}){text[place.end() :]}"
        shown.append(text[:1].upper() + text[1:] if text != line else text)
    return tuple(shown)
