"""Renders cards as Components V2. Every message is within Discord's limits by construction."""

from __future__ import annotations

from collections import Counter
from itertools import count
from typing import Any, assert_never

from discord import ButtonStyle, Color, MediaGalleryItem, SelectOption, ui

from adapters.discord.render.custom_ids import MAX_CALL_LENGTH, ComponentAction, CustomIdSigner
from adapters.discord.render.discord_markdown import code_block, label, markdown, utf16_length
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
    Style,
    Text,
    Tone,
)
from bot.chat.rich_text import Bold, InlineCode, Link, Span, Words
from bot.chat.text import one_line
from bot.domain.figure_names import is_figure_name
from bot.editions.render.attachments import figure_file_name, name_of
from bot.locale.current import _, mark_text

ComponentItem = ui.Item[Any]

# The limits, from Discord's "Component Reference".
MAX_COMPONENTS = 40
"""Components of a message, counted at every depth."""
COMPONENTS_V2 = 1 << 15
"""The flag of a message that consists of components only (Discord, "Message Flags")."""
MAX_TEXT = 4000
"""Characters of all text displays of a message together."""
ROW, LABEL, OPTIONS, OPTION, PLACEHOLDER = 5, 80, 25, 100, 150

CONTINUED = mark_text("-# This was too long and is cut here.")
MAX_TITLE = 600
"""Characters of a title with its link, fewer than Discord allows, so that a long title leaves room for the rest."""

MAX_ALT_TEXT = 1024
"""Characters of a picture's description."""

MIN_TEXT = 8
"""Characters of room below which no further text is started."""

MENU_ID_PREFIX = "jcm"
"""Prefix of the custom ids of the bot's menus, whose options carry the calls."""

COLORS = {
    Tone.PLAIN: Color.blurple(),
    Tone.GOOD: Color.green(),
    Tone.BAD: Color.red(),
    Tone.QUIET: Color.dark_grey(),
}
STYLES = {Style.PLAIN: ButtonStyle.secondary, Style.MAIN: ButtonStyle.primary, Style.DANGER: ButtonStyle.danger}


def render(
    card: Card,
    signer: CustomIdSigner | None,
    *,
    mark: int | None = None,
    action: ComponentAction = ComponentAction.RUN,
    pictures: bool = False,
) -> ui.LayoutView:
    """Render a card. Text that does not fit is cut, and the card says so; room for the buttons is reserved.

    Without a `signer` the message has no buttons, as in direct messages, which belong to no club. `mark` is the
    delivery mark by which the message is found again. `action` is the action of the buttons. With `pictures` the
    message shows the card's pictures and files, which must be sent along (`bot.editions.render.attachments`).
    """
    builder = _MessageBuilder(card, signer, action, pictures=pictures)
    for part in card.parts:
        builder.add(part)
    container = ui.Container[Any](*builder.finish(), accent_color=COLORS[card.tone], id=mark)
    view = ui.LayoutView(timeout=None)
    view.add_item(container)
    # A stopped view is not kept in memory: clicks are read from the message.
    view.stop()
    return view


class _MessageBuilder:
    """Builds one message. Adjacent texts become one component."""

    def __init__(self, card: Card, signer: CustomIdSigner | None, action: ComponentAction, *, pictures: bool) -> None:
        self._pictures = count(1) if pictures else None
        self._figures = count(1)
        self._signer = signer
        self._action = action
        self._items: list[ComponentItem] = []
        self._lines: list[str] = []
        self._components = MAX_COMPONENTS - 1  # the container itself
        self._text = MAX_TEXT - utf16_length(_(CONTINUED)) - 1
        self._reserved = sum(_component_count(part) for part in card.parts) if signer else 0
        self._call_counts: Counter[str] = Counter()
        self._is_truncated = False
        title = one_line(card.title) or "Journal Club"
        self._add_text("## " + markdown((Link(title, card.url) if card.url else title,), MAX_TITLE))

    def add(self, part: Part) -> None:
        """Add the next part."""
        match part:
            case Buttons(row, more):
                if self._signer:
                    self._reserved -= _component_count(part)
                    self._buttons(row, more, self._signer)
            case ListEntry(words, small, Button() as button) if self._signer and self._has_room(3):
                self._section(words, small, button, self._signer)
            case ChartPart(alt=alt):
                if self._pictures:
                    self._picture(f"attachment://{name_of(next(self._pictures))}", alt)
            case FigurePart(url, alt) if is_figure_name(url):
                if self._pictures:
                    self._picture(f"attachment://{figure_file_name(next(self._figures), url)}", alt)
            case FigurePart(url, alt):
                if Link(alt, url).is_safe:
                    self._picture(url, alt)
                else:
                    self._add_text(text(Note((alt,)), self._text - 1))
            case File(name):
                if self._pictures and self._has_room(1):
                    self._add_item(ui.File(f"attachment://{name}"), 1)
            case Divider():
                if self._has_room(1):
                    self._add_item(ui.Separator(), 1)
            case Heading() | Text() | QuotePart() | Points() | Facts() | Note() | ListEntry() | LinkRow():
                self._add_text(text(part, self._text - 1))
            case _:
                assert_never(part)

    def finish(self) -> list[ComponentItem]:
        """All components of the message."""
        if self._is_truncated:
            self._lines.append(_(CONTINUED))
        self._flush()
        return self._items

    def _has_room(self, components: int) -> bool:
        """True if that many more components fit, besides the pending text and the reserved buttons."""
        return self._components - bool(self._lines) - self._reserved - 1 >= components

    def _add_text(self, words: str) -> None:
        if not words and self._text > MIN_TEXT:
            return
        if not words or utf16_length(words) + 1 > self._text or not (self._lines or self._has_room(1)):
            self._is_truncated = True
            return
        self._text -= utf16_length(words) + 1
        self._lines.append(words)

    def _flush(self) -> None:
        if self._lines:
            self._items.append(ui.TextDisplay("\n".join(self._lines)))
            self._components -= 1
            self._lines = []

    def _add_item(self, item: ComponentItem, components: int) -> None:
        self._flush()
        self._items.append(item)
        self._components -= components

    def _picture(self, url: str, alt: str) -> None:
        if self._has_room(1):
            item = MediaGalleryItem(url, description=label(alt, MAX_ALT_TEXT) or None)
            self._add_item(ui.MediaGallery(item), 1)

    def _section(self, words: Words, small: Words, button: Button, signer: CustomIdSigner) -> None:
        content = text(ListEntry(words, small), self._text - 1)
        if (rendered := self._button(button, signer)) and content:
            self._text -= utf16_length(content) + 1
            self._add_item(ui.Section(content, accessory=rendered), 3)
        else:
            self._add_text(content)

    def _buttons(self, row: tuple[Button, ...], more: tuple[Button, ...], signer: CustomIdSigner) -> None:
        rendered = [b for button in row if (b := self._button(button, signer))]
        options = [o for button in more if (o := self._option(button, signer))][:OPTIONS]
        if len(options) == 1:
            rendered, options = [*rendered, *(b for button in more if (b := self._button(button, signer)))], []
        for at in range(0, len(rendered), ROW):
            fitting = rendered[at : at + ROW][: max(self._components - bool(self._lines) - 2, 0)]
            if fitting:
                self._add_item(ui.ActionRow(*fitting), 1 + len(fitting))
        if options and self._components - bool(self._lines) - 1 >= 2:
            menu = ui.Select[Any](custom_id=self._numbered(MENU_ID_PREFIX), placeholder=_("More…"), options=options)
            self._add_item(ui.ActionRow(menu), 2)

    def _button(self, button: Button, signer: CustomIdSigner) -> ui.Button[Any] | None:
        if custom_id := self._custom_id(button, signer):
            return ui.Button(label=label(button.label, LABEL), style=STYLES[button.style], custom_id=custom_id)
        return None

    def _option(self, button: Button, signer: CustomIdSigner) -> SelectOption | None:
        if value := self._custom_id(button, signer):
            return SelectOption(label=label(button.label, OPTION), value=value)
        return None

    def _custom_id(self, button: Button, signer: CustomIdSigner) -> str:
        """The custom id of a button, numbered if the message has several with the same call; empty if the call is too
        long.
        """
        call = str(button.call)
        same = self._call_counts[call]
        if len(call) > MAX_CALL_LENGTH or same > 99 or not _is_encodable(call):
            return ""
        self._call_counts[call] += 1
        return signer.custom_id(call, ComponentAction.ASK if button.confirm else self._action, same)

    def _numbered(self, name: str) -> str:
        self._call_counts[name] += 1
        return f"{name}{self._call_counts[name]}"


def _component_count(part: Part) -> int:
    """Components that the buttons of a part take."""
    if not isinstance(part, Buttons):
        return 0
    return len(part.row) + -(-len(part.row) // ROW) + 2 * bool(part.more)


def text(part: Part, limit: int) -> str:
    """A part as Markdown of at most `limit` characters; empty for buttons, pictures and dividers."""
    if limit < MIN_TEXT:
        return ""
    match part:
        case Heading(words):
            return "### " + markdown((one_line(words),), limit - 4)
        case Text((InlineCode(block),)) if "\n" in block.strip():
            return code_block(block, limit)
        case Text(words):
            return markdown(words, limit)
        case QuotePart(words, source):
            quoted: Words = (words, f"\n— {source}") if source else (words,)
            return _marked_lines("> ", quoted, limit)
        case Points(items, numbered):
            return _list_text(items, numbered, limit)
        case Facts(pairs):
            return markdown(_facts(pairs), limit)
        case Note(words):
            return _marked_lines("-# ", words, limit)
        case ListEntry(words, small, _):
            line = markdown(words, limit)
            below = _marked_lines("-# ", small, limit - utf16_length(line) - 1) if small else ""
            return f"{line}\n{below}" if below else line
        case LinkRow(row):
            return markdown(_badges([link for link in row if link.is_safe]), limit)
        case Buttons() | ChartPart() | FigurePart() | File() | Divider():
            return ""
        case _:
            assert_never(part)


def _marked_lines(mark: str, words: Words, limit: int) -> str:
    """Words with a mark before each line; lines that do not fit are left out."""
    content: list[str] = []
    left = limit
    for line in markdown(words, limit).split("\n"):
        left -= utf16_length(line) + len(mark) + 1
        if left < 0:
            break
        if line.strip():
            content.append(mark + line)
    if content:
        return "\n".join(content)
    room = limit - len(mark)
    first = markdown(words, room).split("\n")[0] if room > 0 else ""
    return mark + first if first else ""


def _list_text(items: tuple[Words, ...], numbered: bool, limit: int) -> str:
    content: list[str] = []
    left = limit
    for number, item in enumerate(items, 1):
        bullet = f"{number}. " if numbered else "- "
        line = markdown(item, left - len(bullet) - 1).replace("\n", "\n  ")
        left -= utf16_length(line) + len(bullet) + 1
        if not line or left < 0:
            break
        content.append(bullet + line)
    return "\n".join(content)


def _facts(pairs: tuple[tuple[str, str], ...]) -> Words:
    words: list[Span] = []
    for name, value in pairs:
        words += [" · " if words else "", f"{one_line(name)} ", Bold(one_line(value))]
    return tuple(words)


def _badges(links: list[Link]) -> Words:
    words: list[Span] = []
    for link in links:
        words += [" · ", link] if words else [link]
    return tuple(words)


def _is_encodable(text: str) -> bool:
    """True if a text can be encoded as UTF-8; half of a surrogate pair cannot."""
    return text.isascii() or not any("\ud800" <= c <= "\udfff" for c in text)
