"""Acronyms are spelled out where they are first used, in the words in which their source defines them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.chat.text import one_line
from bot.editions.verification import acronyms
from bot.editions.verification.names import vocabulary


def long_forms(text: str) -> dict[str, str]:
    """Long forms of the acronyms that a text defines, verbatim, by the acronym as written."""
    found: dict[str, str] = {}
    for definition in acronyms.definitions_in(text):
        if words := acronyms.long_form(definition.short, definition.words):
            start, end = definition.spans[-len(words)][0], definition.spans[-1][1]
            found.setdefault(definition.short, one_line(text[start:end]))
    return found


def within_sentence(words: str) -> str:
    """A long form as it is written in mid-sentence: without the capital that it has at the start of one.

    "Large language models" becomes "large language models"; "Large Language Models", "Markov decision processes" and
    "fMRI" stay, because all words have a capital, or the word is always written so.
    """
    pieces = words.split()
    if all(piece[:1].isupper() for piece in pieces):
        return words
    common = vocabulary()
    return " ".join(piece.lower() if piece.istitle() and piece.lower() in common else piece for piece in pieces)


def with_expansions(lines: Sequence[str], source: str) -> tuple[str, ...]:
    """The lines, read one after the other, with each acronym spelled out at its first use if the source defines it."""
    defined = long_forms(source)
    shown: list[str] = []
    for line in lines:
        text = line
        for short, words in defined.items():
            before = " ".join((*shown, text)).lower()
            if words.lower() in before:
                continue
            use = re.compile(rf"(?<![\w(-]){re.escape(short)}(?![\w-])")
            if place := use.search(text):
                text = f"{text[: place.start()]}{within_sentence(words)} ({short}){text[place.end() :]}"
        shown.append(text[:1].upper() + text[1:] if text != line else text)
    return tuple(shown)
