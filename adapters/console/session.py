"""Sessions of `journalclub console`: an interactive prompt, or one command a line from a pipe."""

from __future__ import annotations

import shutil
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from pathlib import Path

from prompt_toolkit import PromptSession
from prompt_toolkit.formatted_text import ANSI
from prompt_toolkit.history import FileHistory
from prompt_toolkit.patch_stdout import patch_stdout

from adapters.console.completion import CommandCompleter, FieldCompleter
from adapters.console.gateway import ConsoleGateway
from adapters.console.render import TerminalStyle
from adapters.console.screen import AskFor, Screen
from bot.app import App, Requester
from bot.chat.gateway import Location
from bot.chat.parameters import Parameter
from bot.domain.club_settings import PURPOSES
from bot.domain.models import Club
from bot.errors import UserError
from bot.locale.current import _, mark_text

LEAVE = ("/quit", "/exit", "quit", "exit", ":q")
"""Lines that end the session, as Ctrl-D does."""

Job = Callable[[], Awaitable[None]]

WELCOME = mark_text(
    "Journal Club · {club}. You are {name}{role}. Commands begin with a slash: try /help "
    "or /paper top.\nA number presses the button beside it; Tab completes; Ctrl-D ends the "
    "session."
)


def this_terminal() -> ConsoleGateway:
    """The gateway of the program's own terminal: with colors, unless lines come from a pipe."""
    color = sys.stdin.isatty()
    return ConsoleGateway(
        print, TerminalStyle(shutil.get_terminal_size().columns, color=True) if color else TerminalStyle()
    )


async def run_session(
    app: App,
    gateway: ConsoleGateway,
    name: str,
    *,
    tick: Job,
    drain: Job,
    role: str = "member",
    club: str = "",
    folder: Path,
) -> int:
    """Run a session of one person. Returns the exit code: 1 if any line from a pipe failed.

    `tick` runs the schedule and `drain` delivers posts, which `gateway` prints: before the first line and after each
    one.
    """
    chosen = await open_club(app, club)
    where = Location("console", terminal_workspace_id(chosen), "general")
    screen = Screen(
        app, person(name, role), where, gateway.show, gateway.paint, folder=Path.cwd(), button_row=gateway.buttons
    )
    settle = _run_pending(drain, tick)
    if not sys.stdin.isatty():
        return await _run_piped(screen, settle)
    print(WELCOME.format(club=chosen.name, name=name, role="" if role == "member" else f", {role}"))
    await settle()
    session: PromptSession[str] = PromptSession(
        history=FileHistory(str(folder / "console-history")),
        completer=CommandCompleter(screen),
        complete_while_typing=True,
    )
    screen.ask = _asker(screen)
    with patch_stdout(raw=True):  # keeps the program's own colors; people's texts were cleaned when they were rendered
        async for line in _run_prompt(session, name):
            if line.strip().lower() in LEAVE:
                break
            await screen.handle_line(line)
            await settle()
    return 0


async def _run_prompt(session: PromptSession[str], name: str) -> AsyncIterator[str]:
    while True:
        try:
            yield await session.prompt_async(ANSI(f"\x1b[1m{name}>\x1b[0m "))
        except KeyboardInterrupt:
            continue
        except EOFError:
            return


def _run_pending(drain: Job, tick: Job) -> Job:
    """A function that runs the schedule and delivers posts, then both again for what follows, such as closing an
    edition.
    """

    async def settle() -> None:
        await drain()
        await tick()
        await drain()
        await tick()

    return settle


async def _run_piped(screen: Screen, settle: Job) -> int:
    """Run one command a line. A line that fails does not stop the rest, but sets the exit code to 1."""
    await settle()
    failed = 0
    for line in _whole_lines(sys.stdin):
        if line.strip().lower() in LEAVE:
            break
        print(f"> {line.rstrip()}")
        failed += not await screen.handle_line(line)
        await settle()
    return 1 if failed else 0


def _whole_lines(lines: Iterable[str]) -> Iterator[str]:
    """Lines of a pipe; one that ends in a backslash goes on in the next, as a text of several lines."""
    whole = ""
    for line in lines:
        if line.rstrip("\r\n").endswith("\\"):
            whole += line.rstrip("\r\n")[:-1] + "\n"
            continue
        yield whole + line
        whole = ""
    if whole:
        yield whole


def person(name: str, role: str) -> Requester:
    """The person at the terminal. Whoever can start the program may choose their own role."""
    return Requester(name.lower(), name, manages=role == "admin", moderates=role == "moderator")


def terminal_workspace_id(club: Club) -> str:
    """The workspace id of a club's terminal."""
    return f"terminal-{club.id}"


async def open_club(app: App, name: str = "") -> Club:
    """The club with that name, or the only one; created if there is none. Raises UserError if the choice is not clear.

    Its terminal has a room for each purpose, so that every post is printed.
    """
    async with app.store.admin_session() as admin:
        clubs = [club for club in await admin.directory.all_clubs() if not name or club.name.lower() == name.lower()]
        if len(clubs) > 1:
            known = ", ".join(f"“{club.name}”" for club in clubs)
            raise UserError(_("There are several clubs: {known}. Choose one with --club NAME.", known=known))
        if not clubs and name and await admin.directory.all_clubs():
            known = ", ".join(f"“{club.name}”" for club in await admin.directory.all_clubs())
            raise UserError(_("There is no club “{name}”. The clubs are: {known}.", name=name, known=known))
        club = (
            clubs[0]
            if clubs
            else await admin.directory.create_club(
                name or "Journal Club", app.installation.timezone, app.now(), {"digest_at": app.installation.digest_at}
            )
        )
        workspace = await admin.directory.join(club, "console", terminal_workspace_id(club), "Terminal")
    async with app.store.begin(club.id) as db:
        used = {room.purpose for room in await db.rooms.all() if room.workspace_id == workspace.id}
        for purpose in PURPOSES:
            if purpose not in used:
                await db.rooms.assign(workspace.id, purpose, purpose, purpose)
    return club


def _asker(screen: Screen) -> AskFor:
    plain: PromptSession[str] = PromptSession(complete_while_typing=True)

    async def ask(param: Parameter, typed: str) -> str:
        choices = f" ({', '.join(param.values)})" if param.values else ""
        optional = "" if param.required or param.hint.here else _(", optional")
        return await plain.prompt_async(
            f"  {param.title}: {_(param.hint.label)}{choices}{optional}: ",
            default=typed,
            completer=FieldCompleter(screen, param),
        )

    return ask
