"""Cards: the bot's messages, independent of any platform.

A card is a title and parts of a few kinds. It is frozen, so it can be compared, stored and shown again; each platform
renders it with a `match` that the type checker verifies to be complete.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from bot.chat.calls import Call
from bot.chat.rich_text import Link, Span, Words

if TYPE_CHECKING:
    from pydantic import TypeAdapter


class Tone(StrEnum):
    """Tone of a card, shown as the color at its side."""

    PLAIN = "plain"
    GOOD = "good"
    BAD = "bad"
    QUIET = "quiet"


class Style(StrEnum):
    """Style of a button."""

    PLAIN = "plain"
    MAIN = "main"
    DANGER = "danger"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a section of the card."""

    text: str
    kind: Literal["heading"] = "heading"


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph."""

    words: Words
    kind: Literal["text"] = "text"


@dataclass(frozen=True, slots=True)
class QuotePart:
    """A quote with its source."""

    text: str
    source: str = ""
    kind: Literal["quote"] = "quote"


@dataclass(frozen=True, slots=True)
class Points:
    """A list, numbered or not."""

    items: tuple[Words, ...]
    numbered: bool = False
    kind: Literal["points"] = "points"


@dataclass(frozen=True, slots=True)
class Facts:
    """Short label and value pairs, shown side by side if there is space."""

    pairs: tuple[tuple[str, str], ...]
    kind: Literal["facts"] = "facts"


@dataclass(frozen=True, slots=True)
class Note:
    """Small text: the source of a text, or the next step."""

    words: Words
    kind: Literal["note"] = "note"


@dataclass(frozen=True, slots=True)
class Button:
    """A button that runs a command.

    If the call lacks a required parameter, pressing opens the command's form, filled in with the others. `confirm` is a
    question asked first, if the platform can.
    """

    label: str
    call: Call
    style: Style = Style.PLAIN
    confirm: str = ""


@dataclass(frozen=True, slots=True)
class ListEntry:
    """One row of a list: text, small text below, and at most one button."""

    words: Words
    note: Words = ()
    button: Button | None = None
    kind: Literal["entry"] = "entry"


@dataclass(frozen=True, slots=True)
class Buttons:
    """A row of buttons. `more` are in a menu, if the platform has one."""

    row: tuple[Button, ...]
    more: tuple[Button, ...] = ()
    kind: Literal["buttons"] = "buttons"


@dataclass(frozen=True, slots=True)
class LinkRow:
    """Links to pages outside the chat: Paper, Code, Demo."""

    row: tuple[Link, ...]
    kind: Literal["links"] = "links"


@dataclass(frozen=True, slots=True)
class ChartPart:
    """A chart of numbers that other parts of the card give as text, so that nothing is lost without it.

    `alt` is its description for those who cannot see it; `language` is the code for the format of its numbers.
    """

    title: str
    points: tuple[tuple[str, float], ...]
    alt: str
    unit: str = ""
    language: str = "en"
    kind: Literal["plot"] = "plot"


@dataclass(frozen=True, slots=True)
class FigurePart:
    """A picture of an edition: a stored figure by its name (`bot.domain.figure_names`), or one elsewhere by its URL.

    `alt` describes it to those who cannot see it; its caption is another part of the card.
    """

    url: str
    alt: str
    kind: Literal["figure"] = "figure"


PicturePart = ChartPart | FigurePart
"""A part that is seen as a picture."""


@dataclass(frozen=True, slots=True)
class File:
    """A text file for the requester. Only answers have files."""

    name: str
    content: str
    title: str = ""
    kind: Literal["file"] = "file"


@dataclass(frozen=True, slots=True)
class Divider:
    """A horizontal line."""

    kind: Literal["divider"] = "divider"


Part = (
    Heading
    | Text
    | QuotePart
    | Points
    | Facts
    | Note
    | ListEntry
    | Buttons
    | LinkRow
    | ChartPart
    | FigurePart
    | File
    | Divider
)


@dataclass(frozen=True, slots=True)
class Card:
    """One answer or one post: a title and its parts. `url` is the link of the title, if any.

    `ping` is the id of the platform's role or user group that posting it mentions; updates of the post do not.
    """

    title: str
    parts: tuple[Part, ...] = ()
    tone: Tone = Tone.PLAIN
    url: str = ""
    ping: str = ""

    def buttons(self) -> tuple[Button, ...]:
        """All buttons of the card, in order."""
        found: list[Button] = []
        for part in self.parts:
            if isinstance(part, Buttons):
                found += (*part.row, *part.more)
            elif isinstance(part, ListEntry) and part.button:
                found.append(part.button)
        return tuple(found)


def text(*words: Span) -> Text:
    """A paragraph from spans: `text("No. ", Bold("3"))`."""
    return Text(words)


def note(*words: Span) -> Note:
    """A note from spans."""
    return Note(words)


def to_json(card: Card) -> dict[str, Any]:
    """JSON values of a card, for a row that is posted later or again."""
    return _adapter().dump_python(card, mode="json")  # type: ignore[no-any-return] # pydantic says Any; a dataclass is a dict


def from_json(value: object) -> Card:
    """Card from the values of `to_json`. Raises pydantic's ValidationError for anything else."""
    return _adapter().validate_python(value)


@cache
def _adapter() -> TypeAdapter[Card]:
    """Adapter created at its first use, because importing pydantic slows the start of `--help`."""
    from pydantic import TypeAdapter

    return TypeAdapter(Card)
