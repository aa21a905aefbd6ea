"""Interactions become calls; the answers go back to them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field, replace
from functools import wraps
from typing import Any, Concatenate, ParamSpec

import discord
from discord import app_commands

from adapters.discord.inbound import forms
from adapters.discord.inbound.interaction_context import Interaction, location, requester
from adapters.discord.outbound.responder import Responder
from adapters.discord.render.custom_ids import MAX_CALL_LENGTH, ComponentAction, delivery_mark, mark_of
from adapters.discord.transport.task_group import TaskGroup
from bot.app import App, RequestKind
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Style, Tone, note, text
from bot.chat.commands import Command, Reply
from bot.chat.parameters import Parameter
from bot.chat.rich_text import Bold
from bot.dispatch import AGAIN, KEPT, answer, identify, load_saved_call, save_call
from bot.errors import UserError
from bot.features.shared.doubtful_posts import recognize_post
from bot.features.shared.message_shortcuts import curate_from, quote_from, submit_from_message

log = logging.getLogger(__name__)


class ClubCommandTree(app_commands.CommandTree[discord.Client]):
    """The application commands."""

    def __init__(self, client: discord.Client, app: App) -> None:
        super().__init__(client)
        self._app = app

    async def on_error(self, interaction: Interaction, error: app_commands.AppCommandError, /) -> None:
        """A command that this version does not know is still shown to somebody, or broke."""
        if isinstance(error, app_commands.CommandNotFound | app_commands.CommandSignatureMismatch):
            await Responder(self._app, interaction).send_private(error_card(OUTDATED_COMMAND))
        else:
            log.error("an application command failed", exc_info=error)


PATIENCE = 2.0
"""Seconds within which suggestions must be there; Discord drops them after three."""


NO_CLUB = "A club lives in a server: please ask me there. I look forward to it."


OUTDATED_COMMAND = "This button is from another time, or not one of mine. Please start again with the command."


P = ParamSpec("P")


def counted(
    listener: Callable[Concatenate[Interactions, P], Coroutine[Any, Any, None]],
) -> Callable[Concatenate[Interactions, P], Coroutine[Any, Any, None]]:
    """Count what a listener does as work under way from its first moment, so that the line is not closed under it."""

    @wraps(listener)
    async def counting(self: Interactions, /, *args: P.args, **kwargs: P.kwargs) -> None:
        with self.work.track():
            await listener(self, *args, **kwargs)

    return counting


@dataclass(frozen=True, slots=True)
class Interactions:
    """Everything that Discord may say to the club."""

    app: App
    work: TaskGroup = field(default_factory=TaskGroup)

    @counted
    async def on_command(self, interaction: Interaction, command: Command, call: Call) -> None:
        """An application command. Where words are missing its form opens instead."""
        answering = Responder(self.app, interaction)
        if interaction.guild_id is None:
            await answering.send_private(error_card(NO_CLUB))
            return
        await self._run(interaction, command, call, RequestKind.TYPED, answering)

    @counted
    async def on_click(self, interaction: Interaction, custom_id: str, label: str) -> None:
        """A button, or an option of a menu. That it was there to be pressed shows that its message is posted."""
        await self._pressed(interaction, custom_id, label)
        await self._recognise(interaction)

    async def _recognise(self, interaction: Interaction) -> None:
        message = interaction.message
        if message is None or message.flags.ephemeral or interaction.guild_id is None:
            return
        if marked := mark_of(message):
            await recognize_post(self.app, location(interaction), lambda key: delivery_mark(key) == marked)

    async def _pressed(self, interaction: Interaction, custom_id: str, label: str) -> None:
        answering = Responder(self.app, interaction)
        if interaction.guild_id is None:
            await answering.send_private(error_card(NO_CLUB))
            return
        opened = answering.signer.open(custom_id)
        if opened is None:
            await answering.send_private(error_card(OUTDATED_COMMAND))
            return
        said, act = opened
        try:
            call, reopened = await self._message_call(interaction, said)
            command = self.app.commands[call.command]
        except (UserError, KeyError) as error:
            await answering.send_private(error_card(str(error) if isinstance(error, UserError) else OUTDATED_COMMAND))
            return
        if act is ComponentAction.ASK:
            await answering.send_private(_confirmation_card(said, label, command), ComponentAction.SURE)
            return
        if act is ComponentAction.SURE:
            answering = Responder(self.app, interaction, onto=True)
        # A message that others see is drawn anew as a delivery; whoever pressed is answered as if they had typed it.
        own = interaction.message is not None and interaction.message.flags.ephemeral
        via = RequestKind.CLICK if own else RequestKind.TYPED
        await self._run(interaction, command, call, via, answering, form=reopened)

    @counted
    async def on_form(self, interaction: Interaction) -> None:
        """A submitted form."""
        data: Any = interaction.data or {}
        answering = Responder(self.app, interaction)
        opened = answering.signer.open(str(data.get("custom_id", "")))
        if interaction.guild_id is None or opened is None:
            await answering.send_private(error_card(NO_CLUB if interaction.guild_id is None else OUTDATED_COMMAND))
            return
        try:
            base, _ = await self._message_call(interaction, opened[0])
            call = forms.read_form(base, data)
            command = self.app.commands[call.command]
        except (UserError, KeyError) as error:
            await answering.send_private(error_card(str(error) if isinstance(error, UserError) else OUTDATED_COMMAND))
            return
        await self._answer(interaction, command, call, RequestKind.FORM, answering)

    @counted
    async def on_submit_message(self, interaction: Interaction, message: discord.Message) -> None:
        """ "Submit this paper", in the menu of a message: its form, or a choice where the message has several links."""
        answering = Responder(self.app, interaction)
        linked = [embed.url for embed in message.embeds if embed.url and embed.url not in message.content]
        try:
            found = submit_from_message("\n".join((message.content, *linked)))
        except UserError as error:
            await answering.send_private(error_card(str(error)))
            return
        if isinstance(found, Card):
            await answering.send_private(found)
        else:
            await self._open(interaction, self.app.commands[found.command], found, answering)

    @counted
    async def on_quote_message(self, interaction: Interaction, message: discord.Message) -> None:
        """ "Quote me in the digest", in the menu of one's own message: a form that asks how to be named."""
        answering = Responder(self.app, interaction)
        try:
            call = quote_from(message.content, own=message.author.id == interaction.user.id, url=message.jump_url)
        except UserError as error:
            await answering.send_private(error_card(str(error)))
            return
        await self._open(interaction, self.app.commands[call.command], call, answering)

    @counted
    async def on_curate_message(self, interaction: Interaction, message: discord.Message) -> None:
        """ "Curate this", in the menu of a message: of one of our cards, or of a message that links a paper."""
        answering = Responder(self.app, interaction)
        where = replace(location(interaction), message=str(message.id))
        try:
            call = await curate_from(await identify(self.app, requester(interaction), where), message.content)
        except UserError as error:
            await answering.send_private(error_card(str(error)))
            return
        await self._answer(interaction, self.app.commands[call.command], call, RequestKind.TYPED, answering)

    async def suggest(self, interaction: Interaction, param: Parameter, typed: str) -> Sequence[tuple[str, str]]:
        """What a parameter suggests for what was typed so far; nothing where that takes too long."""
        if param.ask.suggest is None or interaction.guild_id is None:
            return ()
        try:
            async with asyncio.timeout(PATIENCE):
                context = await identify(self.app, requester(interaction), location(interaction))
                return await param.ask.suggest(context, typed)
        except UserError:
            return ()
        except Exception:
            log.exception("no suggestions for %s", param.name)
            return ()

    async def _message_call(self, interaction: Interaction, said: str) -> tuple[Call, bool]:
        """The call behind what a button says, and whether its form is to be opened again."""
        name, _, rest = said.partition(" ")
        if name not in (AGAIN, KEPT):
            return self.app.commands.find_stored(said)[1], False
        context = await identify(self.app, requester(interaction), location(interaction))
        return await load_saved_call(self.app, Call(name, (rest,)), context.club.id), name == AGAIN

    async def _run(
        self,
        interaction: Interaction,
        command: Command,
        call: Call,
        via: RequestKind,
        answering: Responder,
        *,
        form: bool = False,
    ) -> None:
        try:
            missing = command.missing(call, here=bool(location(interaction).thread))
        except UserError as error:
            await answering.send_private(error_card(str(error)))
            return
        if missing or form:
            await self._open(interaction, command, call, answering)
        else:
            await self._answer(interaction, command, call, via, answering)

    async def _open(self, interaction: Interaction, command: Command, call: Call, answering: Responder) -> None:
        """Open the command's form, filled in as far as the call goes. A form can only be the first answer."""
        where = location(interaction)
        here = bool(where.thread)
        given = command.words(call, here=here)
        carries = forms.hidden_values(command, given, here=here)
        if len(str(carries)) > MAX_CALL_LENGTH:
            context = await identify(self.app, requester(interaction), where)
            carries = await save_call(self.app, carries, context.club.id)
        await answering.form(forms.form(command, given, carries, answering.signer, here=here))

    async def _answer(
        self, interaction: Interaction, command: Command, call: Call, via: RequestKind, answering: Responder
    ) -> None:
        where = location(interaction)
        if await answering.defer(_audience(command, call, via, here=bool(where.thread))):
            async for said in answer(self.app, call, requester(interaction), where, via):
                await answering.send(said)


def _audience(command: Command, call: Call, via: RequestKind, *, here: bool) -> Reply:
    """Who will see the answer, as far as that can be told before it is there: a mistake is for the asker alone."""
    try:
        command.read(call, here=here)
    except UserError:
        return Reply.PRIVATE
    return command.replies(call, clicked=via is RequestKind.CLICK)


def error_card(say: str) -> Card:
    """What is said to somebody whose act cannot even begin."""
    return Card("That did not work", (text(say),), Tone.BAD)


def _confirmation_card(said: str, label: str, command: Command) -> Card:
    """Asks before an act that cannot be undone."""
    sure = Button("Yes, do it", Call(said), Style.DANGER)
    return Card(
        "Are you sure?",
        (text(Bold(label), f" — {command.summary}"), Buttons((sure,)), note("Leave it be to change nothing.")),
    )
