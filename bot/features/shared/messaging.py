"""Messages beside the answer: to the moderators' room, to one member."""

from __future__ import annotations

import asyncio
import logging

from bot.app import App, Context
from bot.chat.cards import Card, to_json
from bot.chat.gateway import Location, NotSent, OutcomeUnknown, Refused
from bot.domain.models import Account, DeliveryKind
from bot.domain.preferences import Preferences
from bot.store import UnitOfWork


async def alert_admins(app: App, club_id: int, why: str, card: Card) -> None:
    """Write trouble into the club's log and have a card posted in every moderators' room that can be reached."""
    now = app.now()
    async with app.store.begin(club_id) as db:
        act = await db.audit_log.append("alarm", None, now, why=why)
        for room in await db.rooms.with_purpose("moderators"):
            if not room.trouble:
                await db.deliveries.plan(DeliveryKind.ADMIN_ALERT, act.id, room, now, card=to_json(card))
    app.wake_up.set()


log = logging.getLogger(__name__)


SEND_TIMEOUT = 20.0
"""Seconds that a direct message may take; gateways give up by then of themselves."""


async def to_moderators(ctx: Context, db: UnitOfWork, kind: DeliveryKind, subject_id: int, card: Card) -> bool:
    """Have a card posted in every moderators' room; False where the club has none."""
    rooms = await db.rooms.with_purpose("moderators")
    for room in rooms:
        await db.deliveries.plan(kind, subject_id, room, ctx.now, card=to_json(card))
    return bool(rooms)


async def notify_member(ctx: Context, member_id: int, card: Card) -> bool:
    """Say something to a member of the asker's club in a direct message; whether that went well."""
    return await tell_member(ctx.app, ctx.club.id, member_id, card)


async def tell_member(app: App, club_id: int, member_id: int, card: Card) -> bool:
    """Say something to a member in a direct message, where they are reached first; whether that went well.

    Best effort, for what is good to know: a member may have said no to such messages. Never call it inside a
    transaction.
    """
    async with app.store.read(club_id) as db:
        member = await db.members.get(member_id)
        accounts = await db.members.accounts(member_id)
    if member is None or not Preferences.of(member.prefs).dm:
        return False
    for account in accounts:
        if await _said(app, account, card):
            return True
    return False


async def try_send_to_account(ctx: Context, account: Account, card: Card) -> bool:
    """Say something to one account, whatever its owner's preferences; whether that went well."""
    return await _said(ctx.app, account, card)


async def _said(app: App, account: Account, card: Card) -> bool:
    try:
        await send_to_account(app, account, card)
    except (NotSent, OutcomeUnknown, Refused) as error:
        log.info("could not tell a member on %s: %r", account.platform, error)
        return False
    return True


async def send_to_account(app: App, account: Account, card: Card, within: float = SEND_TIMEOUT) -> None:
    """Say something to one account, in a direct message. Raises NotSent, OutcomeUnknown or Refused."""
    gateway = app.gateways.get(account.platform)
    if gateway is None or not account.workspace:
        raise Refused(f"{account.platform.title()} is not on here")
    try:
        async with asyncio.timeout(within):
            await gateway.send_direct_message(Location(account.platform, account.workspace), account.external_id, card)
    except TimeoutError as error:
        raise OutcomeUnknown("it took too long") from error
