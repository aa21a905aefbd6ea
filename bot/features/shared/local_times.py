"""Times in cards that each reader sees in their own zone, where the platform can show them so."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.chat.rich_text import LocalTime
from bot.domain.meeting_times import end_of, format_clocks
from bot.domain.models import Meeting
from bot.locale.current import formatted


def local_time(at: datetime, zone: ZoneInfo, until: datetime | None = None) -> LocalTime:
    """A time, or a span of time, with its words in a zone. A span over a change of the clocks names both times."""
    local = at.astimezone(zone)
    clock, last = format_clocks(local, until.astimezone(zone)) if until else (formatted(local, "%H:%M"), "")
    day = formatted(local, "%a %-d %b %Y")
    return LocalTime(at, f"{day}, {clock}", clock, zone.key, until, last)


def meeting_time(meeting: Meeting, zone: ZoneInfo) -> LocalTime:
    """Start and end of a meeting."""
    return local_time(meeting.starts_at, zone, end_of(meeting))
