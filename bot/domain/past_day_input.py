"""Days to look back to, as people type them: "2026-11-03", "yesterday", "2 weeks ago", "Nov 3", "last month".

What has no year is the latest such day that is not to come.
"""

from __future__ import annotations

import re
from calendar import isleap, monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from bot.domain.edition_calendar import LONG_DAYS
from bot.errors import UserError
from bot.locale.current import _
from bot.locale.date_words import month_number, number_of, plain_date_words

_UNITS = {
    "day": r"days?|tage?n?",
    "week": r"weeks?|wochen?",
    "month": r"months?|monate?n?",
    "year": r"years?|jahre?n?",
}
_UNIT = "|".join(f"(?P<{name}>{words})" for name, words in _UNITS.items())
_LAST = r"last|past|previous|(?:ver|vor)gangene[nrs]?|vorige[nrs]?"
_PATTERNS = {
    "iso": re.compile(r"(?P<day>\d{4}-\d{2}-\d{2})(?:[t ](?:at )?\d{1,2}(?:[:.]\d{2}.*)?)?"),
    "month_day": re.compile(r"--(?P<month>\d{2})-(?P<number>\d{2})(?: \d{1,2}[:.]\d{2})?"),
    "iso_month": re.compile(r"(?P<year>(?:19|20)\d{2})(?:-(?P<month>\d{2}))?"),
    "ago": re.compile(rf"(?:vor )?(?P<count>\w+) (?:{_UNIT})(?: ago| back)?"),
    "span": re.compile(
        rf"(?P<which>the last|the past|{_LAST}|this|current|diese[nrs]?) (?:(?P<count>\d{{1,3}}) )?(?:{_UNIT})"
    ),
    "weekday": re.compile(rf"(?:on )?(?:(?P<before>{_LAST}) )?(?P<name>[a-z]{{3,9}})"),
    "month": re.compile(
        rf"(?:(?:{_LAST}|in|im) )?(?P<start>(?:the )?(?:beginning|start|anfang)(?: of)? )?(?P<name>[a-zä]{{3,9}})"
        r"(?: (?P<year>(?:19|20)\d{2}))?"
    ),
}
_WORDS = {"today": 0, "now": 0, "yesterday": -1, "the day before yesterday": -2, "day before yesterday": -2,
          "vorgestern": -2, "tomorrow": 1}  # fmt: skip


@dataclass(frozen=True, slots=True)
class TypedDays:
    """One day, or the days of a week, a month or a year, as seen from a day that is known later."""

    plain: str

    @classmethod
    def read(cls, typed: str) -> TypedDays:
        """Parse typed days. Raises UserError for anything else."""
        plain = " ".join(plain_date_words(typed.strip()[:60]).split())
        if _span(plain, date(2024, 2, 29)) is None:
            raise UserError(
                _(
                    "“{typed}” is not a date. Write it like `2026-01-31`, `yesterday` or `2 weeks ago`.",
                    typed=typed.strip()[:40],
                )
            )
        return cls(plain)

    def first(self, today: date) -> date:
        """The first of the days."""
        return self._days(today)[0]

    def last(self, today: date) -> date:
        """The last of the days."""
        return self._days(today)[1]

    def _days(self, today: date) -> tuple[date, date]:
        found = _span(self.plain, today)
        assert found is not None, "it was read before"
        return found


def _span(plain: str, today: date) -> tuple[date, date] | None:
    """First and last day of plain words; None if they are none."""
    if plain in _WORDS:
        day = today + timedelta(days=_WORDS[plain])
        return day, day
    for name, pattern in _PATTERNS.items():
        if found := pattern.fullmatch(plain):
            try:
                if span := _READERS[name](found, today):
                    return span
            except (ValueError, OverflowError):  # no such day, such as 2026-02-30 or 9999 years ago
                return None
    return None


def _iso(found: re.Match[str], today: date) -> tuple[date, date]:
    day = date.fromisoformat(found["day"])
    return day, day


def _month_day(found: re.Match[str], today: date) -> tuple[date, date]:
    month, number = int(found["month"]), int(found["number"])
    years = (year for year in range(today.year, today.year - 9, -1) if (month, number) != (2, 29) or isleap(year))
    day = next(day for day in (date(year, month, number) for year in years) if day <= today)
    return day, day


def _iso_month(found: re.Match[str], today: date) -> tuple[date, date]:
    year = int(found["year"])
    return _month(year, int(found["month"])) if found["month"] else (date(year, 1, 1), date(year, 12, 31))


def _ago(found: re.Match[str], today: date) -> tuple[date, date] | None:
    count = number_of(found["count"])
    if count is None:
        return None
    day = _back(today, count, _unit(found))
    return day, day


def _past(found: re.Match[str], today: date) -> tuple[date, date]:
    """ "last week" is the week before this one, "last 2 weeks" are the days until today."""
    unit, count = _unit(found), found["count"]
    if count:
        return _back(today, int(count), unit), today
    is_this = found["which"].startswith(("this", "current", "diese"))
    day = today if is_this else _back(today, 1, unit)
    if unit == "day":
        return day, day
    if unit == "week":
        monday = day - timedelta(days=day.weekday())
        return monday, monday + timedelta(days=6)
    return _month(day.year, day.month) if unit == "month" else (date(day.year, 1, 1), date(day.year, 12, 31))


def _latest_weekday(found: re.Match[str], today: date) -> tuple[date, date] | None:
    """ "monday" may be today, "last monday" is before today."""
    number = next((at for at, day in enumerate(LONG_DAYS) if day.lower().startswith(found["name"])), None)
    if number is None:
        return None
    latest = today - timedelta(days=1 if found["before"] else 0)
    day = latest - timedelta(days=(latest.weekday() - number) % 7)
    return day, day


def _latest_month(found: re.Match[str], today: date) -> tuple[date, date] | None:
    number = month_number(found["name"])
    if number is None:
        return None
    year = int(found["year"]) if found["year"] else today.year - (number > today.month)
    first, last = _month(year, number)
    return (first, first) if found["start"] else (first, last)


def _month(year: int, month: int) -> tuple[date, date]:
    first = date(year, month, 1)
    return first, date(year, month, monthrange(year, month)[1])


def _unit(found: re.Match[str]) -> str:
    return next(name for name in _UNITS if found[name])


def _back(today: date, count: int, unit: str) -> date:
    """The day so many units before; a month before the 31st it is the last of a shorter month."""
    if unit in ("day", "week"):
        return today - timedelta(days=count * (7 if unit == "week" else 1))
    months = today.year * 12 + today.month - 1 - count * (12 if unit == "year" else 1)
    year, month = divmod(months, 12)
    return date(year, month + 1, min(today.day, monthrange(year, month + 1)[1]))


_READERS = {
    "iso": _iso,
    "month_day": _month_day,
    "iso_month": _iso_month,
    "ago": _ago,
    "span": _past,
    "weekday": _latest_weekday,
    "month": _latest_month,
}
