"""Drawing cards as Block Kit. Every payload is within Slack's limits by construction."""

from __future__ import annotations

from itertools import count
from typing import Any, assert_never

from adapters.slack.render.mrkdwn import escape, mrkdwn, rich
from bot.chat.cards import (
    Button,
    Buttons,
    Card,
    ChartPart,
    Divider,
    Facts,
    File,
    Heading,
    LinkRow,
    ListEntry,
    Note,
    Part,
    Points,
    QuotePart,
    Style,
    Text,
)
from bot.chat.gateway import PayloadPreview
from bot.chat.rich_text import Bold, Link, Words
from bot.chat.text import clean, cut_escaped, one_line, truncate

BlockJson = dict[str, Any]

# The limits, from docs.slack.dev/reference/block-kit and slack_sdk's own checks.
BLOCKS, IN_VIEW = 50, 100
HEADER = 150
SECTION = 3000
CONTEXT = 2000
ACTIONS, LABEL, VALUE, OVERFLOW, OPTION_VALUE = 25, 75, 2000, 5, 150
CONFIRM, CONFIRM_TITLE, CONFIRM_BUTTON = 300, 100, 30
TOTAL = 12_000
"""All text of a message; Slack refuses a little above 13,000 (slackapi/bolt-js#2509)."""
FALLBACK = 3000
"""The text that notifications show."""

ACTION = "jc"
"""What the action ids of our buttons begin with."""

CONTINUED = "This goes on; there is no more room here."
STYLES = {Style.MAIN: "primary", Style.DANGER: "danger"}


def render(card: Card, most: int = BLOCKS) -> list[BlockJson]:
    """Draw a card in at most `most` blocks. Text that does not fit is cut, and the card says so; buttons stay."""
    return render_all((card,), most)


def render_all(cards: tuple[Card, ...], most: int = IN_VIEW) -> list[BlockJson]:
    """Draw cards one below the other, as one message or view."""
    drawing = _MessageBuilder(most, [part for card in cards for part in card.parts])
    for place, card in enumerate(cards):
        if place:
            drawing.add(Divider())
        drawing.title(card)
        for part in card.parts:
            drawing.add(part)
    return drawing.done()


def message(card: Card) -> BlockJson:
    """A card as a message: text for notifications, and blocks."""
    return {"text": fallback(card), "blocks": render(card)}


def payload_preview(card: Card) -> PayloadPreview:
    """A card as a message, and how much of what Slack takes it fills."""
    body = message(card)
    blocks = body["blocks"]
    return PayloadPreview(body, (("blocks", len(blocks), BLOCKS), ("characters", _size(blocks), TOTAL)))


def fallback(card: Card) -> str:
    """The card in one line of text, for notifications and screen readers."""
    return cut_escaped(one_line(card.title), FALLBACK, escape) or "Journal Club"


class _MessageBuilder:
    """One message being drawn. It keeps room for all buttons still to come: without them a card is a dead end."""

    def __init__(self, most: int, parts: list[Part]) -> None:
        self._numbers = count()
        self._blocks: list[BlockJson] = []
        self._most = most - 1  # one for GOES_ON
        self._left = TOTAL - len(CONTINUED)
        self._to_come = sum(_rows(part) for part in parts if isinstance(part, Buttons))
        self._full = False

    def title(self, card: Card) -> None:
        """What the card is about."""
        said = one_line(card.title) or "Journal Club"
        if card.url:
            self._say(_section((Link(truncate(said, HEADER * 2), card.url),), bold=True))
        else:
            self._say({"type": "header", "text": plain(said, HEADER)})

    def add(self, part: Part) -> None:
        """Draw the next part, as far as there is room for it."""
        match part:
            case Buttons():
                self._to_come -= _rows(part)
                self._blocks += self._actions(part)[: self._most - len(self._blocks)]
            case Heading(text):
                self._say(_section((Bold(text),)))
            case Text(words):
                self._say(_rich({"type": "rich_text_section", "elements": rich(words, self._room(SECTION))}))
            case QuotePart(text, source):
                quoted: Words = (text, f" — {source}") if source else (text,)
                self._say(_rich({"type": "rich_text_quote", "elements": rich(quoted, self._room(SECTION))}))
            case Points():
                self._points(part)
            case Facts(pairs):
                self._say(_context(_facts(pairs)))
            case Note(words):
                self._say(_context(words))
            case ListEntry():
                self._say(*self._entry(part))
            case LinkRow(row):
                if safe := [link for link in row if link.is_safe]:
                    self._say(_context(_badges(safe)))
            case ChartPart() | File():
                pass  # it goes its own way: a message cannot show a file that is still looked over
            case Divider():
                self._say({"type": "divider"})
            case _:
                assert_never(part)

    def done(self) -> list[BlockJson]:
        """All that was drawn."""
        return [*self._blocks, _context((CONTINUED,))] if self._full else self._blocks

    def _room(self, most: int) -> int:
        return max(1, min(most, self._left))

    def _say(self, *blocks: BlockJson) -> None:
        size = sum(map(_size, blocks))
        if size > self._left or len(self._blocks) + len(blocks) + self._to_come > self._most:
            self._full = True
            return
        self._left -= size
        self._blocks += blocks

    def _points(self, points: Points) -> None:
        """As many points as there is room for; the last may be cut."""
        rows: list[BlockJson] = []
        room = self._room(SECTION)
        for item in points.items:
            if room <= 0:
                self._full = True
                break
            elements = rich(item, room)
            room -= sum(map(_size, elements))
            rows.append({"type": "rich_text_section", "elements": elements})
        if rows:
            style = "ordered" if points.numbered else "bullet"
            self._say(_rich({"type": "rich_text_list", "style": style, "elements": rows}))

    def _entry(self, entry: ListEntry) -> list[BlockJson]:
        section = _section(entry.words)
        if entry.button and (button := self._button(entry.button)):
            section["accessory"] = button
        return [section, _context(entry.note)] if entry.note else [section]

    def _actions(self, part: Buttons) -> list[BlockJson]:
        """Buttons, then menus of what is behind "more"."""
        # A menu's option holds less than a button does; what is too long for it, or alone, stays a button.
        short = {str(button.call): button for button in part.more if len(str(button.call)) <= OPTION_VALUE}
        menu = list(short.values()) if len(short) > 1 else []
        elements = [drawn for b in (*part.row, *(b for b in part.more if b not in menu)) if (drawn := self._button(b))]
        elements += [self._overflow(some) for some in _evenly(menu, OVERFLOW)]
        rows = [elements[i : i + ACTIONS] for i in range(0, len(elements), ACTIONS)]
        return [{"type": "actions", "elements": row} for row in rows]

    def _button(self, button: Button) -> BlockJson | None:
        """A button; none where its call is too long, since half a call would be another one."""
        if len(value := str(button.call)) > VALUE:
            return None
        drawn: BlockJson = {
            "type": "button",
            "text": plain(button.label, LABEL),
            "action_id": f"{ACTION}:{next(self._numbers)}",
            "value": value,
        }
        if style := STYLES.get(button.style):
            drawn["style"] = style
        if button.confirm:
            drawn["confirm"] = {
                "title": plain("Are you sure?", CONFIRM_TITLE),
                "text": plain(button.confirm, CONFIRM),
                "confirm": plain("Yes", CONFIRM_BUTTON),
                "deny": plain("No", CONFIRM_BUTTON),
            }
        return drawn

    def _overflow(self, buttons: list[Button]) -> BlockJson:
        options = [{"text": plain(button.label, LABEL), "value": str(button.call)} for button in buttons]
        return {"type": "overflow", "action_id": f"{ACTION}:{next(self._numbers)}", "options": options}


def plain(text: str, limit: int) -> BlockJson:
    """A `plain_text` object: nothing in it is read as a format. Slack refuses empty ones."""
    return {"type": "plain_text", "text": truncate(clean(text), limit).strip() or "…", "emoji": False}


def mrkdwn_text(words: Words, limit: int) -> BlockJson:
    """A `mrkdwn` object. Verbatim: Slack makes no links, channels or mentions of what only looks like them."""
    return {"type": "mrkdwn", "text": mrkdwn(words, limit).strip() or "…", "verbatim": True}


def _rows(part: Buttons) -> int:
    """How many blocks a part's buttons take at most."""
    return -(-(len(part.row) + len(part.more)) // ACTIONS)


def _evenly(buttons: list[Button], most: int) -> list[list[Button]]:
    """The buttons in as few runs of at most `most` as will do, none of them much shorter than another."""
    runs = -(-len(buttons) // most)
    size = -(-len(buttons) // max(runs, 1))
    return [buttons[i * size : (i + 1) * size] for i in range(runs)]


def _rich(element: BlockJson) -> BlockJson:
    return {"type": "rich_text", "elements": [element]}


def _section(words: Words, *, bold: bool = False) -> BlockJson:
    text = mrkdwn_text(words, SECTION - 2)
    return {"type": "section", "text": text | {"text": f"*{text['text']}*"} if bold else text}


def _context(words: Words) -> BlockJson:
    return {"type": "context", "elements": [mrkdwn_text(words, CONTEXT)]}


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
