"""A club with the Slack adapter, listening on a strict local Slack."""

from __future__ import annotations

import asyncio
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from adapters.slack.gateway import SlackGateway
from adapters.slack.setup.manifest import HISTORY, SCOPES
from adapters.slack.transport.socket_mode import SocketModeTimeouts
from adapters.web.server import serve, web_app
from bot.domain.club_settings import PURPOSES
from bot.domain.models import Club, Workspace
from bot.requester_lookup import register_workspace
from bot.runtime.delivery_worker import DeliveryWorker
from bot.settings import SlackSettings
from tests.ports import reserved_port
from tests.protocol.slack_server import InteractionResult, Message, Person, RequestUrls, SlackServer
from tests.stand_ins import MONDAY, Harness, open_harness

PAPERS, DIGEST, MODS = "C0PAPERS01", "C0DIGEST01", "C0MODERS01"
PLACES = dict(zip(PURPOSES, (PAPERS, DIGEST, MODS), strict=True))

SECRET_KEY = urlsafe_b64encode(b"k" * 32)

QUICK = SocketModeTimeouts(
    heartbeat=30.0,
    attempt=10.0,
    first_wait=0.02,
    max_wait=0.1,
    failure_window=0.5,
    lifetime_grace=60.0,
    old_connection=5.0,
    drain=2.0,
)
"""A line that comes back a hundred times sooner. Only a test of half-open lines looks sooner for a missing pong: a test
that a busy machine holds up for a moment would lose its line.
"""
HALF_OPEN = replace(QUICK, heartbeat=0.2)
"""The same for half-open lines."""


LISTENING = ("listen to Slack", "close a connection to Slack")
"""What the adapter does all the time."""


@dataclass(slots=True)
class SlackHarness:
    """The club, its Slack and the adapter between them."""

    harness: Harness
    slack: SlackServer
    gateway: SlackGateway
    delivery_worker: DeliveryWorker
    serving: asyncio.Task[None] | None = None
    club: Club = field(default=None)  # type: ignore[assignment] # founded before anybody sees the stage
    url: str = ""
    """Where the program's own web server is, in HTTP mode."""

    def person(self, name: str, **facts: Any) -> Person:
        return self.slack.user(name, **facts)

    async def bring(self, name: str = "Ada", paper: str = "1706.03762", why: str = "") -> Message:
        """Somebody brings a paper; its card."""
        before = len(self.slack.messages(PAPERS, bot=True))
        seen = await self.person(name).command("/paper", f"submit {paper} {why}", channel=PAPERS)
        await seen.until(lambda s: "on the list" in s.words)
        await self.settle()
        return self.slack.messages(PAPERS, bot=True)[before]

    async def settle(self) -> None:
        """Wait until all that is to be said, posted or drawn anew is there."""
        await self.slack.settled()
        await self.delivery_worker.drain()
        await self.slack.settled()

    async def workspace(self, team: str = "T1") -> Workspace:
        async with self.harness.app.store.read_admin_session() as admin:
            found = await admin.directory.workspace("slack", team)
        assert found is not None
        return found

    async def start(self) -> None:
        """Begin to listen, and wait until both ends know of the connection."""
        old = self.slack.sockets.live
        self.serving = asyncio.create_task(self.gateway.serve())
        if line := self.gateway._socket_mode:
            await self.slack.sockets.replaced(old)
            while not (line.is_up or self.serving.done()):  # noqa: ASYNC110  nothing is signalled
                await asyncio.sleep(0)

    async def stop(self) -> None:
        """Stop listening, as at the end of the program."""
        if self.serving and self.serving.cancel():
            with suppress(asyncio.CancelledError):
                await self.serving

    def check(self) -> None:
        assert [str(breach) for breach in self.slack.violations] == []


def when_idle(gateway: SlackGateway) -> Callable[[], Awaitable[None]]:
    """Returns when the adapter has nothing under way but to listen."""

    async def rest() -> None:
        while doing := [task for task in gateway._tasks._tasks if task.get_name() not in LISTENING]:
            await asyncio.wait(doing)

    return rest


async def message_with(screen: InteractionResult, words: str) -> Message:
    """The newest message somebody sees with these words, as soon as it is there."""
    await screen.until(lambda s: s.message(words))
    return screen.message(words)


@asynccontextmanager
async def slack_harness_by_http(folder: Path, **settings: Any) -> AsyncIterator[SlackHarness]:
    """The same club, but Slack comes by signed HTTP; with a client id, to as many workspaces as install it."""
    async with reserved_port() as port:
        url = f"http://127.0.0.1:{port}"
        own: dict[str, Any] = {
            "home": {"public_url": url, "secret": SECRET_KEY},
            "mode": "http",
            "signing_secret": "signing-secret-of-the-test-app",
        }
        async with slack_harness(folder, **own, **settings) as there:
            served = web_app({})
            served.add_routes(there.gateway.routes())
            async with serve(served, port=port):
                there.url = f"{url}/slack"
                urls = [f"{there.url}/{name}" for name in ("events", "interactions", "commands", "interactions")]
                assert await there.slack.use_http(RequestUrls(*urls))
                yield there


@asynccontextmanager
async def slack_harness(
    folder: Path,
    *,
    history: bool = False,
    times: SocketModeTimeouts = QUICK,
    gap: float = 0.0,
    change: Callable[[SlackServer], None] | None = None,
    home: dict[str, Any] | None = None,
    rooms: bool = True,
    **settings: Any,
) -> AsyncIterator[SlackHarness]:
    """Open a club on Slack, set up in a channel for each purpose (unless `rooms` is off), and listen."""
    scopes = [*SCOPES, *(HISTORY if history else ())]
    async with open_harness(folder) as opened, SlackServer(start=MONDAY.timestamp()) as slack:
        opened.app = replace(opened.app, installation=replace(opened.app.installation, **(home or {})))
        slack.install("T1", scopes)
        for id, name in ((PAPERS, "reading"), (DIGEST, "editions"), (MODS, "reading-mods")):
            slack.channel(id, name, private=id == MODS)
        if change:
            change(slack)
        chosen = {"bot_token": slack.token(), "app_token": slack.app.app_token, "base_url": slack.api_url}
        given = SlackSettings.model_validate({**chosen, "history": history, "gap_seconds": gap, **settings})
        opened.change(platforms=())
        gateway = opened.add_built(lambda app: SlackGateway(app, given, times))
        slack.rest = when_idle(gateway)
        there = SlackHarness(opened, slack, gateway, opened.delivery_worker)
        there.club = await register_workspace(opened.app, "slack", "T1", "Reading Room")
        workspace = await there.workspace()
        async with opened.app.store.begin(there.club.id) as db:
            for purpose, channel in PLACES.items() if rooms else ():
                await db.rooms.assign(workspace.id, channel, purpose, slack.world.channels[channel].name)
        await there.start()
        try:
            yield there
        finally:
            await there.stop()
