"""Discord as a platform that the club posts to: one way out, which never sends anything twice."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

import discord

from adapters.discord.client import Client, point
from adapters.discord.render import render
from adapters.discord.reply import NOBODY
from adapters.discord.seals import CARRIED, Seals, mark, mark_of
from adapters.discord.sending import Traffic, send
from adapters.discord.text import label
from bot.app import App
from bot.chat.cards import Card
from bot.chat.gateway import Finding, NotSent, Posted, Refused, Where
from bot.dispatch import with_short_calls
from bot.settings import Discord

log = logging.getLogger(__name__)

NAME = "discord"
THREAD_NAME = 100
"""The most characters of a thread's name (Discord, "Channel Resource")."""
WEEK: Final = 10080
"""Minutes after which a silent thread is put away; the longest that Discord offers."""
THREAD_EXISTS = 160004
"""The error code for a message that has a thread already."""


class DiscordGateway:
    """Also the one who listens: by Discord's gateway, no public address is needed."""

    name = NAME
    redraws = False  # it does, but two clicks at once may arrive in the wrong order: the courier has the last word

    def __init__(self, app: App, settings: Discord) -> None:
        point(settings.rest_url, settings.gateway_url)
        self._app = app
        self._settings = settings
        self._traffic = Traffic()
        self._client: Client | None = None

    async def serve(self) -> None:
        """Listen until cancelled."""
        client = Client(self._app, self._settings, self._traffic)
        async with client:
            await client.login(self._settings.token.get_secret_value())
            await client.find_gateway()
            self._client = client
            await client.tree.sync()
            await client.connect()

    async def post(self, where: Where, card: Card, *, key: str) -> Posted:
        """Post a card; its nonce keeps a second copy out for some minutes, its mark lets it be found later."""
        view = await self._draw(where, card, key)
        channel = self._room(where)
        message = await send(channel.send(view=view, nonce=key))
        return Posted(str(message.id), "", _url(where.workspace, channel.id, message.id))

    async def edit(self, where: Where, card: Card, *, key: str) -> None:
        """Draw a posted card anew."""
        view = await self._draw(where, card, key)
        await send(self._room(where).get_partial_message(int(where.message)).edit(view=view, allowed_mentions=NOBODY))

    async def discuss(self, where: Where, title: str, card: Card) -> Posted:
        """Open the thread of a posted card and say the first words in it; where one is, that one."""
        url = _url(where.workspace, where.message)
        message = self._room(where).get_partial_message(int(where.message))
        try:
            thread = await send(message.create_thread(name=label(title, THREAD_NAME), auto_archive_duration=WEEK))
        except Refused as error:
            if getattr(error.__cause__, "code", 0) == THREAD_EXISTS:
                return Posted(where.message, where.message, url)
            raise
        view = await self._draw(where, card, "")
        await send(thread.send(view=view, nonce=f"d{where.message}"))
        return Posted(where.message, str(thread.id), url)

    async def find(self, where: Where, *, key: str, since: float) -> Posted | None:
        """Look for a delivery in the channel's history, among our own messages, by its mark."""
        channel = self._room(where)
        return await send(self._among(channel, where, mark(key), since))

    async def tell(self, where: Where, person: str, card: Card) -> None:
        """Say something to one person, in a direct message. It has no buttons: there is no club to press them in."""
        client = self._connected()
        private = await send(client.create_dm(discord.Object(int(person))))
        await send(private.send(view=render(card, None)))

    async def doctor(self, workspace: str, rooms: Sequence[Where]) -> list[Finding]:
        """Check the connection and whether each room may be posted to."""
        guild = self._connected().get_guild(int(workspace))
        if guild is None:
            return [Finding("Discord", False, "I am not in that server: invite me with `journalclub invite discord`")]
        return [Finding("Discord", True, f"connected to {guild.name}")]

    async def _among(
        self, channel: discord.PartialMessageable, where: Where, wanted: int, since: float
    ) -> Posted | None:
        after = datetime.fromtimestamp(since, UTC)
        me = self._connected().user
        async for message in channel.history(after=after, oldest_first=True, limit=200):
            if me and message.author.id == me.id and mark_of(message) == wanted:
                return Posted(str(message.id), "", _url(where.workspace, channel.id, message.id))
        return None

    async def _draw(self, where: Where, card: Card, key: str) -> discord.ui.LayoutView:
        """The card as a message for a guild."""
        if any(len(str(button.call)) > CARRIED for button in card.buttons()):
            async with self._app.store.look() as house:
                workspace = await house.workspace(NAME, where.workspace)
            if workspace:
                card = await with_short_calls(self._app, card, workspace.club_id, CARRIED)
        return render(card, Seals(self._app.home.secret, where.workspace), marked=mark(key) if key else None)

    def _room(self, where: Where) -> discord.PartialMessageable:
        guild = int(where.workspace) if where.workspace else None
        return self._connected().get_partial_messageable(int(where.thread or where.room), guild_id=guild)

    def _connected(self) -> Client:
        if self._client is None:
            raise NotSent("Discord is not connected yet", 5)
        return self._client


def _url(*ids: object) -> str:
    return "https://discord.com/channels/" + "/".join(map(str, ids))
