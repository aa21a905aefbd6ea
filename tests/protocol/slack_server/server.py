"""The whole local Slack: started and stopped, set up, driven and read by tests."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, Self, TypeVar

from aiohttp import web

from tests.protocol.slack_server.clock import Clock
from tests.protocol.slack_server.delivery import PayloadDispatcher
from tests.protocol.slack_server.events import Events
from tests.protocol.slack_server.faults import Faults
from tests.protocol.slack_server.handles import Handles, ResponseUrl
from tests.protocol.slack_server.http_mode import HttpMode, RequestUrls
from tests.protocol.slack_server.ledger import RequestLog, Violation
from tests.protocol.slack_server.manifest import Declared, read_manifest
from tests.protocol.slack_server.oauth import OAuth
from tests.protocol.slack_server.payloads import Payloads
from tests.protocol.slack_server.people import Person
from tests.protocol.slack_server.posts import Message, View
from tests.protocol.slack_server.rates import Rates
from tests.protocol.slack_server.response import Responses
from tests.protocol.slack_server.seen import InteractionResult
from tests.protocol.slack_server.socket_mode import SocketMode
from tests.protocol.slack_server.things import App, Channel, Group, Installation, User
from tests.protocol.slack_server.uploads import receive, send
from tests.protocol.slack_server.webapi import WebApi
from tests.protocol.slack_server.wire import Wire
from tests.protocol.slack_server.world import DEFAULT_SCOPES, Refusal, ServerState

Json = dict[str, Any]
T = TypeVar("T")


class SlackServer:
    """A strict local Slack on a free port of this machine.

    It starts with the workspace T1, the channels C1 (#papers), C2 (#digest) and the private C3 (#moderators), and
    the app installed. `quiet` and `patience` are the seconds of silence after which a person stops looking at the
    screen, and how long they wait for the first thing to appear; 0 turns either off. Where the app lives in the same
    process, a test gives `rest`, which returns when the app has nothing under way: then nobody waits for silence.
    """

    def __init__(self, *, start: float | None = None, install: bool = True, clock: Clock | None = None) -> None:
        self.world = ServerState(start, clock)
        self.declared: Declared | None = None  # what the manifest says; None: everything is known
        self.faults = Faults()
        self.rates = Rates(self.world.clock)
        self.quiet, self.patience = 0.08, 1.0
        self.rest: Callable[[], Awaitable[None]] | None = None
        self.handles = Handles(self.world)
        self.payloads = Payloads(self.world, self.handles)
        self.dispatcher = PayloadDispatcher(self.world)
        self.events = Events(self.world, self.payloads, self.dispatcher)
        self.sockets = SocketMode(self.world)
        self.http: HttpMode | None = None
        self.dispatcher.transport = self.sockets
        self.oauth = OAuth(self.world)
        wire = Wire(self.world, self.faults)
        self._responses = Responses(self.world, self.handles, wire)
        self._api = WebApi(self.world, self.handles, wire, self.rates)
        self._people: dict[str, Person] = {}
        self._runner: web.AppRunner | None = None
        self.world.add_team("T1", "Reading Room")
        if install:
            self.install("T1")
        for id, name, private in (("C1", "papers", False), ("C2", "digest", False), ("C3", "moderators", True)):
            self.channel(id, name, private=private)

    # -- starting and stopping -----------------------------------------------------------------------------
    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self, port: int = 0) -> None:
        """Listen on 127.0.0.1; `base_url` then says where."""
        app = web.Application(client_max_size=4 * 2**20)
        app.router.add_route("*", "/api/{method}", self._api.serve)
        app.router.add_post("/response/{id:.+}", self._responses.serve)
        app.router.add_get("/link", self.sockets.serve)
        app.router.add_get("/oauth/v2/authorize", self.oauth.serve)
        app.router.add_post("/upload/{id}", partial(receive, self.world))
        app.router.add_get("/files-pri/{id}", partial(send, self.world))
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        host, real_port = self._runner.addresses[0][:2]
        self.world.base_url = f"http://{host}:{real_port}"

    async def stop(self) -> None:
        """Hang up and close."""
        await self.dispatcher.close()
        await self.sockets.close()
        if self.http is not None:
            await self.http.close()
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def base_url(self) -> str:
        """Such as http://127.0.0.1:40123."""
        return self.world.base_url

    @property
    def api_url(self) -> str:
        """What a client takes as its base URL instead of https://slack.com/api/."""
        return f"{self.base_url}/api/"

    async def use_http(self, url: str | RequestUrls) -> bool:
        """Send everything by signed HTTP from now on; says whether the address answered the challenge."""
        if self.http is not None:
            await self.http.close()
        self.http = HttpMode(self.world, RequestUrls.all_at(url) if isinstance(url, str) else url)
        self.dispatcher.transport = self.http
        return await self.http.verify()

    def use_sockets(self) -> None:
        """Send everything by Socket Mode from now on, as at the start."""
        self.dispatcher.transport = self.sockets

    # -- setting up ----------------------------------------------------------------------------------------
    @property
    def app(self) -> App:
        """The app's ids and secrets."""
        return self.world.app

    def team(self, id: str, name: str = "") -> str:
        """Make a workspace."""
        self.world.add_team(id, name or f"Workspace {id}")
        return id

    def install(self, team: str = "T1", scopes: list[str] | None = None) -> Installation:
        """Install the app in a workspace with just these scopes, without OAuth.

        The bot joins the channels made for everybody.
        """
        chosen = list(self._scopes() if scopes is None else scopes)
        installation = self.world.install(team, chosen)
        installation.scopes = chosen
        return installation

    def _scopes(self) -> tuple[str, ...]:
        return self.declared.scopes if self.declared else DEFAULT_SCOPES

    def token(self, team: str = "T1") -> str:
        """The bot token of a workspace."""
        return self.world.installations[team].token

    def user(self, name: str, team: str = "T1", *, admin: bool = False, owner: bool = False, **facts: Any) -> Person:
        """A person: made the first time, found the next."""
        for person in self._people.values():
            if (person.user.real_name, person.user.team) == (name, team):
                return person
        user = self.world.add_user(team, name, is_admin=admin or owner, is_owner=owner, **facts)
        self._people[user.id] = Person(self, user)
        return self._people[user.id]

    def channel(
        self,
        id: str,
        name: str = "",
        *,
        team: str = "T1",
        private: bool = False,
        archived: bool = False,
        members: list[str] | None = None,
    ) -> Channel:
        """Make a channel; without `members` everybody in the workspace is in it, the bot and later comers too."""
        everybody = {u.id for u in self.world.users.values() if u.team == team}
        inside = everybody if members is None else set(members)
        channel = Channel(id, team, name or id.lower(), private, archived, for_all=members is None, members=inside)
        self.world.channels[id] = channel
        return channel

    def group(self, id: str, handle: str, users: list[Person], team: str = "T1") -> Group:
        """Make a user group."""
        group = self.world.groups[id] = Group(id, team, handle, handle.title(), [p.id for p in users])
        return group

    def use_manifest(self, manifest: Json) -> Declared:
        """Take the app's manifest, as on Slack's configuration page: from now on only what it declares is known.

        AssertionError lists what Slack would not take. Workspaces get its scopes when they install the app again.
        """
        self.declared = declared = read_manifest(manifest)
        self.app.events, self.app.home_tab = set(declared.events), declared.home_tab
        self.app.redirect_urls = list(declared.redirect_urls) or self.app.redirect_urls
        return declared

    def allow_mention(self, *people: Person | User) -> None:
        """The app may mention these people: no breach."""
        self.world.mentionable |= {p.id for p in people}

    # -- reading -------------------------------------------------------------------------------------------
    @property
    def ledger(self) -> RequestLog:
        """What was asked and sent, and what changed."""
        return self.world.ledger

    @property
    def violations(self) -> list[Violation]:
        """What the app did that Slack forbids or that would harm people: empty, if all is well."""
        return self.world.breaches

    def messages(self, channel: str, *, bot: bool | None = None) -> list[Message]:
        """What everybody can see in a channel now, oldest first; only the app's (or only people's) with `bot`."""
        live = self.world.channels[channel].live
        return [m for m in live if bot is None or bool(m.bot_id) is bot]

    def ephemerals(self, user: Person | str) -> list[Message]:
        """What only this person could see, in any channel, oldest first."""
        id = user if isinstance(user, str) else user.id
        things = (e.thing for e in self.ledger.effects if e.kind == "ephemeral")
        return [t for t in things if isinstance(t, Message) and t.ephemeral_to == id and not t.deleted]

    def directs(self, user: Person) -> list[Message]:
        """The direct messages between a person and the app."""
        channel = self.world.channels.get(f"D{user.id[1:]}")
        return channel.live if channel else []

    def home(self, user: Person) -> View | None:
        """A person's home tab."""
        return user.home

    def views(self, user: Person) -> list[View]:
        """The modals on a person's screen, the top one last."""
        return [v for v in self.world.views.values() if v.user == user.id and v.open and v.kind == "modal"]

    # -- waiting -------------------------------------------------------------------------------------------
    async def wait_for(self, predicate: Callable[[], T | None], seconds: float = 10.0) -> T:
        """Wait until something is true of this Slack; TimeoutError after `seconds`."""
        return await self.world.changes.wait_for(predicate, seconds)

    async def settled(self, quiet: float | None = None, seconds: float = 30.0) -> None:
        """Wait until nothing is being asked or delivered and nothing happened for `quiet` seconds.

        Where the app can be asked whether it rests, silence proves nothing more and is not waited for.
        """
        silence = self.quiet if quiet is None else quiet
        async with asyncio.timeout(seconds):
            if self.rest is not None and quiet is None:
                await self._all_rest(self.rest)
                return
            while await self.world.changes.next_change(silence) or self.world.busy:
                pass

    async def _all_rest(self, rest: Callable[[], Awaitable[None]]) -> None:
        await asyncio.sleep(0)  # what was just handed to the postman is on its way after this
        await rest()
        while self.world.busy:
            await self.world.changes.next_change()
            await rest()

    async def shown(self, seen: InteractionResult, *, expects: bool = True) -> InteractionResult:
        """Give the app time to show a person the outcome of what they did."""
        acked = seen.ack is not None and seen.ack.ok
        if expects and acked and self.patience and self.rest is None:
            with contextlib.suppress(TimeoutError):
                await seen.until(lambda s: s.anything, self.patience)
        if self.quiet:
            await self.settled()
        return seen

    # -- for the people module -----------------------------------------------------------------------------
    def answer_in_ack(self, user: User, place: Channel, answer: Json) -> None:
        """Show what a command's acknowledgement says."""
        url = ResponseUrl("ack", user.team, place.id, user.id, self.world.clock.now())
        try:
            self._responses.say(url, {k: v for k, v in answer.items() if k != "replace_original"})
        except Refusal as refusal:
            self.world.breach("slash_commands", f"the acknowledgement is refused: {refusal.error}")
