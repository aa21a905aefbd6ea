"""The shared rate gate keeps requests of all processes apart."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.ports import RateGate
from bot.store import Store
from bot.store.admin.coordination import RateGates
from bot.store.rate_gate import SharedRateGate
from tests.stand_ins import open_store

NOW = datetime(2025, 12, 1, 9, 0, tzinfo=UTC)
GAP = timedelta(seconds=3)


class Process:
    """A client of arXiv in one process; its waits are recorded, and nobody sleeps."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.now = NOW
        self.waits: list[float] = []
        self.sleep: Callable[[float], Awaitable[None]] = self._note
        self.turns: RateGate = SharedRateGate(self.store, now=lambda: self.now, sleep=lambda s: self.sleep(s))

    async def _note(self, seconds: float) -> None:
        self.waits.append(seconds)

    async def wait(self, name: str = "arxiv") -> float:
        """Wait at the gate. Returns the requested seconds."""
        before = len(self.waits)
        await self.turns.wait(name, GAP)
        return sum(self.waits[before:])


@pytest.fixture
async def two(url: str) -> AsyncIterator[tuple[Process, Process]]:
    """Two processes on one PostgreSQL; on SQLite, two clients in one process."""
    one = Process(open_store(url))
    other = Process(one.store if url.startswith("sqlite") else open_store(url))
    yield one, other
    await one.store.close()
    await other.store.close()


async def test_requests_of_two_processes_are_a_gap_apart_in_order(two: tuple[Process, ...]) -> None:
    one, other = two
    waits = [await process.wait() for process in (one, other, other, one)]
    assert waits == [0, 3, 6, 9]


async def test_no_two_concurrent_requests_get_the_same_time(two: tuple[Process, ...]) -> None:
    await asyncio.gather(*(two[n % 2].wait() for n in range(10)))
    assert sorted(two[0].waits + two[1].waits) == [3 * n for n in range(1, 10)]


async def test_a_late_request_does_not_wait_and_saves_no_time_for_others(two: tuple[Process, ...]) -> None:
    one, other = two
    await one.wait()
    other.now += timedelta(seconds=2)
    assert await other.wait() == 1
    one.now += timedelta(minutes=1)
    other.now = one.now
    assert [await one.wait(), await other.wait(), await one.wait()] == [0, 3, 6], "one at a time, after a pause too"


async def test_names_do_not_wait_for_each_other(two: tuple[Process, ...]) -> None:
    one, other = two
    assert [await one.wait("arxiv"), await other.wait("crossref"), await one.wait("crossref")] == [0, 0, 3]
    assert one.waits + other.waits == [3], "who need not wait does not sleep at all"


async def test_no_transaction_is_open_during_the_wait(two: tuple[Process, ...]) -> None:
    one, other = two
    sleeping, wake = asyncio.Event(), asyncio.Event()

    async def asleep(_: float) -> None:
        sleeping.set()
        await wake.wait()

    await one.wait()
    one.sleep = asleep
    waiting = asyncio.create_task(one.wait())
    async with asyncio.timeout(30):
        await sleeping.wait()
        assert await other.wait() == 6, "the turn is written down before its time has come"
        assert not waiting.done()
        wake.set()
        await waiting


async def test_a_cancelled_request_keeps_its_time_and_delays_no_other(two: tuple[Process, ...]) -> None:
    one, other = two
    sleeping = asyncio.Event()

    async def asleep(_: float) -> None:
        sleeping.set()
        await asyncio.Event().wait()

    await other.wait()
    one.sleep = asleep
    waiting = asyncio.create_task(one.wait())
    async with asyncio.timeout(30):
        await sleeping.wait()
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert await other.wait() == 6


async def test_the_gap_holds_after_the_process_ends(two: tuple[Process, ...], url: str) -> None:
    one, other = two
    await one.wait()
    await one.store.close()
    await other.store.close()
    born = Process(open_store(url))
    born.now = NOW + timedelta(seconds=1)
    try:
        assert await born.wait() == 2
    finally:
        await born.store.close()


async def test_a_failed_transaction_reserves_no_time(two: tuple[Process, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = two
    real = RateGates.reserve

    async def struck(admin: RateGates, *terms: Any) -> datetime:
        await real(admin, *terms)
        raise ConnectionResetError

    await one.wait()
    with monkeypatch.context() as crashing:
        crashing.setattr(RateGates, "reserve", struck)
        with pytest.raises(ConnectionResetError):
            await one.wait()
    assert await other.wait() == 3
