"""Cards of the papers that were on the list before a workspace had a channel for them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.domain.models import DeliveryKind, Room
from bot.store import UnitOfWork

MOST_OLDER_PAPERS = 30
"""Papers whose cards a new channel gets; older ones are found with `/paper find`."""
GAP = timedelta(seconds=20)
"""Time between two of these cards, so that the channel stays readable."""


THE_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


async def introduce_papers(db: UnitOfWork, room: Room, now: datetime) -> int:
    """Plan the cards of the latest papers on the list in a channel for papers, the oldest first. How many they are.

    Only the first such channel of a workspace gets them, and no paper whose card is in this very channel already.
    """
    others = [one for one in await db.rooms.with_purpose("papers") if one.workspace_id == room.workspace_id]
    if len(others) > 1 or await db.rooms.replaced_by(room):
        return 0
    found = await db.submissions.submitted_between(THE_BEGINNING, now + GAP, limit=MOST_OLDER_PAPERS)
    count = 0
    for submission in reversed(found):
        cards = await db.deliveries.by_subject(DeliveryKind.CARD, submission.id)
        here = (room.workspace_id, room.external_id)
        if any((card.room.workspace_id, card.room.external_id) == here for card in cards):
            continue
        at = now + count * GAP
        count += await db.deliveries.plan(DeliveryKind.CARD, submission.id, room, at, submission_id=submission.id)
    return count
