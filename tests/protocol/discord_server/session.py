"""A gateway session and the connections that carry it: what survives a dropped line, and what does not."""

from __future__ import annotations

import asyncio
import importlib
import json
import zlib
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Any, Protocol

from aiohttp import web

from .state import Json

RESUMABLE = timedelta(minutes=5)
"""How long a session waits for its client to come back."""

REPLAYED = 5000
"""Events a session keeps for a RESUME."""

ENDS_SESSION = frozenset({1000, 1001, 4004, 4007, 4009, 4010, 4011, 4012, 4013, 4014})
"""Close codes after which a session cannot be resumed (Discord: Gateway Close Event Codes)."""


class Op(IntEnum):
    """Gateway opcodes (Discord: Opcodes and Status Codes)."""

    DISPATCH = 0
    HEARTBEAT = 1
    IDENTIFY = 2
    PRESENCE = 3
    VOICE_STATE = 4
    RESUME = 6
    RECONNECT = 7
    REQUEST_MEMBERS = 8
    INVALID_SESSION = 9
    HELLO = 10
    HEARTBEAT_ACK = 11


class Compressor(Protocol):
    """One compression stream of one connection."""

    def __call__(self, text: bytes) -> bytes: ...


def compressor(name: str) -> Compressor | None:
    """The transport compression a client asked for by name; None: it asked for none.

    discord.py asks for `zstd-stream` where a zstd library is installed, else for `zlib-stream`.
    """
    if name == "zlib-stream":
        deflate = zlib.compressobj()
        return lambda text: deflate.compress(text) + deflate.flush(zlib.Z_SYNC_FLUSH)
    if name == "zstd-stream":
        zstd: Any = importlib.import_module("zstandard")
        stream = zstd.ZstdCompressor().compressobj()
        return lambda text: bytes(stream.compress(text) + stream.flush(zstd.COMPRESSOBJ_FLUSH_BLOCK))
    if name:
        raise ValueError(f"Discord knows no transport compression {name!r}")
    return None


@dataclass(slots=True, eq=False)
class Connection:
    """One websocket, from HELLO to close."""

    http: web.Request
    socket: web.WebSocketResponse
    opened_at: datetime
    compress: Compressor | None
    resume_url: bool
    """Whether it came by `resume_gateway_url`."""
    outbox: asyncio.Queue[Json | int | bytes] = field(default_factory=asyncio.Queue)
    """What is to be sent: a payload, a close code, or (bytes) a ping."""
    pings: int = 0
    pongs: int = 0
    """Pings answered: the client has read everything sent before the n-th."""
    session: Session | None = None
    identify: Json | None = None
    """The IDENTIFY it sent, if it did."""
    identified_at: float | None = None
    """When that was accepted, on the monotonic clock."""
    resumed: bool = False
    deaf: bool = False
    """Whether it stays open but neither hears nor answers: a half-open line."""
    heartbeats: int = 0
    sent_by_client: list[float] = field(default_factory=list)
    closed_as: int | None = None
    """The close code, whoever closed; None: still open."""

    def push(self, payload: Json) -> None:
        """Send a payload, after everything sent before."""
        if not self.deaf:
            self.outbox.put_nowait(payload)

    def ask(self) -> int:
        """Send a ping after everything else; the number its pong will bring `pongs` to."""
        self.pings += 1
        self.outbox.put_nowait(str(self.pings).encode())
        return self.pings

    def close(self, code: int) -> None:
        """Close with a code, after everything sent before."""
        self.closed_as = self.closed_as or code
        self.outbox.put_nowait(code)

    def cut(self) -> None:
        """End the line without a word: the client sees 1006."""
        self.closed_as = self.closed_as or 1006
        if self.http.transport is not None:
            self.http.transport.abort()

    async def pump(self) -> None:
        """Send what is in the outbox until the connection ends."""
        while True:
            item = await self.outbox.get()
            if isinstance(item, int):
                await self.socket.close(code=item)
                return
            if isinstance(item, bytes):
                await self.socket.ping(item)
                continue
            text = json.dumps(item)
            if self.compress is None:
                await self.socket.send_str(text)
            else:
                await self.socket.send_bytes(self.compress(text.encode()))


@dataclass(slots=True, eq=False)
class Session:
    """What READY began: it outlives its connection for a while."""

    id: str
    shard: tuple[int, int]
    intents: int
    now: Callable[[], datetime]
    connection: Connection | None = None
    dead: bool = False
    left_at: datetime | None = None
    """When its connection was lost."""
    seq: int = 0
    events: deque[Json] = field(default_factory=lambda: deque(maxlen=REPLAYED))

    def owns(self, guild_id: int | None) -> bool:
        """Whether a guild's events come here; direct messages (None) come to shard 0."""
        index, count = self.shard
        return index == (0 if guild_id is None else (guild_id >> 22) % count)

    def wants(self, intent: int) -> bool:
        """Whether an intent was asked for; 0: everybody gets it."""
        return not intent or bool(self.intents & intent)

    def dispatch(self, event: str, data: Json) -> None:
        """Give it an event: at once, or when it resumes."""
        self.seq += 1
        payload: Json = {"op": Op.DISPATCH, "t": event, "s": self.seq, "d": data}
        self.events.append(payload)
        if self.connection is not None:
            self.connection.push(payload)

    def leave(self, code: int) -> None:
        """Its connection ended with this code."""
        self.connection = None
        self.left_at = self.now()
        self.dead = self.dead or code in ENDS_SESSION

    @property
    def lost(self) -> bool:
        """Whether it can never be resumed."""
        return self.dead or (self.left_at is not None and self.now() - self.left_at > RESUMABLE)

    def replay(self, connection: Connection, seq: int) -> bool:
        """Come back on a new connection and hear what was missed; False if the number was never sent."""
        if seq > self.seq:
            return False
        if self.connection is not None:
            self.connection.close(4000)
        self.connection, self.left_at = connection, None
        for payload in self.events:
            if payload["s"] > seq:
                connection.push(payload)
        return True
