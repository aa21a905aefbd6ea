"""Coming and going: servers that let the bot in or throw it out, channels and rights that change under it."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable
from functools import partial

import discord

from adapters.discord.render.components import render
from adapters.discord.setup.permissions import missing_permissions_text
from adapters.discord.transport.requests import ask, send
from adapters.discord.transport.rest_client import NO_MENTIONS, RestClient
from bot.app import App
from bot.chat.cards import Card, Points, Tone, note, text
from bot.chat.gateway import NotSent, OutcomeUnknown, Refused
from bot.chat.rich_text import InlineCode
from bot.dispatch import register_workspace
from bot.domain.models import Room, Workspace
from bot.features.shared.reachability import (
    WorkspaceOwner,
    rename_channel,
    report_lost_channel,
    report_trouble,
    restore_channel,
)

log = logging.getLogger(__name__)

NAME = "discord"

GREETING = Card(
    "Thank you for letting me in",
    (
        text("I help people read papers together: they bring them, vote, discuss, and get an edition every week."),
        Points(
            (
                (
                    "In your server say ",
                    InlineCode("/clubadmin setup"),
                    ": which channels to use, and when editions are due.",
                ),
                (InlineCode("/clubadmin doctor"), " tells what I may not do yet, and how to mend it."),
                (InlineCode("/paper submit"), " brings the first paper; ", InlineCode("/help"), " lists the rest."),
            )
        ),
        note("Only you get this message, and only once."),
    ),
)


class WorkspaceLifecycle:
    """What the club learns from Discord about its own place there."""

    def __init__(self, app: App, rest_client: RestClient) -> None:
        self._app = app
        self._rest_client = rest_client

    async def on_installed(self, guild: discord.Guild) -> None:
        """The bot is in a guild: let in just now, or found there after a start."""
        known = await self._workspace(guild.id)
        if known is None or known.left_at is not None or known.name != guild.name:
            await register_workspace(self._app, NAME, str(guild.id), guild.name)
        await self._greet_owner(guild)
        await self.check_rooms(guild)

    async def on_removed(self, guild_id: int, why: str) -> None:
        """The bot was removed from a guild. What the club has there is kept; its other places are told."""
        async with self._app.store.admin_session() as admin:
            news = await admin.directory.leave(NAME, str(guild_id), why, self._app.now())
            workspace = await admin.directory.workspace(NAME, str(guild_id))
        if not news or workspace is None:
            return
        name = workspace.name or str(guild_id)
        log.warning("removed from the server %s: %s", name, why)
        say = f"I am no longer in the Discord server {name}. Everything is kept; when I am invited again it goes on."
        card = Card("Removed from a server", (text(say),), Tone.BAD)
        await report_trouble(self._app, workspace.club_id, f"removed from the server {name}", card)

    async def absent(self, present: Collection[int], known_ids: Iterable[int]) -> None:
        """After a start: from the servers that are not there any more the bot was removed in the meantime.
        `mine` are the ids of servers that this process would see."""
        for guild_id in known_ids:
            if guild_id not in present:
                await self.on_removed(guild_id, "removed while the program was not running")

    async def known(self) -> list[int]:
        """The guilds that the bot believes to be in."""
        async with self._app.store.read_admin_session() as admin:
            return [int(workspace.external_id) for workspace in await admin.directory.active_workspaces(NAME)]

    async def check_rooms(self, guild: discord.Guild) -> None:
        """See whether the club's channels are still there and may be used, and how they are called now."""
        workspace = await self._workspace(guild.id)
        if workspace is None or guild.unavailable or guild.me is None:
            return
        async with self._app.store.read(workspace.club_id) as db:
            rooms = [room for room in await db.rooms.all() if room.workspace_id == workspace.id]
        for room in rooms:
            channel = guild.get_channel(int(room.external_id))
            await self._update_room(guild, room, channel, missing_permissions_text(channel, guild.me))

    async def _update_room(
        self, guild: discord.Guild, room: Room, channel: discord.abc.GuildChannel | None, problem: str
    ) -> None:
        name = channel.name if channel else ""
        await rename_channel(self._app, room, name)
        if problem == room.trouble:
            return
        if problem:
            owner = WorkspaceOwner(str(guild.owner_id or ""), partial(self._direct_message, guild))
            await report_lost_channel(self._app, room, problem, name=name, owner=owner)
        else:
            await restore_channel(self._app, room)

    async def thread_deleted(self, guild_id: int, thread_id: int) -> None:
        """Forget a discussion whose thread was deleted, so that another can be opened."""
        workspace = await self._workspace(guild_id)
        if workspace is not None:
            async with self._app.store.begin(workspace.club_id) as db:
                await db.discussions.delete(workspace.id, str(thread_id))

    async def _greet_owner(self, guild: discord.Guild) -> None:
        """Greet a server's owner, once ever. The note comes first: better no greeting than two."""
        fact = f"discord:greeted:{guild.id}"
        async with self._app.store.admin_session() as admin:
            if await admin.facts.value(fact):
                return
            await admin.facts.store(fact, self._app.now().isoformat())
        await self._direct_message(guild, GREETING)

    async def _direct_message(self, guild: discord.Guild, card: Card) -> None:
        """Say something to a server's owner; where they take no direct messages, to its moderators' own channel."""
        view = render(card, None)
        try:
            private = await ask(self._rest_client.client.create_dm(discord.Object(guild.owner_id or 0)))
            await send(private.send(view=view, allowed_mentions=NO_MENTIONS))
        except (NotSent, Refused, OutcomeUnknown) as error:
            log.info("the owner of %s could not be told: %s", guild.name, error)
            if guild.public_updates_channel and isinstance(error, Refused):
                try:
                    room = self._rest_client.client.get_partial_messageable(guild.public_updates_channel.id)
                    await send(room.send(view=view, allowed_mentions=NO_MENTIONS))
                except (NotSent, Refused, OutcomeUnknown) as again:
                    log.info("nor its moderators: %s", again)

    async def _workspace(self, guild_id: int) -> Workspace | None:
        async with self._app.store.read_admin_session() as admin:
            return await admin.directory.workspace(NAME, str(guild_id))
