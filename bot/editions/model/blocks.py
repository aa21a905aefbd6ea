"""What an item's text is made of: paragraphs, lists, quotes, remarks, figures, each a small value of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from bot.chat.rich_text import Link
from bot.editions.model import prose
from bot.editions.model.prose import Prose


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph."""

    words: Prose
    kind: Literal["paragraph"] = "paragraph"

    @property
    def text(self) -> str:
        """Its words alone."""
        return prose.plain(self.words)

    @property
    def links(self) -> tuple[Link, ...]:
        """The links in it."""
        return prose.links(self.words)


@dataclass(frozen=True, slots=True)
class Subheading:
    """A line that opens a stretch within an item: "Proposed solution"."""

    text: str
    kind: Literal["subheading"] = "subheading"

    @property
    def links(self) -> tuple[Link, ...]:
        """None."""
        return ()


@dataclass(frozen=True, slots=True)
class Point:
    """One point of a list, with the list below it, if any."""

    words: Prose
    below: ListBlock | None = None


@dataclass(frozen=True, slots=True)
class ListBlock:
    """A list, numbered or not; its points may hold lists in turn."""

    points: tuple[Point, ...]
    numbered: bool = False
    kind: Literal["list"] = "list"

    @property
    def text(self) -> str:
        """Its words alone, point by point."""
        return " ".join(prose.plain(point.words) for _, point, _ in self.rows())

    @property
    def links(self) -> tuple[Link, ...]:
        """The links in it."""
        return tuple(link for _, point, _ in self.rows() for link in prose.links(point.words))

    def rows(self, depth: int = 0) -> Iterator[tuple[int, Point, str]]:
        """Every point with how deep it lies and its mark (`3.` or `•`), from the top down."""
        for place, point in enumerate(self.points, 1):
            yield depth, point, f"{place}." if self.numbered else "•"
            if point.below:
                yield from point.below.rows(depth + 1)


@dataclass(frozen=True, slots=True)
class Quotation:
    """Somebody's words, letter by letter, with where they stand.

    `where` is what a reader is told ("abstract", "section 4.1"), `speaker` who says it where that is not the paper.
    `source` names the text that was read (`arxiv:1706.03762v5`), and `start` and `end` the characters of it, so that
    anybody can check; they are None where the quote was taken by hand.
    """

    text: str
    where: str = ""
    speaker: str = ""
    source: str = ""
    start: int | None = None
    end: int | None = None
    kind: Literal["quote"] = "quote"

    @property
    def credit(self) -> str:
        """Who says it and where: "Sam Bowman, section 4.1"."""
        return ", ".join(filter(None, (self.speaker, self.where)))

    @property
    def links(self) -> tuple[Link, ...]:
        """None: what others wrote is not searched for links."""
        return ()


@dataclass(frozen=True, slots=True)
class RemarkBlock:
    """The curator's own note, set after an arrow."""

    words: Prose
    by: str = ""
    kind: Literal["remark"] = "remark"

    @property
    def text(self) -> str:
        """Its words alone."""
        return prose.plain(self.words)

    @property
    def links(self) -> tuple[Link, ...]:
        """The links in it."""
        return prose.links(self.words)


@dataclass(frozen=True, slots=True)
class Related:
    """Another work that belongs beside this one, and why."""

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
        """Where it is, and the links in the note."""
        return (Link(self.title, self.url), *prose.links(self.note))


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture, what it shows for those who cannot see it, its caption, and whose it is."""

    url: str
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
        """The picture itself, and the links in caption and credit."""
        return (Link(self.alt, self.url), *prose.links(self.caption), *prose.links(self.credit))


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """A few lines of a program."""

    text: str
    kind: Literal["code"] = "code"

    @property
    def links(self) -> tuple[Link, ...]:
        """None."""
        return ()


@dataclass(frozen=True, slots=True)
class MemberComment:
    """What a member said about it, and lets be quoted, under the name they chose."""

    text: str
    by: str
    url: str = ""
    """Where they said it, if that may be linked."""


Block = Paragraph | Subheading | ListBlock | Quotation | RemarkBlock | Related | Figure | CodeBlock
