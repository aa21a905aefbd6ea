"""The delivery worker: each post once, whatever the platform, the program or another process does in between."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.chat.cards import Card
from bot.chat.gateway import NotSent, OutcomeUnknown, Refused
from bot.domain.delivery_rules import CHECK_DELAYS, RETRY_DELAY, pause
from bot.domain.models import DeliveryKind
from bot.runtime.delivery_attempts import FIRST_PROBE, LONGEST_PROBE
from bot.runtime.delivery_worker import LEASE
from tests.runtime.delivery_harness import DeliveryHarness, harness_of, stale
from tests.stand_ins import open_harness


@pytest.fixture
async def club(tmp_path: Path) -> AsyncIterator[DeliveryHarness]:
    async with open_harness(tmp_path) as opened:
        yield await harness_of(opened)


@pytest.fixture
async def either(url: str, tmp_path: Path) -> AsyncIterator[DeliveryHarness]:
    """A club on SQLite, and one on PostgreSQL."""
    async with open_harness(tmp_path, url=url) as opened:
        yield replace(await harness_of(opened), url=url)


async def test_what_is_planned_is_posted_once_and_remembered(either: DeliveryHarness) -> None:
    await either.plan("hello")
    await either.delivery_worker.drain()
    await either.delivery_worker.drain()
    row = await either.row()
    assert either.titles == ["hello"]
    assert (row.state, row.message, row.attempts) == ("sent", "m1", 1)
    assert row.url == "https://wall.test/digest/m1"
    assert row.lease_until is None


# Definitely not sent


async def test_what_was_not_sent_is_tried_again_when_the_platform_says(club: DeliveryHarness) -> None:
    club.wall.fails = [NotSent("too many requests", retry_after=90)]
    await club.plan("hello")
    await club.delivery_worker.drain()
    assert (await club.row()).state == "ready"
    await club.later(timedelta(seconds=89))
    assert club.titles == []
    await club.later(timedelta(seconds=1))
    assert club.titles == ["hello"]


async def test_a_long_outage_is_waited_out_with_growing_pauses(club: DeliveryHarness) -> None:
    tries = 16
    club.wall.fails = [NotSent("no connection", retry_after=0) for _ in range(tries)]
    await club.plan("hello")
    waited = []
    for _ in range(tries):
        before = club.harness.clock()
        await club.delivery_worker.drain()
        waited.append((await club.row()).not_before - before)
        club.harness.clock.at = (await club.row()).not_before
    assert waited == sorted(waited)
    assert (waited[0], waited[-1]) == (timedelta(seconds=2), timedelta(minutes=2))
    await club.delivery_worker.drain()
    assert club.titles == ["hello"]


async def test_an_outage_of_most_of_a_day_ends_no_post(club: DeliveryHarness) -> None:
    club.wall.fails = [NotSent("no connection") for _ in range(4)]
    await club.plan("hello")
    await club.delivery_worker.drain()
    for _ in range(3):
        await club.later(timedelta(hours=5))
        assert ((await club.row()).state, await club.trouble()) == ("ready", "")
    await club.later(timedelta(hours=5))
    assert club.titles == ["hello"]


async def test_a_channel_that_refuses_is_tried_now_and_then_and_then_gets_what_it_missed_oldest_first(
    either: DeliveryHarness, caplog: pytest.LogCaptureFixture
) -> None:
    either.wall.fails = [Refused("invite me first") for _ in range(4)]
    await either.plan("one", "two")
    await either.delivery_worker.drain()
    assert [(row.state, row.attempts) for row in await either.rows()] == [("failed", 1), ("failed", 1)]
    assert await either.trouble() == "invite me first"
    for _ in range(2):
        await either.later(timedelta(seconds=LONGEST_PROBE))
    assert [row.attempts for row in await either.rows()] == [3, 1], "only the oldest is tried"
    told = [record for record in caplog.records if "cannot post to digest" in record.message]
    assert len(told) == 1
    await either.later(timedelta(seconds=LONGEST_PROBE))
    assert either.titles == ["one", "two"]
    assert await either.trouble() == "", "all is well again"


async def test_what_only_one_message_was_refused_for_is_no_trouble_of_its_channel(club: DeliveryHarness) -> None:
    club.wall.fails = [Refused("this text is not allowed", of_channel=False)]
    await club.plan("one")
    await club.plan("two")
    await club.delivery_worker.drain()
    await club.later(timedelta(days=1))
    assert (club.titles, (await club.row()).attempts, await club.trouble()) == (["two"], 1, "")


async def test_what_is_too_old_by_the_time_a_channel_is_healed_is_left_out(club: DeliveryHarness) -> None:
    club.wall.fails = [Refused("invite me first") for _ in range(2)]
    await club.plan("old news")
    await club.delivery_worker.drain()
    club.harness.clock.at += timedelta(days=2)
    await club.plan("news")
    await club.delivery_worker.drain()
    await club.later(timedelta(seconds=FIRST_PROBE))
    assert club.titles == ["news"]
    assert (await club.row()).state == "skipped"


async def test_what_there_is_nothing_to_show_of_is_skipped(club: DeliveryHarness) -> None:
    room = await club.room("digest")
    async with club.harness.app.store.begin(club.club.id) as db:
        await db.deliveries.plan(DeliveryKind.SKIP_NOTICE, 1, room, club.harness.clock(), card=None)
    await club.delivery_worker.drain()
    assert (await club.row()).state == "skipped"
    assert club.titles == []


async def test_a_card_that_cannot_be_drawn_now_is_tried_again(
    club: DeliveryHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> Card:
        raise RuntimeError("the database is away")

    await club.plan("hello")
    with monkeypatch.context() as patched:
        patched.setattr("bot.runtime.delivery_attempts.render_delivery", broken)
        await club.delivery_worker.drain()
    row = await club.row()
    assert (row.state, row.had_unknown) == ("ready", False), "nothing was sent, so nothing is in doubt"
    await club.later(timedelta(seconds=30))
    assert club.titles == ["hello"]


# Perhaps sent


async def test_a_lost_answer_is_looked_for_and_found(either: DeliveryHarness) -> None:
    either.wall.after = [OutcomeUnknown("no answer in 20 s")]
    await either.plan("hello")
    await either.delivery_worker.drain()
    assert ((await either.row()).state, (await either.row()).error) == ("unknown", "no answer in 20 s")
    await either.later(CHECK_DELAYS[0])
    row = await either.row()
    assert (row.state, row.message, row.error, row.had_unknown) == ("sent", "m1", "", True)
    assert either.titles == ["hello"]


async def test_what_is_not_there_a_minute_later_is_posted_again(club: DeliveryHarness) -> None:
    club.wall.fails = [OutcomeUnknown("the connection broke")]
    await club.plan("hello")
    await club.delivery_worker.drain()
    waited = timedelta(0)
    for number, at in enumerate(CHECK_DELAYS[:-1]):
        assert ((await club.row()).looks, club.titles) == (number, [])
        await club.later(at - waited)
        waited = at
    assert ((await club.row()).looks, club.titles) == (3, [])
    await club.later(CHECK_DELAYS[-1] - waited)
    assert ((await club.row()).state, club.titles) == ("sent", ["hello"])


async def test_whatever_else_goes_wrong_in_a_post_counts_as_unknown(club: DeliveryHarness) -> None:
    club.wall.after = [KeyError("ts")]
    await club.plan("hello")
    await club.delivery_worker.drain()
    assert (await club.row()).state == "unknown"
    await club.later(CHECK_DELAYS[0])
    assert ((await club.row()).state, club.titles) == ("sent", ["hello"])


async def test_a_look_that_fails_is_no_look(club: DeliveryHarness) -> None:
    club.wall.after, club.wall.blind = [OutcomeUnknown("no answer")], OutcomeUnknown("no answer again")
    await club.plan("hello")
    await club.delivery_worker.drain()
    for _ in range(5):
        await club.later(RETRY_DELAY)
    assert ((await club.row()).state, (await club.row()).looks) == ("unknown", 0)
    club.wall.blind = None
    await club.later(RETRY_DELAY)
    assert ((await club.row()).state, club.titles) == ("sent", ["hello"])


# Order, and rooms side by side


async def test_parts_keep_their_order_and_a_retried_one_holds_back_those_after_it(either: DeliveryHarness) -> None:
    either.wall.fails = [NotSent("too many requests", retry_after=90)]
    await either.plan("1.0", "1.1", "1.2")
    await either.plan("2.0", "2.1")
    await either.delivery_worker.drain()
    assert either.titles == ["2.0", "2.1"], "another post in the room goes on"
    await either.later(timedelta(seconds=90))
    assert either.titles == ["2.0", "2.1", "1.0", "1.1", "1.2"]


async def test_a_doubtful_part_holds_back_none_after_it(either: DeliveryHarness) -> None:
    either.wall.after, either.wall.blind = [OutcomeUnknown("no answer")], Refused("missing scope")
    await either.plan("1.0", "1.1", "1.2")
    await either.plan("2.0", "2.1")
    await either.delivery_worker.drain()
    assert either.titles == ["1.0"], "the room rests for a moment"
    await either.later(pause(1))
    assert either.titles == ["1.0", "1.1", "1.2", "2.0", "2.1"]


async def test_a_room_that_is_down_holds_up_no_other(club: DeliveryHarness) -> None:
    club.wall.down = {"down"}
    await club.plan("lost", room="down")
    await club.plan("1", "2", "3", room="up")
    running = asyncio.create_task(club.delivery_worker.run())
    async with asyncio.timeout(20):
        while len(club.titles) < 3:
            await club.harness.app.wake_up.wait(0.05)
    assert club.titles == ["1", "2", "3"]
    for task in asyncio.all_tasks():
        if task.get_name() == f"room {club.rooms['down'].id}":
            task.cancel()
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


async def test_nothing_is_posted_where_the_bot_is_not_any_more(club: DeliveryHarness) -> None:
    await club.plan("hello", room="old")
    await club.plan("hello too", room="gone")
    async with club.harness.app.store.begin(club.club.id) as db:
        await db.rooms.deactivate(club.rooms["old"])
    async with club.harness.app.store.admin_session() as admin:
        await admin.directory.leave("wall", "W1", "removed", club.harness.clock())
    await club.delivery_worker.drain()
    assert club.titles == []


async def test_one_bad_card_keeps_the_worker_running(club: DeliveryHarness) -> None:
    await stale(club)
    club.wall.edit_fails = [KeyError("blocks")]
    await club.plan("hello")
    await club.delivery_worker.drain()
    assert "hello" in club.titles
    await club.later(LEASE + timedelta(seconds=1))
    assert len(club.wall.edits) == 1, "drawn again when its lease ran out"
