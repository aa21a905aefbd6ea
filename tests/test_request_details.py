"""What surrounds a command: who asks, in which language, how often, and what is kept of it when it fails."""

from __future__ import annotations

import re
import sqlite3
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from bot.app import Requester, RequestKind
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, ListEntry, text
from bot.chat.gateway import Location
from bot.dispatch import AnswerCard, answer
from bot.domain.models import Account, Club, Member
from bot.errors import Mistakes, UserError
from bot.locale.current import current_language, use_language
from bot.requester_lookup import identify, register_workspace, use_language_of
from bot.saved_calls import load_saved_call, save_call, with_short_calls
from bot.store.admin.workspaces import ClubDirectory
from tests.features.conversation import ATTENTION, CLUB, submit_papers
from tests.stand_ins import Harness, words

ADA = Requester("ada", "Ada")
HALL = Location("wall", "W1", "general")
AGAIN = "Change and try again"


async def ask(
    club: Harness, call: Call, via: RequestKind = RequestKind.TYPED, where: Location = HALL, who: Requester = ADA
) -> AnswerCard:
    return [one async for one in answer(club.app, call, who, where, via)][-1]


def counted(club: Harness, outcome: str, command: str = "paper show") -> float:
    labels = {"command": command, "outcome": outcome}
    return club.app.metrics.registry.get_sample_value("journalclub_commands_total", labels) or 0


async def test_each_answer_is_counted_by_how_it_ended_and_wakes_the_delivery(
    club: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    await submit_papers(club, "Ada", ATTENTION)
    show = Call.of("paper show", 1)
    await club.app.wake_up.wait(0.001)
    assert not await club.app.wake_up.wait(0.001)
    assert not (await ask(club, show)).failed
    assert await club.app.wake_up.wait(0.001)
    assert (await ask(club, Call.of("paper show", 99))).failed
    command = club.app.commands["paper show"]

    def broken(*_: Any, **__: Any) -> Any:
        raise RuntimeError("a bug")

    monkeypatch.setitem(club.app.commands._by_name, "paper show", replace(command, handler=broken))
    said = await ask(club, show)
    assert said.failed
    assert [counted(club, outcome) for outcome in ("ok", "refused", "broke")] == [1, 1, 1]
    seconds = club.app.metrics.registry.get_sample_value("journalclub_command_seconds_sum", {"platform": "wall"})
    assert seconds is not None
    assert 0 <= seconds < 600
    assert re.search(r"'[0-9a-f]{8}'", words(said)), "a reference of eight digits"
    assert str(said.error).startswith("Something went wrong on our side. Nothing was changed.")
    await ask(club, Call("nothing of ours"))
    assert counted(club, "refused", "unknown") == 1


async def test_a_refusal_goes_to_the_form_unless_no_form_can_mend_it(club: Harness) -> None:
    await club.say("Ada", "/help")
    wrong = await ask(club, Call.of("paper show", 99))
    assert (wrong.failed, wrong.error is not None) == (True, True)
    forbidden = await ask(club, Call("clubadmin pause"))
    assert (forbidden.failed, forbidden.error) == (True, None)


LONG = "x" * (60 - len("paper show "))


@pytest.mark.parametrize(
    ("call", "via", "platform", "kept"),
    [
        (Call.of("paper show", 99), RequestKind.TYPED, "wall", False),
        (Call.of("paper show", 99), RequestKind.TYPED, "slack", True),
        (Call.of("paper show", 99), RequestKind.TYPED, "discord", True),
        (Call.of("paper show", paper=99), RequestKind.TYPED, "slack", True),
        (Call.of("paper show"), RequestKind.TYPED, "slack", False),
        (Call.of("paper show", 99), RequestKind.CLICK, "slack", False),
        (Call.of("paper show", 99), RequestKind.FORM, "wall", True),
        (Call.of("paper show"), RequestKind.FORM, "wall", True),
        (Call.of("paper show", LONG), RequestKind.TYPED, "wall", True),
        (Call.of("paper show", LONG[:-1]), RequestKind.TYPED, "wall", False),
        (Call.of("paper show", LONG), RequestKind.CLICK, "wall", False),
        (Call.of("no such command", LONG), RequestKind.FORM, "slack", False),
    ],
)
async def test_what_was_typed_is_kept_where_it_could_not_be_fetched_back(
    club: Harness, call: Call, via: RequestKind, platform: str, kept: bool
) -> None:
    said = await ask(club, call, via, replace(HALL, platform=platform))
    assert said.failed
    buttons = [button for button in said.card.buttons() if button.label == AGAIN]
    assert bool(buttons) == kept
    assert ("Your text is saved." in words(said)) == kept
    for button in buttons:
        member = (await identify(club.app, ADA, replace(HALL, platform=platform))).member
        saved = await load_saved_call(club.app, button.call, member.club_id, member.id)
        assert (saved.command, button.call.command) == (call.command, "again")
        with pytest.raises(UserError, match="has expired"):
            await load_saved_call(club.app, button.call, member.club_id, member.id + 1)


@pytest.mark.parametrize(("length", "carried"), [(60, True), (61, False)])
async def test_what_cannot_be_saved_is_carried_by_the_button_if_it_is_short(
    club: Harness, monkeypatch: pytest.MonkeyPatch, length: int, carried: bool
) -> None:
    async def full(*_: Any, **__: Any) -> Call:
        raise OSError("the disk is full")

    monkeypatch.setattr("bot.dispatch.save_call", full)
    call = Call.of("paper show", "x" * (length - len("paper show ")))
    said = await ask(club, call, RequestKind.FORM)
    assert [button.call for button in said.card.buttons()] == ([call.as_form()] if carried else [])
    if carried:
        assert await load_saved_call(club.app, call.as_form(), CLUB) == call


async def test_nothing_is_written_while_the_database_is_in_trouble(
    club: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    await submit_papers(club, "Ada", ATTENTION)
    saved: list[Any] = []

    async def save(*_: Any, **__: Any) -> Call:
        saved.append(True)
        return Call("again")

    def locked(*_: Any) -> Any:
        reason = sqlite3.OperationalError("database is locked")
        reason.sqlite_errorcode = sqlite3.SQLITE_BUSY
        raise OperationalError("INSERT", {}, reason)

    monkeypatch.setattr("bot.dispatch.save_call", save)
    monkeypatch.setattr(club.app.store, "begin", locked)
    said = await ask(club, Call.of("paper vote", 1), RequestKind.FORM)
    assert said.failed
    assert not saved
    assert "This was not saved." in words(said)
    assert [button.call for button in said.card.buttons()] == [Call.of("paper vote", 1).as_form()]


async def test_every_mistake_is_named_with_the_label_of_its_field(
    club: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = club.app.commands["paper report"]
    param = command.params[0]

    async def refuse(*_: Any, **__: Any) -> Card:
        raise Mistakes({param.name: "it is not `there`", "other": "it is odd"})

    monkeypatch.setitem(
        club.app.commands._by_name, "paper show", replace(club.app.commands["paper show"], handler=refuse)
    )
    await submit_papers(club, "Ada", ATTENTION)
    said = await ask(club, Call.of("paper show", 1))
    [title] = {one.title for one in club.app.commands["paper show"].params if one.name == param.name} or {param.name}
    assert said.card.title == "2 things to correct"
    assert f"{title}: " in words(said)
    assert "other: " in words(said)


async def test_commands_are_limited_for_members_with_a_number_and_for_nobody_else(club: Harness) -> None:
    await club.say("Root", "/clubadmin settings commands_per_minute 2", admin=True)
    for _ in range(3):
        assert not (await club.say("Mo", "/paper top", moderator=True)).failed
    for _ in range(2):
        assert not (await club.say("Ada", "/paper top")).failed
    club.clock.at += timedelta(seconds=59.7)
    refused = await club.say("Ada", "/paper top")
    assert "Try again in 1 s." in words(refused), "never in no time at all"
    club.clock.at += timedelta(seconds=0.3)
    assert not (await club.say("Ada", "/paper top")).failed
    await club.say("Root", "/clubadmin settings commands_per_minute 0", admin=True)
    for _ in range(4):
        assert not (await club.say("Ada", "/paper top")).failed, "0 is no limit"


async def test_a_name_follows_the_platform_and_stays_where_it_gives_none(club: Harness) -> None:
    async def name(who: Requester) -> str:
        return (await identify(club.app, who, HALL)).member.name

    assert await name(ADA) == "Ada"
    assert await name(replace(ADA, name="Ada\nLovelace")) == "Ada Lovelace"
    assert await name(replace(ADA, name="")) == "Ada Lovelace"
    again = await identify(club.app, ADA, HALL)
    assert (again.member.name, again.here, again.now, str(again.zone)) == (
        "Ada",
        None,
        club.clock(),
        again.club.timezone,
    )


async def test_a_person_is_answered_in_their_language_or_that_of_the_club(club: Harness) -> None:
    async def language(person: str, workspace: str = "W1") -> str:
        use_language("english")
        await use_language_of(club.app, replace(HALL, workspace=workspace), person)
        return current_language()

    assert await language("ada") == "en", "nobody knows them yet"
    await club.say("Ada", "/help")
    await club.say("Bob", "/help")
    async with club.app.store.begin(CLUB) as db:
        member = await db.members.by_account("wall", "ada")
        assert member is not None
        await db.members.set_prefs(member, language="German")
    assert await language("ada") == "en", "what was known a moment ago costs no question"
    for forget in ("ada", "bob"):
        club.app.languages._known.pop(("wall", "W1", forget), None)
    assert await language("ada") == "de"
    assert club.app.languages.get(("wall", "W1", "ada")) == "German"
    assert await language("bob") == "en"
    async with club.app.store.begin(CLUB) as db:
        row = await db._session.get_one(Club, CLUB)
        row.settings = {**row.settings, "language": "German"}
    for forget in ("bob", "cy"):
        club.app.languages._known.pop(("wall", "W1", forget), None)
    assert await language("bob") == "de", "the club's, since they chose none"
    assert await language("cy") == "de", "the club's, for who never spoke"
    assert await language("ada", "W404") == "en"
    context = await identify(club.app, Requester("bob", "Bob"), HALL)
    assert (context.language, current_language(), context.settings.language) == ("German", "de", "German")
    assert club.app.languages.get(("wall", "W1", "bob")) == "German"
    use_language("english")


async def test_of_two_processes_that_found_a_club_at_once_one_founds_it(
    club: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    create, quicker = ClubDirectory.create_club, []

    async def slower(directory: ClubDirectory, *terms: Any) -> Club:
        mine = await create(directory, *terms)
        other = await create(directory, "The quicker one", "UTC", club.clock(), {})
        await directory.join(other, "wall", "W9", "")
        quicker.append(other.id)
        return mine

    with monkeypatch.context() as patched:
        patched.setattr(ClubDirectory, "create_club", slower)
        found = await register_workspace(club.app, "wall", "W9", "Mine")
    assert [found.id] == quicker
    async with club.app.store.read_admin_session() as admin:
        assert "Mine" not in [one.name for one in await admin.directory.all_clubs()]
    founded = await register_workspace(club.app, "wall", "W10", "Ten")
    assert founded.settings["digest_at"] == club.app.installation.digest_at
    assert (await register_workspace(club.app, "wall", "W10", "")).id == founded.id


async def test_a_command_in_the_thread_of_a_paper_means_that_paper(club: Harness) -> None:
    await submit_papers(club, "Ada", ATTENTION)
    workspace = (await identify(club.app, ADA, HALL)).workspace_id
    async with club.app.store.begin(CLUB) as db:
        await db.discussions.open(1, workspace, "general", "77.1", "", club.clock())
    assert not (await ask(club, Call("paper vote"), where=replace(HALL, thread="77.1"))).failed
    assert (await ask(club, Call("paper vote"), where=replace(HALL, thread="77.2"))).failed
    assert (await ask(club, Call("paper vote"))).failed


async def test_long_calls_are_saved_and_short_ones_stay_on_their_buttons(club: Harness) -> None:
    await submit_papers(club, "Ada", ATTENTION)
    short, long = Call.of("paper show", "x" * 9), Call.of("paper show", "x" * 10)
    assert len(str(short)) == 20
    form = Call.of("paper show", "y" * 30).as_form()
    card = Card(
        "Card",
        (
            text("words"),
            Buttons((Button("a", short), Button("b", long)), (Button("c", long), Button("d", form))),
            ListEntry((), button=Button("e", long)),
            ListEntry((), button=Button("f", short)),
            ListEntry(()),
        ),
    )
    made = await with_short_calls(club.app, card, CLUB, 20)
    assert (made.parts[0], made.parts[3:]) == (card.parts[0], card.parts[3:])
    calls = {button.label: button.call for button in made.buttons()}
    assert (calls["a"], calls["f"]) == (short, short)
    assert {label: calls[label].command for label in "bcde"} == {"b": "kept", "c": "kept", "d": "fill", "e": "kept"}
    for label, stood in (("b", long), ("c", long), ("e", long), ("d", Call.of("paper show", "y" * 30))):
        assert len(str(calls[label])) <= 20
        assert await load_saved_call(club.app, calls[label], CLUB) == stood
    kept = await save_call(club.app, long, CLUB)
    assert await load_saved_call(club.app, kept, CLUB) == long
    for number in ("9" * 18, "9" * 19):
        with pytest.raises(UserError, match="has expired"):
            await load_saved_call(club.app, Call.of("kept", number), CLUB)


async def test_names_are_those_of_the_platform_that_asks_and_a_click_shows_them_too(
    club: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    await submit_papers(club, "Ada", ATTENTION)
    async with club.app.store.begin(CLUB) as db:
        member = await db.members.by_account("wall", "ada")
        assert member is not None
        await db.members.rename(member, "wall", "ada", "Ada of the wall")
        row = await db._session.get_one(Member, member.id)
        row.name = "Ada of the club"
        account = (await db._session.scalars(select(Account).where(Account.external_id == "ada"))).one()
        account.linked = True
        names = await db.members.other_names("wall")
    assert names == {member.id: "Ada of the wall"}

    async def say_name(*_: Any, **__: Any) -> Card:
        return Card(row.shown_name)

    for name in ("paper show", "paper vote"):
        command = replace(club.app.commands[name], handler=say_name)
        monkeypatch.setitem(club.app.commands._by_name, name, command)
    for call, via in (
        (Call.of("paper show", 1), RequestKind.TYPED),
        (Call.of("paper show", 1), RequestKind.CLICK),
        (Call.of("paper vote", 1), RequestKind.CLICK),
    ):
        assert (await ask(club, call, via, who=Requester("bob", "Bob"))).card.title == "Ada of the wall"
