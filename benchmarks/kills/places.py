"""Homes of the club: a workspace on the local Slack, with or without history scopes, or a local Discord's guild."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Literal, Protocol

from adapters.slack.setup.manifest import manifest
from benchmarks.kills.fast_time import FastClock, FastTime
from bot.domain.club_settings import Purpose
from bot.features.registry import all_commands
from bot.settings import Settings
from tests.protocol.discord_server import Channel, DiscordServer, LocalGuild
from tests.protocol.slack_server import Message, SlackServer

PlaceName = Literal["slack", "slack-history", "discord", "forum"]
PLACES: tuple[PlaceName, ...] = ("slack", "slack-history", "discord", "forum")
TITLES: Mapping[PlaceName, str] = {
    "slack": "Slack, default",
    "slack-history": "Slack, history",
    "discord": "Discord",
    "forum": "Discord, forum",
}
ADMIN_RIGHTS = 1 << 5
LONG = 600.0
"""Seconds that anything may take here; what takes longer is stuck."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A message of the bot that stands in a channel: its id, and the key of its delivery where it shows one."""

    message: str
    key: str


class Place(Protocol):
    """A platform with the club's channels in it."""

    platform: str
    workspace: str
    can_look: bool
    """True if the bot may read its channels, so that it settles doubtful posts by itself."""

    @property
    def settings(self) -> dict[str, str]:
        """Settings of a program that lives here."""

    @property
    def channels(self) -> Mapping[Purpose, str]:
        """Ids of the channels, by purpose."""

    def standing(self) -> Iterator[Standing]:
        """The bot's messages that stand in these channels now."""

    async def remove_double(self, question: str, copy: str) -> None:
        """Do the next thing by which a moderator removes a copy, on the question about a post.

        That is to press the button that removes one, or to name `copy` where the program does not know of another.
        """

    def faults(self) -> int:
        """Number of rules of the platform that were broken."""


class SlackPlace:
    """A workspace of the local Slack with the app installed."""

    platform, workspace = "slack", "T1"
    channels: Mapping[Purpose, str] = {"papers": "C0PAPERS01", "digest": "C0DIGEST01", "moderators": "C0MODERS01"}

    def __init__(self, slack: SlackServer, history: bool) -> None:
        self.slack = slack
        self.can_look = history
        slack.use_manifest(manifest(all_commands, Settings(), history=history))
        slack.install("T1")
        for purpose, id in self.channels.items():
            slack.channel(id, purpose, private=purpose == "moderators")
        self._root = slack.user("Root", admin=True)

    @property
    def settings(self) -> dict[str, str]:
        """Socket Mode on this machine."""
        return {
            "SLACK__BASE_URL": self.slack.api_url,
            "SLACK__GAP_SECONDS": "0",
            "SLACK__APP_TOKEN": self.slack.app.app_token,
            "SLACK__BOT_TOKEN": self.slack.token(),
            "SLACK__HISTORY": "yes" if self.can_look else "no",
        }

    def standing(self) -> Iterator[Standing]:
        """Messages of channels and threads; the key is in their metadata."""
        for channel in self.channels.values():
            for message in self.slack.messages(channel, bot=True):
                if not message.deleted:
                    yield Standing(message.ts, _key(message))

    async def remove_double(self, question: str, copy: str) -> None:
        """Press "Remove the new copy", or the second one; else send the link of a copy."""
        [asked] = [m for m in self.slack.messages(self.channels["moderators"], bot=True) if m.ts == question]
        for label in asked.labels:
            if label.startswith("Remove the"):
                await self._root.click(asked, label)
                return
        seen = await self._root.click(asked, "There is another copy")
        await seen.until(lambda answer: answer.view.state)
        [channel] = [at for at in self.channels.values() for m in self.slack.messages(at, bot=True) if m.ts == copy]
        link = f"https://reading.slack.com/archives/{channel}/p{copy.replace('.', '')}"
        await self._root.submit_view(seen.view, {"link": link})

    def faults(self) -> int:
        """Broken rules."""
        return len(self.slack.violations)


class DiscordPlace:
    """A guild of the local Discord; papers, and editions too, may go to a forum."""

    platform = "discord"
    can_look = True

    def __init__(self, discord: DiscordServer, forum: bool) -> None:
        self.discord = discord
        self.guild: LocalGuild = discord.guild("ML Readers")
        self.workspace = str(self.guild.id)
        make: Callable[[str], Channel] = self.guild.forum if forum else self.guild.text
        self._channels = [make("papers"), make("digest"), self.guild.text("moderators")]

    @property
    def channels(self) -> Mapping[Purpose, str]:
        """Ids of the guild's channels."""
        papers, digest, moderators = (str(channel.id) for channel in self._channels)
        return {"papers": papers, "digest": digest, "moderators": moderators}

    @property
    def settings(self) -> dict[str, str]:
        """The bot's token and where its Discord is."""
        return {"DISCORD__TOKEN": self.discord.token, "DISCORD__REST_URL": self.discord.api}

    def standing(self) -> Iterator[Standing]:
        """Messages of channels and of their threads; the key is their nonce."""
        for place in (*self._channels, *self.guild.threads()):
            for message in place.messages:
                if message.author.bot and message.type == 0:
                    yield Standing(str(message.id), message.nonce or "")

    async def remove_double(self, question: str, copy: str) -> None:
        """Nobody is asked where the bot may look."""
        raise AssertionError(f"{question}: somebody was asked on Discord")

    def faults(self) -> int:
        """Broken rules."""
        return len(self.discord.breaches)


@asynccontextmanager
async def opened(name: PlaceName, fast: FastTime) -> AsyncIterator[SlackPlace | DiscordPlace]:
    """A fresh place, on a server of its own."""
    if name.startswith("slack"):
        async with SlackServer(install=False, clock=FastClock(fast)) as slack:
            slack.quiet = slack.patience = 0.0
            yield SlackPlace(slack, history=name == "slack-history")
    else:
        async with DiscordServer(now=fast.now, check_requests=False) as discord:
            yield DiscordPlace(discord, forum=name == "forum")


def _key(message: Message) -> str:
    return str(((message.metadata or {}).get("event_payload") or {}).get("key", ""))
