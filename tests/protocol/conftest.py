"""The local Slack; the local Discord with a guild, a channel, a person and a bot: for the tests of these servers."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest

from tests.protocol.discord_reader import Reader
from tests.protocol.discord_server import Channel, DiscordServer, LocalGuild, Person
from tests.protocol.discord_server.client import running
from tests.protocol.discord_wire import Wire
from tests.protocol.slack_server import SlackServer


@pytest.fixture
async def slack() -> AsyncIterator[SlackServer]:
    async with SlackServer() as server:
        yield server


@pytest.fixture
async def discord(request: pytest.FixtureRequest) -> AsyncIterator[DiscordServer]:
    """A Discord that also holds its own answers to the official document.

    Nobody may break its rules, except in a module that tries them out and says `BREAKS_RULES = True`.
    """
    async with DiscordServer(check_answers=True) as server:
        yield server
        if not getattr(request.module, "BREAKS_RULES", False):
            assert [str(breach) for breach in server.breaches] == []
        assert server.own_faults == []


@pytest.fixture
async def wire(discord: DiscordServer) -> AsyncIterator[Wire]:
    async with aiohttp.ClientSession() as session:
        yield Wire(discord, session)


@pytest.fixture
def guild(discord: DiscordServer) -> LocalGuild:
    return discord.guild("ML Readers")


@pytest.fixture
def papers(guild: LocalGuild) -> Channel:
    return guild.text("papers")


@pytest.fixture
def ada(guild: LocalGuild, papers: Channel) -> Person:
    return guild.member("Ada")


@pytest.fixture
async def bot(discord: DiscordServer, ada: Person) -> AsyncIterator[Reader]:
    async with running(Reader(), discord) as reader:
        yield reader
