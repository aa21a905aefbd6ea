"""Acronyms are spelled out where they are first used, in the words in which their source defines them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.chat.text import one_line
from bot.editions.verification import acronyms


def long_forms(text: str) -> dict[str, str]:
    """Long forms of the acronyms that a text defines, verbatim, by the acronym as written."""
    found: dict[str, str] = {}
    for definition in acronyms.definitions_in(text):
        if words := acronyms.long_form(definition.short, definition.words):
            start, end = definition.spans[-len(words)][0], definition.spans[-1][1]
            found.setdefault(definition.short, one_line(text[start:end]))
    return found


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
            text = use.sub(lambda _, short=short, words=words: f"{words} ({short})", text, count=1)  # type: ignore[misc]
        shown.append(text[:1].upper() + text[1:] if text != line else text)
    return tuple(shown)
