"""Sentences with emphasis and links in them, in the language in use."""

from __future__ import annotations

from string import Formatter

from bot.chat.rich_text import Span, Words
from bot.locale.current import _

_FORMATTER = Formatter()


def phrase(message: str, /, **values: Span) -> Words:
    """Words of a message whose places in braces are filled with spans; text beside text is joined.

    The order of the places is the translation's. A value is never read as a format.
    """
    spans: list[Span] = []
    for before, name, *_format in _FORMATTER.parse(_(message)):
        for span in (before, values[name] if name is not None else ""):
            if isinstance(span, str) and spans and isinstance(last := spans[-1], str):
                spans[-1] = last + span
            elif span != "":
                spans.append(span)
    return tuple(spans)
