"""Due times of editions: rules about weeks, months and a club's time zone.

A period has a name (`2026-W47`, `2026-11`), which is its key: a period is due once, whatever a daylight-saving change
does. A local time that does not exist is read with the offset before the gap (so it falls after it); of a local time
that exists twice the first is used.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Literal
from zoneinfo import ZoneInfo

from bot.errors import UserError
from bot.locale.current import _, formatted, mark_text
from bot.locale.date_words import plain_date_words

LATE = timedelta(minutes=2)
"""Time after its due time from which an edition is overdue: where the platforms answer, it is out by then."""

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LONG_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

Cadence = Literal["weekly", "monthly"]

# Whole phrases: in some languages the words before a weekday depend on it.
WEEKLY = (
    mark_text("every Monday at {at}"),
    mark_text("every Tuesday at {at}"),
    mark_text("every Wednesday at {at}"),
    mark_text("every Thursday at {at}"),
    mark_text("every Friday at {at}"),
    mark_text("every Saturday at {at}"),
    mark_text("every Sunday at {at}"),
)
MONTHLY = (
    mark_text("the first Monday of the month at {at}"),
    mark_text("the first Tuesday of the month at {at}"),
    mark_text("the first Wednesday of the month at {at}"),
    mark_text("the first Thursday of the month at {at}"),
    mark_text("the first Friday of the month at {at}"),
    mark_text("the first Saturday of the month at {at}"),
    mark_text("the first Sunday of the month at {at}"),
)


@dataclass(frozen=True, slots=True)
class PublicationTime:
    """A weekday by name and a time of day: numbers of weekdays differ between programs."""

    day: int
    """0 is Monday, as in `datetime.weekday`."""
    at: time

    @classmethod
    def read(cls, text: str) -> PublicationTime:
        """Parse "mon 09:00", "Friday 9:30" or "fri 17". Raises UserError for anything else."""
        plain = plain_date_words(text[:60]).removeprefix("every ")
        found = re.fullmatch(r"([a-z]{3,9})[ ,]+(\d{1,2})(?:[:.](\d{2}))?", plain)
        days = [i for i, day in enumerate(LONG_DAYS) if found and day.lower().startswith(found[1].lower())]
        if not found or not days or int(found[2]) > 23 or int(found[3] or 0) > 59:
            raise UserError(
                _("“{text}” is not a weekday and time. Write it like `mon 09:00` or `fri 17:30`.", text=text[:40])
            )
        return cls(days[0], time(int(found[2]), int(found[3] or 0)))

    def __str__(self) -> str:
        return f"{DAYS[self.day]} {self.at:%H:%M}"

    def describe(self, cadence: Cadence = "weekly") -> str:
        """Phrase for a sentence: "every Monday at 09:00"."""
        phrase = (WEEKLY if cadence == "weekly" else MONTHLY)[self.day]
        return _(phrase, at=formatted(self.at, "%H:%M"))


@dataclass(frozen=True, slots=True)
class DueDate:
    """Due time of a period's edition: the period's name, and the time in UTC."""

    key: str
    at: datetime


def due_between(
    schedule: PublicationTime, cadence: Cadence, zone: tzinfo, after: datetime, until: datetime
) -> Iterator[DueDate]:
    """Due times after `after` and not after `until`, in order."""
    day = after.astimezone(zone).date() - timedelta(days=1)
    last = until.astimezone(zone).date() + timedelta(days=1)
    while day <= last:
        if day.weekday() == schedule.day and (cadence == "weekly" or day.day <= 7):
            at = to_utc(day, schedule.at, zone)
            if after < at <= until:
                yield DueDate(period(day, cadence), at)
        day += timedelta(days=1)


def next_due(schedule: PublicationTime, cadence: Cadence, zone: tzinfo, after: datetime) -> DueDate:
    """First due time after `after`."""
    horizon = timedelta(days=9 if cadence == "weekly" else 40)
    return next(due_between(schedule, cadence, zone, after, after + horizon))


def to_utc(day: date, at: time, zone: tzinfo) -> datetime:
    """UTC time of a local time; see the module for daylight-saving changes."""
    return datetime.combine(day, at, zone).astimezone(UTC)


def period(day: date, cadence: Cadence) -> str:
    """Name of the period of an edition that is due on this local day."""
    return f"{day:%G-W%V}" if cadence == "weekly" else f"{day:%Y-%m}"


def format_moment(at: datetime, zone: ZoneInfo) -> str:
    """A time for readers: "Mon 23 Nov 2026, 09:00 (Europe/Berlin)"."""
    return f"{formatted(at.astimezone(zone), '%a %-d %b %Y, %H:%M')} ({zone.key})"
