"""Planning: writing down when a club's next edition is due, and the last due time that was missed."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.app import App
from bot.domain import edition_calendar
from bot.domain.club_settings import ClubSettings, zone
from bot.domain.models import SlotState

HORIZON = timedelta(days=100)
"""Time beyond the last taken due time within which the next one is looked for."""
SKIPPED = 1_000
"""Due times that may be skipped ahead: more than anybody has the patience for."""


async def plan(app: App, club_id: int) -> datetime:
    """Write down the due time that was missed last, if any, and the next; move the next where the rules changed.

    The time of the next: it is then that the one after it is planned.
    """
    now = app.now()
    async with app.store.read(club_id) as db:
        club = await db.club()
        known = await db.slots.recent()
        if known and known[-1].due_at > now:  # so many are skipped ahead that there is no place for the others
            known = await db.slots.recent(limit=SKIPPED)
    rules = ClubSettings.of(club.settings)
    rhythm, where = edition_calendar.PublicationTime.read(rules.digest_at), zone(club.timezone)
    ahead = next((slot for slot in known if slot.state == SlotState.DUE and slot.due_at > now), None)
    past = next((slot.due_at for slot in known if slot.due_at <= now), None)
    taken = {slot.key for slot in known if slot is not ahead}
    missed = edition_calendar.due_between(rhythm, rules.cadence, where, past, now) if past else ()
    wanted = [due for due in missed if due.key not in taken][-1:]
    furthest = max([now, *(slot.due_at for slot in known[:1])])
    later = edition_calendar.due_between(rhythm, rules.cadence, where, now, furthest + HORIZON)
    coming = next(due for due in later if due.key not in taken)
    if ahead and (ahead.key, ahead.due_at) == (coming.key, coming.at) and not wanted:
        return coming.at
    async with app.store.begin(club_id) as db:
        for due in wanted:
            await db.slots.plan(due)
        moved = await db.slots.get(ahead.id, lock=True) if ahead else None
        if moved and moved.state == SlotState.DUE:
            moved.key, moved.due_at = coming.key, coming.at
        else:
            await db.slots.plan(coming)
    return coming.at
