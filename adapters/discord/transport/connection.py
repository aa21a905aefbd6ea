"""Keeps the gateway connection: runs one client after the other, watches it, and cleans up after it."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from time import monotonic, perf_counter
from typing import Any

import discord
from discord.gateway import KeepAliveHandler

from adapters.discord.transport.client import Client, ClientHandlers, set_api_urls
from adapters.discord.transport.requests import RequestTracker, ask
from adapters.discord.transport.rest_client import RestClient
from adapters.discord.transport.shard_leases import ShardLeases
from adapters.discord.transport.shard_watchdog import SessionStartLimit
from adapters.discord.transport.task_group import TaskGroup
from adapters.discord.transport.timeouts import Timeouts
from bot.app import App
from bot.errors import UserError
from bot.locale.current import mark_text
from bot.settings import DiscordSettings

log = logging.getLogger(__name__)

REJECTED = (
    "Discord does not accept the token. Reset it in the developer portal (Bot → Reset Token) and set "
    "JOURNALCLUB_DISCORD__TOKEN."
)
FATAL_CLOSE_CODES = {
    4004: REJECTED,
    4012: "Discord no longer speaks this version of its gateway. Install a newer release of Journal Club.",
    4013: "Discord does not know the intents we ask for. Install a newer release of Journal Club.",
    4014: "Discord does not grant the intents we ask for, though none is privileged. Is the token this bot's?",
}
"""Close codes of the gateway that only a person can fix (Discord, "Opcodes and Status Codes")."""


class ConnectionLost(Exception):
    """A client has been without a connection for too long."""


@dataclass(frozen=True, slots=True)
class ClientSetup:
    """Preparation of each new client; filled in by the platform's gateway."""

    handlers: ClientHandlers
    prepare: Callable[[Client], None]
    """Adds the application commands and the persistent components."""
    on_login: Callable[[Client], Awaitable[None]]
    """Registers the commands with Discord."""
    background: Callable[[], Coroutine[Any, Any, None]]
    """Runs as long as the client is connected."""


class GatewayConnection:
    """Keeps the program connected to Discord until it is cancelled."""

    def __init__(
        self,
        app: App,
        settings: DiscordSettings,
        rest_client: RestClient,
        tracker: RequestTracker,
        tasks: TaskGroup,
        timeouts: Timeouts,
        setup: ClientSetup,
    ) -> None:
        self._setup = setup
        self._app = app
        self._settings = settings
        self._rest_client = rest_client
        self._tracker = tracker
        self._tasks = tasks
        self._timeouts = timeouts
        self._client: Client | None = None
        self._is_standby = False
        self._accepted_at: float | None = None
        """Last time, on the monotonic clock, at which all shards had a session; None if they never had."""

    @property
    def problem(self) -> str:
        """Reason why we do not listen at present; empty where we do, or where another process does."""
        if self._is_standby:
            return ""
        if self._client is None:
            return mark_text("not connected; trying again")
        if seconds_down := self._client.shard_watchdog.seconds_down():
            return f"not connected for {seconds_down:.0f} s; trying again"
        if self._client.shard_watchdog.all_up:
            return ""
        return mark_text("part of the connection to Discord is still being opened")

    async def stay_connected(self) -> None:
        """Stay connected until cancelled. Raises UserError where only a person can help."""
        pause = self._timeouts.min_backoff
        try:
            while True:
                began = monotonic()
                try:
                    await self._run_client()
                except Exception as error:
                    explanation = _explanation(error)
                    if explanation and self._is_final(explanation):
                        raise UserError(explanation) from error
                    if explanation:
                        log.error("%s It is tried again, since it was accepted before.", explanation)  # noqa: TRY400  no traceback is needed
                    else:
                        log.warning("the connection to Discord is lost: %r", error)
                was_stable = monotonic() - began > self._timeouts.stable_after
                pause = self._timeouts.min_backoff if was_stable else min(pause * 2, self._timeouts.max_backoff)
                self._app.metrics.reconnected("discord")
                log.info("reconnecting to Discord in %g s", pause)
                await asyncio.sleep(pause)
        finally:
            await self._tasks.wait_idle()
            await self._rest_client.close()

    def _is_final(self, explanation: str) -> bool:
        """True if waiting does not help: of the token, if it was not accepted for a while, or never was."""
        if explanation != REJECTED or self._accepted_at is None:
            return True
        return monotonic() - self._accepted_at > self._timeouts.refused_window

    async def _run_client(self) -> None:
        """Run one client from login until it ends."""
        token = self._settings.token.get_secret_value()
        async with asyncio.timeout(self._timeouts.login):
            if not self._rest_client.is_open:
                await self._rest_client.open(token)
        shards, session_limit = await self._lease_shards()
        client: Client | None = None
        tasks: list[asyncio.Task[None]] = []
        self._is_standby = False
        try:
            handlers = self._setup.handlers
            client = Client(self._app, self._rest_client, self._tracker, self._tasks, shards, session_limit, handlers)
            self._setup.prepare(client)
            async with asyncio.timeout(self._timeouts.login):
                await client.login(token)
                await self._setup.on_login(client)
            self._client = client
            tasks = [
                asyncio.create_task(client.connect(), name="discord"),
                asyncio.create_task(self._watch(client, shards), name="discord watchdog"),
                asyncio.create_task(self._setup.background(), name="discord replies"),
            ]
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            self._client = None
            await asyncio.shield(self._shut_down(client, tasks, shards))

    async def _lease_shards(self) -> tuple[ShardLeases, SessionStartLimit]:
        """The shards that we may serve; while others serve them all, stand by."""
        application = self._rest_client.client.application_id
        assert application is not None, "there is one after the login"
        shards = ShardLeases(self._app, application, self._settings.max_shards, self._timeouts.shard_lease)
        advised, session_limit = await self._fetch_gateway()
        if not await shards.acquire(advised):
            log.info("other processes serve all of Discord's shards: standing by")
            self._is_standby = True
            while not await shards.acquire(advised):  # noqa: ASYNC110 # what is waited for happens elsewhere
                await asyncio.sleep(self._timeouts.check_interval)
            _, session_limit = await self._fetch_gateway()
        return shards, session_limit

    async def _fetch_gateway(self) -> tuple[int, SessionStartLimit]:
        """Ask where the gateway is, how many shards Discord advises, and how many sessions we may begin."""
        advised, url, limit = await ask(self._rest_client.client.http.get_bot_gateway())
        if not self._settings.gateway_url:
            set_api_urls(self._settings.rest_url, url)
        until = monotonic() + limit["reset_after"] / 1000
        return advised, SessionStartLimit(
            limit["remaining"], until, max(limit["max_concurrency"], 1), self._timeouts.identify_gap
        )

    async def _watch(self, client: Client, shards: ShardLeases) -> None:
        """See to it that every shard has a session, or comes back to one, and that the shards stay ours."""
        length, written = self._timeouts.shard_lease.total_seconds(), monotonic()
        while True:
            await asyncio.sleep(self._timeouts.check_interval)
            self._tracker.refusal_count()
            if client.shard_watchdog.all_up:
                self._accepted_at = monotonic()
            await self._close_stalled_shards(client)
            if (seconds_down := client.shard_watchdog.seconds_down()) > self._timeouts.shard_down:
                raise ConnectionLost(f"no session for {seconds_down:.0f} s")
            if monotonic() - written < length / 3:
                continue
            try:
                ours = await shards.renew()
                written = monotonic()
            except Exception as error:
                log.warning("the leases of Discord's shards could not be renewed: %r", error)
                ours = monotonic() - written < length
            if not ours:
                raise ConnectionLost("another process has a shard of ours, or there are more for us")

    async def _close_stalled_shards(self, client: Client) -> None:
        """Close WebSockets that look open but answer no heartbeat; discord.py reopens them and resumes the session."""
        for shard in client.shards.values():
            websocket = shard._parent.ws  # discord.py tells nobody else when it heard of it last
            heartbeat = websocket._keep_alive
            if (
                heartbeat
                and websocket.open
                and perf_counter() - heartbeat._last_recv > (heartbeat.interval or 0) + self._timeouts.heartbeat_overdue
            ):
                log.warning("shard %s is deaf: opening its line anew", shard.id)
                await _close_within(self._timeouts.close, websocket.close(code=4000))

    async def _shut_down(self, client: Client | None, tasks: list[asyncio.Task[None]], shards: ShardLeases) -> None:
        """Hear nothing more, finish what was asked, then close. None of it may take for ever."""
        if client is not None:
            for shard in client.shards.values():
                await _close_within(self._timeouts.close, shard.disconnect())
            await self._tasks.wait_idle()
            # Closing is what ends `connect`: while a shard comes back it lets no cancellation through.
            await _close_within(self._timeouts.close, client.close())
            for task in tasks:
                task.cancel()
            if tasks:
                await asyncio.wait(tasks, timeout=self._timeouts.close)
            await _stop_heartbeats(client, self._timeouts.close)
        await _close_within(self._timeouts.close, shards.release())


def _explanation(error: Exception) -> str:
    """Sentences about what a person has to do about an error; empty where waiting helps."""
    match error:
        case discord.LoginFailure():
            return REJECTED
        case discord.PrivilegedIntentsRequired():
            return FATAL_CLOSE_CODES[4014]
        case discord.ConnectionClosed():
            return FATAL_CLOSE_CODES.get(error.code, "")
        case _:
            return ""


async def _stop_heartbeats(client: Client, within: float) -> None:
    """End the heartbeats of connections that were just being opened. discord.py knows of a connection only once it is
    open, so its own close misses them, and they would go on for ever.
    """
    for thread in threading.enumerate():
        if isinstance(thread, KeepAliveHandler) and thread.ws._connection is client._connection:
            thread.stop()
            await _close_within(within, thread.ws.close(code=1000))


async def _close_within(seconds: float, closing: Coroutine[Any, Any, None]) -> None:
    """Close something, whether or not that goes well."""
    try:
        async with asyncio.timeout(seconds):
            await closing
    except Exception as error:
        log.info("closing the connection to Discord was not clean: %r", error)
