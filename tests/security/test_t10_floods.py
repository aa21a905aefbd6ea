"""T8 and T10: one member cannot flood the club; each brake says when it lets go, and moderators have none."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.command_rates import CommandRates
from bot.sources.recorded_arxiv import recorded_papers
from tests.stand_ins import Harness, open_harness

IDS = [record.arxiv_id for record in recorded_papers() if len(record.abstract) > 900][:6]


@pytest.fixture
async def club(tmp_path: Path) -> AsyncIterator[Harness]:
    async with open_harness(tmp_path) as made:
        await _found(made)
        yield made


async def _found(club: Harness) -> None:
    await club.say("Root", "/clubadmin setup papers=papers digest=digest moderators=mods", admin=True)
    for setting in ("submissions_per_day 3", "reports_per_day 2", "quotes_per_day 2"):
        await club.say("Root", f"/clubadmin settings {setting}", admin=True)


async def test_papers_beyond_the_days_limit_are_refused_until_tomorrow(club: Harness) -> None:
    for id in IDS[:3]:
        assert not (await club.say("Ada", f"/paper submit {id}")).failed
    refused = await club.say("Ada", f"/paper submit {IDS[3]}")
    assert refused.failed
    assert "You have added 3 papers today" in str(refused.card)
    assert "try again on Tuesday" in str(refused.card)
    assert not (await club.say("Bob", f"/paper submit {IDS[3]}")).failed, "others have their own"
    club.clock.advance(days=1)
    assert not (await club.say("Ada", f"/paper submit {IDS[4]}")).failed


async def test_a_moderator_has_no_limit(club: Harness) -> None:
    for id in IDS[:5]:
        assert not (await club.say("Mo", f"/paper submit {id}", moderator=True)).failed


async def test_a_known_paper_costs_nothing(club: Harness) -> None:
    for id in IDS[:3]:
        await club.say("Ada", f"/paper submit {id}")
    await club.say("Bob", f"/paper submit {IDS[3]}")
    assert not (await club.say("Ada", f"/paper submit {IDS[3]} so good")).failed


async def test_reports_and_quotes_have_limits_of_their_own(club: Harness) -> None:
    for id in IDS[:3]:
        await club.say("Bob", f"/paper submit {id}")
    for what in ("spam", "quote"):
        assert not (await club.say("Ada", f"/paper report 1 {what}")).failed
    assert "2 reports today" in str((await club.say("Ada", "/paper report 2 spam")).card)
    for number in (1, 2):
        assert not (await club.say("Ada", f'/my quote {number} words="It is short and clear."')).failed
    assert "2 quotes today" in str((await club.say("Ada", '/my quote 3 words="It is short and clear."')).card)


async def test_links_have_a_limit_too(club: Harness) -> None:
    await club.say("Root", "/clubadmin settings links_per_day 1", admin=True)
    await club.say("Bob", f"/paper submit {IDS[0]}")
    assert not (await club.say("Ada", "/paper add-link 1 code https://github.com/a/b1")).failed
    assert not (await club.say("Mo", "/paper add-link 1 code https://github.com/a/b2", moderator=True)).failed
    assert "1 link today" in str((await club.say("Ada", "/paper add-link 1 code https://github.com/a/b3")).card)


async def test_commands_of_a_minute_are_limited(club: Harness) -> None:
    await club.say("Root", "/clubadmin settings commands_per_minute 4", admin=True)
    for _ in range(4):
        assert not (await club.say("Ada", "/paper top")).failed
    refused = await club.say("Ada", "/paper top")
    assert refused.failed
    assert "Try again in 60 s" in str(refused.card)
    assert not (await club.say("Bob", "/paper top")).failed
    club.clock.advance(seconds=61)
    assert not (await club.say("Ada", "/paper top")).failed


def test_rates_forget_and_refuse() -> None:
    rates, at = CommandRates(), datetime(2025, 1, 1, tzinfo=UTC)
    assert rates.wait(1, at, 1) is None
    assert rates.wait(1, at + timedelta(seconds=20), 1) == timedelta(seconds=40)
    assert rates.wait(1, at + timedelta(seconds=60), 1) is None
