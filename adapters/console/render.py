"""Renders cards as terminal text."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import assert_never

from bot.chat.cards import (
    Button,
    Buttons,
    Card,
    ChartPart,
    Divider,
    Facts,
    FigurePart,
    File,
    Heading,
    LinkRow,
    ListEntry,
    Note,
    Part,
    Points,
    QuotePart,
    Text,
    Tone,
)
from bot.chat.rich_text import Bold, ChannelName, InlineCode, Italic, Link, LocalTime, Span, Words
from bot.chat.text import clean
from bot.locale.current import _

MARKS = {Tone.PLAIN: "│", Tone.GOOD: "✓", Tone.BAD: "✗", Tone.QUIET: "·"}
SPARK_CHARACTERS = "▁▂▃▄▅▆▇█"
COLORS = {Tone.PLAIN: "36", Tone.GOOD: "32", Tone.BAD: "31", Tone.QUIET: "2"}


@dataclass(frozen=True, slots=True)
class TerminalStyle:
    """Terminal style: width in characters, with or without colors, with or without buttons."""

    width: int = 100
    color: bool = False
    buttons: bool = True

    def ink(self, code: str, text: str) -> str:
        """The text in a color or weight (an ANSI code), if colors are on."""
        return f"\x1b[{code}m{text}\x1b[0m" if self.color and text else text

    def wrap(self, text: str, indent: str = "", first: str | None = None) -> str:
        """The text wrapped to the width, paragraph by paragraph."""
        lead = indent if first is None else first
        lines = []
        for paragraph in text.split("\n"):
            lines += textwrap.wrap(
                paragraph,
                max(self.width - 2, 20),
                initial_indent=lead,
                subsequent_indent=indent,
                break_long_words=False,
                break_on_hyphens=False,
            ) or [""]
            lead = indent
        return "\n".join(lines)


def render(card: Card, style: TerminalStyle, *, numbered_from: int = 1) -> str:
    """Render a card. Its buttons show the numbers that press them."""
    numbers = iter(range(numbered_from, numbered_from + len(card.buttons())))
    title = style.ink("1", clean(card.title)) + (f"  {style.ink('2', card.url)}" if card.url else "")
    lines = [title, *(rendered for part in card.parts if (rendered := _part(part, style, numbers)))]
    bar = style.ink(COLORS[card.tone], MARKS[card.tone])
    rest = style.ink(COLORS[card.tone], "│")
    flat = "\n".join(lines).split("\n")
    return "\n".join(f"{bar if i == 0 else rest} {line}".rstrip() for i, line in enumerate(flat))


def _part(part: Part, style: TerminalStyle, numbers: Iterator[int]) -> str:
    match part:
        case Heading(text):
            return "\n" + style.ink("1;36", clean(text))
        case Text(words):
            return style.wrap(_words(words, style))
        case QuotePart(text, source):
            where = f" ({clean(source)})" if source else ""
            return style.wrap(_("“{text}”", text=clean(text)) + where, "  ")
        case Points(items, numbered):
            marks = (f"{i}. " if numbered else "• " for i in range(1, len(items) + 1))
            rows = zip(marks, items, strict=True)
            return "\n".join(style.wrap(_words(item, style), " " * (len(m) + 2), f"  {m}") for m, item in rows)
        case Facts(pairs):
            return "   ".join(f"{style.ink('2', clean(k) + ':')} {clean(v)}" for k, v in pairs)
        case Note(words):
            return style.ink("2", style.wrap(_words(words, TerminalStyle(style.width))))
        case ListEntry(words, small, button) if style.buttons:
            row = [style.wrap(_words(words, style))]
            row += [style.ink("2", style.wrap(_words(small, TerminalStyle(style.width)), "   "))] if small else []
            row += ["   " + _button(button, style, numbers)] if button else []
            return "\n".join(row)
        case ListEntry(words, small, _):
            return _part(ListEntry(words, small), replace(style, buttons=True), numbers)
        case Buttons() if not style.buttons:
            return ""
        case Buttons(row, more):
            return style.wrap("  ".join(_button(button, style, numbers) for button in (*row, *more)))
        case LinkRow(row):
            return "  ".join(f"{clean(link.label)} {style.ink('4', link.url)}" for link in row if link.is_safe)
        case ChartPart(points=points):
            return style.ink("36", "  " + _sparkline([value for _unused, value in points]))
        case FigurePart(url, alt):
            return style.ink("36", _("Figure: {alt}", alt=clean(alt))) + f" {style.ink('4', clean(url))}"
        case File(name):
            return style.ink("2", _("File: {clean}", clean=clean(name)))
        case Divider():
            return style.ink("2", "─" * min(style.width - 2, 60))
        case _:
            assert_never(part)


def _sparkline(values: Sequence[float]) -> str:
    """Columns as high as the values, one character each: ▁▄█. The base is zero, or the lowest value below it."""
    low, top = min([0, *values]), max([0, *values])
    return "".join(
        SPARK_CHARACTERS[round((value - low) / ((top - low) or 1) * (len(SPARK_CHARACTERS) - 1))] for value in values
    )


def _button(button: Button, style: TerminalStyle, numbers: Iterator[int]) -> str:
    return f"{style.ink('33', f'[{next(numbers)}]')}\xa0{clean(button.label).replace(' ', chr(160))}"


def _words(words: Words, style: TerminalStyle) -> str:
    return "".join(_span(span, style) for span in words)


def _span(span: Span, style: TerminalStyle) -> str:
    match span:
        case str():
            return clean(span)
        case Bold(text):
            return style.ink("1", clean(text))
        case ChannelName():
            return clean(span.text)
        case LocalTime():
            return style.ink("1", clean(span.text))
        case Italic(text):
            return style.ink("3", clean(text))
        case InlineCode(text):
            return style.ink("33", clean(text))
        case Link(label, url):
            return f"{clean(label)} {style.ink('4', url)}" if span.is_safe and url != label else clean(label)
        case _:
            assert_never(span)
