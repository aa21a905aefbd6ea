"""Posts that a channel missed while it could not be used: they are posted later, there or in its replacement.

The oldest comes first; the delivery worker posts one thing at a time in a channel, at the platform's pace.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.domain.models import Delivery, DeliveryKind, DeliveryState, Room
from bot.locale.current import mark_text
from bot.store import UnitOfWork
from bot.store.papers.submissions import OPEN_STATES

AGES = {
    DeliveryKind.EDITION: timedelta(days=14),
    DeliveryKind.SKIP_NOTICE: timedelta(days=1),
    DeliveryKind.OVERDUE_NOTICE: timedelta(days=1),
    DeliveryKind.AUDIT: timedelta(days=1),
    DeliveryKind.CHANNEL_TEST: timedelta(hours=1),
}
"""Maximum age at which a missed post is still posted, by kind; posts of other kinds are never too old."""

DELETED = mark_text("its message was deleted in its channel")
"""Reason for leaving out a post whose message somebody deleted: it is posted again only if somebody says so."""
TOO_OLD = mark_text("it could not be posted in time")


async def post_missed(db: UnitOfWork, room_id: int, now: datetime) -> int:
    """Have a channel that can be used again post what it missed. Returns the number of posts."""
    for missed in await db.deliveries.in_room(room_id, (DeliveryState.FAILED,)):
        if too_old(missed, now):
            missed.state, missed.error = DeliveryState.SKIPPED, TOO_OLD
    await db.deliveries.redraw_now(room_id, now)
    return await db.deliveries.retry(now, room_id=room_id)


async def take_over(db: UnitOfWork, room: Room, now: datetime) -> int:
    """Have a channel post what it missed, and what the channels that it replaces could not. Returns how many posts.

    If a replaced channel cannot be used at all, the cards of the papers on the list are posted again here, and are
    discussed here from now on.
    """
    posts = await post_missed(db, room.id, now)
    for old in await db.rooms.replaced_by(room):
        lost = bool(old.trouble)
        for missed in await _missed(db, old, now, lost=lost):
            posts += await db.deliveries.plan(
                missed.kind,
                missed.subject_id,
                room,
                now,
                part=missed.part,
                card=missed.card,
                submission_id=missed.submission_id,
                in_thread=missed.in_thread,
            )
            if missed.state in (DeliveryState.FAILED, DeliveryState.READY):
                missed.state, missed.error = (
                    DeliveryState.SKIPPED,
                    mark_text("it was posted to another channel instead"),
                )
        if lost:
            await db.discussions.forget_room(old.workspace_id, old.external_id)
    return posts


async def _missed(db: UnitOfWork, old: Room, now: datetime, *, lost: bool) -> list[Delivery]:
    """Posts that a channel did not get and, if it is lost, its cards of papers that are on the list; oldest first.

    Of an edition that it got a part of, all parts, so that it can be read as a whole and its replies have their header.
    What is being sent to a lost channel right now counts as missed: its refusal would come too late to be seen here.
    """
    found = await db.deliveries.in_room(old.id, [state for state in DeliveryState if state != DeliveryState.SKIPPED])
    unsent_states = {DeliveryState.FAILED, DeliveryState.READY} | ({DeliveryState.SENDING} if lost else set())
    unsent = [one for one in found if one.state in unsent_states and not too_old(one, now)]
    begun = {one.subject_id for one in unsent if one.kind == DeliveryKind.EDITION}
    cards = [one for one in found if lost and one.state == DeliveryState.SENT and one.kind == DeliveryKind.CARD]
    papers = await db.submissions.many({one.subject_id for one in cards})
    listed = {id for id, paper in papers.items() if paper.state in OPEN_STATES and paper.merged_into_id is None}
    chosen = {one.id for one in unsent} | {one.id for one in cards if one.subject_id in listed}
    found = [one for one in found if one.kind != DeliveryKind.THREAD_OPENING]  # its thread is in the old channel
    return [one for one in found if one.id in chosen or (one.kind == DeliveryKind.EDITION and one.subject_id in begun)]


def too_old(missed: Delivery, now: datetime) -> bool:
    """True if it is too late to post what was first tried a while ago."""
    age = AGES.get(missed.kind)
    return age is not None and missed.first_tried_at is not None and now - missed.first_tried_at > age
