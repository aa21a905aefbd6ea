"""The comparison after a kill notices what is lost and what stands twice; points kill at their number."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest

from benchmarks.kills.databases import Database
from benchmarks.kills.fast_time import Advance, FastTime, SharedSeconds
from benchmarks.kills.kill_points import KillPoints
from benchmarks.kills.places import Standing
from benchmarks.kills.portions import append, sums
from benchmarks.kills.trials import Result, Trial

COLUMNS = "id, kind, subject_id, state, message, double, reposted_at, key_prefix, error, stale, lease_until"


@dataclass(slots=True)
class RecordedPlace:
    """A place in which these messages stand."""

    messages: list[Standing]
    can_look: bool = False
    pressed: list[str] = field(default_factory=list)

    def standing(self) -> Iterator[Standing]:
        yield from self.messages

    async def remove_double(self, question: str, copy: str) -> None:
        self.pressed.append(question)
        self.messages.pop()


def trial(folder: Path, rows: list[tuple[Any, ...]], *standing: tuple[str, str], can_look: bool = False) -> Trial:
    path = folder / "club.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"CREATE TABLE delivery ({COLUMNS})")
        insert = "INSERT INTO delivery VALUES (?, ?, ?, ?, ?, '', ?, 'p', '', 0, NULL)"
        connection.executemany(insert, rows)
        connection.commit()
    place: Any = RecordedPlace([Standing(*one) for one in standing], can_look)
    nothing: Any = None
    club: Any = SimpleNamespace(fast=FastTime(time.time(), 10.0))
    return Trial(place, Database(f"sqlite:///{path}"), club, nothing, nothing, 1, Random(1))


async def test_all_is_well_where_each_row_has_its_message(tmp_path: Path) -> None:
    rows = [
        (1, "card", 1, "sent", "m1", None),
        (2, "edition", 1, "sent", "m2", None),
        (3, "card", 2, "skipped", "", None),
    ]
    compared = trial(tmp_path, rows, ("m1", "jcp-1"), ("m2", ""))
    await compared.compare(0, [])
    assert (compared.result.lost, compared.result.doubles, compared.result.asked) == (0, 0, 0)


@pytest.mark.parametrize("state", ["sent", "failed"])
async def test_a_row_without_its_message_is_lost(tmp_path: Path, state: str) -> None:
    compared = trial(tmp_path, [(1, "card", 1, state, "m1", None)])
    await compared.compare(0, ["before a commit"])
    assert (compared.result.lost, compared.result.doubles) == (1, 0)


@pytest.mark.parametrize("key", ["jcp-1", "jcp-9", ""])
async def test_a_message_without_a_row_of_its_own_is_a_double(tmp_path: Path, key: str) -> None:
    compared = trial(tmp_path, [(1, "card", 1, "sent", "m1", None)], ("m1", "jcp-1"), ("m2", key), can_look=True)
    await compared.compare(0, [])
    assert (compared.result.lost, compared.result.doubles) == (0, 1)
    await compared.compare(1, [])
    assert compared.result.doubles == 1, "it is counted once"


async def test_a_double_that_people_were_asked_about_goes_with_one_press(tmp_path: Path) -> None:
    rows = [(1, "card", 1, "sent", "m1", "now"), (2, "doubtful", 1, "sent", "q1", None)]
    compared = trial(tmp_path, rows, ("m1", "jcp-1"), ("q1", "jcp-2"), ("m2", "jcp-1"))
    with closing(sqlite3.connect(tmp_path / "club.db")) as connection:

        def remove() -> None:
            connection.execute("UPDATE delivery SET reposted_at = NULL")
            connection.commit()

        place: Any = compared.place
        plain = RecordedPlace.remove_double

        async def press(question: str, copy: str) -> None:
            await plain(place, question, copy)
            remove()

        compared.place = Pressable(place, press)  # type: ignore[assignment]
        await compared.compare(0, [])
    assert (compared.result.asked, compared.result.doubles, place.pressed) == (1, 0, ["q1"])


class Pressable:
    """A place whose button also writes down what was decided."""

    can_look = False

    def __init__(self, place: RecordedPlace, press: Any) -> None:
        self.standing, self.remove_double = place.standing, press


def test_a_program_dies_at_its_point_and_says_where(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    died: list[int] = []
    monkeypatch.setattr("os.kill", lambda _, number: died.append(number))
    points = KillPoints(2, tmp_path / "note")
    for name in ("before a commit", "after a commit", "before POST chat.postMessage"):
        points.reached(name)
    assert died == [9]
    assert (tmp_path / "note").read_text() == "after a commit"


def test_fast_time_stands_still_while_a_process_is_at_work(tmp_path: Path) -> None:
    fast = FastTime(0.0, 10.0, SharedSeconds(tmp_path / "seconds"))
    other = FastTime(0.0, 10.0, SharedSeconds(tmp_path / "seconds"))
    advance = Advance(fast)
    advance.step([os.getpid()])
    assert other.seconds() == 0.0, "this process runs now"
    advance.step([])
    assert 0.0 < other.seconds() < 1.0


def test_a_timer_of_this_moment_is_due_while_time_stands_still(tmp_path: Path) -> None:
    """Else a program would be at work with it for ever, and time would stand still for ever."""
    fast = FastTime(1_796_018_041.7, 10.0, SharedSeconds(tmp_path / "seconds"))
    assert fast.shared
    fast.shared.set(20.1)

    async def wait() -> bool:
        due = asyncio.Event()
        asyncio.get_running_loop().call_at(asyncio.get_running_loop().time(), due.set)
        for _ in range(3):
            await asyncio.sleep(0)
        return due.is_set()

    with asyncio.Runner(loop_factory=fast.loop) as runner:
        assert runner.run(wait())


def test_portions_are_added_up_and_the_sweep_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "portions"
    assert sums(path) == {}
    append(path, "slack sqlite", Result(rounds=1, kills=5, points=Counter({"after a commit": 5}), next_point=7))
    append(path, "forum sqlite", Result(kills=1))
    append(path, "slack sqlite", Result(rounds=2, kills=3, lost=1, points=Counter({"after a commit": 3}), next_point=9))
    found = sums(path)["slack sqlite"]
    assert (found.rounds, found.kills, found.lost, found.points["after a commit"], found.next_point) == (3, 8, 1, 8, 9)
