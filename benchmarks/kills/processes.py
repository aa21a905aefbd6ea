"""The programs under trial: started by the starter, killed, counted."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.kills.fast_time import FastTime

BY_ITSELF = "ended by itself"


@dataclass(slots=True)
class Processes:
    """Programs that run now, by process id, with the file in which each notes where it was killed."""

    folder: Path
    settings: dict[str, str]
    starter: asyncio.subprocess.Process
    alive: dict[int, Path] = field(default_factory=dict)
    ended: list[str] = field(default_factory=list)
    """Points at which processes died, in order; `BY_ITSELF` for one that ended without."""
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    expected: set[int] = field(default_factory=set)
    _count: int = 0
    _started: asyncio.Queue[int] = field(default_factory=asyncio.Queue)

    @property
    def log(self) -> Path:
        """File with the output of all programs, one after the other."""
        return self.folder / "log"

    async def start(self, kill_at: int = 0) -> int:
        """Start a program that dies at that point, counted from 1; its process id."""
        self._count += 1
        note = self.folder / f"killed-{self._count}"
        order = {"settings": self.settings, "kill_at": kill_at, "note": str(note), "log": str(self.log)}
        assert self.starter.stdin is not None
        self.starter.stdin.write((json.dumps(order) + "\n").encode())
        pid = await self._started.get()
        self.alive[pid] = note
        return pid

    async def kill(self, pid: int) -> None:
        """Kill a program, and wait until it is gone."""
        self.expected.add(pid)
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        while pid in self.alive:
            self.changed.clear()
            await self.changed.wait()

    async def kill_all(self) -> None:
        """Kill all that run."""
        for pid in list(self.alive):
            await self.kill(pid)

    async def read(self) -> None:
        """Take down what the starter says, until it ends."""
        assert self.starter.stdout is not None
        async for line in self.starter.stdout:
            words = json.loads(line)
            if "started" in words:
                self._started.put_nowait(words["started"])
                continue
            pid = words["ended"]
            note = self.alive.pop(pid, None)
            if pid not in self.expected:
                self.ended.append(note.read_text() if note and note.exists() else BY_ITSELF)
            if note:
                note.unlink(missing_ok=True)
            self.expected.discard(pid)
            self.changed.set()


@asynccontextmanager
async def starter(
    folder: Path, settings: dict[str, str], fast: FastTime, seconds: Path | None = None, server: int = 0
) -> AsyncIterator[Processes]:
    """A starter for programs with these settings; whatever still runs is killed at the end.

    It advances the shared `seconds`, which stand still while the database's `server` waits for a processor too.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "benchmarks.kills.starter",
        str(fast.origin),
        str(fast.speed),
        *((str(seconds), str(server)) if seconds else ()),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env={name: value for name, value in os.environ.items() if not name.startswith("JOURNALCLUB_")},
    )
    programs = Processes(folder, settings, process)
    reading = asyncio.create_task(programs.read())
    try:
        yield programs
    finally:
        await programs.kill_all()
        assert process.stdin is not None
        process.stdin.close()
        await process.wait()
        await reading
