"""Votes: one a member, set and not toggled, withdrawn, private where they should be; and the explanation of a rank."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.app import Requester
from bot.chat.calls import Call
from bot.chat.cards import Facts
from bot.chat.gateway import Location
from bot.dispatch import AnswerCard, answer
from tests.features.conversation import (
    ATTENTION,
    CLUB,
    DISTILLATION,
    SAFE,
    fact_value,
    press,
    set_moderators_channel,
    submission_numbered,
    submit_papers,
)
from tests.stand_ins import Harness, open_harness, words

BEN = Requester("ben", "Ben")


async def test_a_vote_said_again_changes_nothing_and_can_be_taken_back(club: Harness) -> None:
    await submit_papers(club, "Ada", ATTENTION)
    first = await club.say("Ben", "/paper vote 1")
    assert first.card.title == "Your vote for #1 is counted"
    assert "now has 1 vote" in words(first)
    assert not first.card.buttons(), "a vote is answered by a line, not by a card full of buttons"
    for _ in range(2):
        again = await club.say("Ben", "/paper vote 1")
        assert again.card.title == "You have already voted for #1"
    taken = await press(club, again, "Take my vote back", "Ben")
    assert "Your vote for #1 was taken back" in words(taken)
    assert "You have not voted for #1" in words(await club.say("Ben", "/paper vote 1 back=yes"))
    assert (await submission_numbered(club, 1)).votes == 0
    async with club.app.store.read(CLUB) as db:
        assert [event.stance for event in await db.vote_queries.log()] == ["vote", None], "a repeat is no event"


async def test_a_skip_is_private_and_takes_the_vote_back(club: Harness) -> None:
    await submit_papers(club, "Ada", ATTENTION)
    await club.say("Ben", "/paper vote 1")
    assert "Your vote for it stays" in words(await club.say("Ben", "/paper skip 1 back=yes"))
    reply = await club.say("Ben", "/paper skip 1 reason=too far off")
    assert "Your vote for it was taken back" in words(reply)
    assert "Nothing to change" in words(await club.say("Ben", "/paper skip 1"))
    for seen in (
        club.gateway.edits[-1][1],
        await club.say("Ada", "/paper why 1"),
        await club.say("Ada", "/paper show 1"),
    ):
        assert "chose “not for us”" not in words(seen).lower()
        assert "too far off" not in words(seen)
    assert "1 member chose “Not for us”" in words(await club.say("Mo", "/paper why 1", moderator=True))


async def test_a_press_on_a_private_card_says_what_was_counted(club: Harness) -> None:
    await submit_papers(club, "Ada", ATTENTION)
    shown = await club.say("Ben", "/paper show 1")
    passed = await press(club, shown, "Not for us", "Ben")
    assert "#1 as “Not for us”" in words(passed)
    assert "vote for it was taken back" not in words(passed), "there was no vote"
    back = await press(club, passed, "Take my vote back", "Ben")
    assert "“Not for us” on #1 was taken back" in words(back)
    own = await press(club, await club.say("Ada", "/paper show 1"), "Vote", "Ada")
    assert "does not count" in words(own)


async def test_ones_own_vote_is_shown_and_does_not_rank(club: Harness) -> None:
    await submit_papers(club, "Ada", ATTENTION)
    reply = words(await club.say("Ada", "/paper vote 1"))
    assert "does not count" in reply
    assert "no votes from others" in reply
    assert "voted for it; that vote does not count" in words(await club.say("Ben", "/paper why 1"))


async def test_why_tells_every_term(club: Harness) -> None:
    await submit_papers(club, "Ada", ATTENTION, DISTILLATION)
    await club.say("Ben", "/paper vote 1")
    await club.say("Cy", "/paper vote 1")
    await club.say("Ben", "/paper discuss 1")
    await club.say("Ben", "/paper vote 2")
    card = (await club.say("Cy", "/paper why 1")).card
    [shown] = [part for part in card.parts if isinstance(part, Facts)]
    assert dict(shown.pairs) == {
        "Votes since the last edition": "2",
        "In the discussion": "1",
        "Points from the discussion": "0.5",
        "Points": "2.5",
        "Place": "1 of 2 papers with votes",
    }
    await submit_papers(club, "Ada", SAFE)
    assert (
        fact_value(await club.say("Ben", "/paper why 3"), "Place")
        == "no votes yet, so it is below the 2 papers with votes"
    )
    await club.say("Mo", "/curate drop 1 spam", moderator=True)
    assert fact_value(await club.say("Ben", "/paper why 1"), "Place") == "removed from the list"
    await club.say("Mo", "/curate hold 2", moderator=True)
    assert fact_value(await club.say("Ben", "/paper why 2"), "Place") == "held back"


async def test_the_clubs_number_of_votes_is_kept_even_when_all_are_cast_at_once(url: str, tmp_path: Path) -> None:
    async with open_harness(tmp_path, url=url) as club:
        await submit_papers(club, "Ada", ATTENTION, DISTILLATION, SAFE)
        await club.say("Root", "/clubadmin settings votes_per_window 2", admin=True)
        await club.say("Ben", "/my votes")
        reply = await asyncio.gather(*(_vote(club, number) for number in (1, 2, 3)))
        assert sum(answer.failed for answer in reply) == 1
        refused = next(answer for answer in reply if answer.failed)
        assert "used all 2 votes" in words(refused)
        async with club.app.store.read(CLUB) as db:
            voted = [event.submission_id for event in await db.vote_queries.log()]
        await club.say("Ben", f"/paper vote {voted[0]} back=yes")
        left = next(number for number in (1, 2, 3) if number not in voted)
        assert not (await _vote(club, left)).failed
        assert not (await _vote(club, left)).failed, "one that is cast already costs nothing"


async def _vote(club: Harness, number: int) -> AnswerCard:
    """A vote of Ben's, without waiting for posts."""
    return [
        reply async for reply in answer(club.app, Call.of("paper vote", number), BEN, Location("wall", "W1", "general"))
    ][-1]


@pytest.mark.parametrize("act", ["drop 1 reason=spam", "merge 1 into 2 sure=yes"])
async def test_a_paper_that_is_off_the_list_takes_no_votes(club: Harness, act: str) -> None:
    await set_moderators_channel(club)
    await submit_papers(club, "Ada", ATTENTION, DISTILLATION)
    shown = await club.say("Ben", "/paper show 1")
    await club.say("Mo", f"/curate {act}", moderator=True)
    reply = await press(club, shown, "Vote", "Ben")
    if act.startswith("drop"):
        assert "can no longer be voted for" in words(reply)
    assert (await submission_numbered(club, 1)).votes == 0
    assert (await submission_numbered(club, 2)).votes == (0 if act.startswith("drop") else 1), (
        "the old button leads to what stays"
    )
