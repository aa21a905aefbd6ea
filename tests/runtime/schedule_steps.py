"""Steps of tests of the schedule: a tick, and what became of each period."""

from __future__ import annotations

from sqlalchemy import select

from bot.app import App
from bot.domain.models import Edition, ScheduledTask, Slot, TaskKind
from bot.runtime.scheduler import Scheduler
from tests.features.conversation import CLUB
from tests.features.edition_steps import (
    set_up_week,
)
from tests.recorder import replayed
from tests.stand_ins import Harness

PARTS = 5
"""Posts of the week's edition in one room."""


async def tick(club: Harness, **passed: float) -> None:
    """Let time pass, look what is due, and carry the posts out; then look again, as the next tick would."""
    club.clock.advance(**passed)
    schedule = Scheduler(club.app)
    for _ in range(2):
        await schedule.tick()
        await club.delivery_worker.drain()


async def slots(club: Harness) -> list[Slot]:
    """Every due time there is a row for, earliest first."""
    async with club.app.store.read(CLUB) as db:
        return sorted(await db.slots.recent(limit=100), key=lambda slot: slot.due_at)


async def states(club: Harness) -> dict[str, str]:
    """What became of each period."""
    return {slot.key: slot.state for slot in await slots(club)}


async def editions(club: Harness) -> list[Edition]:
    """The published editions, latest first."""
    async with club.app.store.read(CLUB) as db:
        return list(await db.editions.latest(limit=100))


@replayed
async def started(club: Harness) -> None:
    """A week of papers, with the schedule's first look taken."""
    await set_up_week(club)
    await tick(club)


async def scheduled_task(app: App, kind: TaskKind, club_id: int = CLUB) -> ScheduledTask:
    """The row of a kind of work of a club."""
    async with app.store.read_admin_session() as admin:
        row = await admin._session.scalar(
            select(ScheduledTask).where(ScheduledTask.kind == kind, ScheduledTask.club_id == club_id)
        )
    assert row is not None
    return row
