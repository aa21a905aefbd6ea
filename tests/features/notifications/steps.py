"""Helpers for tests of notifications."""

from __future__ import annotations

from sqlalchemy import select

from bot.domain.models import PendingNotification
from bot.runtime.notification_worker import NotificationWorker
from tests.stand_ins import House, words


async def send_round(club: House) -> list[tuple[str, str]]:
    """Send a round of notifications. Returns name and text of each message."""
    before = len(club.wall.direct_messages)
    await NotificationWorker(club.app).round()
    return [(who, words(card)) for who, card in club.wall.direct_messages[before:]]


async def states(club: House) -> list[str]:
    async with club.app.store.read_admin_session() as house_:
        return list(
            await house_._session.scalars(
                select(PendingNotification.state).order_by(PendingNotification.at, PendingNotification.submission_id)
            )
        )
