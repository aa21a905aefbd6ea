"""A club on the strict local Discord, with the real adapter and delivery worker in the test's own process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from discord.backoff import ExponentialBackoff
from discord.gateway import DiscordWebSocket
from discord.http import Route

from adapters.discord.gateway import DiscordGateway
from adapters.discord.transport.timeouts import Timeouts
from bot.domain.club_settings import Purpose
from bot.domain.models import Club
from bot.requester_lookup import register_workspace
from bot.settings import DiscordSettings
from tests.patience import be_patient
from tests.protocol.discord_server import Channel, DiscordServer, LocalGuild, Message, Person
from tests.protocol.discord_server.client import at_rest
from tests.stand_ins import Harness, open_harness

QUICK = Timeouts(
    identify_gap=timedelta(0), check_interval=0.05, shard_down=5, heartbeat_overdue=1, min_backoff=0.05, max_backoff=0.2
)
"""No waiting for what a local Discord does not ask for."""

ADDRESSES = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY


@dataclass(slots=True)
class Bot:
    """The bot at work in one guild."""

    harness: Harness
    discord: DiscordServer
    guild: LocalGuild
    papers: Channel
    gateway: DiscordGateway
    club: Club

    async def settle(self) -> None:
        """Carry out what is to be posted or drawn anew, and wait until Discord is quiet."""
        await self.discord.settled()
        await self.harness.delivery_worker.drain()
        await self.discord.settled()

    async def room(self, channel: Channel, purpose: Purpose = "papers") -> None:
        """Use a channel for a purpose."""
        async with self.harness.app.store.admin_session() as admin:
            workspace = await admin.directory.workspace("discord", str(self.guild.id))
        assert workspace is not None
        async with self.harness.app.store.begin(self.club.id) as db:
            await db.rooms.assign(workspace.id, str(channel.id), purpose, channel.name)

    async def card(self, ada: Person, link: str = "1706.03762", why: str = "why not") -> Message:
        """Somebody submits a paper; its card, where it was posted."""
        await ada.command("/paper submit", self.papers, link=link, why=why)
        await self.settle()
        assert self.papers.last is not None
        return self.papers.last


def settings(discord: DiscordServer) -> DiscordSettings:
    """How the adapter is pointed at the local Discord."""
    return DiscordSettings.model_validate({"token": discord.token, "rest_url": discord.api})


@asynccontextmanager
async def listening(
    harness: Harness, discord: DiscordServer, pace: Timeouts = QUICK, configured: DiscordSettings | None = None
) -> AsyncIterator[DiscordGateway]:
    """The adapter, connected; a connection of before may not be closed yet."""
    before = len(discord.gateway.connections)
    gateway = harness.add_built(lambda app: DiscordGateway(app, configured or settings(discord), pace))
    serving = asyncio.create_task(gateway.serve())
    connected = asyncio.create_task(discord.connected(since=before))
    try:
        await asyncio.wait({serving, connected}, return_when=asyncio.FIRST_COMPLETED)
        if serving.done():
            serving.result()
        await connected
        await discord.settled()
        discord.rest = at_rest
        yield gateway
    finally:
        connected.cancel()
        serving.cancel()
        with suppress(asyncio.CancelledError):
            await serving
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = ADDRESSES


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """discord.py waits for up to a second before it comes back, longer each time; here for a hundredth of that."""
    usual = ExponentialBackoff.delay
    monkeypatch.setattr(ExponentialBackoff, "delay", lambda self: usual(self) / 100)


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    be_patient(monkeypatch)


@pytest.fixture
async def discord() -> AsyncIterator[DiscordServer]:
    async with DiscordServer() as server:
        yield server
        assert [str(breach) for breach in server.breaches] == []


@pytest.fixture
async def harness(tmp_path: Path) -> AsyncIterator[Harness]:
    async with open_harness(tmp_path) as opened:
        opened.change(platforms=())
        yield opened


@pytest.fixture
async def bot(discord: DiscordServer, harness: Harness) -> AsyncIterator[Bot]:
    guild = discord.guild("ML Readers")
    papers = guild.text("papers")
    async with listening(harness, discord) as gateway:
        club = await register_workspace(harness.app, "discord", str(guild.id), "ML Readers")
        at_work = Bot(harness, discord, guild, papers, gateway, club)
        await at_work.room(papers)
        yield at_work


@pytest.fixture
def ada(bot: Bot) -> Person:
    return bot.guild.member("Ada")
