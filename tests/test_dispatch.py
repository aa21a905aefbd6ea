"""Every question's way in: who may ask, what is said when something breaks, and what the log holds of it."""

from __future__ import annotations

import logging
import sqlite3
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from bot.app import Requester, RequestKind
from bot.chat.calls import Call
from bot.chat.cards import Tone
from bot.chat.command import Audience
from bot.chat.gateway import Location
from bot.dispatch import answer
from bot.errors import UserError
from bot.requester_lookup import register_workspace
from bot.saved_calls import load_saved_call, save_call
from tests.features.conversation import ATTENTION, set_moderators_channel, submit_papers
from tests.stand_ins import Harness, words

SECRET = "nobody must read this in a log"


def everything(caplog: pytest.LogCaptureFixture) -> str:
    return "\n".join(f"{caplog.text} {record.__dict__}" for record in caplog.records)


async def test_a_mistake_of_ours_has_a_number_that_stands_in_the_log(
    club: Harness, caplog: pytest.LogCaptureFixture
) -> None:
    await submit_papers(club, "Ada", ATTENTION)
    async with club.app.store.admin_session() as admin:
        await admin._session.execute(text("DROP TABLE report"))
    with caplog.at_level(logging.DEBUG, logger="bot"):
        said = await club.say("Ada", f"/paper report 1 spam {SECRET}")
    assert said.failed
    [line] = [record for record in caplog.records if record.exc_info]
    assert getattr(line, "reference") in words(said)  # noqa: B009  what `extra` gave
    assert "no such table" not in words(said), "the asker reads no traceback"
    assert SECRET not in everything(caplog), "nor does the log hold what they wrote"


async def test_words_that_are_no_command_are_neither_logged_nor_counted(
    club: Harness, caplog: pytest.LogCaptureFixture
) -> None:
    where = Location("wall", "W1", "general")
    with caplog.at_level(logging.DEBUG, logger="bot"):
        said = [a async for a in answer(club.app, Call(SECRET), Requester("ada", "Ada"), where)]
    assert said[-1].failed
    assert SECRET not in everything(caplog)
    assert SECRET.encode() not in club.app.metrics.page()


async def test_what_cannot_be_kept_still_gets_its_answer(club: Harness, monkeypatch: pytest.MonkeyPatch) -> None:
    async def full(*_: Any, **__: Any) -> Call:
        raise OSError("the disk is full")

    monkeypatch.setattr("bot.dispatch.save_call", full)
    said = await club.say("Ada", "/paper submit https://example", via=RequestKind.FORM)
    assert said.failed
    assert said.card.tone is Tone.BAD
    assert said.card.title.startswith("That is not a web address")


async def test_no_member_may_run_what_is_for_others(club: Harness) -> None:
    await set_moderators_channel(club)
    await submit_papers(club, "Ada", ATTENTION)
    commands = club.app.commands
    where, member = Location("wall", "W1", "general"), Requester("ada", "Ada")
    for name, command in commands.items():
        for who in (member, replace(member, moderates=True)):
            if command.audience.includes(Audience.MODERATOR if who.moderates else Audience.MEMBER):
                continue
            for call in (Call(name), Call.of(name, 1), Call.of(name, "here", sure="yes")):
                said = [a async for a in answer(club.app, call, who, where, RequestKind.CLICK)]
                assert said[-1].failed, name
                assert "is for this club’s" in words(said[-1]), name


async def test_a_kept_call_is_read_in_its_own_club_alone(club: Harness) -> None:
    await club.say("Ada", "/help")
    await club.say("Eve", "/help", workspace="W2")
    kept = await save_call(club.app, Call.of("my quote", 1, words=SECRET), 1)
    assert (await load_saved_call(club.app, kept, 1)).named == (("words", SECRET),)
    for call, of in (
        (kept, 2),
        (Call.of("kept", "x"), 1),
        (Call("again"), 1),
        (Call.of("kept", -1), 1),
        (Call.of("kept", "9" * 30), 1),
    ):
        with pytest.raises(UserError, match="has expired"):
            await load_saved_call(club.app, call, of)


ODD = ("²", "#²", "٣", "1²", "9" * 30, "#", "-1", "1e3", "🦊", "\ud800", "%", "'; DROP TABLE vote", "x" * 40_001)


async def test_whatever_is_typed_for_a_paper_is_answered(club: Harness) -> None:
    for typed in ODD:
        for command in ("paper vote", "paper show", "paper cite"):
            said = [
                a
                async for a in answer(
                    club.app, Call.of(command, typed), Requester("ada", "Ada"), Location("wall", "W1")
                )
            ]
            assert said[-1].failed
            assert said[-1].card.tone is Tone.BAD, typed


@pytest.mark.parametrize(("code", "busy"), [(sqlite3.SQLITE_BUSY, 1), (sqlite3.SQLITE_ERROR, 0)])
async def test_a_database_that_lets_nobody_write_is_counted(
    club: Harness, monkeypatch: pytest.MonkeyPatch, code: int, busy: int
) -> None:
    await submit_papers(club, "Ada", ATTENTION)

    def locked(*_: Any) -> Any:
        reason = sqlite3.OperationalError("it did not work")
        reason.sqlite_errorcode = code
        raise OperationalError("INSERT", {}, reason)

    monkeypatch.setattr(club.app.store, "begin", locked)
    said = [
        a async for a in answer(club.app, Call.of("paper vote", 1), Requester("ada", "Ada"), Location("wall", "W1"))
    ]
    assert said[-1].failed
    assert club.app.metrics.registry.get_sample_value("journalclub_db_busy_total") == busy


async def test_whoever_speaks_in_a_workspace_that_was_left_brings_it_back_into_its_club(club: Harness) -> None:
    await club.say("Ada", "/help")
    async with club.app.store.admin_session() as rows:
        assert await rows.directory.leave("wall", "W1", "removed", club.clock())
    assert not (await club.say("Ada", "/help")).failed
    async with club.app.store.read_admin_session() as rows:
        found = await rows.directory.workspace("wall", "W1")
        assert found is not None
        assert (found.club_id, found.left_at, found.left_why) == (1, None, "")
        assert len(await rows.directory.all_clubs()) == 1


@pytest.mark.parametrize(("named", "title"), [("Cats\nand papers", "Cats and papers"), (" ", "Wall club")])
async def test_a_new_workspace_founds_a_club_of_its_name(club: Harness, named: str, title: str) -> None:
    founded = await register_workspace(club.app, "wall", "W7", named)
    assert founded.name == title
    assert (await register_workspace(club.app, "wall", "W7", "Another")).id == founded.id
