"""The delivery worker's periods to the second, and what it does where several things go wrong one after the other."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.chat.cards import Card, text, to_json
from bot.chat.gateway import Location, MessageGone, NotSent, OutcomeUnknown, Posted, Refused
from bot.domain.delivery_rules import CHECK_DELAYS
from bot.domain.models import Delivery, DeliveryKind
from bot.features.shared.delivery.delivery_cards import render_delivery
from bot.runtime.delivery_worker import DeliveryWorker
from bot.store import UnitOfWork
from bot.store.delivery.claims import DeliveryClaims
from tests.runtime.delivery_harness import DeliveryHarness, UnreliableGateway, harness_of, stale
from tests.stand_ins import open_harness

SECOND = timedelta(seconds=1)
INSTANT = timedelta(microseconds=1)
LOST = OutcomeUnknown("no answer")


@dataclass(slots=True)
class AttentiveGateway(UnreliableGateway):
    """Also notes where it is searched and which threads are opened."""

    searched: list[tuple[Location, float]] = field(default_factory=list)
    opened: list[str] = field(default_factory=list)
    thread: str = "t1"
    thread_fails: list[Exception] = field(default_factory=list)
    last: str = ""
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when the post with the title `last` begins."""

    async def post(self, where: Location, card: Card, *, key: str) -> Posted:
        if card.title == self.last:
            self.reached.set()
        return await UnreliableGateway.post(self, where, card, key=key)

    async def find(self, where: Location, *, key: str, since: float) -> Posted | None:
        self.searched.append((where, since))
        return await UnreliableGateway.find(self, where, key=key, since=since)

    async def discuss(self, where: Location, title: str) -> Posted:
        if self.thread_fails:
            raise self.thread_fails.pop(0)
        self.opened.append(title)
        return Posted(where.message, self.thread, "")


@pytest.fixture
async def club(tmp_path: Path) -> AsyncIterator[DeliveryHarness]:
    async with open_harness(tmp_path) as opened:
        club = await harness_of(opened)
        club.wall = AttentiveGateway()
        opened.add(club.wall)
        yield club


def wall(club: DeliveryHarness) -> AttentiveGateway:
    assert isinstance(club.wall, AttentiveGateway)
    return club.wall


async def change(club: DeliveryHarness, row: Delivery, **values: Any) -> None:
    async with club.harness.app.store.admin_session() as admin:
        found = await admin._session.get_one(Delivery, row.id)
        for name, value in values.items():
            setattr(found, name, value)


async def test_a_channel_that_refuses_is_tried_after_one_minute_then_two_and_at_most_every_ten(
    club: DeliveryHarness,
) -> None:
    club.wall.fails = [Refused("invite me first") for _ in range(7)]
    await club.plan("hello")
    waits = []
    for _ in range(7):
        now = club.harness.clock()
        await club.delivery_worker.drain()
        waits.append(((await club.row()).not_before - now) / SECOND)
        await club.later(timedelta(seconds=waits[-1]) - INSTANT)
        assert (await club.row()).attempts == len(waits), "not before its time"
        club.harness.clock.at += INSTANT
    assert waits == [60, 120, 240, 480, 600, 600, 600]


async def test_a_card_that_cannot_be_drawn_is_given_up_after_twelve_hours_and_no_channel_is_blamed(
    club: DeliveryHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> Card:
        raise RuntimeError("a bug")

    monkeypatch.setattr("bot.runtime.delivery_attempts.render_delivery", broken)
    await club.plan("hello")
    await club.delivery_worker.drain()
    await club.later(timedelta(hours=12) - SECOND)
    assert ((await club.row()).state, (await club.row()).had_unknown) == ("ready", False)
    await change(club, await club.row(), not_before=club.harness.clock())
    await club.later(SECOND)
    row = await club.row()
    assert (row.state, await club.trouble()) == ("failed", "")
    assert "RuntimeError" in row.error
    await club.later(timedelta(days=1))
    assert (await club.row()).attempts == row.attempts, "not tried for ever"


@pytest.mark.parametrize(("stood_still", "posted"), [(5 * SECOND, True), (5 * SECOND + INSTANT, False)])
async def test_a_post_begins_only_if_it_can_end_within_its_lease(
    club: DeliveryHarness, monkeypatch: pytest.MonkeyPatch, stood_still: timedelta, posted: bool
) -> None:
    async def paused(db: UnitOfWork, delivery: Delivery) -> Card | None:
        club.harness.clock.at += stood_still
        return await render_delivery(db, delivery)

    await club.plan("hello")
    monkeypatch.setattr("bot.runtime.delivery_attempts.render_delivery", paused)
    await club.delivery_worker.round()
    row = await club.row()
    assert (row.state, club.titles) == (("sent", ["hello"]) if posted else ("ready", []))
    assert row.lease_until is None


@pytest.mark.parametrize("taken_over", [False, True])
async def test_a_heartbeat_holds_what_is_drawn_for_long_unless_another_process_took_it(
    club: DeliveryHarness, monkeypatch: pytest.MonkeyPatch, taken_over: bool
) -> None:
    worker = club.delivery_worker
    leases = []

    async def slow(db: UnitOfWork, delivery: Delivery) -> Card | None:
        card = await render_delivery(db, delivery)
        if taken_over:
            club.harness.clock.at += timedelta(seconds=27)
            async with club.harness.app.store.admin_session() as admin:
                assert await admin.claims.release_expired(club.harness.clock()) == 1
            club.harness.clock.at -= timedelta(seconds=27)
        else:
            club.harness.clock.at += timedelta(seconds=20)
        await worker._heartbeat.beat()
        leases.append((await club.row()).lease_until)
        return card

    await club.plan("hello")
    monkeypatch.setattr("bot.runtime.delivery_attempts.render_delivery", slow)
    await worker.round()
    assert club.titles == ([] if taken_over else ["hello"])
    assert leases == [None if taken_over else club.harness.clock() + timedelta(seconds=26)]
    assert (worker._held, set(worker._heartbeat.held)) == ({}, set()), "nothing is held that is done"


async def test_what_a_killed_process_was_posting_is_looked_for_at_the_next_start(club: DeliveryHarness) -> None:
    club.wall.after = [asyncio.CancelledError()]
    await club.plan("hello")
    await club.delivery_worker.drain()
    assert (await club.row()).state == "sending"
    club.harness.clock.at += SECOND
    running = asyncio.create_task(DeliveryWorker(club.harness.app).run())
    async with asyncio.timeout(20):
        while (await club.row()).state != "sent":
            await club.harness.app.wake_up.wait(0.02)
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
    assert club.titles == ["hello"], "its lease still runs, but on this database no other process can be at work"


async def test_a_round_that_fails_is_followed_by_another_and_each_post_by_the_next_at_once(
    club: DeliveryHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim = DeliveryClaims.claim_ready
    struck: list[bool] = []

    async def breaks_once(claims: DeliveryClaims, *terms: Any) -> Any:
        if not struck:
            struck.append(True)
            club.harness.app.wake_up.set()
            raise ConnectionResetError
        return await claim(claims, *terms)

    monkeypatch.setattr(DeliveryClaims, "claim_ready", breaks_once)
    monkeypatch.setattr("bot.runtime.delivery_worker.POLL_INTERVAL", 3600.0)
    wall(club).last = "three"
    await club.plan("one", "two", "three")
    running = asyncio.create_task(club.delivery_worker.run())
    async with asyncio.timeout(15):
        await wall(club).reached.wait()
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
    assert (struck, club.titles) == ([True], ["one", "two", "three"])


async def test_a_post_that_does_not_end_is_cut_off_when_the_program_stops(
    club: DeliveryHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.runtime.delivery_worker.DRAIN_SECONDS", 0.01)
    club.wall.down, wall(club).last = {"digest"}, "hello"
    await club.plan("hello")
    running = asyncio.create_task(club.delivery_worker.run())
    async with asyncio.timeout(15):
        await wall(club).reached.wait()
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
    assert not [task for task in asyncio.all_tasks() if task.get_name().startswith("room ")]
    assert (await club.row()).state == "sending", "it is looked for when its lease has run out"


async def test_only_a_first_copy_mentions_anybody(club: DeliveryHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    async def loud(db: UnitOfWork, delivery: Delivery) -> Card | None:
        card = await render_delivery(db, delivery)
        return replace(card, ping="" if card.title == "quiet" else "@all") if card else None

    monkeypatch.setattr("bot.runtime.delivery_attempts.render_delivery", loud)
    await club.plan("first", "doubtful", "again", "bound", "quiet")
    changes: list[dict[str, Any]] = [
        {},
        {"had_unknown": True},
        {"reposted_at": club.harness.clock()},
        {"message": "m9"},
        {},
    ]
    for row, values in zip(await club.rows(), changes, strict=True):
        await change(club, row, **values)
    await club.delivery_worker.drain()
    pings = {card.title: card.ping for _, card in club.wall.posts}
    assert pings == {"first": "@all", "doubtful": "", "again": "", "bound": "", "quiet": ""}


async def test_a_channel_rests_anew_after_each_post_that_arrived(club: DeliveryHarness) -> None:
    await club.plan("one", "two", "three", "four")
    club.wall.fails = [LOST, LOST]
    await club.delivery_worker.drain()
    await club.later(2 * SECOND)
    assert [row.state for row in await club.rows()] == ["unknown", "unknown", "ready", "ready"]
    await club.later(4 * SECOND - INSTANT)
    assert (await club.rows())[2].state == "ready", "four seconds after the second in a row"
    await club.later(INSTANT)
    assert [row.state for row in (await club.rows())[2:]] == ["sent", "sent"]
    club.wall.fails = [LOST]
    await club.plan("five", "six")
    await club.delivery_worker.drain()
    await club.later(2 * SECOND)
    assert club.titles[-1] == "six", "two seconds again"


async def test_each_result_is_counted_and_says_how_a_platform_is(club: DeliveryHarness) -> None:
    app = club.harness.app

    def counted(state: str) -> float:
        labels = {"platform": "wall", "state": state}
        return app.metrics.registry.get_sample_value("journalclub_deliveries_total", labels) or 0

    club.wall.fails = [NotSent("no connection", retry_after=60)]
    await club.plan("one")
    await club.delivery_worker.drain()
    club.wall.fails = [Refused("too long", of_channel=False), LOST]
    await club.plan("two", "three")
    await club.delivery_worker.drain()
    assert [counted(state) for state in ("sent", "failed", "unknown")] == [0, 1, 1]
    assert await club.trouble() == ""
    await club.later(60 * SECOND)
    await club.later(CHECK_DELAYS[-1])
    assert [counted(state) for state in ("sent", "failed", "unknown")] == [2, 1, 1]


async def plan_thread(club: DeliveryHarness, *texts: str) -> None:
    """Plan a header and replies to it."""
    room = await club.room("digest")
    club.planned += 1
    async with club.harness.app.store.begin(club.club.id) as db:
        for part, words in enumerate(texts):
            await db.deliveries.plan(
                DeliveryKind.SKIP_NOTICE, club.planned, room, club.harness.clock(), part=part,
                card=to_json(Card(words, (text(words),))), in_thread=part > 0,
            )  # fmt: skip


async def test_replies_go_into_one_thread_and_are_looked_for_there(club: DeliveryHarness) -> None:
    wall(club).thread_fails = [OutcomeUnknown("no answer about the thread")]
    club.wall.after = []
    await plan_thread(club, "header", "reply one", "reply two")
    planned_at = club.harness.clock()
    await club.delivery_worker.drain()
    assert club.titles == ["header"]
    row = (await club.rows())[1]
    assert (row.state, row.error, row.had_unknown) == ("ready", "no answer about the thread", False), "it was not sent"
    club.wall.after = [LOST]
    await club.later(timedelta(seconds=30))
    club.wall.keys.clear()
    await club.later(CHECK_DELAYS[0])
    where, since = wall(club).searched[0]
    assert (where.thread, since) == ("t1", (planned_at - timedelta(seconds=120)).timestamp())
    await club.later(timedelta(minutes=5))
    assert club.titles.count("reply one") == 2
    assert club.titles.count("reply two") == 1
    assert {where.thread for where, card in club.wall.posts if "reply" in card.title} == {"t1"}
    assert wall(club).opened[0] == "header"
    wall(club).thread = ""
    await plan_thread(club, "second header", "its reply")
    await club.later(timedelta(minutes=1))
    [at] = [number for number, title in enumerate(club.titles, 1) if title == "second header"]
    assert club.wall.posts[-1][0].thread == f"m{at}", "where a platform has no threads of their own"


async def test_a_reply_waits_for_a_header_that_failed_and_stands_alone_where_it_is_left_out(
    club: DeliveryHarness,
) -> None:
    club.wall.fails = [Refused("too long", of_channel=False)]
    await plan_thread(club, "header", "reply")
    await club.delivery_worker.drain()
    header, reply = await club.rows()
    assert (header.state, reply.state, club.titles) == ("failed", "ready", [])
    assert reply.error == "the post that it replies to has not been posted"
    await change(club, header, state="skipped")
    await club.later(timedelta(seconds=30))
    assert [(where.thread, card.title) for where, card in club.wall.posts] == [("", "reply")]


@pytest.mark.parametrize(("error", "seconds"), [(NotSent("slow down", retry_after=45), 45), (LOST, 30)])
async def test_an_edit_that_did_not_arrive_is_made_again_in_time(
    club: DeliveryHarness, error: Exception, seconds: int
) -> None:
    card = await stale(club)
    club.wall.edit_fails = [error]
    await club.delivery_worker.drain()
    async with club.harness.app.store.read(club.club.id) as db:
        (row,) = await db.deliveries.cards(1)
    assert (row.id, row.stale, row.error) == (card.id, True, str(error))
    await club.later(timedelta(seconds=seconds) - INSTANT)
    assert club.wall.edits == []
    await club.later(INSTANT)
    assert len(club.wall.edits) == 1
    async with club.harness.app.store.begin(club.club.id) as db:
        await db.deliveries.mark_stale(1)
    club.wall.edit_fails = [MessageGone("it was deleted")]
    await club.delivery_worker.drain()
    async with club.harness.app.store.read(club.club.id) as db:
        (row,) = await db.deliveries.cards(1)
    assert (row.state, row.message, row.url, row.stale, row.lease_until) == ("skipped", "", "", False, None)
