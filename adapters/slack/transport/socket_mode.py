"""Socket Mode connection, which the bot opens to Slack, so that no public address is needed.

slack_sdk has a client for this. It requests one ticket and reuses it for ever when a connection fails
(slackapi/python-slack-sdk#1379), drops requests that it has not started when it closes, and closes the old connection
before it opens the new one, so that requests in between are lost. Here every attempt requests a new ticket, every step
has a timeout, and a connection that Slack is about to close is kept until the next one is open. The protocol is
described at docs.slack.dev/apis/events-api/using-socket-mode.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

import aiohttp

from adapters.slack.transport.http_endpoint import NotAccepted, NotUnderstood
from adapters.slack.transport.outcomes import RateLimited, outcome
from adapters.slack.transport.task_group import TaskGroup
from adapters.slack.transport.workspace_clients import WorkspaceClients
from bot.chat.gateway import NotSent, OutcomeUnknown, Refused
from bot.errors import UserError
from bot.telemetry.metrics import Metrics

log = logging.getLogger(__name__)

Json = dict[str, Any]
PayloadHandler = Callable[[Json], Awaitable[Json | None]]
"""Takes a payload; gives what the acknowledgement says, if anything. To raise is not to acknowledge."""

TRANSIENT_ERRORS = (
    NotSent,
    OutcomeUnknown,
    aiohttp.ClientError,
    OSError,
    TimeoutError,
    ValueError,
    TypeError,
    KeyError,
)
"""Errors of opening a connection that pass by themselves."""


@dataclass(frozen=True, slots=True)
class SocketModeTimeouts:
    """Seconds for each step. In the first half minute a new connection is tried within 20 s; later once a minute."""

    heartbeat: float = 10.0
    """Seconds between two pings; a pong that takes longer than half of it ends the connection (aiohttp)."""
    attempt: float = 20.0
    """Maximum seconds for a ticket, a connection and Slack's hello together."""
    first_wait: float = 0.5
    max_wait: float = 60.0
    """Maximum seconds between two attempts, which continue for ever: the wait doubles each time up to this."""
    failure_window: float = 60.0
    """Seconds of failed attempts between two entries of the log at the level of errors."""
    refused_window: float = 900.0
    """Seconds for which a refusal is tried again if there was a connection before: Slack refuses good tokens while it
    is in trouble, and who revoked one may give it back."""
    lifetime_grace: float = 60.0
    """Seconds after the end that Slack announced for a connection, before we replace it ourselves."""
    old_connection: float = 30.0
    """Seconds for which an old connection is still answered beside a new one, unless Slack closes it before."""
    drain: float = 2.0
    """Maximum seconds for acknowledgements in progress when a connection is closed."""


class SocketModeConnection:
    """Holds one connection to Slack at any time, and two while one replaces the other."""

    def __init__(
        self,
        teams: WorkspaceClients,
        app_token: str,
        handle_payload: PayloadHandler,
        tasks: TaskGroup,
        metrics: Metrics,
        timeouts: SocketModeTimeouts | None = None,
    ) -> None:
        self._teams = teams
        self._app_token = app_token
        self._handle_payload = handle_payload
        self._tasks = tasks
        self._metrics = metrics
        self._timeouts = timeouts or SocketModeTimeouts()
        self._connections: set[_Connection] = set()

    @property
    def is_up(self) -> bool:
        """True if Slack can reach us now."""
        return any(not connection.socket.closed for connection in self._connections)

    async def stay_connected(self) -> None:
        """Keep a connection open until cancelled. Raises UserError if Slack refuses it."""
        current = await self._open()
        while True:
            if await current.wait_until_due():
                await self._disconnect(current)
                fresh = await self._open(self._timeouts.refused_window)
            else:  # it goes on working until the next one is open
                fresh = await self._open(self._timeouts.refused_window)
                self._tasks.start(self._retire(current), "close a connection to Slack")
            self._metrics.reconnected("slack")
            current = fresh

    async def close(self) -> None:
        """Accept no more requests; those already received are still acknowledged."""
        await asyncio.gather(*(self._disconnect(connection) for connection in list(self._connections)))

    async def _open(self, refused_window: float = 0.0) -> _Connection:
        """A new connection that Slack has greeted: tried for as long as it takes, with longer and longer waits.

        Raises UserError if Slack has refused it for `refused_window` seconds.
        """
        began, wait = monotonic(), self._timeouts.first_wait
        next_error_at = began + self._timeouts.failure_window
        while True:
            try:
                async with asyncio.timeout(self._timeouts.attempt):
                    return await self._connect()
            except Refused as error:
                if monotonic() - began >= refused_window:
                    raise UserError(
                        "Slack refuses the connection. Is JOURNALCLUB_SLACK__APP_TOKEN the app-level token, with the "
                        "scope connections:write, and is Socket Mode turned on in the app's settings?"
                    ) from error
                log.error("Slack refuses the connection (%s); it is tried again", error)  # noqa: TRY400  no traceback is needed
                pause = 0.0
            except TRANSIENT_ERRORS as error:
                log.warning("no connection to Slack yet: %r", error)
                pause = error.retry_after if isinstance(error, RateLimited) else 0.0
            if monotonic() >= next_error_at:
                log.error("no connection to Slack for %.0f s; it is tried again until it works", monotonic() - began)
                next_error_at = monotonic() + self._timeouts.failure_window
            await asyncio.sleep(max(wait, pause))
            wait = min(wait * 2, self._timeouts.max_wait)

    async def _connect(self) -> _Connection:
        """Request a ticket, connect with it, and wait for Slack's hello. Raises the errors in TRANSIENT_ERRORS,
        and Refused.
        """
        ticket = await outcome(self._teams.client().apps_connections_open(app_token=self._app_token))
        try:
            socket = await self._teams.session.ws_connect(str(ticket["url"]), heartbeat=self._timeouts.heartbeat)
        except aiohttp.WSServerHandshakeError as error:  # its own words hold the ticket
            raise NotSent(f"Slack does not take the ticket it gave us ({error.status})") from error
        try:
            hello = _parse_hello(await socket.receive_str())
        except BaseException:
            await socket.close()
            raise
        lifetime = hello.get("debug_info", {}).get("approximate_connection_time") or float("inf")
        connection = _Connection(socket, monotonic() + float(lifetime) + self._timeouts.lifetime_grace)
        connection.listener = self._tasks.start(self._listen(connection), "listen to Slack")
        self._connections.add(connection)
        log.info("connected to Slack")
        return connection

    async def _listen(self, connection: _Connection) -> None:
        async for message in connection.socket:
            if message.type is not aiohttp.WSMsgType.TEXT:
                continue
            self._metrics.heard("slack")
            try:
                envelope = json.loads(message.data)
                kind = envelope["type"]
            except (ValueError, KeyError, TypeError, RecursionError):
                log.warning("Slack sent a message that is no envelope")
                continue
            if kind == "disconnect":
                log.info("Slack asks for a new connection: %s", envelope.get("reason"))
                connection.replace_requested.set()
            elif "envelope_id" in envelope:
                task = self._tasks.start(self._answer(connection, envelope), f"answer {kind}")
                connection.pending.add(task)
                task.add_done_callback(connection.pending.discard)

    async def _answer(self, connection: _Connection, envelope: Json) -> None:
        """Acknowledge an envelope once it is handled or stored. Slack sends an event again that is not acknowledged."""
        started = monotonic()
        try:
            acknowledgement = await self._handle_payload(envelope.get("payload") or {})
        except NotUnderstood as error:  # it is acknowledged, since it would not be understood later either
            log.warning("an envelope of Slack's was not understood: %r", str(error)[:200])
            acknowledgement = None
        except NotAccepted as error:
            log.warning("an envelope of Slack's was not accepted: %s", error)
            return
        reply = {"envelope_id": envelope["envelope_id"], **({"payload": acknowledgement} if acknowledgement else {})}
        try:
            await connection.socket.send_str(json.dumps(reply))
        except (ConnectionError, RuntimeError):
            log.info("the connection broke before a request could be acknowledged")
        else:
            self._metrics.acknowledged("slack", monotonic() - started)

    async def _retire(self, connection: _Connection) -> None:
        """Answer an old connection until Slack closes it, since what still comes on it comes nowhere else."""
        if connection.listener:
            await asyncio.wait({connection.listener}, timeout=self._timeouts.old_connection)
        await self._disconnect(connection)

    async def _disconnect(self, connection: _Connection) -> None:
        """Close a connection, once what was received on it is acknowledged."""
        if connection.listener:
            connection.listener.cancel()
        if connection.pending:
            await asyncio.wait(connection.pending, timeout=self._timeouts.drain)
        await connection.socket.close()
        self._connections.discard(connection)


def _parse_hello(message: str) -> Json:
    """Slack's hello, the first message of a connection. Raises ValueError for another, such as too many connections."""
    hello: Json = json.loads(message)
    if hello["type"] != "hello":
        raise ValueError(f"instead of a hello Slack sent {hello['type']} ({hello.get('reason')})")
    return hello


@dataclass(slots=True, eq=False)
class _Connection:
    """One WebSocket."""

    socket: aiohttp.ClientWebSocketResponse
    expires_at: float
    """End of the lifetime that Slack announced, on the monotonic clock."""
    replace_requested: asyncio.Event = field(default_factory=asyncio.Event)
    listener: asyncio.Task[None] | None = None
    pending: set[asyncio.Task[None]] = field(default_factory=set)

    async def wait_until_due(self) -> bool:
        """Wait until it should be replaced: True if it has ended, False if it still works for now."""
        assert self.listener is not None
        requested = asyncio.create_task(self.replace_requested.wait())
        left = self.expires_at - monotonic()
        try:
            await asyncio.wait(
                {self.listener, requested},
                timeout=left if left < float("inf") else None,
                return_when=asyncio.FIRST_COMPLETED,
            )
        finally:
            requested.cancel()
        return self.listener.done()
