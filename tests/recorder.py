"""Replay of setup steps that many tests share: each sequence runs once, and later tests get a copy of its result.

`@replayed` marks setup steps: rooms, papers, votes. On an untouched club their result is stored: the database, posts
and requests. The next test of the same worker with the same steps gets a copy. On a club that was changed in any other
way every step runs. Patches of the program itself are not noticed: patch after the setup.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from bot.store.database.sqlite_copy import copy_pages

LOCK_TIMEOUT = 10.0
"""Seconds after which a test fails in whose setup something else writes to the database."""


class Clock(Protocol):
    """Time that tests set."""

    at: datetime


Params = ParamSpec("Params")
Steps = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A club after some steps: its database, the time, and the lists of the test doubles."""

    database: sqlite3.Connection
    at: datetime
    lists: tuple[Any, ...]


SNAPSHOTS: dict[Steps, Snapshot] = {}


@dataclass(slots=True)
class SetupRecorder:
    """The setup steps of a club, as long as nothing else changes it.

    `lists` are those of the test doubles that steps fill; `others` returns what else a test may have changed.
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
        """A value that differs after any change. (SQLite counts commits of other connections.)"""
        (written,) = self.database.execute("PRAGMA data_version").fetchone()
        return written, self.clock.at, [len(items) for items in self.lists], self.others()

    async def run_step(self, step: object, play: Callable[[], Awaitable[None]]) -> None:
        """Run a step, or restore its stored result."""
        before = self.steps if self.state() == self.after else None
        if before is None:
            self.steps = None
            await play()
            return
        steps = (*before, step)
        stored = SNAPSHOTS.get(steps)
        if stored is None:
            await play()
            SNAPSHOTS[steps] = self.snapshot()
        else:
            self.restore(stored)
        self.steps, self.after = steps, self.state()

    def snapshot(self) -> Snapshot:
        """A copy of the current state."""
        copy = sqlite3.connect(":memory:", check_same_thread=False)
        copy_pages(self.database, copy, within=LOCK_TIMEOUT)
        return Snapshot(copy, self.clock.at, tuple(items.copy() for items in self.lists))

    def restore(self, snapshot: Snapshot) -> None:
        """Restore a snapshot."""
        copy_pages(snapshot.database, self.database, within=LOCK_TIMEOUT)
        self.clock.at = snapshot.at
        for items, saved in zip(self.lists, snapshot.lists, strict=True):
            items.clear()
            items.update(saved) if isinstance(items, dict) else items.extend(saved)


class HasRecorder(Protocol):
    """A club that may have a recorder."""

    recorder: SetupRecorder | None


ClubType = TypeVar("ClubType", bound=HasRecorder)


def start_recorder(path: Path, clock: Clock, lists: tuple[Any, ...], others: Callable[[], object]) -> SetupRecorder:
    """Recorder of a club on the fresh SQLite database at a path."""
    return SetupRecorder(sqlite3.connect(path, check_same_thread=False, isolation_level=None), clock, lists, others)


def replayed(
    play: Callable[Concatenate[ClubType, Params], Awaitable[None]],
) -> Callable[Concatenate[ClubType, Params], Any]:
    """Decorator of a setup step that runs once for all clubs with the same steps before it."""

    @wraps(play)
    async def step(club: ClubType, /, *args: Params.args, **kwargs: Params.kwargs) -> None:
        if club.recorder is None:
            await play(club, *args, **kwargs)
        else:
            await club.recorder.run_step((play, args, *kwargs.items()), lambda: play(club, *args, **kwargs))

    return step
