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

from adapters.slack.transport.http_endpoint import NotAccepted
from adapters.slack.transport.outcomes import RateLimited, outcome
from adapters.slack.transport.task_group import TaskGroup
from adapters.slack.transport.workspace_clients import WorkspaceClients
from bot.chat.gateway import NotSent, OutcomeUnknown, Refused
from bot.errors import UserError
from bot.telemetry.metrics import Metrics

log = logging.getLogger(__name__)

Json = dict[str, Any]
PayloadHandler = Callable[[Json], Awaitable[Json | None]]
"""Handler of a payload; returns the content of the acknowledgement, if any. If it raises, the payload is not
acknowledged.
"""

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
"""Temporary errors while a connection is opened."""


@dataclass(frozen=True, slots=True)
class SocketModeTimeouts:
    """Seconds for each step. Whatever breaks a connection, a new one is tried within 20 s and is open within 90."""

    heartbeat: float = 10.0
    """Between two pings; a pong that takes longer than half of it ends the connection (aiohttp)."""
    attempt: float = 20.0
    """For a ticket, a connection and Slack's hello together."""
    first_wait: float = 0.5
    max_wait: float = 15.0
    """Longest wait between two attempts; the wait doubles each time."""
    failure_window: float = 60.0
    """Seconds of failed attempts that count as one failure."""
    max_failures: int = 3
    """Failures in a row after which the program ends, so that an operator or a supervisor restarts it."""
    lifetime_grace: float = 60.0
    """By which a connection may outlive the lifetime that Slack announced, before the bot replaces it."""
    old_connection: float = 30.0
    """For which an old connection is still served beside the new one; Slack says that it closes it within ten."""
    drain: float = 2.0
    """For acknowledgements in progress when a connection is closed."""


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
        """True if Slack can reach the bot now."""
        return any(not connection.socket.closed for connection in self._connections)

    async def stay_connected(self) -> None:
        """Stay connected until cancelled. Raises UserError if Slack refuses the token or cannot be reached for long."""
        current = await self._open()
        while True:
            if await current.wait_until_due():
                await self._disconnect(current)
                fresh = await self._open()
            else:  # it works until the next one is open
                fresh = await self._open()
                self._tasks.start(self._retire(current), "close a connection to Slack")
            self._metrics.reconnected("slack")
            current = fresh

    async def close(self) -> None:
        """Accept no more requests; those already received are still acknowledged."""
        await asyncio.gather(*(self._disconnect(connection) for connection in list(self._connections)))

    async def _open(self) -> _Connection:
        """Open a connection that Slack has greeted. Raises UserError after several failures in a row."""
        for failure in range(1, self._timeouts.max_failures + 1):
            if connection := await self._connect_with_backoff():
                return connection
            message = "no connection to Slack for %g s (%d of %d)"
            log.error(message, failure * self._timeouts.failure_window, failure, self._timeouts.max_failures)
        raise UserError("Slack cannot be reached: no connection for minutes. The log has the error of each attempt.")

    async def _connect_with_backoff(self) -> _Connection | None:
        """Try to connect for a while, with longer and longer waits; None if that failed."""
        deadline, wait = monotonic() + self._timeouts.failure_window, self._timeouts.first_wait
        while True:
            try:
                async with asyncio.timeout(self._timeouts.attempt):
                    return await self._connect()
            except Refused as error:
                raise UserError(
                    "Slack refuses the connection. Is JOURNALCLUB_SLACK__APP_TOKEN the app-level token, with the scope "
                    "connections:write, and is Socket Mode turned on in the app's settings?"
                ) from error
            except TRANSIENT_ERRORS as error:
                log.warning("no connection to Slack yet: %r", error)
                pause = error.retry_after if isinstance(error, RateLimited) else 0.0
            await asyncio.sleep(max(wait, pause))
            if monotonic() >= deadline:
                return None
            wait = min(wait * 2, self._timeouts.max_wait)

    async def _connect(self) -> _Connection:
        """Request a ticket, connect with it, and wait for Slack's hello. Raises the errors in TRANSIENT_ERRORS,
        and Refused.
        """
        ticket = await outcome(self._teams.client().apps_connections_open(app_token=self._app_token))
        try:
            socket = await self._teams.session.ws_connect(str(ticket["url"]), heartbeat=self._timeouts.heartbeat)
        except aiohttp.WSServerHandshakeError as error:  # the error's own text holds the ticket
            raise NotSent(f"Slack does not accept its own ticket ({error.status})") from error
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
            except (ValueError, KeyError, TypeError):
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
        """Acknowledge an envelope once its payload is accepted; Slack repeats an event that is not acknowledged."""
        started = monotonic()
        try:
            acknowledgement = await self._handle_payload(envelope["payload"])
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
        """Serve an old connection until Slack closes it: its requests come on no other connection."""
        if connection.listener:
            await asyncio.wait({connection.listener}, timeout=self._timeouts.old_connection)
        await self._disconnect(connection)

    async def _disconnect(self, connection: _Connection) -> None:
        """Close a connection once the requests received on it are acknowledged."""
        if connection.listener:
            connection.listener.cancel()
        if connection.pending:
            await asyncio.wait(connection.pending, timeout=self._timeouts.drain)
        await connection.socket.close()
        self._connections.discard(connection)


def _parse_hello(acknowledgement: str) -> Json:
    """The hello message. Raises ValueError for any other message, such as that there are too many connections."""
    hello: Json = json.loads(acknowledgement)
    if hello["type"] != "hello":
        raise ValueError(f"instead of a hello Slack sent {hello['type']} ({hello.get('reason')})")
    return hello


@dataclass(slots=True, eq=False)
class _Connection:
    """One WebSocket."""

    socket: aiohttp.ClientWebSocketResponse
    expires_at: float
    """Time by which it has outlived the announced lifetime, on the monotonic clock."""
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
