"""Each reason for a missing edition has a sentence of its own, which is true."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.features.editions.review.paper_updates import check_for_updates
from tests.features.conversation import ATTENTION, CLUB, DISTILLATION, SAFE, set_moderators_channel, submit_papers
from tests.features.edition_steps import (
    current_edition,
    edition_numbered,
    publish_edition,
    release_new_version,
    say_as_moderator,
    set_up_week,
)
from tests.runtime.schedule_steps import states, tick
from tests.stand_ins import Harness, words


async def posted_notice(club: Harness) -> str:
    """The one notice that was posted in place of the edition."""
    [card] = club.gateway.cards("digest")
    return f"{card.title}: {words(card)}"


async def set_up_due_time(club: Harness) -> None:
    """Set up a club with channels and its first due time."""
    await set_moderators_channel(club)
    await tick(club)


async def test_nobody_submitted(club: Harness) -> None:
    await set_up_due_time(club)
    await tick(club, days=7)
    assert "A quiet week" in (answer := await posted_notice(club))
    assert "Nobody submitted a paper, so there is no edition this time." in answer


async def test_a_quorum_was_missed(club: Harness) -> None:
    await set_up_due_time(club)
    await club.say("Root", "/clubadmin settings quorum 2", admin=True)
    await submit_papers(club, "Ada", ATTENTION, DISTILLATION)
    await tick(club, days=7)
    answer = await posted_notice(club)
    assert "2 papers are on the list, but none has the 2 votes that this club asks for." in answer
    assert "Nobody" not in answer


async def test_all_was_withdrawn_and_the_draft_does_not_stay(club: Harness) -> None:
    await set_up_due_time(club)
    await submit_papers(club, "Ada", ATTENTION)
    await tick(club, days=6)
    assert await current_edition(club)
    release_new_version(
        club, withdrawn=True, comment="This paper has been withdrawn by the author due to an error in Lemma 2."
    )
    club.clock.advance(hours=2)
    await check_for_updates(club.app, CLUB)
    assert await current_edition(club) is None, "at once"
    await tick(club, hours=1)
    answer = await posted_notice(club)
    assert "“Attention Is All You Need” was withdrawn by its authors" in answer
    assert "too long ago" not in answer
    assert next(iter((await states(club)).values())) == "skipped"
    assert any("was skipped" in card.title for card in club.gateway.cards("mods")), "a new post"


async def test_all_that_was_added_is_gone_again(club: Harness) -> None:
    await set_up_due_time(club)
    await submit_papers(club, "Ada", ATTENTION, DISTILLATION, SAFE)
    await club.say("Ada", "/paper withdraw 1")
    await say_as_moderator(club, "/curate drop 2 off topic")
    await say_as_moderator(club, "/curate hold 3")
    await tick(club, days=7)
    answer = await posted_notice(club)
    assert "1 withdrawn by their submitters, 1 removed from the list, 1 held back" in answer


async def test_nothing_new_since_the_last_one(club: Harness) -> None:
    await set_up_week(club)
    await publish_edition(club)
    posts = len(club.gateway.cards("digest"))
    await tick(club, days=7)
    [notice] = club.gateway.cards("digest")[posts:]
    assert "Nobody submitted a paper since No. 1 came out" in words(notice)


async def test_it_was_not_approved_or_came_too_late(club: Harness) -> None:
    await set_up_due_time(club)
    await submit_papers(club, "Ada", ATTENTION)
    await club.say("Root", "/clubadmin settings at_deadline skip", admin=True)
    await tick(club, days=6)
    await tick(club, days=1)
    assert "It was not approved in time." in await posted_notice(club)
    await tick(club, days=6)
    await tick(club, days=4)
    assert "could not be posted within 24 hours" in words(club.gateway.cards("digest")[-1])


async def test_a_held_edition_asks_for_a_hand_again_and_again_in_new_posts(club: Harness) -> None:
    await set_up_due_time(club)
    await submit_papers(club, "Ada", ATTENTION)
    await club.say("Root", "/clubadmin settings at_deadline hold", admin=True)
    await tick(club, days=6)
    asked = []
    for passed in (timedelta(days=1), timedelta(hours=20), timedelta(hours=5), timedelta(days=2)):
        await tick(club, seconds=passed.total_seconds())
        asked.append(len([card for card in club.gateway.cards("mods") if "is overdue" in card.title]))
    assert asked == [1, 1, 2, 3]
    assert club.gateway.cards("digest") == []
    assert (await edition_numbered(club)).state == "draft"


@pytest.mark.parametrize("line", ["/edition draft"])
async def test_a_moderator_who_drafts_reads_the_same_reason(club: Harness, line: str) -> None:
    await set_up_due_time(club)
    await club.say("Root", "/clubadmin settings quorum 3", admin=True)
    await submit_papers(club, "Ada", ATTENTION)
    answer = await club.say("Mo", line, moderator=True)
    assert answer.failed
    assert "it does not have the 3 votes that this club asks for" in words(answer)


async def test_members_read_when_the_next_comes_also_of_a_paused_club_and_a_held_edition(club: Harness) -> None:
    await set_up_due_time(club)
    assert "The next edition is due Mon 8 Dec, 09:00." in words(await club.say("Ada", f"/paper submit {ATTENTION}"))
    await club.say("Root", "/clubadmin settings at_deadline hold", admin=True)
    await tick(club, days=6)
    await tick(club, days=1)
    answer = words(await club.say("Ada", "/digest latest"))
    assert "was due Mon 8 Dec, 09:00, and is waiting for a moderator’s approval." in answer
    await club.say("Root", "/clubadmin pause summer", admin=True)
    assert "The club has been paused since 8 Dec 2025" in words(await club.say("Ada", f"/paper submit {DISTILLATION}"))
    assert "is due" not in words(await club.say("Ada", "/digest latest"))
