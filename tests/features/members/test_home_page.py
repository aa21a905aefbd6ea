"""The front page, the ballot, and participation in discussions."""

from __future__ import annotations

from bot.app import Context, Requester
from bot.chat.gateway import Location
from bot.features.members.home_page import home_page_card
from bot.features.papers.discuss import record_participant
from bot.requester_lookup import identify
from tests.features.conversation import ATTENTION, CLUB, DISTILLATION, SAFE, fact_value, submit_papers
from tests.stand_ins import Harness, words


async def as_(club: Harness, name: str, thread: str = "", *, manages: bool = False) -> Context:
    return await identify(
        club.app, Requester(name.lower(), name, manages=manages), Location("wall", "W1", "papers", thread)
    )


async def test_the_front_page_of_a_newcomer_says_how_to_begin(club: Harness) -> None:
    cards = await home_page_card(await as_(club, "Ada"))
    assert [card.title for card in cards] == [
        "Wall club", "Leading for the next edition", "Your ballot", "To read", "What you follow", "Your preferences",
    ]  # fmt: skip
    assert "Mon 8 Dec" in fact_value(cards[0], "Next edition")
    labels = [button.label for card in cards for button in card.buttons()]
    assert "Submit a paper" in labels
    assert "The queue" not in labels


async def test_it_shows_what_leads_ones_votes_and_ones_list(club: Harness) -> None:
    await submit_papers(club, "Ada", ATTENTION, DISTILLATION)
    await club.say("Root", "/clubadmin settings votes_per_window 3", admin=True)
    await club.say("Ben", "/paper vote 2")
    await club.say("Ben", "/my save 1")
    head, leading, ballot, reading, _, settings = await home_page_card(await as_(club, "Ben"))
    assert fact_value(head, "Votes") == "1 of 3, 2 left"
    assert fact_value(head, "To read") == "1"
    assert "1. #2" in words(leading.parts[0])
    assert "#2" in words(ballot.parts[0])
    assert "Take back" in words(ballot.parts[0])
    assert "#1" in words(reading.parts[0])
    assert "Link another account" in words(settings)


async def test_moderators_and_admins_find_their_commands(club: Harness) -> None:
    labels = [b.label for card in await home_page_card(await as_(club, "Root", manages=True)) for b in card.buttons()]
    assert {"The queue", "Set up the club", "Check everything"} <= set(labels)


async def test_the_ballot_lists_the_votes_since_the_last_edition(club: Harness) -> None:
    assert "No votes yet" in words(await club.say("Ben", "/my votes"))
    await submit_papers(club, "Ada", ATTENTION)
    await club.say("Ben", "/paper vote 1")
    assert "Attention" in words(await club.say("Ben", "/my votes"))


async def test_who_speaks_in_a_papers_thread_came_to_discuss_it(club: Harness) -> None:
    await submit_papers(club, "Ada", ATTENTION, SAFE)
    async with club.app.store.begin(CLUB) as db:
        await db.discussions.open(1, 1, "papers", "t1", "", club.clock())
    for _ in range(2):
        await record_participant(await as_(club, "Ben", "t1"), replies=1)
    await record_participant(await as_(club, "Cy", "t1"))
    await record_participant(await as_(club, "Cy", "elsewhere"), replies=1)
    shown = await club.say("Ada", "/paper show 1")
    assert fact_value(shown, "In the discussion") == "2"
    assert fact_value(shown, "Replies") == "2"
    for _ in range(3):
        await record_participant(await as_(club, "Dan", "t1"), replies=-1)
    shown = await club.say("Ada", "/paper show 1")
    assert "Replies" not in words(shown), "never fewer than none"
    assert fact_value(shown, "In the discussion") == "2", "to delete is not to come"
