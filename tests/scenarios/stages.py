"""The same person at the same club, on each platform: what they say, press and see.

A stage is a platform with the real adapter behind it: the terminal's screen, slack-bolt against the strict local
Slack, discord.py against the strict local Discord. Only the platforms' servers are replaced.
"""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pydantic import SecretStr

from adapters.console.gateway import ConsoleGateway
from adapters.console.screen import Screen
from adapters.console.session import open_club, person, terminal_workspace_id
from adapters.slack.gateway import SlackGateway
from bot.chat.gateway import Location
from bot.dispatch import register_workspace
from bot.domain.club_settings import PURPOSES
from bot.domain.models import MemberRole
from bot.runtime.delivery_worker import DeliveryWorker
from bot.settings import DiscordSettings, SlackSettings
from tests.adapters.slack.stage import resting
from tests.protocol.discord_server import DiscordServer
from tests.protocol.discord_server import Person as DiscordUser
from tests.protocol.discord_server import Seen as DiscordSeen
from tests.protocol.discord_server.client import at_rest
from tests.protocol.discord_server.permissions import MANAGE_GUILD, MANAGE_MESSAGES
from tests.protocol.slack_server import Person as SlackUser
from tests.protocol.slack_server import Seen, SlackServer
from tests.stand_ins import Harness


class Somebody(ABC):
    """One person at one keyboard."""

    @abstractmethod
    async def say(self, line: str) -> str:
        """Say a command; all that they then see of it."""

    @abstractmethod
    async def press(self, label: str, on: str = "") -> str:
        """Press a button: on their last answer, or on the newest message of a room that has these words."""

    @abstractmethod
    async def told(self) -> str:
        """All that was said to them in direct messages."""

    @abstractmethod
    async def file(self) -> tuple[str, str]:
        """The file that they were given last: its name and its text."""

    async def fill(self, label: str, field: str, text: str) -> tuple[str, str]:
        """Press a button that opens a form, type into a field and send it: what stood there, and what they then see.

        Only where the platform has forms.
        """
        raise NotImplementedError


class Stage(ABC):
    """One platform with a club on it. Its rooms are called papers, digest and moderators."""

    name: str

    @abstractmethod
    async def enter(self, name: str, role: str = "member") -> Somebody:
        """Somebody comes in; `role` is what the platform lets them do."""

    @abstractmethod
    async def reads(self, room: str) -> str:
        """All that stands in a room now, as a person reads it."""

    def given(self, room: str) -> list[Any]:
        """What the platform was given for what it shows in a room, as it keeps it; of the terminal nothing is kept."""
        return []

    @abstractmethod
    async def settle(self) -> None:
        """Wait until all that is to be posted or drawn anew is there."""

    @abstractmethod
    def check(self) -> None:
        """Fail if anything that was sent broke the platform's rules."""


class ConsoleStage(Stage):
    """The terminal."""

    name = "console"

    def __init__(self, admin: Harness, club_id: int, folder: Path) -> None:
        self._house = admin
        self._where = Location("console", f"terminal-{club_id}", "general")
        self.folder = folder
        self._lines: list[str] = []
        self._gateway = ConsoleGateway(self._lines.append)
        admin.add(self._gateway)
        self.delivery_worker = admin.delivery_worker

    def _screen(self, name: str, role: str) -> Screen:
        return Screen(self._house.app, person(name, role), self._where, self._lines.append, folder=self.folder)

    async def enter(self, name: str, role: str = "member") -> Somebody:
        return ConsolePerson(self, self._screen(name, role))

    async def reads(self, room: str) -> str:
        return "\n".join(line for line in self._lines if line.startswith(f"#{room}"))

    async def settle(self) -> None:
        await self.delivery_worker.drain()

    def check(self) -> None:
        assert not any("\x1b" in line for line in self._lines), "no colours into a pipe"

    def heard(self, since: int) -> str:
        return "\n".join(self._lines[since:])

    @property
    def mark(self) -> int:
        return len(self._lines)


class ConsolePerson(Somebody):
    def __init__(self, stage: ConsoleStage, screen: Screen) -> None:
        self._stage, self._screen = stage, screen

    async def say(self, line: str) -> str:
        mark = self._stage.mark
        await self._screen.say(line)
        heard = self._stage.heard(mark)
        await self._stage.settle()
        return heard

    async def press(self, label: str, on: str = "") -> str:
        shown = self._screen.buttons
        call = next(button.call for button in reversed(shown) if button.label == label)
        mark = self._stage.mark
        await self._screen.press(call)
        heard = self._stage.heard(mark)
        await self._stage.settle()
        return heard

    async def told(self) -> str:
        alone = f"(to {self._screen.who.id} alone)"
        return "\n".join(line for line in self._stage.heard(0).split("\n#") if alone in line)

    async def file(self) -> tuple[str, str]:
        return await asyncio.to_thread(left_in, self._stage.folder)


def left_in(folder: Path) -> tuple[str, str]:
    """The newest file in a folder."""
    newest = max(folder.iterdir(), key=lambda file: file.stat().st_mtime_ns)
    return newest.name, newest.read_text("utf-8")


class SlackStage(Stage):
    """slack-bolt in Socket Mode, against the strict local Slack."""

    name = "slack"

    def __init__(self, admin: Harness, slack: SlackServer) -> None:
        self._slack = slack
        self._house = admin
        self.delivery_worker = DeliveryWorker(admin.app)
        self.channels = {purpose: slack.channel(purpose) for purpose in PURPOSES}
        self.rooms = {str(purpose): channel for purpose, channel in self.channels.items()}

    async def enter(self, name: str, role: str = "member") -> Somebody:
        user = self._slack.user(name, admin=role == "admin")
        if role == "moderator":
            club = await register_workspace(self._house.app, "slack", "T1", "Readers")
            async with self._house.app.store.begin(club.id) as db:
                await db.roles.grant("slack", user.id, MemberRole.MODERATOR, name)
        return SlackPerson(self, user)

    async def reads(self, room: str) -> str:
        return "\n".join(m.words for m in self._slack.messages(self.rooms[room].id) if not m.deleted)

    def given(self, room: str) -> list[Any]:
        return [without_ids({"text": m.text, "blocks": m.blocks}) for m in self._slack.messages(self.rooms[room].id)]

    async def settle(self) -> None:
        await self._slack.settled()
        await self.delivery_worker.drain()
        await self._slack.settled()

    def check(self) -> None:
        assert [str(breach) for breach in self._slack.breaches] == []

    def directs(self, user: SlackUser) -> list[Any]:
        return self._slack.directs(user)

    @property
    def files(self) -> dict[str, Any]:
        return self._slack.world.files

    def newest(self, room: str, words: str) -> Any:
        found = [m for m in self._slack.messages(self.rooms[room].id) if words in m.words and not m.deleted]
        return found[-1]


class SlackPerson(Somebody):
    def __init__(self, stage: SlackStage, user: SlackUser) -> None:
        self._stage, self._user = stage, user
        self._seen: Seen | None = None

    async def say(self, line: str) -> str:
        root, _, rest = line.partition(" ")
        self._seen = await self._user.command(root, rest, channel=self._stage.rooms["papers"].id)
        return await self._look()

    async def press(self, label: str, on: str = "") -> str:
        assert self._seen or on
        message = self._stage.newest("papers", on) if on else self._seen.message()  # type: ignore[union-attr]
        self._seen = await self._user.click(message, label)
        return await self._look()

    async def fill(self, label: str, field: str, text: str) -> tuple[str, str]:
        assert self._seen
        opened = await self._user.click(self._seen.message(), label)
        view = (await opened.until(lambda seen: seen.view.state)).view
        stood = next(str(one["value"]) for block in view.state.values() for one in block.values() if "value" in one)
        self._seen = await self._user.submit_view(view, {field.lower(): text})
        return stood, await self._look()

    async def told(self) -> str:
        return "\n".join(m.words for m in self._stage.directs(self._user))

    async def file(self) -> tuple[str, str]:
        given = list(self._stage.files.values())[-1]
        assert given.channel.startswith("D"), "to them alone"
        return given.name, (given.content or b"").decode()

    async def _look(self) -> str:
        assert self._seen is not None
        await self._seen.until(lambda seen: not under_way(seen.words))
        await self._stage.settle()
        return self._seen.words


@asynccontextmanager
async def slack_stage(admin: Harness) -> AsyncIterator[SlackStage]:
    """A Slack workspace with the app in it, and the adapter listening."""
    async with SlackServer() as slack:
        chosen = {"bot_token": slack.token(), "app_token": slack.app.app_token, "base_url": slack.api_url}
        settings = SlackSettings.model_validate({**chosen, "gap_seconds": 0})
        gateway = admin.add_built(lambda app: SlackGateway(app, settings))
        slack.rest = resting(gateway)
        club = await register_workspace(admin.app, "slack", "T1", "Readers")
        stage = SlackStage(admin, slack)
        async with admin.app.store.admin_session() as link_checker:
            workspace = await link_checker.directory.workspace("slack", "T1")
        assert workspace is not None
        async with admin.app.store.begin(club.id) as db:
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


@asynccontextmanager
async def console_stage(admin: Harness) -> AsyncIterator[ConsoleStage]:
    """A terminal with a room for each purpose."""
    club = await open_club(admin.app, "")
    assert terminal_workspace_id(club) == f"terminal-{club.id}"
    with TemporaryDirectory() as folder:
        yield ConsoleStage(admin, club.id, Path(folder))


class DiscordStage(Stage):
    """discord.py on the gateway, against the strict local Discord."""

    name = "discord"

    def __init__(self, admin: Harness, discord: DiscordServer) -> None:
        self._house = admin
        self._discord = discord
        self.guild = discord.guild("Readers")
        self.delivery_worker = DeliveryWorker(admin.app)
        self.channels = {purpose: self.guild.text(purpose) for purpose in PURPOSES}
        self.rooms = {str(purpose): channel for purpose, channel in self.channels.items()}

    async def enter(self, name: str, role: str = "member") -> Somebody:
        rights = {"member": 0, "moderator": MANAGE_MESSAGES, "admin": MANAGE_GUILD}[role]
        return DiscordPerson(self, self.guild.member(name, permissions=rights))

    async def reads(self, room: str) -> str:
        posted = [m.text for m in self.rooms[room].messages if not m.gone and m.only_for is None]
        return unescaped("\n".join(posted))

    def given(self, room: str) -> list[Any]:
        return [without_ids({"flags": m.flags, "components": m.components}) for m in self.rooms[room].messages]

    async def settle(self) -> None:
        await self._discord.settled()
        await self.delivery_worker.drain()
        await self._discord.settled()

    def check(self) -> None:
        assert [str(breach) for breach in self._discord.breaches] == []

    def options(self, line: str) -> tuple[str, dict[str, Any]]:
        """A typed line as the command and the options that Discord's client would send."""
        command, call = self._house.app.commands.find(line)
        typed = {param.name: param.type for param in command.params}
        words = command.words(call)
        return f"/{command.name}", {name: _option(typed[name], word) for name, word in words.items()}


def _option(kind: type, word: str) -> object:
    """A word as the typed value of a Discord option."""
    if kind is int:
        return int(word.removeprefix("#"))
    return word == "yes" if kind is bool else word


class DiscordPerson(Somebody):
    def __init__(self, stage: DiscordStage, user: DiscordUser) -> None:
        self._stage, self._user = stage, user
        self._seen: DiscordSeen | None = None

    async def say(self, line: str) -> str:
        name, options = self._stage.options(line)
        self._seen = await self._user.command(name, self._stage.rooms["papers"], **options)
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

    async def told(self) -> str:
        return unescaped("\n".join(m.text for m in self._user.private.messages if not m.gone))

    async def file(self) -> tuple[str, str]:
        assert self._seen
        [given] = self._seen.latest.attachments
        assert self._seen.ephemeral, "to them alone"
        return given.filename, given.content.decode()

    async def _look(self) -> str:
        assert self._seen is not None
        await self._seen.until(lambda seen: not under_way(seen.text))
        await self._stage.settle()
        return unescaped(self._seen.text)


def without_ids(body: Any) -> Any:
    """A payload without what the platform fills in by itself, and without marks: numbers of parts, defaults, media."""
    if isinstance(body, list):
        return [without_ids(one) for one in body]
    if isinstance(body, dict):
        kept = {k: without_ids(v) for k, v in body.items() if k not in FILLED_IN and v is not None}
        return {k: v for k, v in kept.items() if v not in ({}, [])}
    return body


FILLED_IN = ("id", "block_id", "spoiler", "disabled", "min_values", "max_values", "media", "description")


def under_way(text: str) -> bool:
    """Whether what is shown is a step of long work, with its bar."""
    return "▰" in text or "▱" in text


def unescaped(text: str) -> str:
    """Discord's Markdown as a person reads it."""
    return text.replace("\\", "")


@asynccontextmanager
async def discord_stage(admin: Harness) -> AsyncIterator[DiscordStage]:
    """A Discord guild with the bot in it, and the adapter listening."""
    from adapters.discord.gateway import DiscordGateway

    async with DiscordServer() as discord:
        settings = DiscordSettings.model_construct(
            token=SecretStr(discord.token), rest_url=discord.api, gateway_url=discord.gateway.url
        )
        gateway = admin.add_built(lambda app: DiscordGateway(app, settings))
        discord.rest = at_rest
        stage = DiscordStage(admin, discord)
        guild = str(stage.guild.id)
        club = await register_workspace(admin.app, "discord", guild, "Readers")
        async with admin.app.store.admin_session() as link_checker:
            workspace = await link_checker.directory.workspace("discord", guild)
        assert workspace is not None
        async with admin.app.store.begin(club.id) as db:
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
