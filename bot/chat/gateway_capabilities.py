"""Capabilities that only some platforms have, as optional parts of a gateway: threads, checks of channels, groups.

Whoever needs one asks `isinstance(gateway, …)`. Events of a platform are in `bot.chat.platform_events`.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Protocol, runtime_checkable

from bot.chat.gateway import Location


class ThreadState(StrEnum):
    """State of a thread for those who may write in its channel."""

    OPEN = "open"
    LOCKED = "locked"
    """Only moderators can write there."""
    GONE = "gone"


@runtime_checkable
class ChecksThreads(Protocol):
    """A gateway whose platform locks and deletes threads."""

    async def thread_state(self, where: Location) -> ThreadState:
        """State of the thread `where.thread`; OPEN too if it cannot be looked at now."""


@runtime_checkable
class RenamesThreads(Protocol):
    """A gateway whose platform gives threads a title of their own."""

    async def rename_thread(self, where: Location, title: str) -> None:
        """Give the thread `where.thread` another title. Raises NotSent, Refused and OutcomeUnknown."""


@runtime_checkable
class ChecksChannels(Protocol):
    """A gateway whose platform has channels that cannot be used, or kinds that do not serve every purpose."""

    async def unsuitable(self, where: Location, purpose: str) -> str:
        """Reason why a channel cannot serve a purpose, in the language in use; empty if it can, or if the channel
        cannot be looked at now.
        """


@runtime_checkable
class GroupDirectory(Protocol):
    """A gateway whose platform has roles or user groups that can be mentioned."""

    async def group_names(self, workspace: str) -> Mapping[str, str]:
        """Names of a workspace's roles or user groups by id; empty where the platform does not give them."""
