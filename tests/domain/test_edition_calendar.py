"""Due times: once per period, at the club's local time, across daylight-saving changes."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.edition_calendar import Cadence, PublicationTime, due_between, next_due, to_utc
from bot.errors import UserError

WILD = (
    "Africa/Casablanca",  # for Ramadan
    "America/New_York",
    "America/Nuuk",  # on the evening before a Sunday
    "Antarctica/Troll",  # by two hours
    "Asia/Gaza",
    "Asia/Kathmandu",  # never, and it is a quarter of an hour off
    "Australia/Lord_Howe",  # by half an hour
    "Europe/Berlin",
    "Pacific/Apia",  # over the date line: its 30 December 2011 never was
    "UTC",
)
"""Zones whose clocks change in odd ways."""

ZONES = st.sampled_from(WILD).map(ZoneInfo)
RHYTHMS = st.builds(PublicationTime, st.integers(0, 6), st.times().map(lambda at: at.replace(second=0, microsecond=0)))
CADENCES: st.SearchStrategy[Cadence] = st.sampled_from(["weekly", "monthly"])
MOMENTS = st.integers(0, 26 * 365 * 1440).map(lambda n: datetime(2011, 1, 1, tzinfo=UTC) + timedelta(minutes=n))


@settings(max_examples=60, deadline=None)
@given(RHYTHMS, CADENCES, ZONES, MOMENTS)
def test_each_period_of_a_year_has_one_edition_at_its_time(
    rhythm: PublicationTime, cadence: Cadence, zone: ZoneInfo, start: datetime
) -> None:
    dues = list(due_between(rhythm, cadence, zone, start, start + timedelta(days=365)))
    assert len({due.key for due in dues}) == len(dues)
    assert 51 <= len(dues) <= 54 if cadence == "weekly" else 11 <= len(dues) <= 14
    for due in dues:
        local = due.at.astimezone(zone)
        if local.time() == rhythm.at:
            assert local.weekday() == rhythm.day
        else:
            assert not _exists(local, rhythm.at, zone), "another hour only where the clock skips this one"
    for one, other in pairwise(dues):
        days = (7,) if cadence == "weekly" else (28, 35)
        assert min(abs((other.at - one.at) - timedelta(days=n)) for n in days) <= timedelta(days=1, hours=1)


def _exists(near: datetime, at: time, zone: ZoneInfo) -> bool:
    """True if a local time exists in the zone on a day around a time."""
    for shift in (-1, 0, 1):
        day = (near + timedelta(days=shift)).date()
        wall = datetime.combine(day, at, zone)
        if near - timedelta(hours=3) <= wall <= near + timedelta(hours=3):
            return wall.astimezone(UTC).astimezone(zone).time() == at
    return False


@settings(max_examples=60, deadline=None)
@given(RHYTHMS, CADENCES, ZONES, MOMENTS, st.integers(0, 60), st.integers(0, 60))
def test_no_due_time_is_missed_between_two_checks(
    rhythm: PublicationTime, cadence: Cadence, zone: ZoneInfo, start: datetime, first: int, second: int
) -> None:
    middle, end = start + timedelta(days=first), start + timedelta(days=first + second)
    whole = list(due_between(rhythm, cadence, zone, start, end))
    assert whole == [
        *due_between(rhythm, cadence, zone, start, middle),
        *due_between(rhythm, cadence, zone, middle, end),
    ]
    if whole:
        assert next_due(rhythm, cadence, zone, start) == whole[0]
        assert next_due(rhythm, cadence, zone, whole[0].at) != whole[0], "what is due now is not the next"


@pytest.mark.parametrize(
    ("zone", "day", "at", "utc"),
    [
        ("Europe/Berlin", date(2026, 3, 29), time(2, 30), datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),  # skipped: 03:30
        ("Europe/Berlin", date(2026, 10, 25), time(2, 30), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),  # the first
        ("America/New_York", date(2026, 3, 8), time(9, 0), datetime(2026, 3, 8, 13, 0, tzinfo=UTC)),
        ("America/New_York", date(2026, 3, 1), time(9, 0), datetime(2026, 3, 1, 14, 0, tzinfo=UTC)),
        ("Australia/Lord_Howe", date(2026, 4, 5), time(1, 45), datetime(2026, 4, 4, 14, 45, tzinfo=UTC)),
    ],
)
def test_daylight_saving_changes(zone: str, day: date, at: time, utc: datetime) -> None:
    assert to_utc(day, at, ZoneInfo(zone)) == utc


@pytest.mark.parametrize(
    ("typed", "kept"), [("Friday 9:30", "fri 09:30"), ("fri 17", "fri 17:00"), ("MON 0.05", "mon 00:05")]
)
def test_a_publication_time_is_parsed_by_the_name_of_its_day(typed: str, kept: str) -> None:
    assert str(PublicationTime.read(typed)) == kept
    assert PublicationTime.read(kept) == PublicationTime.read(typed)


@given(st.text(max_size=20) | st.sampled_from(["0 9:00", "1 09:00", "* * * * 1", "m 9:00", "funday 9"]))
def test_any_other_text_is_refused(typed: str) -> None:
    if not re.match(r"\s*(?:mo|tu|we|th|fr|sa|su|di|mi|do|so|eve|jed)", typed.lower()):
        with pytest.raises(UserError, match="not a weekday and time"):
            PublicationTime.read(typed)


@pytest.mark.parametrize("typed", ["mon", "mon 24:00", "mon 09:60", "monn 09:00", "mon 09:00 UTC", ""])
def test_a_day_without_an_hour_is_refused(typed: str) -> None:
    with pytest.raises(UserError, match="not a weekday and time"):
        PublicationTime.read(typed)


@pytest.mark.stress
def test_every_zone_has_one_edition_per_week_for_seven_years() -> None:
    since, until = datetime(2024, 1, 1, tzinfo=UTC), datetime(2031, 1, 1, tzinfo=UTC)
    for name in sorted(available_timezones()):
        for rhythm in (PublicationTime.read("sun 02:30"), PublicationTime.read("mon 00:00")):
            dues = list(due_between(rhythm, "weekly", ZoneInfo(name), since, until))
            assert len({due.key for due in dues}) == len(dues), name
            assert 364 <= len(dues) <= 366, name
