"""The delivery worker in programs that crash, stop, stand still, or run beside others: each post once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.app import App
from bot.chat.cards import Card
from bot.chat.gateway import Location
from bot.domain.delivery_rules import RETRY_DELAY
from bot.domain.models import Delivery
from bot.features.shared.delivery.delivery_cards import render_delivery
from bot.runtime.delivery_worker import LEASE, DeliveryWorker
from bot.store import UnitOfWork
from bot.store.delivery.claims import DeliveryClaims
from tests.runtime.delivery_harness import DeliveryHarness, harness_of
from tests.stand_ins import open_harness, open_store


@pytest.fixture
async def club(tmp_path: Path) -> AsyncIterator[DeliveryHarness]:
    async with open_harness(tmp_path) as opened:
        yield await harness_of(opened)


@pytest.fixture
async def either(url: str, tmp_path: Path) -> AsyncIterator[DeliveryHarness]:
    """A club on SQLite, and one on PostgreSQL."""
    async with open_harness(tmp_path, url=url) as opened:
        yield replace(await harness_of(opened), url=url)


async def test_a_crash_between_posting_and_writing_it_down_posts_nothing_twice(either: DeliveryHarness) -> None:
    either.wall.after = [asyncio.CancelledError()]  # ends the task where a killed process would have ended
    await either.plan("one", "two")
    await either.delivery_worker.drain()
    assert [row.state for row in await either.rows()] == ["sending", "ready"]
    another = replace(either.harness, delivery_worker=DeliveryWorker(either.harness.app))
    await another.delivery_worker.drain()
    assert either.titles == ["one"], "its lease still runs"
    either.harness.clock.at += LEASE + timedelta(seconds=1)
    await another.delivery_worker.drain()
    assert [row.state for row in await either.rows()] == ["sent", "sent"]
    assert either.titles == ["one", "two"]


async def test_a_crash_before_posting_loses_nothing(either: DeliveryHarness) -> None:
    either.wall.fails = [asyncio.CancelledError()]
    await either.plan("hello")
    await either.delivery_worker.drain()
    for _ in range(3):
        await either.later(LEASE + timedelta(seconds=1))
    assert ((await either.row()).state, either.titles) == ("sent", ["hello"])


async def test_a_process_that_stood_still_for_too_long_does_not_post(
    club: DeliveryHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def paused(db: UnitOfWork, delivery: Delivery) -> Card | None:
        club.harness.clock.advance(seconds=100)
        return await render_delivery(db, delivery)

    await club.plan("hello")
    with monkeypatch.context() as patched:
        patched.setattr("bot.runtime.delivery_attempts.render_delivery", paused)
        await club.delivery_worker.round()
    assert ((await club.row()).state, club.titles) == ("ready", [])
    await club.delivery_worker.drain()
    assert club.titles == ["hello"]


async def test_of_two_processes_that_hold_a_post_in_turn_the_second_decides(either: DeliveryHarness) -> None:
    other = DeliveryWorker(either.harness.app)

    async def asleep(where: Location) -> None:
        either.wall.keys, there = {}, either.wall.keys  # it turns up late
        either.harness.clock.at += LEASE + timedelta(seconds=1)
        await other.drain()
        either.wall.keys = there

    either.wall.meanwhile = asleep
    await either.plan("hello")
    await either.delivery_worker.round()
    assert ((await either.row()).state, (await either.row()).looks) == ("unknown", 1), (
        "not for the first to say any more"
    )
    await either.later(RETRY_DELAY)
    assert ((await either.row()).state, either.titles) == ("sent", ["hello"])


async def test_told_to_stop_it_lets_a_send_end(club: DeliveryHarness) -> None:
    sending, told = asyncio.Event(), asyncio.Event()

    async def slow(where: Location) -> None:
        sending.set()
        await told.wait()

    club.wall.meanwhile = slow
    await club.plan("one", "two")
    running = asyncio.create_task(club.delivery_worker.run())
    await sending.wait()
    running.cancel()
    await asyncio.sleep(0)
    told.set()
    with suppress(asyncio.CancelledError):
        await running
    states = [row.state for row in await club.rows()]
    assert states == ["sent", "ready"], "work in progress is finished, nothing new is started"


async def test_told_to_stop_while_it_claims_it_sends_what_it_has_claimed(
    club: DeliveryHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim = DeliveryClaims.claim_ready

    async def stopped(claims: DeliveryClaims, *terms: Any) -> Sequence[Delivery]:
        claimed = await claim(claims, *terms)
        running.cancel()
        return claimed

    monkeypatch.setattr(DeliveryClaims, "claim_ready", stopped)
    await club.plan("hello")
    running = asyncio.create_task(club.delivery_worker.run())
    with suppress(asyncio.CancelledError):
        await running
    assert (await club.row()).state == "sent", "else it would count as doubtful, though nobody ever sent it"


async def test_four_processes_post_everything_once(either: DeliveryHarness) -> None:
    for room in ("a", "b", "c", "d", "e"):
        for subject in range(4):
            await either.plan(f"{room}{subject}.0", f"{room}{subject}.1", room=room)
    async with AsyncExitStack() as stack:
        couriers = [either.delivery_worker, *(DeliveryWorker(another_process(either, stack)) for _ in range(3))]
        await asyncio.gather(*(delivery_worker.drain() for delivery_worker in couriers))
        await couriers[0].drain()
    assert sorted(either.titles) == sorted({f"{r}{s}.{p}" for r in "abcde" for s in range(4) for p in (0, 1)})
    for subject in range(1, 21):
        assert [(row.state, row.attempts) for row in await either.rows(subject)] == [("sent", 1)] * 2


def another_process(club: DeliveryHarness, stack: AsyncExitStack) -> App:
    """The same program once more: on PostgreSQL with connections of its own, on SQLite there is only one process."""
    if club.url.startswith("sqlite"):
        return club.harness.app
    store = open_store(club.url)
    stack.push_async_callback(store.close)
    return replace(club.harness.app, store=store)
