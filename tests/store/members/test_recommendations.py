"""What members' papers are chosen by, and when they are told of new ones; on both databases."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.features.conversation import ATTENTION, DISTILLATION, SAFE, submit_papers
from tests.stand_ins import Harness, open_harness

CLUB = 1


@pytest.fixture
async def club(url: str, tmp_path: Path) -> AsyncIterator[Harness]:
    async with open_harness(tmp_path, url=url) as club:
        yield club


async def member_id(club: Harness, name: str) -> int:
    async with club.app.store.read(CLUB) as db:
        [found] = await db.members.search(name)
    return found.id


async def test_votes_lists_and_submissions_say_what_one_likes(club: Harness) -> None:
    await submit_papers(club, "Ada", ATTENTION, DISTILLATION, SAFE)
    for line in ("/paper vote 1", "/paper skip 2", "/my save 3"):
        await club.say("Bob", line)
    async with club.app.store.read(CLUB) as db:
        bobs = await db.recommendations.taste(await member_id(club, "Bob"), limit=9)
        adas = await db.recommendations.taste(await member_id(club, "Ada"), limit=9)
    assert {paper.number: paper.liked for paper in bobs} == {1: True, 2: False, 3: True}
    assert {paper.number for paper in adas} == {1, 2, 3}
    assert not any(paper.imported for paper in adas)


async def test_a_message_is_planned_for_who_wants_one_and_claimed_once(club: Harness) -> None:
    now = club.clock()
    await club.say("Ada", "/my papers on")
    await club.say("Bob", "/my follow keyword attention how=daily")
    await club.say("Cy", "/my follow keyword attention")
    await club.say("Di", "/my follow topic Vision how=daily")
    ada, bob = await member_id(club, "Ada"), await member_id(club, "Bob")
    async with club.app.store.begin(CLUB) as db:
        assert await db.recommendations.message_wishes() == {ada: ["weekly"], bob: ["daily"]}
        await db.recommendations.plan_message(bob, now - timedelta(days=1), now)
        await db.recommendations.plan_message(ada, now, now + timedelta(days=3))
    for due in (now - timedelta(days=1), None):
        async with club.app.store.begin(CLUB) as db:
            assert await db.recommendations.claim_message(bob, now, now + timedelta(days=1)) == due
            assert await db.recommendations.claim_message(ada, now, now + timedelta(days=9)) is None
    async with club.app.store.begin(CLUB) as db:
        await db.recommendations.cancel_messages([bob])
        assert set(await db.recommendations.messages()) == {ada}
