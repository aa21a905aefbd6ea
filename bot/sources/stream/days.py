"""Reading day by day: positions such as `2025-12-01/100`, a day and the number of items that were read of it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

FIRST = timedelta(days=7)
"""Time that the first reading of a source reaches back."""
FIRST_YEAR = 1991
"""Year before which no source announced anything: earlier dates, such as 1970, are those of a program without one."""
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


def sound_moment(given: datetime | None, otherwise: datetime, until: datetime) -> datetime:
    """A given moment if there is one that can be, else the other one: nothing is announced before `FIRST_YEAR`, and
    nothing that is read is from after `until`.
    """
    return given if given and given.year >= FIRST_YEAR and given <= until else min(otherwise, until)


def noon(day: date) -> datetime:
    """Noon of a day, in UTC: the time of what is known by its day only."""
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
