"""Slack as a stage: slack-bolt against the strict local Slack."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from adapters.slack.gateway import SlackGateway
from adapters.slack.outbound.pictures import PictureUploads
from adapters.slack.setup.manifest import REACTIONS
from bot.domain.club_settings import PURPOSES
from bot.domain.models import MemberRole
from bot.requester_lookup import register_workspace
from bot.runtime.delivery_worker import DeliveryWorker
from bot.settings import SlackSettings
from tests.adapters.slack.harness import when_idle
from tests.protocol.slack_server import DEFAULT_SCOPES, InteractionResult, SlackServer
from tests.protocol.slack_server import Person as SlackUser
from tests.protocol.slack_server.world import ServerState
from tests.scenarios.stages import Person, Picture, Stage, is_progress, without_ids
from tests.stand_ins import Harness


class SlackStage(Stage):
    """slack-bolt in Socket Mode, against the strict local Slack."""

    name = "slack"

    def __init__(self, harness: Harness, slack: SlackServer) -> None:
        self._slack = slack
        self._harness = harness
        self.delivery_worker = DeliveryWorker(harness.app)
        self.channels = {purpose: slack.channel(f"C0{purpose.upper()}01", purpose) for purpose in PURPOSES}
        self.rooms = {str(purpose): channel for purpose, channel in self.channels.items()}

    async def enter(self, name: str, role: str = "member") -> Person:
        user = self._slack.user(name, admin=role == "admin")
        if role == "moderator":
            club = await register_workspace(self._harness.app, "slack", "T1", "Readers")
            async with self._harness.app.store.begin(club.id) as db:
                await db.roles.grant("slack", user.id, MemberRole.MODERATOR, name)
        return SlackPerson(self, user)

    async def channel_text(self, room: str) -> str:
        return "\n".join(m.words for m in self._slack.messages(self.rooms[room].id) if not m.deleted)

    def payloads(self, room: str) -> list[Any]:
        return [without_ids({"text": m.text, "blocks": m.blocks}) for m in self._slack.messages(self.rooms[room].id)]

    def pictures(self) -> list[Picture]:
        digest = self.rooms["digest"].id
        blocks = [block for message in self._slack.messages(digest) for block in message.blocks]
        shown = [
            Picture(block["alt_text"], self.files[block["slack_file"]["id"]].content or b"")
            for block in blocks
            if block["type"] == "image" and "slack_file" in block
        ]
        below = [Picture(file.alt, file.content or b"") for file in self.files.values() if file.channel == digest]
        return [*shown, *below]

    async def settle(self) -> None:
        await self._slack.settled()
        await self.delivery_worker.drain()
        await self._slack.settled()

    def restart(self) -> None:
        """Let the gateway know of uploaded pictures only what a new process knows."""
        gateway = self._harness.app.gateways["slack"]
        assert isinstance(gateway, SlackGateway)
        PictureUploads.__init__(gateway._posts.pictures, self._harness.app, gateway._sender)

    def add_user_group(self, id: str, handle: str) -> None:
        """A user group of the workspace, with nobody in it."""
        self._slack.group(id, handle, [])

    def allow_mention(self, group: str) -> None:
        """Allow posts to mention a user group, given as `^` and its id."""
        self._slack.world.mentionable.add(group)

    def check(self) -> None:
        assert [str(breach) for breach in self._slack.violations] == []

    def directs(self, user: SlackUser) -> list[Any]:
        return self._slack.directs(user)

    def ephemerals(self, user: SlackUser) -> list[Any]:
        return self._slack.ephemerals(user)

    @property
    def world(self) -> ServerState:
        """Everything that the local Slack has."""
        return self._slack.world

    @property
    def files(self) -> dict[str, Any]:
        return self._slack.world.files

    def newest(self, room: str, words: str) -> Any:
        found = [m for m in self._slack.messages(self.rooms[room].id) if words in m.words and not m.deleted]
        return found[-1]


class SlackPerson(Person):
    def __init__(self, stage: SlackStage, user: SlackUser) -> None:
        self._stage, self._user = stage, user
        self._seen: InteractionResult | None = None

    async def say(self, line: str) -> str:
        root, _, rest = line.partition(" ")
        self._seen = await self._user.command(root, rest, channel=self._stage.rooms[self._stage.spoken_in].id)
        return await self._look()

    async def press(self, label: str, on: str = "") -> str:
        assert self._seen or on
        message = self._stage.newest("papers", on) if on else self._answer_with(label)
        rows = [control.block_id for control in message.controls if control.label == label]
        self._seen = await self._user.click(message, label, block_id=rows[0] if len(rows) > 1 else None)
        return await self._look()

    def _answer_with(self, label: str) -> Any:
        """The newest message with this button: a command may change others too, such as the draft's card."""
        assert self._seen
        newest = self._seen.message()
        shown = (newest, *reversed(self._seen.ephemerals))
        return next((m for m in shown if any(control.label == label for control in m.controls)), newest)

    async def fill(self, label: str, field: str, text: str) -> tuple[str, str]:
        assert self._seen
        opened = await self._user.click(self._answer_with(label), label)
        view = (await opened.until(lambda seen: seen.view.state)).view
        stood = next(
            str(entry["value"] or "") for block in view.state.values() for entry in block.values() if "value" in entry
        )
        self._seen = await self._user.submit_view(view, {field.lower(): text})
        return stood, await self._look()

    async def react(self, on: str, emoji: str = "👍", *, added: bool = True) -> None:
        name = {"👍": "+1", "👍🏽": "+1::skin-tone-4", "👍🏿": "+1::skin-tone-6", "👀": "eyes"}[emoji]
        await self._user.react(self._stage.newest("papers", on), name, added=added)
        await self._stage.settle()

    async def told(self) -> list[str]:
        return [m.words for m in self._stage.ephemerals(self._user)]

    async def direct_messages(self) -> str:
        return "\n".join(m.words for m in self._stage.directs(self._user))

    async def file(self) -> tuple[str, str]:
        given = list(self._stage.files.values())[-1]
        assert given.channel.startswith("D"), "to them alone"
        return given.name, (given.content or b"").decode()

    async def _look(self) -> str:
        assert self._seen is not None
        await self._seen.until(lambda seen: not is_progress(seen.words))
        await self._stage.settle()
        return self._seen.words


@asynccontextmanager
async def slack_stage(harness: Harness, *, reactions: bool = False) -> AsyncIterator[SlackStage]:
    """A Slack workspace with the app in it, and the adapter listening."""
    async with SlackServer() as slack:
        slack.install("T1", [*DEFAULT_SCOPES, *REACTIONS] if reactions else None)
        chosen = {"bot_token": slack.token(), "app_token": slack.app.app_token, "base_url": slack.api_url}
        settings = SlackSettings.model_validate({**chosen, "gap_seconds": 0})
        gateway = harness.add_built(lambda app: SlackGateway(app, settings))
        slack.rest = when_idle(gateway)
        club = await register_workspace(harness.app, "slack", "T1", "Readers")
        stage = SlackStage(harness, slack)
        async with harness.app.store.admin_session() as admin:
            workspace = await admin.directory.workspace("slack", "T1")
        assert workspace is not None
        async with harness.app.store.begin(club.id) as db:
            for purpose, channel in stage.channels.items():
                await db.rooms.assign(workspace.id, channel.id, purpose, purpose)
        listening = asyncio.create_task(gateway.serve())
        await slack.sockets.connected()
        try:
            yield stage
        finally:
            listening.cancel()
            with suppress(asyncio.CancelledError):
                await listening
