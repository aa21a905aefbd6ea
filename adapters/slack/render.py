"""Drawing cards as Block Kit. Every payload is within Slack's limits by construction."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any, assert_never

from adapters.slack.text import escape, mrkdwn, rich
from bot.chat.cards import (
    Button,
    Buttons,
    Card,
    Divider,
    Entry,
    Facts,
    Heading,
    Links,
    Note,
    Part,
    Points,
    Quote,
    Style,
    Text,
)
from bot.chat.rich import Bold, Link, Words
from bot.chat.text import clean, cut, cut_escaped

Block = dict[str, Any]

# The limits, from docs.slack.dev/reference/block-kit and slack_sdk's own checks.
BLOCKS = 50
HEADER = 150
SECTION = 3000
CONTEXT = 2000
ACTIONS, LABEL, VALUE, OVERFLOW, OPTION_VALUE = 25, 75, 2000, 5, 150
CONFIRM = 300
TOTAL = 12_000
"""All text of a message; Slack refuses a little above 13,000 (slackapi/bolt-js#2509)."""
FALLBACK = 3000
"""The text that notifications show."""

ACTION = "jc"
"""What the action ids of our buttons begin with."""

STYLES = {Style.MAIN: "primary", Style.DANGER: "danger"}


def render(card: Card) -> list[Block]:
    """Draw a card. What does not fit in one message is cut, and the card says so."""
    drawing = _Drawing()
    blocks = [_title(card)]
    left = TOTAL - HEADER
    for part in card.parts:
        drawn = drawing.part(part, left)
        left -= sum(_size(block) for block in drawn)
        if len(blocks) + len(drawn) > BLOCKS - 1 or left < 0:
            blocks.append(_context(("This goes on; there is no more room here.",)))
            break
        blocks += drawn
    return blocks


def fallback(card: Card) -> str:
    """The card in one line of text, for notifications and screen readers."""
    return cut_escaped(clean(card.title), FALLBACK, escape) or "Journal Club"


def _title(card: Card) -> Block:
    title = clean(card.title) or "Journal Club"
    if card.url:
        return _section((Link(cut(title, HEADER * 2), card.url),), bold=True)
    return {"type": "header", "text": plain(title, HEADER)}


class _Drawing:
    """One message being drawn: it numbers its buttons, since an action id may stand only once in a block."""

    def __init__(self) -> None:
        self._numbers = count()

    def part(self, part: Part, left: int) -> list[Block]:
        match part:
            case Heading(text):
                return [_section((Bold(text),))]
            case Text(words):
                return [_rich([{"type": "rich_text_section", "elements": rich(words, min(SECTION, max(left, 1)))}])]
            case Quote(text, source):
                quoted: Words = (text, f" — {source}") if source else (text,)
                return [_rich([{"type": "rich_text_quote", "elements": rich(quoted, min(SECTION, max(left, 1)))}])]
            case Points(items, numbered):
                style = "ordered" if numbered else "bullet"
                rows = [{"type": "rich_text_section", "elements": rich(item, SECTION)} for item in items]
                return [_rich([{"type": "rich_text_list", "style": style, "elements": rows}])] if rows else []
            case Facts(pairs):
                return [_context(_facts(pairs))]
            case Note(words):
                return [_context(words)]
            case Entry(words, small, button):
                return list(self._entry(words, small, button))
            case Buttons(row, more):
                return self._buttons(row, more)
            case Links(row):
                safe = [link for link in row if link.safe]
                return [_context(_badges(safe))] if safe else []
            case Divider():
                return [{"type": "divider"}]
            case _:
                assert_never(part)

    def _entry(self, words: Words, small: Words, button: Button | None) -> Iterator[Block]:
        section = _section(words)
        if button:
            section["accessory"] = self._button(button)
        yield section
        if small:
            yield _context(small)

    def _buttons(self, row: tuple[Button, ...], more: tuple[Button, ...]) -> list[Block]:
        elements = [self._button(button) for button in row[: ACTIONS - 1]]
        rest = [*row[ACTIONS - 1 :], *more]
        # A menu's option holds less than a button does; what is too long for it stays a button.
        elements += [self._button(button) for button in rest if len(str(button.call)) > OPTION_VALUE]
        short = [button for button in rest if len(str(button.call)) <= OPTION_VALUE]
        elements += [self._overflow(short[i : i + OVERFLOW]) for i in range(0, len(short), OVERFLOW)]
        return [{"type": "actions", "elements": elements[:ACTIONS]}] if elements else []

    def _button(self, button: Button) -> Block:
        drawn: Block = {
            "type": "button",
            "text": plain(button.label, LABEL),
            "action_id": f"{ACTION}:{next(self._numbers)}",
            "value": str(button.call)[:VALUE],
        }
        if style := STYLES.get(button.style):
            drawn["style"] = style
        if button.confirm:
            drawn["confirm"] = {
                "title": plain("Are you sure?", 100),
                "text": plain(button.confirm, CONFIRM),
                "confirm": plain("Yes", 30),
                "deny": plain("No", 30),
            }
        return drawn

    def _overflow(self, buttons: list[Button]) -> Block:
        options = [{"text": plain(button.label, LABEL), "value": str(button.call)} for button in buttons]
        return {"type": "overflow", "action_id": f"{ACTION}:{next(self._numbers)}", "options": options}


def plain(text: str, limit: int) -> Block:
    """A `plain_text` object: nothing in it is read as a format. Slack refuses empty ones."""
    return {"type": "plain_text", "text": cut(clean(text), limit).strip() or "…", "emoji": False}


def _rich(elements: list[Block]) -> Block:
    return {"type": "rich_text", "elements": elements}


def _section(words: Words, *, bold: bool = False) -> Block:
    text = mrkdwn(words, SECTION - 2)
    return {"type": "section", "text": {"type": "mrkdwn", "text": f"*{text}*" if bold else text or "…"}}


def _context(words: Words) -> Block:
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": mrkdwn(words, CONTEXT) or "…"}]}


def _facts(pairs: tuple[tuple[str, str], ...]) -> Words:
    words: list[Any] = []
    for label, value in pairs:
        words += ["   " if words else "", f"{label} ", Bold(value)]
    return tuple(words)


def _badges(links: list[Link]) -> Words:
    words: list[Any] = []
    for link in links:
        words += [" · ", link] if words else [link]
    return tuple(words)


def _size(value: Any) -> int:
    """How much text a block holds."""
    if isinstance(value, dict):
        return sum(len(v) if k in ("text", "url") and isinstance(v, str) else _size(v) for k, v in value.items())
    return sum(map(_size, value)) if isinstance(value, list) else 0
