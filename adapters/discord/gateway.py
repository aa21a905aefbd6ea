"""Discord as a platform that the club posts to: one way out, which never sends anything twice."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any, TypeVar

import discord
from discord import ui

from adapters.discord import posting
from adapters.discord.client import point
from adapters.discord.connection import Connection
from adapters.discord.doctor import examine
from adapters.discord.menus import MENUS
from adapters.discord.pace import USUAL, Pace
from adapters.discord.render import COMPONENTS, COMPONENTS_V2, TEXT, render
from adapters.discord.replies import keep_counting
from adapters.discord.seals import CARRIED, Seals, mark
from adapters.discord.sending import FORBIDDEN, Traffic, ask, code_of
from adapters.discord.tongues import read
from adapters.discord.voice import NOBODY, Voice
from adapters.discord.work import Work
from bot.app import App
from bot.chat.cards import Card
from bot.chat.gateway import Finding, Posted, Refused, Sketch, Where
from bot.dispatch import with_short_calls
from bot.editions.attached import drawn, without
from bot.errors import UserError
from bot.settings import Discord

T = TypeVar("T")

NAME = "discord"


class DiscordGateway:
    """Also the one who listens: by Discord's gateway, no public address is needed."""

    name = NAME

    def __init__(self, app: App, settings: Discord, pace: Pace = USUAL) -> None:
        point(settings.rest_url, settings.gateway_url)
        self._app = app
        self._work = Work(pace.parting)
        traffic = Traffic(app.metrics)
        self._voice = Voice(traffic)
        self._connection = Connection(
            app,
            settings,
            self._voice,
            traffic,
            self._work,
            pace,
            translator=read(settings.names_file),
            background=partial(keep_counting, app, self._voice),
        )

    async def serve(self) -> None:
        """Listen until cancelled; then what is under way is finished first. Raises UserError where only a person
        can help: a token that is no good."""
        await self._connection.keep()

    async def ready(self) -> None:
        """Return if Discord reaches us; else raise UserError that says since when it does not."""
        if trouble := self._connection.trouble:
            raise UserError(f"Discord: {trouble}.")

    async def post(self, where: Where, card: Card, *, key: str) -> Posted:
        """Post a card, marked so that it can be found again."""
        with self._work.one():
            return await self._with_pictures(where, card, key, partial(posting.post, self._voice, where, card, key=key))

    async def edit(self, where: Where, card: Card, *, key: str) -> None:
        """Draw a posted card anew."""
        with self._work.one():
            await self._with_pictures(where, card, key, partial(posting.edit, self._voice, where))

    async def discuss(self, where: Where, title: str, card: Card) -> Posted:
        """Open the thread of a posted card and say the first words in it; where one is, that one."""
        with self._work.one():
            return await posting.open_thread(self._voice, where, title, await self._drawn(where, card))

    async def find(self, where: Where, *, key: str, since: float) -> Posted | None:
        """Look for a delivery among our own messages, by its mark."""
        return await posting.find(self._voice, where, key, since)

    async def tell(self, where: Where, person: str, card: Card) -> None:
        """Say something to one person, in a direct message. It has no buttons: there is no club to press them in."""
        with self._work.one():
            private = await ask(self._voice.client.create_dm(discord.Object(int(person))))
            await self._voice.send(private.send(view=render(card, None), allowed_mentions=NOBODY))

    def sketch(self, workspace: str, card: Card) -> Sketch:
        """The components of the message."""
        view = render(card, Seals(self._app.home.secret, workspace), pictures=True)
        drawn: list[Any] = view.to_components()  # type: ignore[no-untyped-call] # discord.py left it untyped
        body = {"flags": COMPONENTS_V2, "components": drawn}
        sizes = (("components", view.total_children_count, COMPONENTS), ("characters", view.content_length(), TEXT))
        return Sketch(body, sizes)

    async def doctor(self, workspace: str, rooms: Sequence[Where]) -> list[Finding]:
        """Check the connection, the commands, and whether each room may be posted to."""
        commands = {*self._app.commands, *MENUS}
        return await examine(self._voice, workspace, rooms, commands, self._connection.trouble)

    async def _with_pictures(self, where: Where, card: Card, key: str, out: Callable[..., Awaitable[T]]) -> T:
        """Send a card out with its pictures; without them where they may not be attached, since words tell the same."""
        view = await self._drawn(where, card, key, pictures=True)
        try:
            return await out(view=view, shown=await drawn(card))
        except Refused as error:
            if code_of(error) != FORBIDDEN or (plain := without(card)) is card:
                raise
        return await out(view=await self._drawn(where, plain, key))

    async def _drawn(self, where: Where, card: Card, key: str = "", *, pictures: bool = False) -> ui.LayoutView:
        """The card as a message for a guild."""
        if any(len(str(button.call)) > CARRIED for button in card.buttons()):
            async with self._app.store.look() as house:
                workspace = await house.workspace(NAME, where.workspace)
            if workspace:
                card = await with_short_calls(self._app, card, workspace.club_id, CARRIED)
        seals = Seals(self._app.home.secret, where.workspace)
        return render(card, seals, marked=mark(key) if key else None, pictures=pictures)
