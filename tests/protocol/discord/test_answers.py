"""Answers on Discord never take the place of what others see."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.chat.cards import Card
from bot.chat.gateway import Location
from bot.features.registry import all_commands
from tests.adapters.answering import BEGIN, all_in_steps, doorway, last_step
from tests.protocol.discord.conftest import Bot
from tests.protocol.discord_server import Person
from tests.protocol.discord_server.permissions import MANAGE_GUILD


async def test_an_answer_that_comes_too_late_for_discord_is_a_direct_message(
    bot: Bot, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = all_commands["paper top"]

    async def slow(*_: Any, **__: Any) -> AsyncIterator[Card]:
        yield Card("It goes on")
        bot.discord.clock.advance(timedelta(minutes=16))
        yield Card("Half of it")
        yield Card("All is done")

    monkeypatch.setattr(all_commands, "_by_name", {**all_commands._by_name, known.name: replace(known, handler=slow)})
    await ada.command("/paper top", bot.papers)
    await bot.discord.wait_for(lambda: ada.private.messages, 10, "a direct message")
    assert ["All is done" in message.text for message in ada.private.messages] == [True]


async def test_no_command_that_answers_more_than_once_replaces_what_others_see(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(all_commands, "_by_name", all_in_steps())
    root = bot.guild.member("Root", permissions=MANAGE_GUILD)
    where = Location("discord", str(bot.guild.id), str(bot.papers.id))
    for number, name in enumerate(all_commands):
        await bot.gateway.post(where, doorway(name), key=f"jc{9000 + number}")
        public = bot.papers.messages[-1]
        assert public.only_for is None
        own = await root.click(public, BEGIN)
        await own.until(lambda s, name=name: last_step(name) in s.text)  # type: ignore[misc] # a default has no type
        assert own.ephemeral, name
        again = await root.click(own, BEGIN)
        await again.until(lambda s, name=name: last_step(name) in s.text)  # type: ignore[misc] # a default has no type
        assert again.ephemeral, name
        assert f"Door of {name}" in public.text, name
    name = next(iter(all_commands))
    talk = await bot.gateway.discuss(replace(where, message=str(bot.papers.messages[0].id)), "Talk")
    (thread,) = bot.guild.threads(bot.papers)
    await bot.gateway.post(replace(where, thread=talk.thread), doorway(name), key="jc9999")
    await bot.gateway.send_direct_message(where, str(root.user.id), doorway(name))
    assert talk.thread == str(thread.id)
    for place in (thread, root.private):
        shown = place.messages[-1]
        own = await root.click(shown, BEGIN)
        await own.until(lambda s: last_step(name) in s.text)
        assert f"Door of {name}" in shown.text, place.name
    for_all = [message for message in bot.papers.messages if message.only_for is None and not message.gone]
    assert [message for message in for_all if "Door of" not in message.text] == []


async def test_all_settings_of_a_club_fit_into_one_message_and_those_of_each_subject(bot: Bot) -> None:
    root = bot.guild.member("Root", permissions=MANAGE_GUILD)
    shown = await root.command("/clubadmin settings", bot.papers)
    for subject in ("", *shown.buttons):
        seen = await root.click(shown, subject) if subject else shown
        assert "cut here" not in seen.text, subject
        shown = await root.click(seen, "All settings") if subject else seen
