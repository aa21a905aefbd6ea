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
from bot.domain.delivery_rules import CHECK_DELAYS, RETRY_DELAY, pause
from bot.domain.models import Club, Delivery, DeliveryKind, Room, VoteStance
from bot.features.shared.delivery.channel_recovery import post_missed
from bot.features.shared.delivery.delivery_cards import render_delivery
from bot.identification import register_workspace
from bot.runtime.delivery_worker import FIRST_PROBE, FIRST_REDRAW, LEASE, LONGEST_PROBE, DeliveryWorker
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
    """A club with a gateway that fails: what is planned here, the delivery worker posts."""

    harness: Harness
    wall: UnreliableGateway
    club: Club
    url: str = ""
    rooms: dict[str, Room] = field(default_factory=dict)
    planned: int = 0

    @property
    def delivery_worker(self) -> DeliveryWorker:
        return self.harness.delivery_worker

    async def room(self, name: str) -> Room:
        if name not in self.rooms:
            async with self.harness.app.store.admin_session() as admin:
                workspace = await admin.directory.workspace("wall", "W1")
            assert workspace is not None
            async with self.harness.app.store.begin(self.club.id) as db:
                self.rooms[name] = await db.rooms.assign(workspace.id, name, "digest", name)
        return self.rooms[name]

    async def plan(self, *texts: str, room: str = "digest") -> int:
        """Plan a post of these parts to a room; its subject's number."""
        self.planned += 1
        place = await self.room(room)
        async with self.harness.app.store.begin(self.club.id) as db:
            for number, words in enumerate(texts):
                card = to_json(Card(words, (text(words),)))
                await db.deliveries.plan(
                    DeliveryKind.SKIP_NOTICE, self.planned, place, self.harness.clock(), part=number, card=card
                )
        return self.planned

    async def rows(self, subject: int = 1) -> list[Delivery]:
        async with self.harness.app.store.read(self.club.id) as db:
            return list(await db.deliveries.by_subject(DeliveryKind.SKIP_NOTICE, subject))

    async def row(self, subject: int = 1) -> Delivery:
        (row,) = await self.rows(subject)
        return row

    async def trouble(self, room: str = "digest") -> str:
        async with self.harness.app.store.read(self.club.id) as db:
            return next(r.trouble for r in await db.rooms.all() if r.name == room)

    @property
    def titles(self) -> list[str]:
        return [card.title for _, card in self.wall.posts]

    async def later(self, stretch: timedelta) -> None:
        """Let time pass, and deliver what is due by then."""
        self.harness.clock.at += stretch
        await self.delivery_worker.drain()


async def harness_of(opened: Harness) -> DeliveryHarness:
    wall = UnreliableGateway()
    opened.add(wall)
    return DeliveryHarness(opened, wall, await register_workspace(opened.app, "wall", "W1", "Readers"))


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
        patched.setattr("bot.runtime.delivery_worker.render_delivery", broken)
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


# Programs that stop


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
        patched.setattr("bot.runtime.delivery_worker.render_delivery", paused)
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


# Drawing anew


async def stale(club: DeliveryHarness) -> Delivery:
    """A posted card of a paper, marked for drawing by a vote."""
    await club.harness.say("Ada", f"/paper submit {ATTENTION}")
    await club.harness.say("Bob", "/paper vote 1")
    club.wall.edits.clear()
    async with club.harness.app.store.begin(club.club.id) as db:
        (card,) = await db.deliveries.cards(1)
        await db.deliveries.mark_stale(1)
    return card


async def test_however_many_vote_a_copy_is_drawn_once(club: DeliveryHarness) -> None:
    await stale(club)
    async with club.harness.app.store.begin(club.club.id) as db:
        submission = await db.submissions.get(1, lock=True)
        assert submission is not None
        for name in ("Cy", "Di", "Ed"):
            member = await db.members.get_or_create("wall", name, name, "W1", club.harness.clock())
            await db.votes.set(submission, member.id, VoteStance.VOTE, club.harness.clock())
            await db.deliveries.mark_stale(1)
    await club.delivery_worker.drain()
    assert len(club.wall.edits) == 1
    assert "4" in repr(club.wall.edits[0][1])


async def test_a_change_while_it_is_drawn_is_drawn_too(either: DeliveryHarness) -> None:
    await stale(either)

    async def voted(where: Location) -> None:
        async with either.harness.app.store.begin(either.club.id) as db:
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
async def test_an_edit_that_did_not_arrive_is_made_again(club: DeliveryHarness, error: Exception) -> None:
    await stale(club)
    club.wall.edit_fails = [error]
    await club.delivery_worker.drain()
    assert club.wall.edits == []
    await club.later(timedelta(seconds=45))
    assert len(club.wall.edits) == 1


async def test_a_message_that_may_not_be_edited_is_left_alone(club: DeliveryHarness) -> None:
    await stale(club)
    club.wall.edit_fails = [Refused("it is too old to be edited", of_channel=False)]
    await club.delivery_worker.drain()
    await club.later(timedelta(days=1))
    assert club.wall.edits == []


async def test_a_message_in_an_archived_channel_is_drawn_anew_when_it_may_be_edited_again(
    club: DeliveryHarness,
) -> None:
    await stale(club)
    club.wall.edit_fails = [Refused("the channel is archived")] * 2
    await club.delivery_worker.drain()
    await club.later(timedelta(seconds=FIRST_REDRAW))
    await club.later(timedelta(seconds=FIRST_REDRAW))
    assert (club.wall.edits, club.wall.edit_fails) == ([], []), "longer each time"
    await club.later(timedelta(seconds=FIRST_REDRAW))
    assert len(club.wall.edits) == 1

    card = await stale(club)
    club.wall.edit_fails = [Refused("the channel is archived")]
    await club.delivery_worker.drain()
    assert club.wall.edits == []
    async with club.harness.app.store.begin(club.club.id) as db:
        await post_missed(db, card.room_id, club.harness.clock())
    await club.delivery_worker.drain()
    assert len(club.wall.edits) == 1, "at once where it is known that the channel is back"


async def test_one_bad_card_keeps_the_worker_running(club: DeliveryHarness) -> None:
    await stale(club)
    club.wall.edit_fails = [KeyError("blocks")]
    await club.plan("hello")
    await club.delivery_worker.drain()
    assert "hello" in club.titles
    await club.later(LEASE + timedelta(seconds=1))
    assert len(club.wall.edits) == 1, "drawn again when its lease ran out"
