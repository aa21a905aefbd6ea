"""Parser for dates and times as people type them: "now", "mon 09:00", "2026-11-23 09:00", "tomorrow", "17:30"."""

from __future__ import annotations

import re
from calendar import isleap
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, tzinfo

from bot.domain.clock_input import ClockInput
from bot.domain.edition_calendar import LONG_DAYS, PublicationTime, next_due, to_utc
from bot.errors import UserError
from bot.locale.current import _, formatted
from bot.locale.date_words import plain_date_words

_CLOCK = r"(?:at )?(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2}))?"
_DATE = re.compile(
    r"(?:(?:on )?(?P<weekday>[a-z]{2,9})[.,]* (?:the )?(?=\d{4}-|--))?"
    r"(?P<day>\d{4}-\d{2}-\d{2}|--\d{2}-\d{2}|tomorrow|today|yesterday|in \d{1,3} days)"
    rf"(?:[ t,]+{_CLOCK})?"
)
_IN_WEEK = re.compile(
    r"(?:(?:on )?(?P<weekday>[a-z]{3,9}),? )?(?:next week|in (?P<days>\d{1,3}) days),?"
    r"(?: (?:on )?(?P<later>[a-z]{3,9}))?"
    rf"(?:[ ,]+{_CLOCK})?"
)
"""A day of a coming week: "thursday next week 16:00", "thursday in two weeks"."""
_IN_MINUTES = re.compile(r"in (\d{1,5}) minutes")
_TIME = re.compile(r"(?:at )?(\d{1,2})[:.](\d{2})")
_WEEKDAY = re.compile(r"(?:on )?([a-z]{3,9})")
_DAYS_AHEAD = {"yesterday": -1, "today": 0, "tomorrow": 1}
_MAX_AHEAD = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class TypedDate:
    """A parsed date and time without a time zone. All fields empty means now.

    `at` is None where only a day was given: it is then the club's usual hour. A time alone is the next such time.
    """

    weekday: int | None = None
    """0 is Monday, as in `datetime.weekday`. Beside a date it is what that day has to be."""
    day: date | None = None
    month_day: tuple[int, int] | None = None
    """A month and its day, in the year in which they come next."""
    days_ahead: int | None = None
    """Days from today; with a weekday, a day in the week of that day."""
    minutes_ahead: int | None = None
    at: time | None = None
    zone: tzinfo | None = None
    """Zone of the time, if one was typed."""

    @classmethod
    def read(cls, text: str) -> TypedDate:
        """Parse a typed date and time. Raises UserError with the accepted forms."""
        typed = text.strip()[:60]
        clock = ClockInput.read(typed)
        if clock.minutes is not None:
            raise cls._no_time(typed)
        return replace(cls._of_words(typed, plain_date_words(clock.text)), zone=clock.zone)

    @classmethod
    def _of_words(cls, typed: str, plain: str) -> TypedDate:
        """A date or time of plain words; `typed` is shown where they are none."""
        if plain == "now":
            return cls()
        try:
            if found := _TIME.fullmatch(plain):
                return cls(at=time(int(found[1]), int(found[2])))
            if found := _IN_MINUTES.fullmatch(plain):
                return cls(minutes_ahead=int(found[1]))
            if found := _DATE.fullmatch(plain):
                weekday = _weekday(found["weekday"]) if found["weekday"] else None
                if found["weekday"] and weekday is None:
                    raise cls._no_time(typed)
                return replace(cls._of_day(found["day"]), weekday=weekday, at=_clock(found))
            if found := _IN_WEEK.fullmatch(plain):
                weekday = (
                    _weekday(found["weekday"] or found["later"] or "") if found["weekday"] or found["later"] else 0
                )
                if weekday is None or (found["weekday"] and found["later"]):
                    raise cls._no_time(typed)
                return cls(weekday=weekday, days_ahead=int(found["days"] or 7), at=_clock(found))
        except ValueError:
            raise UserError(_("“{typed}” is not a valid date and time.", typed=typed)) from None
        if (found := _WEEKDAY.fullmatch(plain)) and (weekday := _weekday(found[1])) is not None:
            return cls(weekday=weekday)
        try:
            weekly = PublicationTime.read(plain)
        except UserError:
            raise cls._no_time(typed) from None
        return cls(weekday=weekly.day, at=weekly.at)

    @staticmethod
    def _no_time(typed: str) -> UserError:
        return UserError(
            _(
                "“{typed}” is not a time. Write `now`, `tomorrow`, `mon`, `mon 09:00` or `2026-11-23 09:00`.",
                typed=typed,
            )
        )

    @classmethod
    def _of_day(cls, word: str) -> TypedDate:
        if word in _DAYS_AHEAD:
            return cls(days_ahead=_DAYS_AHEAD[word])
        if word.startswith("in "):
            return cls(days_ahead=int(word.split()[1]))
        if word.startswith("--"):
            return cls(month_day=(int(word[2:4]), int(word[5:])))
        return cls(day=date.fromisoformat(word))

    @property
    def is_now(self) -> bool:
        """True for the present moment."""
        return self.weekday is None and not self.names_day and self.minutes_ahead is None and self.at is None

    @property
    def names_day(self) -> bool:
        """True if it names one day, by its date or as seen from today."""
        return self.day is not None or self.month_day is not None or self.days_ahead is not None

    def _day(self, today: date) -> date:
        """The local day."""
        if self.day:
            return self.day
        if self.month_day:
            return _next_day(self.month_day, today)
        ahead = today + timedelta(days=self.days_ahead or 0)
        return ahead if self.weekday is None else ahead + timedelta(days=self.weekday - ahead.weekday())

    @property
    def lacks_hour(self) -> bool:
        """True if only a day was given."""
        return self.at is None and self.minutes_ahead is None and not self.is_now

    def resolve(self, now: datetime, zone: tzinfo, usual: time = time(9)) -> datetime:
        """The time in a club's zone, or in the zone that was typed, as UTC; `usual` is the hour if none was given.

        Raises UserError if it is past, more than a year away, or on another weekday than the one beside its date.
        """
        if self.is_now:
            return now
        if self.minutes_ahead is not None:
            start = now + timedelta(minutes=self.minutes_ahead)
            return start.replace(second=0, microsecond=0) + timedelta(minutes=1 if start.second else 0)
        zone = self.zone or zone
        at = self.at or usual
        if self.weekday is not None and not self.names_day:
            return next_due(PublicationTime(self.weekday, at), "weekly", zone, now).at
        today = now.astimezone(zone).date()
        if not self.names_day:
            first = to_utc(today, at, zone)
            return first if first >= now else to_utc(today + timedelta(days=1), at, zone)
        day = self._day(today)
        if self.weekday is not None and day.weekday() != self.weekday:
            raise UserError(
                _(
                    "{day} is a {is_day}, not a {typed_day}.",
                    day=formatted(day, "%-d %b %Y"),
                    is_day=formatted(day, "%A"),
                    typed_day=formatted(day + timedelta(days=self.weekday - day.weekday()), "%A"),
                )
            )
        resolved = to_utc(day, at, zone)
        if resolved < now:
            raise UserError(
                _("{resolved} is in the past.", resolved=formatted(resolved.astimezone(zone), "%-d %b %Y, %H:%M"))
            )
        if resolved - now > _MAX_AHEAD:
            raise UserError(
                _("{resolved} is more than a year away.", resolved=formatted(resolved.astimezone(zone), "%-d %b %Y"))
            )
        return resolved


def _clock(found: re.Match[str]) -> time | None:
    """The time of day of a match of `_CLOCK`; None if there is none. Raises ValueError for 25:00."""
    return time(int(found["hour"]), int(found["minute"] or 0)) if found["hour"] else None


def _weekday(word: str) -> int | None:
    """Number of a weekday from its name or its first letters, three at least; None for any other word."""
    return next((at for at, day in enumerate(LONG_DAYS) if day.lower().startswith(word.lower())), None)


def _next_day(month_day: tuple[int, int], today: date) -> date:
    """The next day of this month and day, today included; the 29th of February may be eight years away."""
    month, day = month_day
    years = range(today.year, today.year + 10)
    days = (date(year, month, day) for year in years if (month, day) != (2, 29) or isleap(year))
    return next(found for found in days if found >= today)
