"""Slack in: commands, buttons and forms become calls; answers go back to where they were asked for.

One listener for each kind of request: a late acknowledgement makes Bolt run the next one that matches, so there is
none. Each acknowledges before anything else.
"""

from __future__ import annotations

import html
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import forms
from adapters.slack.people import People
from adapters.slack.render import ACTION
from adapters.slack.replies import ByUrl, InThread, Way, mistake
from adapters.slack.shortcuts import SUBMIT, SUBMIT_MESSAGE
from bot.app import App, Via
from bot.chat.calls import Call
from bot.chat.cards import Card
from bot.chat.commands import Command, Reply
from bot.chat.gateway import Where
from bot.dispatch import AGAIN, answer, enter, unfold
from bot.errors import UserError
from bot.features.messages import submit_from

log = logging.getLogger(__name__)

OLD_BUTTON = "This button is from another time; `/help` lists what there is now."


@dataclass(slots=True)
class Listeners:
    """Everything that Slack may say to the club."""

    app: App
    prefix: str = ""
    people: People = field(default_factory=People)

    def join(self, bolt: AsyncApp) -> AsyncApp:
        """Teach a Bolt app to pass everything on to the club."""
        bolt.command(re.compile(".*"))(self.on_command)
        bolt.action(re.compile(f"^{ACTION}:"))(self.on_click)
        bolt.view(forms.FORM)(self.on_form)
        bolt.shortcut(SUBMIT_MESSAGE.id)(self.on_message_shortcut)
        bolt.shortcut(SUBMIT.id)(self.on_shortcut)
        bolt.event("app_mention")(self.on_mention)
        return bolt

    async def on_command(
        self, ack: AsyncAck, command: dict[str, Any], respond: AsyncRespond, client: AsyncWebClient
    ) -> None:
        """A slash command: text with quotes, or a root alone, or one whose words are missing."""
        await ack()
        where = Where("slack", command["team_id"], command["channel_id"])
        line = f"{command['command'].removeprefix('/').removeprefix(self.prefix)} {command.get('text', '')}"
        reply = ByUrl(self.app, respond, where)
        try:
            known, call = self.app.commands.find(line)
            missing = known.missing(call)
        except UserError as error:
            await mistake(reply, error)
            return
        if missing:
            origin = {"channel": where.room, "response_url": command["response_url"]}
            await self._open(client, command["trigger_id"], known, call, origin)
            return
        await self._answer(client, command["user_id"], command.get("user_name", ""), where, call, Via.TYPED, reply)

    async def on_click(
        self, ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], respond: AsyncRespond, client: AsyncWebClient
    ) -> None:
        """A button, or an entry of a "more" menu."""
        await ack()
        container = body.get("container", {})
        message = body.get("message") or {}
        where = Where(
            "slack",
            body["team"]["id"],
            (body.get("channel") or {}).get("id") or container.get("channel_id", ""),
            message.get("thread_ts", ""),
            container.get("message_ts", ""),
        )
        reply = ByUrl(self.app, respond, where, clicked=True, posted=not container.get("is_ephemeral"))
        said = action.get("value") or (action.get("selected_option") or {}).get("value") or ""
        user = body["user"]
        try:
            call = _call(self.app, said)
            context = await enter(self.app, await self.people.who(client, where.workspace, user["id"]), where)
            meant = await unfold(self.app, call, context.club.id)
            known = self.app.commands[meant.command]
            missing = known.missing(meant, here=bool(where.thread))
        except (UserError, KeyError) as error:
            await mistake(reply, error if isinstance(error, UserError) else UserError(OLD_BUTTON))
            return
        if missing or call.command == AGAIN:
            origin = {"channel": where.room, "response_url": body.get("response_url", ""), "thread": where.thread}
            await self._open(client, body["trigger_id"], known, meant, origin)
            return
        await self._answer(client, user["id"], user.get("name", ""), where, meant, Via.CLICK, reply)

    async def on_form(self, ack: AsyncAck, view: dict[str, Any], body: dict[str, Any], client: AsyncWebClient) -> None:
        """A submitted form: what is wrong goes back into it, beside its field; the rest is carried out."""
        origin = forms.origin(view)
        known = self.app.commands.get(origin.get("command", ""))
        if known is None:
            await ack()
            return
        call = forms.filled(known, view)
        here = bool(origin.get("thread"))
        try:
            known.read(call, here=here)
        except UserError as error:
            field_ = error.field if error.field in {p.name for p in known.params} else known.params[0].name
            await ack(response_action="errors", errors={field_: str(error)[:2000]})
            return
        await ack()
        where = Where("slack", body["team"]["id"], origin.get("channel", ""), origin.get("thread", ""))
        user = body["user"]
        reply = await self._way_back(client, origin, where, user["id"])
        await self._answer(client, user["id"], user.get("name", ""), where, call, Via.FORM, reply)

    async def on_message_shortcut(
        self, ack: AsyncAck, shortcut: dict[str, Any], respond: AsyncRespond, client: AsyncWebClient
    ) -> None:
        """ "Submit this paper" in a message's menu: its one link at once as a form, several as a choice."""
        await ack()
        message = shortcut.get("message", {})
        where = Where("slack", shortcut["team"]["id"], shortcut["channel"]["id"])
        reply = ByUrl(self.app, respond, where)
        try:
            meant = submit_from(message.get("text", ""))
        except UserError as error:
            await mistake(reply, error)
            return
        if isinstance(meant, Card):
            await reply.show(meant, Reply.PRIVATE)
            await reply.close()
            return
        origin = {"channel": where.room, "response_url": shortcut["response_url"]}
        await self._open(client, shortcut["trigger_id"], self.app.commands[meant.command], meant, origin)

    async def on_shortcut(self, ack: AsyncAck, shortcut: dict[str, Any], client: AsyncWebClient) -> None:
        """ "Submit a paper" in the global menu, which knows no channel: the answer comes as a direct message."""
        await ack()
        known = self.app.commands["paper submit"]
        await self._open(client, shortcut["trigger_id"], known, Call(known.name), {"direct": shortcut["user"]["id"]})

    async def on_mention(self, event: dict[str, Any], body: dict[str, Any], client: AsyncWebClient) -> None:
        """ "@Journal Club vote" where slash commands do not work: in threads. A paper's thread means its paper."""
        thread = event.get("thread_ts") or event["ts"]
        where = Where("slack", body["team_id"], event["channel"], thread)
        reply = InThread(self.app, client, where, event["user"])
        said = re.sub(r"^\s*<@[^>]{1,40}>", "", html.unescape(event.get("text", ""))).strip()
        try:
            call = _spoken(self.app, said)
        except UserError as error:
            await mistake(reply, error)
            return
        await self._answer(client, event["user"], "", where, call, Via.MENTION, reply)

    async def _open(
        self, client: AsyncWebClient, trigger: str, command: Command, call: Call, origin: Mapping[str, str]
    ) -> None:
        given = command.words(call, here=bool(origin.get("thread")))
        await client.views_open(trigger_id=trigger, view=forms.form(command, given, origin))

    async def _way_back(self, client: AsyncWebClient, origin: Mapping[str, str], where: Where, user: str) -> Way:
        """Where the answer to a form goes: back to where it was opened, or to its person alone."""
        if url := origin.get("response_url"):
            return ByUrl(self.app, AsyncRespond(response_url=url), where)
        opened = await client.conversations_open(users=[user])
        direct = Where("slack", where.workspace, opened["channel"]["id"])
        return InThread(self.app, client, direct, user)

    async def _answer(
        self, client: AsyncWebClient, user: str, name: str, where: Where, call: Call, via: Via, reply: Way
    ) -> None:
        who = await self.people.who(client, where.workspace, user, name)
        async for said in answer(self.app, call, who, where, via):
            await reply.show(said.card, said.reply)
        await reply.close()


def _spoken(app: App, said: str) -> Call:
    """What is said to the bot by name: a whole command, or the verb of one about papers."""
    if not said:
        return Call.of("help")
    verb = said.split()[0].lower()
    root = "" if verb.lstrip("/") in app.commands.roots else "paper "
    return app.commands.find(root + said)[1]


def _call(app: App, said: str) -> Call:
    """The call on a button. It comes back from outside, so it is read like anything typed."""
    name, _, rest = said.partition(" ")
    if name in (AGAIN, "kept"):
        return Call(name, (rest,))
    return app.commands.find(said)[1]
