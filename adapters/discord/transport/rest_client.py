"""REST session with Discord for posts, threads and searches, independent of the gateway connection."""

from __future__ import annotations

from collections.abc import Awaitable
from time import monotonic
from typing import TypeVar

import discord

from adapters.discord.transport.rate_limiter import limit_sleep
from adapters.discord.transport.requests import ASKS_FOR_A_PAUSE, REFUSAL_BUDGET, RequestTracker, ask, leave, send
from bot.chat.gateway import NotSent

T = TypeVar("T")

Channel = discord.abc.GuildChannel | discord.Thread

INTENTS = discord.Intents(guilds=True)
"""No privileged intent and no message content: people use commands, buttons, menus and forms."""

WITH_REACTIONS = discord.Intents(guilds=True, guild_reactions=True)
"""The same, and reactions to messages: who reacted to which message with what, and nothing of its text."""

NO_MENTIONS = discord.AllowedMentions.none()
CHANNEL_TTL = 300.0
"""Seconds for which a fetched channel is taken for current."""
MAX_CHANNELS = 10_000
"""Channels that are remembered."""


class RestClient:
    """REST client of Discord. Its methods raise NotSent, Refused and OutcomeUnknown only, except `open`."""

    def __init__(self, tracker: RequestTracker) -> None:
        self._tracker = tracker
        self._client: discord.Client | None = None
        self._channels: dict[int, tuple[float, Channel]] = {}

    async def open(self, token: str) -> None:
        """Log in. Raises discord.LoginFailure if the token is invalid, and discord.py's other errors."""
        client = discord.Client(
            intents=INTENTS,
            allowed_mentions=NO_MENTIONS,
            http_trace=self._tracker.trace_config(),
            max_messages=None,
        )
        limit_sleep(client)
        try:
            await client.login(token)
        except BaseException:
            await client.close()
            raise
        self._client = client

    async def close(self) -> None:
        """Stop sending and close."""
        client, self._client = self._client, None
        if client:
            await leave()
            await client.close()

    @property
    def is_open(self) -> bool:
        """True if it is logged in."""
        return self._client is not None

    @property
    def client(self) -> discord.Client:
        """The client to make requests with. Raises NotSent before login, after `close`, and while the budget is
        spent.
        """
        if self._client is None:
            raise NotSent("Discord is not connected just now", 5)
        if pause := self._tracker.pause:
            raise NotSent(ASKS_FOR_A_PAUSE, pause)
        if self._tracker.refusal_count() >= REFUSAL_BUDGET:
            raise NotSent("Discord has refused many requests; I am waiting, so that it does not block me", 120)
        return self._client

    @property
    def me(self) -> int:
        """The bot's own user id."""
        user = self.client.user
        assert user is not None, "there is one after the login"
        return user.id

    async def send(self, request: Awaitable[T], *, once: bool = False) -> T:
        """Send a request that changes something."""
        return await send(request, once=once)

    async def channel(self, channel_id: int, *, refresh: bool = False) -> Channel:
        """Current state of a channel or thread, cached for CHANNEL_TTL seconds; `refresh` fetches it in any case."""
        fetched_at, cached = self._channels.get(channel_id, (0.0, None))
        if cached is not None and not refresh and monotonic() - fetched_at < CHANNEL_TTL:
            return cached
        self._channels.pop(channel_id, None)
        found = await ask(self.client.fetch_channel(channel_id))
        assert not isinstance(found, discord.abc.PrivateChannel), "rooms are channels of guilds"
        if len(self._channels) >= MAX_CHANNELS:
            self._channels.clear()
        self._channels[channel_id] = (monotonic(), found)
        return found

    def forget(self, channel_id: int) -> None:
        """Drop a channel from the cache."""
        self._channels.pop(channel_id, None)
