"""Answers in Slack stand where their reader sees them, and never in place of what others see."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.chat.command import Reply
from bot.chat.gateway import Location
from bot.features.registry import all_commands
from tests.adapters.answering import BEGIN, all_in_steps, doorway, in_steps, last_step
from tests.adapters.slack.harness import PAPERS, SlackHarness, message_with, slack_harness
from tests.protocol.slack_server import Message, SlackServer, faults

ROOM = Location("slack", "T1", PAPERS)


def changed_for_all(slack: SlackServer) -> list[Message]:
    """The messages seen by all that were replaced or deleted."""
    changes = [effect.thing for effect in slack.ledger.effects if effect.kind in ("updated", "deleted")]
    return [thing for thing in changes if isinstance(thing, Message) and not thing.ephemeral_to]


async def test_no_command_that_answers_more_than_once_replaces_what_others_see(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(all_commands, "_by_name", all_in_steps())
    async with slack_harness(tmp_path) as club:
        root = club.person("Root", admin=True)
        for number, name in enumerate(all_commands):
            await club.gateway.post(ROOM, doorway(name), key=f"jc{9000 + number}")
            public = club.slack.messages(PAPERS, bot=True)[-1]
            assert public.words.startswith("Door of")
            own = await message_with(await root.click(public, BEGIN), last_step(name))
            assert own.ephemeral_to == root.id, name
            again = await message_with(await root.click(own, BEGIN), last_step(name))
            assert again.ephemeral_to == root.id, name
        name = next(iter(all_commands))
        await club.gateway.post(replace(ROOM, thread=public.ts), doorway(name), key="jc9999")
        await club.gateway.send_direct_message(ROOM, root.id, doorway(name))
        for shown in (club.slack.messages(PAPERS, bot=True)[-1], club.slack.directs(root)[-1]):
            own = await message_with(await root.click(shown, BEGIN), last_step(name))
            assert (own.ephemeral_to, own.channel) == (root.id, shown.channel)
            assert shown.words.startswith("Door of")
        club.slack.faults.add("response_url", faults.server_error(404), times=9)
        await root.click(public, BEGIN)
        await club.slack.wait_for(lambda: "Step 3 of" in club.slack.directs(root)[-1].words, 10)
        assert changed_for_all(club.slack) == []
        club.check()


async def test_a_form_that_was_opened_from_a_public_card_does_not_replace_it(club: SlackHarness) -> None:
    card = await club.bring()
    before = card.words
    ben = club.person("Ben")
    screen = await ben.click(card, "Report a problem")
    await screen.until(lambda s: s.view.state)
    await message_with(await ben.submit_view(screen.view, {"what": "spam"}), "moderators")
    assert card.words == before
    assert changed_for_all(club.slack) == []


async def test_nor_do_the_steps_of_what_such_a_form_begins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known = all_commands["paper report"]
    slow = replace(in_steps(known), params=known.params, reply=Reply.IN_PLACE)
    monkeypatch.setattr(all_commands, "_by_name", {**all_commands._by_name, known.name: slow})
    async with slack_harness(tmp_path) as club:
        card = await club.bring()
        ben = club.person("Ben")
        screen = await ben.click(card, "Report a problem")
        await screen.until(lambda s: s.view.state)
        await message_with(await ben.submit_view(screen.view, {"what": "spam"}), last_step(known.name))
        assert changed_for_all(club.slack) == []
        club.check()


async def test_a_summary_asked_for_on_a_card_leaves_the_card(club: SlackHarness) -> None:
    card = await club.bring()
    answer = await club.person("Ben").click(card, "Summary")
    await club.settle()
    assert "Attention Is All You Need" in card.words
    assert "Vote" in [control.label for control in card.controls]
    assert answer.ephemerals


async def test_a_mention_outside_threads_is_answered_in_the_channel(club: SlackHarness) -> None:
    ben = club.person("Ben")
    answer = await message_with(await ben.mention(PAPERS, "help"), "/paper submit")
    assert (answer.ephemeral_to, answer.channel, answer.thread_ts) == (ben.id, PAPERS, None)


async def test_a_mention_in_a_thread_is_answered_in_it(club: SlackHarness) -> None:
    card = await club.bring()
    ben = club.person("Ben")
    await ben.click(card, "Discuss")
    await club.settle()
    answer = await message_with(await ben.mention(PAPERS, "why", thread_ts=card.ts), "Rank of #")
    assert answer.thread_ts == card.ts


async def test_a_vote_on_a_card_with_replies_is_answered_in_the_channel(club: SlackHarness) -> None:
    card = await club.bring()
    ben = club.person("Ben")
    await ben.click(card, "Discuss")
    await ben.post(PAPERS, "what a paper", thread_ts=card.ts)
    await club.settle()
    for label, words in (("Vote", "is counted"), ("Save", "On your reading list")):
        answer = await message_with(await ben.click(card, label), words)
        assert (answer.ephemeral_to, answer.thread_ts) == (ben.id, None), label


async def test_a_discussion_below_a_card_that_was_deleted_begins_below_a_new_one(club: SlackHarness) -> None:
    card = await club.bring()
    ben = club.person("Ben")
    await message_with(await ben.command("/paper", "discuss 1", channel=PAPERS), "join the thread")
    club.slack.world.delete(card)
    await message_with(await ben.command("/paper", "discuss 1", channel=PAPERS), "posting it again")
    await club.settle()
    again = club.slack.messages(PAPERS, bot=True)[-1]
    assert again is not card
    seen = await message_with(await ben.command("/paper", "discuss 1", channel=PAPERS), "join the thread")
    assert again.ts.replace(".", "") in str(seen.blocks)
