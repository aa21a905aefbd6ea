"""Parser for dates and times as people type them: "now", "mon 09:00", "2026-11-23 09:00", "morgen um 9 Uhr"."""

from __future__ import annotations

import re
from calendar import isleap
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.edition_calendar import PublicationTime, next_due, to_utc
from bot.errors import UserError
from bot.locale.current import _, formatted
from bot.locale.date_words import plain_date_words

_DAY = r"\d{4}-\d{2}-\d{2}|--\d{2}-\d{2}|tomorrow|today|yesterday|in \d{1,3} days"
_DATE = re.compile(rf"({_DAY})[ t,]+(\d{{1,2}})(?:[:.](\d{{2}}))?")
_DAYS_AHEAD = {"yesterday": -1, "today": 0, "tomorrow": 1}
_MAX_AHEAD = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class TypedDate:
    """A parsed date and time without a time zone. All fields empty means now."""

    weekly: PublicationTime | None = None
    day: date | None = None
    month_day: tuple[int, int] | None = None
    """A month and its day, in the year in which they come next."""
    days_ahead: int | None = None
    at: time = time(0)

    @classmethod
    def read(cls, text: str) -> TypedDate:
        """Parse a typed date and time. Raises UserError with the accepted forms."""
        typed = text.strip()[:60]
        plain = plain_date_words(typed)
        if plain == "now":
            return cls()
        if found := _DATE.fullmatch(plain):
            try:
                at = time(int(found[2]), int(found[3] or 0))
                word = found[1]
                if word in _DAYS_AHEAD or word.startswith("in "):
                    return cls(days_ahead=_DAYS_AHEAD[word] if word in _DAYS_AHEAD else int(word.split()[1]), at=at)
                if word.startswith("--"):
                    return cls(month_day=(int(word[2:4]), int(word[5:])), at=at)
                return cls(day=date.fromisoformat(word), at=at)
            except ValueError:
                raise UserError(_("“{typed}” is not a valid date and time.", typed=typed)) from None
        if re.fullmatch(_DAY, plain):
            raise UserError(_("At what time? Add it: `{text} 16:00`.", text=typed))
        try:
            return cls(weekly=PublicationTime.read(typed))
        except UserError:
            raise UserError(
                _("“{typed}” is not a time. Write `now`, `mon 09:00` or `2026-11-23 09:00`.", typed=typed)
            ) from None

    def resolve(self, now: datetime, zone: ZoneInfo) -> datetime:
        """The time in a club's zone, as UTC. Raises UserError if it is past, or more than a year away."""
        if self.weekly:
            return next_due(self.weekly, "weekly", zone, now).at
        if self.day is None and self.days_ahead is None and self.month_day is None:
            return now
        today = now.astimezone(zone).date()
        day = self.day or (_next_day(self.month_day, today) if self.month_day else _days_after(today, self.days_ahead))
        resolved = to_utc(day, self.at, zone)
        if resolved < now:
            raise UserError(
                _("{resolved} is in the past.", resolved=formatted(resolved.astimezone(zone), "%-d %b %Y, %H:%M"))
            )
        if resolved - now > _MAX_AHEAD:
            raise UserError(
                _("{resolved} is more than a year away.", resolved=formatted(resolved.astimezone(zone), "%-d %b %Y"))
            )
        return resolved


def _next_day(month_day: tuple[int, int], today: date) -> date:
    """The next day of this month and day, today included; the 29th of February may be eight years away."""
    month, day = month_day
    years = range(today.year, today.year + 10)
    days = (date(year, month, day) for year in years if (month, day) != (2, 29) or isleap(year))
    return next(found for found in days if found >= today)


def _days_after(today: date, days: int | None) -> date:
    return today + timedelta(days=days or 0)
