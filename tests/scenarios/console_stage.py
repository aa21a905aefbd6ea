"""The terminal as a stage: its screen, and the folder of its files."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from adapters.console.gateway import ConsoleGateway
from adapters.console.screen import Screen
from adapters.console.session import open_club, person, terminal_workspace_id
from bot.chat.gateway import Location
from bot.chat.parameters import Parameter
from tests.scenarios.stages import Person, Stage
from tests.stand_ins import Harness


class ConsoleStage(Stage):
    """The terminal."""

    name = "console"

    def __init__(self, harness: Harness, club_id: int, folder: Path) -> None:
        self._harness = harness
        self._where = Location("console", f"terminal-{club_id}", "general")
        self.folder = folder
        self._lines: list[str] = []
        self._gateway = ConsoleGateway(self._lines.append)
        harness.add(self._gateway)
        self.delivery_worker = harness.delivery_worker

    def _screen(self, name: str, role: str) -> Screen:
        return Screen(self._harness.app, person(name, role), self._where, self._lines.append, folder=self.folder)

    async def enter(self, name: str, role: str = "member") -> Person:
        return ConsolePerson(self, self._screen(name, role))

    async def channel_text(self, room: str) -> str:
        return "\n".join(line for line in self._lines if line.startswith(f"#{room}"))

    async def settle(self) -> None:
        await self.delivery_worker.drain()

    def check(self) -> None:
        assert not any("\x1b" in line for line in self._lines), "no colors into a pipe"

    def heard(self, since: int) -> str:
        return "\n".join(self._lines[since:])

    @property
    def mark(self) -> int:
        return len(self._lines)


class ConsolePerson(Person):
    def __init__(self, stage: ConsoleStage, screen: Screen) -> None:
        self._stage, self._screen = stage, screen

    async def say(self, line: str) -> str:
        mark = self._stage.mark
        await self._screen.handle_line(line)
        received = self._stage.heard(mark)
        await self._stage.settle()
        return received

    async def press(self, label: str, on: str = "") -> str:
        shown = self._screen.buttons
        call = next(button.call for button in reversed(shown) if button.label == label)
        mark = self._stage.mark
        await self._screen.press(call)
        received = self._stage.heard(mark)
        await self._stage.settle()
        return received

    async def fill(self, label: str, field: str, text: str) -> tuple[str, str]:
        stood: list[str] = []

        async def ask(param: Parameter, typed: str) -> str:
            if param.title != field:
                return typed
            stood.append(typed)
            return text

        self._screen.ask = ask
        try:
            shown = await self.press(label)
        finally:
            self._screen.ask = None
        return stood[0], shown

    async def direct_messages(self) -> str:
        alone = (f"(only {self._screen.who.id} sees this)", f"(nur {self._screen.who.id} sieht das)")
        return "\n".join(line for line in self._stage.heard(0).split("\n#") if any(mark in line for mark in alone))

    async def file(self) -> tuple[str, str]:
        return await asyncio.to_thread(newest_file, self._stage.folder)


def newest_file(folder: Path) -> tuple[str, str]:
    """The newest file in a folder."""
    newest = max(folder.iterdir(), key=lambda file: file.stat().st_mtime_ns)
    return newest.name, newest.read_text("utf-8")


@asynccontextmanager
async def console_stage(harness: Harness) -> AsyncIterator[ConsoleStage]:
    """A terminal with a channel for each purpose."""
    club = await open_club(harness.app, "")
    assert terminal_workspace_id(club) == f"terminal-{club.id}"
    with TemporaryDirectory() as folder:
        yield ConsoleStage(harness, club.id, Path(folder))
