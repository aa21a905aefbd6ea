"""Calendars (RFC 5545) of meetings: a file for one meeting, and the content of a feed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vDuration

from bot.chat.text import clean, one_line, truncate
from bot.domain.meeting_times import end_of
from bot.domain.models import CalendarFeed, Club, Meeting, MeetingState
from bot.editions.render.feeds import club_id
from bot.features.meetings.time_zone_component import time_zone
from bot.features.shared.languages import club_language, member_language
from bot.features.shared.meetings.meeting_cards import name_of
from bot.features.shared.papers.paper_cards import title_of
from bot.locale.current import _
from bot.store import UnitOfWork

PRODUCT = "-//Journal Club//meetings//EN"
CONTENT_TYPE = "text/calendar"
REFRESH = timedelta(hours=1)
"""Interval at which calendar programs are asked to read a feed again."""


def calendar(
    club: Club, meetings: Sequence[Meeting], *, name: str = "", tentative: frozenset[int] = frozenset()
) -> bytes:
    """A calendar of meetings, with the definitions of their time zones.

    The same meetings give the same bytes: no time of its making is in it. `tentative` are the ids of meetings that the
    reader may attend. `name` makes it a feed of that name.
    """
    made = Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    if name:
        made.add("name", name)
        made.add("x-wr-calname", name)
        made.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
        made.add("x-published-ttl", vDuration(REFRESH))
    for zone in sorted({meeting.timezone for meeting in meetings}):
        years = [meeting.starts_at.year for meeting in meetings if meeting.timezone == zone]
        since, until = datetime(min(years) - 1, 1, 1, tzinfo=UTC), datetime(max(years) + 2, 1, 1, tzinfo=UTC)
        made.add_component(time_zone(ZoneInfo(zone), since, until))
    for meeting in meetings:
        made.add_component(_event(club, meeting, tentative=meeting.id in tentative))
    content: bytes = made.to_ical()
    return content


async def feed_content(db: UnitOfWork, feed: CalendarFeed, since: datetime, until: datetime) -> bytes:
    """Calendar of a feed: the club's meetings, or those that a member comes to or presents.

    Canceled meetings stay in it, so that calendar programs strike them out.
    """
    club = await db.club()
    found = await db.meetings.between(since, until)
    if feed.member_id is None:
        async with club_language(db):
            return calendar(club, found, name=_("{club}: meetings", club=club.name))
    answers = await db.meeting_responses.answers_of(feed.member_id)
    own = [m for m in found if answers.get(m.id, "no") != "no" or m.presenter_id == feed.member_id]
    tentative = frozenset(m.id for m in own if answers.get(m.id) == "maybe" and m.presenter_id != feed.member_id)
    async with member_language(db, feed.member_id):
        return calendar(club, own, name=_("{club}: my meetings", club=club.name), tentative=tentative)


def file_name(meeting: Meeting) -> str:
    """Name of the file of one meeting."""
    return f"meeting-{meeting.number}.ics"


def _event(club: Club, meeting: Meeting, *, tentative: bool) -> Event:
    zone, paper = ZoneInfo(meeting.timezone), meeting.submission
    event = Event()
    event.add("uid", f"{club_id(club.id, club.created_at)}-meeting-{meeting.number}@journalclub")
    event.add("dtstamp", meeting.changed_at.astimezone(UTC))
    event.add("last-modified", meeting.changed_at.astimezone(UTC))
    event.add("created", meeting.created_at.astimezone(UTC))
    event.add("sequence", meeting.sequence)
    event.add("dtstart", meeting.starts_at.astimezone(zone))
    event.add("dtend", end_of(meeting).astimezone(zone))
    event.add("summary", one_line(f"{club.name}: {name_of(meeting, paper)}"))
    cancelled = meeting.state == MeetingState.CANCELLED
    event.add("status", "CANCELLED" if cancelled else "TENTATIVE" if tentative else "CONFIRMED")
    lines = []
    if cancelled and meeting.cancelled_why:
        lines.append(_("Canceled: {cancelled_why}", cancelled_why=_(meeting.cancelled_why)))
    if paper:
        lines.append(_("Paper: {paper} {url}", paper=title_of(paper), url=paper.paper.url))
    if meeting.presenter:
        lines.append(_("Presenter: {presenter}", presenter=meeting.presenter.name))
    if meeting.link:
        lines.append(_("Join: {link}", link=meeting.link))
        event.add("url", meeting.link)
    if lines:
        event.add("description", truncate(clean("\n".join(lines)), 4_000))
    if meeting.place or meeting.link:
        event.add("location", one_line(meeting.place or meeting.link))
    return event
