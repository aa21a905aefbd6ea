"""Bolt listeners: they acknowledge first, and start tasks for the work.

There is one listener for each kind of request, since a late acknowledgement makes Bolt run the next one that matches.
Bolt keeps no reference to the work of its listeners and does not log its tracebacks, so the work runs in a `TaskGroup`.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from adapters.slack.inbound import forms, payloads
from adapters.slack.inbound.event_processing import EventProcessor
from adapters.slack.inbound.interactions import InteractionHandler
from adapters.slack.inbound.mrkdwn_input import parse_command_text
from adapters.slack.inbound.reactions import is_vote_reaction
from adapters.slack.inbound.sent_forms import SentForm
from adapters.slack.inbound.users import Users
from adapters.slack.outbound.modals import card_view, loading_view
from adapters.slack.render.block_kit import ACTION_ID_PREFIX
from adapters.slack.setup.manifest import CURATE, QUOTE, REACTION_EVENTS, SHORTCUTS, SUBMIT, SUBMIT_MESSAGE
from adapters.slack.transport import interaction
from adapters.slack.transport.interaction import Origin
from adapters.slack.transport.outcomes import REQUEST_FAILURES
from adapters.slack.transport.task_group import TaskGroup
from adapters.slack.transport.workspace_clients import WorkspaceClients
from bot.app import App
from bot.chat.calls import Call
from bot.chat.command import Command
from bot.errors import UserError
from bot.features.shared.message_shortcuts import SUBMIT as SUBMIT_COMMAND
from bot.requester_lookup import use_language_of

log = logging.getLogger(__name__)

Json = dict[str, Any]


class Listeners:
    """Listeners for every kind of request of Slack."""

    def __init__(
        self,
        app: App,
        prefix: str,
        teams: WorkspaceClients,
        users: Users,
        interactions: InteractionHandler,
        inbox: EventProcessor,
        tasks: TaskGroup,
    ) -> None:
        self._app = app
        self._prefix = prefix
        self._teams = teams
        self._users = users
        self._interactions = interactions
        self._inbox = inbox
        self._tasks = tasks

    def register(self, bolt: AsyncApp) -> AsyncApp:
        """Register the listeners with a Bolt app."""
        bolt.command(re.compile(".*"))(self.on_command)
        bolt.action(re.compile(f"^{ACTION_ID_PREFIX}:"))(self.on_click)
        bolt.view(forms.FORM_CALLBACK_ID)(self.on_form)
        bolt.options(re.compile(f"^{forms.FIELD_ID_PREFIX}:"))(self.on_suggest)
        for shortcut in SHORTCUTS:
            bolt.shortcut(shortcut.id)(self.on_shortcut)
        bolt.event(re.compile(".*"), middleware=[self.store_event])(self.on_event)
        return bolt

    async def on_command(self, ack: AsyncAck, command: Json) -> None:
        """Answer a slash command."""
        await ack()
        root = command["command"].removeprefix("/").removeprefix(self._prefix)
        line = f"{root} {parse_command_text(command.get('text') or '')}"
        typed = payloads.from_command(command)
        await self._use_language(typed)
        self._start(self._interactions.on_command(typed, line), f"answer /{root}")

    async def on_click(self, ack: AsyncAck, action: Json, body: Json) -> None:
        """Answer a click on a button or an entry of a "more" menu."""
        await ack()
        call_text = action.get("value") or (action.get("selected_option") or {}).get("value") or ""
        click = payloads.from_click(body)
        await self._use_language(click)
        self._start(self._interactions.on_click(click, call_text), "answer a click")

    async def on_form(self, ack: AsyncAck, body: Json) -> None:
        """Answer a submitted form: mistakes are shown beside their fields, a valid form is run.

        A mistake that the command finds quickly is shown there too; a command that takes longer goes on while the form
        says so.
        """
        view = body["view"]
        command = self._command_of(view)
        if command is None:
            await ack()
            return
        sent, call = payloads.from_form(body), forms.read_form(command, view)
        await self._use_language(sent)
        form = SentForm(view)
        try:
            command.read(call, here=sent.here)
            self._start(self._interactions.on_form(sent, command, call, form), f"answer the form of /{command.name}")
            error = await form.decision()
        except UserError as mistake:
            error = mistake
        except TimeoutError:
            await ack(response_action="update", view=card_view(loading_view(), Origin.of(view)))
            form.acknowledged.set()
            return
        if error is None:
            await ack()
        elif errors := forms.field_errors(view, error):
            await ack(response_action="errors", errors=errors)
        else:
            await ack(response_action="update", view=forms.form_again(command, call, view, error, here=sent.here))

    async def on_suggest(self, ack: AsyncAck, body: Json) -> None:
        """Send the options of a menu in a form for the text typed so far."""
        form_command = self._command_of(body.get("view") or {})
        typing = payloads.from_click(body)
        options = (
            await self._interactions.suggest(typing, form_command, body["block_id"], body.get("value") or "")
            if form_command
            else []
        )
        await ack(options=options)

    async def on_shortcut(self, ack: AsyncAck, shortcut: Json) -> None:
        """Answer an entry of a message's menu or of the global shortcuts."""
        await ack()
        chosen, message, name = payloads.from_shortcut(shortcut), shortcut.get("message") or {}, shortcut["callback_id"]
        submit = self._app.commands[SUBMIT_COMMAND]
        await self._use_language(chosen)
        handlers: dict[str, Callable[[], Coroutine[Any, Any, None]]] = {
            SUBMIT.id: lambda: self._interactions.ask(chosen, submit, Call(submit.name)),
            SUBMIT_MESSAGE.id: lambda: self._interactions.submit(chosen, message),
            QUOTE.id: lambda: self._quote(chosen, message),
            CURATE.id: lambda: self._interactions.curate(chosen, message),
        }
        self._start(handlers[name](), f"answer the shortcut {name}")

    async def store_event(self, body: Json, next: Callable[[], Awaitable[Any]]) -> None:
        """Store an event before it is acknowledged; if that fails, Slack repeats the event. Bolt requires the name
        `next`.
        """
        authorizations = body.get("authorizations") or [{}]
        if is_relevant(body.get("event") or {}, str(authorizations[0].get("user_id", ""))):
            await self._inbox.store(body)
        await next()

    async def on_event(self) -> None:
        """Acknowledge an event that `store_event` has stored."""

    def _command_of(self, view: Json) -> Command | None:
        """The command of a form, also if the command was renamed since the form was opened."""
        name = Origin.of(view).command
        return self._app.commands.get(self._app.commands.renamed.get(name, name))

    async def _quote(self, chosen: interaction.Interaction, message: Json) -> None:
        where = chosen.where
        url = ""
        try:
            response = await self._teams.call(
                where.workspace,
                "chat.getPermalink",
                lambda client: client.chat_getPermalink(channel=where.room, message_ts=where.message),
            )
            url = str(response["permalink"])
        except REQUEST_FAILURES as error:
            log.info("no permalink for a quoted message: %s", error)
        await self._interactions.quote(chosen, message, url)

    async def _use_language(self, sent: interaction.Interaction) -> None:
        await use_language_of(self._app, sent.where, sent.user)

    def _start(self, work: Coroutine[Any, Any, None], name: str) -> None:
        self._tasks.start(self._report_failure(work, name), name)

    async def _report_failure(self, work: Coroutine[Any, Any, None], name: str) -> None:
        """Await work; log failed requests, which cannot be answered. Other errors are logged by the `TaskGroup`."""
        try:
            await work
        except REQUEST_FAILURES as error:
            log.warning("could not %s: %s", name, error)


def is_relevant(event: Json, bot_user: str) -> bool:
    """True for events to handle. Of messages these are people's in threads and in direct messages, and deleted
    replies; of reactions those to messages of the bot.
    """
    kind = event.get("type")
    if kind in REACTION_EVENTS:
        return is_vote_reaction(event, bot_user)
    if kind == "app_mention":
        return not event.get("bot_id") and bool(event.get("user"))
    if kind != "message":
        return True
    if event.get("subtype") == "message_deleted":
        before = event.get("previous_message") or {}
        return bool(before.get("thread_ts")) and before.get("thread_ts") != before.get("ts")
    if (
        event.get("bot_id")
        or not event.get("user")
        or event.get("subtype") not in (None, "file_share", "thread_broadcast")
    ):
        return False
    return bool(event.get("thread_ts")) or event.get("channel_type") == "im"
