"""Gateway: the interface to a chat platform, and the outcomes of posting."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from bot.chat.cards import Card


@dataclass(frozen=True, slots=True)
class Location:
    """A place on a platform. Ids are the platform's; `workspace` is a Slack team or a Discord server."""

    platform: str
    workspace: str
    room: str = ""
    thread: str = ""
    message: str = ""
    room_name: str = field(default="", compare=False)
    """Name of the room, empty where the platform does not give it; it may change, so it is not compared."""


@dataclass(frozen=True, slots=True)
class Posted:
    """A posted message: its id, the thread below it (if requested), and a link to it."""

    message: str
    thread: str = ""
    url: str = ""
    is_forum_post: bool = False
    """True for a thread whose first message is the post itself, as in a forum of Discord."""


@dataclass(frozen=True, slots=True)
class OwnPosts:
    """Posts of ours in a channel or a thread: by the keys that were asked for, and those that have another key."""

    by_key: Mapping[str, Posted]
    others: tuple[Posted, ...] = ()


@dataclass(frozen=True, slots=True)
class DoctorFinding:
    """Result of one of the doctor's checks: passed or not, and how to fix it."""

    subject: str
    ok: bool
    say: str


@dataclass(frozen=True, slots=True)
class PayloadPreview:
    """Payload of a card on a platform as JSON values, and its sizes: name, size, limit."""

    body: dict[str, Any]
    sizes: tuple[tuple[str, int, int], ...] = ()


class NotSent(Exception):
    """Certainly not posted; it can be retried after `retry_after` seconds."""

    def __init__(self, reason: str, retry_after: float = 30) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class Refused(Exception):
    """Certainly not posted, and a retry fails until a person fixes the cause."""

    def __init__(self, reason: str, *, of_channel: bool = True) -> None:
        super().__init__(reason)
        self.of_channel = of_channel
        """True if every post to that channel would be refused, so that the channel is what a person has to fix."""


class MessageGone(Refused):
    """The message of ours that was to be changed or answered was deleted."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason, of_channel=False)


class OutcomeUnknown(Exception):
    """The platform may have posted it: check before posting again."""


class Gateway(Protocol):
    """A chat platform. Every call has a timeout; sending raises only NotSent, Refused and OutcomeUnknown."""

    name: str

    async def serve(self) -> None:
        """Connect and handle events until cancelled, then disconnect."""

    async def post(self, where: Location, card: Card, *, key: str) -> Posted:
        """Post a card that nobody requested. `key` is unique to the delivery, to find the message again."""

    async def edit(self, where: Location, card: Card, *, key: str) -> None:
        """Replace the card of the message `where.message`."""

    async def discuss(self, where: Location, title: str) -> Posted:
        """Open a thread on the message `where.message`, without a message in it; an existing thread is returned.

        Safe to repeat: a message has one thread.
        """

    async def locate(self, where: Location) -> Posted:
        """Full address of the bot's message `where.message`. Raises Refused if there is none."""

    async def remove(self, where: Location) -> None:
        """Delete the bot's message `where.message`. A missing one is no error."""

    async def find(self, where: Location, *, key: str, since: float) -> Posted | None:
        """The message of a delivery of unknown outcome; None if there is none.

        Raises Refused without the permission to read the room.
        """

    async def own_posts(self, where: Location, *, keys: Collection[str], since: float) -> OwnPosts:
        """Our posts in a channel or a thread since then. Raises Refused where not all of it may be read."""

    async def send_direct_message(self, where: Location, person: str, card: Card) -> None:
        """Send a card to one person as a direct message."""

    async def read_file(self, where: Location, reference: str, limit: int) -> bytes:
        """Content of a file that somebody uploaded with a command, at most `limit` bytes.

        Raises UserError if it is larger, gone, or not one of the platform's files.
        """

    def sketch(self, workspace: str, card: Card) -> PayloadPreview:
        """Payload of a card in a workspace, without the delivery's key. Sends nothing."""

    async def doctor(self, workspace: str, rooms: Sequence[Location]) -> list[DoctorFinding]:
        """Check token, rights and rooms."""
