"""Blocks of an item's text: paragraphs, lists, quotes, remarks, figures and others, each a small frozen value."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from bot.chat.rich_text import Link
from bot.domain.figure_names import is_figure_name
from bot.editions.model import prose
from bot.editions.model.prose import Prose

_OWN_MARK = re.compile(r"\(?(?:[a-z]|[ivx]{1,5})[.)] \S")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph."""

    words: Prose
    kind: Literal["paragraph"] = "paragraph"

    @property
    def text(self) -> str:
        """Plain text of the paragraph."""
        return prose.plain(self.words)

    @property
    def links(self) -> tuple[Link, ...]:
        """The links in it."""
        return prose.links(self.words)


@dataclass(frozen=True, slots=True)
class Subheading:
    """A heading within an item: "Proposed solution"."""

    text: str
    kind: Literal["subheading"] = "subheading"

    @property
    def links(self) -> tuple[Link, ...]:
        """None: a subheading has no links."""
        return ()


@dataclass(frozen=True, slots=True)
class Point:
    """One list item, with a nested list if there is one."""

    words: Prose
    below: ListBlock | None = None


@dataclass(frozen=True, slots=True)
class ListBlock:
    """A list, numbered or bulleted; its items may hold nested lists."""

    points: tuple[Point, ...]
    numbered: bool = False
    start: int = 1
    """Number of the first item, if the list is numbered."""
    kind: Literal["list"] = "list"

    @property
    def text(self) -> str:
        """Plain text of all items, nested ones included, separated by spaces."""
        return " ".join(prose.plain(point.words) for _, point, _ in self.rows())

    @property
    def links(self) -> tuple[Link, ...]:
        """The links in it."""
        return tuple(link for _, point, _ in self.rows() for link in prose.links(point.words))

    @property
    def is_lettered(self) -> bool:
        """True if each item begins with a mark of its own, such as "a)" or "(ii)": it needs no bullet."""
        firsts = [point.words[0] if point.words else "" for point in self.points]
        own = [isinstance(first, str) and _OWN_MARK.match(first) for first in firsts]
        return not self.numbered and len(own) > 1 and all(own)

    def rows(self, depth: int = 0) -> Iterator[tuple[int, Point, str]]:
        """Yield every item from top to bottom: nesting depth, item, and its marker (`3.`, `•`, or "" if it has one)."""
        bullet = "" if self.is_lettered else "•"
        for position, point in enumerate(self.points, self.start):
            yield depth, point, f"{position}." if self.numbered else bullet
            if point.below:
                yield from point.below.rows(depth + 1)


class QuoteState(StrEnum):
    """Reason to believe that the quoted words were written so."""

    PAPER = "paper"
    """Found word for word in the paper."""
    GIVEN = "given"
    """Found word for word in a text that a moderator gave."""
    VOUCHED = "vouched"
    """Found nowhere; a person vouches for it."""
    UNVERIFIED = "unverified"
    """Found nowhere, and nobody vouches for it: such an edition is not approved."""


@dataclass(frozen=True, slots=True)
class Quotation:
    """A quote with its source and the state of its verification.

    `where` is the part of the source as shown to readers ("abstract", "section 4.1"); `speaker` is the person quoted,
    empty if it is the paper itself. `source` is the key of the text that was searched (`arxiv:1706.03762v5`); `start`
    and `end` are character offsets in it, or None if the quote was entered by hand.
    """

    text: str
    where: str = ""
    speaker: str = ""
    source: str = ""
    start: int | None = None
    end: int | None = None
    given_by: str = ""
    """Name of the moderator who gave the text that it was found in; empty if that is the paper's own."""
    voucher: str = ""
    """Name of the person who vouches for it, since it was found in no text."""
    kind: Literal["quote"] = "quote"

    @property
    def state(self) -> QuoteState:
        """State of its verification, as it was when the quote was last looked up."""
        if self.voucher:
            return QuoteState.VOUCHED
        if not self.source:
            return QuoteState.UNVERIFIED
        return QuoteState.GIVEN if self.given_by else QuoteState.PAPER

    @property
    def credit(self) -> str:
        """Speaker and location, separated by a comma: "Sam Bowman, section 4.1"."""
        return ", ".join(filter(None, (self.speaker, self.where)))

    @property
    def links(self) -> tuple[Link, ...]:
        """None: quoted text is not searched for links."""
        return ()


@dataclass(frozen=True, slots=True)
class RemarkBlock:
    """The curator's own note, displayed after an arrow."""

    words: Prose
    by: str = ""
    kind: Literal["remark"] = "remark"

    @property
    def text(self) -> str:
        """Plain text of the remark."""
        return prose.plain(self.words)

    @property
    def links(self) -> tuple[Link, ...]:
        """The links in it."""
        return prose.links(self.words)


@dataclass(frozen=True, slots=True)
class Related:
    """A related work, with a note on how it relates."""

    title: str
    url: str
    note: Prose = ()
    kind: Literal["related"] = "related"

    @property
    def text(self) -> str:
        """The title and the note."""
        return f"{self.title} {prose.plain(self.note)}".strip()

    @property
    def links(self) -> tuple[Link, ...]:
        """The link to the related work, then the links in the note."""
        return (Link(self.title, self.url), *prose.links(self.note))


@dataclass(frozen=True, slots=True)
class Figure:
    """An image with its alternative text, caption and credit."""

    url: str
    """Name of a stored figure (`bot.domain.figure_names`), or the address of a picture elsewhere."""
    alt: str
    caption: Prose = ()
    credit: Prose = ()
    kind: Literal["figure"] = "figure"

    @property
    def text(self) -> str:
        """Caption and credit."""
        return f"{prose.plain(self.caption)} {prose.plain(self.credit)}".strip()

    @property
    def links(self) -> tuple[Link, ...]:
        """The picture itself, if it is elsewhere, and the links in caption and credit."""
        own = () if is_figure_name(self.url) else (Link(self.alt or self.url, self.url),)
        return (*own, *prose.links(self.caption), *prose.links(self.credit))

    @property
    def replacement(self) -> str:
        """The description for readers who do not see the picture; empty if the caption below it says the same."""
        return "" if self.alt.strip() == prose.plain(self.caption).strip() else self.alt


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """A few lines of a program, with the name of its language if that is known."""

    text: str
    language: str = ""
    kind: Literal["code"] = "code"

    @property
    def links(self) -> tuple[Link, ...]:
        """None: code has no links."""
        return ()


@dataclass(frozen=True, slots=True)
class MemberComment:
    """A member's comment that may be quoted, with the name the member chose to be credited by."""

    text: str
    by: str
    url: str = ""
    """Address of the original message; empty if it may not be linked."""


Block = Paragraph | Subheading | ListBlock | Quotation | RemarkBlock | Related | Figure | CodeBlock
