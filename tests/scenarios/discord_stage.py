"""Discord as a stage: discord.py against the strict local Discord."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from pydantic import SecretStr

from bot.domain.club_settings import PURPOSES
from bot.requester_lookup import register_workspace
from bot.runtime.delivery_worker import DeliveryWorker
from bot.settings import DiscordSettings
from tests.protocol.discord_server import DiscordServer
from tests.protocol.discord_server import InteractionResult as DiscordSeen
from tests.protocol.discord_server import Person as DiscordUser
from tests.protocol.discord_server.client import at_rest
from tests.protocol.discord_server.permissions import MANAGE_GUILD, MANAGE_MESSAGES
from tests.protocol.discord_server.state import Attachment, Message
from tests.scenarios.stages import Person, Picture, Stage, is_progress, without_ids
from tests.stand_ins import Harness

HAS_THREAD = 1 << 5
"""Flag that Discord sets on a message with a thread."""


class DiscordStage(Stage):
    """discord.py on the gateway, against the strict local Discord."""

    name = "discord"

    def __init__(self, harness: Harness, discord: DiscordServer) -> None:
        self._harness = harness
        self._discord = discord
        self.guild = discord.guild("Readers")
        self.delivery_worker = DeliveryWorker(harness.app)
        self.channels = {purpose: self.guild.text(purpose) for purpose in PURPOSES}
        self.rooms = {str(purpose): channel for purpose, channel in self.channels.items()}

    async def enter(self, name: str, role: str = "member") -> Person:
        rights = {"member": 0, "moderator": MANAGE_MESSAGES, "admin": MANAGE_GUILD}[role]
        return DiscordPerson(self, self.guild.member(name, permissions=rights))

    async def channel_text(self, room: str) -> str:
        posted = [m.text for m in self._messages(room) if not m.gone and m.only_for is None]
        return unescaped("\n".join(posted))

    def payloads(self, room: str) -> list[Any]:
        return [without_ids({"flags": m.flags & ~HAS_THREAD, "components": m.components}) for m in self._messages(room)]

    def pictures(self) -> list[Picture]:
        shown = [m for m in self._messages("digest") if not m.gone]
        return [Picture(file.description or "", file.content) for m in shown for file in m.attachments]

    def _messages(self, room: str) -> list[Message]:
        """The messages of a channel, then those of its threads."""
        channel = self.rooms[room]
        return [
            *channel.messages,
            *(m for thread in self.guild.threads(channel) for m in thread.messages if m.components),
        ]

    async def settle(self) -> None:
        await self._discord.settled()
        await self.delivery_worker.drain()
        await self._discord.settled()

    def check(self) -> None:
        assert [str(breach) for breach in self._discord.breaches] == []

    def options(self, line: str) -> tuple[str, dict[str, Any]]:
        """A typed line as the command and the options that Discord's client would send."""
        command, call = self._harness.app.commands.find(line)
        typed = {param.name: str if param.hint.parse else param.type for param in command.params}
        files = {param.name for param in command.params if param.hint.file}
        words = command.words(call)
        return f"/{command.name}", {
            name: _attachment(word) if name in files else _option(typed[name], word) for name, word in words.items()
        }


def _attachment(word: str) -> Attachment:
    """A file at an address, `url#size`, as Discord's client attaches it."""
    url, _, size = word.partition("#")
    return Attachment(1_300_000_000_000_000_000, url.rpartition("/")[2], bytes(int(size)), url)


def _option(kind: type, word: str) -> object:
    """A word as the typed value of a Discord option."""
    if kind is int:
        return int(word.removeprefix("#"))
    return word == "yes" if kind is bool else word


class DiscordPerson(Person):
    def __init__(self, stage: DiscordStage, user: DiscordUser) -> None:
        self._stage, self._user = stage, user
        self._seen: DiscordSeen | None = None

    async def say(self, line: str) -> str:
        name, options = self._stage.options(line)
        self._seen = await self._user.command(name, self._stage.rooms[self._stage.spoken_in], **options)
        return await self._look()

    async def press(self, label: str, on: str = "") -> str:
        assert self._seen or on
        shown = [m for m in self._stage.rooms["papers"].messages if on in m.text and not m.gone and m.only_for is None]
        message: Any = shown[-1] if on else self._seen
        self._seen = await self._user.click(message, label)
        return await self._look()

    async def fill(self, label: str, field: str, text: str) -> tuple[str, str]:
        assert self._seen
        form = (await self._user.click(self._seen, label)).form
        stood = form.prefilled[field]
        self._seen = await self._user.submit_modal(form, {field: text})
        return stood, await self._look()

    async def react(self, on: str, emoji: str = "👍", *, added: bool = True) -> None:
        shown = [m for m in self._stage.rooms["papers"].messages if on in m.text and not m.gone and m.only_for is None]
        self._user.react(shown[-1], emoji, added=added)
        await self._stage.settle()

    async def told(self) -> list[str]:
        return [unescaped(m.text) for m in self._user.private.messages if not m.gone]

    async def direct_messages(self) -> str:
        return unescaped("\n".join(m.text for m in self._user.private.messages if not m.gone))

    async def file(self) -> tuple[str, str]:
        assert self._seen
        [given] = self._seen.latest.attachments
        assert self._seen.ephemeral, "to them alone"
        return given.filename, given.content.decode()

    async def _look(self) -> str:
        assert self._seen is not None
        await self._seen.until(lambda seen: not is_progress(seen.text))
        await self._stage.settle()
        return unescaped(self._seen.text)


def unescaped(text: str) -> str:
    """Discord's Markdown as a person reads it."""
    return text.replace("\\", "")


@asynccontextmanager
async def discord_stage(harness: Harness, *, reactions: bool = False) -> AsyncIterator[DiscordStage]:
    """A Discord server with the bot in it, and the adapter listening."""
    from adapters.discord.gateway import DiscordGateway

    async with DiscordServer() as discord:
        settings = DiscordSettings.model_construct(
            token=SecretStr(discord.token), rest_url=discord.api, gateway_url=discord.gateway.url, reactions=reactions
        )
        gateway = harness.add_built(lambda app: DiscordGateway(app, settings))
        discord.rest = at_rest
        stage = DiscordStage(harness, discord)
        guild = str(stage.guild.id)
        club = await register_workspace(harness.app, "discord", guild, "Readers")
        async with harness.app.store.admin_session() as admin:
            workspace = await admin.directory.workspace("discord", guild)
        assert workspace is not None
        async with harness.app.store.begin(club.id) as db:
            for purpose, channel in stage.channels.items():
                await db.rooms.assign(workspace.id, str(channel.id), purpose, purpose)
        listening = asyncio.create_task(gateway.serve())
        await discord.connected()
        await discord.settled()
        try:
            yield stage
        finally:
            listening.cancel()
            with suppress(asyncio.CancelledError):
                await listening
