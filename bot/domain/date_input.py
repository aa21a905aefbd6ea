"""Parser for dates and times as people type them: "now", "mon 09:00", "2026-11-23 09:00", "tomorrow 9:30"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.edition_calendar import PublicationTime, next_due, to_utc
from bot.errors import UserError
from bot.locale.current import _, formatted

_DATE = re.compile(r"(\d{4}-\d{2}-\d{2}|tomorrow|today|yesterday)[ T]+(\d{1,2})(?:[:.](\d{2}))?", re.IGNORECASE)
_DAYS_AHEAD = {"yesterday": -1, "today": 0, "tomorrow": 1}
_MAX_AHEAD = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class TypedDate:
    """A parsed date and time without a time zone. All fields empty means now."""

    weekly: PublicationTime | None = None
    day: date | None = None
    days_ahead: int | None = None
    at: time = time(0)

    @classmethod
    def read(cls, text: str) -> TypedDate:
        """Parse a typed date and time. Raises UserError with the accepted forms."""
        typed = text.strip()[:40]
        if typed.lower() == "now":
            return cls()
        if found := _DATE.fullmatch(typed):
            try:
                at = time(int(found[2]), int(found[3] or 0))
                word = found[1].lower()
                if word in _DAYS_AHEAD:
                    return cls(days_ahead=_DAYS_AHEAD[word], at=at)
                return cls(day=date.fromisoformat(word), at=at)
            except ValueError:
                raise UserError(_("“{typed}” is not a valid date and time.", typed=typed)) from None
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
        if self.day is None and self.days_ahead is None:
            return now
        day = self.day or now.astimezone(zone).date() + timedelta(days=self.days_ahead or 0)
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
