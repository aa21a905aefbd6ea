"""What was typed is kept after every error, whichever command it was meant for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.app import Requester, RequestKind
from bot.chat.calls import Call
from bot.chat.command import Command
from bot.chat.error_cards import RefusedWithCard
from bot.chat.gateway import Location
from bot.chat.parameters import Parameter
from bot.dispatch import answer
from bot.errors import NotAllowed
from bot.requester_lookup import identify
from bot.saved_calls import load_saved_call
from tests.features.conversation import ATTENTION, set_moderators_channel, submit_papers
from tests.stand_ins import Harness, words

ROOT = Requester("root", "Root", manages=True)
BUTTON = "Change and try again"
WRONG = "zzz no such thing 99"
"""A word that no parameter with a meaning of its own takes."""


def wrong_call(command: Command) -> Call:
    """A form of a command with something typed into every field, wrong wherever it can be."""
    given = {param.name: _word(param) for param in command.params if not param.hint.file}
    return Call(command.name, (), tuple((name, word) for name, word in given.items() if word))


def _word(param: Parameter) -> str:
    if param.name == "sure":
        return ""  # it must not happen
    return param.values[0] if param.values else WRONG[: param.hint.most]


@pytest.mark.parametrize("via", [RequestKind.FORM, RequestKind.TYPED])
async def test_every_command_that_refuses_what_was_typed_offers_it_again(club: Harness, via: RequestKind) -> None:
    await set_moderators_channel(club)
    await submit_papers(club, "Ada", ATTENTION)
    where = Location("slack", "T1", "general")
    refused: list[str] = []
    for command in club.app.commands.values():
        call = wrong_call(command)
        if not call.named or command.name in ("clubadmin connect", "clubadmin disconnect"):
            continue
        said = [a async for a in answer(club.app, call, ROOT, where, via)][-1]
        if not said.failed or isinstance(said.error, NotAllowed | RefusedWithCard):
            continue
        if said.error is None and any(button.call.command == command.name for button in said.card.buttons()):
            continue  # a question, whose buttons run the same command with what was typed
        refused.append(command.name)
        [retry] = [button.call for button in said.card.buttons() if button.label == BUTTON]
        context = await identify(club.app, ROOT, where)
        kept = await load_saved_call(club.app, retry, context.club.id, context.member.id)
        assert kept.command == command.name
        assert dict(kept.named) == dict(call.named), command.name
    assert len(refused) > 60, refused


async def test_nothing_is_offered_again_of_what_one_may_not_do(club: Harness) -> None:
    await submit_papers(club, "Ada", ATTENTION)
    member = replace(ROOT, manages=False)
    call = Call.of("clubadmin settings", "timezone", "Atlantis")
    said = [a async for a in answer(club.app, call, member, Location("slack", "T1", "general"), RequestKind.FORM)]
    assert said[-1].failed
    assert BUTTON not in words(said[-1])


async def test_a_mistake_in_a_form_is_named_by_its_field_and_a_typed_one_by_the_option(club: Harness) -> None:
    line = "/curate meeting plan thu 16:00 size=many"
    typed = await club.say("Mo", line, moderator=True)
    sent = await club.say("Mo", line, moderator=True, via=RequestKind.FORM)
    assert typed.card.title == "“size” should be a whole number, not “many”"
    assert sent.card.title == "“Number of seats” should be a whole number, not “many”"
    both = words(await club.say("Mo", f"{line} minutes=long", moderator=True, via=RequestKind.FORM))
    assert both.count("This should be a whole number") == 2
