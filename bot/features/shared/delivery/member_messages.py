"""Direct messages to one member or account of a club. Posts to moderators' channels are in `moderator_posts`.

Workers call `send_to_member`, whose outcome they store; answers of commands call `notify_member`, on best effort.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass

from bot.app import App, Context
from bot.chat.cards import Card
from bot.chat.gateway import Location, NotSent, OutcomeUnknown, Refused
from bot.domain.models import Account, NotificationState
from bot.domain.preferences import Preferences
from bot.locale.current import _

log = logging.getLogger(__name__)

SEND_TIMEOUT = 20.0
"""Seconds that a direct message may take; gateways give up earlier by themselves."""
MESSAGE_TIMEOUT = 120.0
"""Seconds that a worker's message may take, pauses requested by the platform included, so that its outcome is known."""
MAX_RETRY_DELAY = 3600.0
"""Maximum number of seconds between two attempts."""


@dataclass(frozen=True, slots=True)
class SendOutcome:
    """Outcome of sending: the new state of what was sent, and the error, if any."""

    state: NotificationState
    error: str = ""
    retry_after: float = 0


async def send_to_member(
    app: App, accounts: Sequence[Account], card: Card, time_limit: float = MESSAGE_TIMEOUT
) -> SendOutcome:
    """Send to the first account that accepts the card, each within `time_limit` seconds.

    After an unknown outcome no other account is tried.
    """
    retry_after, why = 0.0, _("they cannot be reached")
    for account in accounts:
        try:
            await send_to_account(app, account, card, time_limit)
        except NotSent as error:
            retry_after, why = max(retry_after, min(max(error.retry_after, 60.0), MAX_RETRY_DELAY)), str(error)
        except OutcomeUnknown as error:
            return SendOutcome(NotificationState.UNKNOWN, str(error))
        except Refused as error:
            why = str(error)
        else:
            return SendOutcome(NotificationState.SENT)
    return SendOutcome(NotificationState.FAILED, why, retry_after)


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
