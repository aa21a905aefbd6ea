"""T15: every command, with the ids of another club's rows, shows and changes nothing of that club."""

from __future__ import annotations

from bot.app import Requester, RequestKind
from bot.chat.gateway import Location
from bot.dispatch import answer
from tests.features.conversation import ATTENTION, DISTILLATION, submit_papers
from tests.features.conversation import set_moderators_channel as set_up
from tests.features.test_club_isolation import EVE, row_counts
from tests.stand_ins import Harness, words

SECRET = "our own affair"
TITLE = "Attention Is All You Need"


async def shown_to_eve(club: Harness, line: str) -> str:
    """All that a press answers to an admin of the other club."""
    _, call = club.app.commands.find(line)
    where = Location("wall", "W2", "general")
    who = Requester("eve", "Eve", manages=True)
    return words([card async for card in answer(club.app, call, who, where, RequestKind.CLICK)])


async def test_every_command_of_the_program_stays_in_its_club(club: Harness) -> None:
    await set_up(club)
    await submit_papers(club, "Ada", ATTENTION, DISTILLATION)
    for line in ("paper vote 1", f"paper report 1 spam {SECRET}", f"my quote 1 words={SECRET}", "my save 1"):
        assert not (await club.say("Ada", line)).failed, line
    await club.say("Mo", f"curate hold 2 {SECRET}", moderator=True)
    await club.say("Mo", "edition draft", moderator=True)
    await club.say("Eve", "/help", **EVE)
    before = await row_counts(club)
    tried = 0
    for command in map(club.app.commands.__getitem__, club.app.commands):
        for line in (*command.examples[:2], f"/{command.name} 1"):
            if command.name.startswith("paper submit") or "connect" in command.name:
                continue
            shown = await shown_to_eve(club, line.replace(" 12", " 1"))
            assert "on our side" not in shown, line
            assert SECRET not in shown, line
            assert TITLE not in shown or TITLE in line, line
            tried += 1
    assert tried > 120
    assert await row_counts(club) == before


async def test_rows_are_asked_for_by_club_even_by_their_ids(club: Harness) -> None:
    await set_up(club)
    await submit_papers(club, "Ada", ATTENTION)
    await club.say("Eve", "/help", **EVE)
    async with club.app.store.read(2) as db:
        assert await db.submissions.get(1) is None
        assert await db.submissions.many([1]) == {}
        assert await db.votes.vote_target(1) is None
        assert await db.members.get(1) is None
        assert await db.audit_log.many([1, 2, 3]) == []
        assert await db.reports.get(1) is None
        assert await db.vote_review.first_time_voters(1, club.clock()) == []
    async with club.app.store.read(1) as db:
        assert await db.submissions.get(1) is not None, "the ids are right"
