"""Gateway events: each change on the local Discord, as the event that it causes."""

from __future__ import annotations

from . import wire
from .gateway import Gateway
from .intents import DIRECT_MESSAGES, GUILD_MESSAGE_REACTIONS, GUILD_MESSAGES, GUILDS
from .interaction import Interaction, InteractionType
from .permissions import granted
from .state import Channel, Guild, Json, Message, Thread, User
from .world import ServerState


class Events:
    """Sends gateway events, each to the shard and the intents that should get it."""

    def __init__(self, world: ServerState, gateway: Gateway) -> None:
        self._world = world
        self.gateway = gateway

    def guild_create(self, guild: Guild) -> None:
        """The bot came into a guild, or the guild came back from an outage."""
        data = wire.guild_create(self._world, guild, with_members=False)
        self.gateway.dispatch("GUILD_CREATE", guild.id, GUILDS, data)

    def guild_update(self, guild: Guild) -> None:
        """A guild's name or roles changed."""
        self.gateway.dispatch("GUILD_UPDATE", guild.id, GUILDS, wire.guild(self._world, guild))

    def guild_delete(self, guild: Guild, *, unavailable: bool) -> None:
        """The bot was thrown out, or (unavailable) the guild has an outage."""
        data: Json = {"id": str(guild.id)} | ({"unavailable": True} if unavailable else {})
        self.gateway.dispatch("GUILD_DELETE", guild.id, GUILDS, data)

    def channel(self, event: str, channel: Channel) -> None:
        """CHANNEL_CREATE, CHANNEL_UPDATE or CHANNEL_DELETE."""
        self.gateway.dispatch(event, channel.guild_id, GUILDS, wire.channel(self._world, channel))

    def removed(self, channel: Channel) -> None:
        """CHANNEL_DELETE or THREAD_DELETE."""
        if isinstance(channel, Thread):
            self.thread("THREAD_DELETE", channel)
        else:
            self.channel("CHANNEL_DELETE", channel)

    def role(self, event: str, guild: Guild, role_id: int) -> None:
        """GUILD_ROLE_CREATE, GUILD_ROLE_UPDATE or GUILD_ROLE_DELETE (before the role is removed)."""
        data: Json = {"guild_id": str(guild.id)}
        if event == "GUILD_ROLE_DELETE":
            data["role_id"] = str(role_id)
        else:
            data["role"] = wire.role(guild.roles[role_id])
        self.gateway.dispatch(event, guild.id, GUILDS, data)

    def own_roles(self, guild: Guild) -> None:
        """The bot's own roles changed: GUILD_MEMBER_UPDATE, which about oneself needs no intent."""
        data = {**wire.member(guild.members[self._world.bot.id]), "guild_id": str(guild.id)}
        self.gateway.dispatch("GUILD_MEMBER_UPDATE", guild.id, GUILDS, data)

    def thread(self, event: str, thread: Thread, *, fresh: bool = False) -> None:
        """THREAD_CREATE, THREAD_UPDATE or THREAD_DELETE."""
        data = wire.thread(self._world, thread)
        if event == "THREAD_DELETE":
            data = {key: data[key] for key in ("id", "guild_id", "parent_id", "type")}
        elif fresh:
            data["newly_created"] = True
        self.gateway.dispatch(event, thread.guild_id, GUILDS, data)

    def message(self, event: str, message: Message) -> None:
        """MESSAGE_CREATE or MESSAGE_UPDATE; ephemeral ones go to nobody's gateway."""
        if message.ephemeral:
            return
        data = wire.message(self._world, message)
        if message.guild_id is not None:
            data["guild_id"] = str(message.guild_id)
            data["member"] = {"roles": [], "joined_at": data["timestamp"], "flags": 0, "mute": False, "deaf": False}
        hidden = {**data, "content": "", "embeds": [], "attachments": [], "components": []}
        open_to_us = message.author is self._world.bot or message.guild_id is None
        intent = DIRECT_MESSAGES if message.guild_id is None else GUILD_MESSAGES
        bare = None if open_to_us else hidden
        self.gateway.dispatch(event, message.guild_id, intent, data, bare=bare)

    def message_delete(self, message: Message) -> None:
        """A message was deleted."""
        data: Json = {"id": str(message.id), "channel_id": str(message.channel_id)}
        if message.guild_id is not None:
            data["guild_id"] = str(message.guild_id)
        intent = DIRECT_MESSAGES if message.guild_id is None else GUILD_MESSAGES
        self.gateway.dispatch("MESSAGE_DELETE", message.guild_id, intent, data)

    def reaction(self, event: str, message: Message, emoji: str, user: User | None = None) -> int:
        """MESSAGE_REACTION_ADD, _REMOVE, _REMOVE_ALL or _REMOVE_EMOJI; how many sessions wanted it."""
        assert message.guild_id is not None, "the bot is asked about messages of guilds"
        data: Json = {
            "channel_id": str(message.channel_id),
            "message_id": str(message.id),
            "guild_id": str(message.guild_id),
        }
        if event != "MESSAGE_REACTION_REMOVE_ALL":
            data["emoji"] = {"id": None, "name": emoji}
        if user is not None:
            data |= {"user_id": str(user.id), "burst": False, "type": 0}
        if user is not None and event == "MESSAGE_REACTION_ADD":
            guild = self._world.guilds[message.guild_id]
            data |= {"message_author_id": str(message.author.id), "member": wire.member(guild.members[user.id])}
        return self.gateway.dispatch(event, message.guild_id, GUILD_MESSAGE_REACTIONS, data)

    def interaction(self, one: Interaction) -> int:
        """Somebody did something with the bot; how many connections heard of it."""
        world, guild, channel = self._world, one.guild, one.channel
        data: Json = {
            "id": str(one.id),
            "application_id": str(world.application_id),
            "type": int(one.type),
            "token": one.token,
            "version": 1,
            "data": one.data,
            "channel_id": str(channel.id),
            "channel": wire.channel(world, channel),
            "locale": one.user.locale,
            "entitlements": [],
            "app_permissions": str(world.rights(channel)),
            "attachment_size_limit": 10 * 1024 * 1024,
            "context": 0 if guild else 1,
            "authorizing_integration_owners": {"0": str(guild.id) if guild else "0"},
        }
        if guild is None:
            data["user"] = wire.user(one.user)
        else:
            data["guild_id"] = str(guild.id)
            data["guild_locale"] = "en-US"
            data["guild"] = {"id": str(guild.id), "locale": "en-US", "features": []}
            rights = granted(guild, one.user.id, channel)
            data["member"] = wire.member(guild.members[one.user.id], rights)
        if one.source is not None and one.type in (InteractionType.COMPONENT, InteractionType.MODAL_SUBMIT):
            data["message"] = wire.message(world, one.source)
        return self.gateway.dispatch("INTERACTION_CREATE", guild.id if guild else None, 0, data)
