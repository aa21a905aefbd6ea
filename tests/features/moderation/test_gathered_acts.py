"""Moderators' acts in their channel: gathered in one message for five minutes, a line each."""

from __future__ import annotations

from tests.features.conversation import ATTENTION, DISTILLATION, set_moderators_channel, submit_papers
from tests.stand_ins import Harness, words


async def test_acts_of_five_minutes_are_lines_of_one_message(club: Harness) -> None:
    await set_moderators_channel(club)
    await submit_papers(club, "Ada", ATTENTION, DISTILLATION)
    club.clock.advance(minutes=6)
    before = len(club.gateway.posts)
    await club.say("Mo", "/curate pick 1", moderator=True)
    club.clock.advance(minutes=4)
    await club.say("Mia", "/curate hold 2", moderator=True)
    assert len(club.gateway.posts) == before + 1, "the second act is added to the message of the first"
    shown = words([card for where, card in club.gateway.edits if where.room == "mods"][-1])
    assert "Mo picked #1" in shown
    assert "Mia held #2 back" in shown
    club.clock.advance(minutes=2)
    await club.say("Mo", "/curate restore 2", moderator=True)
    assert len(club.gateway.posts) == before + 2, "after five minutes a new message begins"


async def test_who_is_forgotten_is_unnamed_in_a_gathered_message_too(club: Harness) -> None:
    await set_moderators_channel(club)
    await submit_papers(club, "Ada", ATTENTION, DISTILLATION)
    club.clock.advance(minutes=6)
    await club.say("Mo", "/curate pick 1", moderator=True)
    await club.say("Zelda", "/curate hold 2", moderator=True)
    await club.say("Zelda", "/my data delete sure=yes")
    shown = words([card for where, card in club.gateway.edits if where.room == "mods"][-1])
    assert "Mo picked #1" in shown
    assert "Zelda" not in shown
