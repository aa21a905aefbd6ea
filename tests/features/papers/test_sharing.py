"""Shared copies of a paper: deliveries like any other, whose tallies are updated."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.chat.gateway import Location, NotSent, OutcomeUnknown, Posted, Refused
from bot.domain.delivery_rules import CHECK_DELAYS
from bot.store.delivery.deliveries import Deliveries
from bot.store.delivery.discussions import Discussions
from tests.busy_database import make_busy
from tests.features.conversation import ATTENTION, fact_value, set_moderators_channel, submit_papers
from tests.stand_ins import Harness, RecordingGateway, words


async def shared_tallies(club: Harness) -> list[str]:
    """Votes on the latest version of each shared copy, in the order of the posts in #general."""
    assert {card.title for card in club.gateway.cards("general")} == {"Attention Is All You Need"}
    edits = [card for where, card in club.gateway.edits if where.room == "general"]
    return [fact_value(card, "Votes") for card in edits]


async def test_a_shared_card_is_posted_where_it_was_said_and_its_tally_lives(club: Harness) -> None:
    await set_moderators_channel(club)
    await submit_papers(club, "Ada", ATTENTION)
    answer = await club.say("Bob", "/paper show 1 share=yes")
    assert answer.card.title == "Shown to everyone here"
    assert [card.title for card in club.gateway.cards("general")] == ["Attention Is All You Need"]
    await club.say("Bob", "/paper vote 1")
    await club.say("Cy", "/paper vote 1")
    assert await shared_tallies(club) == ["1", "2"]


async def test_each_time_it_is_shared_there_is_a_copy_and_each_is_kept_up(club: Harness) -> None:
    await set_moderators_channel(club)
    await submit_papers(club, "Ada", ATTENTION)
    for _ in range(2):
        await club.say("Bob", "/paper show 1 share=yes")
    assert len(club.gateway.cards("general")) == 2
    await club.say("Bob", "/paper vote 1")
    assert await shared_tallies(club) == ["1", "1"]


async def test_where_nothing_may_be_posted_the_asker_is_told(club: Harness) -> None:
    await set_moderators_channel(club)
    await submit_papers(club, "Ada", ATTENTION)
    club.gateway.fails = [Refused("invite me first")]
    answer = await club.say("Bob", "/paper show 1 share=yes")
    assert answer.failed
    assert "I cannot post here: invite me first" in words(answer)
    assert club.gateway.cards("general") == []


@pytest.mark.parametrize("error", [NotSent("slow down", retry_after=3), OutcomeUnknown("no answer")])
async def test_a_copy_that_did_not_arrive_at_once_follows(club: Harness, error: Exception) -> None:
    await set_moderators_channel(club)
    await submit_papers(club, "Ada", ATTENTION)
    club.gateway.fails = [error]
    answer = await club.say("Bob", "/paper show 1 share=yes")
    assert answer.card.title == "Posting"
    for wait in (*CHECK_DELAYS, timedelta(seconds=30)):
        club.clock.at += wait
        await club.delivery_worker.drain()
    assert [card.title for card in club.gateway.cards("general")] == ["Attention Is All You Need"]


async def test_a_test_post_goes_to_no_channel_that_was_only_shared_to(club: Harness) -> None:
    await set_moderators_channel(club)
    await submit_papers(club, "Ada", ATTENTION)
    await club.say("Bob", "/paper show 1 share=yes")
    await club.say("Root", "/clubadmin test", admin=True)
    assert len(club.gateway.cards("general")) == 1


async def test_a_copy_that_was_posted_while_the_database_was_busy_is_no_uncertain_one(
    club: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    await set_moderators_channel(club)
    await submit_papers(club, "Ada", ATTENTION)
    left = make_busy(monkeypatch, Deliveries, "settle")
    answer = await club.say("Bob", "/paper show 1 share=yes")
    assert not left
    assert answer.card.title == "Shown to everyone here"
    await club.say("Bob", "/paper vote 1")
    assert await shared_tallies(club) == ["1"]


async def test_a_thread_that_was_opened_while_the_database_was_busy_is_opened_once(
    club: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    await set_moderators_channel(club)
    await submit_papers(club, "Ada", ATTENTION)
    discuss, opened = RecordingGateway.discuss, list[str]()

    async def count(gateway: RecordingGateway, where: Location, title: str) -> Posted:
        opened.append(title)
        return await discuss(gateway, where, title)

    monkeypatch.setattr(RecordingGateway, "discuss", count)
    left = make_busy(monkeypatch, Discussions, "open")
    for _ in range(2):
        assert not (await club.say("Bob", "/paper discuss 1")).failed
    assert not left
    assert opened == ["Attention Is All You Need"]
