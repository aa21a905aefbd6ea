"""Marks by which platforms write people, groups and channels are never shown raw, whatever parameter they come in."""

from __future__ import annotations

import pytest

from bot.app import Requester
from bot.chat.calls import Call
from bot.chat.error_cards import RefusedWithCard
from bot.chat.gateway import Location
from bot.chat.mentions import parse_channel
from bot.chat.named_mentions import takes_mentions, with_names
from bot.dispatch import answer
from bot.errors import UserError
from bot.features.registry import all_commands
from tests.features.conversation import ATTENTION, on_screen, submit_papers
from tests.stand_ins import Harness

MARKED = (
    "<@U0AAAAAAA|ben> <#C0AAAAAAA|papers> <!subteam^S0AAAAAAA|@readers> <!channel> <@&123456789012345678> <:cat:12>"
)

CHANNEL = "<#C0AAAAAAA|papers>"


async def test_no_answer_shows_a_mark(club: Harness) -> None:
    await submit_papers(club, "Ada", ATTENTION)
    who, where = Requester("root", "Root", manages=True), Location("wall", "W1", "general")
    shown: list[tuple[str, str]] = []
    for name in club.app.commands:
        command = club.app.commands[name]
        for param in command.params:
            if param.is_free_text or takes_mentions(command, param.name):
                call = with_names(
                    command, Call.of(name, **{param.name: CHANNEL if param.hint.parse is parse_channel else MARKED}), {}
                )
                shown += [(str(call), on_screen(one)) async for one in answer(club.app, call, who, where)]
    raw = [(call, seen) for call, seen in shown if any(mark in seen for mark in ("<@", "<#", "<!", "<:"))]
    assert raw == []
    assert len(shown) > 100


@pytest.mark.parametrize("line", ["/paper <@U0AAAAAAA|ben> vote", "/<!channel>", "/paper <:cat:12> x y z"])
def test_an_unknown_command_is_named_without_marks(line: str) -> None:
    with pytest.raises(UserError) as refused:
        all_commands.find(line)
    error = refused.value
    assert "<" not in (on_screen(error.card) if isinstance(error, RefusedWithCard) else str(error))


def test_people_before_a_verb_are_passed_over() -> None:
    assert all_commands.find_mention("<!channel> vote 1") == all_commands.find_mention("vote 1")
    assert all_commands.find_mention("<@U0AAAAAAA|ben>: help") == all_commands.find_mention("help")
