"""People at a keyboard: what they type, press and choose, and what they then see.

Each act checks first that Discord's app would offer it (a registered command, a button that is there, an
option within bounds) and raises `ActionUnavailable` where it would not.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from . import permissions, posting, wire
from .forms import Form, Value
from .interaction import CallbackType, Interaction, InteractionType
from .options import Resolved, find_command, read_line, read_options, read_unfinished
from .reading import LINK_BUTTON, PREMIUM_BUTTON, Kind, buttons_of, face_of, selects_of
from .seen import ActionUnavailable, InteractionResult
from .state import Attachment, Channel, Guild, Json, Message, Thread, User
from .world import ServerState

if TYPE_CHECKING:
    from .server import DiscordServer

Wait: TypeAlias = Literal["outcome", "ack", "nothing"]
"""How long an act looks: until there is something to see, until the bot acknowledged, or not at all."""

ON_A_MESSAGE = 3
"""The command type of message context actions."""


class Person:
    """Somebody in a guild (or, for direct messages, outside of one)."""

    def __init__(self, discord: DiscordServer, user: User, guild: Guild) -> None:
        self._discord = discord
        self.user = user
        self.guild = guild

    @property
    def id(self) -> int:
        """The user's id."""
        return self.user.id

    @property
    def private(self) -> Channel:
        """The direct messages between this person and the bot."""
        return self._world.private_with(self.user)

    async def command(
        self, line: str, where: Channel, /, *, wait: Wait = "outcome", **options: Any
    ) -> InteractionResult:
        """Type a slash command: `await ada.command("/paper submit", channel, link="1706.03762")`."""
        guild, resolved = self._place(where), self._resolved(where)
        typed = read_line(self._world, guild, line, self._rights(where), self.user.locale)
        values = read_options(typed, {name: _bare(value) for name, value in options.items()}, resolved)
        data = typed.data(values, resolved)
        return await self._act(InteractionType.COMMAND, where, data, wait)

    async def autocomplete(
        self, line: str, where: Channel, /, *, wait: Wait = "outcome", **options: Any
    ) -> InteractionResult:
        """Type part of an option and look at the suggestions; the last option named is being typed."""
        guild, resolved = self._place(where), self._resolved(where)
        typed = read_line(self._world, guild, line, self._rights(where), self.user.locale)
        values = read_unfinished(typed, {name: _bare(value) for name, value in options.items()}, resolved)
        return await self._act(InteractionType.AUTOCOMPLETE, where, typed.data(values, resolved), wait)

    async def context(
        self, name: str, message: Message | InteractionResult, /, *, wait: Wait = "outcome"
    ) -> InteractionResult:
        """Choose a command from a message's "Apps" menu."""
        target, where = self._visible(message)
        command = find_command(
            self._world, self._place(where), ON_A_MESSAGE, name, self._rights(where), self.user.locale
        )
        body = wire.message(self._world, target)
        data: Json = {
            "id": str(command.id),
            "name": command.name,
            "type": ON_A_MESSAGE,
            "target_id": str(target.id),
            "resolved": {"messages": {str(target.id): body}},
        }
        return await self._act(InteractionType.COMMAND, where, data, wait)

    async def click(
        self, message: Message | InteractionResult, button: str, /, *, wait: Wait = "outcome"
    ) -> InteractionResult:
        """Press a button, found by what is written on it or by its custom id."""
        target, where = self._visible(message)
        named = [b for b in buttons_of(target.components) if button in _names(b)]
        if not named:
            raise ActionUnavailable(f"no button {button!r} here, but {target.buttons}")
        pressed = named[0]
        if pressed.get("disabled"):
            raise ActionUnavailable(f"the button {button!r} is greyed out")
        if pressed["style"] in (LINK_BUTTON, PREMIUM_BUTTON):
            raise ActionUnavailable(f"the button {button!r} leads elsewhere: {pressed.get('url')}")
        data = {"component_type": int(Kind.BUTTON), "custom_id": pressed["custom_id"], "id": pressed["id"]}
        return await self._act(InteractionType.COMPONENT, where, data, wait, source=target)

    async def select(
        self,
        message: Message | InteractionResult,
        menu: str,
        values: Sequence[Any],
        /,
        *,
        wait: Wait = "outcome",
    ) -> InteractionResult:
        """Choose from a select menu, found by custom id or placeholder; options by label or value."""
        target, where = self._visible(message)
        named = [s for s in selects_of(target.components) if menu in (s["custom_id"], s.get("placeholder"))]
        if not named:
            raise ActionUnavailable(f"no menu {menu!r} here, but {target.selects}")
        chosen, resolved = named[0], self._resolved(where)
        picked = [_pick(chosen, _bare(value), resolved) for value in values]
        least, most = chosen.get("min_values", 1), chosen.get("max_values", 1)
        if chosen.get("disabled") or not least <= len(picked) <= most:
            raise ActionUnavailable(f"the menu {menu!r} takes {least} to {most} values, not {len(picked)}")
        data: Json = {
            "component_type": chosen["type"],
            "custom_id": chosen["custom_id"],
            "id": chosen["id"],
            "values": picked,
        }
        if chosen["type"] != Kind.STRING_SELECT:
            data["resolved"] = resolved.parts
        return await self._act(InteractionType.COMPONENT, where, data, wait, source=target)

    async def submit_modal(
        self, form: Form | InteractionResult, values: Mapping[str, Value] | None = None, /, *, wait: Wait = "outcome"
    ) -> InteractionResult:
        """Fill in a form by label or custom id and send it; what is not named stays as prefilled."""
        shown = form.form if isinstance(form, InteractionResult) else form
        opened = shown.interaction
        resolved = self._resolved(opened.channel)
        data = shown.filled(values or {}, lambda thing: resolved.add(self._known(thing)))
        if resolved.parts:
            data["resolved"] = resolved.parts
        kind = InteractionType.MODAL_SUBMIT
        return await self._act(kind, opened.channel, data, wait, source=opened.source)

    def say(self, where: Channel, text: str) -> Message:
        """Write a message."""
        in_thread = isinstance(where, Thread)
        need = permissions.SEND_MESSAGES_IN_THREADS if in_thread else permissions.SEND_MESSAGES
        if not self._rights(where) & need:
            raise ActionUnavailable(f"{self.user.name} may not write in {where.name!r}")
        world = self._world
        if isinstance(where, Thread) and where.archived:
            if where.locked:
                raise ActionUnavailable(f"the thread {where.name!r} is locked")
            where.archived, where.archived_at = False, world.clock.now()
            self._discord.events.thread("THREAD_UPDATE", where)
        message = Message(world.ids.next(), where.id, where.guild_id, self.user, world.clock.now(), text)
        posting.add(world, where, message)
        self._discord.events.message("MESSAGE_CREATE", message)
        self._discord.changes.notify()
        return message

    def react(self, message: Message, emoji: str = "👍", *, added: bool = True) -> None:
        """Add a reaction to a message, or take it away."""
        if not self.sees(message):
            raise ActionUnavailable(f"{self.user.name} does not see that message")
        users = message.reactions.setdefault(emoji, [])
        if added == (self.user in users):
            raise ActionUnavailable(f"{self.user.name} has {'already' if added else 'not'} reacted with {emoji}")
        if added:
            users.append(self.user)
        else:
            users.remove(self.user)
        self._discord.events.reaction(
            "MESSAGE_REACTION_ADD" if added else "MESSAGE_REACTION_REMOVE", message, emoji, self.user
        )
        self._discord.changes.notify()

    def clear_reactions(self, message: Message, emoji: str = "") -> None:
        """Remove all reactions from a message, or all of one emoji, as a moderator may."""
        for name in [emoji] if emoji else list(message.reactions):
            message.reactions.pop(name, None)
        event = "MESSAGE_REACTION_REMOVE_EMOJI" if emoji else "MESSAGE_REACTION_REMOVE_ALL"
        self._discord.events.reaction(event, message, emoji)
        self._discord.changes.notify()

    def close_private(self) -> None:
        """Take no more direct messages from the bot."""
        self.user.private_closed = True

    def file(self, where: Channel, filename: str, content: bytes) -> Attachment:
        """A file to give to a command's attachment option."""
        return self._world.attach(where, filename, content, None)

    def sees(self, message: Message) -> bool:
        """Whether this person sees a message: it is there, and not for somebody else alone."""
        return not message.gone and message.only_for in (None, self.user.id)

    @property
    def _world(self) -> ServerState:
        return self._discord.world

    def _place(self, where: Channel) -> Guild | None:
        return self.guild if where.guild_id is not None else None

    def _rights(self, where: Channel) -> int:
        rights = wire.rights_in(self._world, where, self.user)
        if where.guild_id is not None and not rights & permissions.VIEW_CHANNEL:
            raise ActionUnavailable(f"{self.user.name} does not see {where.name!r}")
        return rights

    def _known(self, thing: object) -> object:
        """A thing that can be chosen: itself, or by its id where it was chosen beforehand."""
        if not isinstance(thing, str):
            return _bare(thing)
        world, thing_id = self._world, int(thing)
        return world.find_channel(thing_id) or world.users.get(thing_id) or self.guild.roles[thing_id]

    def _resolved(self, where: Channel) -> Resolved:
        return Resolved(self._world, self._place(where))

    def _visible(self, message: Message | InteractionResult) -> tuple[Message, Channel]:
        target = message.latest if isinstance(message, InteractionResult) else message
        channel = self._world.find_channel(target.channel_id)
        if channel is None or not self.sees(target):
            raise ActionUnavailable(f"{self.user.name} does not see that message")
        return target, channel

    async def _act(
        self, kind: InteractionType, where: Channel, data: Json, wait: Wait, *, source: Message | None = None
    ) -> InteractionResult:
        world, guild = self._world, self._place(where)
        if guild and (guild.joined_at is None or guild.unavailable):
            raise ActionUnavailable(f"the bot is not to be reached in {guild.name}")
        one = Interaction(
            world.ids.next(),
            secrets.token_urlsafe(60),
            kind,
            self.user,
            where,
            guild,
            data,
            world.clock.now(),
            world.clock.for_limits(),
            source,
        )
        world.remember(one)
        self._discord.events.interaction(one)
        self._discord.changes.notify()
        return await self._look(one, wait)

    async def _look(self, one: Interaction, wait: Wait) -> InteractionResult:
        seen = InteractionResult(self._discord, one)
        if wait == "nothing":
            return seen
        what = f"an answer to {one.type.name} of {one.user.name}"
        clock = self._discord.clock
        try:
            await self._discord.wait_for(lambda: one.answered_as or one.failed(clock.for_limits()), 3.1, what)
        except TimeoutError:
            return seen  # the clock stands still: the person gives up all the same
        deferred = one.answered_as in (CallbackType.DEFERRED_MESSAGE, CallbackType.DEFERRED_UPDATE)
        if wait == "outcome" and deferred:
            what = f"an end of the thinking for {one.user.name}"
            await self._discord.wait_for(lambda: one.settled_at, self._discord.patience, what)
        return seen

    def __repr__(self) -> str:
        return f"<Person {self.user.name}>"


def _bare(value: Any) -> Any:
    """What a driver's object stands for: people are users."""
    return value.user if isinstance(value, Person) else value


def _names(button: Json) -> tuple[object, ...]:
    return face_of(button), button.get("label"), button.get("custom_id")


def _pick(menu: Json, value: Any, resolved: Resolved) -> str:
    if menu["type"] != Kind.STRING_SELECT:
        return resolved.add(value)
    for option in menu["options"]:
        if value in (option["value"], option["label"]):
            return str(option["value"])
    raise ActionUnavailable(f"no option {value!r}, but {[option['label'] for option in menu['options']]}")
