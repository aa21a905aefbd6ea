"""Slack as a platform of the club: what is said to it comes in here, what the club posts goes out."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import replace
from typing import Any

from aiohttp import web
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest

from adapters.slack.inbound.event_inbox import StoredEvents
from adapters.slack.inbound.events import EventHandler
from adapters.slack.inbound.home_tab import HomeTabs
from adapters.slack.inbound.interactions import Interactions
from adapters.slack.inbound.listeners import Listeners
from adapters.slack.inbound.users import Users
from adapters.slack.outbound.modals import Modals
from adapters.slack.outbound.post_search import PAGE, PAGES
from adapters.slack.outbound.sender import NO_UNFURL, Sender
from adapters.slack.render.block_kit import payload_preview
from adapters.slack.render.delivery_metadata import key_in, marked, metadata
from adapters.slack.setup.doctor import check
from adapters.slack.setup.installation import OAuthInstallation
from adapters.slack.setup.workspace_lifecycle import WorkspaceLifecycle
from adapters.slack.transport.http_endpoint import HttpEndpoint, NotAccepted
from adapters.slack.transport.outcomes import FIXABLE_ERRORS, REQUEST_FAILURES
from adapters.slack.transport.socket_mode import SocketModeConnection, SocketModeTimeouts
from adapters.slack.transport.task_group import TaskGroup
from adapters.slack.transport.workspace_clients import Authorize, WorkspaceClients
from bot.app import App
from bot.chat.cards import Card
from bot.chat.gateway import Finding, Location, OwnPosts, PayloadPreview, Posted, Refused
from bot.editions.render.attachments import Attachment, render_attachments
from bot.errors import UserError
from bot.settings import SlackSettings

log = logging.getLogger(__name__)


Json = dict[str, Any]


SWEEP = 60.0
"""Seconds between two looks for events that were left behind."""


DRAIN_SECONDS = 7.0
"""Seconds that work under way has to end in when we stop."""


class SlackGateway:
    """Puts the parts together; posts, redraws and looks up what the courier asks for."""

    name = "slack"

    def __init__(self, app: App, settings: SlackSettings, times: SocketModeTimeouts | None = None) -> None:
        self._app = app
        self._settings = settings
        self._work = TaskGroup()
        self._teams = WorkspaceClients(app, settings)
        self._sender = Sender(app, self._teams, settings.base_url, settings.command_prefix)
        people, modals = Users(self._teams), Modals(self._teams, self._sender)
        self._places = WorkspaceLifecycle(app, self._teams)
        homes = HomeTabs(app, self._teams, people, self._sender, self._work)
        interactions = Interactions(app, people, self._sender, modals, homes, self._places)
        events = EventHandler(self._teams, interactions, homes, self._places)
        self._inbox = StoredEvents(app, events.handle, self._work)
        listeners = Listeners(app, settings.command_prefix, self._teams, people, interactions, self._inbox, self._work)
        # Requests reach Bolt only after the line or the front has made sure that they are Slack's.
        authorize: Any = Authorize(self._teams)  # Bolt takes one, though its annotation does not say so
        # Without a name Bolt reads the source of all its callers to find one, which takes a tenth of a second.
        bolt = AsyncApp(name="journalclub", authorize=authorize, request_verification_enabled=False)
        self._bolt = listeners.register(bolt)
        self._line = self._front = None
        if settings.mode == "socket":
            token = settings.app_token.get_secret_value()
            self._line = SocketModeConnection(self._teams, token, self.hear, self._work, app.metrics, times)
        else:
            self._front = HttpEndpoint(app, settings.signing_secret.get_secret_value(), self.hear)

    def routes(self) -> list[web.RouteDef]:
        """What the web server is to pass on to us: signed requests, and the install pages."""
        routes = self._front.routes() if self._front else []
        if self._teams.cipher:
            install = OAuthInstallation(
                self._app, self._settings, self._teams.cipher, self._teams, self._places, self._sender
            )
            routes += install.routes()
        return routes

    async def serve(self) -> None:
        """Listen until cancelled. Raises UserError where Slack refuses us, or cannot be reached for minutes."""
        sweeping = asyncio.create_task(self._sweep(), name="sweep the inbox")
        try:
            await self._check_installations()
            await (self._line.stay_connected() if self._line else asyncio.Event().wait())
        finally:
            sweeping.cancel()
            if self._front:
                self._front.open = False
            if self._line:
                await self._line.close()
            await self._work.finish(DRAIN_SECONDS)
            await self._teams.close()

    async def ready(self) -> None:
        """Return if Slack reaches us; else raise UserError that says what is wrong."""
        if self._line and not self._line.up:
            raise UserError("there is no line to Slack at the moment")

    async def hear(self, payload: Json) -> Json | None:
        """Pass a payload on to Bolt; what to acknowledge it with. Raises NotTaken."""
        # The mode says that the payload is proven and parsed already, whichever way it came.
        response = await self._bolt.async_dispatch(AsyncBoltRequest(mode="socket_mode", body=payload))
        if response.status != 200:
            raise NotAccepted(f"{payload.get('type', payload.get('command'))} was not taken ({response.status})")
        try:
            answer = json.loads(response.body) if response.body else None
        except ValueError:  # Bolt's own words to a workspace that removed the app: nobody is there to read them
            return None
        return answer if isinstance(answer, dict) else None

    async def post(self, where: Location, card: Card, *, key: str) -> Posted:
        """Post a card; its metadata carries the delivery's key."""
        message = marked(await self._sender.message(where, card), key)
        shown = await render_attachments(card)
        self._teams.pace.admit(where.workspace, "chat.postMessage")
        await self._teams.pace.wait(where.workspace, where.room)
        said = await self._teams.call(
            where.workspace,
            "chat.postMessage",
            lambda client: client.chat_postMessage(
                channel=where.room, thread_ts=where.thread or None, metadata=metadata(key), **message, **NO_UNFURL
            ),
        )
        ts = str(said["ts"])
        for file in shown:
            self._work.start(self._upload_file(where, ts, file), f"send {file.name} after {key}")
        return await self._posted(where, ts)

    async def edit(self, where: Location, card: Card, *, key: str) -> None:
        """Draw a posted card anew. The metadata is sent again: whether Slack keeps it otherwise is not documented."""
        message = marked(await self._sender.message(where, card), key)
        self._teams.pace.admit(where.workspace, "chat.update")
        await self._teams.pace.wait(where.workspace, where.room, where.message)
        await self._teams.call(
            where.workspace,
            "chat.update",
            lambda client: client.chat_update(channel=where.room, ts=where.message, metadata=metadata(key), **message),
        )

    async def discuss(self, where: Location, title: str, card: Card) -> Posted:
        """Say the first words in the thread of a posted card. In Slack every message can have one."""
        await self._sender.post(Location(where.platform, where.workspace, where.room, where.message), card)
        return await self._posted(where, where.message)

    async def locate(self, where: Location) -> Posted:
        """The link to a message; every message can have a thread."""
        said = await self._teams.call(
            where.workspace,
            "chat.getPermalink",
            lambda client: client.chat_getPermalink(channel=where.room, message_ts=where.message),
        )
        return Posted(where.message, where.message, str(said["permalink"]))

    async def remove(self, where: Location) -> None:
        """Delete a message of ours."""
        try:
            await self._teams.call(
                where.workspace, "chat.delete", lambda client: client.chat_delete(channel=where.room, ts=where.message)
            )
        except Refused as error:
            if str(error) != FIXABLE_ERRORS["message_not_found"]:
                raise
        self._app.metrics.duplicate_healed(self.name)

    async def find(self, where: Location, *, key: str, since: float) -> Posted | None:
        """Look for a delivery in the channel's history, which needs the optional history scopes.

        Of several the first stays, and the others are taken away: they are the same post, made twice.
        """
        found = [str(m["ts"]) async for m in self._own(where, since) if key_in(m) == key]
        if not found:
            return None
        first, *copies = sorted(found, key=float)
        for ts in copies:
            await self._delete_file(where, ts)
        return await self._posted(where, first)

    async def own_posts(self, where: Location, *, keys: Collection[str], since: float) -> OwnPosts:
        """Our deliveries in a channel or a thread, which needs the optional history scopes. Of copies the first."""
        said = [(key_in(m), str(m["ts"])) async for m in self._own(where, since, all_of_it=True) if key_in(m)]
        said.sort(key=lambda post: float(post[1]))
        wanted = {key: ts for key, ts in reversed(said) if key in keys}
        others = [ts for key, ts in said if key not in keys]
        by_key = {key: await self._posted(where, ts) for key, ts in wanted.items()}
        return OwnPosts(by_key, tuple([await self._posted(where, ts) for ts in others]))

    async def _own(self, where: Location, since: float, *, all_of_it: bool = False) -> AsyncIterator[Json]:
        """Our own messages in a channel or a thread since then. Raises Refused where Slack does not let us look."""
        if not self._settings.history and not await self._teams.may_look(where.workspace):
            raise Refused("without the history scopes Slack does not let me look")
        team = await self._teams.of(where.workspace)
        cursor = ""
        for _ in range(PAGES):
            said = await self._page(where, since, cursor)
            for message in said["messages"]:
                if message.get("user") == team.bot_user:
                    yield message
            cursor = str((said.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                return
        if all_of_it:
            raise Refused("more was said in the channel since then than I look through")

    async def _page(self, where: Location, since: float, cursor: str) -> Any:
        """A page of what was said in a channel or a thread since then."""
        asked: Json = {"channel": where.room, "oldest": f"{since:.6f}", "limit": PAGE, "cursor": cursor or None}
        if where.thread:
            return await self._teams.call(
                where.workspace,
                "conversations.replies",
                lambda client: client.conversations_replies(ts=where.thread, include_all_metadata=True, **asked),
            )
        return await self._teams.call(
            where.workspace,
            "conversations.history",
            lambda client: client.conversations_history(include_all_metadata=True, **asked),
        )

    async def send_direct_message(self, where: Location, person: str, card: Card) -> None:
        """Say something to one person, in a direct message."""
        await self._sender.direct(where.workspace, person, card)

    def sketch(self, workspace: str, card: Card) -> PayloadPreview:
        """The text and the blocks of the message."""
        return payload_preview(card)

    async def doctor(self, workspace: str, rooms: Sequence[Location]) -> list[Finding]:
        """Check token, scopes, line and rooms."""
        return await check(self._teams, self._settings, workspace, rooms)

    async def _check_installations(self) -> None:
        """Say who we are to ourselves, and look over the workspaces that we are in."""
        try:
            await self._teams.preload()
        except Refused as error:
            if len(self._app.gateways) < 2 and not self._teams.cipher:
                raise UserError(f"Slack does not let us in: {error}.") from error
            log.error("Slack does not let us in: %s. The other platforms go on.", error)  # noqa: TRY400  no traceback is needed
        for team in await self._teams.all():
            self._work.start(self._arrived(team), f"look over {team}")

    async def _arrived(self, team: str) -> None:
        try:
            await self._places.on_installed(team)
        except REQUEST_FAILURES as error:
            log.warning("workspace %s was not looked over: %s", team, error)

    async def _sweep(self) -> None:
        while True:
            try:
                await self._inbox.retry_pending()
            except Exception:
                log.exception("the inbox was not swept")
            await asyncio.sleep(SWEEP)

    async def _posted(self, where: Location, ts: str) -> Posted:
        """A message that is there, with the link to it where Slack gives one."""
        try:
            return await self.locate(replace(where, message=ts))
        except REQUEST_FAILURES as error:
            log.info("no permalink for a message: %s", error)
            return Posted(ts, ts)

    async def _upload_file(self, where: Location, ts: str, file: Attachment) -> None:
        """Put a picture into the thread of a post. It shows what the post says: one that is lost is not sent again."""
        try:
            await self._sender.upload(replace(where, thread=where.thread or ts), file)
        except REQUEST_FAILURES as error:
            log.info("a picture was not shown: %s", error)

    async def _delete_file(self, where: Location, ts: str) -> None:
        try:
            await self.remove(replace(where, message=ts))
        except REQUEST_FAILURES as error:
            log.warning("a post that was made twice still stands: %s", error)
