"""Reading day by day: positions such as `2025-12-01/100`, a day and the number of items that were read of it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

FIRST = timedelta(days=7)
"""Time that the first reading of a source reaches back."""
LONGEST = timedelta(days=45)
"""Time that a reading after an outage reaches back at most."""


def first_day(read_until: datetime | None, now: datetime, overlap: timedelta) -> str:
    """Position of the first day of a reading: `overlap` before the last one, or `FIRST` before now."""
    since = now - FIRST if read_until is None else max(read_until - overlap, now - LONGEST)
    return since.astimezone(UTC).date().isoformat()


def split(position: str) -> tuple[date, int]:
    """Day and number of a position."""
    day, _, number = position.partition("/")
    return date.fromisoformat(day), int(number or 0)


def following(day: date, until: datetime) -> str:
    """Position of the day after; empty if that is not before `until`."""
    after = day + timedelta(days=1)
    return after.isoformat() if after <= until.astimezone(UTC).date() else ""


def noon(day: date) -> datetime:
    """Noon of a day, in UTC: the time of what is known by its day only."""
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
