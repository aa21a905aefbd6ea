"""Messages beside the answer: to the moderators' channels, and to single members."""

from __future__ import annotations

import asyncio
import logging

from bot.app import App, Context
from bot.chat.cards import Card, to_json
from bot.chat.gateway import Location, NotSent, OutcomeUnknown, Refused
from bot.domain.models import Account, AuditEntry, DeliveryKind
from bot.domain.preferences import Preferences
from bot.locale.current import _
from bot.store import UnitOfWork


async def alert_admins(app: App, club_id: int, why: str, card: Card) -> None:
    """Record trouble in the club's audit log, and post a card to every reachable moderators' channel."""
    now = app.now()
    async with app.store.begin(club_id) as db:
        act = await db.audit_log.append("alarm", None, now, why=why)
        for room in await db.rooms.with_purpose("moderators"):
            if not room.trouble:
                await db.deliveries.plan(DeliveryKind.ADMIN_ALERT, act.id, room, now, card=to_json(card))
    app.wake_up.set()


log = logging.getLogger(__name__)


SEND_TIMEOUT = 20.0
"""Seconds that a direct message may take; gateways give up earlier by themselves."""


async def post_to_moderators(ctx: Context, db: UnitOfWork, kind: DeliveryKind, subject_id: int, card: Card) -> bool:
    """Plan a card in every moderators' channel. False if the club has none that can be posted to now."""
    rooms = await db.rooms.with_purpose("moderators")
    for room in rooms:
        await db.deliveries.plan(kind, subject_id, room, ctx.now, card=to_json(card))
    return not all(room.trouble for room in rooms)


async def notify_member(ctx: Context, member_id: int, card: Card) -> bool:
    """Send a direct message to a member of the requester's club. True if it was sent."""
    return await tell_member(ctx.app, ctx.club.id, member_id, card)


async def tell_member(app: App, club_id: int, member_id: int, card: Card) -> bool:
    """Send a direct message to a member, at the first account that accepts it. True if it was sent.

    Best effort, for optional information: members can turn such messages off. Must not be called inside a transaction.
    """
    async with app.store.read(club_id) as db:
        member = await db.members.get(member_id)
        accounts = await db.members.accounts(member_id)
    if member is None or not Preferences.of(member.prefs).dm:
        return False
    for account in accounts:
        if await _try_send(app, account, card):
            return True
    return False


async def try_send_to_account(ctx: Context, account: Account, card: Card) -> bool:
    """Send a direct message to one account, whatever its owner's preferences. True if it was sent."""
    return await _try_send(ctx.app, account, card)


async def _try_send(app: App, account: Account, card: Card) -> bool:
    try:
        await send_to_account(app, account, card)
    except (NotSent, OutcomeUnknown, Refused) as error:
        log.info("could not message a member on %s: %r", account.platform, error)
        return False
    return True


async def send_to_account(app: App, account: Account, card: Card, time_limit: float = SEND_TIMEOUT) -> None:
    """Send a direct message to one account, within `time_limit` seconds. Raises NotSent, OutcomeUnknown or Refused."""
    gateway = app.gateways.get(account.platform)
    if gateway is None or not account.workspace:
        raise Refused(_("{platform} is not connected", platform=account.platform.title()))
    try:
        async with asyncio.timeout(time_limit):
            await gateway.send_direct_message(Location(account.platform, account.workspace), account.external_id, card)
    except TimeoutError as error:
        raise OutcomeUnknown(_("it took too long")) from error


async def call_moderators(app: App, db: UnitOfWork, act: AuditEntry, card: Card) -> None:
    """Post a new card that needs action to moderators' channels, once an audit entry: edits would go unnoticed."""
    for room in await db.rooms.with_purpose("moderators"):
        await db.deliveries.plan(DeliveryKind.ATTENTION, act.id, room, app.now(), card=to_json(card))
