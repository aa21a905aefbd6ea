"""The delivery worker: each post once, whatever the platform, the program or another process does in between."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.app import App
from bot.chat.cards import Card, text, to_json
from bot.chat.gateway import Location, NotSent, OutcomeUnknown, Posted, Refused
from bot.dispatch import register_workspace
from bot.domain.delivery_rules import CHECK_DELAYS, RETRY_DELAY, pause
from bot.domain.models import Club, Delivery, DeliveryKind, Room, VoteStance
from bot.features.shared.delivery.channel_recovery import post_missed
from bot.features.shared.delivery.delivery_cards import render_delivery
from bot.runtime.delivery_worker import DRAW_FOR, FIRST_PROBE, FIRST_REDRAW, LEASE, LONGEST_PROBE, DeliveryWorker
from bot.store import UnitOfWork
from bot.store.delivery.claims import DeliveryClaims
from tests.stand_ins import Harness, RecordingGateway, open_harness, open_store

ATTENTION = "1706.03762"


@dataclass(slots=True)
class UnreliableGateway(RecordingGateway):
    """A wall that can fail after it has put the card up, forbid looking, and do something in mid-post."""

    fails: list[BaseException] = field(default_factory=list)  # type: ignore[assignment] # a kill is no Exception
    after: list[BaseException] = field(default_factory=list)
    blind: Exception | None = None
    meanwhile: Callable[[Location], Awaitable[None]] | None = None
    edit_fails: list[BaseException] = field(default_factory=list)
    down: set[str] = field(default_factory=set)
    """Rooms in which a post hangs until it is cancelled."""

    async def post(self, where: Location, card: Card, *, key: str) -> Posted:
        if where.room in self.down:
            await asyncio.Event().wait()
        posted = await RecordingGateway.post(self, where, card, key=key)
        if self.meanwhile:
            do, self.meanwhile = self.meanwhile, None
            await do(where)
        if self.after:
            raise self.after.pop(0)
        return posted

    async def edit(self, where: Location, card: Card, *, key: str) -> None:
        if self.edit_fails:
            raise self.edit_fails.pop(0)
        await RecordingGateway.edit(self, where, card, key=key)
        if self.meanwhile:
            do, self.meanwhile = self.meanwhile, None
            await do(where)

    async def find(self, where: Location, *, key: str, since: float) -> Posted | None:
        if self.blind:
            raise self.blind
        return await RecordingGateway.find(self, where, key=key, since=since)


@dataclass(slots=True)
class DeliveryHarness:
    """A club with a shaky wall: what is planned here, the delivery_worker delivers."""

    admin: Harness
    wall: UnreliableGateway
    club: Club
    url: str = ""
    rooms: dict[str, Room] = field(default_factory=dict)
    planned: int = 0

    @property
    def delivery_worker(self) -> DeliveryWorker:
        return self.admin.delivery_worker

    async def room(self, name: str) -> Room:
        if name not in self.rooms:
            async with self.admin.app.store.admin_session() as link_checker:
                workspace = await link_checker.directory.workspace("wall", "W1")
            assert workspace is not None
            async with self.admin.app.store.begin(self.club.id) as db:
                self.rooms[name] = await db.rooms.assign(workspace.id, name, "digest", name)
        return self.rooms[name]

    async def plan(self, *texts: str, room: str = "digest") -> int:
        """Plan a post of these parts to a room; its subject's number."""
        self.planned += 1
        place = await self.room(room)
        async with self.admin.app.store.begin(self.club.id) as db:
            for number, words in enumerate(texts):
                card = to_json(Card(words, (text(words),)))
                await db.deliveries.plan(
                    DeliveryKind.SKIP_NOTICE, self.planned, place, self.admin.clock(), part=number, card=card
                )
        return self.planned

    async def rows(self, subject: int = 1) -> list[Delivery]:
        async with self.admin.app.store.read(self.club.id) as db:
            return list(await db.deliveries.by_subject(DeliveryKind.SKIP_NOTICE, subject))

    async def row(self, subject: int = 1) -> Delivery:
        (row,) = await self.rows(subject)
        return row

    async def trouble(self, room: str = "digest") -> str:
        async with self.admin.app.store.read(self.club.id) as db:
            return next(r.trouble for r in await db.rooms.all() if r.name == room)

    @property
    def titles(self) -> list[str]:
        return [card.title for _, card in self.wall.posts]

    async def later(self, stretch: timedelta) -> None:
        """Let time pass, and deliver what is due by then."""
        self.admin.clock.at += stretch
        await self.delivery_worker.drain()


async def harness_of(opened: Harness) -> DeliveryHarness:
    wall = UnreliableGateway()
    opened.add(wall)
    return DeliveryHarness(opened, wall, await register_workspace(opened.app, "wall", "W1", "Readers"))


@pytest.fixture
async def harness(tmp_path: Path) -> AsyncIterator[DeliveryHarness]:
    async with open_harness(tmp_path) as opened:
        yield await harness_of(opened)


@pytest.fixture
async def either(url: str, tmp_path: Path) -> AsyncIterator[DeliveryHarness]:
    """A harness on SQLite, and one on PostgreSQL."""
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


async def test_what_was_not_sent_is_tried_again_when_the_platform_says(harness: DeliveryHarness) -> None:
    harness.wall.fails = [NotSent("too many requests", retry_after=90)]
    await harness.plan("hello")
    await harness.delivery_worker.drain()
    assert (await harness.row()).state == "ready"
    await harness.later(timedelta(seconds=89))
    assert harness.titles == []
    await harness.later(timedelta(seconds=1))
    assert harness.titles == ["hello"]


async def test_a_long_outage_is_waited_out_with_growing_pauses(harness: DeliveryHarness) -> None:
    tries = 16
    harness.wall.fails = [NotSent("no connection", retry_after=0) for _ in range(tries)]
    await harness.plan("hello")
    waited = []
    for _ in range(tries):
        before = harness.admin.clock()
        await harness.delivery_worker.drain()
        waited.append((await harness.row()).not_before - before)
        harness.admin.clock.at = (await harness.row()).not_before
    assert waited == sorted(waited)
    assert (waited[0], waited[-1]) == (timedelta(seconds=2), timedelta(minutes=2))
    await harness.delivery_worker.drain()
    assert harness.titles == ["hello"]


async def test_an_outage_of_most_of_a_day_ends_no_post(harness: DeliveryHarness) -> None:
    harness.wall.fails = [NotSent("no connection") for _ in range(4)]
    await harness.plan("hello")
    await harness.delivery_worker.drain()
    for _ in range(3):
        await harness.later(timedelta(hours=5))
        assert ((await harness.row()).state, await harness.trouble()) == ("ready", "")
    await harness.later(timedelta(hours=5))
    assert harness.titles == ["hello"]


async def test_a_card_that_breaks_for_half_a_day_is_given_up(
    harness: DeliveryHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> Card:
        raise RuntimeError("a bug")

    monkeypatch.setattr("bot.runtime.delivery_worker.render_delivery", broken)
    await harness.plan("hello")
    await harness.delivery_worker.drain()
    await harness.later(DRAW_FOR)
    row = await harness.row()
    assert (row.state, await harness.trouble()) == ("failed", ""), "its channel is well"
    await harness.later(timedelta(days=1))
    assert (await harness.row()).attempts == row.attempts, "not tried for ever"


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


async def test_what_only_one_message_was_refused_for_is_no_trouble_of_its_channel(harness: DeliveryHarness) -> None:
    harness.wall.fails = [Refused("this text is not allowed", of_channel=False)]
    await harness.plan("one")
    await harness.plan("two")
    await harness.delivery_worker.drain()
    await harness.later(timedelta(days=1))
    assert (harness.titles, (await harness.row()).attempts, await harness.trouble()) == (["two"], 1, "")


async def test_what_is_too_old_by_the_time_a_channel_is_healed_is_left_out(harness: DeliveryHarness) -> None:
    harness.wall.fails = [Refused("invite me first") for _ in range(2)]
    await harness.plan("old news")
    await harness.delivery_worker.drain()
    harness.admin.clock.at += timedelta(days=2)
    await harness.plan("news")
    await harness.delivery_worker.drain()
    await harness.later(timedelta(seconds=FIRST_PROBE))
    assert harness.titles == ["news"]
    assert (await harness.row()).state == "skipped"


async def test_what_there_is_nothing_to_show_of_is_skipped(harness: DeliveryHarness) -> None:
    room = await harness.room("digest")
    async with harness.admin.app.store.begin(harness.club.id) as db:
        await db.deliveries.plan(DeliveryKind.SKIP_NOTICE, 1, room, harness.admin.clock(), card=None)
    await harness.delivery_worker.drain()
    assert (await harness.row()).state == "skipped"
    assert harness.titles == []


async def test_a_card_that_cannot_be_drawn_now_is_tried_again(
    harness: DeliveryHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> Card:
        raise RuntimeError("the database is away")

    await harness.plan("hello")
    with monkeypatch.context() as patched:
        patched.setattr("bot.runtime.delivery_worker.render_delivery", broken)
        await harness.delivery_worker.drain()
    row = await harness.row()
    assert (row.state, row.had_unknown) == ("ready", False), "nothing was sent, so nothing is in doubt"
    await harness.later(timedelta(seconds=30))
    assert harness.titles == ["hello"]


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


async def test_what_is_not_there_a_minute_later_is_posted_again(harness: DeliveryHarness) -> None:
    harness.wall.fails = [OutcomeUnknown("the connection broke")]
    await harness.plan("hello")
    await harness.delivery_worker.drain()
    waited = timedelta(0)
    for number, at in enumerate(CHECK_DELAYS[:-1]):
        assert ((await harness.row()).looks, harness.titles) == (number, [])
        await harness.later(at - waited)
        waited = at
    assert ((await harness.row()).looks, harness.titles) == (3, [])
    await harness.later(CHECK_DELAYS[-1] - waited)
    assert ((await harness.row()).state, harness.titles) == ("sent", ["hello"])


async def test_whatever_else_goes_wrong_in_a_post_counts_as_unknown(harness: DeliveryHarness) -> None:
    harness.wall.after = [KeyError("ts")]
    await harness.plan("hello")
    await harness.delivery_worker.drain()
    assert (await harness.row()).state == "unknown"
    await harness.later(CHECK_DELAYS[0])
    assert ((await harness.row()).state, harness.titles) == ("sent", ["hello"])


async def test_a_look_that_fails_is_no_look(harness: DeliveryHarness) -> None:
    harness.wall.after, harness.wall.blind = [OutcomeUnknown("no answer")], OutcomeUnknown("no answer again")
    await harness.plan("hello")
    await harness.delivery_worker.drain()
    for _ in range(5):
        await harness.later(RETRY_DELAY)
    assert ((await harness.row()).state, (await harness.row()).looks) == ("unknown", 0)
    harness.wall.blind = None
    await harness.later(RETRY_DELAY)
    assert ((await harness.row()).state, harness.titles) == ("sent", ["hello"])


# Programs that stop


async def test_a_crash_between_posting_and_writing_it_down_posts_nothing_twice(either: DeliveryHarness) -> None:
    either.wall.after = [asyncio.CancelledError()]  # ends the task where a killed process would have ended
    await either.plan("one", "two")
    await either.delivery_worker.drain()
    assert [row.state for row in await either.rows()] == ["sending", "ready"]
    another = replace(either.admin, delivery_worker=DeliveryWorker(either.admin.app))
    await another.delivery_worker.drain()
    assert either.titles == ["one"], "its lease still runs"
    either.admin.clock.at += LEASE + timedelta(seconds=1)
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
    harness: DeliveryHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def paused(db: UnitOfWork, delivery: Delivery) -> Card | None:
        harness.admin.clock.advance(seconds=100)
        return await render_delivery(db, delivery)

    await harness.plan("hello")
    with monkeypatch.context() as patched:
        patched.setattr("bot.runtime.delivery_worker.render_delivery", paused)
        await harness.delivery_worker.round()
    assert ((await harness.row()).state, harness.titles) == ("ready", [])
    await harness.delivery_worker.drain()
    assert harness.titles == ["hello"]


async def test_of_two_processes_that_hold_a_post_in_turn_the_second_decides(either: DeliveryHarness) -> None:
    other = DeliveryWorker(either.admin.app)

    async def asleep(where: Location) -> None:
        either.wall.keys, there = {}, either.wall.keys  # it turns up late
        either.admin.clock.at += LEASE + timedelta(seconds=1)
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


async def test_told_to_stop_it_lets_a_send_end(harness: DeliveryHarness) -> None:
    sending, told = asyncio.Event(), asyncio.Event()

    async def slow(where: Location) -> None:
        sending.set()
        await told.wait()

    harness.wall.meanwhile = slow
    await harness.plan("one", "two")
    running = asyncio.create_task(harness.delivery_worker.run())
    await sending.wait()
    running.cancel()
    await asyncio.sleep(0)
    told.set()
    with suppress(asyncio.CancelledError):
        await running
    states = [row.state for row in await harness.rows()]
    assert states == ["sent", "ready"], "work in progress is finished, nothing new is started"


async def test_told_to_stop_while_it_claims_it_sends_what_it_has_claimed(
    harness: DeliveryHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim = DeliveryClaims.claim_ready

    async def stopped(claims: DeliveryClaims, *terms: Any) -> Sequence[Delivery]:
        claimed = await claim(claims, *terms)
        running.cancel()
        return claimed

    monkeypatch.setattr(DeliveryClaims, "claim_ready", stopped)
    await harness.plan("hello")
    running = asyncio.create_task(harness.delivery_worker.run())
    with suppress(asyncio.CancelledError):
        await running
    assert (await harness.row()).state == "sent", "else it would count as doubtful, though nobody ever sent it"


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


def another_process(harness: DeliveryHarness, stack: AsyncExitStack) -> App:
    """The same program once more: on PostgreSQL with connections of its own, on SQLite there is only one process."""
    if harness.url.startswith("sqlite"):
        return harness.admin.app
    store = open_store(harness.url)
    stack.push_async_callback(store.close)
    return replace(harness.admin.app, store=store)


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


async def test_a_room_that_is_down_holds_up_no_other(harness: DeliveryHarness) -> None:
    harness.wall.down = {"down"}
    await harness.plan("lost", room="down")
    await harness.plan("1", "2", "3", room="up")
    running = asyncio.create_task(harness.delivery_worker.run())
    async with asyncio.timeout(20):
        while len(harness.titles) < 3:
            await harness.admin.app.wake_up.wait(0.05)
    assert harness.titles == ["1", "2", "3"]
    for task in asyncio.all_tasks():
        if task.get_name() == f"room {harness.rooms['down'].id}":
            task.cancel()
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


async def test_nothing_is_posted_where_the_bot_is_not_any_more(harness: DeliveryHarness) -> None:
    await harness.plan("hello", room="old")
    await harness.plan("hello too", room="gone")
    async with harness.admin.app.store.begin(harness.club.id) as db:
        await db.rooms.deactivate(harness.rooms["old"])
    async with harness.admin.app.store.admin_session() as link_checker:
        await link_checker.directory.leave("wall", "W1", "removed", harness.admin.clock())
    await harness.delivery_worker.drain()
    assert harness.titles == []


# Drawing anew


async def stale(harness: DeliveryHarness) -> Delivery:
    """A posted card of a paper, marked for drawing by a vote."""
    await harness.admin.say("Ada", f"/paper submit {ATTENTION}")
    await harness.admin.say("Bob", "/paper vote 1")
    harness.wall.edits.clear()
    async with harness.admin.app.store.begin(harness.club.id) as db:
        (card,) = await db.deliveries.cards(1)
        await db.deliveries.mark_stale(1)
    return card


async def test_however_many_vote_a_copy_is_drawn_once(harness: DeliveryHarness) -> None:
    await stale(harness)
    async with harness.admin.app.store.begin(harness.club.id) as db:
        submission = await db.submissions.get(1, lock=True)
        assert submission is not None
        for name in ("Cy", "Di", "Ed"):
            member = await db.members.get_or_create("wall", name, name, "W1", harness.admin.clock())
            await db.votes.set(submission, member.id, VoteStance.VOTE, harness.admin.clock())
            await db.deliveries.mark_stale(1)
    await harness.delivery_worker.drain()
    assert len(harness.wall.edits) == 1
    assert "4" in repr(harness.wall.edits[0][1])


async def test_a_change_while_it_is_drawn_is_drawn_too(either: DeliveryHarness) -> None:
    await stale(either)

    async def voted(where: Location) -> None:
        async with either.admin.app.store.begin(either.club.id) as db:
            await db.deliveries.mark_stale(1)

    either.wall.meanwhile = voted
    await either.delivery_worker.drain()
    assert len(either.wall.edits) == 2


async def test_a_copy_whose_drawing_died_is_drawn_again(either: DeliveryHarness) -> None:
    await stale(either)
    either.wall.edit_fails = [asyncio.CancelledError()]
    await either.delivery_worker.drain()
    assert either.wall.edits == []
    await either.later(LEASE + timedelta(seconds=1))
    assert len(either.wall.edits) == 1


@pytest.mark.parametrize("error", [NotSent("slow down", retry_after=45), OutcomeUnknown("no answer")])
async def test_an_edit_that_did_not_arrive_is_made_again(harness: DeliveryHarness, error: Exception) -> None:
    await stale(harness)
    harness.wall.edit_fails = [error]
    await harness.delivery_worker.drain()
    assert harness.wall.edits == []
    await harness.later(timedelta(seconds=45))
    assert len(harness.wall.edits) == 1


async def test_a_message_that_may_not_be_edited_is_left_alone(harness: DeliveryHarness) -> None:
    await stale(harness)
    harness.wall.edit_fails = [Refused("it is too old to be edited", of_channel=False)]
    await harness.delivery_worker.drain()
    await harness.later(timedelta(days=1))
    assert harness.wall.edits == []


async def test_a_message_in_an_archived_channel_is_drawn_anew_when_it_may_be_edited_again(
    harness: DeliveryHarness,
) -> None:
    await stale(harness)
    harness.wall.edit_fails = [Refused("the channel is archived")] * 2
    await harness.delivery_worker.drain()
    await harness.later(timedelta(seconds=FIRST_REDRAW))
    await harness.later(timedelta(seconds=FIRST_REDRAW))
    assert (harness.wall.edits, harness.wall.edit_fails) == ([], []), "longer each time"
    await harness.later(timedelta(seconds=FIRST_REDRAW))
    assert len(harness.wall.edits) == 1

    card = await stale(harness)
    harness.wall.edit_fails = [Refused("the channel is archived")]
    await harness.delivery_worker.drain()
    assert harness.wall.edits == []
    async with harness.admin.app.store.begin(harness.club.id) as db:
        await post_missed(db, card.room_id, harness.admin.clock())
    await harness.delivery_worker.drain()
    assert len(harness.wall.edits) == 1, "at once where it is known that the channel is back"


async def test_one_bad_card_keeps_the_courier_running(harness: DeliveryHarness) -> None:
    await stale(harness)
    harness.wall.edit_fails = [KeyError("blocks")]
    await harness.plan("hello")
    await harness.delivery_worker.drain()
    assert "hello" in harness.titles
    await harness.later(LEASE + timedelta(seconds=1))
    assert len(harness.wall.edits) == 1, "drawn again when its lease ran out"
