"""Each reason why there is no edition has a sentence of its own, which is true."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.features.editions.review.paper_updates import check_for_updates
from tests.features.conversation import ATTENTION, CLUB, DISTIL, SAFE, bring, mods_room
from tests.features.edition_steps import ask, current, edition, newer, published, week
from tests.runtime.test_scheduler import states, tick
from tests.stand_ins import Harness, words


async def said_in_the_room(club: Harness) -> str:
    """The one notice that was posted where the edition would have been."""
    [card] = club.gateway.cards("digest")
    return f"{card.title}: {words(card)}"


async def begun(club: Harness) -> None:
    """A club with rooms whose first due time is planned."""
    await mods_room(club)
    await tick(club)


async def test_nobody_submitted(club: Harness) -> None:
    await begun(club)
    await tick(club, days=7)
    assert "A quiet week" in (said := await said_in_the_room(club))
    assert "Nobody added a paper, so there is no edition this time." in said


async def test_a_quorum_was_missed(club: Harness) -> None:
    await begun(club)
    await club.say("Root", "/clubadmin settings quorum 2", admin=True)
    await bring(club, "Ada", ATTENTION, DISTIL)
    await tick(club, days=7)
    said = await said_in_the_room(club)
    assert "2 papers can be voted for, but none has the 2 votes that this club asks for." in said
    assert "Nobody" not in said


async def test_all_was_withdrawn_and_the_draft_does_not_stay(club: Harness) -> None:
    await begun(club)
    await bring(club, "Ada", ATTENTION)
    await tick(club, days=6)
    assert await current(club)
    newer(club, withdrawn=True, comment="This paper has been withdrawn by the author due to an error in Lemma 2.")
    club.clock.advance(hours=2)
    await check_for_updates(club.app, CLUB)
    assert await current(club) is None, "at once"
    await tick(club, hours=1)
    said = await said_in_the_room(club)
    assert "“Attention Is All You Need” was withdrawn by its authors" in said
    assert "too long ago" not in said
    assert next(iter((await states(club)).values())) == "skipped"
    assert any("was given up" in card.title for card in club.gateway.cards("mods")), "a new post"


async def test_all_that_was_added_is_gone_again(club: Harness) -> None:
    await begun(club)
    await bring(club, "Ada", ATTENTION, DISTIL, SAFE)
    await club.say("Ada", "/paper withdraw 1")
    await ask(club, "/curate drop 2 off topic")
    await ask(club, "/curate hold 3")
    await tick(club, days=7)
    said = await said_in_the_room(club)
    assert "1 taken back by who added them, 1 taken off the list, 1 held for later" in said


async def test_nothing_new_since_the_last_one(club: Harness) -> None:
    await week(club)
    await published(club)
    posts = len(club.gateway.cards("digest"))
    await tick(club, days=7)
    [notice] = club.gateway.cards("digest")[posts:]
    assert "Nobody added a paper since No. 1 came out" in words(notice)


async def test_it_was_not_approved_or_came_too_late(club: Harness) -> None:
    await begun(club)
    await bring(club, "Ada", ATTENTION)
    await club.say("Root", "/clubadmin settings at_deadline skip", admin=True)
    await tick(club, days=6)
    await tick(club, days=1)
    assert "It was not approved in time." in await said_in_the_room(club)
    await tick(club, days=6)
    await tick(club, days=4)
    assert "did not go out within 24 hours" in words(club.gateway.cards("digest")[-1])


async def test_a_held_edition_asks_for_a_hand_again_and_again_in_new_posts(club: Harness) -> None:
    await begun(club)
    await bring(club, "Ada", ATTENTION)
    await club.say("Root", "/clubadmin settings at_deadline hold", admin=True)
    await tick(club, days=6)
    asked = []
    for passed in (timedelta(days=1), timedelta(hours=20), timedelta(hours=5), timedelta(days=2)):
        await tick(club, seconds=passed.total_seconds())
        asked.append(len([card for card in club.gateway.cards("mods") if "is held" in card.title]))
    assert asked == [1, 1, 2, 3]
    assert club.gateway.cards("digest") == []
    assert (await edition(club)).state == "draft"


@pytest.mark.parametrize("line", ["/edition draft"])
async def test_a_moderator_who_drafts_reads_the_same_reason(club: Harness, line: str) -> None:
    await begun(club)
    await club.say("Root", "/clubadmin settings quorum 3", admin=True)
    await bring(club, "Ada", ATTENTION)
    said = await club.say("Mo", line, moderator=True)
    assert said.failed
    assert "it does not have the 3 votes that this club asks for" in words(said)


async def test_members_read_when_the_next_comes_also_of_a_paused_club_and_a_held_edition(club: Harness) -> None:
    await begun(club)
    assert "The next edition is due Mon 8 Dec, 09:00." in words(await club.say("Ada", f"/paper submit {ATTENTION}"))
    await club.say("Root", "/clubadmin settings at_deadline hold", admin=True)
    await tick(club, days=6)
    await tick(club, days=1)
    said = words(await club.say("Ada", "/digest latest"))
    assert "was due Mon 8 Dec, 09:00, and waits for a moderator’s approval." in said
    await club.say("Root", "/clubadmin pause summer", admin=True)
    assert "The club is paused since 8 Dec 2025" in words(await club.say("Ada", f"/paper submit {DISTIL}"))
    assert "is due" not in words(await club.say("Ada", "/digest latest"))
