"""What the bot shows, in words that belong to no platform.

A card is a title and a few kinds of parts. It is frozen, so it can be compared, stored and shown again; each
platform draws it with a `match` that the type checker completes.
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
    """How the card feels: the stripe at its side."""

    PLAIN = "plain"
    GOOD = "good"
    BAD = "bad"
    QUIET = "quiet"


class Style(StrEnum):
    """How a button looks."""

    PLAIN = "plain"
    MAIN = "main"
    DANGER = "danger"


@dataclass(frozen=True, slots=True)
class Heading:
    """A line that opens a new stretch of the card."""

    text: str
    kind: Literal["heading"] = "heading"


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph."""

    words: Words
    kind: Literal["text"] = "text"


@dataclass(frozen=True, slots=True)
class QuotePart:
    """Somebody else's words, with where they stand."""

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
    """Short label and value pairs, drawn side by side where there is room."""

    pairs: tuple[tuple[str, str], ...]
    kind: Literal["facts"] = "facts"


@dataclass(frozen=True, slots=True)
class Note:
    """Small print: where a text came from, what to do next."""

    words: Words
    kind: Literal["note"] = "note"


@dataclass(frozen=True, slots=True)
class Button:
    """A command that is filled in already: to press it is to say it.

    Where the call still lacks a word it needs, pressing opens the command's form, filled in as far as it goes.
    `confirm` is a question asked first, where the platform can.
    """

    label: str
    call: Call
    style: Style = Style.PLAIN
    confirm: str = ""


@dataclass(frozen=True, slots=True)
class ListEntry:
    """One row of a list: words, small print below, and at most one button beside it."""

    words: Words
    note: Words = ()
    button: Button | None = None
    kind: Literal["entry"] = "entry"


@dataclass(frozen=True, slots=True)
class Buttons:
    """A row of buttons. `more` are shown behind a menu where the platform has one."""

    row: tuple[Button, ...]
    more: tuple[Button, ...] = ()
    kind: Literal["buttons"] = "buttons"


@dataclass(frozen=True, slots=True)
class LinkRow:
    """Badges that lead out of the chat: Paper, Code, Demo."""

    row: tuple[Link, ...]
    kind: Literal["links"] = "links"


@dataclass(frozen=True, slots=True)
class ChartPart:
    """Numbers as a picture, beside the parts that tell them: where no picture can be shown, nothing is lost.

    `alt` is what it shows, for those who cannot see it; `language` is the code of the one its numbers are written in.
    """

    title: str
    points: tuple[tuple[str, float], ...]
    alt: str
    unit: str = ""
    language: str = "en"
    kind: Literal["plot"] = "plot"


@dataclass(frozen=True, slots=True)
class File:
    """Something to take along: a text as a file, for whoever asked for it. Only answers have files."""

    name: str
    content: str
    title: str = ""
    kind: Literal["file"] = "file"


@dataclass(frozen=True, slots=True)
class Divider:
    """A line across."""

    kind: Literal["divider"] = "divider"


Part = Heading | Text | QuotePart | Points | Facts | Note | ListEntry | Buttons | LinkRow | ChartPart | File | Divider


@dataclass(frozen=True, slots=True)
class Card:
    """One answer or one post: a title and its parts. `url` is where the title leads, if anywhere."""

    title: str
    parts: tuple[Part, ...] = ()
    tone: Tone = Tone.PLAIN
    url: str = ""

    def buttons(self) -> tuple[Button, ...]:
        """Every button on the card, in the order in which it is drawn."""
        found: list[Button] = []
        for part in self.parts:
            if isinstance(part, Buttons):
                found += (*part.row, *part.more)
            elif isinstance(part, ListEntry) and part.button:
                found.append(part.button)
        return tuple(found)


def text(*words: Span) -> Text:
    """A paragraph from its words: `text("No. ", Bold("3"))`."""
    return Text(words)


def note(*words: Span) -> Note:
    """Small print from its words."""
    return Note(words)


def to_json(card: Card) -> dict[str, Any]:
    """The card as plain JSON values, for a row that is posted later or again."""
    return _adapter().dump_python(card, mode="json")  # type: ignore[no-any-return] # pydantic says Any; a dataclass is a dict


def from_json(value: object) -> Card:
    """The card that `to_json` wrote down."""
    return _adapter().validate_python(value)


@cache
def _adapter() -> TypeAdapter[Card]:
    """Built at first use: pydantic costs start-up time that `--help` need not pay."""
    from pydantic import TypeAdapter

    return TypeAdapter(Card)
