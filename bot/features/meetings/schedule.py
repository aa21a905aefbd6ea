"""Planned meetings: from a date or a rule to rows, and their cards."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.app import App
from bot.domain.club_settings import ClubSettings
from bot.domain.day_spans import parse_days
from bot.domain.edition_calendar import to_utc
from bot.domain.meeting_rules import MeetingTime
from bot.domain.models import BallotMethod, Club, Meeting, MeetingSeries, Room
from bot.features.shared.meetings.meeting_thread import plan_parts
from bot.locale.current import mark_text
from bot.store import UnitOfWork

HORIZON = timedelta(days=120)
"""Time in which the meetings of a series are planned ahead."""
MAX_PLANNED = 6
"""Meetings of a series that are planned ahead at most, so that a daily one fills no calendar."""
VOTED = frozenset({BallotMethod.APPROVAL, BallotMethod.RANKED})
"""Methods by which members choose a paper; the others are a moderator's."""
LOOK_AGAIN = timedelta(hours=12)
"""Time after which the dates of a series are looked at again."""
ANNOUNCE_AHEAD = timedelta(days=14)
"""Time before a meeting of a series at which its card is posted; that of its first meeting is posted at once."""


def time_of(series: MeetingSeries) -> MeetingTime:
    """Rule of a series as a value."""
    return MeetingTime(
        date.fromisoformat(series.first_day),
        time.fromisoformat(series.at),
        series.rule,
        date.fromisoformat(series.last_day) if series.last_day else None,
    )


def coming_dates(series: MeetingSeries, club: Club, now: datetime, *, limit: int = MAX_PLANNED) -> list[date]:
    """The next local dates of a series within the horizon, without the club's holidays."""
    zone, rules = ZoneInfo(series.timezone), ClubSettings.of(club.settings)
    holidays = parse_days(rules.holidays) if rules.holidays else frozenset()
    today, at = now.astimezone(zone).date(), time.fromisoformat(series.at)
    found: list[date] = []
    for day in time_of(series).dates(today - timedelta(days=1)):
        if day > today + HORIZON or len(found) >= limit:
            break
        if day not in holidays and to_utc(day, at, zone) > now:
            found.append(day)
    return found


async def extend(db: UnitOfWork, series: MeetingSeries, club: Club, now: datetime) -> list[Meeting]:
    """Plan the meetings of a series that are missing. Returns them, soonest first."""
    zone, at = ZoneInfo(series.timezone), time.fromisoformat(series.at)
    known = {meeting.occurrence for meeting in await db.meetings.of_series(series.id, now)}
    first = not known and not await db.meetings.has_meetings(series.id)
    made: list[Meeting] = []
    for day in coming_dates(series, club, now):
        if day.isoformat() in known:
            continue
        start = to_utc(day, at, zone)
        at_once = first and not made
        meeting = Meeting(
            series_id=series.id,
            occurrence=day.isoformat(),
            starts_at=start,
            timezone=series.timezone,
            minutes=series.minutes,
            title=series.title,
            place=series.place,
            link=series.link,
            size=series.size,
            agenda=[],
            announce_at=now if at_once else max(now, start - ANNOUNCE_AHEAD),
            created_at=now,
            changed_at=now,
        )
        if added := await db.meetings.add(meeting):
            made.append(added)
    return made


async def announce_due(db: UnitOfWork, now: datetime) -> int:
    """Plan the cards of meetings that are due to be announced. Returns the number of meetings."""
    due = await db.meetings.to_announce(now)
    rooms = await meeting_rooms(db) if due else []
    for meeting in due:
        for room in rooms:
            await plan_parts(db, meeting, room, now)
    return len(due)


async def meeting_rooms(db: UnitOfWork) -> list[Room]:
    """Channels in which meetings are announced: in each workspace those for papers, else those for the digest."""
    rooms = await db.rooms.all()
    chosen = [room for room in rooms if room.purpose == "papers"]
    covered = {room.workspace_id for room in chosen}
    return [*chosen, *(room for room in rooms if room.purpose == "digest" and room.workspace_id not in covered)]


async def keep_planned(app: App, club_id: int) -> datetime | None:
    """Plan the next meetings of each series, and announce what is due. Safe to do twice.

    Returns the time to look again; None where only a change will tell.
    """
    now = app.now()
    async with app.store.read(club_id) as db:
        club, running = await db.club(), await db.meetings.running_series()
        known = {series.id: await db.meetings.occurrences(series.id) for series in running}
        missing = [s for s in running if {d.isoformat() for d in coming_dates(s, club, now)} - known[s.id]]
        waiting = bool(await db.meetings.to_announce(now))
        rooms = waiting and bool(await meeting_rooms(db))
        decided = await db.ballots.decision_for_meeting() and await _next_without_paper(db, now)
    if decided:
        await _take_decision(app, club_id, now)
    if missing or rooms:
        await _plan_missing(app, club_id, [series.id for series in missing], now)
    async with app.store.read(club_id) as db:
        next_card = await db.meetings.next_announcement(now)
    times = [next_card, now + LOOK_AGAIN if running else None]
    return min((at for at in times if at), default=None)


async def _next_without_paper(db: UnitOfWork, now: datetime) -> Meeting | None:
    """The next meeting, if it has not begun and nobody has chosen its paper."""
    coming = await db.meetings.next_meeting(now)
    return coming if coming and coming.submission_id is None and coming.starts_at > now else None


async def _take_decision(app: App, club_id: int, now: datetime) -> None:
    """Have the next meeting read the paper that the club decided on."""
    async with app.store.begin(club_id) as db:
        decision, coming = await db.ballots.decision_for_meeting(), await _next_without_paper(db, now)
        if decision and coming and (chosen := await db.ballots.hand_to_meeting(decision, coming.id)):
            how = mark_text("by ballot") if decision.method in VOTED else mark_text("by the club’s moderators")
            await db.meetings.choose_paper(coming.id, chosen.id, how, now)
    app.wake_up.set()


async def _plan_missing(app: App, club_id: int, series_ids: list[int], now: datetime) -> None:
    """Plan the meetings that series lack, and the cards that are due."""
    async with app.store.begin(club_id) as db:
        club = await db.club()
        for series_id in series_ids:
            series = await db.meetings.series(series_id, lock=True)
            if series and series.ended_at is None:
                await extend(db, series, club, now)
        await announce_due(db, now)
    app.wake_up.set()
