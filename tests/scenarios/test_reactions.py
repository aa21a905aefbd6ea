"""Votes by reaction: a thumbs up on a paper's card is a vote where the club wants it, and is taken back with it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from datetime import timedelta

import pytest

from tests.scenarios.console_stage import console_stage
from tests.scenarios.discord_stage import discord_stage
from tests.scenarios.slack_stage import slack_stage
from tests.scenarios.stages import Person, Stage
from tests.stand_ins import Harness

CARD = "Attention Is All You Need"


@pytest.fixture(params=["discord", "slack"])
async def reacting(request: pytest.FixtureRequest, played_in: Harness) -> AsyncIterator[Stage]:
    played_in.clock.step = timedelta(microseconds=7)
    opened: AbstractAsyncContextManager[Stage] = {"discord": discord_stage, "slack": slack_stage}[request.param](
        played_in, reactions=True
    )
    async with opened as stage:
        yield stage
        stage.check()


async def votes(played_in: Harness, number: int = 1) -> int:
    async with played_in.app.store.read(1) as db:
        paper = await db.submissions.by_number(number)
        assert paper is not None
        return paper.votes


async def switched_on(stage: Stage) -> Person:
    root = await stage.enter("Root", "admin")
    assert "is now thumbsup" in await root.say("/clubadmin settings vote_reaction thumbsup")
    return root


async def test_a_thumbs_up_counts_only_where_the_club_wants_it(reacting: Stage, played_in: Harness) -> None:
    ada, grace, edsger = [await reacting.enter(name) for name in ("Ada", "Grace", "Edsger")]
    await ada.say("/paper submit 1706.03762")
    await edsger.react(CARD)
    assert await votes(played_in) == 0, "off until the club wants it"
    root = await switched_on(reacting)
    assert "👍 on a paper’s card is a vote" in await root.say("/clubadmin doctor")
    await grace.react(CARD, "👀")
    assert await votes(played_in) == 0, "another reaction"
    await grace.react(CARD, "👍🏽")
    assert await votes(played_in) == 1
    assert "Votes 1" in (await reacting.channel_text("papers")).replace("*", "")
    assert await grace.told() == [], "what counts is said by the card"
    assert "You have already voted for #1" in await grace.press("Vote", CARD)
    await grace.react(CARD, "👍🏽", added=False)
    assert await votes(played_in) == 0


async def test_a_vote_by_the_button_stays_when_the_reaction_goes(reacting: Stage, played_in: Harness) -> None:
    ada, grace = await reacting.enter("Ada"), await reacting.enter("Grace")
    await switched_on(reacting)
    await ada.say("/paper submit 1706.03762")
    await grace.press("Vote", CARD)
    await grace.react(CARD)
    assert await votes(played_in) == 1, "one vote"
    await grace.react(CARD, added=False)
    assert await votes(played_in) == 1, "the button's vote stays"
    await grace.say("/paper vote 1 back=yes")
    await grace.react(CARD)
    assert await votes(played_in) == 1
    await grace.say("/paper vote 1 back=yes")
    assert await votes(played_in) == 0, "taken back although the reaction is still there"
    played_in.clock.advance(minutes=1)
    await grace.say("/paper vote 1")
    await grace.react(CARD, added=False)
    assert await votes(played_in) == 1, "this vote is the command's"


async def test_a_reaction_in_two_skin_tones_is_one_vote_until_both_are_gone(
    reacting: Stage, played_in: Harness
) -> None:
    ada, grace = await reacting.enter("Ada"), await reacting.enter("Grace")
    await switched_on(reacting)
    await ada.say("/paper submit 1706.03762")
    tones = ("👍🏽", "👍", "👍🏿")
    for emoji in tones:
        await grace.react(CARD, emoji)
        assert await votes(played_in) == 1, "one vote"
    for emoji in tones[:2]:
        await grace.react(CARD, emoji, added=False)
        assert await votes(played_in) == 1, "another tone is still there"
    await grace.react(CARD, tones[2], added=False)
    assert await votes(played_in) == 0
    await ada.say("/paper withdraw 1")
    before = len(await grace.told())
    for emoji in tones:
        await grace.react(CARD, emoji)
    assert len(await grace.told()) == before + 1, "told once, whatever the tone"


async def test_what_does_not_count_is_told_to_its_member_once(reacting: Stage, played_in: Harness) -> None:
    ada, grace = await reacting.enter("Ada"), await reacting.enter("Grace")
    root = await switched_on(reacting)
    await root.say("/clubadmin settings votes_per_window 1")
    await ada.say("/paper submit 1706.03762")
    await ada.say("/paper submit 2010.11929")
    before = len(await ada.told())
    await ada.react(CARD)
    await ada.react(CARD, added=False)
    await ada.react(CARD)
    [told] = (await ada.told())[before:]
    assert "You submitted it, so your own vote does not count" in told
    assert await votes(played_in) == 0
    await grace.react(CARD)
    await grace.react("16x16 Words")
    [told] = await grace.told()
    assert "You have used all 1 vote for the next edition" in told
    assert await votes(played_in, 2) == 0
    barbara = await reacting.enter("Barbara", "moderator")
    await barbara.say("/curate drop 1 off-topic")
    await grace.react(CARD, added=False)
    assert "can no longer be voted for" in (await grace.told())[-1]
    assert await votes(played_in) == 1, "a closed vote stays as it is"


@pytest.mark.parametrize(
    ("without", "lacking"),
    [(slack_stage, "the scope reactions:read is missing"), (discord_stage, "JOURNALCLUB_DISCORD__REACTIONS")],
)
async def test_the_doctor_names_the_scope_or_intent_that_is_lacking(
    played_in: Harness, without: Callable[[Harness], AbstractAsyncContextManager[Stage]], lacking: str
) -> None:
    async with without(played_in) as stage:
        root = await switched_on(stage)
        ada, grace = await stage.enter("Ada"), await stage.enter("Grace")
        await ada.say("/paper submit 1706.03762")
        await grace.react(CARD)
        assert await votes(played_in) == 0, "the platform does not tell of it"
        assert lacking in await root.say("/clubadmin doctor")


async def test_a_terminal_says_that_it_has_no_reactions(played_in: Harness) -> None:
    async with console_stage(played_in) as stage:
        root = await stage.enter("Root", "admin")
        assert "There are no reactions in a terminal" in await root.say("/clubadmin settings vote_reaction heart")
        assert "vote_reaction: heart" in await root.say("/clubadmin settings vote_reaction")
