"""Days as people type them: to look back to, and to keep free."""

from __future__ import annotations

from datetime import date

import pytest

from bot.domain.day_spans import format_days, parse_days
from bot.domain.past_day_input import TypedDays
from bot.errors import UserError

TODAY = date(2026, 11, 30)
"""A Monday."""


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [
        ("2026-11-03", "2026-11-03", "2026-11-03"),
        ("2026-11-03T10:00", "2026-11-03", "2026-11-03"),
        ("2026-11-03 10:00:00", "2026-11-03", "2026-11-03"),
        ("2026-11-03T10:00:00.5Z", "2026-11-03", "2026-11-03"),
        ("3.11.2026", "2026-11-03", "2026-11-03"),
        ("3.11.26", "2026-11-03", "2026-11-03"),
        ("2026/11/03", "2026-11-03", "2026-11-03"),
        ("Nov 3", "2026-11-03", "2026-11-03"),
        ("Nov 3, 2025", "2025-11-03", "2025-11-03"),
        ("3. November", "2026-11-03", "2026-11-03"),
        ("24 Dec", "2025-12-24", "2025-12-24"),
        ("29 Feb", "2024-02-29", "2024-02-29"),
        ("today", "2026-11-30", "2026-11-30"),
        ("yesterday", "2026-11-29", "2026-11-29"),
        ("gestern", "2026-11-29", "2026-11-29"),
        ("the day before yesterday", "2026-11-28", "2026-11-28"),
        ("vorgestern", "2026-11-28", "2026-11-28"),
        ("3 days ago", "2026-11-27", "2026-11-27"),
        ("a week ago", "2026-11-23", "2026-11-23"),
        ("2 weeks ago", "2026-11-16", "2026-11-16"),
        ("2 weeks", "2026-11-16", "2026-11-16"),
        ("vor zwei Wochen", "2026-11-16", "2026-11-16"),
        ("vor einem Monat", "2026-10-30", "2026-10-30"),
        ("nine months ago", "2026-02-28", "2026-02-28"),
        ("a year ago", "2025-11-30", "2025-11-30"),
        ("last week", "2026-11-23", "2026-11-29"),
        ("letzte Woche", "2026-11-23", "2026-11-29"),
        ("this week", "2026-11-30", "2026-12-06"),
        ("diese Woche", "2026-11-30", "2026-12-06"),
        ("last month", "2026-10-01", "2026-10-31"),
        ("letzten Monat", "2026-10-01", "2026-10-31"),
        ("this month", "2026-11-01", "2026-11-30"),
        ("last year", "2025-01-01", "2025-12-31"),
        ("dieses Jahr", "2026-01-01", "2026-12-31"),
        ("last 2 weeks", "2026-11-16", "2026-11-30"),
        ("the past 30 days", "2026-10-31", "2026-11-30"),
        ("monday", "2026-11-30", "2026-11-30"),
        ("last monday", "2026-11-23", "2026-11-23"),
        ("Friday", "2026-11-27", "2026-11-27"),
        ("letzten Dienstag", "2026-11-24", "2026-11-24"),
        ("November", "2026-11-01", "2026-11-30"),
        ("Dezember", "2025-12-01", "2025-12-31"),
        ("Oct 2025", "2025-10-01", "2025-10-31"),
        ("beginning of November", "2026-11-01", "2026-11-01"),
        ("end of October", "2026-10-31", "2026-10-31"),
        ("2026-02", "2026-02-01", "2026-02-28"),
        ("2025", "2025-01-01", "2025-12-31"),
    ],
)
def test_days_are_seen_from_today(typed: str, first: str, last: str) -> None:
    read = TypedDays.read(typed)
    assert (str(read.first(TODAY)), str(read.last(TODAY))) == (first, last)


@pytest.mark.parametrize(
    "typed",
    ["", "soon", "2026-02-30", "11/03/2026", "Smarch 3", "novel", "some weeks ago", "99999 years ago", "2026-13", "12"],
)
def test_what_is_no_day_is_refused(typed: str) -> None:
    with pytest.raises(UserError, match="is not a date"):
        TypedDays.read(typed)


@pytest.mark.parametrize("today", [date(2026, 1, 1), date(2026, 3, 31), date(2027, 12, 31), date(2028, 2, 29)])
@pytest.mark.parametrize(
    "typed", ["29 Feb", "a month ago", "13 months ago", "last month", "31 Dec", "sunday", "100 years ago"]
)
def test_every_day_can_be_looked_back_from(typed: str, today: date) -> None:
    read = TypedDays.read(typed)
    assert read.first(today) <= read.last(today) <= today


@pytest.mark.parametrize(
    ("typed", "days"),
    [
        ("24 Dec - 3 Jan", "2026-12-24..2027-01-03"),
        ("Dec 24 to Jan 3", "2026-12-24..2027-01-03"),
        ("24.12. - 3.1.", "2026-12-24..2027-01-03"),
        ("24.12.-3.1.", "2026-12-24..2027-01-03"),
        ("24.-26.12.", "2026-12-24..2026-12-26"),
        ("24-26 Dec", "2026-12-24..2026-12-26"),
        ("24.–26. Dezember, 31. Dezember", "2026-12-24..2026-12-26, 2026-12-31"),
        ("Nov 30, Nov 29", "2026-11-30, 2027-11-29"),
        ("2026-12-24..2026-12-26", "2026-12-24..2026-12-26"),
    ],
)
def test_days_to_come_need_no_year(typed: str, days: str) -> None:
    assert format_days(parse_days(typed, TODAY)) == days


def test_days_without_a_year_need_a_today() -> None:
    with pytest.raises(UserError, match="is not a date"):
        parse_days("24 Dec - 3 Jan")
