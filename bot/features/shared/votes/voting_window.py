"""The current voting period: its beginning, the next edition's due time, and the ranking."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.app import Context
from bot.domain import edition_calendar
from bot.domain.models import Club, EditionState, Submission, Topic
from bot.locale.current import _, formatted
from bot.store import UnitOfWork

FIRST_WINDOW = timedelta(days=7)
"""Length of the first period, before the club has an edition."""

MAX_UNVOTED_SCANNED = 200
"""Maximum number of papers without votes that are searched for one topic."""


async def next_due(ctx: Context, db: UnitOfWork) -> datetime | None:
    """Due time of the next edition, in the requester's time zone."""
    slot = await db.slots.next()
    if slot:
        return slot.due_at.astimezone(ctx.member_zone)
    rules = ctx.settings
    due = edition_calendar.next_due(
        edition_calendar.PublicationTime.read(rules.digest_at), rules.cadence, ctx.zone, ctx.now
    )
    return due.at.astimezone(ctx.member_zone)


async def next_edition_sentence(ctx: Context, db: UnitOfWork) -> str:
    """Sentence about the next edition's due time, also for a paused club or a late edition; empty if unknown."""
    if ctx.club.paused_at:
        since = formatted(ctx.club.paused_at.astimezone(ctx.member_zone), "%-d %b %Y")
        return _("The club has been paused since {since}. No edition is made until it is resumed.", since=since)
    due, slot = await next_due(ctx, db), await db.slots.next()
    if due is None:
        return ""
    if slot is None or slot.due_at > ctx.now:
        return _("The next edition is due {due}.", due=formatted(due, "%a %-d %b, %H:%M"))
    edition = await db.editions.by_slot(slot.id)
    held = edition is not None and edition.state == EditionState.DRAFT and ctx.settings.at_deadline == "hold"
    now = _("is waiting for a moderator’s approval") if held else _("is being posted")
    return _("The next edition was due {due}, and {now}.", due=formatted(due, "%a %-d %b, %H:%M"), now=now)


async def next_edition_time(ctx: Context, db: UnitOfWork) -> str:
    """Due time of the next edition in the requester's time zone; of a late one, since when. Empty if unknown."""
    if ctx.club.paused_at:
        return _("none while the club is paused")
    due, slot = await next_due(ctx, db), await db.slots.next()
    if due is None:
        return ""
    moment = edition_calendar.format_moment(due, ctx.member_zone)
    return _("overdue since {moment}", moment=moment) if slot and slot.due_at <= ctx.now else moment


async def current_ranking(ctx: Context, db: UnitOfWork, topic: Topic | None, skip: int, limit: int) -> list[Submission]:
    """Open papers of the current period: by rank, then the newest without votes."""
    since = await window_start(ctx, db)
    until = ctx.now + timedelta(seconds=1)
    returned = await db.editions.returned(since)
    order = await db.vote_queries.leaders(
        since, until, topic_id=topic.id if topic else None, limit=skip + limit, returned=returned
    )
    if len(order) < skip + limit:
        newest = await db.submissions.submitted_between(
            since, until, limit=MAX_UNVOTED_SCANNED if topic else skip + limit
        )
        order += [s.id for s in newest if s.id not in order and (topic is None or s.topic_id == topic.id)]
    chosen_ids = order[skip : skip + limit]
    found = await db.submissions.many(chosen_ids)
    return [found[id] for id in chosen_ids if id in found]


async def window_start(ctx: Context, db: UnitOfWork) -> datetime:
    """Beginning of the current period: the end of the last edition's, else a week ago."""
    return await period_start(db, ctx.club, ctx.now)


async def period_start(db: UnitOfWork, club: Club, now: datetime) -> datetime:
    """The same, without a request."""
    return await db.editions.last_until() or min(club.created_at, now - FIRST_WINDOW)
