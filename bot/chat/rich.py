"""Rich text as values: words with emphasis and links, escaped by each platform when it draws them.

A plain `str` is always data: whatever a person, arXiv or a model wrote is put into a card as it is, and no
character of it can become a mention, a link or a format. Emphasis is a value of its own, not a mark in the text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Bold:
    """Words that stand out."""

    text: str
    kind: Literal["bold"] = "bold"


@dataclass(frozen=True, slots=True)
class Italic:
    """Words set apart: a title, an aside."""

    text: str
    kind: Literal["italic"] = "italic"


@dataclass(frozen=True, slots=True)
class Code:
    """What a person would type."""

    text: str
    kind: Literal["code"] = "code"


@dataclass(frozen=True, slots=True)
class Link:
    """A label that leads somewhere. The URL must be http or https; anything else is drawn as its label only."""

    label: str
    url: str
    kind: Literal["link"] = "link"

    @property
    def safe(self) -> bool:
        """Whether the URL may be drawn as a link."""
        bad = any(c.isspace() or c in '<>|"`\\' or ord(c) < 32 for c in self.url)
        return self.url.startswith(("https://", "http://")) and not bad


Span = str | Bold | Italic | Code | Link
Words = tuple[Span, ...]


def plain(words: Words) -> str:
    """The words without emphasis and without where the links lead."""
    return "".join(
        span if isinstance(span, str) else span.label if isinstance(span, Link) else span.text for span in words
    )
