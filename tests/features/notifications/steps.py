"""Helpers for tests of notifications."""

from __future__ import annotations

from sqlalchemy import select

from bot.domain.models import PendingNotification
from bot.runtime.notification_worker import NotificationWorker
from tests.stand_ins import Harness, words


async def send_round(club: Harness) -> list[tuple[str, str]]:
    """Send a round of notifications. Returns name and text of each message."""
    before = len(club.gateway.direct_messages)
    await NotificationWorker(club.app).round()
    return [(who, words(card)) for who, card in club.gateway.direct_messages[before:]]


async def states(club: Harness) -> list[str]:
    async with club.app.store.read_admin_session() as admin:
        return list(
            await admin._session.scalars(
                select(PendingNotification.state).order_by(PendingNotification.at, PendingNotification.submission_id)
            )
        )
