"""Trouble that nobody asked about: the moderators are told wherever they can still be reached."""

from __future__ import annotations

from bot.app import App
from bot.chat.cards import Card, to_json
from bot.domain.models import DeliveryKind


async def alert_admins(app: App, club_id: int, why: str, card: Card) -> None:
    """Write trouble into the club's log and have a card posted in every moderators' room that can be reached."""
    now = app.now()
    async with app.store.begin(club_id) as db:
        act = await db.acts.append("alarm", None, now, why=why)
        for room in await db.rooms.for_("moderators"):
            if not room.trouble:
                await db.deliveries.plan(DeliveryKind.ADMIN_ALERT, act.id, room, now, card=to_json(card))
    app.wake_up.set()
