"""Idle clubs cost nothing, and what a dead process was at work on is taken up by another."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError

from bot.app import App
from bot.chat.cards import Card
from bot.chat.gateway import Location, Posted
from bot.domain.models import AT_ONCE, EditionState, ScheduledTask, Slot, TaskKind
from bot.domain.summary_values import SummarySource, WrittenSummary
from bot.features.shared.papers.summarization import StoringWriter
from bot.runtime.heartbeat import Heartbeat
from bot.runtime.scheduler import Scheduler
from bot.runtime.task_loop import LEASE, TaskLoop
from bot.store import Store
from bot.store.admin.scheduled_tasks import ScheduledTasks, TaskClaim
from bot.store.base.transaction import Transaction
from bot.store.database import outage
from bot.store.database.migrate import migrate
from bot.store.delivery.deliveries import Deliveries
from tests.conftest import create_database
from tests.features.conversation import ATTENTION, CLUB, SAFE, submit_papers
from tests.features.edition_steps import THEOREMS, edition_numbered, say_as_moderator, set_up_week
from tests.sent_statements import sent_statements
from tests.stand_ins import FirstSentenceWriter, Harness, RecordingGateway, open_harness, open_store, words


async def found_clubs(store: Store, many: int, at: Any) -> None:
    """Clubs in which nobody does anything."""
    async with store.admin_session() as admin:
        for number in range(many):
            await admin.directory.create_club(f"Idle {number}", "UTC", at)


async def task(app: App, kind: TaskKind, club_id: int = CLUB) -> ScheduledTask:
    async with app.store.read_admin_session() as admin:
        row = await admin._session.scalar(
            select(ScheduledTask).where(ScheduledTask.kind == kind, ScheduledTask.club_id == club_id)
        )
    assert row is not None
    return row


async def test_an_idle_tick_asks_as_much_for_many_clubs_as_for_one(club: Harness) -> None:
    await set_up_week(club)
    schedule = Scheduler(club.app)
    await schedule.tick()
    with sent_statements(club.app.store) as of_one:
        await schedule.tick()
    await found_clubs(club.app.store, 40, club.clock())
    await schedule.tick()
    with sent_statements(club.app.store) as of_many:
        await schedule.tick()
    assert len(of_many) == len(of_one) <= 20, of_many


async def test_every_club_is_planned_for_in_small_batches(club: Harness) -> None:
    await found_clubs(club.app.store, 9, club.clock())
    await Scheduler(club.app).tick()
    async with club.app.store.read(CLUB + 5) as db:
        assert await db.slots.next() is not None
    assert ((await task(club.app, TaskKind.PLAN, CLUB + 5)).due_at or AT_ONCE) > club.clock()


async def test_tasks_whose_work_ends_meanwhile_are_released_in_one_transaction(
    club: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    await found_clubs(club.app.store, 3, club.clock())
    began, may_end, commits = asyncio.Semaphore(0), asyncio.Event(), list[int]()

    async def work(club_id: int) -> None:
        began.release()
        await may_end.wait()

    real = Transaction._end

    async def end(self: Transaction, *, commit: bool) -> None:
        commits.append(self._writes)
        await real(self, commit=commit)

    loop = TaskLoop(club.app, TaskKind.PLAN, work, owner="one", at_once=4, heartbeat=Heartbeat(never, void))
    working = asyncio.create_task(loop.round())
    async with asyncio.timeout(20):
        for _ in range(3):
            await began.acquire()
        monkeypatch.setattr(Transaction, "_end", end)
        async with loop._releasing:  # others are being released
            may_end.set()
            while len(loop._ended) < 3:  # noqa: ASYNC110  nothing is signalled
                await asyncio.sleep(0)
        await working
    assert commits.count(True) == 1
    for number in range(3):
        assert (await task(club.app, TaskKind.PLAN, CLUB + number)).lease_until is None


async def test_more_than_there_is_room_for_waits_for_no_tick(club: Harness, monkeypatch: pytest.MonkeyPatch) -> None:
    """All work under way ends while more is being claimed; what is still due then is taken at once."""
    await found_clubs(club.app.store, 12, club.clock())
    done: list[int] = []
    all_done = asyncio.Event()

    async def work(club_id: int) -> None:
        done.append(club_id)
        if len(done) == 12:
            all_done.set()

    loop = TaskLoop(club.app, TaskKind.PLAN, work, owner="one", at_once=4, heartbeat=Heartbeat(never, void))
    real = ScheduledTasks.some

    async def some(self: ScheduledTasks, *args: Any) -> bool:
        while loop._under_way:  # noqa: ASYNC110  nothing is signalled
            await asyncio.sleep(0)
        return await real(self, *args)

    monkeypatch.setattr(ScheduledTasks, "some", some)
    running = asyncio.create_task(loop.run())
    async with asyncio.timeout(10):
        await all_done.wait()
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
    assert len(set(done)) == 12


async def never(claims: Any) -> Any:
    raise AssertionError("nothing is renewed that soon")


def void(claim: object) -> None: ...


async def test_the_next_edition_is_planned_at_once_when_one_is_out_before_its_time(club: Harness) -> None:
    await set_up_week(club)
    schedule = Scheduler(club.app)
    await schedule.tick()
    async with club.app.store.read(CLUB) as db:
        slot = await db.slots.next()
    assert slot is not None
    at = slot.due_at - timedelta(days=1)
    club.clock.at = at - timedelta(days=2)
    await say_as_moderator(club, "/edition draft")
    await say_as_moderator(club, f"/edition approve {at:%Y-%m-%d} {at:%H:%M}")
    club.clock.at = at + timedelta(minutes=1)
    for _ in range(3):
        await schedule.tick()
        await club.delivery_worker.drain()
    assert (await edition_numbered(club)).state == EditionState.PUBLISHED
    async with club.app.store.read(CLUB) as db:
        done, coming = await db.slots.get(slot.id), await db.slots.next()
    assert done is not None
    assert coming is not None
    assert (done.state, coming.due_at > slot.due_at > club.clock()) == ("done", True)


async def test_what_a_process_of_the_release_before_changed_is_found(club: Harness) -> None:
    """It changes the rows of slots and editions, and knows no tasks."""
    await set_up_week(club)
    await submit_papers(club, "Zoe", THEOREMS)
    schedule = Scheduler(club.app)
    await schedule.tick()
    async with club.app.store.admin_session() as admin:
        session = admin._session
        await session.execute(update(Slot).values(due_at=club.clock() - timedelta(minutes=1)))
        await session.execute(update(ScheduledTask).values(due_at=None))
    await schedule.tick()
    async with club.app.store.read(CLUB) as db:
        assert await db.editions.current() is None, "it is not looked for at every tick"
    club.clock.advance(minutes=11)
    await schedule.tick()
    async with club.app.store.read(CLUB) as db:
        assert await db.editions.current() is not None


@dataclass(slots=True)
class ModelOfClubs(FirstSentenceWriter):
    """A model that does not answer some clubs until it is told to."""

    silent: set[int] = field(default_factory=set)
    answers: asyncio.Event = field(default_factory=asyncio.Event)
    asked_in_vain: asyncio.Event = field(default_factory=asyncio.Event)
    name = "model"
    prompt = "1"

    def for_club(self, club_id: int) -> Any:
        return _OfClub(self, club_id)


@dataclass(slots=True)
class _OfClub:
    model: ModelOfClubs
    club_id: int
    name = "model"
    prompt = "1"

    def for_club(self, club_id: int) -> Any:
        return self.model.for_club(club_id)

    def cost(self, tokens_in: int, tokens_out: int) -> float | None:
        return None

    async def write(self, source: SummarySource) -> WrittenSummary:
        if self.club_id in self.model.silent:
            self.model.asked_in_vain.set()
            await self.model.answers.wait()
        return replace(await FirstSentenceWriter.write(self.model, source), writer="model")


@asynccontextmanager
async def with_model(folder: Path, **given: Any) -> AsyncIterator[tuple[Harness, ModelOfClubs]]:
    async with open_harness(folder, **given) as club:
        model = ModelOfClubs(club.clock)
        club.change(writer=model)
        yield club, model


async def test_a_model_that_hangs_in_one_club_delays_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    posted, post = asyncio.Event(), RecordingGateway.post

    async def post_and_say_so(wall: RecordingGateway, where: Location, card: Card, *, key: str) -> Posted:
        made = await post(wall, where, card, key=key)
        if (where.workspace, where.room) == ("W2", "digest"):
            posted.set()
        return made

    monkeypatch.setattr(RecordingGateway, "post", post_and_say_so)
    async with with_model(tmp_path) as (club, model):
        await set_up_week(club)
        await club.say("Eve", "/clubadmin channels digest digest", admin=True, workspace="W2")
        await club.say("Eve", f"/paper submit {ATTENTION}", workspace="W2", room="papers")
        await Scheduler(club.app).tick()
        club.clock.advance(days=7)
        model.silent.add(CLUB)
        schedule = asyncio.create_task(Scheduler(club.app).run())
        posting = asyncio.create_task(club.delivery_worker.run())
        async with asyncio.timeout(30):
            await model.asked_in_vain.wait()
            await posted.wait()
        assert not model.answers.is_set()
        for running in (schedule, posting):
            running.cancel()
        model.answers.set()
        await asyncio.gather(schedule, posting, return_exceptions=True)


async def test_what_a_dead_process_was_drafting_is_taken_up_and_paid_for_once(
    tmp_path: Path, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One is killed when one of three summaries is written; the next asks the model for the others alone."""
    migrate(url)
    async with with_model(tmp_path, url=url) as (club, model):
        await set_up_week(club)
        await Scheduler(club.app).tick()
        club.clock.advance(days=6)
        before = len(model.asked)
        real = ModelOfClubs.for_club(model, CLUB)
        first, hang, stored, store = asyncio.Event(), asyncio.Event(), asyncio.Event(), StoringWriter._store

        async def store_and_say_so(writer: StoringWriter, *args: Any) -> None:
            await store(writer, *args)
            stored.set()

        monkeypatch.setattr(StoringWriter, "_store", store_and_say_so)

        @dataclass(slots=True)
        class Dying(_OfClub):
            async def write(self, source: SummarySource) -> WrittenSummary:
                if first.is_set():
                    await hang.wait()
                first.set()
                written: WrittenSummary = await real.write(source)
                return written

        club.change(writer=_Fixed(Dying(model, CLUB)))
        dying = Scheduler(club.app)
        doomed = asyncio.create_task(dying.tick())
        async with asyncio.timeout(30):
            await stored.wait()
        await _kill(doomed, dying)
        assert len(model.asked) == before + 1
        club.change(writer=model)
        if not club.app.store.is_exclusive:  # on SQLite no other process can be at work, so nobody waits for the lease
            await Scheduler(club.app).tick()
            assert "draft" not in words(club.gateway.cards("mods"))
            club.clock.at += LEASE + timedelta(seconds=1)
        await Scheduler(club.app).tick()
        await club.delivery_worker.drain()
        assert (await edition_numbered(club)).state == "draft"
        assert len(model.asked) == before + 3, "each summary is paid for once"
        assert len({source.key for source in model.asked[before:]}) == 3
        assert "The edition is being drafted again" in words(club.gateway.cards("mods"))


@dataclass(slots=True)
class _Fixed:
    """A writer that is the same for every club."""

    inner: Any
    name = "model"
    prompt = "1"

    def for_club(self, club_id: int) -> Any:
        return self.inner


async def _kill(doomed: asyncio.Task[None], schedule: Scheduler) -> None:
    """End a process as SIGKILL does: nothing of what it does at its end is done."""
    for loop in schedule._loops.values():
        for under_way in loop._under_way.values():
            under_way.cancel()
    doomed.cancel()
    with suppress(asyncio.CancelledError):
        await doomed


async def test_a_heartbeat_keeps_what_is_worked_on_and_gives_up_what_another_took(url: str, tmp_path: Path) -> None:
    migrate(url)
    async with open_harness(tmp_path, url=url) as club:
        await set_up_week(club)
        await Scheduler(club.app).tick()
        started, ended = asyncio.Event(), asyncio.Event()

        async def long(club_id: int) -> None:
            started.set()
            await ended.wait()

        loops: list[TaskLoop] = []

        async def renew(claims: Any) -> Any:
            async with club.app.store.admin_session() as admin:
                return await admin.tasks.renew("one", claims, club.clock() + LEASE)

        heartbeat: Heartbeat[TaskClaim] = Heartbeat(renew, lambda claim: loops[0].cancel(claim))
        loops.append(TaskLoop(club.app, TaskKind.EDITION, long, owner="one", at_once=1, heartbeat=heartbeat))
        async with club.app.store.admin_session() as admin:
            await admin._session.execute(_due(TaskKind.EDITION))
        working = asyncio.create_task(loops[0].round())
        await started.wait()
        for _ in range(4):
            club.clock.advance(seconds=20)
            await heartbeat.beat()
            assert await claimed_by("two", club) == []
        club.clock.at += LEASE + timedelta(seconds=1)  # it stood still for so long
        assert await claimed_by("two", club) == [TaskClaim(TaskKind.EDITION, CLUB)]
        await heartbeat.beat()
        await working
        assert not ended.is_set(), "it was stopped, for the other one works on it now"
        assert (await task(club.app, TaskKind.EDITION)).owner == "two"


def _due(kind: TaskKind) -> Any:
    return update(ScheduledTask).where(ScheduledTask.kind == kind).values(due_at=AT_ONCE)


async def claimed_by(owner: str, club: Harness) -> Sequence[TaskClaim]:
    async with club.app.store.admin_session() as admin:
        return await admin.tasks.claim(TaskKind.EDITION, owner, club.clock(), LEASE, besides=(), limit=5)


async def test_an_owner_takes_up_its_own(club: Harness) -> None:
    await set_up_week(club)
    assert await claimed_by("one", club) == [TaskClaim(TaskKind.EDITION, CLUB)]
    assert await claimed_by("two", club) == []
    assert await claimed_by("one", club) == [TaskClaim(TaskKind.EDITION, CLUB)]


async def test_what_is_woken_while_it_is_worked_on_is_done_once_more(club: Harness) -> None:
    await set_up_week(club)
    [claim] = await claimed_by("one", club)
    await submit_papers(club, "Zoe", THEOREMS)
    async with club.app.store.admin_session() as admin:
        assert await admin.tasks.release(claim, "one", club.clock() + timedelta(days=1))
    assert (await task(club.app, TaskKind.EDITION)).due_at == AT_ONCE


class Away(Exception):
    """What the driver raises while the server restarts."""

    sqlstate = "57P01"


def database_away() -> OperationalError:
    return OperationalError("UPDATE", {}, Away("terminating connection due to administrator command"))


async def test_a_post_that_succeeded_is_written_down_when_the_database_is_back(
    club: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outage, "PAUSES", (0.0,))
    await club.say("Root", "/clubadmin setup papers=papers", admin=True)
    real, failures = Deliveries.settle, iter([database_away()] * 3)

    async def settle(self: Deliveries, *args: Any, **values: Any) -> bool:
        if error := next(failures, None):
            raise error
        return await real(self, *args, **values)

    monkeypatch.setattr(Deliveries, "settle", settle)
    await submit_papers(club, "Ada", ATTENTION)
    assert len(club.gateway.cards("papers")) == 1
    async with club.app.store.read(CLUB) as db:
        [card] = await db.deliveries.cards(1)
    assert (card.state, card.message, card.had_unknown) == ("sent", "m1", False)


async def test_a_task_that_is_done_is_let_go_when_the_database_is_back(
    club: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outage, "PAUSES", (0.0,))
    await set_up_week(club)
    real, failures = ScheduledTasks.release, iter([database_away()] * 2)

    async def release(self: ScheduledTasks, *args: Any) -> bool:
        if error := next(failures, None):
            raise error
        return await real(self, *args)

    monkeypatch.setattr(ScheduledTasks, "release", release)
    await Scheduler(club.app).tick()
    for kind in (TaskKind.PLAN, TaskKind.EDITION, TaskKind.PUBLISH):
        assert (await task(club.app, kind)).lease_until is None


async def test_what_is_no_outage_is_raised_at_once() -> None:
    async def wrong() -> None:
        raise ValueError("not the database")

    with pytest.raises(ValueError, match="not the database"):
        await outage.write_until_stored("a thing", wrong)


async def test_another_process_is_woken_by_what_is_committed(postgres: str, tmp_path: Path) -> None:
    url = create_database(postgres, "club_notify", template="template_club")
    async with open_harness(tmp_path, url=url) as club:
        other = open_store(url)
        listening, rung = asyncio.Event(), asyncio.Event()
        other.wake_ups.subscribe(TaskKind.EDITION, lambda: (rung if listening.is_set() else listening).set())
        listener = asyncio.create_task(other.listen())
        async with asyncio.timeout(20):
            await listening.wait()  # it rings once when it begins, for what it may have missed
            await club.say("Ada", f"/paper submit {SAFE}")
            await rung.wait()
        listener.cancel()
        await asyncio.gather(listener, return_exceptions=True)
        await other.close()
