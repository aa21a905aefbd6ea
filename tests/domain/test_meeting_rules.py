"""Rules of meetings: what people type, every zone until 2035, and reminders that come once."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from io import StringIO
from itertools import islice, pairwise
from random import Random
from zoneinfo import ZoneInfo

import pytest
from dateutil.tz import tzical
from icalendar import Calendar

from bot.domain.attendance import Attendance, due_reminders, moved_up
from bot.domain.club_settings import zone_names
from bot.domain.day_spans import days_text, format_days, parse_days
from bot.domain.edition_calendar import to_utc
from bot.domain.meeting_rules import read_meeting_time
from bot.domain.models import Meeting, MeetingResponse, MeetingState, Member
from bot.domain.rule_words import describe_rule
from bot.errors import UserError
from bot.features.meetings.time_zone_component import changes, time_zone
from bot.locale.current import in_language

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2025, 12, 1, 9, tzinfo=UTC)
ZONES = sorted(zone_names() - {"localtime"})


@pytest.mark.parametrize(
    ("typed", "dates", "words"),
    [
        ("every second Thursday 16:00", ["2025-12-04", "2025-12-18"], "every second Thursday at 16:00"),
        ("every other thursday at 16", ["2025-12-04", "2025-12-18"], "every second Thursday at 16:00"),
        ("first Monday 09:30", ["2026-01-05", "2026-02-02"], "the first Monday of the month at 09:30"),
        ("first Monday 12:30", ["2025-12-01", "2026-01-05"], "the first Monday of the month at 12:30"),
        ("every second Thursday of the month 16:00", ["2025-12-11", "2026-01-08"], "the second Thursday of the month"),
        ("last Fri 15.00", ["2025-12-26", "2026-01-30"], "the last Friday of the month at 15:00"),
        (
            "first and third Tuesday 12:30",
            ["2025-12-02", "2025-12-16"],
            "the first and third Tuesday of the month",
        ),
        ("every 3 weeks on Tuesday 12:00", ["2025-12-02", "2025-12-23"], "every third Tuesday at 12:00"),
        ("every Mon and Wed 9", ["2025-12-03", "2025-12-08"], "every Monday and Wednesday at 09:00"),
        ("every Mon, Wed and Fri 9", ["2025-12-03", "2025-12-05"], "every Monday, Wednesday and Friday at 09:00"),
        ("the 31st 16:00", ["2025-12-31", "2026-01-31"], "day 31 of every month at 16:00"),
        ("every Thursday 16:00 from 2026-01-10 until 2026-01-20", ["2026-01-15"], "every Thursday at 16:00"),
        ("RRULE:FREQ=WEEKLY;COUNT=1;BYDAY=TH 16:00", ["2025-12-04"], "every Thursday at 16:00, 1 time"),
        ("biweekly Monday 10:00", ["2025-12-08", "2025-12-22"], "every second Monday at 10:00"),
        ("fortnightly on Thursdays 10:00", ["2025-12-04", "2025-12-18"], "every second Thursday at 10:00"),
        ("weekly on Thursday 16:00", ["2025-12-04", "2025-12-11"], "every Thursday at 16:00"),
        ("every Thursday 16:00, 2 times", ["2025-12-04", "2025-12-11"], "every Thursday at 16:00, 2 times"),
        ("jeden Donnerstag 16 Uhr, 2 mal", ["2025-12-04", "2025-12-11"], "every Thursday at 16:00, 2 times"),
        ("jeden Donnerstag 16 Uhr für 2 Wochen", ["2025-12-04", "2025-12-11"], "every Thursday at 16:00, 2 times"),
        ("every Thursday for 2 weeks 16:00", ["2025-12-04", "2025-12-11"], "every Thursday at 16:00, 2 times"),
        (
            "every second Mon and Thu for 4 weeks at 16:00",
            ["2025-12-01"],
            "every second Monday and Thursday at 16:00, 4",
        ),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29 16:00 from 2026-12-01", [], ""),
        ("jeden zweiten Donnerstag um 16 Uhr", ["2025-12-04", "2025-12-18"], "every second Thursday at 16:00"),
        ("alle drei Wochen dienstags 12 Uhr", ["2025-12-02", "2025-12-23"], "every third Tuesday at 12:00"),
        ("letzten Freitag im Monat, 15 Uhr", ["2025-12-26", "2026-01-30"], "the last Friday of the month at 15:00"),
        ("am 15. jedes Monats 16 Uhr", ["2025-12-15", "2026-01-15"], "day 15 of every month at 16:00"),
        ("montags und mittwochs 9 Uhr", ["2025-12-03", "2025-12-08"], "every Monday and Wednesday at 09:00"),
        ("donnerstags 16 Uhr ab 10.1.2026 bis 20.1.2026", ["2026-01-15"], "every Thursday at 16:00"),
        ("nächsten Donnerstag 16 Uhr", ["2025-12-04"], ""),
        ("3. Dezember, 16 Uhr", ["2025-12-03"], ""),
        ("2026-12-03 16:00", ["2026-12-03"], ""),
        ("thu 16:00", ["2025-12-04"], ""),
    ],
)
def test_a_series_as_people_write_it(typed: str, dates: list[str], words: str) -> None:
    if not dates:
        with pytest.raises(UserError, match="more than two years"):
            read_meeting_time(typed, NOW, BERLIN)
        return
    read = read_meeting_time(typed, NOW, BERLIN)
    assert [str(day) for day in islice(read.dates(date(2025, 11, 30)), len(dates))] == dates
    assert words in (describe_rule(read.rule, read.at) if read.rule else "")


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30 16:00", "never happens"),
        ("FREQ=MONTHLY;BYDAY=5MO;BYMONTHDAY=1 9:00", "never happens"),
        (
            "every Thursday 16:00 until 2025-12-02",
            "“every Thursday 16:00 until 2025-12-02” ends before its first date",
        ),
        ("every Thursday 16:00 until 2025-11-01", "1 Nov 2025 is in the past"),
        ("yesterday 16:00", "16:00 is in the past"),
        ("FREQ=SECONDLY 16:00", "DAILY, WEEKLY, MONTHLY or YEARLY"),
        ("FREQ=WEEKLY;BYDAY=XX 16:00", "not a valid RRULE"),
        ("FREQ=WEEKLY;BYHOUR=3 16:00", "no part `BYHOUR`"),
        ("FREQ=DAILY;INTERVAL=0 16:00", "from 1 to 99"),
        ("2026-03-29 02:30", "the clocks go forward"),
        ("2020-01-01 10:00", "in the past"),
        ("every Thursday 16:00 from 2025-11-01", "in the past"),
        ("2031-01-01 10:00", "more than two years away"),
        ("every Thursday", "At what time"),
        ("every Thursday 25:00", "not a time"),
        ("every Thursday 16:00 for 0 weeks", "from 1 to 999"),
        ("first Monday 16:00 for 5 weeks", "how many meetings"),
        ("every 0 Thursday 16:00", "not a date or a series"),
        ("2026-02-30 10:00", "not a date"),
        ("now", "needs a date"),
        ("every jeudi 16:00", "not a date or a series"),
        ("", "not a date or a series"),
        ("(" * 190 + " 16:00", "not a date or a series"),
    ],
)
def test_what_is_no_date_is_refused_with_the_reason(typed: str, why: str) -> None:
    with pytest.raises(UserError, match=why):
        read_meeting_time(typed, NOW, BERLIN)


def test_days_are_read_and_written() -> None:
    days = parse_days("2026-12-24..2026-12-26, 2026-12-27 2027-05-01")
    assert format_days(days) == "2026-12-24..2026-12-27, 2027-05-01"
    assert days_text(days) == "24 Dec 2026 – 27 Dec 2026, 1 May 2027"
    with in_language("German"):
        assert days_text(days) == "24. Dez. 2026 – 27. Dez. 2026, 1. Mai 2027"
    for wrong in ("2026-12-26..2026-12-24", "2026-13-01", "2026-01-01..2028-01-01", "soon"):
        with pytest.raises(UserError):
            parse_days(wrong)


def test_a_series_keeps_its_time_of_day_in_every_zone_until_2035() -> None:
    """Around each change of the clocks a meeting starts at its local time, or after the gap; never twice a day."""
    random = Random(15)
    for name in [*random.sample(ZONES, 60), "Australia/Lord_Howe", "Africa/Casablanca", "Pacific/Apia"]:
        zone = ZoneInfo(name)
        series = read_meeting_time(f"every day {random.randrange(24):02}:30", NOW, zone)
        changed = changes(name, NOW, datetime(2035, 12, 31, tzinfo=UTC))
        for at in random.sample(changed, min(len(changed), 5)):
            day = at.astimezone(zone).date() - timedelta(days=2)
            starts = [to_utc(day, series.at, zone) for day in islice(series.dates(day), 4)]
            for start, expected in zip(starts, islice(series.dates(day), 4), strict=True):
                local = start.astimezone(zone)
                exists = (
                    datetime.combine(expected, series.at, zone).astimezone(UTC).astimezone(zone).time() == series.at
                )
                assert (local.date(), local.time()) == (expected, series.at) or not exists, (name, start)
            gaps = {later - earlier for earlier, later in pairwise(starts)}
            assert all(timedelta(hours=22) <= gap <= timedelta(hours=26) for gap in gaps), (name, at, gaps)


def test_calendars_define_every_zone_as_a_second_reader_understands_it() -> None:
    since, until = datetime(2025, 1, 1, tzinfo=UTC), datetime(2036, 1, 1, tzinfo=UTC)
    random = Random(7)
    for name in random.sample(ZONES, 80):
        zone, calendar = ZoneInfo(name), Calendar()
        calendar.add_component(time_zone(zone, since, until))
        written = calendar.to_ical().decode().replace("\r\n ", "")
        read = tzical(StringIO(written)).get()
        for at in random.sample(changes(name, since, until), min(3, len(changes(name, since, until)))):
            for minutes in (-90, -30, 0, 30, 90):
                local = (at + timedelta(minutes=minutes)).astimezone(zone)
                assert local.replace(tzinfo=read).utcoffset() == local.utcoffset(), (name, local)


def meeting(number: int, start: datetime, size: int = 0) -> Meeting:
    return Meeting(id=number, number=number, starts_at=start, state=MeetingState.PLANNED, size=size, minutes=60)


@pytest.mark.slow
def test_ten_thousand_meetings_in_all_zones_are_reminded_of_once_each() -> None:
    """Checks at any interval, with pauses: each kind of reminder is due at some check, and its row is written once."""
    random = Random(3)
    told: list[tuple[int, str]] = []
    for number in range(10_000):
        day, at = date(2025, 12, 4) + timedelta(days=random.randrange(3_600)), time(random.randrange(24), 30)
        each = meeting(number, to_utc(day, at, ZoneInfo(random.choice(ZONES))))
        now, known = each.starts_at - timedelta(hours=25), set[str]()
        while now < each.starts_at + timedelta(minutes=50):
            now += timedelta(minutes=random.choice((20, 50, 59)))
            for kind in due_reminders(each, now):
                if kind not in known:
                    known.add(kind)
                    told.append((number, kind))
    assert len(told) == len(set(told)) == 20_000


def test_places_are_given_in_the_order_of_answers() -> None:
    def yes(n: int, at: int, answer: str = "yes") -> MeetingResponse:
        member = Member(id=n, name=f"m{n}")
        return MeetingResponse(member_id=n, member=member, answer=answer, at=NOW + timedelta(minutes=at))

    before = Attendance.of([yes(1, 3), yes(2, 1), yes(3, 2), yes(4, 0, "maybe")], 2)
    assert [m.id for m in before.going] == [2, 3]
    assert before.place_in_line(1) == 1
    assert [m.id for m in moved_up(before, Attendance.of([yes(1, 3), yes(3, 2)], 2))] == [1]
    assert Attendance.of([yes(1, 3), yes(2, 1)], 0).waiting == ()
    assert time(16) == read_meeting_time("thu 16:00", NOW, BERLIN).at


def test_a_rule_is_described_in_the_language_of_its_readers() -> None:
    with in_language("German"):
        assert describe_rule("FREQ=WEEKLY;INTERVAL=2;BYDAY=TH", time(16)) == "jeden zweiten Donnerstag um 16:00"
        assert describe_rule("FREQ=MONTHLY;BYDAY=-1FR", time(15)) == "am letzten Freitag im Monat um 15:00"


def test_a_series_of_every_second_week_begins_with_its_next_day() -> None:
    sunday = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)
    series = read_meeting_time("every second Thursday 16:00", sunday, ZoneInfo("Europe/Berlin"))
    assert list(islice(series.dates(date(2026, 11, 28)), 2)) == [date(2026, 12, 3), date(2026, 12, 17)]
    assert describe_rule("FREQ=DAILY", time(16, 0)) == "every day at 16:00"
