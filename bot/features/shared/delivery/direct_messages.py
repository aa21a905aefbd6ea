"""Direct messages of the workers to a member: at the first account that accepts them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.app import App
from bot.chat.cards import Card
from bot.chat.gateway import NotSent, OutcomeUnknown, Refused
from bot.domain.models import Account, NotificationState
from bot.features.shared.delivery.member_messages import send_to_account
from bot.locale.current import _

MESSAGE_TIMEOUT = 120.0
"""Seconds that one message may take, pauses requested by the platform included, so that its outcome is known."""
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
