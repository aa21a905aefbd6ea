"""The real program as its users start it: `journalclub …` in a process of its own."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.protocol.forked_program import ForkedProgram
from tests.unloaded_clock import WATCHED, unloaded_timeout

DUE_LATER = f"{datetime.now(UTC) + timedelta(days=3):%a} 09:00".lower()
"""A weekly time, for `digest_at`, that is days away: on whatever day the tests run, no draft is begun by itself."""
PROGRAM = Path(sys.executable).with_name("journalclub")


@dataclass(slots=True)
class Running:
    """A started program and what it has printed so far."""

    process: asyncio.subprocess.Process | ForkedProgram
    output: asyncio.StreamReader
    lines: list[str] = field(default_factory=list)
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)
    is_all_read: bool = False
    """True once it has closed its output: a process that has ended may have printed more than was read."""

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    async def says(self, words: str, within: float = 30.0) -> None:
        """Wait until it has printed these words."""
        async with unloaded_timeout(within), self.changed:
            await self.changed.wait_for(lambda: words in self.text or self.is_all_read)
        assert words in self.text, self.text

    async def until(self, holds: Callable[[], object], within: float = 30.0) -> None:
        """Wait until this holds: it is looked at with each line that is printed."""
        async with unloaded_timeout(within), self.changed:
            await self.changed.wait_for(holds)

    async def ends(self, within: float = 25.0) -> int:
        """Wait for its end, and until all that it printed is read; the exit code."""
        async with unloaded_timeout(within):
            code = await self.process.wait()
            async with self.changed:
                await self.changed.wait_for(lambda: self.is_all_read)
            return code

    async def read(self) -> None:
        """Take down what it prints, line by line."""
        async for line in self.output:
            async with self.changed:
                self.lines.append(line.decode().rstrip())
                self.changed.notify_all()
        await self.process.wait()
        async with self.changed:
            self.is_all_read = True
            self.changed.notify_all()


@asynccontextmanager
async def started(folder: Path, *words: str, stdin: str = "", **settings: str) -> AsyncIterator[Running]:
    """Start the program in a folder with these settings (`SLACK__BOT_TOKEN=…`); it is stopped at the end, by its id.

    It is forked from a process that has imported it already, and calls the same function as the command does.
    """
    process = ForkedProgram(folder, words, _environment(settings))
    async with _read(Running(process, await process.connect(stdin))) as running:
        yield running


@asynccontextmanager
async def started_cold(folder: Path, *words: str, stdin: str = "", **settings: str) -> AsyncIterator[Running]:
    """Start the command `journalclub` itself, as from a shell; else as `started`."""
    process = await asyncio.create_subprocess_exec(
        PROGRAM,
        *words,
        cwd=folder,
        env=_environment(settings),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(stdin.encode())
    process.stdin.close()
    async with _read(Running(process, process.stdout)) as running:
        yield running


def _environment(settings: dict[str, str]) -> dict[str, str]:
    """The environment of the tests with these settings of the program alone."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("JOURNALCLUB_")}
    return own | {"PYTHONUNBUFFERED": "1"} | {f"JOURNALCLUB_{name}": value for name, value in settings.items()}


@asynccontextmanager
async def _read(running: Running) -> AsyncIterator[Running]:
    """Read what it prints; kill it at the end if it still runs."""
    reading = asyncio.create_task(running.read())
    WATCHED.add(running.process.pid)
    try:
        yield running
    finally:
        WATCHED.discard(running.process.pid)
        if running.process.returncode is None:
            running.process.kill()
        async with unloaded_timeout(30):  # its output ends with it, unless something that it has started holds it
            await reading


def stamp(at: datetime) -> str:
    """A moment as SQLite's rows have it."""
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


def write(database: Path, sql: str, *values: str) -> None:
    """Change the stopped program's database: so a week, or five minutes, have passed."""
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute(sql, values).rowcount > 0, sql
        connection.commit()
