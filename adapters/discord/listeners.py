"""Discord in: commands, buttons, menus and forms become calls; answers go back to where they were asked for.

Discord wants a first answer within three seconds, so each listener promises one (or opens a form) before anything
else; an interaction that somebody else has answered already is left alone.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field, replace
from functools import wraps
from typing import Any, Concatenate, ParamSpec

import discord

from adapters.discord import forms
from adapters.discord.people import Interaction, place, who
from adapters.discord.reply import Answering
from adapters.discord.seals import CARRIED, Act
from adapters.discord.work import Work
from bot.app import App, Via
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Style, Tone, note, text
from bot.chat.commands import Command, Reply
from bot.chat.params import Param
from bot.chat.rich import Bold
from bot.dispatch import AGAIN, KEPT, answer, enter, keep, unfold
from bot.errors import UserError
from bot.features.messages import curate_from, quote_from, submit_from

log = logging.getLogger(__name__)

PATIENCE = 2.0
"""Seconds within which suggestions must be there; Discord drops them after three."""

NO_CLUB = "A club lives in a server: please ask me there. I look forward to it."
OLD = "This button is from another time, or not one of mine. Please start again with the command."


P = ParamSpec("P")


def counted(
    listener: Callable[Concatenate[Listeners, P], Coroutine[Any, Any, None]],
) -> Callable[Concatenate[Listeners, P], Coroutine[Any, Any, None]]:
    """Count what a listener does as work under way from its first moment, so that the line is not closed under it."""

    @wraps(listener)
    async def counting(self: Listeners, /, *args: P.args, **kwargs: P.kwargs) -> None:
        with self.work.one():
            await listener(self, *args, **kwargs)

    return counting


@dataclass(frozen=True, slots=True)
class Listeners:
    """Everything that Discord may say to the club."""

    app: App
    work: Work = field(default_factory=Work)

    @counted
    async def on_command(self, interaction: Interaction, command: Command, call: Call) -> None:
        """An application command. Where words are missing its form opens instead."""
        answering = Answering(self.app, interaction)
        if interaction.guild_id is None:
            await answering.say(sorry(NO_CLUB))
            return
        await self._run(interaction, command, call, Via.TYPED, answering)

    @counted
    async def on_click(self, interaction: Interaction, custom_id: str, label: str) -> None:
        """A button, or an option of a menu."""
        answering = Answering(self.app, interaction)
        if interaction.guild_id is None:
            await answering.say(sorry(NO_CLUB))
            return
        opened = answering.seals.open(custom_id)
        if opened is None:
            await answering.say(sorry(OLD))
            return
        said, act = opened
        try:
            call, reopened = await self._meant(interaction, said)
            command = self.app.commands[call.command]
        except (UserError, KeyError) as error:
            await answering.say(sorry(str(error) if isinstance(error, UserError) else OLD))
            return
        if act is Act.ASK:
            await answering.say(_question(said, label, command), Act.SURE)
            return
        if act is Act.SURE:
            answering = Answering(self.app, interaction, onto=True)
        await self._run(interaction, command, call, Via.CLICK, answering, form=reopened)

    @counted
    async def on_form(self, interaction: Interaction) -> None:
        """A submitted form."""
        data: Any = interaction.data or {}
        answering = Answering(self.app, interaction)
        opened = answering.seals.open(str(data.get("custom_id", "")))
        if interaction.guild_id is None or opened is None:
            await answering.say(sorry(NO_CLUB if interaction.guild_id is None else OLD))
            return
        try:
            base, _ = await self._meant(interaction, opened[0])
            call = forms.filled(base, data)
            command = self.app.commands[call.command]
        except (UserError, KeyError) as error:
            await answering.say(sorry(str(error) if isinstance(error, UserError) else OLD))
            return
        await self._answer(interaction, command, call, Via.FORM, answering)

    @counted
    async def on_submit_message(self, interaction: Interaction, message: discord.Message) -> None:
        """ "Submit this paper", in the menu of a message: its form, or a choice where the message has several links."""
        answering = Answering(self.app, interaction)
        linked = [embed.url for embed in message.embeds if embed.url and embed.url not in message.content]
        try:
            found = submit_from("\n".join((message.content, *linked)))
        except UserError as error:
            await answering.say(sorry(str(error)))
            return
        if isinstance(found, Card):
            await answering.say(found)
        else:
            await self._open(interaction, self.app.commands[found.command], found, answering)

    @counted
    async def on_quote_message(self, interaction: Interaction, message: discord.Message) -> None:
        """ "Quote me in the digest", in the menu of one's own message: a form that asks how to be named."""
        answering = Answering(self.app, interaction)
        try:
            call = quote_from(message.content, own=message.author.id == interaction.user.id, url=message.jump_url)
        except UserError as error:
            await answering.say(sorry(str(error)))
            return
        await self._open(interaction, self.app.commands[call.command], call, answering)

    @counted
    async def on_curate_message(self, interaction: Interaction, message: discord.Message) -> None:
        """ "Curate this", in the menu of a message: of one of our cards, or of a message that links a paper."""
        answering = Answering(self.app, interaction)
        where = replace(place(interaction), message=str(message.id))
        try:
            call = await curate_from(await enter(self.app, who(interaction), where), message.content)
        except UserError as error:
            await answering.say(sorry(str(error)))
            return
        await self._answer(interaction, self.app.commands[call.command], call, Via.TYPED, answering)

    async def suggest(self, interaction: Interaction, param: Param, typed: str) -> Sequence[tuple[str, str]]:
        """What a parameter suggests for what was typed so far; nothing where that takes too long."""
        if param.ask.suggest is None or interaction.guild_id is None:
            return ()
        try:
            async with asyncio.timeout(PATIENCE):
                context = await enter(self.app, who(interaction), place(interaction))
                return await param.ask.suggest(context, typed)
        except UserError:
            return ()
        except Exception:
            log.exception("no suggestions for %s", param.name)
            return ()

    async def _meant(self, interaction: Interaction, said: str) -> tuple[Call, bool]:
        """The call behind what a button says, and whether its form is to be opened again."""
        name, _, rest = said.partition(" ")
        if name not in (AGAIN, KEPT):
            return self.app.commands.find_stored(said)[1], False
        context = await enter(self.app, who(interaction), place(interaction))
        return await unfold(self.app, Call(name, (rest,)), context.club.id), name == AGAIN

    async def _run(
        self,
        interaction: Interaction,
        command: Command,
        call: Call,
        via: Via,
        answering: Answering,
        *,
        form: bool = False,
    ) -> None:
        try:
            missing = command.missing(call, here=bool(place(interaction).thread))
        except UserError as error:
            await answering.say(sorry(str(error)))
            return
        if missing or form:
            await self._open(interaction, command, call, answering)
        else:
            await self._answer(interaction, command, call, via, answering)

    async def _open(self, interaction: Interaction, command: Command, call: Call, answering: Answering) -> None:
        """Open the command's form, filled in as far as the call goes. A form can only be the first answer."""
        where = place(interaction)
        here = bool(where.thread)
        given = command.words(call, here=here)
        carries = forms.carried(command, given, here=here)
        if len(str(carries)) > CARRIED:
            context = await enter(self.app, who(interaction), where)
            carries = await keep(self.app, carries, context.club.id)
        await answering.form(forms.form(command, given, carries, answering.seals, here=here))

    async def _answer(
        self, interaction: Interaction, command: Command, call: Call, via: Via, answering: Answering
    ) -> None:
        where = place(interaction)
        if await answering.promise(_audience(command, call, via, here=bool(where.thread))):
            async for said in answer(self.app, call, who(interaction), where, via):
                await answering.show(said)


def _audience(command: Command, call: Call, via: Via, *, here: bool) -> Reply:
    """Who will see the answer, as far as that can be told before it is there: a mistake is for the asker alone."""
    try:
        command.read(call, here=here)
    except UserError:
        return Reply.PRIVATE
    return command.replies(call, clicked=via is Via.CLICK)


def sorry(say: str) -> Card:
    """What is said to somebody whose act cannot even begin."""
    return Card("That did not work", (text(say),), Tone.BAD)


def _question(said: str, label: str, command: Command) -> Card:
    """Asks before an act that cannot be undone."""
    sure = Button("Yes, do it", Call(said), Style.DANGER)
    return Card(
        "Are you sure?",
        (text(Bold(label), f" — {command.summary}"), Buttons((sure,)), note("Leave it be to change nothing.")),
    )
