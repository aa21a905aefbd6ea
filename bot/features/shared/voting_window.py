"""The running window: since when votes count for the next edition, when that is due, and what leads."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.app import Context
from bot.domain import edition_calendar
from bot.domain.models import EditionState, Submission, Topic
from bot.store import UnitOfWork

FIRST_WINDOW = timedelta(days=7)
"""How far back the first window reaches, before the club has an edition."""

MAX_UNVOTED_SCANNED = 200
"""Of so many papers without a vote those of one topic are looked for: more than a club is brought between editions."""


async def next_due(ctx: Context, db: UnitOfWork) -> datetime | None:
    """When the next edition is due, in the asker's time."""
    slot = await db.slots.next()
    if slot:
        return slot.due_at.astimezone(ctx.own_zone)
    rules = ctx.settings
    due = edition_calendar.next_due(
        edition_calendar.PublicationTime.read(rules.digest_at), rules.cadence, ctx.zone, ctx.now
    )
    return due.at.astimezone(ctx.own_zone)


async def coming(ctx: Context, db: UnitOfWork) -> str:
    """When the next edition comes, in a true sentence: also where the club is paused, or one is held or late."""
    if ctx.club.paused_at:
        since = f"{ctx.club.paused_at.astimezone(ctx.own_zone):%-d %b %Y}"
        return f"The club is paused since {since}: no edition is made until it is resumed."
    due, slot = await next_due(ctx, db), await db.slots.next()
    if due is None:
        return ""
    if slot is None or slot.due_at > ctx.now:
        return f"The next edition is due {due:%a %-d %b, %H:%M}."
    edition = await db.editions.of_slot(slot.id)
    held = edition is not None and edition.state == EditionState.DRAFT and ctx.settings.at_deadline == "hold"
    now = "waits for a moderator’s approval" if held else "is on its way"
    return f"The next edition was due {due:%a %-d %b, %H:%M}, and {now}."


async def current_ranking(ctx: Context, db: UnitOfWork, topic: Topic | None, skip: int, limit: int) -> list[Submission]:
    """The open papers in the order of the running window: by rank, then the newest without votes."""
    since = await window_start(ctx, db)
    until = ctx.now + timedelta(seconds=1)
    order = await db.votes.leaders(since, until, topic_id=topic.id if topic else None, most=skip + limit)
    if len(order) < skip + limit:
        fresh = await db.submissions.submitted_by(since, until, limit=MAX_UNVOTED_SCANNED if topic else skip + limit)
        order += [s.id for s in fresh if s.id not in order and (topic is None or s.topic_id == topic.id)]
    chosen_ids = order[skip : skip + limit]
    found = await db.submissions.many(chosen_ids)
    return [found[id] for id in chosen_ids if id in found]


async def window_start(ctx: Context, db: UnitOfWork) -> datetime:
    """Where the running window begins: at the end of the last edition's, or a week ago."""
    return await db.editions.last_until() or min(ctx.club.created_at, ctx.now - FIRST_WINDOW)
