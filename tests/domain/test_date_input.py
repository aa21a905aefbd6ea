"""Typed dates and times, in the club's time zone."""

from __future__ import annotations

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from bot.domain.date_input import TypedDate
from bot.errors import UserError

BERLIN = ZoneInfo("Europe/Berlin")
USUAL = time(8, 30)
FRIDAY = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("now", datetime(2026, 11, 20, 12, 0, tzinfo=UTC)),
        ("Mon 09:00", datetime(2026, 11, 23, 8, 0, tzinfo=UTC)),
        ("fri 9", datetime(2026, 11, 27, 8, 0, tzinfo=UTC)),
        ("2026-11-23 09:00", datetime(2026, 11, 23, 8, 0, tzinfo=UTC)),
        ("2027-03-28T02:30", datetime(2027, 3, 28, 1, 30, tzinfo=UTC)),  # a time that does not exist
        ("tomorrow 7.15", datetime(2026, 11, 21, 6, 15, tzinfo=UTC)),
        ("today 23", datetime(2026, 11, 20, 22, 0, tzinfo=UTC)),
        ("next Monday 9:00", datetime(2026, 11, 23, 8, 0, tzinfo=UTC)),
        ("in 3 days 9:00", datetime(2026, 11, 23, 8, 0, tzinfo=UTC)),
        ("December 24, 9:00", datetime(2026, 12, 24, 8, 0, tzinfo=UTC)),
        ("jetzt", datetime(2026, 11, 20, 12, 0, tzinfo=UTC)),
        ("Mo 9 Uhr", datetime(2026, 11, 23, 8, 0, tzinfo=UTC)),
        ("morgen um 7.15 Uhr", datetime(2026, 11, 21, 6, 15, tzinfo=UTC)),
        ("übermorgen, 9:00", datetime(2026, 11, 22, 8, 0, tzinfo=UTC)),
        ("nächsten Montag um 9 Uhr", datetime(2026, 11, 23, 8, 0, tzinfo=UTC)),
        ("in zwei Wochen um 9 Uhr", datetime(2026, 12, 4, 8, 0, tzinfo=UTC)),
        ("24.12.2026 9:00", datetime(2026, 12, 24, 8, 0, tzinfo=UTC)),
        ("24. Dezember 9 Uhr", datetime(2026, 12, 24, 8, 0, tzinfo=UTC)),
        ("14. November 9 Uhr", datetime(2027, 11, 14, 8, 0, tzinfo=UTC)),  # it comes next year
        ("tomorrow at 10:00", datetime(2026, 11, 21, 9, 0, tzinfo=UTC)),
        ("am Mittwoch", datetime(2026, 11, 25, 7, 30, tzinfo=UTC)),
        ("übermorgen", datetime(2026, 11, 22, 7, 30, tzinfo=UTC)),
        ("morgen um 10 Uhr", datetime(2026, 11, 21, 9, 0, tzinfo=UTC)),
        ("tomorrow 10 am", datetime(2026, 11, 21, 9, 0, tzinfo=UTC)),
        ("tomorrow 10 pm", datetime(2026, 11, 21, 21, 0, tzinfo=UTC)),
        ("tomorrow", datetime(2026, 11, 21, 7, 30, tzinfo=UTC)),
        ("Wednesday", datetime(2026, 11, 25, 7, 30, tzinfo=UTC)),
        ("2026-11-23", datetime(2026, 11, 23, 7, 30, tzinfo=UTC)),
        ("17:00", datetime(2026, 11, 20, 16, 0, tzinfo=UTC)),
        ("at 9:00", datetime(2026, 11, 21, 8, 0, tzinfo=UTC)),
    ],
)
def test_typed_times_are_in_the_clubs_zone(typed: str, meant: datetime) -> None:
    assert TypedDate.read(typed).resolve(FRIDAY, BERLIN, USUAL) == meant


@pytest.mark.parametrize(
    "typed",
    ["", "soon", "1 9", "2026-13-01 09:00", "mon 25:00", "m", "today 24", "25:00", "31.11.2026 9:00", "bald"],
)
def test_text_that_is_no_time_is_refused(typed: str) -> None:
    with pytest.raises(UserError):
        TypedDate.read(typed)


@pytest.mark.parametrize("typed", ["2026-11-20 12:00", "2028-01-01 09:00", "today 12:59", "yesterday 16:00"])
def test_a_past_or_distant_time_is_refused(typed: str) -> None:
    with pytest.raises(UserError, match=r"in the past|more than a year away"):
        TypedDate.read(typed).resolve(FRIDAY, BERLIN)
