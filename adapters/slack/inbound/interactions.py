"""Turns commands, clicks and forms into calls, and shows the answers where the person asked."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from adapters.slack.inbound import forms, mrkdwn_input
from adapters.slack.inbound.home_tab import HomeTabs
from adapters.slack.inbound.sent_forms import SentForm
from adapters.slack.inbound.suggestions import labels, suggested
from adapters.slack.inbound.users import Users
from adapters.slack.outbound.file_delivery import deliver_files
from adapters.slack.outbound.modals import Modals, card_view, loading_view
from adapters.slack.outbound.responder import Responder, error_card, responder_for
from adapters.slack.outbound.sender import Sender
from adapters.slack.setup.workspace_lifecycle import WorkspaceLifecycle
from adapters.slack.transport.interaction import Interaction
from bot.app import App, Context, RequestKind
from bot.chat import named_mentions
from bot.chat.calls import Call, split_words
from bot.chat.cards import Button, Buttons, Card, Style, Tone, text
from bot.chat.command import Audience, Command, Reply
from bot.chat.gateway import NotSent, OutcomeUnknown, Refused
from bot.chat.parameters import Parameter
from bot.dispatch import answer
from bot.errors import UserError
from bot.features.papers.discuss import record_participant
from bot.features.shared.delivery.unknown_outcomes import recognize_post
from bot.features.shared.message_shortcuts import (
    CURATE,
    curate_from,
    offer_to_submit,
    quote_from,
    submit_from_message,
)
from bot.features.shared.platform_texts import OUTDATED_BUTTON
from bot.locale.current import _
from bot.requester_lookup import identify, use_language_of
from bot.saved_calls import EDIT_SAVED, FILL_SAVED, FORM_REFERENCES, REFERENCES, load_saved_call, save_call

BOT_MENTION = re.compile(r"^\s*<@[^>]{1,40}>")
"""The bot's own mention at the beginning of a message to it."""


class InteractionHandler:
    """Handles every kind of interaction of Slack.

    Each method raises NotSent, OutcomeUnknown or Refused if the answer did not arrive.
    """

    def __init__(
        self, app: App, users: Users, sender: Sender, modals: Modals, home_tabs: HomeTabs, lifecycle: WorkspaceLifecycle
    ) -> None:
        self._app = app
        self._lifecycle = lifecycle
        self._users = users
        self._sender = sender
        self._modals = modals
        self._home_tabs = home_tabs

    # Entry points

    async def on_command(self, interaction: Interaction, line: str) -> None:
        """Run a typed command, or open its form if words are missing."""
        responder = self._responder(interaction)
        try:
            command, call = await self._find(interaction, line, self._app.commands.find)
            missing = command.missing(call, here=interaction.here)
        except UserError as error:
            await error_card(responder, error)
            return
        if command.dialog and not (call.words or call.named):
            interaction, responder = await self._in_modal(interaction)
        if missing:
            await self.ask(interaction, command, call)
        else:
            await self._answer(interaction, command, call, RequestKind.TYPED, responder)

    async def on_click(self, interaction: Interaction, content: str) -> None:
        """Handle a click on a button or a menu entry. The click also proves that the message was posted."""
        try:
            await self._handle_click(interaction, content)
        except (NotSent, OutcomeUnknown, Refused):
            await self._confirm_post(interaction)
            raise
        await self._confirm_post(interaction)

    async def _confirm_post(self, interaction: Interaction) -> None:
        if interaction.public and interaction.key:
            await recognize_post(self._app, interaction.where, lambda key: key == interaction.key)

    async def _handle_click(self, interaction: Interaction, content: str) -> None:
        """Run the call of a button, which comes from outside and is parsed like typed words."""
        responder = self._responder(interaction)
        name, _unused, rest = content.partition(" ")
        loading = ""
        try:
            if name in (EDIT_SAVED, FILL_SAVED):
                loading = await self._modals.show(interaction, loading_view())
            if name in REFERENCES:
                context = await self._identify(interaction)
                reference = Call(name, tuple(token.text for token in split_words(rest)))
                call = await load_saved_call(self._app, reference, context.club.id, context.member.id)
                command = self._app.commands[call.command]
            else:
                command, call = self._app.commands.find_stored(content)
            missing = command.missing(call, here=interaction.here)
            fixed = () if name == EDIT_SAVED else command.fixed(call, here=interaction.here)
        except (UserError, KeyError) as error:
            interaction, responder = (
                (interaction.in_modal(loading), self._responder(interaction.in_modal(loading)))
                if loading
                else (interaction, responder)
            )
            await error_card(responder, error if isinstance(error, UserError) else UserError(_(OUTDATED_BUTTON)))
            return
        if missing or name in FORM_REFERENCES:
            await self.ask(interaction, command, call, loading, fixed)
            return
        if interaction.home and not interaction.view:
            interaction, responder = await self._in_modal(interaction)
        # A message that others see is updated by the delivery worker; the person who clicked gets an answer as if
        # they had typed the call.
        await self._answer(
            interaction, command, call, RequestKind.TYPED if interaction.public else RequestKind.CLICK, responder
        )

    async def on_form(self, interaction: Interaction, command: Command, call: Call, sent: SentForm) -> None:
        """Run the call of a submitted form whose words are valid.

        A mistake that only the command finds goes back into the form.
        """
        try:
            command, call = await self._with_names(interaction, command, call)
            await self._answer(interaction, command, call, RequestKind.FORM, self._responder(interaction), sent)
        finally:
            sent.accept()

    async def on_mention(self, interaction: Interaction, content: str) -> None:
        """Run "@Journal Club vote", for threads, where slash commands do not work. In a paper's thread it means that
        paper.
        """
        responder = self._responder(interaction)
        await use_language_of(self._app, interaction.where, interaction.user)
        try:
            line = mrkdwn_input.parse_command_text(BOT_MENTION.sub("", content)).strip()
            command, call = await self._find(interaction, line, self._app.commands.find_mention)
            context = await self._identify(interaction, command)
            missing = command.missing(call, here=context.here is not None)
        except UserError as error:
            await error_card(responder, error)
            return
        await record_participant(context)
        if missing:
            names = ", ".join(param.title for param in missing)
            row = Buttons((Button(_("Open the form"), call, Style.MAIN),))
            await responder.show(
                Card(_("Something is missing"), (text(_("I still need: {names}.", names=names)), row)), Reply.PRIVATE
            )
            await responder.close()
            return
        await self._answer(interaction, command, call, RequestKind.MENTION, responder)

    async def on_link_shared(self, interaction: Interaction, urls: Sequence[str]) -> None:
        """Ask who posted a link to a paper, privately, whether to submit it; nothing if the club knows it."""
        await use_language_of(self._app, interaction.where, interaction.user)
        card = await offer_to_submit(await self._identify(interaction), urls)
        if card:
            await self._sender.post_ephemeral(interaction.where, interaction.user, card)

    async def submit(self, interaction: Interaction, message: dict[str, Any]) -> None:
        """ "Submit this paper" in a message's menu: opens the form for one link, or shows a choice of several."""
        await self._from_message(interaction, lambda: submit_from_message(mrkdwn_input.links_in(message)))

    async def quote(self, interaction: Interaction, message: dict[str, Any], url: str) -> None:
        """ "Quote me in the digest" in a message's menu."""
        content = mrkdwn_input.parse_command_text(str(message.get("text") or ""))
        unnamed = named_mentions.unnamed_ids(content)
        names = await self._users.names(interaction.where.workspace, unnamed)
        content = named_mentions.plain_text(content, names)
        await self._from_message(
            interaction, lambda: quote_from(content, own=message.get("user") == interaction.user, url=url)
        )

    async def curate(self, interaction: Interaction, message: dict[str, Any]) -> None:
        """ "Curate this" in a message's menu: shows a moderator the paper behind the message."""
        responder = self._responder(interaction)
        command = self._app.commands[CURATE]
        try:
            call = await curate_from(await self._identify(interaction, command), mrkdwn_input.links_in(message))
        except UserError as error:
            await error_card(responder, error)
            return
        await self._answer(interaction, command, call, RequestKind.TYPED, responder)

    async def ask(
        self,
        interaction: Interaction,
        command: Command,
        call: Call,
        view: str = "",
        fixed: Sequence[Parameter] = (),
    ) -> None:
        """Open a command's form, filled in from the call, or show it in `view`, a modal that is open already.

        The `fixed` words are shown and not asked for. If the form needs lookups first, the modal shows a loading
        message until they are done.
        """
        given = command.words(call, here=interaction.here)
        look_up = any(param.hint.suggest and given.get(param.name) for param in command.params)
        origin = interaction.origin()
        if not view and not look_up:
            view = await self._modals.open(interaction, forms.form(command, given, origin, fixed=fixed))
            if not view:
                await self._offer_form(interaction, call)
            return
        view = view or await self._modals.open(interaction, card_view(loading_view(), origin))
        if not view:
            await self._offer_form(interaction, call)
            return
        shown = await labels(command, await self._identify(interaction, command), given) if look_up else {}
        filled_in = forms.form(command, given, origin, shown, fixed=fixed)
        await self._modals.replace(interaction.where.workspace, view, filled_in)

    async def suggest(
        self, interaction: Interaction, command: Command, name: str, content: str
    ) -> list[dict[str, Any]]:
        """The options that a menu in a form offers for the text typed so far."""
        param = next((param for param in command.params if param.name == name), None)
        return await suggested(param, await self._identify(interaction, command), content) if param else []

    async def on_thread_message(self, interaction: Interaction, replies: int) -> None:
        """Record a message in a thread; Slack sends these only with the history scope."""
        await record_participant(await self._identify(interaction), replies=replies)

    # Shared steps

    async def _answer(
        self,
        interaction: Interaction,
        command: Command,
        call: Call,
        via: RequestKind,
        responder: Responder,
        sent: SentForm | None = None,
    ) -> None:
        requester = await self._users.requester(
            interaction.where.workspace,
            interaction.user,
            interaction.name,
            rights=command.audience is not Audience.MEMBER,
        )
        where = interaction.where
        if command.chooses_channels and where.room:
            where = replace(where, room_name=await self._users.channel(where.workspace, where.room))
        async for answer_card in answer(self._app, call, requester, where, via):
            if sent and await self._back_into_form(interaction, command, call, answer_card.error, sent):
                return
            if sent and sent.is_late:
                responder = self._responder(interaction.in_modal(sent.view_id))
            await responder.show(await deliver_files(self._sender, interaction, answer_card.card), answer_card.reply)
        await responder.close()
        self._home_tabs.refresh_later(interaction.where.workspace, interaction.user)
        if command.chooses_channels:
            await self._lifecycle.check_rooms(interaction.where.workspace)

    async def _back_into_form(
        self, interaction: Interaction, command: Command, call: Call, error: UserError | None, sent: SentForm
    ) -> bool:
        """Show an error in the form that was sent. False if there is none, or if the form was closed meanwhile."""
        if error is None:
            sent.accept()
        elif sent.refuse(error):
            return True
        if not sent.is_late:
            return False
        await sent.view_may_change()
        if error is None:
            return False
        filled_in = forms.form_again(command, call, sent.view, error, here=interaction.here)
        return await self._modals.replace(interaction.where.workspace, sent.view_id, filled_in)

    async def _identify(self, interaction: Interaction, command: Command | None = None) -> Context:
        rights = command is not None and command.audience is not Audience.MEMBER
        requester = await self._users.requester(
            interaction.where.workspace, interaction.user, interaction.name, rights=rights
        )
        return await identify(self._app, requester, interaction.where)

    async def _find(
        self, interaction: Interaction, line: str, find: Callable[[str], tuple[Command, Call]]
    ) -> tuple[Command, Call]:
        """The command and the call of a line. A refusal shows the line with names in place of ids."""
        try:
            return await self._with_names(interaction, *find(line))
        except UserError:
            names = await self._users.names(interaction.where.workspace, named_mentions.unnamed_ids(line))
            return find(named_mentions.with_named_marks(line, names))

    async def _with_names(self, interaction: Interaction, command: Command, call: Call) -> tuple[Command, Call]:
        """The call with names in place of ids, for texts that are shown to people again."""
        unnamed = named_mentions.unnamed_ids_of(call)
        names = await self._users.names(interaction.where.workspace, unnamed)
        return command, named_mentions.with_names(command, call, names)

    async def _from_message(self, interaction: Interaction, find_call: Callable[[], Call | Card]) -> None:
        """Open the form for a message's call, or show the choice if there are several."""
        responder = self._responder(interaction)
        try:
            chosen = find_call()
        except UserError as error:
            await error_card(responder, error)
            return
        if isinstance(chosen, Card):
            await responder.show(chosen, Reply.PRIVATE)
            await responder.close()
        else:
            await self.ask(interaction, self._app.commands[chosen.command], chosen)

    async def _in_modal(self, interaction: Interaction) -> tuple[Interaction, Responder]:
        """The interaction with its answer moved to a modal that opens now; unchanged if the trigger had expired."""
        if view := await self._modals.show(interaction, loading_view()):
            interaction = interaction.in_modal(view)
        return interaction, self._responder(interaction)

    async def _offer_form(self, interaction: Interaction, call: Call) -> None:
        """Offer the form by a button, with what was typed, after the trigger expired. The button has a trigger of its
        own.
        """
        context = await self._identify(interaction)
        again = await save_call(self._app, call, context.club.id, under=EDIT_SAVED, member_id=context.member.id)
        row = Buttons((Button(_("Open the form"), again, Style.MAIN),))
        responder = self._responder(interaction)
        await responder.show(
            Card(_("The form took too long to open"), (text(_("Your text is saved.")), row), Tone.QUIET), Reply.PRIVATE
        )
        await responder.close()

    def _responder(self, interaction: Interaction) -> Responder:
        return responder_for(interaction, self._sender, self._modals)
