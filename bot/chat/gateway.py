"""The one port that every platform fills, and what can come of posting."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from bot.chat.cards import Card


@dataclass(frozen=True, slots=True)
class Location:
    """A place on a platform. Ids are the platform's own; `workspace` is a Slack team or a Discord guild."""

    platform: str
    workspace: str
    room: str = ""
    thread: str = ""
    message: str = ""
    called: str = field(default="", compare=False)
    """What the room is called, where the platform says so; it may change, so the place is the same without it."""


@dataclass(frozen=True, slots=True)
class Posted:
    """A message that is there: its id, the thread that hangs below it (if one was asked for), and a link to it."""

    message: str
    thread: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class OwnPosts:
    """Posts of ours in a channel or a thread: by the keys that were asked for, and those that have another key."""

    by_key: Mapping[str, Posted]
    others: tuple[Posted, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing the doctor looked at: in order or not, and how to mend it."""

    subject: str
    ok: bool
    say: str


@dataclass(frozen=True, slots=True)
class PayloadPreview:
    """What a platform would be given for a card, as JSON values, and how large it is: what, how much, at most."""

    body: dict[str, Any]
    sizes: tuple[tuple[str, int, int], ...] = ()


class NotSent(Exception):
    """Certainly not posted; it may be tried again after `retry_after` seconds."""

    def __init__(self, reason: str, retry_after: float = 30) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class Refused(Exception):
    """Certainly not posted, and trying again will not help until a person mends it."""


class OutcomeUnknown(Exception):
    """The platform may or may not have posted it: never resend blindly, reconcile first."""


class Gateway(Protocol):
    """A chat platform, as the club sees it. Every send has a timeout and raises only the three outcomes above."""

    name: str

    async def serve(self) -> None:
        """Connect and listen until cancelled; leave cleanly."""

    async def post(self, where: Location, card: Card, *, key: str) -> Posted:
        """Post a card that nobody asked for. `key` is unique to the delivery: it is found again by it."""

    async def edit(self, where: Location, card: Card, *, key: str) -> None:
        """Draw the message at `where.message` anew."""

    async def discuss(self, where: Location, title: str, card: Card) -> Posted:
        """Open the thread of the message at `where.message` and say `card` in it; where a thread is, return it."""

    async def locate(self, where: Location) -> Posted:
        """The full address of a message of ours whose id is `where.message`. Raises Refused where there is none."""

    async def remove(self, where: Location) -> None:
        """Delete the message of ours at `where.message`. One that is gone already is no failure."""

    async def find(self, where: Location, *, key: str, since: float) -> Posted | None:
        """Look whether a delivery of unknown outcome is there. Raises Refused where the platform may not be read."""

    async def own_posts(self, where: Location, *, keys: Collection[str], since: float) -> OwnPosts:
        """Our posts in a channel or a thread since then. Raises Refused where not all of it may be read."""

    async def send_direct_message(self, where: Location, person: str, card: Card) -> None:
        """Say something to one person, in a direct message."""

    def sketch(self, workspace: str, card: Card) -> PayloadPreview:
        """What would be posted for a card in a workspace, but for the mark it is found again by. Nothing is sent."""

    async def doctor(self, workspace: str, rooms: Sequence[Location]) -> list[Finding]:
        """Check token, rights and rooms."""
