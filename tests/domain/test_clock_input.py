"""Times of day with an end, a duration or a zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.clock_input import ClockInput
from bot.domain.date_input import TypedDate
from bot.domain.edition_calendar import to_utc
from bot.domain.meeting_rules import read_meeting_time
from bot.domain.rule_words import describe_rule
from bot.errors import UserError

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = datetime(2026, 11, 30, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "text", "minutes"),
    [
        ("2026-12-03 16:00-17:30", "2026-12-03 16:00", 90),
        ("Thu 16:00 – 17:30", "thu 16:00", 90),
        ("thu 4-5:30pm", "thu 16:00", 90),
        ("thu 4pm-5:30 p.m.", "thu 16:00", 90),
        ("thu 11-1pm", "thu 11:00", 120),
        ("thu 11am-1pm", "thu 11:00", 120),
        ("thu 4pm-6", "thu 16:00", 120),
        ("thu 11:30pm-12:30am", "thu 23:30", 60),
        ("every Thursday from 16:00 to 17:00", "every thursday 16:00", 60),
        ("jeden Donnerstag von 16 bis 17:30 Uhr", "jeden donnerstag 16:00", 90),
        ("every Thursday 16:00 until 18:00", "every thursday 16:00", 120),
        ("2026-12-03 16-18", "2026-12-03 16:00", 120),
        ("2026-12-03 23:00-00:30", "2026-12-03 23:00", 90),
        ("thu 16:00 for 90 minutes", "thu 16:00", 90),
        ("thu 16:00 (45 min)", "thu 16:00", 45),
        ("thu 16:00 für eine Stunde", "thu 16:00", 60),
        ("thu 16:00 for 1.5 hours", "thu 16:00", 90),
        ("every Thursday 16:00 for 6 weeks", "every Thursday 16:00 for 6 weeks", None),
        ("every Thursday 16:00 until 3 December", "every Thursday 16:00 until 3 December", None),
        ("every Thursday 16:00 bis 3.12.", "every Thursday 16:00 bis 3.12.", None),
        ("every Thursday 16:00 until 2026-12-24", "every Thursday 16:00 until 2026-12-24", None),
        ("in 2 hours", "in 2 hours", None),
        ("2026-12-03 16:00:00", "2026-12-03 16:00", None),
    ],
)
def test_an_end_or_a_duration_is_taken_out(typed: str, text: str, minutes: int | None) -> None:
    read = ClockInput.read(typed)
    assert (read.text, read.minutes, read.zone) == (text, minutes, None)


@pytest.mark.parametrize("typed", ["thu 16:00-15:00", "thu 16:00-16:00", "thu 8:00-22:00", "thu 16:00 for 13 hours"])
def test_an_end_before_the_start_is_refused(typed: str) -> None:
    with pytest.raises(UserError, match="ends before it starts, or lasts longer"):
        ClockInput.read(typed)


@pytest.mark.parametrize(
    ("typed", "hour"),
    [
        ("2026-12-03 16:00 UTC", 16),
        ("2026-12-03T16:00Z", 16),
        ("2026-12-03T16:00:00Z", 16),
        ("2026-12-03T16:00:00+01:00", 15),
        ("2026-12-03T16:00-05:00", 21),
        ("2026-12-03 16:00 +02:00", 14),
        ("2026-12-03 16:00 GMT+2", 14),
        ("2026-12-03 16:00 UTC-5", 21),
        ("2026-12-03 16:00 (CET)", 15),
        ("2026-12-03 16 Uhr MEZ", 15),
        ("2026-12-03 4 pm ET", 21),
        ("2026-12-03 4pm New York time", 21),
        ("2026-12-03 16:00 America/New_York", 21),
        ("2026-12-03 16:00 Tokyo", 7),
        ("Thursday, December 3, 2026 at 4:00 PM", 15),
        ("16:00 UTC on 3 December", 16),
        ("tomorrow at 16:00", None),
    ],
)
def test_a_zone_beside_the_time_is_meant(typed: str, hour: int | None) -> None:
    meant = datetime(2026, 12, 3, hour, tzinfo=UTC) if hour else datetime(2026, 12, 1, 15, tzinfo=UTC)
    assert TypedDate.read(typed).resolve(MONDAY, BERLIN) == meant
    meeting = read_meeting_time(typed, MONDAY, BERLIN)
    assert to_utc(meeting.first, meeting.at, meeting.zone or BERLIN) == meant


@pytest.mark.parametrize(
    "typed", ["2026-12-03 16:00 XYZ", "2026-12-03 16:00 CST", "thu 16:00 UTC+20", "thu 16:00 Mars/X"]
)
def test_what_is_no_zone_or_several_is_refused(typed: str) -> None:
    with pytest.raises(UserError):
        TypedDate.read(typed)
    with pytest.raises(UserError):
        read_meeting_time(typed, MONDAY, BERLIN)


@pytest.mark.parametrize(
    ("typed", "rule", "zone", "minutes"),
    [
        ("every Thursday 16:00-17:30 UTC", "every Thursday at 16:00", "UTC", 90),
        ("Thursdays 4-5pm ET until March 31", "every Thursday at 16:00", "America/New_York", 60),
        ("4pm every Thursday", "every Thursday at 16:00", "", None),
        ("on Thursdays at 4pm", "every Thursday at 16:00", "", None),
        ("thu 16:00 weekly", "every Thursday at 16:00", "", None),
        ("weekly, Thursdays, 16:00", "every Thursday at 16:00", "", None),
        ("thursday 16:00 every two weeks", "every second Thursday at 16:00", "", None),
        ("every two weeks, Thursday 16:00", "every second Thursday at 16:00", "", None),
        ("every three weeks on Tuesday 12:00", "every third Tuesday at 12:00", "", None),
        ("Tue/Thu 16:00", "every Tuesday and Thursday at 16:00", "", None),
        ("Tue & Thu 16:00", "every Tuesday and Thursday at 16:00", "", None),
        ("every month on the first Thursday 16:00", "the first Thursday of the month at 16:00", "", None),
        ("monthly on the 15th 16:00", "day 15 of every month at 16:00", "", None),
        ("every 15th 16:00", "day 15 of every month at 16:00", "", None),
        ("FREQ=WEEKLY;BYDAY=TH 16:00 UTC", "every Thursday at 16:00", "UTC", None),
    ],
)
def test_a_series_as_people_write_it(typed: str, rule: str, zone: str, minutes: int | None) -> None:
    read = read_meeting_time(typed, MONDAY, BERLIN)
    assert describe_rule(read.rule, read.at) == rule
    assert (read.zone.key if read.zone else "", read.minutes) == (zone, minutes)


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [
        ("every Thursday 16:00 until March 31", "2026-12-03", "2027-03-31"),
        ("every Thursday 16:00 from Jan 7 until Mar 31", "2027-01-07", "2027-03-31"),
        ("every Thursday 16:00 starting Jan 7", "2027-01-07", "None"),
        ("every Thursday 16:00, starting on 2027-01-07", "2027-01-07", "None"),
        ("every Thursday 16:00 until the end of February", "2026-12-03", "2027-02-28"),
        ("donnerstags 16 Uhr ab 7.1. bis Ende März", "2027-01-07", "2027-03-31"),
        ("every Thursday 16:00 from Dec 10 until Dec 1", "2026-12-10", "2027-12-01"),
    ],
)
def test_a_day_without_its_year_bounds_a_series(typed: str, first: str, last: str) -> None:
    read = read_meeting_time(typed, MONDAY, BERLIN)
    assert (str(read.first), str(read.until)) == (first, last)


def test_a_series_needs_a_zone_that_knows_when_its_clocks_change() -> None:
    with pytest.raises(UserError, match="time zone with a name"):
        read_meeting_time("every Thursday 16:00 +02:00", MONDAY, BERLIN)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("thursday next week 16:00", "2026-12-10 16:00"),
        ("next week thursday 16:00", "2026-12-10 16:00"),
        ("Donnerstag nächster Woche 16 Uhr", "2026-12-10 16:00"),
        ("next week", "2026-12-07 09:00"),
        ("thursday in two weeks 16:00", "2026-12-17 16:00"),
        ("Thu 3 Dec 16:00", "2026-12-03 16:00"),
        ("Do, 3.12., 16 Uhr", "2026-12-03 16:00"),
        ("Donnerstag, den 3. Dezember um 16:00 Uhr", "2026-12-03 16:00"),
        ("2026/12/03 16:00", "2026-12-03 16:00"),
        ("12/25/2026 16:00", "2026-12-25 16:00"),
        ("25/12/2026 16:00", "2026-12-25 16:00"),
        ("03.12.26 16:00", "2026-12-03 16:00"),
        ("tomorrow 0900", "2026-12-01 09:00"),
        ("tomorrow 16h30", "2026-12-01 16:30"),
        ("tonight 20:00", "2026-11-30 20:00"),
        ("heute Abend um 20 Uhr", "2026-11-30 20:00"),
        ("in an hour", "2026-11-30 08:00"),
        ("in 90 minutes", "2026-11-30 08:30"),
        ("in zwei Stunden", "2026-11-30 09:00"),
    ],
)
def test_more_dates_as_people_write_them(typed: str, meant: str) -> None:
    resolved = TypedDate.read(typed).resolve(MONDAY, BERLIN)
    assert f"{resolved.astimezone(BERLIN):%Y-%m-%d %H:%M}" == meant


def test_a_time_ahead_is_a_full_minute_that_is_not_too_early() -> None:
    asked = MONDAY + timedelta(seconds=20)
    assert TypedDate.read("in 2 hours").resolve(asked, BERLIN) == MONDAY + timedelta(hours=2, minutes=1)


@pytest.mark.parametrize("typed", ["Friday, December 3, 2026 16:00", "fri 3 dec 16:00", "Montag, 3.12.2026, 16 Uhr"])
def test_a_weekday_that_is_not_that_of_its_date_is_refused(typed: str) -> None:
    with pytest.raises(UserError, match=r"3 Dec 2026 is a Thursday, not a (Friday|Monday)"):
        TypedDate.read(typed).resolve(MONDAY, BERLIN)


@pytest.mark.parametrize("typed", ["12/03/2026 16:00", "thursday next week friday 16:00", "jeudi 2026-12-03 16:00"])
def test_what_could_be_two_days_is_refused(typed: str) -> None:
    with pytest.raises(UserError):
        TypedDate.read(typed)
