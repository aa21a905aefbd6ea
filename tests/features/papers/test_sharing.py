"""Shared copies of a paper: posts like any other, so their tallies live."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.chat.gateway import NotSent, OutcomeUnknown, Refused
from bot.domain.delivery_rules import CHECK_DELAYS
from tests.features.conversation import ATTENTION, bring, fact, mods_room
from tests.stand_ins import Harness, words


async def shared(club: Harness) -> list[str]:
    """The votes that each shared copy shows at last, in the order of the posts in #general."""
    assert {card.title for card in club.gateway.cards("general")} == {"Attention Is All You Need"}
    edits = [card for where, card in club.gateway.edits if where.room == "general"]
    return [fact(card, "Votes") for card in edits]


async def test_a_shared_card_is_posted_where_it_was_said_and_its_tally_lives(club: Harness) -> None:
    await mods_room(club)
    await bring(club, "Ada", ATTENTION)
    said = await club.say("Bob", "/paper show 1 share=yes")
    assert said.card.title == "Shown to everyone here"
    assert [card.title for card in club.gateway.cards("general")] == ["Attention Is All You Need"]
    await club.say("Bob", "/paper vote 1")
    await club.say("Cy", "/paper vote 1")
    assert await shared(club) == ["1", "2"]


async def test_each_time_it_is_shared_there_is_a_copy_and_each_is_kept_up(club: Harness) -> None:
    await mods_room(club)
    await bring(club, "Ada", ATTENTION)
    for _ in range(2):
        await club.say("Bob", "/paper show 1 share=yes")
    assert len(club.gateway.cards("general")) == 2
    await club.say("Bob", "/paper vote 1")
    assert await shared(club) == ["1", "1"]


async def test_where_nothing_may_be_posted_the_asker_is_told(club: Harness) -> None:
    await mods_room(club)
    await bring(club, "Ada", ATTENTION)
    club.gateway.fails = [Refused("invite me first")]
    said = await club.say("Bob", "/paper show 1 share=yes")
    assert said.failed
    assert "I cannot post here: invite me first" in words(said)
    assert club.gateway.cards("general") == []


@pytest.mark.parametrize("error", [NotSent("slow down", retry_after=3), OutcomeUnknown("no answer")])
async def test_a_copy_that_did_not_arrive_at_once_follows(club: Harness, error: Exception) -> None:
    await mods_room(club)
    await bring(club, "Ada", ATTENTION)
    club.gateway.fails = [error]
    said = await club.say("Bob", "/paper show 1 share=yes")
    assert said.card.title == "On its way"
    for wait in (*CHECK_DELAYS, timedelta(seconds=30)):
        club.clock.at += wait
        await club.delivery_worker.drain()
    assert [card.title for card in club.gateway.cards("general")] == ["Attention Is All You Need"]


async def test_a_test_post_goes_to_no_channel_that_was_only_shared_to(club: Harness) -> None:
    await mods_room(club)
    await bring(club, "Ada", ATTENTION)
    await club.say("Bob", "/paper show 1 share=yes")
    await club.say("Root", "/clubadmin test", admin=True)
    assert len(club.gateway.cards("general")) == 1
