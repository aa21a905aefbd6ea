"""News of followed papers, and times of notifications."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.domain.follow_updates import FollowState, Frequency, next_notification_at, updates_between

BEFORE = FollowState(version=1)


@pytest.mark.parametrize(
    ("before", "now", "told"),
    [
        (BEFORE, BEFORE, []),
        (BEFORE, replace(BEFORE, picked=True), [("picked", "")]),
        (replace(BEFORE, picked=True), BEFORE, []),
        (BEFORE, replace(BEFORE, picked=True, edition=4), [("published", "4")]),
        (replace(BEFORE, edition=4), BEFORE, []),
        (BEFORE, replace(BEFORE, version=3), [("version", "3")]),
        (FollowState(), BEFORE, []),
        (BEFORE, replace(BEFORE, withdrawn=True, version=2), [("version", "2"), ("withdrawn", "")]),
        (BEFORE, FollowState(into=7, version=5, edition=2), [("merged", "7")]),
        (FollowState(into=7), FollowState(into=7, edition=2), [("published", "2")]),
        (FollowState(into=7, version=5, edition=2), replace(BEFORE, version=9), []),
    ],
)
def test_updates_between_two_states(before: FollowState, now: FollowState, told: list[tuple[str, str]]) -> None:
    assert updates_between(before, now) == told
    assert updates_between(now, now) == []
    assert FollowState.of(now.to_json()) == now


@pytest.mark.parametrize(
    ("how", "zone", "since", "told"),
    [
        ("instant", "Europe/Berlin", "2026-11-26 07:00", "2026-11-26 07:00"),
        ("daily", "Europe/Berlin", "2026-11-26 07:59", "2026-11-26 08:00"),
        ("daily", "Europe/Berlin", "2026-11-26 08:00", "2026-11-27 08:00"),
        ("daily", "Pacific/Auckland", "2026-11-26 21:00", "2026-11-27 20:00"),
        ("daily", "Europe/Berlin", "2026-10-24 12:00", "2026-10-25 08:00"),
        ("daily", "Europe/Berlin", "2026-03-28 12:00", "2026-03-29 07:00"),
        ("weekly", "America/New_York", "2026-11-26 12:00", "2026-11-30 14:00"),
        ("weekly", "America/New_York", "2026-11-30 14:00", "2026-12-07 14:00"),
    ],
)
def test_the_time_of_a_notification(how: Frequency, zone: str, since: str, told: str) -> None:
    def at(text: str) -> datetime:
        return datetime.fromisoformat(text).replace(tzinfo=UTC)

    assert next_notification_at(how, ZoneInfo(zone), at(since)) == at(told)
