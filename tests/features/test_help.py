"""Help: only what the requester may run; every command is explained from its declaration."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.calls import split_words
from bot.chat.command import Audience
from bot.errors import UserError
from bot.features.registry import all_commands
from tests.features.conversation import press
from tests.stand_ins import Harness, words


async def test_help_begins_with_the_first_steps_and_lists_what_the_asker_may_run(club: Harness) -> None:
    for_member = words(await club.say("Ada", "/help"))
    assert "/paper submit https://arxiv.org/abs/1706.03762" in for_member
    assert "Mon 8 Dec 2025" in for_member
    assert "/curate" not in for_member
    for_moderator = words(await club.say("Mo", "/help", moderator=True))
    assert "/curate" in for_moderator
    assert "/edition" in for_moderator
    assert "/edition" not in for_member
    assert "/clubadmin" not in for_moderator
    assert "/clubadmin" in words(await club.say("Root", "/help", admin=True))


async def test_every_command_is_explained(club: Harness) -> None:
    for name in sorted(all_commands):
        answer = await club.say("Root", f"/help {name}", admin=True)
        assert not answer.failed, answer.card
        if name not in all_commands.roots:
            assert all_commands[name].usage in words(answer), name
            assert all_commands[name].examples, f"{name} has an example to copy"


def test_every_example_can_be_said_as_it_stands() -> None:
    for name, example in [(name, example) for name, one in all_commands.items() for example in one.examples]:
        command, call = all_commands.find(example)
        assert command.name == name, example
        for param in command.params:
            if param.name in (given := command.words(call)):
                param.read(given[param.name])
        unknown = {token.name for token in split_words(example)} - {param.name for param in command.params}
        assert unknown <= {""}, f"{example}: {unknown} would be taken for words"


async def test_what_is_not_for_the_asker_is_said_to_be_so(club: Harness) -> None:
    for name in [name for name, command in all_commands.items() if command.audience is not Audience.MEMBER]:
        answer = await club.say("Ada", f"/help {name}")
        assert answer.failed, name
        assert all_commands[name].audience.value in words(answer), name


async def test_every_root_that_one_may_use_has_a_button(club: Harness) -> None:
    front = await club.say("Root", "/help", admin=True)
    roots = {f"/{root}" for root in all_commands.roots} - {"/help"}
    assert {button.label for button in front.card.buttons()} == roots


async def test_a_root_alone_is_its_help_and_a_button_leads_there(club: Harness) -> None:
    typed = await club.say("Ada", "/paper")
    assert "/paper submit link" in words(typed)
    front = await club.say("Ada", "/help")
    assert (await press(club, front, "/paper", "Ada")).card == typed.card
    assert (await club.say("Ada", "/paper help")).card == typed.card


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("paper submt", "paper submit"),
        ("paper votee", "paper vote"),
        ("votte", "paper vote"),
        ("how do i sumbit", "paper submit"),
        ("qqqq", "lists all commands"),
    ],
)
async def test_an_unknown_topic_names_the_nearest(club: Harness, typed: str, hint: str) -> None:
    answer = await club.say("Ada", f"/help {typed}")
    assert answer.failed
    assert hint in words(answer)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("vote", ["/paper vote [paper]", "See also", "/help my votes"]),
        ("rsvp", ["/club rsvp"]),
        ("how do I vote?", ["Commands about", "/paper vote", "/my votes"]),
        ("meeting", ["Commands about “meeting”", "/club meetings"]),
        ("withdraw a paper", ["/paper withdraw"]),
        ("calendar", ["/club calendar"]),
    ],
)
async def test_a_word_or_a_question_finds_the_commands_that_it_is_about(
    club: Harness, typed: str, found: list[str]
) -> None:
    answer = await club.say("Ada", f"/help {typed}")
    assert not answer.failed
    shown = words(answer).replace("`", "")
    assert [part for part in found if part not in shown] == []


async def test_a_word_for_moderators_finds_their_commands_for_them_alone(club: Harness) -> None:
    assert "/curate meeting plan" in words(await club.say("Mo", "/help plan", moderator=True))
    assert "/curate meeting cancel" in words(await club.say("Mo", "/help meetings cancel", moderator=True))
    refused = await club.say("Ada", "/help plan")
    assert refused.failed
    assert "moderators" in words(refused)
    with pytest.raises(UserError, match=r"mean `/curate meeting plan`.*`/help curate meeting` lists"):
        await club.say("Mo", "/curate meeting series every thursday 16:00", moderator=True)


@pytest.mark.parametrize("asked", ["what can you do?", "who are you", "Was kannst du?", "how does this bot work?"])
async def test_a_question_about_everything_is_answered_with_everything(club: Harness, asked: str) -> None:
    assert (await club.say("Ada", f"/help {asked}")).card.title == "What I can do"


@pytest.mark.parametrize("asked", ["/curate", "/clubadmin", "/help edition", "/help edition draft", "/help approve"])
async def test_what_one_may_not_do_is_refused_without_an_offer_to_try_again(club: Harness, asked: str) -> None:
    refused = await club.say("Ada", asked)
    assert refused.failed
    assert list(refused.card.buttons()) == []


async def test_a_root_in_the_plural_is_understood(club: Harness) -> None:
    assert (await club.say("Ada", "/help papers")).card == (await club.say("Ada", "/help paper")).card


async def test_no_hint_leads_where_the_asker_may_not_go(club: Harness) -> None:
    assert "curate" not in words(await club.say("Ada", "/help curat"))


def test_every_command_fits_what_discord_takes() -> None:
    for command in all_commands.values():
        assert 1 <= len(command.summary) <= 100, command.name
        assert len(command.params) <= 25
        for param in command.params:
            assert 1 <= len(param.hint.label) <= 100, f"{command.name} {param.name}"
            assert len(param.name) <= 32
            assert len(param.choices) <= 25
            assert all(param.choices), "a choice is a word"


def test_a_parameter_that_may_be_left_out_keeps_its_choices() -> None:
    choices = {param.name: param.choices for param in all_commands["my prefs"].params}
    assert choices["summaries"] == ("ai", "abstract")


@given(st.text(max_size=80))
def test_whatever_follows_help_is_a_topic(typed: str) -> None:
    command, call = all_commands.find(f"/help {typed}")
    assert command.name == "help"
    assert len(call.words) + len(call.named) == len(split_words(typed))


async def test_the_first_words_of_a_command_alone_are_their_help(club: Harness) -> None:
    shown = words(await club.say("Mo", "/edition", moderator=True))
    assert "/edition draft" in shown
    assert "/curate queue" not in shown
    assert (await club.say("Ada", "/edition")).failed
    assert "/paper submit" in words(await club.say("Ada", "/paper help"))
