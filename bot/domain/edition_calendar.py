"""When editions are due: pure rules about weeks, months and a club's time zone.

A period has a name (`2026-W47`, `2026-11`), and the name is the key: whatever the clocks do on a night of a
daylight-saving change, a period is due once. A local time that does not exist is taken as the same wall clock read
with the offset from before the gap (so it falls after it); one that exists twice is the first of the two.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from bot.errors import UserError

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LONG_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

Cadence = Literal["weekly", "monthly"]


@dataclass(frozen=True, slots=True)
class PublicationTime:
    """A weekday by name and a time of day: numbers for weekdays mean different days to different programs."""

    day: int
    """0 is Monday, as in `datetime.weekday`."""
    at: time

    @classmethod
    def read(cls, text: str) -> PublicationTime:
        """From words such as "mon 09:00", "Friday 9:30" or "fri 17"."""
        found = re.fullmatch(r"\s*([A-Za-z]{3,9})\s+(\d{1,2})(?:[:.](\d{2}))?\s*", text[:40])
        days = [i for i, day in enumerate(LONG_DAYS) if found and day.lower().startswith(found[1].lower())]
        if not found or not days or int(found[2]) > 23 or int(found[3] or 0) > 59:
            raise UserError(f"“{text[:40]}” is no weekday and hour. Write it like `mon 09:00` or `fri 17:30`.")
        return cls(days[0], time(int(found[2]), int(found[3] or 0)))

    def __str__(self) -> str:
        return f"{DAYS[self.day]} {self.at:%H:%M}"

    def describe(self, cadence: Cadence = "weekly") -> str:
        """As a sentence says it: "every Monday at 09:00"."""
        which = "every" if cadence == "weekly" else "the first"
        suffix = "" if cadence == "weekly" else " of the month"
        return f"{which} {LONG_DAYS[self.day]}{suffix} at {self.at:%H:%M}"


@dataclass(frozen=True, slots=True)
class DueDate:
    """One period's edition: the period's name and when it is due (UTC)."""

    key: str
    at: datetime


def due_between(
    rhythm: PublicationTime, cadence: Cadence, zone: ZoneInfo, after: datetime, until: datetime
) -> Iterator[DueDate]:
    """Every edition due after `after` and not after `until`, in order."""
    day = after.astimezone(zone).date() - timedelta(days=1)
    last = until.astimezone(zone).date() + timedelta(days=1)
    while day <= last:
        if day.weekday() == rhythm.day and (cadence == "weekly" or day.day <= 7):
            at = to_utc(day, rhythm.at, zone)
            if after < at <= until:
                yield DueDate(period(day, cadence), at)
        day += timedelta(days=1)


def next_due(rhythm: PublicationTime, cadence: Cadence, zone: ZoneInfo, after: datetime) -> DueDate:
    """The first edition due after `after`."""
    horizon = timedelta(days=9 if cadence == "weekly" else 40)
    return next(due_between(rhythm, cadence, zone, after, after + horizon))


def to_utc(day: date, at: time, zone: ZoneInfo) -> datetime:
    """A wall-clock time of a zone as a UTC instant; see the module for the nights when clocks change."""
    return datetime.combine(day, at, zone).astimezone(UTC)


def period(day: date, cadence: Cadence) -> str:
    """The name of the period that an edition due on this local day stands for."""
    return f"{day:%G-W%V}" if cadence == "weekly" else f"{day:%Y-%m}"


def format_moment(at: datetime, zone: ZoneInfo) -> str:
    """A time as people in the club read it: "Mon 23 Nov 2026, 09:00 (Europe/Berlin)"."""
    return f"{at.astimezone(zone):%a %-d %b %Y, %H:%M} ({zone.key})"
