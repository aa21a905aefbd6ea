"""Gateway of Discord: builds the adapter's parts; posts, edits and finds messages, and never sends one twice."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar
from urllib.parse import urlsplit

import discord
from discord import ui

from adapters.discord.inbound.application_commands import add_commands
from adapters.discord.inbound.interactions import ClubCommandTree, InteractionHandler
from adapters.discord.inbound.localization import load_translations
from adapters.discord.inbound.message_menus import MENUS, add_message_menus
from adapters.discord.inbound.persistent_components import CallButton, CallMenu
from adapters.discord.inbound.reactions import Reactions
from adapters.discord.outbound import post_search, posting, scheduled_events
from adapters.discord.outbound.thread_counts import poll_thread_counts
from adapters.discord.render.components import COMPONENTS_V2, MAX_COMPONENTS, MAX_TEXT, render
from adapters.discord.render.custom_ids import MAX_CALL_LENGTH, CustomIdSigner, delivery_mark
from adapters.discord.setup.command_registration import register_commands
from adapters.discord.setup.doctor import check, check_reactions
from adapters.discord.setup.permissions import unsuitable_kind
from adapters.discord.setup.workspace_lifecycle import WorkspaceLifecycle
from adapters.discord.transport.client import Client, ClientHandlers, set_api_urls
from adapters.discord.transport.connection import ClientSetup, GatewayConnection
from adapters.discord.transport.requests import FORBIDDEN, RequestTracker, ask, code_of
from adapters.discord.transport.rest_client import NO_MENTIONS, RestClient
from adapters.discord.transport.task_group import TaskGroup
from adapters.discord.transport.timeouts import DEFAULT_TIMEOUTS, Timeouts
from bot.app import App
from bot.chat.cards import Card
from bot.chat.gateway import DoctorFinding, Location, NotSent, OutcomeUnknown, OwnPosts, PayloadPreview, Posted, Refused
from bot.chat.gateway_capabilities import ThreadState
from bot.chat.platform_error_texts import reason_text
from bot.chat.platform_events import PlatformEvent
from bot.domain.club_settings import ClubSettings, Purpose
from bot.editions.render.attachments import render_attachments, without_files
from bot.errors import UserError
from bot.features.papers.reaction_recount import recount
from bot.features.papers.reaction_votes import counted_emoji
from bot.features.shared.editions.figure_loading import load_figures
from bot.locale.current import _
from bot.saved_calls import with_short_calls
from bot.settings import DiscordSettings

log = logging.getLogger(__name__)

T = TypeVar("T")

NAME = "discord"

ATTACHMENT_HOSTS = ("cdn.discordapp.com", "media.discordapp.net")
"""Hosts of the files that people attach to commands."""


class DiscordGateway:
    """Discord's gateway. It receives events over Discord's WebSocket, so no public address is needed."""

    name = NAME

    def __init__(self, app: App, settings: DiscordSettings, timeouts: Timeouts = DEFAULT_TIMEOUTS) -> None:
        set_api_urls(settings.rest_url, settings.gateway_url)
        self._app = app
        self._tasks = TaskGroup(timeouts.drain)
        tracker = RequestTracker(app.metrics)
        self._rest_client = RestClient(tracker)
        self._guild_ids = settings.guild_ids
        self._token = settings.token
        self._rest_url = settings.rest_url
        self._translator = load_translations(settings.names_file)
        self._interactions = InteractionHandler(app, self._tasks)
        guilds = WorkspaceLifecycle(app, self._rest_client)
        self._reactions = (
            Reactions(app, self._rest_client, self._tasks, self.send_direct_message) if settings.reactions else None
        )
        setup = ClientSetup(
            ClientHandlers(self._interactions.on_click, self._interactions.on_form, guilds, self._reactions),
            self._prepare,
            self._register_commands,
            self._poll_reactions_and_threads,
        )
        self._connection = GatewayConnection(app, settings, self._rest_client, tracker, self._tasks, timeouts, setup)

    async def serve(self) -> None:
        """Listen until cancelled, then finish the requests in progress. Raises UserError for errors that only a person
        can fix, such as an invalid token.
        """
        await self._connection.stay_connected()

    async def ready(self) -> None:
        """Return if the bot is connected to Discord. Raises UserError with the time since when it is not."""
        if problem := self._connection.problem:
            raise UserError(_("Discord: {problem}.", problem=problem))

    async def post(self, where: Location, card: Card, *, key: str) -> Posted:
        """Post a card with a delivery mark, by which it can be found again."""
        with self._tasks.track():
            return await self._with_pictures(
                where, card, key, partial(posting.post, self._rest_client, where, card, key=key)
            )

    async def edit(self, where: Location, card: Card, *, key: str) -> None:
        """Update a posted card."""
        with self._tasks.track():
            await self._with_pictures(where, card, key, partial(posting.edit, self._rest_client, where))

    async def discuss(self, where: Location, title: str) -> Posted:
        """Open the thread of a posted card; returns the existing thread if there is one."""
        with self._tasks.track():
            return await posting.open_thread(self._rest_client, where, title)

    async def locate(self, where: Location) -> Posted:
        """The location and URL of one of the bot's messages; for the first message of a forum post, those of the
        post.
        """
        return await posting.locate(self._rest_client, where)

    async def remove(self, where: Location) -> None:
        """Delete one of the bot's messages; for the first message of a forum post, the whole post."""
        with self._tasks.track():
            await posting.remove(self._rest_client, where)

    async def find(self, where: Location, *, key: str, since: float) -> Posted | None:
        """Find a delivery among the bot's own messages by its mark."""
        return await post_search.find_post(self._rest_client, where, key, since)

    async def own_posts(self, where: Location, *, keys: Collection[str], since: float) -> OwnPosts:
        """Our deliveries among our own messages, by their marks."""
        return await post_search.own_posts(self._rest_client, where, keys, since)

    async def send_direct_message(self, where: Location, person: str, card: Card) -> None:
        """Send a card to one person by direct message. Its buttons are signed for the server, whose club they mean."""
        with self._tasks.track():
            private = await ask(self._rest_client.client.create_dm(discord.Object(int(person))))
            view = await self._rendered(where, card)
            await self._rest_client.send(private.send(view=view, allowed_mentions=NO_MENTIONS))

    def _is_attachment(self, url: str) -> bool:
        """True for an address of Discord's files, or of the server that stands in for Discord."""
        asked, api = urlsplit(url), urlsplit(self._rest_url)
        is_stand_in = (asked.scheme, asked.netloc) == (api.scheme, api.netloc) and asked.path.startswith(
            "/attachments/"
        )
        return (asked.scheme == "https" and asked.hostname in ATTACHMENT_HOSTS) or is_stand_in

    async def read_file(self, where: Location, reference: str, limit: int) -> bytes:
        """Content of a file that was attached to a command. Raises UserError if it is too large, gone, or elsewhere."""
        url, _unused, size = reference.partition("#")
        if not self._is_attachment(url):
            raise UserError(_("That is not a file on Discord. Attach it to the command."), field="file")
        if not size.isdecimal() or int(size) > limit:
            raise UserError(_("The file is larger than {limit} MB.", limit=limit // 2**20), field="file")
        try:
            return await self._rest_client.client.http.get_from_cdn(url)
        except (discord.HTTPException, OSError) as error:
            raise UserError(_("Discord no longer has that file. Attach it again."), field="file") from error

    async def events(self, where: Location) -> Mapping[str, str]:
        """Ids of the bot's scheduled events to come in a server, by key."""
        return await scheduled_events.events(self._rest_client, where)

    async def create_event(self, where: Location, event: PlatformEvent) -> str:
        """Create a scheduled event. Returns its id."""
        with self._tasks.track():
            return await scheduled_events.create(self._rest_client, where, event)

    async def change_event(self, where: Location, id: str, event: PlatformEvent) -> None:
        """Change a scheduled event. Raises EventGone if it was deleted or is over."""
        with self._tasks.track():
            await scheduled_events.change(self._rest_client, where, id, event)

    async def cancel_event(self, where: Location, id: str) -> None:
        """Cancel a scheduled event. A missing one is no error."""
        with self._tasks.track():
            await scheduled_events.cancel(self._rest_client, where, id)

    def sketch(self, workspace: str, card: Card) -> PayloadPreview:
        """The components of the message that would be posted."""
        view = render(card, CustomIdSigner(self._app.installation.secret, workspace), pictures=True)
        components: list[Any] = view.to_components()  # type: ignore[no-untyped-call] # discord.py left it untyped
        body = {"flags": COMPONENTS_V2, "components": components}
        sizes = (
            ("components", view.total_children_count, MAX_COMPONENTS),
            ("characters", view.content_length(), MAX_TEXT),
        )
        return PayloadPreview(body, sizes)

    async def rename_thread(self, where: Location, title: str) -> None:
        """Give a thread, or a post of a forum, another title."""
        with self._tasks.track():
            await posting.rename_thread(self._rest_client, where, title)

    async def thread_state(self, where: Location) -> ThreadState:
        """State of a thread. An archived one is open: whoever writes there opens it again."""
        return await posting.thread_state(self._rest_client, where)

    async def group_names(self, workspace: str) -> Mapping[str, str]:
        """Names of a server's roles by id, without the one of everybody."""
        try:
            guild = await ask(self._rest_client.client.fetch_guild(int(workspace), with_counts=False))
        except (NotSent, OutcomeUnknown, Refused) as error:
            log.info("Discord does not give the roles of a server: %s", error)
            return {}
        return {str(role.id): role.name for role in guild.roles if not role.is_default()}

    async def unsuitable(self, where: Location, purpose: Purpose) -> str:
        """Reason why a channel's kind cannot serve a purpose, or why I cannot see it; empty if it can, or if it cannot
        be looked at now.
        """
        try:
            channel = await self._rest_client.channel(int(where.room), refresh=True)
        except Refused as error:
            return reason_text(error)
        except (NotSent, OutcomeUnknown):
            return ""
        return unsuitable_kind(channel, purpose)

    async def doctor(self, workspace: str, rooms: Sequence[Location]) -> list[DoctorFinding]:
        """Check the connection, the commands, and the permissions in each room.

        Before `serve`, as on the command line, it logs in for the checks alone.
        """
        if self._rest_client.is_open:
            return await self._check(workspace, rooms, self._connection.problem)
        try:
            await self._rest_client.open(self._token.get_secret_value())
        except discord.LoginFailure:
            refused = _("Discord does not accept the token. Reset it under Bot, and set JOURNALCLUB_DISCORD__TOKEN.")
            return [DoctorFinding("Discord", False, refused)]
        except (discord.HTTPException, OSError) as error:
            return [DoctorFinding("Discord", False, _("cannot be reached ({error})", error=error))]
        try:
            return await self._check(workspace, rooms, "")
        finally:
            await self._rest_client.close()

    async def _check(self, workspace: str, rooms: Sequence[Location], problem: str) -> list[DoctorFinding]:
        commands = {*self._app.commands, *MENUS}
        ping, emoji = await self._pinged_role(workspace), await counted_emoji(self._app, NAME, workspace)
        found = await check(self._rest_client, workspace, rooms, commands, problem, ping)
        return [*found, check_reactions(emoji, heard=self._reactions is not None)] if emoji else found

    async def _pinged_role(self, workspace: str) -> str:
        """Id of the role that a server's new editions mention; empty if they mention none."""
        async with self._app.store.read_admin_session() as admin:
            known = await admin.directory.workspace(NAME, workspace)
            club = await admin.directory.club(known.club_id) if known else None
        return ClubSettings.of(club.settings).pinged(NAME) if club else ""

    async def _poll_reactions_and_threads(self) -> None:
        """Ask for what Discord does not tell: reactions since the last start, then the threads' replies, regularly."""
        try:
            if self._reactions and (corrected := await recount(self._app, self._reactions)):
                log.info("%d reactions had changed on Discord", corrected)
        except Exception:
            log.exception("the reactions were not recounted")
        await poll_thread_counts(self._app, self._rest_client)

    def _prepare(self, client: Client) -> None:
        """Add the commands, the message menus, and the persistent buttons to a new client."""
        tree = ClubCommandTree(client, self._app)
        add_commands(tree, self._app.commands, self._interactions.on_command, self._interactions.suggest)
        add_message_menus(tree, self._interactions)
        client.add_dynamic_items(CallButton, CallMenu)
        self._tree = tree

    async def _register_commands(self, client: Client) -> None:
        """Register the commands, with their names in other languages, with Discord if they have changed."""
        await self._tree.set_translator(self._translator)
        assert client.application_id is not None, "there is one after the login"
        await register_commands(self._app, self._tree, client.application_id, self._guild_ids)

    async def _with_pictures(self, where: Location, card: Card, key: str, send: Callable[..., Awaitable[T]]) -> T:
        """Send a card with its pictures, or without them if attaching files is refused: the card's text says the
        same.
        """
        card, figures = await load_figures(self._app, NAME, where.workspace, card)
        view = await self._rendered(where, card, key, pictures=True)
        try:
            return await send(view=view, attachments=await render_attachments(card, figures))
        except Refused as error:
            if code_of(error) != FORBIDDEN or (plain := without_files(card)) is card:
                raise
        return await send(view=await self._rendered(where, plain, key))

    async def _rendered(self, where: Location, card: Card, key: str = "", *, pictures: bool = False) -> ui.LayoutView:
        """The card as a message for a guild."""
        if any(len(str(button.call)) > MAX_CALL_LENGTH for button in card.buttons()):
            async with self._app.store.read_admin_session() as admin:
                workspace = await admin.directory.workspace(NAME, where.workspace)
            if workspace:
                card = await with_short_calls(self._app, card, workspace.club_id, MAX_CALL_LENGTH)
        signer = CustomIdSigner(self._app.installation.secret, where.workspace)
        return render(card, signer, mark=delivery_mark(key) if key else None, pictures=pictures)
