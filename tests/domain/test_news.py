"""What of a paper is news, and when somebody is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.domain.news import How, Standing, news, told_at

BEFORE = Standing(version=1)


@pytest.mark.parametrize(
    ("before", "now", "told"),
    [
        (BEFORE, BEFORE, []),
        (BEFORE, replace(BEFORE, picked=True), [("picked", "")]),
        (replace(BEFORE, picked=True), BEFORE, []),
        (BEFORE, replace(BEFORE, picked=True, edition=4), [("published", "4")]),
        (replace(BEFORE, edition=4), BEFORE, []),
        (BEFORE, replace(BEFORE, version=3), [("version", "3")]),
        (Standing(), BEFORE, []),
        (BEFORE, replace(BEFORE, withdrawn=True, version=2), [("version", "2"), ("withdrawn", "")]),
        (BEFORE, Standing(into=7, version=5, edition=2), [("merged", "7")]),
        (Standing(into=7), Standing(into=7, edition=2), [("published", "2")]),
        (Standing(into=7, version=5, edition=2), replace(BEFORE, version=9), []),
    ],
)
def test_what_is_news(before: Standing, now: Standing, told: list[tuple[str, str]]) -> None:
    assert news(before, now) == told
    assert news(now, now) == []
    assert Standing.of(now.to_json()) == now


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
def test_when_somebody_is_told(how: How, zone: str, since: str, told: str) -> None:
    def at(text: str) -> datetime:
        return datetime.fromisoformat(text).replace(tzinfo=UTC)

    assert told_at(how, ZoneInfo(zone), at(since)) == at(told)
