"""Times of meetings with an end and a zone, as moderators type them."""

from __future__ import annotations

import pytest

from tests.features.conversation import CLUB, set_moderators_channel
from tests.stand_ins import Harness, words


@pytest.fixture
async def planned(club: Harness) -> Harness:
    """A club with two meetings at 15:00 UTC, of a series."""
    await set_moderators_channel(club)
    answer = await club.say("Mod", "/curate meeting plan every Thursday 15:00, 2 times", moderator=True)
    assert not answer.failed, answer.card
    return club


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("plan 2025-12-04 16:00-17:30 UTC", ("Thu 4 Dec 2025, 16:00–17:30 (UTC)",)),
        ("plan every Thursday 4-5pm America/New_York, 3 times", ("4 Dec 2025, 21:00–22:00", "(America/New_York)")),
        ("move 1 2025-12-05 18:00-18:45 CET", ("It is now", "Fri 5 Dec 2025, 17:00–17:45 (UTC)")),
        ("move 1 2025-12-04 15:00-16:00", ("already at that time",)),
        ("move 1 every Friday 17:00-18:30 series=yes", ("Fri 5 Dec 2025, 17:00–18:30", "Fri 12 Dec 2025, 17:00–18:30")),
        ("move 1 every Thursday 15:00 for 90 minutes, 2 times series=yes", ("15:00–16:30",)),
        ("move 1 every Thursday 15:00-16:00, 2 times series=yes", ("Nothing to change",)),
        ("holidays 4 Dec - 10 Dec", ("4 Dec 2025 \u2013 10 Dec 2025", "1 meeting was canceled")),
    ],
)
async def test_an_end_a_zone_and_days_without_a_year_are_understood(
    planned: Harness, line: str, says: tuple[str, ...]
) -> None:
    answer = await planned.say("Mod", f"/curate meeting {line}", moderator=True)
    assert not answer.failed
    assert [said for said in says if said not in words(answer)] == []


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("plan thu 16:00-17:30 minutes=60", "lasts 90 minutes, not 60"),
        ("plan thu 16:00 UTC timezone=Europe/Berlin", "The time is in UTC, not in Europe/Berlin"),
        ("plan thu 16:00-16:03", "5 to 720 minutes"),
        ("plan every Thursday 16:00 +02:00", "time zone with a name"),
        ("move 1 every Friday 16:00 CET series=yes", "planned in UTC"),
        ("move 1 Friday, 4 Dec 2025 16:00", "4 Dec 2025 is a Thursday, not a Friday"),
    ],
)
async def test_a_time_that_contradicts_itself_changes_nothing(planned: Harness, line: str, says: str) -> None:
    answer = await planned.say("Mod", f"/curate meeting {line}", moderator=True)
    assert answer.failed
    assert says in words(answer)
    async with planned.app.store.read(CLUB) as db:
        found = await db.meetings.upcoming(planned.clock(), skip=0, limit=9)
    assert [f"{each.starts_at:%d %H:%M} {each.minutes}" for each in found] == ["04 15:00 60", "11 15:00 60"]
