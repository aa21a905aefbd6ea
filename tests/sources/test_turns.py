"""Turns: requests of one name stay apart, those of another do not wait for them."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from bot.ports import RateGate
from tests.sources.clock import Clock
from tests.sources.local_turns import LocalTurns

GAP = timedelta(seconds=3)


async def test_turns_of_one_name_are_a_gap_apart(clock: Clock) -> None:
    turns: RateGate = LocalTurns(clock.monotonic, clock.sleep)
    for expected in (0, 3, 6):
        await turns.wait("arxiv", GAP)
        assert clock.seconds == expected


async def test_who_comes_late_does_not_wait(clock: Clock) -> None:
    turns = LocalTurns(clock.monotonic, clock.sleep)
    await turns.wait("arxiv", GAP)
    clock.seconds = 10
    await turns.wait("arxiv", GAP)
    assert clock.slept == []


async def test_names_do_not_wait_for_each_other(clock: Clock) -> None:
    turns = LocalTurns(clock.monotonic, clock.sleep)
    await turns.wait("arxiv", GAP)
    await turns.wait("crossref", GAP)
    assert clock.slept == []


async def test_a_crowd_queues() -> None:
    """With sleeps that are only noted, each of five at once is told to wait one gap more than the one before."""
    waits: list[float] = []

    async def note(seconds: float) -> None:
        waits.append(seconds)

    turns = LocalTurns(lambda: 0.0, note)
    await asyncio.gather(*(turns.wait("arxiv", GAP) for _ in range(5)))
    assert waits == [3, 6, 9, 12]
