"""Socket Mode: the line that we open to Slack, so that no public address is needed.

slack_sdk brings a client for this; it asks for a ticket once and then tries that same dead ticket for ever when a
connection fails (slackapi/python-slack-sdk#1379), drops questions that it has not begun when it closes, and closes the
old line before it opens the new one, so that what people type in between is lost. Here every attempt takes a fresh
ticket, every step has a time, and a line that Slack announces to close is left only when the next one stands.
The protocol is described at docs.slack.dev/apis/events-api/using-socket-mode.
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
Hear = Callable[[Json], Awaitable[Json | None]]
"""Takes a payload; gives what the acknowledgement says, if anything. To raise is not to acknowledge."""

BROKEN = (NotSent, OutcomeUnknown, aiohttp.ClientError, OSError, TimeoutError, ValueError, TypeError, KeyError)
"""What can go wrong on the way to a line, for reasons that pass."""


@dataclass(frozen=True, slots=True)
class SocketModeTimeouts:
    """Seconds for each step. In the first half minute a new line is tried within 20 s; after that once a minute."""

    heartbeat: float = 10.0
    """Between two pings; a pong that takes longer than half of it ends the line (aiohttp)."""
    attempt: float = 20.0
    """For a ticket, a connection and Slack's hello together."""
    first_wait: float = 0.5
    most_wait: float = 60.0
    """Between two attempts, which go on for ever: doubled each time up to this."""
    patience: float = 60.0
    """Of attempts in vain between two lines in the log at the level of errors."""
    spare: float = 60.0
    """For which a line may outlive the time that Slack announced for it, before we replace it ourselves."""
    linger: float = 30.0
    """For which an old line is still answered beside the new one, unless Slack closes it before: it says in ten."""
    parting: float = 2.0
    """For acknowledgements under way when a line is left."""


class SocketModeConnection:
    """Holds one connection to Slack at any time, two while one replaces the other."""

    def __init__(
        self,
        teams: WorkspaceClients,
        app_token: str,
        hear: Hear,
        work: TaskGroup,
        metrics: Metrics,
        times: SocketModeTimeouts | None = None,
    ) -> None:
        self._teams = teams
        self._app_token = app_token
        self._hear = hear
        self._work = work
        self._metrics = metrics
        self._times = times or SocketModeTimeouts()
        self._connections: set[_Connection] = set()

    @property
    def up(self) -> bool:
        """Whether Slack can reach us now."""
        return any(not connection.socket.closed for connection in self._connections)

    async def stay_connected(self) -> None:
        """Keep the line until cancelled. Raises UserError where Slack refuses it."""
        current = await self._reach()
        while True:
            if await current.ends():
                await self._disconnect(current)
                fresh = await self._reach()
            else:  # it goes on working until the next one stands
                fresh = await self._reach()
                self._work.start(self._leave(current), "leave a line to Slack")
            self._metrics.reconnected("slack")
            current = fresh

    async def close(self) -> None:
        """Take no more questions; those that were heard are still acknowledged."""
        await asyncio.gather(*(self._disconnect(connection) for connection in list(self._connections)))

    async def _reach(self) -> _Connection:
        """A new connection that Slack has greeted: tried for as long as it takes, with longer and longer waits."""
        began, wait = monotonic(), self._times.first_wait
        complain = began + self._times.patience
        while True:
            try:
                async with asyncio.timeout(self._times.attempt):
                    return await self._connect()
            except Refused as error:
                raise UserError(
                    "Slack gives us no line. Is JOURNALCLUB_SLACK__APP_TOKEN the app-level token, with the scope "
                    "connections:write, and is Socket Mode turned on in the app's settings?"
                ) from error
            except BROKEN as error:
                log.warning("no line to Slack yet: %r", error)
                pause = error.retry_after if isinstance(error, RateLimited) else 0.0
            if monotonic() >= complain:
                log.error("no line to Slack for %.0f s; it is tried again for as long as it takes", monotonic() - began)
                complain = monotonic() + self._times.patience
            await asyncio.sleep(max(wait, pause))
            wait = min(wait * 2, self._times.most_wait)

    async def _connect(self) -> _Connection:
        """Ask for a ticket, use it, and wait for the greeting."""
        ticket = await outcome(self._teams.client().apps_connections_open(app_token=self._app_token))
        try:
            socket = await self._teams.session.ws_connect(str(ticket["url"]), heartbeat=self._times.heartbeat)
        except aiohttp.WSServerHandshakeError as error:  # its own words hold the ticket
            raise NotSent(f"Slack does not take the ticket it gave us ({error.status})") from error
        try:
            hello = _greeting(await socket.receive_str())
        except BaseException:
            await socket.close()
            raise
        life = hello.get("debug_info", {}).get("approximate_connection_time") or float("inf")
        connection = _Connection(socket, monotonic() + float(life) + self._times.spare)
        connection.listening = self._work.start(self._listen(connection), "listen to Slack")
        self._connections.add(connection)
        log.info("there is a line to Slack")
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
                log.warning("Slack says something on the line that is no envelope")
                continue
            if kind == "disconnect":
                log.info("Slack asks us to take a new line: %s", envelope.get("reason"))
                connection.leaving.set()
            elif "envelope_id" in envelope:
                task = self._work.start(self._answer(connection, envelope), f"answer {kind}")
                connection.pending.add(task)
                task.add_done_callback(connection.pending.discard)

    async def _answer(self, connection: _Connection, envelope: Json) -> None:
        """Acknowledge an envelope once it is safe to: one that is not is sent again, if it is an event."""
        begun = monotonic()
        try:
            said = await self._hear(envelope["payload"])
        except NotAccepted as error:
            log.warning("an envelope of Slack's was not taken: %s", error)
            return
        reply = {"envelope_id": envelope["envelope_id"], **({"payload": said} if said else {})}
        try:
            await connection.socket.send_str(json.dumps(reply))
        except (ConnectionError, RuntimeError):
            log.info("the line broke before an answer could be acknowledged")
        else:
            self._metrics.acknowledged("slack", monotonic() - begun)

    async def _leave(self, connection: _Connection) -> None:
        """Answer an old line until Slack closes it, since what still comes on it comes nowhere else."""
        if connection.listening:
            await asyncio.wait({connection.listening}, timeout=self._times.linger)
        await self._disconnect(connection)

    async def _disconnect(self, connection: _Connection) -> None:
        """Leave a connection, once what was heard on it is acknowledged."""
        if connection.listening:
            connection.listening.cancel()
        if connection.pending:
            await asyncio.wait(connection.pending, timeout=self._times.parting)
        await connection.socket.close()
        self._connections.discard(connection)


def _greeting(said: str) -> Json:
    """The first word on a line; a ValueError where it is another, such as that there are too many lines already."""
    hello: Json = json.loads(said)
    if hello["type"] != "hello":
        raise ValueError(f"instead of a greeting Slack says {hello['type']} ({hello.get('reason')})")
    return hello


@dataclass(slots=True, eq=False)
class _Connection:
    """One WebSocket."""

    socket: aiohttp.ClientWebSocketResponse
    until: float
    """When it has outlived what Slack announced, on the monotonic clock."""
    leaving: asyncio.Event = field(default_factory=asyncio.Event)
    listening: asyncio.Task[None] | None = None
    pending: set[asyncio.Task[None]] = field(default_factory=set)

    async def ends(self) -> bool:
        """Wait until it should be replaced: True if it has ended, False if it still works for now."""
        assert self.listening is not None
        asked = asyncio.create_task(self.leaving.wait())
        left = self.until - monotonic()
        try:
            await asyncio.wait(
                {self.listening, asked},
                timeout=left if left < float("inf") else None,
                return_when=asyncio.FIRST_COMPLETED,
            )
        finally:
            asked.cancel()
        return self.listening.done()
