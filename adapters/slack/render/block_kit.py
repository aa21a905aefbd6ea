"""Renders cards as Block Kit. Every payload is within Slack's limits by construction."""

from __future__ import annotations

from collections.abc import Mapping
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
    FigurePart,
    File,
    Heading,
    LinkRow,
    ListEntry,
    Note,
    Part,
    PicturePart,
    Points,
    QuotePart,
    Style,
    Text,
)
from bot.chat.gateway import PayloadPreview
from bot.chat.rich_text import Bold, Link, Words
from bot.chat.text import clean, cut_escaped, one_line, truncate
from bot.domain.figure_names import is_figure_name
from bot.locale.current import _, mark_text

BlockJson = dict[str, Any]

# The limits, from docs.slack.dev/reference/block-kit and slack_sdk's own checks.
BLOCKS, VIEW_BLOCKS = 50, 100
HEADER = 150
SECTION = 3000
CONTEXT = 2000
ACTIONS, LABEL, VALUE, OVERFLOW, OPTION_VALUE = 25, 75, 2000, 5, 150
CONFIRM, CONFIRM_TITLE, CONFIRM_BUTTON = 300, 100, 30
ALT_TEXT = 2000
MAX_TEXT = 12_000
"""Characters of all text of a message; Slack refuses a little above 13,000 (slackapi/bolt-js#2509)."""
FALLBACK = 3000
"""Characters of the text for notifications."""

ACTION_ID_PREFIX = "jc"
"""Prefix of the action ids of the bot's buttons."""

CONTINUED = mark_text("This was too long and is cut here.")
STYLES = {Style.MAIN: "primary", Style.DANGER: "danger"}

NO_PICTURES: Mapping[PicturePart, str] = {}


def render(card: Card, max_blocks: int = BLOCKS, pictures: Mapping[PicturePart, str] = NO_PICTURES) -> list[BlockJson]:
    """Render a card in at most `max_blocks` blocks. Text that does not fit is cut, and the card says so; buttons
    stay. `pictures` are the ids of the uploaded files of its pictures; others are described.
    """
    return render_all((card,), max_blocks, pictures)


def render_all(
    cards: tuple[Card, ...], max_blocks: int = VIEW_BLOCKS, pictures: Mapping[PicturePart, str] = NO_PICTURES
) -> list[BlockJson]:
    """Render cards one below the other, as one message or view."""
    builder = _MessageBuilder(max_blocks, [part for card in cards for part in card.parts], pictures)
    for index, card in enumerate(cards):
        if index:
            builder.add(Divider())
        builder.title(card)
        for part in card.parts:
            builder.add(part)
    return builder.finish()


def message(card: Card, pictures: Mapping[PicturePart, str] = NO_PICTURES) -> BlockJson:
    """A card as a message: text for notifications, and blocks."""
    return {"text": fallback(card), "blocks": render(card, pictures=pictures)}


def payload_preview(card: Card) -> PayloadPreview:
    """A card as a message, with the part of Slack's limits that it uses."""
    body = message(card)
    blocks = body["blocks"]
    return PayloadPreview(body, (("blocks", len(blocks), BLOCKS), ("characters", _text_length(blocks), MAX_TEXT)))


def fallback(card: Card) -> str:
    """The card's title as one line of text, for notifications and screen readers."""
    return cut_escaped(one_line(card.title), FALLBACK, escape) or "Journal Club"


class _MessageBuilder:
    """Builds one message. Room for all later buttons is reserved: without them a card cannot be used."""

    def __init__(self, max_blocks: int, parts: list[Part], pictures: Mapping[PicturePart, str]) -> None:
        self._numbers = count()
        self._pictures = pictures
        self._blocks: list[BlockJson] = []
        self._max_blocks = max_blocks - 1  # one for CONTINUED
        self._text_left = MAX_TEXT - len(_(CONTINUED))
        self._reserved = sum(_row_count(part) for part in parts if isinstance(part, Buttons))
        self._full = False

    def title(self, card: Card) -> None:
        """Add the card's title."""
        title = one_line(card.title) or "Journal Club"
        if card.url:
            self._add_blocks(_section((Link(truncate(title, HEADER * 2), card.url),), bold=True))
        else:
            self._add_blocks({"type": "header", "text": plain(title, HEADER)})

    def add(self, part: Part) -> None:
        """Add the next part, as far as there is room."""
        match part:
            case Buttons():
                self._reserved -= _row_count(part)
                self._blocks += self._actions(part)[: self._max_blocks - len(self._blocks)]
            case Heading(text):
                self._add_blocks(_section((Bold(text),)))
            case Text(words):
                self._add_blocks(
                    _rich({"type": "rich_text_section", "elements": rich(words, self._text_room(SECTION))})
                )
            case QuotePart(text, source):
                quoted: Words = (text, f" — {source}") if source else (text,)
                self._add_blocks(_rich({"type": "rich_text_quote", "elements": rich(quoted, self._text_room(SECTION))}))
            case Points():
                self._add_list(part)
            case Facts(pairs):
                self._add_blocks(_context(_facts(pairs)))
            case Note(words):
                self._add_blocks(_context(words))
            case ListEntry():
                self._add_blocks(*self._entry(part))
            case LinkRow(row):
                if safe := [link for link in row if link.is_safe]:
                    self._add_blocks(_context(_badges(safe)))
            case ChartPart() | FigurePart() if part in self._pictures:
                alt_text = truncate(clean(part.alt), ALT_TEXT).strip() or "…"
                file = {"id": self._pictures[part]}
                self._add_blocks({"type": "image", "slack_file": file, "alt_text": alt_text})
            case FigurePart(url, alt):
                # A stored figure that could not be uploaded before is uploaded below the message. Slack refuses a
                # message whose picture elsewhere it cannot load, so such a picture is a link.
                stored = is_figure_name(url)
                self._add_blocks(_context((_("Figure: {alt}", alt=alt),) if stored else (Link(alt, url),)))
            case ChartPart() | File():
                pass  # sent separately
            case Divider():
                self._add_blocks({"type": "divider"})
            case _:
                assert_never(part)

    def finish(self) -> list[BlockJson]:
        """All blocks of the message."""
        return [*self._blocks, _context((_(CONTINUED),))] if self._full else self._blocks

    def _text_room(self, limit: int) -> int:
        """Characters that a part of at most `limit` may take; at least 1, since Slack refuses empty text."""
        return max(1, min(limit, self._text_left))

    def _add_blocks(self, *blocks: BlockJson) -> None:
        size = sum(map(_text_length, blocks))
        if size > self._text_left or len(self._blocks) + len(blocks) + self._reserved > self._max_blocks:
            self._full = True
            return
        self._text_left -= size
        self._blocks += blocks

    def _add_list(self, points: Points) -> None:
        """Add the list's items, as many as there is room for; the last may be cut."""
        rows: list[BlockJson] = []
        room = self._text_room(SECTION)
        for item in points.items:
            if room <= 0:
                self._full = True
                break
            elements = rich(item, room)
            room -= sum(map(_text_length, elements))
            rows.append({"type": "rich_text_section", "elements": elements})
        if rows:
            style = "ordered" if points.numbered else "bullet"
            self._add_blocks(_rich({"type": "rich_text_list", "style": style, "elements": rows}))

    def _entry(self, entry: ListEntry) -> list[BlockJson]:
        section = _section(entry.words)
        if entry.button and (button := self._button(entry.button)):
            section["accessory"] = button
        return [section, _context(entry.note)] if entry.note else [section]

    def _actions(self, part: Buttons) -> list[BlockJson]:
        """The blocks of buttons, with menus for those behind "more"."""
        # A menu's option holds less than a button; a button that is too long, or alone, is not put into a menu.
        short = {str(button.call): button for button in part.more if len(str(button.call)) <= OPTION_VALUE}
        menu = list(short.values()) if len(short) > 1 else []
        elements = [
            element for b in (*part.row, *(b for b in part.more if b not in menu)) if (element := self._button(b))
        ]
        elements += [self._overflow(group) for group in _split_evenly(menu, OVERFLOW)]
        rows = [elements[i : i + ACTIONS] for i in range(0, len(elements), ACTIONS)]
        return [{"type": "actions", "elements": row} for row in rows]

    def _button(self, button: Button) -> BlockJson | None:
        """A button; None if its call is too long, since a cut call would be another call."""
        if len(value := str(button.call)) > VALUE:
            return None
        element: BlockJson = {
            "type": "button",
            "text": plain(button.label, LABEL),
            "action_id": f"{ACTION_ID_PREFIX}:{next(self._numbers)}",
            "value": value,
        }
        if style := STYLES.get(button.style):
            element["style"] = style
        if button.confirm:
            element["confirm"] = {
                "title": plain(_("Are you sure?"), CONFIRM_TITLE),
                "text": plain(button.confirm, CONFIRM),
                "confirm": plain(_("Yes"), CONFIRM_BUTTON),
                "deny": plain(_("No"), CONFIRM_BUTTON),
            }
        return element

    def _overflow(self, buttons: list[Button]) -> BlockJson:
        options = [{"text": plain(button.label, LABEL), "value": str(button.call)} for button in buttons]
        return {"type": "overflow", "action_id": f"{ACTION_ID_PREFIX}:{next(self._numbers)}", "options": options}


def plain(text: str, limit: int) -> BlockJson:
    """A `plain_text` object, whose text has no formats. Slack refuses empty ones."""
    return {"type": "plain_text", "text": truncate(clean(text), limit).strip() or "…", "emoji": False}


def mrkdwn_text(words: Words, limit: int) -> BlockJson:
    """A `mrkdwn` object. Verbatim: Slack turns no text into links, channels or mentions."""
    return {"type": "mrkdwn", "text": mrkdwn(words, limit).strip() or "…", "verbatim": True}


def _row_count(part: Buttons) -> int:
    """Blocks that a part's buttons take at most."""
    return -(-(len(part.row) + len(part.more)) // ACTIONS)


def _split_evenly(buttons: list[Button], limit: int) -> list[list[Button]]:
    """The buttons in as few groups of at most `limit` as possible, all of about the same size."""
    groups = -(-len(buttons) // limit)
    size = -(-len(buttons) // max(groups, 1))
    return [buttons[i * size : (i + 1) * size] for i in range(groups)]


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


def _text_length(value: Any) -> int:
    """Characters of text in a block."""
    if isinstance(value, dict):
        return sum(len(v) if k in ("text", "url") and isinstance(v, str) else _text_length(v) for k, v in value.items())
    return sum(map(_text_length, value)) if isinstance(value, list) else 0
