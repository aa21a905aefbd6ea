"""The audit log as moderators read it."""

from __future__ import annotations

from tests.features.conversation import (
    ATTENTION,
    CLUB,
    DISTILLATION,
    press,
    submit_papers,
)
from tests.stand_ins import Harness, words


async def test_the_log_tells_who_what_when_and_why(club: Harness) -> None:
    await submit_papers(club, "Ada", ATTENTION, DISTILLATION)
    await club.say("Mo", "/curate drop 1 off topic", moderator=True)
    club.clock.advance(days=2)
    await club.say("Mia", "/curate pick 2 theme=Vision", moderator=True)
    whole = await club.say("Mia", "/curate log", moderator=True)
    assert "Mia picked #2" in words(whole)
    assert "off topic" in words(whole)
    assert "theme: Vision" in words(whole)
    of_mo = await club.say("Mia", "/curate log who=mo", moderator=True)
    assert "Mia" not in words(of_mo)
    recent = await club.say("Mia", "/curate log since=2025-12-02", moderator=True)
    assert "Mo removed" not in words(recent)
    of_paper = await club.say("Mia", "/curate log 1", moderator=True)
    assert "Mo removed #1 from the list" in words(of_paper)
    assert (await club.say("Mia", "/curate log since=soon", moderator=True)).failed


async def test_the_log_is_paged(club: Harness) -> None:
    await submit_papers(club, "Ada", ATTENTION)
    for turn in range(12):
        await club.say("Mo", f"/curate {'hold' if turn % 2 else 'shortlist'} 1 turn {turn}", moderator=True)
    first = await club.say("Mo", "/curate log 1", moderator=True)
    second = await press(club, first, "Next", "Mo", moderator=True)
    assert "turn 11" in words(first)
    assert "turn 0" in words(second)
    assert "turn 1)" not in words(first)
    beyond = await club.say("Mo", "/curate log 1 page=9", moderator=True)
    assert "no more pages" in words(beyond)


async def test_an_act_of_the_club_itself_can_be_told(club: Harness) -> None:
    await submit_papers(club, "Ada", ATTENTION)
    async with club.app.store.begin(CLUB) as db:
        await db.audit_log.append("pick", None, club.clock(), submission_id=1)
    assert "The club picked #1" in words(await club.say("Mo", "/curate log", moderator=True))
