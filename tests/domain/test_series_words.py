"""Series of meetings in the words that people use for months, ends of months and first days."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from itertools import islice
from zoneinfo import ZoneInfo

import pytest

from bot.domain.meeting_rules import read_meeting_time
from bot.domain.rule_words import describe_rule
from bot.errors import UserError
from bot.locale.current import in_language

NOW = datetime(2026, 11, 30, 10, 0, tzinfo=UTC)
"""A Monday, the last day of its month."""
BERLIN = ZoneInfo("Europe/Berlin")


def days(typed: str, count: int = 3) -> list[str]:
    return [str(day) for day in islice(read_meeting_time(typed, NOW, BERLIN).dates(date(2026, 11, 1)), count)]


@pytest.mark.parametrize(
    "typed",
    [
        "every 3 months first Monday 16:00",
        "every three months on the first Monday at 4 pm",
        "first Monday every 3 months 16:00",
        "first Monday of every third month 16:00",
        "quarterly, first Monday 16:00",
        "every quarter on the first Monday 16:00",
        "alle 3 Monate am ersten Montag 16 Uhr",
        "alle drei Monate am ersten Montag um 16 Uhr",
        "vierteljährlich am ersten Montag um 16 Uhr",
        "jeden dritten Monat am ersten Montag um 16 Uhr",
    ],
)
def test_a_rhythm_in_months(typed: str) -> None:
    assert days(typed) == ["2026-12-07", "2027-03-01", "2027-06-07"]
    planned = read_meeting_time(typed, NOW, BERLIN)
    assert describe_rule(planned.rule, planned.at) == "every 3 months on the first Monday at 16:00"


def test_a_rhythm_in_months_by_the_day_of_the_month() -> None:
    assert days("every other month on the 15th 12:00") == ["2026-12-15", "2027-02-15", "2027-04-15"]
    assert days("15th of every month 12:00") == days("the 15th 12:00") == ["2026-12-15", "2027-01-15", "2027-02-15"]
    with pytest.raises(UserError, match="On which day"):
        days("every 3 months 16:00")


@pytest.mark.parametrize(
    "typed",
    [
        "second to last Friday 15:00",
        "every second-to-last Friday at 15:00",
        "penultimate Friday of the month 15:00",
        "the next to last Friday of every month 15:00",
        "vorletzter Freitag im Monat 15 Uhr",
        "jeden vorletzten Freitag um 15 Uhr",
    ],
)
def test_the_day_before_the_last(typed: str) -> None:
    assert days(typed) == ["2026-12-18", "2027-01-22", "2027-02-19"]


def test_rules_are_told_in_words() -> None:
    assert describe_rule("FREQ=MONTHLY;BYDAY=-2FR", time(15)) == "the second to last Friday of the month at 15:00"
    assert describe_rule("FREQ=MONTHLY;BYMONTHDAY=15;INTERVAL=2", time(12)) == "every 2 months on day 15 at 12:00"
    with in_language("German"):
        assert describe_rule("FREQ=MONTHLY;BYDAY=-2FR", time(15)) == "am vorletzten Freitag im Monat um 15:00"
        rule = "FREQ=MONTHLY;BYDAY=1MO;INTERVAL=3"
        assert describe_rule(rule, time(16)) == "alle 3 Monate am ersten Montag um 16:00"


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("every Thursday 16:00 starting next week", "2026-12-10"),
        ("starting next week every Thursday 16:00", "2026-12-10"),
        ("every Thursday, starting next week, 16:00", "2026-12-10"),
        ("jeden Donnerstag 16 Uhr ab nächster Woche", "2026-12-10"),
        ("ab nächster Woche jeden Donnerstag um 16 Uhr", "2026-12-10"),
        ("every Thursday 16:00 starting tomorrow", "2026-12-03"),
        ("every Monday 16:00 starting next Monday", "2026-12-07"),
        ("every Monday 16:00 starting today", "2026-11-30"),
        ("every Thursday 16:00 from next month", "2026-12-03"),
        ("every Thursday 16:00 starting in January", "2027-01-07"),
        ("every Thursday 16:00 starting in 2 weeks", "2026-12-17"),
        ("every Thursday 16:00 as of May 2027", "2027-05-06"),
    ],
)
def test_the_first_day_in_words(typed: str, first: str) -> None:
    assert days(typed, 1) == [first]


@pytest.mark.parametrize(
    ("typed", "last"),
    [
        ("every Thursday 16:00 until the end of the year", date(2026, 12, 31)),
        ("every Thursday 16:00 until June", date(2027, 6, 30)),
        ("every Thursday 16:00 from january until march", date(2027, 3, 31)),
        ("every Thursday 16:00 until next week", date(2026, 12, 13)),
        ("jeden Donnerstag 16 Uhr bis Jahresende", date(2026, 12, 31)),
    ],
)
def test_the_last_day_in_words(typed: str, last: date) -> None:
    assert read_meeting_time(typed, NOW, BERLIN).until == last
