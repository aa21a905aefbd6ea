"""discord.py, pointed at this server: for tests that run a client in their own process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import TypeVar

import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from .server import DiscordServer

ClientT = TypeVar("ClientT", bound=discord.Client)


@contextmanager
def discord_py_at(server: DiscordServer) -> Iterator[None]:
    """Set discord.py's two addresses to this server for the block; both are class attributes."""
    before = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = server.api, yarl.URL(server.gateway.url)
    try:
        yield
    finally:
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = before


@asynccontextmanager
async def running(client: ClientT, server: DiscordServer, within: float = 10.0) -> AsyncIterator[ClientT]:
    """Log a client in, wait until it is ready, and close it at the end of the block.

    An error that ended the client is raised here.
    """
    with discord_py_at(server):
        async with client:
            await client.login(server.token)
            life = asyncio.create_task(client.connect())
            ready = asyncio.create_task(client.wait_until_ready())
            try:
                await asyncio.wait({life, ready}, timeout=within, return_when=asyncio.FIRST_COMPLETED)
                if life.done():
                    life.result()
                if not ready.done():
                    raise TimeoutError(f"the client was not ready within {within:g} s")
                yield client
            finally:
                ready.cancel()
                await client.close()
                await asyncio.wait({life}, timeout=within)
            life.result()


async def at_rest() -> bool:
    """Wait for the events and commands that discord.py is carrying out; whether there were any."""
    named = (
        "discord.py: ",
        "CommandTree-invoker",
        "discord-ui-view-dispatch",
        "discord-ui-modal",
        "discord-ui-dynamic",
    )
    doing = [task for task in asyncio.all_tasks() if task.get_name().startswith(named)]
    if doing:
        await asyncio.wait(doing)
    return bool(doing)
