"""The invitation: the least permissions, and the application's id from wherever it is known."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import discord
import pytest

from adapters.discord.setup.invite import invite
from bot.errors import UserError
from bot.settings import DiscordSettings
from tests.protocol.discord_server import DiscordServer
from tests.protocol.discord_server.client import discord_py_at


async def test_the_link_asks_for_what_is_needed_and_no_more() -> None:
    async with DiscordServer() as server:
        link = await invite(DiscordSettings.model_validate({"token": server.token}))
        asked = {name: values[0] for name, values in parse_qs(urlsplit(link).query).items()}
        assert asked["client_id"] == str(server.world.application_id)
    assert asked["scope"] == "bot applications.commands"
    granted = discord.Permissions(int(asked["permissions"]))
    assert not granted.administrator
    assert not granted.mention_everyone
    assert not granted.manage_messages
    assert granted.view_channel
    assert granted.send_messages_in_threads


async def test_the_application_can_be_named() -> None:
    link = await invite(DiscordSettings.model_validate({"token": "x.y.z" * 20, "application_id": 123456789012345678}))
    assert "client_id=123456789012345678&" in link


async def test_without_a_token_there_is_none() -> None:
    with pytest.raises(UserError, match="JOURNALCLUB_DISCORD__TOKEN"):
        await invite(DiscordSettings())


async def test_a_token_that_says_nothing_is_asked_about() -> None:
    async with DiscordServer() as server:
        with discord_py_at(server):
            wrong = DiscordSettings.model_validate({"token": "x.y.z" * 20, "rest_url": server.api})
            with pytest.raises(UserError, match="does not accept the token"):
                await invite(wrong)
