"""Planning of a club's due times as a scheduled task."""

from __future__ import annotations

from datetime import datetime

from bot.app import App
from bot.features.shared.editions.slot_planning import find_plan, write_plan


async def plan(app: App, club_id: int) -> datetime:
    """Write down the due time that was missed last, if any, and the next; move the next where the rules changed.

    The time of the next: it is then that the one after it is planned.
    """
    async with app.store.read(club_id) as db:
        found = await find_plan(db, await db.club(), app.now())
    if not found.is_done:
        async with app.store.begin(club_id) as db:
            await write_plan(db, found)
    return found.coming.at
