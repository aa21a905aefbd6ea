"""The gateway: who is connected, what they identified as, and what a test does to them.

Discord, "Gateway" and "Gateway Events".
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from aiohttp import WSMsgType, web

from . import wire
from .intents import EVERY_INTENT, GUILD_MEMBERS, GUILDS, MESSAGE_CONTENT, PRIVILEGED
from .session import Connection, Op, Session, compressor
from .state import Guild, Json

if TYPE_CHECKING:
    from .server import DiscordServer

SENDS, SENDS_PER = 120, 60.0
"""A connection may send 120 events in 60 seconds (close code 4008)."""

PAYLOAD = 4096
"""Bytes a client may send at once."""

Moment = Literal["connect", "resume"]


@dataclass(slots=True)
class Refusal:
    """An HTTP error in place of a websocket."""

    status: int
    times: int
    moment: Moment | None


class Gateway:
    """All gateway connections of the bot. Several on one token are served alike, as Discord does."""

    def __init__(self, discord: DiscordServer) -> None:
        self._discord = discord
        self.connections: list[Connection] = []
        """Every connection ever made, oldest first."""
        self.sessions: dict[str, Session] = {}
        self.heartbeat_interval = 41.25
        """Seconds, as told in HELLO."""
        self.shards = 1
        """What /gateway/bot recommends."""
        self.max_concurrency = 1
        self.identify_window = 0.0
        """Seconds in which `max_concurrency` identifies may happen: 5 at Discord; 0 does not hold to it."""
        self.identifies_left = 1000
        self.privileged = 0
        """The privileged intents that are switched on for the application."""
        self._refusals: list[Refusal] = []
        self._identified: list[tuple[float, int]] = []

    @property
    def url(self) -> str:
        """Where to connect first."""
        return self._discord.url.replace("http", "ws", 1) + "/gateway"

    @property
    def resume_url(self) -> str:
        """Where to come back to: another path, so that a test can break one of them."""
        return self.url + "/resume"

    @property
    def open(self) -> list[Connection]:
        """The connections that stand."""
        return [connection for connection in self.connections if connection.closed_as is None]

    @property
    def ready(self) -> list[Connection]:
        """The connections that identified or resumed, and stand."""
        return [connection for connection in self.open if connection.session is not None]

    def stand_since(self, before: int) -> list[Connection]:
        """Those of them that are not among the first `before` connections."""
        return [connection for connection in self.connections[before:] if connection in self.ready]

    @property
    def identifies(self) -> list[Json]:
        """Every IDENTIFY payload, oldest first."""
        return [connection.identify for connection in self.connections if connection.identify is not None]

    # What a test does to it.

    def drop(self, code: int = 1006, shard: int | None = None) -> int:
        """Close the connections (of one shard) with a code; 1006 cuts the line. How many it were."""
        chosen = self._of(shard)
        for connection in chosen:
            if code == 1006:
                connection.cut()
            else:
                connection.close(code)
        return len(chosen)

    def reconnect(self, shard: int | None = None) -> None:
        """Ask the clients to come back (op 7)."""
        for connection in self._of(shard):
            connection.push({"op": Op.RECONNECT, "d": None, "s": None, "t": None})

    def invalidate(self, *, resumable: bool, shard: int | None = None) -> None:
        """Tell the clients that their session is invalid (op 9)."""
        for connection in self._of(shard):
            if connection.session is not None:
                connection.session.dead = connection.session.dead or not resumable
            connection.push({"op": Op.INVALID_SESSION, "d": resumable, "s": None, "t": None})

    def silence(self, shard: int | None = None) -> None:
        """Go deaf: the lines stay open, but nothing is heard and no heartbeat is answered."""
        for connection in self._of(shard):
            connection.deaf = True

    def refuse(self, status: int = 503, times: int = 1, moment: Moment | None = None) -> Refusal:
        """Answer the next attempts to connect (first time, or by the resume URL) with an HTTP error."""
        self._refusals.append(Refusal(status, times, moment))
        return self._refusals[-1]

    def _of(self, shard: int | None) -> list[Connection]:
        return [
            connection
            for connection in self.open
            if shard is None or (connection.session and connection.session.shard[0] == shard)
        ]

    # What it does for the bot.

    def dispatch(self, event: str, guild_id: int | None, intent: int, data: Json, *, bare: Json | None = None) -> int:
        """Send an event to every session it concerns; how many it were.

        `bare` is what a session without the MESSAGE_CONTENT intent gets instead.
        """
        self.sessions = {key: session for key, session in self.sessions.items() if not session.lost}
        heard = 0
        for session in self.sessions.values():
            if session.owns(guild_id) and session.wants(intent):
                hides = bare is not None and not session.wants(MESSAGE_CONTENT)
                session.dispatch(event, bare if hides and bare is not None else data)
                heard += session.connection is not None
        return heard

    async def delivered(self, within: float = 10.0) -> None:
        """Until every client that listens has read all that was sent to it so far."""
        wanted = {connection: connection.ask() for connection in self.ready if not connection.deaf}
        await self._discord.wait_for(
            lambda: all(c.pongs >= number or c.closed_as is not None for c, number in wanted.items()),
            within,
            "delivery of every event",
        )

    async def serve(self, http: web.Request) -> web.StreamResponse:
        """One websocket from HELLO to close."""
        moment: Moment = "resume" if http.path.endswith("/resume") else "connect"
        if refused := self._refusal(moment):
            return web.Response(status=refused, text=f"error {refused}")
        try:
            compress = compressor(http.query.get("compress", ""))
        except (ValueError, ModuleNotFoundError) as unknown:
            return web.Response(status=400, text=str(unknown))
        socket = web.WebSocketResponse(compress=False, autoping=False, max_msg_size=PAYLOAD)
        await socket.prepare(http)
        connection = Connection(http, socket, self._discord.clock.now(), compress, moment == "resume")
        self.connections.append(connection)
        pump = asyncio.create_task(connection.pump())
        try:
            await self._converse(connection)
        finally:
            pump.cancel()
            with contextlib.suppress(asyncio.CancelledError, ConnectionError):
                await pump
            connection.closed_as = connection.closed_as or socket.close_code or 1006
            session = connection.session
            if session is not None and session.connection is connection:
                session.leave(connection.closed_as)
            self._discord.changes.notify()
        return socket

    def _refusal(self, moment: Moment) -> int | None:
        for refusal in self._refusals:
            if refusal.times > 0 and refusal.moment in (None, moment):
                refusal.times -= 1
                return refusal.status
        return None

    async def _converse(self, connection: Connection) -> None:
        query = connection.http.query
        if query.get("v") != "10" or query.get("encoding") != "json":
            connection.close(4012)
        interval = int(self.heartbeat_interval * 1000)
        connection.push({"op": Op.HELLO, "d": {"heartbeat_interval": interval}, "s": None, "t": None})
        async for message in connection.socket:
            if message.type is WSMsgType.PING:
                await connection.socket.pong(message.data)
                continue
            if message.type is WSMsgType.PONG:
                connection.pongs = int(message.data)
                self._discord.changes.notify()
                continue
            if message.type is not WSMsgType.TEXT:
                connection.close(4002)
                continue
            try:
                payload = json.loads(message.data)
                op, data = payload["op"], payload.get("d")
            except (ValueError, KeyError, TypeError):
                connection.close(4002)
                continue
            self._heed(connection, op, data)
            self._discord.changes.notify()

    def _heed(self, connection: Connection, op: int, data: Any) -> None:
        """One payload from the client."""
        now = time.monotonic()
        connection.sent_by_client = [at for at in connection.sent_by_client if now - at < SENDS_PER] + [now]
        if len(connection.sent_by_client) > SENDS:
            connection.close(4008)
        elif op == Op.HEARTBEAT:
            connection.heartbeats += 1
            connection.push({"op": Op.HEARTBEAT_ACK, "d": None, "s": None, "t": None})
        elif op == Op.IDENTIFY:
            self._identify(connection, data)
        elif op == Op.RESUME:
            self._resume(connection, data)
        elif op not in (Op.PRESENCE, Op.VOICE_STATE, Op.REQUEST_MEMBERS):
            connection.close(4001)
        elif connection.session is None:
            connection.close(4003)

    def _identify(self, connection: Connection, data: Json) -> None:
        if connection.session is not None:
            connection.close(4005)
            return
        connection.identify = data
        shard, count = data.get("shard") or (0, 1)
        intents = data.get("intents", 0)
        if data.get("token") != self._discord.token or self.identifies_left <= 0:
            connection.close(4004)
        elif not 0 <= shard < count:
            connection.close(4010)
        elif intents & ~EVERY_INTENT:
            connection.close(4013)
        elif intents & PRIVILEGED & ~self.privileged:
            connection.close(4014)
        elif self._too_soon(shard):
            connection.push({"op": Op.INVALID_SESSION, "d": False, "s": None, "t": None})
        else:
            self.identifies_left -= 1
            connection.identified_at = time.monotonic()
            session = Session(secrets.token_hex(16), (shard, count), intents, self._discord.clock.now, connection)
            connection.session = self.sessions[session.id] = session
            self._greet(session)

    def _too_soon(self, shard: int) -> bool:
        """Whether more than one identify of this concurrency key came within the window."""
        now, key = time.monotonic(), shard % self.max_concurrency
        recent = [(at, k) for at, k in self._identified if now - at < self.identify_window]
        self._identified = [*recent, (now, key)]
        return any(k == key for _, k in recent)

    def _greet(self, session: Session) -> None:
        world = self._discord.world
        guilds = [g for g in world.guilds.values() if g.joined_at is not None and session.owns(g.id)]
        ready: Json = {
            "v": 10,
            "user": wire.me(world.bot),
            "guilds": [{"id": str(guild.id), "unavailable": True} for guild in guilds],
            "session_id": session.id,
            "resume_gateway_url": self.resume_url,
            "shard": list(session.shard),
            "application": {"id": str(world.application_id), "flags": 0},
            "private_channels": [],
        }
        session.dispatch("READY", ready)
        for guild in guilds:
            if session.wants(GUILDS) and not guild.unavailable:
                session.dispatch("GUILD_CREATE", self._guild_create(guild, session.intents))

    def _guild_create(self, guild: Guild, intents: int) -> Json:
        return wire.guild_create(self._discord.world, guild, with_members=bool(intents & GUILD_MEMBERS))

    def _resume(self, connection: Connection, data: Json) -> None:
        session = self.sessions.get(str(data.get("session_id")))
        if data.get("token") != self._discord.token:
            connection.close(4004)
        elif session is None or session.lost:
            connection.push({"op": Op.INVALID_SESSION, "d": False, "s": None, "t": None})
        elif not session.replay(connection, int(data.get("seq") or 0)):
            connection.close(4007)
        else:
            connection.session, connection.resumed = session, True
            session.dispatch("RESUMED", {})
