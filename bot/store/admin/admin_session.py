"""Admin session: the only session that sees all clubs, for setup, identity, the scheduler and the workers.

No answer to a member is read from it.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select, update

from bot.domain.models import (
    CodePurpose,
    ModelSpending,
    OneTimeCode,
)
from bot.store.admin.club_purge import ClubPurge
from bot.store.admin.coordination import CachedFacts, Leases, RateGates
from bot.store.admin.event_inbox import EventInbox
from bot.store.admin.installations import Installations
from bot.store.admin.pruning import Pruning
from bot.store.admin.restored_database import RestoredDatabase
from bot.store.admin.scheduled_tasks import ScheduledTasks
from bot.store.admin.slot_claims import SlotClaims
from bot.store.admin.workspace_transfer import WorkspaceTransfer
from bot.store.admin.workspaces import ClubDirectory
from bot.store.base.transaction import BaseRepository, repository
from bot.store.delivery.claims import DeliveryClaims
from bot.store.delivery.unknown_outcomes import PostedMessages
from bot.store.meetings.calendar_feeds import CalendarFeedDirectory
from bot.store.meetings.meeting_notifications import MeetingNotificationQueue
from bot.store.members.pending_notifications import NotificationQueue
from bot.store.papers.card_reactions import ReactedCards
from bot.store.stream.sources import StreamReading
from bot.store.stream.storing import StreamStoring
from bot.store.stream.word_index import StreamWordIndex


class AdminSession(BaseRepository):
    """Repositories over all clubs of the database."""

    workspace_transfer = repository(WorkspaceTransfer)
    installations = repository(Installations)
    events = repository(EventInbox)
    claims = repository(DeliveryClaims)
    posted_messages = repository(PostedMessages)
    reacted_cards = repository(ReactedCards)
    leases = repository(Leases)
    club_purge = repository(ClubPurge)
    notification_queue = repository(NotificationQueue)
    meeting_notification_queue = repository(MeetingNotificationQueue)
    calendar_feeds = repository(CalendarFeedDirectory)
    directory = repository(ClubDirectory)
    restored = repository(RestoredDatabase)
    slots = repository(SlotClaims)
    tasks = repository(ScheduledTasks)
    rate_gates = repository(RateGates)
    facts = repository(CachedFacts)
    pruning = repository(Pruning)
    stream_reading = repository(StreamReading)
    stream = repository(StreamStoring)
    stream_words = repository(StreamWordIndex)

    async def redeem_code(self, digest: str, purpose: CodePurpose, now: datetime) -> OneTimeCode | None:
        """Use a one-time code up. Returns it, or None if it is unknown, used or expired."""
        used = (
            update(OneTimeCode)
            .where(
                OneTimeCode.hash == digest,
                OneTimeCode.purpose == purpose,
                OneTimeCode.used_at.is_(None),
                OneTimeCode.expires_at > now,
            )
            .values(used_at=now)
            .returning(OneTimeCode.hash)
        )
        if (await self._session.execute(used)).first() is None:
            return None
        return await self._session.get(OneTimeCode, digest, populate_existing=True)

    async def spending_since(self, club_id: int, since: datetime) -> tuple[float, float]:
        """Cost of model calls since a time: of all clubs together, and of this club."""
        costs = (
            select(ModelSpending.club_id, func.sum(ModelSpending.cost))
            .where(ModelSpending.at >= since)
            .group_by(ModelSpending.club_id)
        )
        by_club: dict[int, float] = {club: cost for club, cost in await self._session.execute(costs)}  # noqa: C416  rows
        return sum(by_club.values()), by_club.get(club_id, 0.0)
