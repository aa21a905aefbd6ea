"""Answers on Discord never take the place of what others see."""

from __future__ import annotations

import pytest

from bot.chat.gateway import Location
from bot.features.registry import all_commands
from tests.adapters.answering import BEGIN, all_in_steps, doorway, last_step
from tests.protocol.discord.conftest import Bot
from tests.protocol.discord_server.permissions import MANAGE_GUILD


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
    for_all = [message for message in bot.papers.messages if message.only_for is None and not message.gone]
    assert [message for message in for_all if "Door of" not in message.text] == []
