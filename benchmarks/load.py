"""Common parts of both platforms' load tests: actions of members, their rate, and the results.

`python -m benchmarks.load_slack` runs the real program in a process of its own against a local Slack with a club of
100,000 papers and 1,000,000 votes, with fifty actions a second; it alternates with a bare framework that only echoes.
The load is an open loop: slow responses do not delay later actions.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
import subprocess
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from time import perf_counter

from benchmarks.synthetic_club import SyntheticClub, load
from benchmarks.table import percentile
from bot.store.database.migrate import migrate

RATE = 50
"""Interactions a second."""
SECONDS, ROUNDS = 20, 3
"""Total duration in seconds, in rounds in which the bare framework and the club alternate."""
GOAL_MS, LATEST_MS = 150.0, 2000.0
"""Within which 99 of 100 are acknowledged, and each one."""
RESPONSE_TIMEOUT = 30.0
"""Seconds after which a missing response counts as lost."""

PEOPLE, PAPERS = 200, 100_000

MIX = (
    ("vote", 30), ("click", 25), ("show", 15), ("top", 10), ("find", 10), ("submit", 10),
)  # fmt: skip
"""Actions of members, with their frequency in percent."""

SEARCH_TERMS = ("learning", "attention", "graph", "diffusion models", "zzz")
BUTTONS = ("Vote", "Not for us", "Save")


@dataclass(frozen=True, slots=True)
class MemberAction:
    """Something that a member does: a typed command, or a press of a button on a card that all see."""

    person: int
    line: str = ""
    button: str = ""


@dataclass(slots=True)
class ResponseTimes:
    """Response times of an action in seconds; None if there was no response."""

    acked: float | None = None
    answered: float | None = None


@dataclass(slots=True)
class Run:
    """All actions and measurements of one side."""

    name: str
    timings: list[ResponseTimes] = field(default_factory=list)
    memory: list[int] = field(default_factory=list)
    """Mebibytes at the start, and after each round."""
    cpu: float = 0.0
    """Seconds of processor time."""

    @property
    def lost_count(self) -> int:
        """Acts that were not acknowledged, or never answered."""
        return sum(taken.acked is None or taken.answered is None for taken in self.timings)

    @property
    def met_goals(self) -> bool:
        """Return True if the goals were met."""
        acks = self._acks()
        return not self.lost_count and percentile(acks, 0.99) < GOAL_MS and max(acks) < LATEST_MS

    def row(self) -> tuple[str, ...]:
        """A row of the table."""
        acks, answers = self._acks(), [taken.answered * 1000 for taken in self.timings if taken.answered is not None]
        figures = [*(percentile(acks, share) for share in (0.5, 0.99)), max(acks), *_percentiles(answers)]
        memory = " → ".join(map(str, self.memory)) + " MiB"
        cpu = f"{self.cpu * 1000 / len(self.timings):.1f} ms"
        return (
            self.name,
            str(len(self.timings)),
            *(f"{ms:.0f} ms" for ms in figures),
            str(self.lost_count),
            memory,
            cpu,
        )

    def _acks(self) -> list[float]:
        return [taken.acked * 1000 for taken in self.timings if taken.acked is not None]


@dataclass(slots=True)
class Side(ABC):
    """One program in a process of its own, with its own local platform."""

    run: Run
    pid: int
    todo: Iterator[MemberAction]

    async def round(self, seconds: float) -> None:
        """Run one round of load."""
        if not self.run.memory:
            self.run.memory.append(resident_memory(self.pid))
        before = cpu_seconds(self.pid)
        self.run.timings += await drive(self.do, self.todo, seconds)
        self.run.cpu += cpu_seconds(self.pid) - before
        self.run.memory.append(resident_memory(self.pid))

    @abstractmethod
    async def do(self, act: MemberAction) -> ResponseTimes:
        """Perform an action of a member and wait for its visible response."""


TABLE_HEADER = ("", "acts", "ack p50", "p99", "max", "answer p50", "p99", "lost", "resident memory", "CPU an act")


def _percentiles(values: Sequence[float]) -> tuple[float, float]:
    return percentile(values, 0.5), percentile(values, 0.99)


def member_actions(seed: int = 7) -> Iterator[MemberAction]:
    """Endless sequence of actions; the same seed gives the same sequence."""
    draw = Random(seed)
    kinds, weights = zip(*MIX, strict=True)
    while True:
        kind, person = draw.choices(kinds, weights)[0], draw.randrange(PEOPLE)
        number = draw.randint(1, PAPERS)
        lines = {
            "vote": f"/paper vote {number}",
            "show": f"/paper show {number}",
            "top": "/paper top",
            "find": f"/paper find {draw.choice(SEARCH_TERMS)}",
            "submit": f"/paper submit {2300 + number // 20000:04d}.{number % 20000:05d}",
        }
        yield MemberAction(person, lines[kind]) if kind in lines else MemberAction(person, button=draw.choice(BUTTONS))


async def drive(
    do: Callable[[MemberAction], Awaitable[ResponseTimes]], actions: Iterator[MemberAction], seconds: float = SECONDS
) -> list[ResponseTimes]:
    """Perform actions at the given rate, independent of the responses; return all measurements."""
    begun, tasks = perf_counter(), []
    for number in range(int(seconds * RATE)):
        await asyncio.sleep(begun + number / RATE - perf_counter())
        tasks.append(asyncio.ensure_future(do(next(actions))))
    return await asyncio.gather(*tasks)


def large_club(folder: Path, platform: str, workspace: str, club: SyntheticClub | None = None) -> Path:
    """A SQLite database with the crowd in it, or another club, which lives in one workspace of a platform."""
    path = folder / "data" / "journalclub.db"
    path.parent.mkdir()
    url = f"sqlite:///{path}"
    migrate(url)
    load(url, club or SyntheticClub())
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE workspace SET external_id = ? WHERE platform = ?", (workspace, platform))
        connection.commit()
    return path


def resident_memory(pid: int) -> int:
    """The memory of a process that is in the machine's, in mebibytes."""
    return int(_ps(pid, "rss")) // 1024


def cpu_seconds(pid: int) -> float:
    """Processor time used by a process in seconds: to the hundredth on Linux, else whole seconds."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return float(_ps(pid, "cputimes"))
    user, system = map(int, fields[11:13])  # proc(5): the 14th and 15th
    return (user + system) / os.sysconf("SC_CLK_TCK")


def _ps(pid: int, what: str) -> str:
    return subprocess.run(["ps", "-o", f"{what}=", "-p", str(pid)], check=True, capture_output=True, text=True).stdout
