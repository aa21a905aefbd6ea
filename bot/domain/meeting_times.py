"""Times of meetings for readers: start and end in a zone."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.edition_calendar import format_moment
from bot.domain.models import Meeting


def end_of(meeting: Meeting) -> datetime:
    """End of a meeting."""
    return meeting.starts_at + timedelta(minutes=meeting.minutes)


def format_span(meeting: Meeting, zone: ZoneInfo) -> str:
    """Start and end: "Thu 3 Dec 2026, 16:00-17:00 (Europe/Berlin)", with a dash."""
    local, end = meeting.starts_at.astimezone(zone), end_of(meeting).astimezone(zone)
    last = f"{end:%H:%M}" if end.date() == local.date() else f"{end:%a %H:%M}"
    return f"{local:%a %-d %b %Y, %H:%M}\u2013{last} ({zone.key})"


def format_start(meeting: Meeting, zone: ZoneInfo) -> str:
    """Start of a meeting: "Thu 3 Dec 2026, 16:00 (Europe/Berlin)"."""
    return format_moment(meeting.starts_at, zone)
