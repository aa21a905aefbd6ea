"""Times of meetings for readers: start and end in a zone."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.edition_calendar import format_moment
from bot.domain.models import Meeting
from bot.locale.current import formatted


def end_of(meeting: Meeting) -> datetime:
    """End of a meeting."""
    return meeting.starts_at + timedelta(minutes=meeting.minutes)


def format_clocks(start: datetime, end: datetime) -> tuple[str, str]:
    """Start and end of a span in one zone as times of day: "16:00" and "17:00", or "Fri 00:30" on another day.

    Over a change of the clocks both name their time ("02:30 CEST", "02:30 CET"): else an hour would be 02:30–02:30.
    """
    first, last = formatted(start, "%H:%M"), formatted(end, "%H:%M" if end.date() == start.date() else "%a %H:%M")
    if end.utcoffset() != start.utcoffset():
        return f"{first} {start.tzname()}", f"{last} {end.tzname()}"
    return first, last


def format_span(meeting: Meeting, zone: ZoneInfo) -> str:
    """Start and end: "Thu 3 Dec 2026, 16:00-17:00 (Europe/Berlin)", with a dash."""
    local = meeting.starts_at.astimezone(zone)
    first, last = format_clocks(local, end_of(meeting).astimezone(zone))
    return f"{formatted(local, '%a %-d %b %Y')}, {first}\u2013{last} ({zone.key})"


def format_start(meeting: Meeting, zone: ZoneInfo) -> str:
    """Start of a meeting: "Thu 3 Dec 2026, 16:00 (Europe/Berlin)"."""
    return format_moment(meeting.starts_at, zone)
