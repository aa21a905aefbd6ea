"""T8: a crowd of new accounts lifts no paper unseen: bursts are shown to moderators, votes wait for an age."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.chat.cards import Card
from bot.runtime.scheduler import Scheduler
from tests.features.conversation import (
    ATTENTION,
    CLUB,
    DISTILLATION,
    SECOND_PLACE,
    audit_entries,
    code_in,
    connect_second_platform,
    press,
    submission_numbered,
    submit_papers,
)
from tests.features.conversation import set_moderators_channel as set_up
from tests.stand_ins import Harness, open_harness, words

CROWD = [f"Puppet{number}" for number in range(50)]


@pytest.fixture
async def club(tmp_path: Path) -> AsyncIterator[Harness]:
    """A club of ten days with two papers."""
    async with open_harness(tmp_path) as made:
        await set_up(made)
        await submit_papers(made, "Ada", ATTENTION, DISTILLATION)
        await made.say("Bob", "/paper vote 2")
        made.clock.advance(days=10)
        yield made


async def votes(club: Harness, number: int) -> int:
    return (await submission_numbered(club, number)).votes


def questions(club: Harness) -> list[Card]:
    return [card for card in club.gateway.cards("mods") if "Many first-time voters" in card.title]


async def current_question(club: Harness) -> Card:
    """The question as it stands in the channel after the last edit."""
    club.clock.advance(minutes=1)
    await club.delivery_worker.drain()
    return [card for _, card in club.gateway.edits if "Many first-time voters" in card.title][-1]


async def vote_all(club: Harness, number: int = 1, names: list[str] = CROWD) -> None:
    for name in names:
        assert not (await club.say(name, f"/paper vote {number}")).failed


async def test_a_burst_is_put_before_moderators_once_and_undone_with_a_press(club: Harness) -> None:
    await vote_all(club)
    assert len(questions(club)) == 1
    question = await current_question(club)
    assert "50 people who had never voted before" in words(question), "the number is kept up to date"
    assert await votes(club, 1) == 50, "nothing is hidden"

    assert (await press(club, question, "Exclude them", "Eve")).failed, "a member decides nothing"
    taken = await press(club, question, "Exclude them", "Mo", moderator=True)
    assert not taken.failed, taken.card
    assert await votes(club, 1) == 0
    question = await current_question(club)
    assert "Mo decided: these votes are not counted" in words(question)
    assert not question.buttons()

    said = await club.say(CROWD[0], "/paper vote 2")
    assert "excluded your votes" in words(said)
    await club.say(CROWD[0], "/paper vote 1 back=yes")
    await club.say(CROWD[0], "/paper vote 1")
    assert (await votes(club, 1), await votes(club, 2)) == (0, 1), "neither there nor by voting again"
    assert "excluded: 50" in words(await club.say("Mo", "/curate show 1", moderator=True))
    await club.say("Bob", "/paper vote 1")
    assert await votes(club, 1) == 1, "others count"

    back = await press(club, await club.say("Mo", "/curate votes 1", moderator=True), "Count", "Mo", moderator=True)
    assert not back.failed, back.card
    assert (await votes(club, 1), await votes(club, 2)) == (51, 2)
    assert [act.verb for act in await audit_entries(club)][:2] == ["count-votes", "exclude-votes"]
    await vote_all(club, names=["New1", "New2"])
    assert len(questions(club)) == 1, "what moderators found fine is not asked again"


async def test_few_first_votes_old_voters_and_young_clubs_are_no_burst(club: Harness, tmp_path: Path) -> None:
    await vote_all(club, names=CROWD[:4])
    assert not questions(club)
    club.clock.advance(hours=2)
    await vote_all(club, 2, names=CROWD[:6])
    assert not questions(club), "four of them have voted before"
    (tmp_path / "young").mkdir()
    async with open_harness(tmp_path / "young") as young:
        await set_up(young)
        await submit_papers(young, "Ada", ATTENTION)
        await vote_all(young, names=CROWD[:8])
        assert not questions(young)


async def test_exclusion_survives_links_and_merges(club: Harness) -> None:
    await connect_second_platform(club)
    await club.say("Mo", "/curate votes 1 exclude who=Bob reason=two accounts", moderator=True)
    person, message = club.gateway.direct_messages[-1]
    assert (person, message.title) == ("bob", "Your votes are not counted")
    assert "two accounts" in words(message)
    assert await votes(club, 2) == 0
    code = code_in(await club.say("Bob", "/my link"))
    await club.say("Robert", "/paper vote 1", **SECOND_PLACE)
    assert await votes(club, 1) == 1
    linked = await club.say("Robert", f"/my link {code}", **SECOND_PLACE)
    assert not linked.failed, linked.card
    assert await votes(club, 1) == 0
    merged = await club.say("Mo", "/curate merge 2 1 sure=yes", moderator=True)
    assert not merged.failed, merged.card
    assert await votes(club, 1) == 0


async def test_votes_of_new_members_wait_until_they_are_old_enough(club: Harness) -> None:
    await club.say("Root", "/clubadmin settings vote_age_days 3", admin=True)
    said = await club.say("Zoe", "/paper vote 1")
    assert "will begin to count on" in words(said)
    assert "is saved" in said.card.title
    await vote_all(club, names=CROWD[:9])
    await club.say("Bob", "/paper vote 1")
    assert await votes(club, 1) == 1, "who was there before is counted at once"
    assert "not counted yet, from new members: 10" in words(await club.say("Mo", "/curate show 1", moderator=True))

    await club.say(CROWD[0], "/paper vote 1 back=yes")
    club.clock.advance(days=3)
    for _ in range(2):
        await Scheduler(club.app).tick()
    assert await votes(club, 1) == 10
    async with club.app.store.read(CLUB) as db:
        rows = {
            vote.member_id: vote.at for _, vote in await db.vote_queries.voters((await submission_numbered(club, 1)).id)
        }
        log = {
            event.member_id: event.at
            for event in await db.vote_queries.log()
            if event.submission_id == 1 and event.stance
        }
    assert {member: log[member] for member in rows} == rows, "a replay of the log gives the same votes"
    assert "is counted" in (await club.say("Zoe", "/paper vote 2")).card.title


async def test_moderators_see_names_where_the_club_allows_it(club: Harness) -> None:
    assert "Bob" not in words(await club.say("Mo", "/curate votes 2", moderator=True))
    await club.say("Root", "/clubadmin settings show_voters yes", admin=True)
    assert "Bob" in words(await club.say("Mo", "/curate votes 2", moderator=True))
    assert (await club.say("Eve", "/curate votes 2")).failed
