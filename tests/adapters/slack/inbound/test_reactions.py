"""Votes by reaction on Slack: repeated and late events, other people's messages, and the recount at the next start."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.slack.inbound.listeners import is_relevant
from adapters.slack.setup.manifest import manifest, scopes
from bot.features.registry import all_commands
from bot.settings import Settings
from tests.adapters.slack.harness import PAPERS, SlackHarness, slack_harness
from tests.protocol.slack_server import SlackServer
from tests.protocol.slack_server.faults import refuse


@pytest.fixture
async def counting(tmp_path: Path) -> AsyncIterator[SlackHarness]:
    def with_reactions(slack: SlackServer) -> None:
        slack.install("T1", scopes(history=False, reactions=True))

    async with slack_harness(tmp_path, change=with_reactions, reactions=True) as club:
        async with club.harness.app.store.begin(club.club.id) as db:
            settings = await db.club()
            settings.settings = {**settings.settings, "vote_reaction": "thumbsup"}
        yield club
        club.check()


async def votes(club: SlackHarness) -> int:
    async with club.harness.app.store.read(club.club.id) as db:
        paper = await db.submissions.by_number(1)
        assert paper is not None
        return paper.votes


async def recounted(club: SlackHarness) -> None:
    """Wait until the recount of this start is over."""
    assert club.gateway._recounting, "it begins before the connection"
    await club.gateway._recounting
    await club.settle()


async def test_events_that_come_twice_or_late_change_nothing(counting: SlackHarness) -> None:
    card, ben = await counting.bring(), counting.person("Ben")
    await ben.react(card)
    await ben.react(card, added=False)
    await ben.react(card)
    await counting.settle()
    assert await votes(counting) == 1
    added, removed, _ = counting.slack.ledger.sent[-3:]
    assert (added.payload["event"]["type"], removed.payload["event"]["type"]) == ("reaction_added", "reaction_removed")
    await counting.slack.dispatcher.redeliver(removed.payload, retry=1)
    late = removed.payload | {"event_id": "Ev0LATE0001"}
    await counting.slack.dispatcher.redeliver(late)
    await counting.settle()
    assert await votes(counting) == 1, "the removal was before the last reaction"


async def test_reactions_to_other_messages_and_of_apps_are_no_votes(counting: SlackHarness) -> None:
    card, ben, bot = await counting.bring(), counting.person("Ben"), counting.person("Helper", is_bot=True)
    await bot.react(card)
    said = await ben.post(PAPERS, "a message of a person")
    await bot.react(said)
    await counting.settle()
    assert await votes(counting) == 0
    to_the_card, to_a_message = [sent.payload["event"] for sent in counting.slack.ledger.sent[-2:]]
    assert is_relevant(to_the_card, "U0BOTT1")
    assert not is_relevant(to_a_message, "U0BOTT1"), "nothing about people's messages is stored"
    assert not is_relevant(to_the_card | {"reaction": "eyes"}, "U0BOTT1")
    assert not is_relevant(to_the_card | {"user": "U0BOTT1"}, "U0BOTT1")


async def test_what_changed_while_nobody_listened_is_recounted_at_the_start(counting: SlackHarness) -> None:
    card, ben, cy = await counting.bring(), counting.person("Ben"), counting.person("Cy")
    await ben.react(card)
    await counting.settle()
    await counting.stop()
    card.reactions["+1"] = [cy.id, "U0BOTT1", counting.person("Helper", is_bot=True).id]
    card.reactions["+1::skin-tone-3"] = [counting.person("Di").id]
    await counting.start()
    await recounted(counting)
    assert await votes(counting) == 2, "Ben's is gone, Cy's and Di's are new"
    [asked] = counting.slack.ledger.calls("reactions.get")
    assert asked.args["full"] in ("1", "true"), "else Slack leaves people out"
    await recounted(counting)
    assert await votes(counting) == 2


async def test_a_reaction_in_two_skin_tones_is_recounted_as_two_reactions(counting: SlackHarness) -> None:
    card, ben, cy = await counting.bring(), counting.person("Ben"), counting.person("Cy")
    await ben.react(card, "+1::skin-tone-3")
    await counting.settle()
    await counting.stop()
    card.reactions.clear()
    card.reactions |= {"+1::skin-tone-5": [ben.id, cy.id], "+1": [cy.id]}
    await counting.start()
    await recounted(counting)
    assert await votes(counting) == 2, "Ben changed his tone; Cy's two are one vote"
    await cy.react(card, "+1::skin-tone-5", added=False)
    await counting.settle()
    assert await votes(counting) == 2, "Cy's other one is there"
    await cy.react(card, added=False)
    await ben.react(card, "+1::skin-tone-5", added=False)
    await counting.settle()
    assert await votes(counting) == 0


async def test_a_card_that_may_not_be_asked_about_is_left_as_it_was(counting: SlackHarness) -> None:
    card, ben = await counting.bring(), counting.person("Ben")
    await counting.bring("Cy", "2010.11929")
    await ben.react(card)
    await counting.settle()
    await counting.stop()
    counting.slack.faults.add("reactions.get", refuse("missing_scope"), times=5)
    await counting.start()
    await recounted(counting)
    assert await votes(counting) == 1
    assert len(counting.slack.ledger.calls("reactions.get")) == 1, "the channel is asked about once"
    counting.slack.faults.clear()


def test_the_manifest_asks_for_reactions_only_if_wanted() -> None:
    plain, asked = manifest(all_commands, Settings()), manifest(all_commands, Settings(), reactions=True)
    assert "reactions:read" not in plain["oauth_config"]["scopes"]["bot"]
    assert "reactions:read" in asked["oauth_config"]["scopes"]["bot"]
    events = set(asked["settings"]["event_subscriptions"]["bot_events"])
    assert {"reaction_added", "reaction_removed"} <= events
    assert not {"reaction_added", "reaction_removed"} & {*plain["settings"]["event_subscriptions"]["bot_events"]}
