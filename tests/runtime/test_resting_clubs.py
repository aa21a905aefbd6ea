"""The ticker wakes the loops of the schedule, and a club in quarantine is left alone until the quarantine ends."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot.app import App
from bot.domain.models import AT_ONCE, Quarantine, ScheduledTask, TaskKind
from bot.runtime.scheduler import Scheduler
from bot.runtime.task_loop import TaskLoop
from bot.store.admin.scheduled_tasks import TaskClaim
from tests.features.conversation import CLUB
from tests.features.edition_steps import set_up_week
from tests.stand_ins import Harness


async def test_the_ticker_has_every_loop_look_though_nothing_wakes_it(
    club: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: set[TaskKind] = set()
    measured, all_looked = asyncio.Event(), asyncio.Event()

    def look(loop: TaskLoop) -> None:
        looked.add(loop.kind)
        if looked == set(TaskKind) - {TaskKind.NEWS}:
            all_looked.set()

    monkeypatch.setattr(TaskLoop, "look", look)
    monkeypatch.setattr("bot.runtime.scheduler.POLL_INTERVAL", 0.05)
    monkeypatch.setattr(club.app.metrics, "digest_late", lambda _: measured.set())
    running = asyncio.create_task(Scheduler(club.app).run())
    async with asyncio.timeout(20):
        await all_looked.wait()
        await measured.wait()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def claimed(app: App, kinds: Collection[TaskKind]) -> set[TaskClaim]:
    """Tasks that a process gets."""
    found: set[TaskClaim] = set()
    async with app.store.admin_session() as admin:
        for kind in kinds:
            found.update(
                await admin.tasks.claim(kind, "me", app.now(), timedelta(seconds=30), except_clubs=(), limit=9)
            )
    return found


async def test_a_club_in_quarantine_is_left_alone_until_the_quarantine_ends(club: Harness) -> None:
    await set_up_week(club)
    app, now = club.app, club.clock()
    async with app.store.admin_session() as admin:
        row = Quarantine(club_id=CLUB, backed_up_at=now, entered_at=now, found=0, unread=[], unknown=[])
        admin._session.add(row)
        await admin._session.execute(
            update(ScheduledTask).where(ScheduledTask.club_id == CLUB).values(due_at=AT_ONCE, lease_until=None)
        )
    assert not [claim for claim in await claimed(app, list(TaskKind)) if claim.club_id == CLUB]
    async with app.store.read_admin_session() as admin:
        due = await admin._session.scalars(select(ScheduledTask.due_at).where(ScheduledTask.club_id == CLUB))
        assert set(due) == {None}, "put off, so that no look finds them again"
    async with app.store.begin(CLUB) as db:
        quarantine = await db.restored.quarantine(lock=True)
        assert quarantine is not None
        await db.restored.lift(quarantine, post_doubtful=False, now=now)
    assert {claim.kind for claim in await claimed(app, list(TaskKind)) if claim.club_id == CLUB} == set(TaskKind)
