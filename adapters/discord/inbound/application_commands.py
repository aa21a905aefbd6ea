"""Declared commands as Discord application commands: groups, typed options, hints, choices and suggestions."""

from __future__ import annotations

import inspect
import re
from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from typing import Any

import discord
from discord import AppCommandOptionType, ChannelType, Permissions, app_commands
from discord.app_commands import locale_str

from adapters.discord.render.discord_markdown import label
from bot.chat import mentions
from bot.chat.calls import Call
from bot.chat.command import Audience, Command
from bot.chat.commands import Commands
from bot.chat.parameters import Parameter
from bot.locale.current import _

Interaction = discord.Interaction[Any]
Tree = app_commands.CommandTree[Any]
CommandHandler = Callable[[Interaction, Command, Call], Awaitable[None]]
"""Handler of an application command that somebody used."""
SuggestHandler = Callable[[Interaction, Parameter, str], Awaitable[Sequence[tuple[str, str]]]]
"""Source of a parameter's suggestions as (label, word) pairs."""

# The limits, from Discord's "Application Commands".
DESCRIPTION, CHOICES, CHOICE, STRING = 100, 25, 100, 6000

DEFAULT_PERMISSIONS = {
    Audience.MEMBER: None,
    Audience.MODERATOR: Permissions(manage_messages=True),
    Audience.ADMIN: Permissions(manage_guild=True),
}
"""Discord permissions that a root command's audience needs to see it; a server's admins can change that under
Integrations.

This only hides the command: each call checks the member's rights itself.
"""

PICKER_TYPES: dict[object, AppCommandOptionType] = {
    mentions.parse_channel: AppCommandOptionType.channel,
    mentions.parse_mention: AppCommandOptionType.mentionable,
}
"""Option types of values that Discord has its own pickers for: channels, users and roles."""

ROOM_CHANNEL_TYPES = [ChannelType.text, ChannelType.news, ChannelType.forum]
"""Channel types that a club can use as a room."""

GUILDS_ONLY = app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False)
EVERYWHERE = app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=False)
"""Places of a command that may be used in servers and in direct messages with the bot."""


def add_commands(tree: Tree, commands: Commands, on_command: CommandHandler, suggest: SuggestHandler) -> None:
    """Add every declared command to the tree."""
    for command in commands.values():
        _group_of(tree, commands, command).add_command(_application_command(command, on_command, suggest, commands))


def _group_of(tree: Tree, commands: Commands, command: Command) -> Tree | app_commands.Group:
    """The group that a command belongs to, created if needed: `/edition item move` is in a group inside another
    group.
    """
    parent: Tree | app_commands.Group = tree
    words = command.name.split()
    for depth, name in enumerate(words[:-1], 1):
        group = parent.get_command(name)
        if group is None:
            group = _group(commands, " ".join(words[:depth]), root=depth == 1)
            parent.add_command(group)
        if not isinstance(group, app_commands.Group):
            raise TypeError(f"/{command.name}: {name} is a command and cannot hold others")
        parent = group
    return parent


def _group(commands: Commands, name: str, *, root: bool) -> app_commands.Group:
    description = label(description_of(commands, name), DESCRIPTION)
    group = app_commands.Group(name=name.rpartition(" ")[2], description=description)
    if root:
        group.allowed_contexts = EVERYWHERE
        group.default_permissions = _default_permissions(commands, name)
    return group


def description_of(commands: Commands, group: str) -> str:
    """A group's description for Discord, before it is cut to the limit."""
    return commands.about.get(group) or _("Commands under /{group}.", group=group)


def _default_permissions(commands: Commands, root: str) -> Permissions | None:
    """The Discord permissions needed to see a root: those of its command with the widest audience."""
    ranks = list(Audience)
    return DEFAULT_PERMISSIONS[min((command.audience for command in commands.under(root)), key=ranks.index)]


def _application_command(
    command: Command, on_command: CommandHandler, suggest: SuggestHandler, commands: Commands
) -> app_commands.Command[Any, ..., Any]:
    async def callback(interaction: Interaction, /, **values: Any) -> None:
        named = tuple((name, _option_to_word(value)) for name, value in values.items() if value is not None)
        await on_command(interaction, command, Call(command.name, (), named))

    # discord.py derives the options from the callback's signature, so the declaration is written there.
    interaction_parameter = inspect.Parameter("interaction", inspect.Parameter.POSITIONAL_OR_KEYWORD)
    options = [_parameter(param, suggest) for param in command.params]
    callback.__signature__ = inspect.Signature([interaction_parameter, *options])  # type: ignore[attr-defined] # a function may have one
    app_commands.describe(**{p.name: label(p.hint.label, DESCRIPTION) for p in command.params})(callback)
    name = command.name.rpartition(" ")[2]
    slash = app_commands.Command[Any, ..., Any](
        name=name, description=label(command.summary, DESCRIPTION), callback=callback
    )
    if name == command.name:
        slash.allowed_contexts = EVERYWHERE
        slash.default_permissions = _default_permissions(commands, name)
    return slash


def _parameter(param: Parameter, suggest: SuggestHandler) -> inspect.Parameter:
    has_suggestions = param.hint.suggest and param.hint.parse not in PICKER_TYPES  # Discord's own picker offers these
    option = SuggestedOption(param, suggest) if has_suggestions else Option(param)
    default = inspect.Parameter.empty if param.required else None
    return inspect.Parameter(param.name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=option)


def _option_to_word(value: object) -> str:
    """An option's value as the word that a person would type."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, discord.Attachment):
        return f"{value.url}#{value.size}"
    return mention(value) or str(value)


def mention(value: object) -> str:
    """The value of Discord's picker as a mention with its name; empty for any other value."""
    shown = getattr(value, "display_name", "") or getattr(value, "name", "")
    name = re.sub(r"[<>|]", "", str(shown))[:80]
    match value:
        case discord.Role():
            return f"<@&{value.id}|{name}>"
        case discord.Member() | discord.User():
            return f"<@{value.id}|{name}>"
        case app_commands.AppCommandChannel() | app_commands.AppCommandThread():
            return f"<#{value.id}|{name}>"
        case _:
            return ""


class Option(app_commands.Transformer[Any]):
    """A declared parameter as an option of an application command.

    Its value stays the text that was typed: the command parses it, as on every platform.
    """

    def __init__(self, param: Parameter) -> None:
        self.param = param

    @property
    def type(self) -> AppCommandOptionType:
        """The option's type."""
        if self.param.hint.file:
            return AppCommandOptionType.attachment
        if option_type := PICKER_TYPES.get(self.param.hint.parse):
            return option_type
        if self.param.hint.parse is None and self.param.type is bool:
            return AppCommandOptionType.boolean
        if self.param.hint.parse is None and self.param.type is int:
            return AppCommandOptionType.integer
        return AppCommandOptionType.string

    @property
    def min_value(self) -> int | None:
        """The least number or length, or None."""
        return 1 if self.type is AppCommandOptionType.string and self.param.required else None

    @property
    def max_value(self) -> int | None:
        """The greatest number or length, or None."""
        if self.type is not AppCommandOptionType.string or self.param.choices or self.param.type is date:
            return None
        return min(self.param.hint.most, STRING)

    @property
    def channel_types(self) -> list[ChannelType]:
        """The channel types that the picker offers."""
        return ROOM_CHANNEL_TYPES if self.type is AppCommandOptionType.channel else []

    @property
    def choices(self) -> list[app_commands.Choice[str | int | float]] | None:
        """The declared choices."""
        if not self.param.choices:
            return None
        return [
            app_commands.Choice(name=locale_str(self.param.option(choice)[:CHOICE]), value=choice)
            for choice in self.param.choices[:CHOICES]
        ]

    async def transform(self, interaction: Interaction, value: Any, /) -> Any:
        """The value as Discord sent it."""
        return value


class SuggestedOption(Option):
    """An option that offers suggestions while somebody types."""

    def __init__(self, param: Parameter, suggest: SuggestHandler) -> None:
        super().__init__(param)
        self._suggest = suggest

    async def autocomplete(
        self, interaction: Interaction, value: str | int | float, /
    ) -> list[app_commands.Choice[str | int | float]]:
        """The suggestions for the text typed so far."""
        found = await self._suggest(interaction, self.param, str(value))
        fitting = [(name, word) for name, word in found if word and len(word) <= CHOICE]
        return [app_commands.Choice(name=label(name, CHOICE), value=word) for name, word in fitting[:CHOICES]]
