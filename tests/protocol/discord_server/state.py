"""What Discord remembers: guilds, channels, threads, people, messages, commands. Plain data."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from typing import Any

from .reading import buttons_of, face_of, selects_of, text_of

Json = dict[str, Any]


class ChannelType(IntEnum):
    """The kinds of channel a club meets (Discord: Channel Resource, Channel Types)."""

    TEXT = 0
    DM = 1
    CATEGORY = 4
    NEWS = 5
    NEWS_THREAD = 10
    PUBLIC_THREAD = 11
    PRIVATE_THREAD = 12
    FORUM = 15


class Flag(IntEnum):
    """The message flags we know (Discord: Message Resource, Message Flags)."""

    CROSSPOSTED = 1 << 0
    SUPPRESS_EMBEDS = 1 << 2
    HAS_THREAD = 1 << 5
    EPHEMERAL = 1 << 6
    LOADING = 1 << 7
    SUPPRESS_NOTIFICATIONS = 1 << 12
    COMPONENTS_V2 = 1 << 15


@dataclass(slots=True)
class User:
    """A person or a bot, wherever they are."""

    id: int
    name: str
    bot: bool = False
    locale: str = "en-US"
    private_closed: bool = False
    """Whether they take no direct messages from the bot (error 50007)."""


@dataclass(slots=True)
class Role:
    """A name with rights, given to members. The role whose id is the guild's is @everyone."""

    id: int
    name: str
    permissions: int
    position: int = 1


@dataclass(slots=True)
class Member:
    """A user in a guild."""

    user: User
    joined_at: datetime
    roles: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Overwrite:
    """What a channel allows or denies a role (type 0) or a member (type 1), over their roles."""

    id: int
    type: int
    allow: int = 0
    deny: int = 0


@dataclass(slots=True)
class Attachment:
    """A file on a message. Its bytes are kept so that a test can look at them."""

    id: int
    filename: str
    content: bytes
    url: str
    description: str | None = None


@dataclass(frozen=True, slots=True)
class Version:
    """How a message looked from one moment on."""

    at: datetime
    content: str
    embeds: tuple[Json, ...]
    components: tuple[Json, ...]
    flags: int

    @property
    def text(self) -> str:
        """All the words a reader saw then."""
        return text_of(self.content, self.embeds, self.components)


@dataclass(slots=True, eq=False)
class Message:
    """A message, with every version it went through."""

    id: int
    channel_id: int
    guild_id: int | None
    author: User
    sent_at: datetime
    content: str = ""
    embeds: list[Json] = field(default_factory=list)
    components: list[Json] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    flags: int = 0
    type: int = 0
    nonce: str | None = None
    edited_at: datetime | None = None
    deleted_at: datetime | None = None
    pinned_at: datetime | None = None
    reference: Json | None = None
    only_for: int | None = None
    """The one user who sees it: an ephemeral message."""
    interaction: Json | None = None
    """The interaction it answers, as Discord shows it in `interaction_metadata`."""
    reactions: dict[str, list[User]] = field(default_factory=dict)
    """Who reacted, by the emoji."""
    history: list[Version] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.keep()

    def keep(self) -> None:
        """Remember how the message looks now."""
        at = self.edited_at or self.sent_at
        look = (self.content, tuple(self.embeds), tuple(self.components), self.flags)
        self.history.append(Version(at, *look))

    @property
    def text(self) -> str:
        """All its words as a reader sees them, a line a piece."""
        return text_of(self.content, self.embeds, self.components)

    @property
    def buttons(self) -> list[str]:
        """What is written on its buttons, in reading order."""
        return [face_of(button) for button in buttons_of(self.components)]

    @property
    def selects(self) -> list[str]:
        """The custom ids of its select menus, in reading order."""
        return [str(select["custom_id"]) for select in selects_of(self.components)]

    @property
    def ephemeral(self) -> bool:
        """Whether one person alone sees it."""
        return self.only_for is not None

    @property
    def loading(self) -> bool:
        """Whether it still says that the bot is thinking."""
        return bool(self.flags & Flag.LOADING)

    @property
    def gone(self) -> bool:
        """Whether it was deleted."""
        return self.deleted_at is not None


@dataclass(slots=True, eq=False)
class Channel:
    """A room of a guild, or the direct messages between the bot and one user."""

    id: int
    type: ChannelType
    name: str
    guild_id: int | None = None
    parent_id: int | None = None
    position: int = 0
    topic: str | None = None
    overwrites: dict[int, Overwrite] = field(default_factory=dict)
    tags: dict[int, str] = field(default_factory=dict)
    """A forum's tags: id to name."""
    requires_tag: bool = False
    """Whether every post of a forum must have a tag (Discord: channel flag REQUIRE_TAG)."""
    auto_archive: int | None = None
    """The default auto archive duration of its threads, minutes."""
    recipient: User | None = None
    posts: dict[int, Message] = field(default_factory=dict)
    """Every message ever sent here, deleted and ephemeral ones too."""

    @property
    def messages(self) -> list[Message]:
        """What everybody in the channel sees now, oldest first."""
        return [post for post in self.posts.values() if not post.gone and not post.ephemeral]

    @property
    def last(self) -> Message:
        """The newest message everybody sees."""
        return self.messages[-1]


@dataclass(slots=True, eq=False)
class Thread(Channel):
    """A thread of a channel, or a post of a forum."""

    owner_id: int = 0
    archived: bool = False
    locked: bool = False
    archived_at: datetime | None = None
    """When its archive state last changed (Discord's archive_timestamp)."""
    created_at: datetime | None = None
    members: dict[int, datetime] = field(default_factory=dict)
    applied_tags: list[int] = field(default_factory=list)
    sent: int = 0
    """Messages ever sent, without the first: Discord's total_message_sent."""

    @property
    def message_count(self) -> int:
        """Replies that are still there: the starter is not counted."""
        return sum(1 for post in self.messages if post.id != self.id and post.type == 0)


@dataclass(slots=True, eq=False)
class Guild:
    """A community."""

    id: int
    name: str
    owner_id: int
    roles: dict[int, Role] = field(default_factory=dict)
    members: dict[int, Member] = field(default_factory=dict)
    channels: dict[int, Channel] = field(default_factory=dict)
    threads: dict[int, Thread] = field(default_factory=dict)
    scheduled_events: dict[int, Json] = field(default_factory=dict)
    joined_at: datetime | None = None
    """When the bot came in; None: it is not in."""
    system_channel_id: int | None = None
    """The channel for Discord's own messages, such as who joined."""
    unavailable: bool = False
    thread_cap: int = 1000
    """Active threads a guild may have (error 160006)."""


@dataclass(slots=True, eq=False)
class Command:
    """An application command as registered."""

    id: int
    guild_id: int | None
    version: int
    body: Json

    @property
    def type(self) -> int:
        """1 slash command, 2 on a user, 3 on a message."""
        return int(self.body.get("type") or 1)

    @property
    def name(self) -> str:
        """Its name, without the slash."""
        return str(self.body["name"])
