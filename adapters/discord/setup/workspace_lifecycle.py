"""Servers that install or remove the bot, and changes of their channels and permissions."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable
from functools import partial

import discord
from discord import ui

from adapters.discord.render.components import render
from adapters.discord.render.custom_ids import CustomIdSigner
from adapters.discord.setup.permissions import missing_permissions_text
from adapters.discord.transport.requests import ask, send
from adapters.discord.transport.rest_client import NO_MENTIONS, RestClient
from bot.app import App
from bot.chat.cards import Card
from bot.chat.gateway import NotSent, OutcomeUnknown, Refused
from bot.domain.models import Room, Workspace
from bot.features.shared.delivery.reachability import (
    WorkspaceOwner,
    rename_channel,
    report_lost_channel,
    report_removed_workspace,
    restore_channel,
    tell_admins,
)
from bot.features.shared.languages import club_language
from bot.features.shared.platform_texts import greeting_card, returned_card
from bot.locale.current import _
from bot.requester_lookup import register_workspace

log = logging.getLogger(__name__)

NAME = "discord"


class WorkspaceLifecycle:
    """Keeps the club's record of its servers and channels on Discord up to date."""

    def __init__(self, app: App, rest_client: RestClient) -> None:
        self._app = app
        self._rest_client = rest_client

    async def on_installed(self, guild: discord.Guild) -> None:
        """Register a guild that the bot was added to, or is in at a start."""
        known = await self._workspace(guild.id)
        if known is None or known.left_at is not None or known.name != guild.name:
            await register_workspace(self._app, NAME, str(guild.id), guild.name)
        if known is not None and known.left_at is not None:
            await self._tell_return(guild, known.club_id)
        await self._greet(guild)
        await self.check_rooms(guild)

    async def on_removed(self, guild_id: int, why: str) -> None:
        """Record that the bot was removed from a guild, and report it in the club's other places. The club's data is
        kept.
        """
        await report_removed_workspace(self._app, NAME, str(guild_id), _("Discord server"), why)

    async def on_all_available(self, present: Collection[int], known_ids: Iterable[int]) -> None:
        """After a start: record the removal from every guild in `known_ids` that is not `present`.

        `known_ids` are the ids of known guilds on this process's shards.
        """
        for guild_id in known_ids:
            if guild_id not in present:
                await self.on_removed(guild_id, _("removed while the program was not running"))

    async def known_guilds(self) -> list[int]:
        """Ids of the guilds that the bot is recorded to be in."""
        async with self._app.store.read_admin_session() as admin:
            return [int(workspace.external_id) for workspace in await admin.directory.active_workspaces(NAME)]

    async def check_rooms(self, guild: discord.Guild) -> None:
        """Check that the club's channels exist and can be used, and update their names."""
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

    async def on_thread_deleted(self, guild_id: int, thread_id: int) -> None:
        """Forget a discussion whose thread was deleted, so that a new one can be opened."""
        workspace = await self._workspace(guild_id)
        if workspace is not None:
            async with self._app.store.begin(workspace.club_id) as db:
                await db.discussions.delete(workspace.id, str(thread_id))

    async def _greet(self, guild: discord.Guild) -> None:
        """Greet a server once: its owner, or else the club's admins, or else a channel for those who run it.

        The greeting is recorded before it is sent, so that it is never sent twice.
        """
        fact = f"discord:greeted:{guild.id}"
        async with self._app.store.admin_session() as admin:
            if await admin.facts.value(fact):
                return
            await admin.facts.store(fact, self._app.now().isoformat())
        if await self._tell_owner(guild, greeting_card("server")):
            return
        workspace = await self._workspace(guild.id)
        if workspace and await tell_admins(self._app, workspace.club_id, greeting_card("server")):
            return
        await self._tell_channel(guild, greeting_card("server", private=False), or_anywhere=True)

    async def _tell_return(self, guild: discord.Guild, club_id: int) -> None:
        """Tell those who run a server that the bot is back, and that everything is as it was; if that reaches nobody,
        a channel.
        """
        async with self._app.store.read(club_id) as db, club_language(db):
            card = returned_card("server", guild.name)
        is_told = await tell_admins(self._app, club_id, card, except_account=str(guild.owner_id or ""))
        if not await self._tell_owner(guild, card):
            await self._tell_channel(guild, card, or_anywhere=not is_told)

    async def _direct_message(self, guild: discord.Guild, card: Card) -> None:
        """Send a card to a server's owner; if they refuse direct messages, to a channel for those who run it."""
        if not await self._tell_owner(guild, card):
            await self._tell_channel(guild, card)

    async def _tell_owner(self, guild: discord.Guild, card: Card) -> bool:
        """Send a card to a server's owner. False if they refuse direct messages; what may have arrived is not."""
        try:
            private = await ask(self._rest_client.client.create_dm(discord.Object(guild.owner_id or 0)))
            await send(private.send(view=self._view(guild, card), allowed_mentions=NO_MENTIONS))
        except (NotSent, Refused, OutcomeUnknown) as error:
            log.info("the owner of %s could not be sent a message: %s", guild.name, error)
            return not isinstance(error, Refused)
        return True

    async def _tell_channel(self, guild: discord.Guild, card: Card, *, or_anywhere: bool = False) -> None:
        """Post a card in the channel for Discord's notices to moderators, or in the one for its other messages.

        With `or_anywhere`, where the server has neither of them for me, in its first channel where I may write.
        """
        usual = [one for one in (guild.public_updates_channel, guild.system_channel) if one]
        others = [one for one in guild.text_channels if or_anywhere and not missing_permissions_text(one, guild.me)]
        for channel in (*usual, *others[:1]):
            try:
                room = self._rest_client.client.get_partial_messageable(channel.id)
                await send(room.send(view=self._view(guild, card), allowed_mentions=NO_MENTIONS))
            except (NotSent, Refused, OutcomeUnknown) as error:
                log.info("#%s of %s could not be sent a message: %s", channel.name, guild.name, error)
                if not isinstance(error, Refused):
                    return
            else:
                return

    def _view(self, guild: discord.Guild, card: Card) -> ui.LayoutView:
        return render(card, CustomIdSigner(self._app.installation.secret, str(guild.id)))

    async def _workspace(self, guild_id: int) -> Workspace | None:
        async with self._app.store.read_admin_session() as admin:
            return await admin.directory.workspace(NAME, str(guild_id))
