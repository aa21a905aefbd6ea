"""What people say, press and send becomes a call; what comes of it is shown where it was asked for."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from adapters.slack.inbound import forms, mrkdwn_input
from adapters.slack.inbound.home_tab import HomeTabs
from adapters.slack.inbound.suggestions import labels, suggested
from adapters.slack.inbound.users import Users
from adapters.slack.outbound.file_delivery import deliver_files
from adapters.slack.outbound.modals import LOADING_VIEW, Modals, card_view
from adapters.slack.outbound.responder import Responder, error_card, responder_for
from adapters.slack.outbound.sender import Sender
from adapters.slack.setup.workspace_lifecycle import WorkspaceLifecycle
from adapters.slack.transport.interaction import Interaction
from bot.app import App, Context, RequestKind
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Style, Tone, text
from bot.chat.commands import Audience, Command, Reply
from bot.chat.gateway import NotSent, OutcomeUnknown, Refused
from bot.dispatch import AGAIN, KEPT, answer, identify, load_saved_call, save_call
from bot.errors import UserError
from bot.features.papers.discuss import record_participant
from bot.features.shared.doubtful_posts import recognize_post
from bot.features.shared.message_shortcuts import CURATE, curate_from, quote_from, submit_from_message

OLD_BUTTON = "This button is from another time; `/help` lists what there is now."

NAMED = re.compile(r"^\s*<@[^>]{1,40}>")
"""The bot's name, at the beginning of what is said to it."""


class Interactions:
    """Everything that somebody may want of the club, whichever way they say it.

    Each method raises NotSent, OutcomeUnknown or Refused where an answer did not arrive.
    """

    def __init__(
        self, app: App, people: Users, sender: Sender, modals: Modals, homes: HomeTabs, places: WorkspaceLifecycle
    ) -> None:
        self._app = app
        self._places = places
        self._people = people
        self._sender = sender
        self._modals = modals
        self._homes = homes

    # What people do

    async def on_command(self, act: Interaction, line: str) -> None:
        """A typed command: text with quotes, or a root alone, or one whose words are missing."""
        back = self._way(act)
        try:
            command, call = await self._named(act, *self._app.commands.find(line))
            missing = command.missing(call, here=act.here)
        except UserError as error:
            await error_card(back, error)
            return
        if command.dialogue and not (call.words or call.named):
            act, back = await self._in_modal(act)
        if missing:
            await self.ask(act, command, call)
        else:
            await self._answer(act, command, call, RequestKind.TYPED, back)

    async def on_click(self, act: Interaction, said: str) -> None:
        """A button, or an entry of a "more" menu. That it was there to be pressed shows that its message is posted."""
        try:
            await self._press(act, said)
        except (NotSent, OutcomeUnknown, Refused):
            await self._recognise(act)
            raise
        await self._recognise(act)

    async def _recognise(self, act: Interaction) -> None:
        if act.public and act.key:
            await recognize_post(self._app, act.where, lambda key: key == act.key)

    async def _press(self, act: Interaction, said: str) -> None:
        """What a button says comes back from outside: it is read like typed words."""
        back = self._way(act)
        name, _, rest = said.partition(" ")
        loading = ""
        try:
            if name == AGAIN:
                loading = await self._modals.show(act, LOADING_VIEW)
            if name in (AGAIN, KEPT):
                context = await self._enter(act)
                call = await load_saved_call(self._app, Call(name, (rest,)), context.club.id)
                command = self._app.commands[call.command]
            else:
                command, call = self._app.commands.find_stored(said)
            missing = command.missing(call, here=act.here)
        except (UserError, KeyError) as error:
            act, back = (act.inside(loading), self._way(act.inside(loading))) if loading else (act, back)
            await error_card(back, error if isinstance(error, UserError) else UserError(OLD_BUTTON))
            return
        if missing or name == AGAIN:
            await self.ask(act, command, call, loading)
            return
        if act.home and not act.view:
            act, back = await self._in_modal(act)
        # A message that all see is drawn anew by the courier; its clicker is answered as if they had typed it.
        await self._answer(act, command, call, RequestKind.TYPED if act.public else RequestKind.CLICK, back)

    async def on_form(self, act: Interaction, command: Command, call: Call) -> None:
        """A form whose fields are in order."""
        command, call = await self._named(act, command, call)
        await self._answer(act, command, call, RequestKind.FORM, self._way(act))

    async def mention(self, act: Interaction, said: str) -> None:
        """ "@Journal Club vote" where slash commands do not work: in threads. A paper's thread means its paper."""
        back = self._way(act)
        try:
            line = mrkdwn_input.parse_command_text(NAMED.sub("", said)).strip()
            command, call = await self._named(act, *self._app.commands.spoken(line))
            context = await self._enter(act, command)
            missing = command.missing(call, here=context.here is not None)
        except UserError as error:
            await error_card(back, error)
            return
        await record_participant(context)
        if missing:
            names = " and ".join(param.name for param in missing)
            row = Buttons((Button("Fill it in", call, Style.MAIN),))
            await back.show(Card("A few words are missing", (text(f"I still need: {names}."), row)), Reply.PRIVATE)
            await back.close()
            return
        await self._answer(act, command, call, RequestKind.MENTION, back)

    async def submit(self, act: Interaction, message: dict[str, Any]) -> None:
        """ "Submit this paper" in a message's menu: its one link at once as a form, several as a choice."""
        await self._from_message(act, lambda: submit_from_message(mrkdwn_input.links_in(message)))

    async def quote(self, act: Interaction, message: dict[str, Any], url: str) -> None:
        """ "Quote me in the digest" in a message's menu."""
        said = mrkdwn_input.parse_command_text(str(message.get("text") or ""))
        said = mrkdwn_input.plain_text(said, await self._people.names(act.where.workspace, *mrkdwn_input.unnamed(said)))
        await self._from_message(act, lambda: quote_from(said, own=message.get("user") == act.user, url=url))

    async def curate(self, act: Interaction, message: dict[str, Any]) -> None:
        """ "Curate this" in a message's menu: the paper behind it on the moderator's desk."""
        back = self._way(act)
        command = self._app.commands[CURATE]
        try:
            call = await curate_from(await self._enter(act, command), mrkdwn_input.links_in(message))
        except UserError as error:
            await error_card(back, error)
            return
        await self._answer(act, command, call, RequestKind.TYPED, back)

    async def ask(self, act: Interaction, command: Command, call: Call, view: str = "") -> None:
        """Open a command's form, filled in as far as the call goes: at once, or in `view`, which is open already.

        Where the form shows what must be looked up first, it says so until that is there.
        """
        given = command.words(call, here=act.here)
        look_up = any(param.ask.suggest and given.get(param.name) for param in command.params)
        origin = act.origin()
        if not view and not look_up:
            view = await self._modals.open(act, forms.form(command, given, origin))
            if not view:
                await self._too_late(act, call)
            return
        view = view or await self._modals.open(act, card_view(LOADING_VIEW, origin))
        if not view:
            await self._too_late(act, call)
            return
        shown = await labels(command, await self._enter(act, command), given) if look_up else {}
        await self._modals.replace(act.where.workspace, view, forms.form(command, given, origin, shown))

    async def suggest(self, act: Interaction, command: Command, name: str, said: str) -> list[dict[str, Any]]:
        """What a menu in a form offers for what was typed so far."""
        param = next((param for param in command.params if param.name == name), None)
        return await suggested(param, await self._enter(act, command), said) if param else []

    async def on_thread_message(self, act: Interaction, replies: int) -> None:
        """A message in a thread, which only the history scope lets us see."""
        await record_participant(await self._enter(act), replies=replies)

    # The ways of it

    async def _answer(self, act: Interaction, command: Command, call: Call, via: RequestKind, back: Responder) -> None:
        who = await self._people.requester(
            act.where.workspace, act.user, act.name, rights=command.audience is not Audience.MEMBER
        )
        where = act.where
        if command.chooses_channels and where.room:
            where = replace(where, called=await self._people.channel(where.workspace, where.room))
        async for said in answer(self._app, call, who, where, via):
            await back.show(await deliver_files(self._sender, act, said.card), said.reply)
        await back.close()
        self._homes.refresh_later(act.where.workspace, act.user)
        if command.chooses_channels:
            await self._places.check_rooms(act.where.workspace)

    async def _enter(self, act: Interaction, command: Command | None = None) -> Context:
        rights = command is not None and command.audience is not Audience.MEMBER
        who = await self._people.requester(act.where.workspace, act.user, act.name, rights=rights)
        return await identify(self._app, who, act.where)

    async def _named(self, act: Interaction, command: Command, call: Call) -> tuple[Command, Call]:
        """The call with names in place of ids, in what will be shown to people again."""
        people, channels = mrkdwn_input.unnamed(" ".join((*call.words, *(value for _, value in call.named))))
        names = await self._people.names(act.where.workspace, people, channels)
        return command, mrkdwn_input.with_names(command, call, names)

    async def _from_message(self, act: Interaction, meant: Any) -> None:
        """Open the form of what a message means, or let its reader choose."""
        back = self._way(act)
        try:
            chosen: Call | Card = meant()
        except UserError as error:
            await error_card(back, error)
            return
        if isinstance(chosen, Card):
            await back.show(chosen, Reply.PRIVATE)
            await back.close()
        else:
            await self.ask(act, self._app.commands[chosen.command], chosen)

    async def _in_modal(self, act: Interaction) -> tuple[Interaction, Responder]:
        """The act answered in a modal that opens now; where it came too late, as it would be else."""
        if view := await self._modals.show(act, LOADING_VIEW):
            act = act.inside(view)
        return act, self._way(act)

    async def _too_late(self, act: Interaction, call: Call) -> None:
        """Slack gave no time to open the form: what was typed is kept, behind a button with a trigger of its own."""
        context = await self._enter(act)
        again = await save_call(self._app, call, context.club.id, under=AGAIN)
        row = Buttons((Button("Open the form", again, Style.MAIN),))
        back = self._way(act)
        await back.show(
            Card("That took a moment too long", (text("What you typed is kept."), row), Tone.QUIET), Reply.PRIVATE
        )
        await back.close()

    def _way(self, act: Interaction) -> Responder:
        return responder_for(act, self._sender, self._modals)
