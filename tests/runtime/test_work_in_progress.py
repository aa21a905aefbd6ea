"""Work that is claimed: what hangs delays no other, and what a dead process began is taken up and paid for once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from bot.chat.cards import Card
from bot.chat.gateway import Location, Posted
from bot.domain.models import AT_ONCE, ScheduledTask, TaskKind
from bot.domain.summary_values import SummarySource, WrittenSummary
from bot.features.shared.papers.summarization import StoringWriter
from bot.runtime.heartbeat import Heartbeat
from bot.runtime.scheduler import Scheduler
from bot.runtime.task_loop import LEASE, TaskLoop
from bot.store.admin.scheduled_tasks import TaskClaim
from bot.store.database.migrate import migrate
from tests.features.conversation import ATTENTION, CLUB, submit_papers
from tests.features.edition_steps import THEOREMS, edition_numbered, set_up_week
from tests.runtime.schedule_steps import scheduled_task
from tests.stand_ins import FirstSentenceWriter, Harness, RecordingGateway, open_harness, words


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
        for under_way in loop._running.values():
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
        assert (await scheduled_task(club.app, TaskKind.EDITION)).owner == "two"


async def test_work_that_is_released_while_leases_are_renewed_is_not_called_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_harness(tmp_path) as club:
        await set_up_week(club)
        await Scheduler(club.app).tick()
        lost: list[TaskClaim] = []
        may_end = asyncio.Event()

        async def renew(claims: Collection[TaskClaim]) -> Collection[TaskClaim]:
            async with club.app.store.admin_session() as admin:
                return await admin.tasks.renew("one", claims, club.clock() + LEASE)

        async def work(club_id: int) -> None:
            await may_end.wait()

        heartbeat: Heartbeat[TaskClaim] = Heartbeat(renew, lost.append)
        loop = TaskLoop(club.app, TaskKind.EDITION, work, owner="one", at_once=1, heartbeat=heartbeat)
        release = loop._release

        async def release_as_leases_are_renewed(ended: Mapping[TaskClaim, datetime | None]) -> None:
            await release(ended)
            await heartbeat.beat()

        monkeypatch.setattr(loop, "_release", release_as_leases_are_renewed)
        async with club.app.store.admin_session() as admin:
            await admin._session.execute(_due(TaskKind.EDITION))
        working = asyncio.create_task(loop.round())
        may_end.set()
        await working
        assert (await scheduled_task(club.app, TaskKind.EDITION)).lease_until is None
        assert lost == []


def _due(kind: TaskKind) -> Any:
    return update(ScheduledTask).where(ScheduledTask.kind == kind).values(due_at=AT_ONCE)


async def claimed_by(owner: str, club: Harness) -> Sequence[TaskClaim]:
    async with club.app.store.admin_session() as admin:
        return await admin.tasks.claim(TaskKind.EDITION, owner, club.clock(), LEASE, except_clubs=(), limit=5)


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
    assert (await scheduled_task(club.app, TaskKind.EDITION)).due_at == AT_ONCE
