"""The whole of this Discord: who exists, where, and what was said. Looking something up may refuse."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from . import permissions
from .clock import Clock, Snowflakes
from .errors import ApiError
from .interaction import Interaction
from .state import Attachment, Channel, ChannelType, Command, Guild, Member, Message, Role, Thread, User


@dataclass(slots=True)
class ServerState:
    """Everything Discord knows about one bot."""

    clock: Clock
    ids: Snowflakes
    bot: User
    url: str = ""
    """Where this Discord listens, without a path; known once it is started."""
    users: dict[int, User] = field(default_factory=dict)
    guilds: dict[int, Guild] = field(default_factory=dict)
    private: dict[int, Channel] = field(default_factory=dict)
    """Direct messages with the bot: channel id to channel."""
    commands: dict[int, Command] = field(default_factory=dict)
    creates: dict[int | None, int] = field(default_factory=dict)
    """Commands created today: guild id (None: global) to count. Error 30034 beyond 200."""
    interactions: dict[int, Interaction] = field(default_factory=dict)
    tokens: dict[str, Interaction] = field(default_factory=dict)
    """The same interactions by their tokens."""
    nonces: dict[str, Message] = field(default_factory=dict)
    """The bot's own messages by nonce, for enforce_nonce."""
    attachments: dict[int, Attachment] = field(default_factory=dict)

    @property
    def application_id(self) -> int:
        """The application's id: the same as its bot's, as for every application made since 2016."""
        return self.bot.id

    def guild(self, guild_id: int) -> Guild:
        """A guild the bot is in, or the refusal it gets."""
        guild = self.guilds.get(guild_id)
        if guild is None:
            raise ApiError(10004)
        if guild.joined_at is None:
            raise ApiError(50001)
        return guild

    def channel(self, channel_id: int, *need: int) -> Channel:
        """A channel or thread where the bot has the rights named, or the refusal it gets."""
        channel = self.find_channel(channel_id)
        if channel is None:
            raise ApiError(10003)
        if channel.guild_id is None:
            return channel
        self.guild(channel.guild_id)
        rights = self.rights(channel)
        if not rights & permissions.VIEW_CHANNEL:
            raise ApiError(50001)
        if any(not rights & right for right in need):
            raise ApiError(50013)
        return channel

    def find_channel(self, channel_id: int) -> Channel | None:
        """A channel or thread anywhere, whatever the bot may do there."""
        for guild in self.guilds.values():
            if found := guild.channels.get(channel_id) or guild.threads.get(channel_id):
                return found
        return self.private.get(channel_id)

    def thread(self, channel_id: int, *need: int) -> Thread:
        """A thread; a channel of another type is refused (50024)."""
        channel = self.channel(channel_id, *need)
        if not isinstance(channel, Thread):
            raise ApiError(50024)
        return channel

    def message(self, channel: Channel, message_id: int) -> Message:
        """A message everybody in the channel sees, or 10008: ephemeral messages are not found this way."""
        message = channel.posts.get(message_id)
        if message is None or message.gone or message.ephemeral:
            raise ApiError(10008)
        return message

    def rights(self, channel: Channel, user: User | None = None) -> int:
        """What the bot (or another user) may do in a channel. Everything in direct messages."""
        if channel.guild_id is None:
            return permissions.ALL
        return permissions.granted(self.guilds[channel.guild_id], (user or self.bot).id, channel)

    def may(self, channel: Channel, right: int) -> bool:
        """Whether the bot has one right in a channel."""
        return bool(self.rights(channel) & right)

    def new_guild(self, name: str) -> Guild:
        """A guild with an owner and @everyone; the bot is not in it yet."""
        guild_id = self.ids.next_guild()
        owner = self.new_user(f"Owner of {name}")
        everyone = Role(guild_id, "@everyone", permissions.EVERYDAY, position=0)
        guild = Guild(guild_id, name, owner.id, roles={guild_id: everyone})
        guild.members[owner.id] = Member(owner, self.clock.now())
        self.guilds[guild_id] = guild
        return guild

    def new_user(self, name: str, *, bot: bool = False) -> User:
        """Somebody new."""
        user = User(self.ids.next(), name, bot=bot)
        self.users[user.id] = user
        return user

    def new_channel(self, guild: Guild, kind: ChannelType, name: str, tags: Iterable[str] = ()) -> Channel:
        """A new channel at the end of the list."""
        channel = Channel(self.ids.next(), kind, name, guild.id, position=len(guild.channels))
        channel.tags = {self.ids.next(): tag for tag in tags}
        guild.channels[channel.id] = channel
        return channel

    def remove(self, channel: Channel) -> None:
        """Take a channel away with its threads, or one thread."""
        guild = self.guilds[channel.guild_id or 0]
        guild.channels.pop(channel.id, None)
        for thread in list(guild.threads.values()):
            if channel.id in (thread.id, thread.parent_id):
                del guild.threads[thread.id]

    def private_with(self, user: User) -> Channel:
        """The direct messages with a user; the same channel each time."""
        for channel in self.private.values():
            if channel.recipient is user:
                return channel
        channel = Channel(self.ids.next(), ChannelType.DM, user.name, recipient=user)
        self.private[channel.id] = channel
        return channel

    def attach(self, channel: Channel, filename: str, content: bytes, description: str | None) -> Attachment:
        """Keep a file and give it an address on this server (there is no CDN)."""
        attachment_id = self.ids.next()
        url = f"{self.url}/attachments/{channel.id}/{attachment_id}/{filename}"
        attachment = Attachment(attachment_id, filename, content, url, description)
        self.attachments[attachment_id] = attachment
        return attachment

    def remember(self, interaction: Interaction) -> None:
        """Keep an interaction so that it can be answered."""
        self.interactions[interaction.id] = self.tokens[interaction.token] = interaction

    def commands_in(self, guild_id: int | None) -> list[Command]:
        """The commands of one scope: a guild's own, or (None) the global ones."""
        return [command for command in self.commands.values() if command.guild_id == guild_id]
