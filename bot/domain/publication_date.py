"""Dates of publication as far as they are known: a day, a month or a year."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Self

_ISO = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?(?:T.*)?")


class DatePrecision(StrEnum):
    """The smallest part of a date that its source gives."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


_ISO_LENGTHS = {DatePrecision.DAY: 10, DatePrecision.MONTH: 7, DatePrecision.YEAR: 4}
_SHORT_PATTERNS = {DatePrecision.DAY: "%-d %b %Y", DatePrecision.MONTH: "%b %Y", DatePrecision.YEAR: "%Y"}
_PRECISIONS = (DatePrecision.YEAR, DatePrecision.MONTH, DatePrecision.DAY)


@dataclass(frozen=True, slots=True)
class PublicationDate:
    """A date of publication. `at` is the beginning of its day, month or year, UTC, or a moment of that day."""

    at: datetime
    precision: DatePrecision = DatePrecision.DAY

    @classmethod
    def of_parts(cls, *parts: int) -> Self | None:
        """The date of a year, with or without a month and a day; None if there is no such date."""
        if not 1 <= len(parts) <= 3:
            return None
        year, month, day = (*parts, 1, 1)[:3]
        try:
            return cls(datetime(year, month, day, tzinfo=UTC), _PRECISIONS[len(parts) - 1])
        except (ValueError, OverflowError):
            return None

    @classmethod
    def of_iso(cls, text: str) -> Self | None:
        """The date of an ISO text, `2017`, `2017-06` or `2017-06-12`, with or without a time of day; else None."""
        found = _ISO.fullmatch(text.strip())
        return cls.of_parts(*(int(part) for part in found.groups() if part)) if found else None

    @property
    def iso(self) -> str:
        """The date as an ISO text, as far as it is known: `2017-06`."""
        return iso_date(self.at, self.precision)


def iso_date(at: datetime | None, precision: DatePrecision) -> str:
    """A date as an ISO text, as far as it is known: `2017-06`; "" for None."""
    return at.date().isoformat()[: _ISO_LENGTHS[precision]] if at else ""


def short_pattern(precision: DatePrecision | None) -> str:
    """Format of a date in small print, as far as it is known: "12 Jun 2017", "Jun 2017" or "2017".

    None is a day, as of a paper that is not stored yet.
    """
    return _SHORT_PATTERNS[precision or DatePrecision.DAY]


def most_precise(dates: list[PublicationDate]) -> PublicationDate | None:
    """The first date, or a later one of the list that only adds a month or a day to it; None for an empty list."""
    if not dates:
        return None
    best = dates[0]
    for other in dates[1:]:
        if len(other.iso) > len(best.iso) and other.iso.startswith(best.iso):
            best = other
    return best
