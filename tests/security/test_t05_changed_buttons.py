"""T5: what a button carries is a hint: changed ids, other people's buttons and other people's texts do nothing."""

from __future__ import annotations

import pytest

from adapters.discord.render.custom_ids import CustomIdSigner
from bot.app import Context, Requester, RequestKind
from bot.chat.calls import Call
from bot.chat.cards import Card
from bot.chat.gateway import Location
from bot.errors import UserError
from bot.requester_lookup import identify
from bot.saved_calls import load_saved_call
from tests.features.conversation import ATTENTION, DISTILLATION, submit_papers
from tests.features.conversation import set_moderators_channel as set_up
from tests.features.test_club_isolation import row_counts
from tests.stand_ins import Harness, words

MODERATORS_ONLY = (
    "curate pick 1", "curate drop 1 spam", "curate hold 1", "curate merge 1 2 sure=yes",
    "curate votes 1 exclude who=Ada",     "curate edit 1 title=Mine",
    "curate restore 1", "edition draft", "edition approve", "edition skip now",
    "clubadmin settings items 60", "clubadmin roles moderator Eve", "clubadmin pause", "clubadmin runs",
)  # fmt: skip
ODD = (
    "paper vote 999999999", "paper vote -1", "paper vote 1e9", "paper vote 1 1", "paper vote ١", "curate case 77",
    "kept 1", "again 1", "kept -1", "again 99999999999999999999", "kept", "nonsense 1", "paper vote 1;drop", "",
)  # fmt: skip


def test_a_custom_id_of_another_server_key_or_call_is_not_understood() -> None:
    mine = CustomIdSigner(b"k" * 32, "7")
    sealed = mine.custom_id("paper vote 1")
    assert mine.verify(sealed) is not None
    forged = [sealed[:at] + chr(ord(sealed[at]) ^ 1) + sealed[at + 1 :] for at in range(len(sealed))]
    assert [one for one in forged if mine.verify(one) is not None] == []
    assert CustomIdSigner(b"k" * 32, "8").verify(sealed) is None
    assert CustomIdSigner(b"l" * 32, "7").verify(sealed) is None


async def test_a_member_pressing_moderators_buttons_changes_nothing(club: Harness) -> None:
    await set_up(club)
    await submit_papers(club, "Ada", ATTENTION, DISTILLATION)
    await club.say("Eve", "/help")
    before = await row_counts(club)
    for call in MODERATORS_ONLY:
        answer = await club.say("Eve", call, via=RequestKind.CLICK, room="mods", message="m1")
        assert answer.failed, call
    assert await row_counts(club) == before


@pytest.mark.parametrize("call", [call for call in ODD if call.startswith(("paper", "curate"))])
async def test_made_up_values_are_refused_calmly(club: Harness, call: str) -> None:
    await set_up(club)
    await club.say("Mo", "/help", moderator=True)
    before = await row_counts(club)
    answer = await club.say("Mo", call, via=RequestKind.CLICK, room="papers", message="m1", moderator=True)
    assert answer.failed
    assert "on our side" not in words(answer)
    assert await row_counts(club) == before


def button_call(card: Card, label: str) -> Call:
    [found] = [button.call for button in card.buttons() if button.label == label]
    return found


async def context_of(club: Harness, name: str) -> Context:
    return await identify(club.app, Requester(name.lower(), name), Location("wall", "W1", "general"))


async def test_what_somebody_typed_opens_for_them_alone(club: Harness) -> None:
    await set_up(club)
    secret = "my private thoughts " * 20
    failed = await club.say("Ada", f'/my note 5 text="{secret}"')
    assert failed.failed
    again = button_call(failed.card, "Change and try again")
    who = {name: await context_of(club, name) for name in ("Ada", "Eve")}
    opened = await load_saved_call(club.app, again, who["Ada"].club.id, who["Ada"].member.id)
    assert secret.strip() in str(opened)
    for call in (again, Call.of("kept", *again.words), Call.of("again", *again.words)):
        with pytest.raises(UserError, match="expired"):
            await load_saved_call(club.app, call, who["Eve"].club.id, who["Eve"].member.id)
