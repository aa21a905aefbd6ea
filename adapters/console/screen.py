"""The screen of one person at the terminal: input, buttons and forms."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from adapters.console.gateway import ButtonRow
from adapters.console.render import TerminalStyle, render
from bot.app import App, Requester, RequestKind
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, File, ListEntry, Tone, text
from bot.chat.command import Command
from bot.chat.error_cards import build_error_card, error_card_of
from bot.chat.gateway import Location
from bot.chat.parameters import Parameter
from bot.chat.rich_text import parse_backticks, plain
from bot.chat.text import clean, truncate
from bot.dispatch import answer
from bot.errors import UserError
from bot.locale.current import _
from bot.requester_lookup import identify
from bot.saved_calls import EDIT_SAVED, FORM_REFERENCES, load_saved_call

AskFor = Callable[[Parameter, str], Awaitable[str]]
"""Asks the person for one parameter, given its present text. Raises EOFError if they give up."""

MAX_DIGITS = 10
"""Digits that no button number has."""


@dataclass(slots=True)
class Screen:
    """The terminal of one person, with every kind of input that a chat platform has."""

    app: App
    who: Requester
    where: Location
    show: Callable[[str], None]
    paint: TerminalStyle = field(default_factory=TerminalStyle)
    ask: AskFor | None = None
    """Asks for a form's fields one by one. None if nobody can be asked: a missing word is then an error."""
    folder: Path | None = None
    """Folder for files; None prints them instead."""
    button_row: ButtonRow = field(default_factory=ButtonRow)
    """Buttons on the screen, including those of posts."""

    @property
    def buttons(self) -> tuple[Button, ...]:
        """The buttons on the screen; the first is number 1."""
        return self.button_row.shown

    async def handle_line(self, line: str) -> bool:
        """Handle a line: a command, the number of a button, or a `# comment`. False if it failed."""
        line = line.strip()
        if not line or line.startswith("#"):
            return True
        if line.isdecimal():
            number = int(line) if len(line) < MAX_DIGITS else 0
            if 0 < number <= len(self.buttons):
                return await self.press(self.buttons[number - 1].call)
            return self._refuse_number(truncate(line, MAX_DIGITS))
        try:
            command, call = self.app.commands.find(line)
        except UserError as error:
            return self._refuse(error)
        return await self._run(command, call, RequestKind.TYPED)

    async def press(self, call: Call) -> bool:
        """Press a button. If words are missing, or typed text is to be corrected, its form opens. False if it
        failed.
        """
        try:
            context = await identify(self.app, self.who, self.where)
            saved = await load_saved_call(self.app, call, context.club.id, context.member.id)
            command = self.app.commands[saved.command]
        except UserError as error:
            return self._refuse(error)
        here = bool(self.where.thread)
        fixed = () if call.command == EDIT_SAVED else tuple(p.name for p in command.fixed(saved, here=here))
        return await self._run(command, saved, RequestKind.CLICK, form=call.command in FORM_REFERENCES, fixed=fixed)

    async def _run(
        self, command: Command, call: Call, via: RequestKind, *, form: bool = False, fixed: Collection[str] = ()
    ) -> bool:
        here = bool(self.where.thread)
        try:
            if form or (self.ask and command.missing(call, here=here)):
                call, via = await self._form(command, call, fixed), RequestKind.FORM
        except (EOFError, KeyboardInterrupt):
            self.show(_("Nothing was sent."))
            return True
        except UserError:
            pass  # the dispatcher reports the error
        went_well = True
        async for answer_card in answer(self.app, call, self.who, self.where, via):
            went_well = not answer_card.failed
            self._print_card(answer_card.card)
        return went_well

    async def _form(self, command: Command, call: Call, fixed: Collection[str] = ()) -> Call:
        """Ask for each parameter in turn, but for the `fixed` ones; an invalid word is reported and asked for again."""
        if self.ask is None:
            return call
        given = command.words(call, here=bool(self.where.thread))
        self.show(self.paint.ink("1", command.title) + self.paint.ink("2", _("  (empty line: skip, Ctrl-D: stop)")))
        for param in command.form_parameters(given, here=bool(self.where.thread)):
            if param.name in fixed:
                continue
            given[param.name] = await self._ask_field(param, given.get(param.name, ""))
        return Call(command.name, (), tuple((name, word) for name, word in given.items() if word))

    async def _ask_field(self, param: Parameter, typed: str) -> str:
        assert self.ask is not None
        while True:
            typed = await self.ask(param, typed)
            if not typed.strip() and not param.required and not param.hint.here:
                return ""
            try:
                param.read(typed)
            except UserError as error:
                self.show(self.paint.ink("31", plain(parse_backticks(str(error)))))
            else:
                return typed

    def _refuse(self, error: UserError) -> bool:
        self._print_card(error_card_of(error))
        return False

    def _refuse_number(self, number: str) -> bool:
        """Say that a number presses nothing; buttons of an earlier answer are shown again, so that they can be."""
        earlier = self.button_row.earlier
        if self.buttons or earlier is None:
            what = _("There is no button {line}.", line=number)
            if not self.buttons:
                what = _("There is nothing to press: no answer has buttons yet.")
            self.show(render(build_error_card(what), self.paint))
            return False
        title = truncate(earlier.title, 80)
        say = _("The newest answer has no buttons. The buttons below belong to “{title}”:", title=title)
        rows = tuple(part for part in earlier.parts if isinstance(part, Buttons | ListEntry) and _has_button(part))
        self._print_card(Card(_("Number {number} was not pressed", number=number), (text(say), *rows), Tone.BAD))
        return False

    def _print_card(self, card: Card) -> None:
        """Print an answer with its buttons. Those of earlier answers can no longer be pressed."""
        self.button_row.clear()
        numbered = self.button_row.add(card)
        self.show(render(card, self.paint, numbered_from=numbered))
        for part in card.parts:
            if isinstance(part, File):
                self.show(
                    _("Saved in {write_file}.", write_file=write_file(part, self.folder))
                    if self.folder
                    else clean(part.content)
                )


def _has_button(part: Buttons | ListEntry) -> bool:
    return isinstance(part, Buttons) or part.button is not None


def write_file(file: File, folder: Path) -> Path:
    """Write a file into a folder under a name that is not taken. Returns its path."""
    stem, dot, endings = file.name.partition(".")
    for number in count(1):
        path = folder / (file.name if number == 1 else f"{stem}-{number}{dot}{endings}")
        try:
            with path.open("x", encoding="utf-8", errors="replace") as written:
                written.write(file.content)
        except FileExistsError:
            continue
        return path
    raise AssertionError("there is always a next number")
