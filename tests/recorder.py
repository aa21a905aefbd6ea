"""Beginnings that many tests share are played once; who begins alike goes on from a copy of what came of it.

`@remembered` is for what tests say first: rooms, papers, votes. Played on a club where nothing else has happened, its
outcome is kept: the database, what was posted, what was asked. The next test of the same worker that begins with the
same steps is given that instead. A club where anything else has happened plays every step. What a
test patches in the program itself is not seen here: patch it after the beginning.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar


class Clock(Protocol):
    """The time, as tests move it."""

    at: datetime


Params = ParamSpec("Said")
Steps = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A club after some steps: its database, the time, and what the stand-ins around it keep, list by list."""

    database: sqlite3.Connection
    at: datetime
    lists: tuple[Any, ...]


SNAPSHOTS: dict[Steps, Snapshot] = {}


@dataclass(slots=True)
class SetupRecorder:
    """The steps that a club has gone through, for as long as nothing else happens to it.

    `lists` are those of the stand-ins that playing fills; `others` tells what else a test may have changed.
    """

    database: sqlite3.Connection
    clock: Clock
    lists: tuple[Any, ...]
    others: Callable[[], object]
    steps: Steps | None = ()
    after: object = field(init=False)

    def __post_init__(self) -> None:
        self.after = self.state()

    def state(self) -> object:
        """What changes whenever anything happens. (SQLite counts what other connections commit.)"""
        (written,) = self.database.execute("PRAGMA data_version").fetchone()
        return written, self.clock.at, [len(kept) for kept in self.lists], self.others()

    async def run_step(self, step: object, play: Callable[[], Awaitable[None]]) -> None:
        """Go one step further: to what is kept of it, or by playing it."""
        before = self.steps if self.state() == self.after else None
        if before is None:
            self.steps = None
            await play()
            return
        steps = (*before, step)
        kept = SNAPSHOTS.get(steps)
        if kept is None:
            await play()
            SNAPSHOTS[steps] = self.snapshot()
        else:
            self.restore(kept)
        self.steps, self.after = steps, self.state()

    def snapshot(self) -> Snapshot:
        """A copy of what is."""
        copy = sqlite3.connect(":memory:", check_same_thread=False)
        self.database.backup(copy)
        return Snapshot(copy, self.clock.at, tuple(kept.copy() for kept in self.lists))

    def restore(self, kept: Snapshot) -> None:
        """Make of the club what is kept."""
        kept.database.backup(self.database)
        self.clock.at = kept.at
        for here, there in zip(self.lists, kept.lists, strict=True):
            here.clear()
            here.update(there) if isinstance(here, dict) else here.extend(there)


class HasRecorder(Protocol):
    """A club that may have a memory."""

    recorder: SetupRecorder | None


ClubType = TypeVar("Kind", bound=HasRecorder)


def start_recorder(path: Path, clock: Clock, lists: tuple[Any, ...], others: Callable[[], object]) -> SetupRecorder:
    """The memory of a club on the fresh SQLite database at a path."""
    return SetupRecorder(sqlite3.connect(path, check_same_thread=False, isolation_level=None), clock, lists, others)


def replayed(play: Callable[Concatenate[ClubType, Params], Awaitable[None]]) -> Callable[Concatenate[ClubType, Params], Any]:
    """Play this once for all clubs that begin with it."""

    @wraps(play)
    async def step(club: ClubType, /, *args: Params.args, **kwargs: Params.kwargs) -> None:
        if club.recorder is None:
            await play(club, *args, **kwargs)
        else:
            await club.recorder.run_step((play, args, *kwargs.items()), lambda: play(club, *args, **kwargs))

    return step
