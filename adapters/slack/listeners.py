"""Slack in: commands, buttons and forms become calls; answers go back to where they were asked for.

One listener for each kind of request: a late acknowledgement makes Bolt run the next one that matches, so there is
none. Each acknowledges before anything else.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import forms
from adapters.slack.people import People
from adapters.slack.render import ACTION, VALUE, fallback, render
from bot.app import App, Via
from bot.chat.calls import Call
from bot.chat.cards import Card, Text, Tone
from bot.chat.commands import Command, Reply
from bot.chat.gateway import Where
from bot.dispatch import AGAIN, answer, enter, unfold, with_short_calls
from bot.errors import UserError

log = logging.getLogger(__name__)

USES = 5
"""How often a response URL may be used, within thirty minutes (docs.slack.dev, "Handling user interaction")."""


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
        return bolt

    async def on_command(
        self, ack: AsyncAck, command: dict[str, Any], respond: AsyncRespond, client: AsyncWebClient
    ) -> None:
        """A slash command: text with quotes, or a root alone, or one whose words are missing."""
        await ack()
        where = Where("slack", command["team_id"], command["channel_id"])
        line = f"{command['command'].removeprefix('/').removeprefix(self.prefix)} {command.get('text', '')}"
        reply = _Reply(self.app, respond, where)
        try:
            known, call = self.app.commands.find(line)
            missing = known.missing(call)
        except UserError as error:
            await reply.mistake(error)
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
        reply = _Reply(self.app, respond, where, clicked=True, posted=not container.get("is_ephemeral"))
        said = action.get("value") or (action.get("selected_option") or {}).get("value") or ""
        user = body["user"]
        try:
            call = _call(self.app, said)
            context = await enter(self.app, await self.people.who(client, where.workspace, user["id"]), where)
            meant = await unfold(self.app, call, context.club.id)
            known = self.app.commands[meant.command]
            missing = known.missing(meant, here=bool(where.thread))
        except (UserError, KeyError) as error:
            await reply.mistake(
                error if isinstance(error, UserError) else UserError("This button is from another time.")
            )
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
        respond = AsyncRespond(response_url=origin.get("response_url"))
        user = body["user"]
        reply = _Reply(self.app, respond, where)
        await self._answer(client, user["id"], user.get("name", ""), where, call, Via.FORM, reply)

    async def _open(
        self, client: AsyncWebClient, trigger: str, command: Command, call: Call, origin: Mapping[str, str]
    ) -> None:
        given = command.words(call, here=bool(origin.get("thread")))
        await client.views_open(trigger_id=trigger, view=forms.form(command, given, origin))

    async def _answer(
        self, client: AsyncWebClient, user: str, name: str, where: Where, call: Call, via: Via, reply: _Reply
    ) -> None:
        who = await self.people.who(client, where.workspace, user, name)
        async for said in answer(self.app, call, who, where, via):
            await reply.show(said.card, said.reply)


def _call(app: App, said: str) -> Call:
    """The call on a button. It comes back from outside, so it is read like anything typed."""
    name, _, rest = said.partition(" ")
    if name in (AGAIN, "kept"):
        return Call(name, (rest,))
    return app.commands.find(said)[1]


@dataclass(slots=True)
class _Reply:
    """The way back to one question: its response URL."""

    app: App
    respond: AsyncRespond
    where: Where
    clicked: bool = False
    posted: bool = False
    """Whether the clicked message is one that all see: the courier draws it anew."""
    _used: int = 0

    async def show(self, card: Card, reply: Reply) -> None:
        """Show an answer: in place of the clicked message, to all, or to the asker alone; later ones replace it."""
        if reply is Reply.IN_PLACE and self.posted:
            return
        if self._used >= USES:
            log.info("an answer had more steps than Slack lets us show")
            return
        async with self.app.store.look() as house:
            workspace = await house.workspace("slack", self.where.workspace)
        if workspace:
            card = await with_short_calls(self.app, card, workspace.club_id, VALUE)
        in_place = reply is Reply.IN_PLACE and self.clicked
        await self.respond(
            text=fallback(card),
            blocks=render(card),
            response_type="in_channel" if reply is Reply.PUBLIC else "ephemeral",
            replace_original=in_place or self._used > 0,
            unfurl_links=False,
            unfurl_media=False,
        )
        self._used += 1

    async def mistake(self, error: UserError) -> None:
        """Say what went wrong, to the asker alone."""
        await self.show(Card("That did not work", (Text((str(error),)),), Tone.BAD), Reply.PRIVATE)
