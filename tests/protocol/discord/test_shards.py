"""Several processes on one database and one bot: each shard is served by one of them, and none is left alone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.discord.gateway import DiscordGateway
from adapters.discord.transport.shard_leases import ShardLeases
from tests.protocol.discord.conftest import QUICK, listening, settings
from tests.protocol.discord_server import DiscordServer
from tests.stand_ins import Harness

SHORT = replace(QUICK, shard_lease=timedelta(seconds=0.15))


@asynccontextmanager
async def process(harness: Harness, discord: DiscordServer, most: int = 0) -> AsyncIterator[DiscordGateway]:
    """Another process on the same database, whether or not there is a shard for it."""
    configured = settings(discord).model_copy(update={"max_shards": most})
    gateway = DiscordGateway(harness.app, configured, SHORT)
    serving = asyncio.create_task(gateway.serve())
    try:
        yield gateway
    finally:
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)


def served(discord: DiscordServer) -> list[int]:
    """The shards of the sessions that stand."""
    return sorted(connection.session.shard[0] for connection in discord.gateway.ready if connection.session)


async def test_two_processes_share_the_shards(discord: DiscordServer, harness: Harness) -> None:
    discord.gateway.shards = 2
    guilds = [discord.guild(f"Group {number}") for number in range(2)]
    rooms = [guild.text("papers") for guild in guilds]
    async with process(harness, discord, 1), process(harness, discord, 1):
        await discord.connected(2)
        await discord.settled()
        assert served(discord) == [0, 1]
        for guild, room in zip(guilds, rooms, strict=True):
            assert not (await guild.member("Ada").command("/help", room)).failed


async def test_one_that_finds_nothing_free_stands_by_and_takes_over(discord: DiscordServer, harness: Harness) -> None:
    async with listening(harness, discord):
        async with process(harness, discord) as other:
            await discord.wait_for(lambda: len(discord.ledger.to("GET /gateway/bot")) == 2, 5, "the second asking")
            await discord.settled()
            assert len(discord.gateway.connections) == 1
            assert not other._connection.problem
        harness.change(platforms=())
    async with process(harness, discord):
        await discord.connected()


async def test_when_one_leaves_the_other_serves_its_shards_too(discord: DiscordServer, harness: Harness) -> None:
    discord.gateway.shards = 2
    async with AsyncExitStack() as stays:
        async with process(harness, discord, 1):
            await discord.connected(1)
            await stays.enter_async_context(process(harness, discord))
            await discord.connected(2)
            await discord.settled()
        await discord.wait_for(lambda: served(discord) == [0, 1], 10, "both shards at one process")


async def test_one_that_stood_still_while_another_took_over_lets_go(discord: DiscordServer, harness: Harness) -> None:
    slow = ShardLeases(harness.app, 7, 0, timedelta(seconds=15))
    quick = ShardLeases(harness.app, 7, 0, timedelta(seconds=15))
    assert await slow.acquire(2)
    assert not await quick.acquire(2)
    assert await slow.renew()
    harness.clock.advance(seconds=16)
    assert await quick.acquire(2)
    assert (quick.mine, slow.mine) == ([0, 1], [0, 1])
    assert not await slow.renew()
    await slow.release()
    assert await quick.renew()


async def test_who_comes_later_counts_as_the_others_do(harness: Harness) -> None:
    first = ShardLeases(harness.app, 7, 1, timedelta(seconds=15))
    second = ShardLeases(harness.app, 7, 1, timedelta(seconds=15))
    assert await first.acquire(2)
    assert await second.acquire(4)
    assert (second.mine, second.count) == ([1], 2)
    other_bot = ShardLeases(harness.app, 8, 0, timedelta(seconds=15))
    assert await other_bot.acquire(4)
    assert other_bot.mine == [0, 1, 2, 3]


async def test_the_database_may_fail_for_a_moment(
    discord: DiscordServer, harness: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = asyncio.Event()

    async def broken(self: ShardLeases) -> bool:
        if tried.is_set():
            return await keep(self)
        tried.set()
        raise OSError("the disk is full")

    keep = ShardLeases.renew
    monkeypatch.setattr(ShardLeases, "renew", broken)
    async with process(harness, discord):
        await asyncio.wait_for(tried.wait(), 5)
        await discord.connected()
        assert len(discord.gateway.connections) == 1
