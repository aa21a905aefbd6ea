"""Rich text as values: words with emphasis and links, escaped by each platform when rendered.

A plain `str` is always data: text from a person, arXiv or a model goes into a card unchanged, and no character of it
can become a mention, a link or a format. Emphasis is a value of its own, not a mark in the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

LOOKS_LIKE_ADDRESS = re.compile(r"\s*(?:https?://)?((?:[\w-]+\.)+[^\W\d_]{2,})(?::\d+)?(?:[/?#]\S*)?\s*", re.IGNORECASE)
"""A label that a reader would take for the link's target."""


@dataclass(frozen=True, slots=True)
class Bold:
    """Emphasized text."""

    text: str
    kind: Literal["bold"] = "bold"


@dataclass(frozen=True, slots=True)
class Italic:
    """Text in italics: a title, an aside."""

    text: str
    kind: Literal["italic"] = "italic"


@dataclass(frozen=True, slots=True)
class InlineCode:
    """Text to type. Several lines are a block that is copied unchanged."""

    text: str
    kind: Literal["code"] = "code"


@dataclass(frozen=True, slots=True)
class Link:
    """A link with a label. The URL must be http or https; else only the label is shown."""

    label: str
    url: str
    kind: Literal["link"] = "link"

    @property
    def is_safe(self) -> bool:
        """True if the URL may be shown as a link."""
        bad = any(c.isspace() or c in '<>|"`\\' or ord(c) < 32 for c in self.url)
        return self.url.startswith(("https://", "http://")) and not bad

    @property
    def safe_label(self) -> str:
        """The label, preceded by the actual host if it looks like the address of another host.

        Labels are data (a paper's title may be a URL), so without this anybody could disguise a link's target. The host
        comes first, so that truncation cannot remove it.
        """
        claimed = LOOKS_LIKE_ADDRESS.fullmatch(self.label)
        if claimed is None or (host := self._host()) == claimed[1].lower():
            return self.label
        return f"({host}) {self.label}"

    def _host(self) -> str:
        try:
            return (urlsplit(self.url).hostname or self.url).lower()
        except ValueError:
            return self.url


Span = str | Bold | Italic | InlineCode | Link
Words = tuple[Span, ...]


def parse_backticks(sentence: str) -> Words:
    """Words of a sentence of this program: text between backticks is code, the rest is text."""
    pieces = sentence.split("`")
    if len(pieces) % 2 == 0:
        return (sentence,)
    return tuple(InlineCode(piece) if i % 2 else piece for i, piece in enumerate(pieces) if piece)


def plain(words: Words) -> str:
    """The words without emphasis and link targets."""
    return "".join(
        span if isinstance(span, str) else span.label if isinstance(span, Link) else span.text for span in words
    )
