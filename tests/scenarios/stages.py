"""One person in one club, on each platform: what they type, press and see.

A stage is a platform with the real adapter behind it: the terminal's screen, slack-bolt against the strict local Slack,
discord.py against the strict local Discord. Only the platforms' servers are replaced.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any


class Person(ABC):
    """One person at one keyboard."""

    @abstractmethod
    async def say(self, line: str) -> str:
        """Type a command. Returns everything that they then see of it."""

    @abstractmethod
    async def press(self, label: str, on: str = "") -> str:
        """Press a button: on their last answer, or on the newest message of a channel that contains these words."""

    async def react(self, on: str, emoji: str = "👍", *, added: bool = True) -> None:
        """Add a reaction to the newest message of the papers' channel with these words, or take it away.

        Only on platforms with reactions.
        """
        raise NotImplementedError

    async def told(self) -> list[str]:
        """What the bot showed or sent to them alone, unasked."""
        raise NotImplementedError

    @abstractmethod
    async def direct_messages(self) -> str:
        """Texts of all direct messages to them."""

    @abstractmethod
    async def file(self) -> tuple[str, str]:
        """Name and text of the last file that they got."""

    async def fill(self, label: str, field: str, text: str) -> tuple[str, str]:
        """Fill a field of the form that a button opens, and submit it; only on platforms with forms.

        Returns the field's former value, and what the person then sees.
        """
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as a platform has it: its description and its bytes."""

    alt: str
    content: bytes


class Stage(ABC):
    """One platform with a club on it. Its channels are called papers, digest and moderators."""

    name: str
    spoken_in: str = "papers"
    """Channel that people type in."""

    @abstractmethod
    async def enter(self, name: str, role: str = "member") -> Person:
        """Add a person; `role` is their role on the platform."""

    @abstractmethod
    async def channel_text(self, room: str) -> str:
        """Text of a channel, as a person reads it."""

    def payloads(self, room: str) -> list[Any]:
        """Payloads of a channel's messages, as the platform stores them; none on the terminal."""
        return []

    def pictures(self) -> list[Picture]:
        """Pictures that people see in the digest's channel and its threads; none on the terminal."""
        return []

    @abstractmethod
    async def settle(self) -> None:
        """Wait until all posts and updates are delivered."""

    @abstractmethod
    def check(self) -> None:
        """Raises AssertionError if anything that was sent broke the platform's rules."""


def without_ids(body: Any) -> Any:
    """A payload without the fields that the platform fills in, and without component IDs, defaults and media."""
    if isinstance(body, list):
        return [without_ids(entry) for entry in body]
    if isinstance(body, dict):
        stored = {k: without_ids(v) for k, v in body.items() if k not in FILLED_IN and v is not None}
        return {k: v for k, v in stored.items() if v not in ({}, [])}
    return body


FILLED_IN = ("id", "block_id", "spoiler", "disabled", "min_values", "max_values", "media", "description")


def is_progress(text: str) -> bool:
    """True if a text is a step of long work, with its progress bar."""
    return "▰" in text or "▱" in text
