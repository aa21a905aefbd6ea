"""Turns interactions into calls and shows the answers."""

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
from adapters.discord.inbound.direct_messages import (
    CHOICES,
    channel_options,
    choice_card,
    find_club,
    use_language_without_club,
)
from adapters.discord.inbound.interaction_context import GUILD, Interaction, guild_of, location, requester
from adapters.discord.inbound.typed_mentions import call_with_names, text_with_names
from adapters.discord.outbound.responder import Responder
from adapters.discord.render.custom_ids import MAX_CALL_LENGTH, ComponentAction, delivery_mark, mark_of
from adapters.discord.transport.task_group import TaskGroup
from bot.app import App, RequestKind
from bot.chat.calls import Call, split_words
from bot.chat.cards import Button, Buttons, Card, Style, note, text
from bot.chat.command import Command, Reply
from bot.chat.confirmations import question_before
from bot.chat.error_cards import build_error_card, error_card_of
from bot.chat.parameters import Parameter
from bot.chat.rich_text import Bold
from bot.dispatch import answer
from bot.errors import UserError
from bot.features.shared.delivery.unknown_outcomes import recognize_post
from bot.features.shared.message_shortcuts import curate_from, quote_from, submit_from_message
from bot.features.shared.platform_texts import OUTDATED_BUTTON
from bot.locale.current import _
from bot.requester_lookup import identify, use_language_of
from bot.saved_calls import EDIT_SAVED, FORM_REFERENCES, REFERENCES, load_saved_call, save_call

log = logging.getLogger(__name__)


class ClubCommandTree(app_commands.CommandTree[discord.Client]):
    """The application commands; errors before a command runs are answered here."""

    def __init__(self, client: discord.Client, app: App) -> None:
        super().__init__(client)
        self._app = app

    async def on_error(self, interaction: Interaction, error: app_commands.AppCommandError, /) -> None:
        """Answer a command that Discord still shows but this version does not have; log any other error."""
        if isinstance(error, app_commands.CommandNotFound | app_commands.CommandSignatureMismatch):
            await Responder(self._app, interaction, guild_of(interaction)).send_private(
                build_error_card(_(OUTDATED_BUTTON))
            )
        else:
            log.error("an application command failed", exc_info=error)


SUGGEST_TIMEOUT = 2.0
"""Seconds within which suggestions must be ready; Discord drops them after three."""


P = ParamSpec("P")


def tracked(
    listener: Callable[Concatenate[InteractionHandler, P], Coroutine[Any, Any, None]],
) -> Callable[Concatenate[InteractionHandler, P], Coroutine[Any, Any, None]]:
    """Count a listener as a task in progress from its start, so that the connection is not closed before it ends.

    What it shows is in the language of the person who acted.
    """

    @wraps(listener)
    async def counting(self: InteractionHandler, /, *args: P.args, **kwargs: P.kwargs) -> None:
        with self.tasks.track():
            interaction = next(one for one in args if isinstance(one, discord.Interaction))
            if interaction.guild_id is None:
                await find_club(self.app, interaction)
            await use_language_of(self.app, location(interaction), str(interaction.user.id))
            if interaction.guild_id is None and GUILD not in interaction.extras:
                await use_language_without_club(self.app, interaction)
            await listener(self, *args, **kwargs)

    return counting


@dataclass(frozen=True, slots=True)
class InteractionHandler:
    """Handles every kind of interaction of Discord."""

    app: App
    tasks: TaskGroup = field(default_factory=TaskGroup)

    @tracked
    async def on_command(self, interaction: Interaction, command: Command, call: Call) -> None:
        """Run an application command, or open its form if words are missing."""
        responder = self._responder(interaction)
        if not guild_of(interaction):
            await self._ask_club(interaction)
            return
        await self._run_or_ask(interaction, command, call, RequestKind.TYPED, responder)

    @tracked
    async def on_click(self, interaction: Interaction, custom_id: str, label: str) -> None:
        """Handle a click on a button or an option of a menu. The click also proves that the message was posted."""
        await self._handle_click(interaction, custom_id, label)
        await self._confirm_post(interaction)

    async def _confirm_post(self, interaction: Interaction) -> None:
        message = interaction.message
        if message is None or message.flags.ephemeral or interaction.guild_id is None:
            return
        if marked := mark_of(message):
            await recognize_post(self.app, location(interaction), lambda key: delivery_mark(key) == marked)

    async def _handle_click(self, interaction: Interaction, custom_id: str, label: str) -> None:
        responder = self._responder(interaction)
        if not guild_of(interaction):
            await self._ask_club(interaction)
            return
        verified = responder.signer.verify(custom_id)
        if verified is None:
            await responder.send_private(build_error_card(_(OUTDATED_BUTTON)))
            return
        call_text, action = verified
        try:
            call, reference = await self._message_call(interaction, call_text)
            command = self.app.commands[call.command]
        except (UserError, KeyError) as error:
            await responder.send_private(
                error_card_of(error) if isinstance(error, UserError) else build_error_card(_(OUTDATED_BUTTON))
            )
            return
        if action is ComponentAction.ASK:
            await responder.send_private(_confirmation_card(call_text, label, call), ComponentAction.CONFIRMED)
            return
        if action is ComponentAction.CONFIRMED:
            responder = self._responder(interaction, replace_clicked=True)
        # A message that others see is updated by a delivery; the person who clicked gets an answer as if they had
        # typed the call.
        own = interaction.message is not None and interaction.message.flags.ephemeral
        via = RequestKind.CLICK if own else RequestKind.TYPED
        await self._run_or_ask(interaction, command, call, via, responder, reference=reference)

    @tracked
    async def on_form(self, interaction: Interaction) -> None:
        """Run the call of a submitted form."""
        data: Any = interaction.data or {}
        responder = self._responder(interaction)
        if not guild_of(interaction):
            await self._ask_club(interaction)
            return
        verified = responder.signer.verify(str(data.get("custom_id", "")))
        if verified is None:
            await responder.send_private(build_error_card(_(OUTDATED_BUTTON)))
            return
        try:
            base, _unused = await self._message_call(interaction, verified[0])
            call = forms.read_form(base, data)
            command = self.app.commands[call.command]
        except (UserError, KeyError) as error:
            await responder.send_private(
                error_card_of(error) if isinstance(error, UserError) else build_error_card(_(OUTDATED_BUTTON))
            )
            return
        await self._answer(interaction, command, call, RequestKind.FORM, responder)

    @tracked
    async def on_submit_message(self, interaction: Interaction, message: discord.Message) -> None:
        """ "Submit this paper" in a message's menu: opens the form, or shows a choice if the message has several
        links.
        """
        responder = self._responder(interaction)
        linked = [embed.url for embed in message.embeds if embed.url and embed.url not in message.content]
        try:
            found = submit_from_message("\n".join((message.content, *linked)))
        except UserError as error:
            await responder.send_private(error_card_of(error))
            return
        if isinstance(found, Card):
            await responder.send_private(found)
        else:
            await self._open_form(interaction, self.app.commands[found.command], found, responder)

    @tracked
    async def on_quote_message(self, interaction: Interaction, message: discord.Message) -> None:
        """ "Quote me in the digest" in the menu of one's own message: opens a form that asks for the name to show."""
        responder = self._responder(interaction)
        try:
            content = await text_with_names(interaction, message.content)
            call = quote_from(content, own=message.author.id == interaction.user.id, url=message.jump_url)
        except UserError as error:
            await responder.send_private(error_card_of(error))
            return
        await self._open_form(interaction, self.app.commands[call.command], call, responder)

    @tracked
    async def on_curate_message(self, interaction: Interaction, message: discord.Message) -> None:
        """ "Curate this" in a message's menu: for one of the bot's cards, or a message that links a paper."""
        responder = self._responder(interaction)
        where = replace(location(interaction), message=str(message.id))
        try:
            call = await curate_from(await identify(self.app, requester(interaction), where), message.content)
        except UserError as error:
            await responder.send_private(error_card_of(error))
            return
        await self._answer(interaction, self.app.commands[call.command], call, RequestKind.TYPED, responder)

    async def suggest(self, interaction: Interaction, param: Parameter, typed: str) -> Sequence[tuple[str, str]]:
        """A parameter's suggestions for the text typed so far; none if they take too long."""
        if param.hint.suggest is None:
            return ()
        try:
            async with asyncio.timeout(SUGGEST_TIMEOUT):
                if interaction.guild_id is None and not guild_of(interaction):
                    await find_club(self.app, interaction)
                if not guild_of(interaction):
                    return ()
                context = await identify(self.app, requester(interaction), location(interaction))
                return await param.hint.suggest(context, typed)
        except UserError:
            return ()
        except Exception:
            log.exception("no suggestions for %s", param.name)
            return ()

    def _responder(self, interaction: Interaction, *, replace_clicked: bool = False) -> Responder:
        return Responder(self.app, interaction, guild_of(interaction), replace_clicked=replace_clicked)

    async def _ask_club(self, interaction: Interaction) -> None:
        """Ask which of their clubs somebody means in a direct message."""
        known = interaction.extras.get(CHOICES) or [("", "", 0)]
        await Responder(self.app, interaction, known[0][0]).send_private(choice_card(interaction))

    async def _message_call(self, interaction: Interaction, call_text: str) -> tuple[Call, str]:
        """The call behind a button, and the reference by which the button carries it; empty if it carries it itself."""
        name, _unused, rest = call_text.partition(" ")
        if name not in REFERENCES:
            return self.app.commands.find_stored(call_text)[1], ""
        context = await identify(self.app, requester(interaction), location(interaction))
        words = tuple(token.text for token in split_words(rest))
        return await load_saved_call(self.app, Call(name, words), context.club.id, context.member.id), name

    async def _run_or_ask(
        self,
        interaction: Interaction,
        command: Command,
        call: Call,
        via: RequestKind,
        responder: Responder,
        *,
        reference: str | None = None,
    ) -> None:
        """Run a call, or open its form. `reference` is the one that a button carries, None if nothing was pressed."""
        here = bool(location(interaction).thread)
        try:
            missing = command.missing(call, here=here)
        except UserError as error:
            await responder.send_private(error_card_of(error))
            return
        if missing or reference in FORM_REFERENCES:
            fixed = () if reference in (None, EDIT_SAVED) else command.fixed(call, here=here)
            await self._open_form(interaction, command, call, responder, fixed)
        else:
            await self._answer(interaction, command, call, via, responder)

    async def _open_form(
        self,
        interaction: Interaction,
        command: Command,
        call: Call,
        responder: Responder,
        fixed: Sequence[Parameter] = (),
    ) -> None:
        """Open the command's form, filled in from the call. Discord accepts a form only as the first answer."""
        where = location(interaction)
        here = bool(where.thread)
        given = command.words(call, here=here)
        carries = forms.hidden_values(command, given, here=here, fixed=fixed)
        if len(str(carries)) > MAX_CALL_LENGTH:
            context = await identify(self.app, requester(interaction), where)
            carries = await save_call(self.app, carries, context.club.id, member_id=context.member.id)
        labels = {param.name: await self._label(interaction, param, given[param.name]) for param in fixed}
        await responder.form(
            forms.form(
                command,
                given,
                carries,
                responder.signer,
                here=here,
                fixed=fixed,
                labels=labels,
                channels=channel_options(interaction),
            )
        )

    async def _label(self, interaction: Interaction, param: Parameter, word: str) -> str:
        """The text of a suggested value, such as a paper's title for its number; empty if there is none."""
        suggestions = await self.suggest(interaction, param, word) if param.hint.suggest else ()
        return next((shown for shown, value in suggestions if value == word), "")

    async def _answer(
        self, interaction: Interaction, command: Command, call: Call, via: RequestKind, responder: Responder
    ) -> None:
        where = location(interaction)
        if await responder.defer(_audience(command, call, via, here=bool(where.thread))):
            if via in (RequestKind.TYPED, RequestKind.FORM):
                call = await call_with_names(interaction, command, call)
            async for answer_card in answer(self.app, call, requester(interaction), where, via):
                await responder.send(answer_card)
            await responder.close()


def _audience(command: Command, call: Call, via: RequestKind, *, here: bool) -> Reply:
    """The audience of the answer, as far as it is known before the command has run. An invalid call is answered
    privately.
    """
    try:
        command.read(call, here=here)
    except UserError:
        return Reply.PRIVATE
    return command.replies(call, clicked=via is RequestKind.CLICK)


def _confirmation_card(call_text: str, label: str, call: Call) -> Card:
    """The question before an action that cannot be undone. `call_text` may be a reference to the `call`."""
    sure = Button(_("Yes, do it"), Call(call_text), Style.DANGER)
    return Card(
        _("Are you sure?"),
        (
            text(Bold(label), *((f" — {question}",) if (question := question_before(call)) else ())),
            Buttons((sure,)),
            note(_("If you do not confirm, nothing changes.")),
        ),
    )
