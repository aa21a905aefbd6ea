"""Threads of papers: each begins with one message, whatever ends in between, which follows its paper."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.chat.gateway import OutcomeUnknown
from bot.domain.delivery_rules import CHECK_DELAYS
from bot.store.delivery.deliveries import Deliveries
from bot.store.delivery.discussions import Discussions
from tests.features.conversation import ATTENTION, set_moderators_channel, submit_papers
from tests.stand_ins import Harness, words

WHY = "a reason of her own"


def openings(club: Harness) -> list[str]:
    """The titles of what was posted in threads."""
    return [card.title for where, card in club.gateway.posts if where.thread]


@pytest.mark.parametrize(("repository", "method"), [(Discussions, "open"), (Deliveries, "plan_opening")])
async def test_a_program_that_ends_before_a_thread_is_stored_begins_it_once(
    club: Harness, monkeypatch: pytest.MonkeyPatch, repository: type, method: str
) -> None:
    await set_moderators_channel(club)
    await submit_papers(club, "Ada", ATTENTION)
    kept, ends = getattr(repository, method), [RuntimeError("the program ends here")]

    async def ending(*given: object) -> object:
        if ends:
            raise ends.pop()
        return await kept(*given)

    monkeypatch.setattr(repository, method, ending)
    await club.say("Bob", "/paper discuss 1")
    assert not ends
    assert openings(club) == [], "what was not stored was not posted either"
    for name in ("Bob", "Cy"):
        assert not (await club.say(name, "/paper discuss 1")).failed
    assert openings(club) == ["Discussing: Attention Is All You Need"]


async def test_an_opening_of_unknown_outcome_is_looked_for_and_not_simply_posted_again(club: Harness) -> None:
    await set_moderators_channel(club)
    await submit_papers(club, "Ada", ATTENTION)
    club.gateway.fails = [OutcomeUnknown("no answer")]
    assert not (await club.say("Bob", "/paper discuss 1")).failed
    assert openings(club) == []
    for wait in (*CHECK_DELAYS, timedelta(seconds=30)):
        club.clock.at += wait
        await club.delivery_worker.drain()
    assert openings(club) == ["Discussing: Attention Is All You Need"]


async def test_a_thread_that_is_opened_again_begins_again(club: Harness) -> None:
    await set_moderators_channel(club)
    await submit_papers(club, "Ada", ATTENTION)
    await club.say("Bob", "/paper discuss 1")
    async with club.app.store.begin(1) as db:
        [opened] = await db.discussions.by_submission(1)
        await db.discussions.delete(opened.workspace_id, opened.thread)
    await club.say("Bob", "/paper discuss 1")
    assert openings(club) == ["Discussing: Attention Is All You Need"] * 2


async def test_the_first_message_loses_what_a_member_has_deleted_and_votes_do_not_redraw_it(club: Harness) -> None:
    await set_moderators_channel(club)
    await club.say("Ada", f"/paper submit {ATTENTION} {WHY}")
    await club.say("Bob", "/paper discuss 1")
    [(_where, first)] = [post for post in club.gateway.posts if post[0].thread]
    assert WHY in words(first)
    assert "Ada" in words(first)

    def redrawn() -> list[str]:
        return [words(card) for _where, card in club.gateway.edits if card.title.startswith("Discussing")]

    await club.say("Cy", "/paper vote 1")
    assert redrawn() == []
    await club.say("Ada", "/my data delete sure=yes")
    [shown] = redrawn()
    assert WHY not in shown
    assert "Ada" not in shown
    assert "What did you take from it?" in shown
