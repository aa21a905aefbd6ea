"""Socket Mode: tickets, connections, envelopes and their acknowledgements."""

from __future__ import annotations

import asyncio
import itertools
import json
import secrets
import time
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Literal

from aiohttp import WSMsgType, web

from tests.protocol.slack_server.asking import ApiRequest, method
from tests.protocol.slack_server.delivery import ACK_SECONDS, DeliveryAttempt
from tests.protocol.slack_server.ledger import Ack
from tests.protocol.slack_server.world import ServerState

Json = dict[str, Any]
Reason = Literal["warning", "refresh_requested", "too_many_websockets", "link_disabled"]
MOST_CONNECTIONS = 10
CONNECTION_SECONDS = 18_060


@method("apps.connections.open", takes="app")
def open_connection(ask: ApiRequest) -> Json:
    ticket = secrets.token_urlsafe(18)
    ask.world.tickets.add(ticket)
    address = ask.world.base_url.replace("http://", "ws://")
    return {"ok": True, "url": f"{address}/link?ticket={ticket}&app_id={ask.world.app.id}"}


@dataclass(frozen=True, slots=True)
class Waiting:
    """An envelope whose ack may still come, until that time of Slack's clock for limits."""

    answer: asyncio.Future[Json]
    until: float


class Connection:
    """One WebSocket of the app."""

    def __init__(self, socket: web.WebSocketResponse, transport: asyncio.Transport | None) -> None:
        self.socket = socket
        self.silent = False  # half-open: it takes what comes and answers nothing, not even pings
        self.closing = False
        self._transport = transport
        self.waiting: dict[str, Waiting] = {}

    @property
    def usable(self) -> bool:
        return not (self.closing or self.socket.closed)

    def drop(self) -> None:
        """Cut the wire without a word."""
        self.closing = True
        if self._transport is not None:
            self._transport.abort()


class SocketMode:
    """The app's connections; any of them may get any payload."""

    def __init__(self, world: ServerState) -> None:
        self._world = world
        self.connections: list[Connection] = []
        self.opened = 0
        self.dead_tickets = 0  # so many of the next tickets are refused at the door
        self._turn = itertools.count()

    # -- the wire ------------------------------------------------------------------------------------------
    async def serve(self, request: web.Request) -> web.StreamResponse:
        """One connection, from its ticket to its end."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._world.tickets:
            return web.Response(status=404, text="unknown or used ticket")
        self._world.tickets.discard(ticket)
        if self.dead_tickets > 0:
            self.dead_tickets -= 1
            return web.Response(status=404, text="expired ticket")
        socket = web.WebSocketResponse(autoping=False)
        await socket.prepare(request)
        connection = Connection(socket, request.transport)
        if len(self.live) >= MOST_CONNECTIONS:
            await self._disconnect(connection, "too_many_websockets")
            return socket
        self.connections.append(connection)
        self.opened += 1
        await socket.send_str(json.dumps(self._hello()))
        self._world.changes.notify()
        try:
            await self._listen(connection)
        finally:
            connection.closing = True
            self.connections.remove(connection)
            self._abandon(connection)
            self._world.changes.notify()
        return socket

    async def _listen(self, connection: Connection) -> None:
        async for message in connection.socket:
            if connection.silent:
                continue
            if message.type is WSMsgType.PING:
                await connection.socket.pong(message.data)
            elif message.type is WSMsgType.TEXT:
                self._acknowledged(connection, message.data)

    def _acknowledged(self, connection: Connection, data: str) -> None:
        try:
            body = json.loads(data)
            envelope = str(body["envelope_id"])
        except (ValueError, KeyError, TypeError):
            self._world.breach("socket", f"not an acknowledgement: {data[:80]!r}")
            return
        waiting = connection.waiting.get(envelope)
        if waiting is None or waiting.answer.done() or self._world.clock.for_limits() >= waiting.until:
            self._world.ledger.late_acks.append(envelope)
            self._world.changes.notify()
        else:
            waiting.answer.set_result(body)

    def _abandon(self, connection: Connection) -> None:
        for waiting in connection.waiting.values():
            if not waiting.answer.done():
                waiting.answer.set_exception(ConnectionResetError())

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self.live),
            "debug_info": {
                "host": "applink-local",
                "build_number": 1,
                "approximate_connection_time": CONNECTION_SECONDS,
            },
            "connection_info": {"app_id": self._world.app.id},
        }

    # -- to the app ----------------------------------------------------------------------------------------
    @property
    def live(self) -> list[Connection]:
        """The connections that Slack believes in."""
        return [c for c in self.connections if c.usable]

    async def send(self, parcel: DeliveryAttempt) -> Ack:
        """Put an envelope on one of the connections, each in its turn, and wait three seconds for its ack."""
        live = self.live
        if not live:
            return Ack(0.0, "not_connected")
        connection = live[next(self._turn) % len(live)]
        envelope: Json = {"envelope_id": str(uuid.uuid4()), "payload": parcel.payload, "type": parcel.kind}
        envelope["accepts_response_payload"] = parcel.kind != "events_api"
        if parcel.kind == "events_api":
            envelope |= {"retry_attempt": parcel.retry, "retry_reason": parcel.reason}
        waiting = Waiting(asyncio.get_running_loop().create_future(), self._world.clock.for_limits() + ACK_SECONDS)
        connection.waiting[envelope["envelope_id"]] = waiting
        begun = time.monotonic()
        try:
            await connection.socket.send_str(json.dumps(envelope))
            body = await self._world.clock.within(waiting.answer, ACK_SECONDS)
        except TimeoutError:
            return Ack(time.monotonic() - begun, "operation_timeout")
        except ConnectionError:
            return Ack(time.monotonic() - begun, "connection_failed")
        finally:
            connection.waiting.pop(envelope["envelope_id"], None)
        payload = body.get("payload")
        seconds = time.monotonic() - begun
        return Ack(seconds, payload=payload if payload else None)

    # -- trouble, on a test's word -------------------------------------------------------------------------
    async def connected(self, count: int = 1, patience: float = 10.0) -> None:
        """Wait until at least `count` connections stand (TimeoutError after `patience` seconds)."""
        await self._world.changes.wait_for(lambda: len(self.live) >= count, patience)

    async def replaced(self, old: Collection[Connection], patience: float = 10.0) -> None:
        """Wait until connections stand and none of the `old` ones does: those of an app that has just ended stand until
        this server notices, and payloads would be sent to them.
        """
        await self._world.changes.wait_for(
            lambda: self.live and not set(self.live) & set(old), patience, "another connection"
        )

    async def disconnect(self, reason: Reason = "refresh_requested") -> None:
        """Tell every connection to go; after a warning they stay up for another ten seconds, else they close."""
        for connection in self.live:
            await self._disconnect(connection, reason)

    async def _disconnect(self, connection: Connection, reason: Reason) -> None:
        debug = {"host": "applink-local"}
        await connection.socket.send_str(json.dumps({"type": "disconnect", "reason": reason, "debug_info": debug}))
        if reason != "warning":
            connection.closing = True
            await connection.socket.close()

    def drop(self) -> None:
        """Cut every wire without a word."""
        for connection in self.live:
            connection.drop()

    def go_silent(self) -> None:
        """Make every connection half-open: it stays up, and nothing is answered any more, not even pings."""
        for connection in self.live:
            connection.silent = True

    async def ping(self, data: bytes = b"Ping from applink-local") -> None:
        """Ping every connection."""
        for connection in self.live:
            await connection.socket.ping(data)

    async def close(self) -> None:
        """Close all connections, as when Slack goes down."""
        for connection in list(self.connections):
            connection.drop()
