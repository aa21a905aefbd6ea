"""A guild in a test's hands: rooms and people are added, and what admins do to the bot is done here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from . import permissions as rights
from .people import Person
from .state import Channel, ChannelType, Guild, Member, Overwrite, Role, Thread

if TYPE_CHECKING:
    from .server import DiscordServer


class LocalGuild:
    """A community on the local Discord."""

    def __init__(self, discord: DiscordServer, guild: Guild) -> None:
        self._discord = discord
        self.state = guild
        self._bot_role: Role | None = None

    @property
    def id(self) -> int:
        """The guild's id."""
        return self.state.id

    # Rooms, roles and people.

    def text(self, name: str) -> Channel:
        """A text channel."""
        return self._room(ChannelType.TEXT, name)

    def news(self, name: str) -> Channel:
        """An announcement channel."""
        return self._room(ChannelType.NEWS, name)

    def forum(self, name: str, tags: Iterable[str] = ()) -> Channel:
        """A forum channel with its tags."""
        return self._room(ChannelType.FORUM, name, tags)

    def require_tags(self, forum: Channel, *, required: bool = True, tags: Iterable[str] = ()) -> None:
        """Change in a forum's settings whether every post must have a tag, and add tags."""
        forum.requires_tag = required
        forum.tags |= {self._discord.world.ids.next(): name for name in tags}
        self._discord.events.channel("CHANNEL_UPDATE", forum)

    def role(self, name: str, permissions: int = 0) -> Role:
        """A role."""
        role = Role(self._discord.world.ids.next(), name, permissions)
        self.state.roles[role.id] = role
        self._discord.events.role("GUILD_ROLE_CREATE", self.state, role.id)
        return role

    def member(self, name: str, roles: Iterable[Role] = (), permissions: int = 0, locale: str = "en-US") -> Person:
        """Somebody who joins, with roles, and with rights beyond those of everybody."""
        world = self._discord.world
        given = [role.id for role in roles]
        if permissions:
            given.append(self.role(f"rights of {name}", permissions).id)
        user = world.new_user(name)
        user.locale = locale
        self.state.members[user.id] = Member(user, world.clock.now(), given)
        return Person(self._discord, user, self.state)

    def join(self, somebody: Person) -> Person:
        """Somebody of another guild who joins this one too."""
        self.state.members[somebody.id] = Member(somebody.user, self._discord.world.clock.now(), [])
        return Person(self._discord, somebody.user, self.state)

    def remove(self, somebody: Person) -> None:
        """Somebody leaves the guild, or is thrown out; the bot hears nothing of it."""
        del self.state.members[somebody.id]

    @property
    def owner(self) -> Person:
        """The person who owns the guild."""
        return Person(self._discord, self._discord.world.users[self.state.owner_id], self.state)

    def threads(self, home: Channel | None = None) -> list[Thread]:
        """The threads (of one channel), oldest first."""
        return [t for t in self.state.threads.values() if home is None or t.parent_id == home.id]

    # What admins and fate do to the bot.

    def invite_bot(self, permissions: int | None = None) -> None:
        """Let the bot in, with the rights of the invite link (or exactly `permissions`)."""
        world, guild = self._discord.world, self.state
        granted = rights.INVITED if permissions is None else permissions
        self._bot_role = Role(world.ids.next(), world.bot.name, granted)
        guild.roles[self._bot_role.id] = self._bot_role
        guild.joined_at = world.clock.now()
        guild.members[world.bot.id] = Member(world.bot, guild.joined_at, [self._bot_role.id])
        self._discord.events.guild_create(guild)
        self._discord.changes.notify()

    def kick_bot(self) -> None:
        """Throw the bot out."""
        self._discord.events.guild_delete(self.state, unavailable=False)
        self.state.joined_at = None
        self.state.members.pop(self._discord.world.bot.id, None)
        self._discord.changes.notify()

    def fail(self) -> None:
        """An outage: the guild becomes unavailable."""
        self.state.unavailable = True
        self._discord.events.guild_delete(self.state, unavailable=True)

    def recover(self) -> None:
        """The end of the outage."""
        self.state.unavailable = False
        self._discord.events.guild_create(self.state)

    def rename(self, name: str) -> None:
        """Give the guild another name."""
        self.state.name = name
        self._discord.events.guild_update(self.state)

    def allow_bot(self, channel: Channel, *allowed: int) -> None:
        """Allow the bot something in one channel."""
        self._overwrite(channel, allow=sum(allowed))

    def deny_bot(self, channel: Channel, *denied: int) -> None:
        """Deny the bot something in one channel: `guild.deny_bot(papers, SEND_MESSAGES)`."""
        self._overwrite(channel, deny=sum(denied))

    def set_bot_rights(self, permissions: int) -> None:
        """Change what the bot's own role may do."""
        if self._bot_role is None:
            raise LookupError("the bot is not in this guild")
        self._bot_role.permissions = permissions
        self._discord.events.role("GUILD_ROLE_UPDATE", self.state, self._bot_role.id)

    def delete_role(self, role: Role | None = None) -> None:
        """Delete a role; by default the bot's own."""
        gone = role or self._bot_role
        if gone is None:
            raise LookupError("the bot is not in this guild")
        self._discord.events.role("GUILD_ROLE_DELETE", self.state, gone.id)
        del self.state.roles[gone.id]
        for member in self.state.members.values():
            member.roles = [role_id for role_id in member.roles if role_id != gone.id]
        if gone is self._bot_role:
            self._discord.events.own_roles(self.state)

    def delete(self, channel: Channel) -> None:
        """Delete a channel with its threads, or one thread."""
        self._discord.events.removed(channel)
        self._discord.world.remove(channel)

    def archive(self, thread: Thread, *, locked: bool = False) -> None:
        """Archive a thread, as time does; locked, as moderators do."""
        thread.archived, thread.locked = True, locked
        thread.archived_at = self._discord.clock.now()
        self._discord.events.thread("THREAD_UPDATE", thread)

    def _room(self, kind: ChannelType, name: str, tags: Iterable[str] = ()) -> Channel:
        channel = self._discord.world.new_channel(self.state, kind, name, tags)
        self._discord.events.channel("CHANNEL_CREATE", channel)
        return channel

    def _overwrite(self, channel: Channel, *, allow: int = 0, deny: int = 0) -> None:
        bot = self._discord.world.bot
        channel.overwrites[bot.id] = Overwrite(bot.id, 1, allow, deny)
        self._discord.events.channel("CHANNEL_UPDATE", channel)
