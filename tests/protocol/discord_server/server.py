"""A Discord of one's own: starts on the loopback, keeps score, and lets people in."""

from __future__ import annotations

import base64
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial
from types import TracebackType
from typing import TypeVar

from aiohttp import web

from tests.protocol.change_notifier import ChangeNotifier

from .clock import Clock, Snowflakes
from .events import Events
from .faults import Faults
from .gateway import Gateway
from .guilds import LocalGuild
from .interaction import Interaction
from .ledger import RequestLog, Violation
from .limits import Limits
from .rest import MAX_BODY, PREFIX, Rest
from .state import User
from .world import ServerState

T = TypeVar("T")

LISTEN, GLIMPSE = 0.05, 0.005
"""Seconds of silence that prove something: about a bot of which nothing is known, and about one that can be asked."""


class DiscordServer:
    """A strict local Discord: REST, gateway, people, faults and a ledger.

    `async with DiscordServer() as discord:` serves on 127.0.0.1 until the block ends.
    """

    def __init__(
        self,
        *,
        port: int = 0,
        now: Callable[[], datetime] | None = None,
        check_requests: bool = True,
        check_answers: bool = False,
        patience: float = 10.0,
    ) -> None:
        """Prepare; nothing listens before the `async with`.

        `check_requests` holds requests to Discord's OpenAPI document, some milliseconds each: a benchmark may
        switch it off. `check_answers` holds this server's own answers to it, into `own_faults`. `patience` is
        how many seconds a person looks at "thinking…" before the test fails.
        """
        self.clock = Clock(now)
        self.changes = ChangeNotifier()
        self.check_requests = check_requests
        self.check_answers = check_answers
        self.patience = patience
        ids = Snowflakes(self.clock)
        bot = User(ids.next(), "Journal Club", bot=True)
        self.world = ServerState(self.clock, ids, bot, users={bot.id: bot})
        self.faults = Faults()
        self.limits = Limits()
        self.ledger = RequestLog()
        self.breaches: list[Violation] = []
        """Every broken rule. A test ends with `assert discord.breaches == []`."""
        self.own_faults: list[str] = []
        """Where this server's own answers differ from the document (only with `check_answers`)."""
        self.rest: Callable[[], Awaitable[bool]] | None = None
        """Wait for what the bot has under way; whether there was any. Where it is known, less silence is enough."""
        self.gateway = Gateway(self)
        self.events = Events(self.world, self.gateway)
        self._port = port
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        """Where it listens: `http://127.0.0.1:port`."""
        return self.world.url

    @property
    def api(self) -> str:
        """The REST base, to put in place of `https://discord.com/api/v10`."""
        return self.url + PREFIX

    @property
    def token(self) -> str:
        """The bot's token, shaped like a real one: the application id comes first, in base64."""
        first = base64.b64encode(str(self.world.bot.id).encode()).decode().rstrip("=")
        return f"{first}.local0.{'x' * 27}"

    @property
    def interactions(self) -> list[Interaction]:
        """Everything people did with the bot, oldest first, with the times of its answers."""
        return list(self.world.interactions.values())

    def guild(self, name: str, *, invited: bool = True, permissions: int | None = None) -> LocalGuild:
        """A new guild; the bot is in it with its usual rights (or exactly `permissions`) unless not `invited`."""
        guild = LocalGuild(self, self.world.new_guild(name))
        if invited:
            guild.invite_bot(permissions)
        return guild

    def advance(self, **units: float) -> None:
        """Let time pass at once, in the words of `timedelta`: `discord.advance(minutes=16)`."""
        self.clock.advance(timedelta(**units))
        self.changes.notify()

    async def wait_for(self, look: Callable[[], T], within: float = 10.0, what: str = "") -> T:
        """Look after each change here until the sight is truthy, and return it; TimeoutError after `within` s.

        A change inside the bot that Discord cannot see wakes nobody: for those, `await settled()` and look.
        """
        return await self.changes.wait_for(look, within, what or "the awaited change")

    async def connected(self, count: int = 1, within: float = 10.0, *, since: int = 0) -> None:
        """Until `count` gateway connections have identified or resumed, after the first `since` that there ever were.

        A connection of a bot that has just ended stands until this server notices.
        """
        stand = partial(self.gateway.stand_since, since)
        await self.wait_for(lambda: len(stand()) >= count, within, f"{count} gateway connections")

    async def settled(self, gap: float | None = None, within: float = 10.0) -> None:
        """Until all events were read, no request runs, no answer is pending, and all is quiet for `gap` seconds.

        The bot's own work cannot be seen from here. Silence has to prove that there is none, unless it can be asked.
        """
        await self.gateway.delivered(within)
        silence = gap if gap is not None else (LISTEN if self.rest is None else GLIMPSE)
        while True:
            await self.wait_for(self._idle, within, "quiet")
            if self.rest and await self.rest():
                continue
            if not await self.changes.next_change(silence) and self._idle() and not (self.rest and await self.rest()):
                return

    def _idle(self) -> bool:
        now = self.clock.for_limits()
        return not self.ledger.running and not any(one.awaited(now) for one in self.interactions)

    async def __aenter__(self) -> DiscordServer:
        app = web.Application(client_max_size=MAX_BODY)
        app.router.add_get("/gateway", self.gateway.serve)
        app.router.add_get("/gateway/resume", self.gateway.serve)
        app.router.add_get("/attachments/{channel}/{attachment}/{filename}", self._attachment)
        app.router.add_route("*", "/{path:.*}", Rest(self).serve)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.world.url = f"http://{host}:{port}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.gateway.drop(1006)
        if self._runner is not None:
            await self._runner.cleanup()

    async def _attachment(self, http: web.Request) -> web.Response:
        attachment = self.world.attachments.get(int(http.match_info["attachment"]))
        return web.Response(status=404) if attachment is None else web.Response(body=attachment.content)
