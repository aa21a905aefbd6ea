"""Posts to the moderators' channels of a club. Messages to one person are in `member_messages`."""

from __future__ import annotations

from bot.app import App, Context
from bot.chat.cards import Card, to_json
from bot.domain.models import AuditEntry, DeliveryKind
from bot.store import UnitOfWork


async def alert_moderators(app: App, club_id: int, why: str, card: Card) -> None:
    """Record trouble in the club's audit log, and post a card to every reachable moderators' channel."""
    now = app.now()
    async with app.store.begin(club_id) as db:
        act = await db.audit_log.append("alarm", None, now, why=why)
        for room in await db.rooms.with_purpose("moderators"):
            if not room.trouble:
                await db.deliveries.plan(DeliveryKind.ADMIN_ALERT, act.id, room, now, card=to_json(card))
    app.wake_up.set()


async def post_to_moderators(ctx: Context, db: UnitOfWork, kind: DeliveryKind, subject_id: int, card: Card) -> bool:
    """Plan a card in every moderators' channel. False if the club has none that can be posted to now."""
    rooms = await db.rooms.with_purpose("moderators")
    for room in rooms:
        await db.deliveries.plan(kind, subject_id, room, ctx.now, card=to_json(card))
    return not all(room.trouble for room in rooms)


async def call_moderators(app: App, db: UnitOfWork, act: AuditEntry, card: Card) -> None:
    """Post a new card that needs action to moderators' channels, once an audit entry: edits would go unnoticed."""
    for room in await db.rooms.with_purpose("moderators"):
        await db.deliveries.plan(DeliveryKind.ATTENTION, act.id, room, app.now(), card=to_json(card))
