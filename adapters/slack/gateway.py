"""Gateway of Slack: builds the adapter's parts; receives Slack's payloads, and posts, edits and finds messages."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from aiohttp import web
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest

from adapters.slack.inbound.event_processing import EventProcessor
from adapters.slack.inbound.events import EventHandler
from adapters.slack.inbound.home_tab import HomeTabs
from adapters.slack.inbound.interactions import InteractionHandler
from adapters.slack.inbound.listeners import Listeners
from adapters.slack.inbound.payload_shapes import check_shape
from adapters.slack.inbound.reactions import Reactions
from adapters.slack.inbound.users import Users
from adapters.slack.outbound.file_reading import read_file
from adapters.slack.outbound.modals import Modals
from adapters.slack.outbound.pictures import PictureUploads
from adapters.slack.outbound.post_search import find_copies, own_posts
from adapters.slack.outbound.posting import SlackPosts
from adapters.slack.outbound.sender import Sender
from adapters.slack.render.block_kit import payload_preview
from adapters.slack.setup.doctor import check
from adapters.slack.setup.greeting import Greeting
from adapters.slack.setup.installation import OAuthInstallation
from adapters.slack.setup.workspace_lifecycle import WorkspaceLifecycle
from adapters.slack.transport.http_endpoint import HttpEndpoint, NotAccepted, NotUnderstood
from adapters.slack.transport.outcomes import FIXABLE_ERRORS, REQUEST_FAILURES
from adapters.slack.transport.socket_mode import SocketModeConnection, SocketModeTimeouts
from adapters.slack.transport.task_group import TaskGroup
from adapters.slack.transport.workspace_clients import Authorize, WorkspaceClients
from bot.app import App
from bot.chat.cards import Card
from bot.chat.gateway import DoctorFinding, Location, OwnPosts, PayloadPreview, Posted, Refused
from bot.chat.gateway_capabilities import ThreadState
from bot.errors import UserError
from bot.features.papers.reaction_recount import recount
from bot.features.papers.reaction_votes import counted_emoji
from bot.locale.current import _
from bot.settings import SlackSettings

log = logging.getLogger(__name__)


Json = dict[str, Any]


RETRY_INTERVAL = 60.0
"""Seconds between two retries of events that were not handled."""


ACCEPT_SECONDS = 2.0
"""Seconds that requests in progress have to be acknowledged in at shutdown."""


DRAIN_SECONDS = 7.0
"""Seconds that tasks in progress have to end in at shutdown."""


class SlackGateway:
    """Slack's gateway: builds the parts, and posts, edits and finds messages for the delivery worker."""

    name = "slack"

    def __init__(self, app: App, settings: SlackSettings, timeouts: SocketModeTimeouts | None = None) -> None:
        self._app = app
        self._settings = settings
        self._tasks = TaskGroup()
        self._is_serving = False
        self._recounting: asyncio.Task[None] | None = None
        self._teams = WorkspaceClients(app, settings)
        self._sender = Sender(app, self._teams, settings.base_url, settings.command_prefix)
        self._posts = SlackPosts(self._teams, self._sender, PictureUploads(app, self._sender), self._tasks)
        self._users = users = Users(self._teams)
        modals = Modals(self._teams, self._sender)
        self._lifecycle = WorkspaceLifecycle(app, self._teams, Greeting(app, self._teams, self._sender))
        home_tabs = HomeTabs(app, self._teams, users, self._sender, self._tasks)
        interactions = InteractionHandler(app, users, self._sender, modals, home_tabs, self._lifecycle)
        self._reactions = Reactions(app, self._teams, users, self._sender, settings.gap_seconds)
        events = EventHandler(self._teams, interactions, home_tabs, self._lifecycle, self._reactions)
        self._inbox = EventProcessor(app, events.handle, self._tasks)
        listeners = Listeners(app, settings.command_prefix, self._teams, users, interactions, self._inbox, self._tasks)
        # Requests reach Bolt only after the connection or the endpoint has verified that they come from Slack.
        authorize: Any = Authorize(self._teams)  # Bolt accepts an instance, though its annotation does not say so
        # Without a name Bolt searches the source of all its callers for one, which takes a tenth of a second.
        bolt = AsyncApp(name="journalclub", authorize=authorize, request_verification_enabled=False)
        self._bolt = listeners.register(bolt)
        self._socket_mode = self._http_endpoint = None
        if settings.mode == "socket":
            token = settings.app_token.get_secret_value()
            self._socket_mode = SocketModeConnection(
                self._teams, token, self.handle_payload, self._tasks, app.metrics, timeouts
            )
        else:
            self._http_endpoint = HttpEndpoint(app, settings.signing_secret.get_secret_value(), self.handle_payload)

    def routes(self) -> list[web.RouteDef]:
        """The web routes for Slack: signed requests, and the install pages. Empty in Socket Mode without
        installation.
        """
        routes = self._http_endpoint.routes() if self._http_endpoint else []
        if self._teams.cipher:
            install = OAuthInstallation(self._app, self._settings, self._teams.cipher, self._teams, self._lifecycle)
            routes += install.routes()
        return routes

    async def serve(self) -> None:
        """Listen until cancelled. Raises UserError if Slack refuses the token."""
        self._is_serving = True
        if self._http_endpoint:
            self._http_endpoint.open = True
        retrying = asyncio.create_task(self._retry_events(), name="retry stored events")
        try:
            await self._check_installations()
            self._recounting = asyncio.create_task(self._recount_reactions(), name="recount reactions")
            await (self._socket_mode.stay_connected() if self._socket_mode else asyncio.Event().wait())
        finally:
            ending = [retrying, self._recounting] if self._recounting else [retrying]
            for task in ending:
                task.cancel()
            if self._http_endpoint:
                await self._http_endpoint.close(ACCEPT_SECONDS)
            if self._socket_mode:
                await self._socket_mode.close()
            await self._tasks.finish(DRAIN_SECONDS)
            await asyncio.gather(*ending, return_exceptions=True)  # the database is closed after this
            await self._teams.close()

    async def ready(self) -> None:
        """Return if Slack can reach the bot. Raises UserError with the reason if it cannot."""
        if self._socket_mode and not self._socket_mode.is_up:
            raise UserError(_("there is no connection to Slack at the moment"))

    async def handle_payload(self, payload: Json) -> Json | None:
        """Pass a payload to Bolt, and return the content of the acknowledgement, if any.

        Raises NotUnderstood for what is none of Slack's payloads, and NotAccepted for what may be accepted later.
        """
        check_shape(payload)
        # This mode makes Bolt take the payload as verified and parsed, which it is on both transports.
        response = await self._bolt.async_dispatch(AsyncBoltRequest(mode="socket_mode", body=payload))
        if response.status != 200:
            name = payload.get("type", payload.get("command"))
            say = _("{payload} was not accepted ({status})", payload=name, status=response.status)
            raise NotUnderstood(say) if response.status == 404 else NotAccepted(say)
        try:
            answer = json.loads(response.body) if response.body else None
        except ValueError:  # Bolt's text for a workspace that removed the app: nobody can read it
            return None
        return answer if isinstance(answer, dict) else None

    async def post(self, where: Location, card: Card, *, key: str) -> Posted:
        """Post a card; the message's metadata carries the delivery's key."""
        return await self._posts.post(where, card, key)

    async def edit(self, where: Location, card: Card, *, key: str) -> None:
        """Update a posted card."""
        await self._posts.edit(where, card, key)

    async def discuss(self, where: Location, title: str) -> Posted:
        """The thread of a posted card, which begins with the first reply; a thread in Slack has no title."""
        return await self._posts.thread_of(where)

    async def locate(self, where: Location) -> Posted:
        """The message with its permalink; every message can have a thread."""
        return await self._posts.locate(where)

    async def remove(self, where: Location) -> None:
        """Delete one of the bot's messages, and count it as a removed duplicate."""
        await self._posts.remove(where)
        self._app.metrics.duplicate_healed(self.name)

    async def find(self, where: Location, *, key: str, since: float) -> Posted | None:
        """Find a delivery in the channel's history. Raises Refused without the optional history scopes.

        Of several copies the first is kept and the others, duplicates of the same post, are deleted.
        """
        await self._need_history(where.workspace)
        copies = await find_copies(self._posts, where, key, since)
        if not copies:
            return None
        first, *duplicates = copies
        for ts in duplicates:
            if await self._posts.remove_copy(where, ts):
                self._app.metrics.duplicate_healed(self.name)
        return await self._posts.posted(where, first)

    async def own_posts(self, where: Location, *, keys: Collection[str], since: float) -> OwnPosts:
        """Our deliveries in a channel or a thread. Raises Refused without the optional history scopes."""
        await self._need_history(where.workspace)
        return await own_posts(self._posts, where, keys, since)

    async def _need_history(self, workspace: str) -> None:
        """Raise Refused without the optional history scopes."""
        if not self._settings.history and not await self._teams.can_read_history(workspace):
            raise Refused(_("without the history scopes, the channel cannot be searched"))

    async def send_direct_message(self, where: Location, person: str, card: Card) -> None:
        """Send a card to one person by direct message."""
        await self._sender.send_direct_message(where.workspace, person, card)

    async def read_file(self, where: Location, reference: str, limit: int) -> bytes:
        """Content of a file that was uploaded in a form. Raises UserError if it is too large or cannot be read."""
        return await read_file(self._teams, self._settings.base_url, where.workspace, reference, limit)

    async def unsuitable(self, where: Location, purpose: str) -> str:
        """Reason why a channel cannot be used: it is archived, or I am not in it and cannot join it."""
        return await self._lifecycle.problem_of(where.workspace, where.room)

    async def thread_state(self, where: Location) -> ThreadState:
        """State of a thread."""
        return await self._posts.thread_state(where)

    async def group_names(self, workspace: str) -> Mapping[str, str]:
        """Handles of a workspace's user groups by id."""
        return await self._users.group_names(workspace)

    def sketch(self, workspace: str, card: Card) -> PayloadPreview:
        """The text and the blocks of the message that would be posted."""
        return payload_preview(card)

    async def doctor(self, workspace: str, rooms: Sequence[Location]) -> list[DoctorFinding]:
        """Check token, scopes, connection and rooms."""
        try:
            emoji = await counted_emoji(self._app, self.name, workspace)
            return await check(self._teams, self._settings, workspace, rooms, emoji)
        finally:
            if not self._is_serving:  # as on the command line
                await self._teams.close()

    async def _check_installations(self) -> None:
        """Load the workspaces' tokens, and start a check of each workspace's channels. Raises UserError if Slack
        refuses the token.
        """
        try:
            await self._teams.preload()
        except Refused as error:
            if not self._teams.cipher:
                is_said = str(error).startswith(_(FIXABLE_ERRORS["invalid_auth"]))
                sentence = f"{error}." if is_said else _("Slack does not accept the token: {error}.", error=error)
                raise UserError(sentence) from error
            log.error("Slack does not accept the token: %s. Workspaces that installed the app go on.", error)  # noqa: TRY400  no traceback is needed
        for team in await self._teams.all_ids():
            self._tasks.start(self._check_installation(team), f"check workspace {team}")

    async def _check_installation(self, team: str) -> None:
        try:
            await self._lifecycle.on_installed(team)
        except REQUEST_FAILURES as error:
            log.warning("workspace %s was not checked: %s", team, error)

    async def _recount_reactions(self) -> None:
        """Count the reactions that were added or taken away while the program was not running."""
        try:
            if corrected := await recount(self._app, self._reactions):
                log.info("%d reactions had changed on Slack", corrected)
        except Exception:
            log.exception("the reactions were not recounted")

    async def _retry_events(self) -> None:
        while True:
            try:
                await self._inbox.retry_pending()
            except Exception:
                log.exception("the stored events were not retried")
            await asyncio.sleep(RETRY_INTERVAL)
