"""Planning: writing down when a club's next edition is due, and the last due time that was missed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain import edition_calendar
from bot.domain.club_settings import ClubSettings, zone
from bot.domain.edition_calendar import DueDate
from bot.domain.models import Club, Slot, SlotState
from bot.store import UnitOfWork

HORIZON = timedelta(days=100)
"""Time beyond the last taken due time within which the next one is looked for."""
SKIPPED = 1_000
"""Due times that may be skipped ahead: more than anybody has the patience for."""
SCHEDULE_SETTINGS = ("digest_at", "cadence", "timezone")
"""Settings that say when editions are due."""


@dataclass(frozen=True, slots=True)
class SlotPlan:
    """Due times to be written down: the one that was missed last, if any, and the next one."""

    missed: tuple[DueDate, ...]
    coming: DueDate
    ahead: Slot | None
    """The next due time as it is written down so far."""

    @property
    def is_done(self) -> bool:
        """True if all of it is written down already."""
        known = self.ahead and (self.ahead.key, self.ahead.due_at)
        return known == (self.coming.key, self.coming.at) and not self.missed


async def find_plan(db: UnitOfWork, club: Club, now: datetime) -> SlotPlan:
    """Due times by the club's present settings, beside those that are taken."""
    known = await db.slots.recent()
    if known and known[-1].due_at > now:  # so many are skipped ahead that there is no place for the others
        known = await db.slots.recent(limit=SKIPPED)
    rules = ClubSettings.of(club.settings)
    rhythm, where = edition_calendar.PublicationTime.read(rules.digest_at), zone(club.timezone)
    ahead = next((slot for slot in known if slot.state == SlotState.DUE and slot.due_at > now), None)
    past = next((slot.due_at for slot in known if slot.due_at <= now), None)
    taken = {slot.key for slot in known if slot is not ahead}
    missed = edition_calendar.due_between(rhythm, rules.cadence, where, past, now) if past else ()
    furthest = max([now, *(slot.due_at for slot in known[:1])])
    later = edition_calendar.due_between(rhythm, rules.cadence, where, now, furthest + HORIZON)
    coming = next(due for due in later if due.key not in taken)
    return SlotPlan(tuple([due for due in missed if due.key not in taken][-1:]), coming, ahead)


async def write_plan(db: UnitOfWork, plan: SlotPlan) -> None:
    """Write down the due times of a plan; the next one is moved where the rules changed."""
    for due in plan.missed:
        await db.slots.plan(due)
    moved = await db.slots.get(plan.ahead.id, lock=True) if plan.ahead else None
    if moved and moved.state == SlotState.DUE:
        moved.key, moved.due_at = plan.coming.key, plan.coming.at
    else:
        await db.slots.plan(plan.coming)


async def replan(db: UnitOfWork, club: Club, now: datetime) -> None:
    """Move the next due time to where a change of settings puts it, in the same transaction."""
    plan = await find_plan(db, club, now)
    if not plan.is_done:
        await write_plan(db, plan)
