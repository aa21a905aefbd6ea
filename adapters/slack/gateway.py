"""Slack as a platform of the club: what is said to it comes in here, what the club posts goes out."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from aiohttp import web
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest

from adapters.slack.checkup import checkup
from adapters.slack.desk import Desk
from adapters.slack.events import Events
from adapters.slack.front import Front, NotTaken
from adapters.slack.home import Homes
from adapters.slack.inbox import Inbox
from adapters.slack.installing import Install
from adapters.slack.line import Line, Times
from adapters.slack.listeners import Listeners
from adapters.slack.modals import Modals
from adapters.slack.people import FAILED, People
from adapters.slack.places import Places
from adapters.slack.render import sketch
from adapters.slack.teams import Authorize, Teams
from adapters.slack.voice import QUIET, Voice
from adapters.slack.work import Work
from bot.app import App
from bot.chat.cards import Card
from bot.chat.gateway import Finding, Posted, Refused, Sketch, Where
from bot.editions.attached import Attached, drawn
from bot.errors import UserError
from bot.settings import Slack

log = logging.getLogger(__name__)

Json = dict[str, Any]

EVENT = "journalclub_delivery"
"""The type of the metadata that names a delivery, so that it can be found again."""

SWEEP = 60.0
"""Seconds between two looks for events that were left behind."""
PARTING = 7.0
"""Seconds that work under way has to end in when we stop."""

PAGE, PAGES = 100, 20
"""Messages of a channel's history asked for at a time, and how often, when a post of doubtful outcome is looked for."""


class SlackGateway:
    """Puts the parts together; posts, redraws and looks up what the courier asks for."""

    name = "slack"

    def __init__(self, app: App, settings: Slack, times: Times | None = None) -> None:
        self._app = app
        self._settings = settings
        self._work = Work()
        self._teams = Teams(app, settings)
        self._voice = Voice(app, self._teams, settings.base_url, settings.command_prefix)
        people, modals = People(self._teams), Modals(self._teams, self._voice)
        self._places = Places(app, self._teams)
        homes = Homes(app, self._teams, people, self._voice, self._work)
        desk = Desk(app, people, self._voice, modals, homes, self._places)
        events = Events(self._teams, desk, homes, self._places)
        self._inbox = Inbox(app, events.handle, self._work)
        listeners = Listeners(app, settings.command_prefix, self._teams, people, desk, self._inbox, self._work)
        # Requests reach Bolt only after the line or the front has made sure that they are Slack's.
        authorize: Any = Authorize(self._teams)  # Bolt takes one, though its annotation does not say so
        # Without a name Bolt reads the source of all its callers to find one, which takes a tenth of a second.
        bolt = AsyncApp(name="journalclub", authorize=authorize, request_verification_enabled=False)
        self._bolt = listeners.join(bolt)
        self._line = self._front = None
        if settings.mode == "socket":
            token = settings.app_token.get_secret_value()
            self._line = Line(self._teams, token, self.hear, self._work, app.metrics, times)
        else:
            self._front = Front(app, settings.signing_secret.get_secret_value(), self.hear)

    def routes(self) -> list[web.RouteDef]:
        """What the web server is to pass on to us: signed requests, and the install pages."""
        routes = self._front.routes() if self._front else []
        if self._teams.vault:
            install = Install(self._app, self._settings, self._teams.vault, self._teams, self._places, self._voice)
            routes += install.routes()
        return routes

    async def serve(self) -> None:
        """Listen until cancelled. Raises UserError where Slack refuses us, or cannot be reached for minutes."""
        sweeping = asyncio.create_task(self._sweep(), name="sweep the inbox")
        try:
            await self._arrive()
            await (self._line.hold() if self._line else asyncio.Event().wait())
        finally:
            sweeping.cancel()
            if self._front:
                self._front.open = False
            if self._line:
                await self._line.close()
            await self._work.finish(PARTING)
            await self._teams.close()

    async def ready(self) -> None:
        """Return if Slack reaches us; else raise UserError that says what is wrong."""
        if self._line and not self._line.up:
            raise UserError("there is no line to Slack at the moment")

    async def hear(self, payload: Json) -> Json | None:
        """Pass a payload on to Bolt; what to acknowledge it with. Raises NotTaken."""
        # The mode says that the payload is proven and parsed already, whichever way it came.
        response = await self._bolt.async_dispatch(AsyncBoltRequest(mode="socket_mode", body=payload))
        if response.status != 200:
            raise NotTaken(f"{payload.get('type', payload.get('command'))} was not taken ({response.status})")
        try:
            answer = json.loads(response.body) if response.body else None
        except ValueError:  # Bolt's own words to a workspace that removed the app: nobody is there to read them
            return None
        return answer if isinstance(answer, dict) else None

    async def post(self, where: Where, card: Card, *, key: str) -> Posted:
        """Post a card; its metadata carries the delivery's key."""
        message = await self._voice.message(where, card)
        shown = await drawn(card)
        self._teams.pace.admit(where.workspace, "chat.postMessage")
        await self._teams.pace.turn(where.workspace, where.room)
        said = await self._teams.call(
            where.workspace,
            "chat.postMessage",
            lambda client: client.chat_postMessage(
                channel=where.room, thread_ts=where.thread or None, metadata=_metadata(key), **message, **QUIET
            ),
        )
        ts = str(said["ts"])
        for file in shown:
            self._work.start(self._show(where, ts, file), f"send {file.name} after {key}")
        return await self._posted(where, ts)

    async def edit(self, where: Where, card: Card, *, key: str) -> None:
        """Draw a posted card anew. The metadata is sent again: whether Slack keeps it otherwise is not documented."""
        message = await self._voice.message(where, card)
        self._teams.pace.admit(where.workspace, "chat.update")
        await self._teams.pace.turn(where.workspace, where.room, where.message)
        await self._teams.call(
            where.workspace,
            "chat.update",
            lambda client: client.chat_update(channel=where.room, ts=where.message, metadata=_metadata(key), **message),
        )

    async def discuss(self, where: Where, title: str, card: Card) -> Posted:
        """Say the first words in the thread of a posted card. In Slack every message can have one."""
        await self._voice.say(Where(where.platform, where.workspace, where.room, where.message), card)
        return await self._posted(where, where.message)

    async def find(self, where: Where, *, key: str, since: float) -> Posted | None:
        """Look for a delivery in the channel's history, which needs the optional history scopes.

        Of several the first stays, and the others are taken away: they are the same post, made twice.
        """
        if not self._settings.history:
            raise Refused("without the history scopes Slack does not let me look; a moderator can")
        team = await self._teams.of(where.workspace)
        found: list[str] = []
        cursor = ""
        for _ in range(PAGES):
            said = await self._teams.call(
                where.workspace,
                "conversations.history",
                lambda client, cursor=cursor: client.conversations_history(  # type: ignore[misc] # no type for a default
                    channel=where.room,
                    oldest=f"{since:.6f}",
                    limit=PAGE,
                    cursor=cursor or None,
                    include_all_metadata=True,
                ),
            )
            found += [str(m["ts"]) for m in said["messages"] if m.get("user") == team.bot_user and _key(m) == key]
            cursor = str((said.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                break
        if not found:
            return None
        first, *copies = sorted(found, key=float)
        for ts in copies:
            await self._take_away(where, ts)
        return await self._posted(where, first)

    async def tell(self, where: Where, person: str, card: Card) -> None:
        """Say something to one person, in a direct message."""
        await self._voice.direct(where.workspace, person, card)

    def sketch(self, workspace: str, card: Card) -> Sketch:
        """The text and the blocks of the message."""
        return sketch(card)

    async def doctor(self, workspace: str, rooms: Sequence[Where]) -> list[Finding]:
        """Check token, scopes, line and rooms."""
        return await checkup(self._teams, self._settings, workspace, rooms)

    async def _arrive(self) -> None:
        """Say who we are to ourselves, and look over the workspaces that we are in."""
        try:
            await self._teams.warm()
        except Refused as error:
            if len(self._app.gateways) < 2 and not self._teams.vault:
                raise UserError(f"Slack does not let us in: {error}.") from error
            log.error("Slack does not let us in: %s. The other platforms go on.", error)  # noqa: TRY400  no traceback is needed
        for team in await self._teams.all():
            self._work.start(self._arrived(team), f"look over {team}")

    async def _arrived(self, team: str) -> None:
        try:
            await self._places.arrived(team)
        except FAILED as error:
            log.warning("workspace %s was not looked over: %s", team, error)

    async def _sweep(self) -> None:
        while True:
            try:
                await self._inbox.sweep()
            except Exception:
                log.exception("the inbox was not swept")
            await asyncio.sleep(SWEEP)

    async def _posted(self, where: Where, ts: str) -> Posted:
        """A message that is there, with the link to it where Slack gives one."""
        try:
            said = await self._teams.call(
                where.workspace,
                "chat.getPermalink",
                lambda client: client.chat_getPermalink(channel=where.room, message_ts=ts),
            )
        except FAILED as error:
            log.info("no permalink for a message: %s", error)
            return Posted(ts, ts)
        return Posted(ts, ts, str(said["permalink"]))

    async def _show(self, where: Where, ts: str, file: Attached) -> None:
        """Put a picture into the thread of a post. It shows what the post says: one that is lost is not sent again."""
        try:
            await self._voice.upload(replace(where, thread=where.thread or ts), file)
        except FAILED as error:
            log.info("a picture was not shown: %s", error)

    async def _take_away(self, where: Where, ts: str) -> None:
        try:
            await self._teams.call(
                where.workspace, "chat.delete", lambda client: client.chat_delete(channel=where.room, ts=ts)
            )
            self._app.metrics.duplicate_healed(self.name)
        except FAILED as error:
            log.warning("a post that was made twice still stands: %s", error)


def _metadata(key: str) -> Json:
    return {"event_type": EVENT, "event_payload": {"key": key}}


def _key(message: Json) -> str:
    """The delivery that a message is, by its metadata; empty for any other message."""
    metadata = message.get("metadata") or {}
    payload = metadata.get("event_payload") or {}
    return str(payload.get("key", "")) if metadata.get("event_type") == EVENT else ""
