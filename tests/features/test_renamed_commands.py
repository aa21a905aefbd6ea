"""Posted buttons: each carries its command's former name, and still works."""

from __future__ import annotations

import pytest

from bot.app import RequestKind
from bot.chat.calls import Call
from bot.chat.commands import Commands
from bot.domain.models import SavedCall
from bot.errors import UserError
from bot.features.registry import RENAMED_COMMANDS, all_commands
from bot.saved_calls import EDIT_SAVED, RUN_SAVED, load_saved_call
from tests.features.conversation import CLUB
from tests.features.edition_steps import say_as_moderator, set_up_week
from tests.stand_ins import Harness, words


@pytest.mark.parametrize("former", RENAMED_COMMANDS)
def test_every_former_name_leads_to_a_command(former: str) -> None:
    command, call = all_commands.find_stored(f'{former} 1 "two words"')
    assert command is all_commands[RENAMED_COMMANDS[former]]
    assert call.command == RENAMED_COMMANDS[former]
    assert call.words[0].startswith("1")
    assert all_commands.find_stored(former)[0] is command


def test_no_former_name_is_in_use_again() -> None:
    assert not RENAMED_COMMANDS.keys() & all_commands.keys()
    assert not RENAMED_COMMANDS.keys() & set(RENAMED_COMMANDS.values()), (
        "no chains: each name leads to the present one at once"
    )


@pytest.mark.parametrize("former", RENAMED_COMMANDS)
def test_nobody_can_type_a_former_name_but_all_are_told_the_present_one(former: str) -> None:
    with pytest.raises(UserError, match=f"/{RENAMED_COMMANDS[former]}"):
        all_commands.find(f"/{former} 1")


def test_only_whole_names_are_renamed() -> None:
    some = Commands(renamed={"paper go": "paper submit"}).include(all_commands)
    assert some.find_stored("paper go 1")[0].name == "paper submit"
    with pytest.raises(UserError):
        some.find_stored("paper going 1")
    assert some.find_stored("paper submit x why=paper go")[1].words == ("x",)


@pytest.mark.parametrize("under", [EDIT_SAVED, RUN_SAVED])
async def test_a_kept_call_is_read_under_the_present_name(club: Harness, under: str) -> None:
    await set_up_week(club)
    async with club.app.store.begin(CLUB) as db:
        stored = await db.saved_calls.save(
            SavedCall(call='curate digest reword 1 why text="It is short."', at=club.clock())
        )
    target = await load_saved_call(club.app, Call.of(under, stored), CLUB)
    assert target == Call("edition item write", ("1", "why"), (("text", "It is short."),))
    await say_as_moderator(club, "/edition draft")
    answer = await club.say("Mo", str(target), moderator=True, via=RequestKind.FORM)
    assert "It is short." in words(answer)
