"""Slack as a platform of the club: what is said to it comes in here, what the club posts goes out."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Sequence
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
from adapters.slack.render.delivery_metadata import key_in, with_delivery_key, metadata
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
from bot.chat.gateway import DoctorFinding, Location, PayloadPreview, Posted, Refused
from bot.editions.render.attachments import Attachment, render_attachments
from bot.errors import UserError
from bot.settings import SlackSettings

log = logging.getLogger(__name__)


Json = dict[str, Any]


RETRY_INTERVAL = 60.0
"""Seconds between two looks for events that were left behind."""


DRAIN_SECONDS = 7.0
"""Seconds that work under way has to end in when we stop."""


class SlackGateway:
    """Puts the parts together; posts, redraws and looks up what the courier asks for."""

    name = "slack"

    def __init__(self, app: App, settings: SlackSettings, timeouts: SocketModeTimeouts | None = None) -> None:
        self._app = app
        self._settings = settings
        self._tasks = TaskGroup()
        self._teams = WorkspaceClients(app, settings)
        self._sender = Sender(app, self._teams, settings.base_url, settings.command_prefix)
        users, modals = Users(self._teams), Modals(self._teams, self._sender)
        self._lifecycle = WorkspaceLifecycle(app, self._teams)
        home_tabs = HomeTabs(app, self._teams, users, self._sender, self._tasks)
        interactions = Interactions(app, users, self._sender, modals, home_tabs, self._lifecycle)
        events = EventHandler(self._teams, interactions, home_tabs, self._lifecycle)
        self._inbox = StoredEvents(app, events.handle, self._tasks)
        listeners = Listeners(app, settings.command_prefix, self._teams, users, interactions, self._inbox, self._tasks)
        # Requests reach Bolt only after the line or the front has made sure that they are Slack's.
        authorize: Any = Authorize(self._teams)  # Bolt takes one, though its annotation does not say so
        # Without a name Bolt reads the source of all its callers to find one, which takes a tenth of a second.
        bolt = AsyncApp(name="journalclub", authorize=authorize, request_verification_enabled=False)
        self._bolt = listeners.register(bolt)
        self._socket_mode = self._http_endpoint = None
        if settings.mode == "socket":
            token = settings.app_token.get_secret_value()
            self._socket_mode = SocketModeConnection(self._teams, token, self.handle_payload, self._tasks, app.metrics, timeouts)
        else:
            self._http_endpoint = HttpEndpoint(app, settings.signing_secret.get_secret_value(), self.handle_payload)

    def routes(self) -> list[web.RouteDef]:
        """What the web server is to pass on to us: signed requests, and the install pages."""
        routes = self._http_endpoint.routes() if self._http_endpoint else []
        if self._teams.cipher:
            install = OAuthInstallation(
                self._app, self._settings, self._teams.cipher, self._teams, self._lifecycle, self._sender
            )
            routes += install.routes()
        return routes

    async def serve(self) -> None:
        """Listen until cancelled. Raises UserError where Slack refuses us."""
        if self._http_endpoint:
            self._http_endpoint.open = True
        retrying = asyncio.create_task(self._retry_events(), name="sweep the inbox")
        try:
            await self._check_installations()
            await (self._socket_mode.stay_connected() if self._socket_mode else asyncio.Event().wait())
        finally:
            retrying.cancel()
            if self._http_endpoint:
                self._http_endpoint.open = False
            if self._socket_mode:
                await self._socket_mode.close()
            await self._tasks.finish(DRAIN_SECONDS)
            await self._teams.close()

    async def ready(self) -> None:
        """Return if Slack reaches us; else raise UserError that says what is wrong."""
        if self._socket_mode and not self._socket_mode.is_up:
            raise UserError("there is no line to Slack at the moment")

    async def handle_payload(self, payload: Json) -> Json | None:
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
        message = with_delivery_key(await self._sender.message(where, card), key)
        shown = await render_attachments(card)
        self._teams.rate_limiter.check_pause(where.workspace, "chat.postMessage")
        await self._teams.rate_limiter.wait(where.workspace, where.room)
        said = await self._teams.call(
            where.workspace,
            "chat.postMessage",
            lambda client: client.chat_postMessage(
                channel=where.room, thread_ts=where.thread or None, metadata=metadata(key), **message, **NO_UNFURL
            ),
        )
        ts = str(said["ts"])
        for file in shown:
            self._tasks.start(self._upload_file(where, ts, file), f"send {file.name} after {key}")
        return await self._posted(where, ts)

    async def edit(self, where: Location, card: Card, *, key: str) -> None:
        """Draw a posted card anew. The metadata is sent again: whether Slack keeps it otherwise is not documented."""
        message = with_delivery_key(await self._sender.message(where, card), key)
        self._teams.rate_limiter.check_pause(where.workspace, "chat.update")
        await self._teams.rate_limiter.wait(where.workspace, where.room, where.message)
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
        if not self._settings.history and not await self._teams.can_read_history(where.workspace):
            raise Refused("without the history scopes Slack does not let me look")
        team = await self._teams.get(where.workspace)
        found: list[str] = []
        cursor = ""
        for _ in range(PAGES):
            said = await self._page(where, since, cursor)
            found += [str(m["ts"]) for m in said["messages"] if m.get("user") == team.bot_user and key_in(m) == key]
            cursor = str((said.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                break
        if not found:
            return None
        first, *copies = sorted(found, key=float)
        for ts in copies:
            await self._delete_file(where, ts)
        return await self._posted(where, first)

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
        await self._sender.send_direct_message(where.workspace, person, card)

    def sketch(self, workspace: str, card: Card) -> PayloadPreview:
        """The text and the blocks of the message."""
        return payload_preview(card)

    async def doctor(self, workspace: str, rooms: Sequence[Location]) -> list[DoctorFinding]:
        """Check token, scopes, line and rooms."""
        return await check(self._teams, self._settings, workspace, rooms)

    async def _check_installations(self) -> None:
        """Say who we are to ourselves, and look over the workspaces that we are in."""
        try:
            await self._teams.preload()
        except Refused as error:
            if not self._teams.cipher:
                raise UserError(f"Slack does not let us in: {error}.") from error
            log.error("Slack does not let us in: %s. Workspaces that installed the app go on.", error)  # noqa: TRY400  no traceback is needed
        for team in await self._teams.all_ids():
            self._tasks.start(self._check_installation(team), f"look over {team}")

    async def _check_installation(self, team: str) -> None:
        try:
            await self._lifecycle.on_installed(team)
        except REQUEST_FAILURES as error:
            log.warning("workspace %s was not looked over: %s", team, error)

    async def _retry_events(self) -> None:
        while True:
            try:
                await self._inbox.retry_pending()
            except Exception:
                log.exception("the inbox was not swept")
            await asyncio.sleep(RETRY_INTERVAL)

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
