"""Commands as modals: a label and an input for each parameter; and submitted modals as calls."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import discord
from discord import RadioGroupOption, SelectOption, TextStyle, ui

from adapters.discord.inbound.application_commands import ROOM_CHANNEL_TYPES
from adapters.discord.render.custom_ids import ComponentAction, CustomIdSigner
from adapters.discord.render.markdown import label
from bot.chat import mentions
from bot.chat.calls import Call
from bot.chat.commands import Command
from bot.chat.parameters import YES, Parameter
from bot.errors import UserError
from bot.locale.current import _

# The limits, from Discord's "Component Reference" and "Modals".
MAX_FIELDS, TITLE, LABEL, HINT, INPUT, OPTION = 5, 45, 45, 100, 4000, 100
MAX_RADIO_CHOICES = 5
"""Choices that are shown as radio buttons (Discord allows ten); more are shown in a select menu of at most 25."""
MAX_MENU_CHOICES = 25


def shown_parameters(command: Command, given: Mapping[str, str], *, here: bool) -> tuple[Parameter, ...]:
    """The parameters that a form shows, in declared order.

    If there are more than five: those that are required or have an invalid value first, then long texts, then the rest
    in order.
    """
    asked = [p for p in command.params if p.name != "page" and p.ask.in_forms]
    candidates = [p for p in asked if not p.ask.file and not (p.ask.here and here)]

    def weight(param: Parameter) -> tuple[bool, bool]:
        needed = param.required or param.ask.here or _is_invalid(param, given.get(param.name, ""))
        return not needed, not param.ask.long

    chosen = sorted(candidates, key=weight)[:MAX_FIELDS]
    return tuple(param for param in candidates if param in chosen)


def _is_invalid(param: Parameter, typed: str) -> bool:
    try:
        if typed.strip():
            param.read(typed)
    except UserError:
        return True
    return False


def hidden_values(command: Command, given: Mapping[str, str], *, here: bool) -> Call:
    """The call that a form carries besides its fields: the known words of parameters that are not shown."""
    names = {param.name for param in shown_parameters(command, given, here=here)}
    return Call(command.name, (), tuple((name, word) for name, word in given.items() if name not in names and word))


def form(command: Command, given: Mapping[str, str], hidden: object, signer: CustomIdSigner, *, here: bool) -> ui.Modal:
    """The modal for a command, filled in with the known words. It keeps no state in memory, so a restart does not lose
    it.
    """
    custom_id = signer.custom_id(hidden, ComponentAction.FORM)
    modal = ui.Modal(title=label(f"/{command.name}", TITLE), custom_id=custom_id, timeout=None)
    for param in shown_parameters(command, given, here=here):
        modal.add_item(_field(param, given.get(param.name, "")))
    if not modal.children:
        modal.add_item(ui.TextDisplay(label(_(command.summary), HINT)))
    # A stopped view is not kept in memory; submitted values are read from the interaction.
    modal.stop()
    return modal


def read_form(base: Call, data: Mapping[str, Any]) -> Call:
    """The call of a submitted form: its fields and its hidden values."""
    typed = dict(_field_values(data.get("components", ()), data.get("resolved") or {}))
    named = [(name, word) for name, word in base.named if name not in typed]
    named += [(name, word) for name, word in typed.items() if word]
    return Call(base.command, base.words, tuple(named))


def _field_values(components: Any, resolved: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for component in components:
        inner = component.get("component", component)
        if "custom_id" in inner:
            yield str(inner["custom_id"]), _component_value(inner, resolved)


def _component_value(component: Mapping[str, Any], resolved: Mapping[str, Any]) -> str:
    value = component.get("value", component.get("values"))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return _menu_value(str(value[0]), resolved) if value else ""
    return str(value or "").strip()


def _menu_value(value: str, resolved: Mapping[str, Any]) -> str:
    """A menu's value: unchanged, or as a mention if Discord resolves it as a channel, role or user."""
    for kind, sign in (("channels", "#"), ("roles", "@&"), ("users", "@")):
        if found := resolved.get(kind, {}).get(value):
            name = re.sub(r"[<>|]", "", str(found.get("name") or found.get("username") or ""))[:80]
            return f"<{sign}{value}|{name}>"
    return value


def _field(param: Parameter, typed: str) -> ui.Label[Any]:
    name = param.name.strip("_").replace("_", " ")
    hint = label(_(param.ask.label), HINT)
    return ui.Label(text=label(name[:1].upper() + name[1:], LABEL), description=hint, component=_input(param, typed))


def _input(param: Parameter, typed: str) -> ui.Item[Any]:
    required = param.required or param.ask.here
    if param.choices:
        return _choice(param, typed or ("" if param.required else str(param.default)), required=required)
    if param.ask.parse is mentions.parse_channel:
        ids = [discord.Object(int(id)) for id in [mentions.parse_channel(typed).id] if id.isdigit()]
        defaults = [
            discord.SelectDefaultValue(id=channel.id, type=discord.SelectDefaultValueType.channel) for channel in ids
        ]
        return ui.ChannelSelect(
            custom_id=param.name,
            channel_types=ROOM_CHANNEL_TYPES,
            required=required,
            min_values=int(required),
            default_values=defaults,
        )
    if param.ask.parse is mentions.parse_mention:
        return ui.MentionableSelect(custom_id=param.name, required=required, min_values=int(required))
    if param.type is bool and param.ask.parse is None:
        return ui.Checkbox(custom_id=param.name, default=typed.lower() in YES)
    max_length = min(param.ask.most, INPUT)
    return ui.TextInput(
        custom_id=param.name,
        style=TextStyle.paragraph if param.ask.long else TextStyle.short,
        required=required,
        max_length=max_length,
        default=(typed if param.ask.long else " ".join(typed.split()))[:max_length] or None,
    )


def _choice(param: Parameter, chosen: str, *, required: bool) -> ui.Item[Any]:
    if 2 <= len(param.choices) <= MAX_RADIO_CHOICES:
        buttons = [RadioGroupOption(label=c[:OPTION], value=c, default=c == chosen) for c in param.choices]
        return ui.RadioGroup(custom_id=param.name, options=buttons, required=required)
    options = [SelectOption(label=c[:OPTION], value=c, default=c == chosen) for c in param.choices[:MAX_MENU_CHOICES]]
    return ui.Select(custom_id=param.name, options=options, required=required, min_values=1 if required else 0)
