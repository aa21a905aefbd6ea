"""Due tasks: idle clubs cost nothing, many are served in batches, and a task that was missed is found."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from bot.domain.models import AT_ONCE, EditionState, ScheduledTask, Slot, TaskKind
from bot.runtime import heartbeat
from bot.runtime.heartbeat import Heartbeat
from bot.runtime.scheduler import Scheduler
from bot.runtime.task_loop import TaskLoop
from bot.store import Store
from bot.store.admin.scheduled_tasks import ScheduledTasks
from bot.store.base.transaction import Transaction
from tests.conftest import create_database
from tests.features.conversation import CLUB, SAFE, submit_papers
from tests.features.edition_steps import THEOREMS, edition_numbered, say_as_moderator, set_up_week
from tests.runtime.schedule_steps import scheduled_task
from tests.sent_statements import sent_statements
from tests.stand_ins import Harness, open_harness, open_store


async def found_clubs(store: Store, many: int, at: Any) -> None:
    """Clubs in which nobody does anything."""
    async with store.admin_session() as admin:
        for number in range(many):
            await admin.directory.create_club(f"Idle {number}", "UTC", at)


async def test_an_idle_tick_asks_as_much_for_many_clubs_as_for_one(
    club: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heartbeat, "BEAT", 3600.0)  # on a busy machine the first look at many takes longer than a beat
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
    assert ((await scheduled_task(club.app, TaskKind.PLAN, CLUB + 5)).due_at or AT_ONCE) > club.clock()


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
        assert (await scheduled_task(club.app, TaskKind.PLAN, CLUB + number)).lease_until is None


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
    real = ScheduledTasks.may_have_due

    async def some(self: ScheduledTasks, *args: Any) -> bool:
        while loop._running:  # noqa: ASYNC110  nothing is signalled
            await asyncio.sleep(0)
        return await real(self, *args)

    monkeypatch.setattr(ScheduledTasks, "may_have_due", some)
    running = asyncio.create_task(loop.run())
    async with asyncio.timeout(30):
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


async def test_another_process_is_woken_by_what_is_committed(postgres: str, tmp_path: Path) -> None:
    url = create_database(postgres, "club_notify", template="template_club")
    async with open_harness(tmp_path, url=url) as club:
        other = open_store(url)
        listening, rung = asyncio.Event(), asyncio.Event()
        other.commit_listeners.subscribe(TaskKind.EDITION, lambda: (rung if listening.is_set() else listening).set())
        listener = asyncio.create_task(other.listen())
        async with asyncio.timeout(20):
            await listening.wait()  # it rings once when it begins, for what it may have missed
            await club.say("Ada", f"/paper submit {SAFE}")
            await rung.wait()
        listener.cancel()
        await asyncio.gather(listener, return_exceptions=True)
        await other.close()
