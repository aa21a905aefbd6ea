"""Calendars of meetings, read back by two readers: the library, and one that knows the standard alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from icalendar import Calendar

from bot.domain.club_settings import zone_names
from bot.domain.models import Club, Meeting, MeetingState
from bot.features.meetings.calendar_file import calendar
from bot.features.meetings.time_zone_component import changes
from tests.features.meetings.calendar_reader import events

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)
CLUB = Club(id=1, name='Читатели; \\ "ML", é' + "漢" * 40, created_at=NOW, timezone="UTC", settings={})
TITLES = ("Plain", "a; b, c\\n \\d", "two\nlines\r\nEND:VEVENT", "漢字" * 60, "🧑‍🔬" * 30, "\x00\x07 bell", "")


def meeting(number: int, starts_at: datetime, zone: str) -> Meeting:
    title = TITLES[number % len(TITLES)]
    return Meeting(
        id=number, number=number, starts_at=starts_at, timezone=zone, minutes=60, title=title, place=title[:80],
        link="https://example.org/a;b,c?x=1&y=2" if number % 2 else "", size=0, agenda=[], notes="", presenter=None,
        submission=None, state=MeetingState.CANCELLED if number % 5 == 0 else MeetingState.PLANNED,
        cancelled_why=title, sequence=number % 3, created_at=NOW, changed_at=NOW,
    )  # fmt: skip


def test_two_readers_agree_on_meetings_in_all_zones_around_their_clock_changes() -> None:
    random = Random(5)
    until = datetime(2035, 12, 1, tzinfo=UTC)
    for zone in random.sample(sorted(zone_names() - {"localtime"}), 40):
        changed = random.sample(changes(zone, NOW, until), min(3, len(changes(zone, NOW, until))))
        around = [at + timedelta(minutes=minutes) for at in changed or [NOW] for minutes in (-600, -90, 90, 5_000)]
        meetings = [meeting(number, at, zone) for number, at in enumerate(around, 1)]
        content = calendar(CLUB, meetings, name="Feed; of, meetings")
        known, own = Calendar.from_ical(content).events, events(content)
        assert len(known) == len(own) == len(meetings)
        for each, library, (event, start, end) in zip(meetings, known, own, strict=True):
            assert (start, end - start) == (each.starts_at, timedelta(minutes=60)), zone
            assert library.start.isoformat() == each.starts_at.astimezone(ZoneInfo(zone)).isoformat(), zone
            assert event.text("SUMMARY") == str(library["SUMMARY"])
            assert event.text("SEQUENCE") == str(each.sequence)
            assert event.text("STATUS") == ("CANCELLED" if each.number % 5 == 0 else "CONFIRMED")
        assert len({event.text("UID") for event, *_ in own}) == len(own)
        assert calendar(CLUB, meetings, name="Feed; of, meetings") == content, "the same meetings, the same bytes"
