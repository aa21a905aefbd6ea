"""`journalclub console`: a chat in the terminal, or one command a line from a pipe."""

from __future__ import annotations

import shutil
import sys
from collections.abc import AsyncGenerator, AsyncIterator, Iterable
from pathlib import Path

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.formatted_text import ANSI
from prompt_toolkit.history import FileHistory
from prompt_toolkit.patch_stdout import patch_stdout

from adapters.console.render import Paint
from adapters.console.screen import AskFor, Screen
from bot.app import App, Who
from bot.chat.calls import split
from bot.chat.commands import Commands
from bot.chat.gateway import Where
from bot.chat.params import Param
from bot.dispatch import enter
from bot.domain.clubs import PURPOSES
from bot.domain.models import Club
from bot.errors import UserError

HELLO = """Journal Club · {club}. You are {name}{role}. Commands begin with a slash: try /help or /paper top.
A number presses the button it stands beside; Tab completes; Ctrl-D leaves."""


async def console(app: App, name: str, *, role: str = "member", club: str = "", folder: Path) -> int:
    """Talk to a club as somebody. Gives the exit code: 1 if any line from a pipe failed."""
    chosen = await open_club(app, club)
    who = person(name, role)
    where = Where("console", terminal(chosen), "general")
    if not sys.stdin.isatty():
        return await _script(app, who, where)
    screen = Screen(app, who, where, print, Paint(shutil.get_terminal_size().columns, colour=True))
    courier = screen.attach()
    print(HELLO.format(club=chosen.name, name=name, role="" if role == "member" else f", {role}"))
    await courier.drain()
    session: PromptSession[str] = PromptSession(
        history=FileHistory(str(folder / "console-history")),
        completer=Suggestions(app.commands, screen),
        complete_while_typing=True,
    )
    screen.ask = _asker()
    with patch_stdout(raw=True):  # our own colours come through; what people wrote was cleaned when it was drawn
        async for line in _lines(session, name):
            await screen.say(line)
            await courier.drain()
    return 0


async def _lines(session: PromptSession[str], name: str) -> AsyncIterator[str]:
    while True:
        try:
            yield await session.prompt_async(ANSI(f"\x1b[1m{name}>\x1b[0m "))
        except KeyboardInterrupt:
            continue
        except EOFError:
            return


async def _script(app: App, who: Who, where: Where) -> int:
    """One command a line; a line that fails does not stop the rest, but the exit code tells."""
    screen = Screen(app, who, where, print)
    courier = screen.attach()
    failed = 0
    for line in sys.stdin:
        print(f"> {line.rstrip()}")
        failed += not await screen.say(line)
        await courier.drain()
    return 1 if failed else 0


def person(name: str, role: str) -> Who:
    """Somebody at the terminal. Who can start the program may say what they are in it."""
    return Who(name.lower(), name, manages=role == "admin", moderates=role == "moderator")


def terminal(club: Club) -> str:
    """The id of a club's terminal, as a workspace."""
    return f"terminal-{club.id}"


async def open_club(app: App, name: str = "") -> Club:
    """The club to enter: the one of that name, or the only one there is; founded where there is none.

    Its terminal has a room for each purpose, so that whatever the club posts is seen.
    """
    async with app.store.house() as house:
        clubs = [club for club in await house.clubs() if not name or club.name.lower() == name.lower()]
        if len(clubs) > 1:
            known = ", ".join(f"“{club.name}”" for club in clubs)
            raise UserError(f"There are several clubs: {known}. Say which with --club NAME.")
        if not clubs and name and await house.clubs():
            known = ", ".join(f"“{club.name}”" for club in await house.clubs())
            raise UserError(f"There is no club “{name}”. There is {known}.")
        club = (
            clubs[0]
            if clubs
            else await house.found(
                name or "Journal Club", app.home.timezone, app.now(), {"digest_at": app.home.digest_at}
            )
        )
        workspace = await house.join(club, "console", terminal(club), "Terminal")
    async with app.store.begin(club.id) as db:
        used = {room.purpose for room in await db.rooms.all() if room.workspace_id == workspace.id}
        for purpose in PURPOSES:
            if purpose not in used:
                await db.rooms.use(workspace.id, purpose, purpose, purpose)
    return club


def _asker() -> AskFor:
    plain: PromptSession[str] = PromptSession()

    async def ask(param: Param, typed: str) -> str:
        choices = f" ({', '.join(param.choices)})" if param.choices else ""
        optional = "" if param.required or param.ask.here else ", optional"
        return await plain.prompt_async(f"  {param.name}: {param.ask.label}{choices}{optional}: ", default=typed)

    return ask


class Suggestions(Completer):
    """Completes commands, options, choices, and whatever a parameter suggests."""

    def __init__(self, commands: Commands, screen: Screen) -> None:
        self._commands = commands
        self._screen = screen

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        """Suggestions that need no database: the commands themselves."""
        typed = document.text_before_cursor.lstrip("/")
        for name, command in self._commands.items():
            if name.startswith(typed.lower()) and name != typed:
                yield Completion(
                    f"/{name}", -len(document.text_before_cursor), display=f"/{name}", display_meta=command.summary
                )

    async def get_completions_async(
        self, document: Document, complete_event: CompleteEvent
    ) -> AsyncGenerator[Completion, None]:
        """Commands, or what the parameter that is being typed suggests."""
        for completion in self.get_completions(document, complete_event):
            yield completion
        async for completion in self._words(document.text_before_cursor):
            yield completion

    async def _words(self, line: str) -> AsyncIterator[Completion]:
        try:
            command, call = self._commands.find(line)
        except UserError:
            return
        typed = "" if line.endswith(" ") or not call.words else call.words[-1]
        if not line.endswith(" ") and len(split(line)) == len(command.name.split()):
            return
        place = len(call.words) - (1 if typed else 0)
        param = next((p for i, p in enumerate(command.params) if i == place or p.greedy), None)
        if param is None:
            return
        for choice in param.choices:
            if choice.startswith(typed.lower()):
                yield Completion(choice, -len(typed))
        if param.ask.suggest:
            words = " ".join(call.words[command.params.index(param) :])
            context = await enter(self._screen.app, self._screen.who, self._screen.where)
            for label, word in await param.ask.suggest(context, words):
                yield Completion(word, -len(words), display=label)
