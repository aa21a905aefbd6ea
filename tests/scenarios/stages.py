"""The same person at the same club, on each platform: what they say, press and see.

A stage is a platform with the real adapter behind it: the terminal's screen, slack-bolt against the strict local
Slack, discord.py against the strict local Discord. Only the platforms' servers are replaced.
"""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from adapters.console.chat import open_club, person, terminal
from adapters.console.screen import Screen
from adapters.slack.gateway import SlackGateway
from bot.chat.gateway import Where
from bot.courier import Courier
from bot.dispatch import welcome
from bot.domain.clubs import PURPOSES
from bot.settings import Slack
from tests.protocol.slack_server import Person as SlackUser
from tests.protocol.slack_server import Seen, SlackServer
from tests.stand_ins import House


class Somebody(ABC):
    """One person at one keyboard."""

    @abstractmethod
    async def say(self, line: str) -> str:
        """Say a command; all that they then see of it."""

    @abstractmethod
    async def press(self, label: str, on: str = "") -> str:
        """Press a button: on their last answer, or on the newest message of a room that has these words."""


class Stage(ABC):
    """One platform with a club on it. Its rooms are called papers, digest and moderators."""

    name: str

    @abstractmethod
    async def enter(self, name: str, role: str = "member") -> Somebody:
        """Somebody comes in; `role` is what the platform lets them do."""

    @abstractmethod
    async def reads(self, room: str) -> str:
        """All that stands in a room now, as a person reads it."""

    @abstractmethod
    async def settle(self) -> None:
        """Wait until all that is to be posted or drawn anew is there."""

    @abstractmethod
    def check(self) -> None:
        """Fail if anything that was sent broke the platform's rules."""


class ConsoleStage(Stage):
    """The terminal."""

    name = "console"

    def __init__(self, house: House, club_id: int) -> None:
        self._house = house
        self._where = Where("console", f"terminal-{club_id}", "general")
        self._lines: list[str] = []
        first = self._screen("Nobody", "member")
        self.courier = first.attach()

    def _screen(self, name: str, role: str) -> Screen:
        return Screen(self._house.app, person(name, role), self._where, self._lines.append)

    async def enter(self, name: str, role: str = "member") -> Somebody:
        return ConsolePerson(self, self._screen(name, role))

    async def reads(self, room: str) -> str:
        return "\n".join(line for line in self._lines if line.startswith(f"#{room}"))

    async def settle(self) -> None:
        await self.courier.drain()

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


class SlackStage(Stage):
    """slack-bolt in Socket Mode, against the strict local Slack."""

    name = "slack"

    def __init__(self, house: House, slack: SlackServer) -> None:
        self._slack = slack
        self._house = house
        self.courier = Courier(house.app)
        self.rooms = {purpose: slack.channel(purpose) for purpose in PURPOSES}

    async def enter(self, name: str, role: str = "member") -> Somebody:
        user = self._slack.user(name, admin=role == "admin")
        if role == "moderator":
            club = await welcome(self._house.app, "slack", "T1", "Readers")
            async with self._house.app.store.begin(club.id) as db:
                await db.roles.grant("slack", user.id, "moderator", name)
        return SlackPerson(self, user)

    async def reads(self, room: str) -> str:
        return "\n".join(m.words for m in self._slack.messages(self.rooms[room].id) if not m.deleted)

    async def settle(self) -> None:
        await self.courier.drain()
        await self._slack.settled()

    def check(self) -> None:
        assert [str(breach) for breach in self._slack.breaches] == []

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

    async def _look(self) -> str:
        assert self._seen is not None
        await self._stage._slack.settled()
        await self._stage.settle()
        return self._seen.words


@asynccontextmanager
async def slack_stage(house: House) -> AsyncIterator[SlackStage]:
    """A Slack workspace with the app in it, and the adapter listening."""
    async with SlackServer() as slack:
        settings = Slack(bot_token=slack.token(), app_token=slack.app.app_token, base_url=slack.api_url)  # type: ignore[arg-type]
        gateway = SlackGateway(house.app, settings)
        house.app.gateways["slack"] = gateway
        club = await welcome(house.app, "slack", "T1", "Readers")
        stage = SlackStage(house, slack)
        async with house.app.store.house() as doors:
            workspace = await doors.workspace("slack", "T1")
        assert workspace is not None
        async with house.app.store.begin(club.id) as db:
            for purpose, channel in stage.rooms.items():
                await db.rooms.use(workspace.id, channel.id, purpose, purpose)
        listening = asyncio.create_task(gateway.serve())
        await slack.sockets.connected()
        try:
            yield stage
        finally:
            listening.cancel()
            with suppress(asyncio.CancelledError):
                await listening


@asynccontextmanager
async def console_stage(house: House) -> AsyncIterator[ConsoleStage]:
    """A terminal with a room for each purpose."""
    club = await open_club(house.app, "")
    assert terminal(club) == f"terminal-{club.id}"
    yield ConsoleStage(house, club.id)
