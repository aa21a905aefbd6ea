"""Texts that are made in one place and read in another, perhaps in another language, and after they were stored."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from bot.locale.current import _, formatted

MOST_LEVELS = 4
"""Texts within each other that are read back: a reason within a sentence needs two."""


class TranslatableText:
    """A message and its values: `str()` words it in the language in use then. Whole numbers are written out there too.

    A value may be such a text itself. Values are not translated otherwise.
    """

    def __init__(self, message: str, /, **values: str | int | TranslatableText) -> None:
        self.message = message
        self.values = values

    def __str__(self) -> str:
        return _(self.message, **{name: _worded(value) for name, value in self.values.items()})

    def __repr__(self) -> str:
        return f"TranslatableText({self.message!r}, {self.values!r})"


def stored_text(text: object) -> str:
    """A text as it is stored: JSON for one that can be translated, else as it is."""
    return json.dumps(_as_object(text), ensure_ascii=False) if isinstance(text, TranslatableText) else str(text)


def read_text(stored: str) -> str:
    """A stored text in the language in use; one that was stored as a plain sentence, as it is."""
    if not stored.startswith("{"):
        return stored
    try:
        return str(_from_object(json.loads(stored), MOST_LEVELS))
    except (AttributeError, KeyError, RecursionError, TypeError, ValueError):
        return stored


def _worded(value: str | int | TranslatableText) -> str:
    return formatted(value, ",") if isinstance(value, int) else str(value)


def _as_object(text: TranslatableText) -> dict[str, Any]:
    return {
        "message": text.message,
        "values": {
            name: _as_object(value) if isinstance(value, TranslatableText) else value
            for name, value in text.values.items()
        },
    }


def _from_object(read: Mapping[str, Any], levels: int) -> TranslatableText:
    """The text of such an object. Raises KeyError, TypeError or ValueError for anything else."""
    if not levels:
        raise ValueError("too many texts within each other")
    message, values = read["message"], read["values"]
    if not isinstance(message, str):
        raise TypeError("a message is a text")
    return TranslatableText(
        message,
        **{
            name: _from_object(value, levels - 1) if isinstance(value, dict) else value
            for name, value in values.items()
        },
    )
