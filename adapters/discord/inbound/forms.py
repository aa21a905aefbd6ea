"""Commands as modals: a label and an input for each parameter; and submitted modals as calls."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import discord
from discord import RadioGroupOption, SelectOption, TextStyle, ui

from adapters.discord.inbound.application_commands import ROOM_CHANNEL_TYPES
from adapters.discord.render.custom_ids import ComponentAction, CustomIdSigner
from adapters.discord.render.discord_markdown import escape, label
from bot.chat import mentions
from bot.chat.calls import Call
from bot.chat.command import Command
from bot.chat.parameters import YES, Parameter
from bot.chat.text import one_line
from bot.locale.current import _

# The limits, from Discord's "Component Reference" and "Modals".
MAX_FIELDS, TITLE, LABEL, HINT, INPUT, OPTION = 5, 45, 45, 100, 4000, 100
MAX_RADIO_CHOICES = 5
"""Choices that are shown as radio buttons (Discord allows ten); more are shown in a select menu of at most 25."""
MAX_MENU_CHOICES = 25
MAX_KNOWN = 200
"""Characters of a word that is shown above the fields."""


def shown_parameters(
    command: Command, given: Mapping[str, str], *, here: bool, fixed: Sequence[Parameter] = ()
) -> tuple[Parameter, ...]:
    """The parameters that a form shows, in declared order, without the `fixed` ones.

    If there are more than fit: those that are needed or have an invalid value first, then long texts, then the rest in
    order.
    """
    known = {param.name for param in fixed}
    asked = command.form_parameters(given, here=here)
    candidates = [p for p in asked if not p.hint.file and p.name not in known]

    def weight(param: Parameter) -> tuple[bool, bool]:
        word = given.get(param.name, "")
        needed = param.is_needed(given) or (bool(word.strip()) and not param.accepts(word))
        return not needed, not param.hint.long

    chosen = sorted(candidates, key=weight)[: MAX_FIELDS - bool(fixed)]
    return tuple(param for param in candidates if param in chosen)


def hidden_values(command: Command, given: Mapping[str, str], *, here: bool, fixed: Sequence[Parameter] = ()) -> Call:
    """The call that a form carries besides its fields: the known words of parameters that are not shown."""
    names = {param.name for param in shown_parameters(command, given, here=here, fixed=fixed)}
    return Call(command.name, (), tuple((name, word) for name, word in given.items() if name not in names and word))


def form(
    command: Command,
    given: Mapping[str, str],
    hidden: object,
    signer: CustomIdSigner,
    *,
    here: bool,
    fixed: Sequence[Parameter] = (),
    labels: Mapping[str, str] | None = None,
    channels: Sequence[tuple[str, str]] = (),
) -> ui.Modal:
    """The modal for a command, filled in with the known words. It keeps no state in memory, so a restart does not lose
    it. `fixed` parameters are named above its fields, with their `labels` if they have one. `channels` are offered as
    (label, mention) where Discord has no list of its own.
    """
    custom_id = signer.custom_id(hidden, ComponentAction.FORM)
    modal = ui.Modal(title=label(command.title, TITLE), custom_id=custom_id, timeout=None)
    if fixed:
        modal.add_item(
            ui.TextDisplay("\n".join(_known(p, given[p.name], (labels or {}).get(p.name, "")) for p in fixed))
        )
    for param in shown_parameters(command, given, here=here, fixed=fixed):
        modal.add_item(_field(param, given.get(param.name, ""), channels))
    if not modal.children:
        modal.add_item(ui.TextDisplay(label(_(command.summary), HINT)))
    # A stopped view is not kept in memory; submitted values are read from the interaction.
    modal.stop()
    return modal


def _known(param: Parameter, word: str, shown: str) -> str:
    """A parameter that is not asked for: the paper, the item, which text."""
    value = shown or (param.option(word) if param.values else word)
    return escape(f"{param.title}: {one_line(value)[:MAX_KNOWN]}")


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
            nick = resolved.get("members", {}).get(value, {}).get("nick") if kind == "users" else ""
            shown = nick or found.get("name") or found.get("global_name") or found.get("username") or ""
            name = re.sub(r"[<>|]", "", str(shown))[:80]
            return f"<{sign}{value}|{name}>"
    return value


def _field(param: Parameter, typed: str, channels: Sequence[tuple[str, str]]) -> ui.Label[Any]:
    hint = label(param.help_text[:1].upper() + param.help_text[1:], HINT) if param.help_text else None
    return ui.Label(text=label(param.title, LABEL), description=hint, component=_input(param, typed, channels))


def _input(param: Parameter, typed: str, channels: Sequence[tuple[str, str]]) -> ui.Item[Any]:
    required = param.required or param.hint.here
    if param.values and not (param.type is bool and param.default is False):
        return _choice(param, typed.lower() or _default(param), required=required)
    if param.hint.parse is mentions.parse_channel and channels:
        chosen = mentions.parse_channel(typed) if typed else mentions.NO_MENTION
        options = [
            SelectOption(label=name[:OPTION], value=word, default=bool(chosen.id) and f"#{chosen.id}|" in word)
            for name, word in channels
        ]
        return ui.Select(custom_id=param.name, options=options, required=required, min_values=int(required))
    if param.hint.parse is mentions.parse_channel:
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
    if param.hint.parse is mentions.parse_mention:
        return ui.MentionableSelect(custom_id=param.name, required=required, min_values=int(required))
    if param.type is bool:
        return ui.Checkbox(custom_id=param.name, default=typed.lower() in YES)
    max_length = min(param.hint.most, INPUT)
    return ui.TextInput(
        custom_id=param.name,
        style=TextStyle.paragraph if param.hint.long else TextStyle.short,
        required=required,
        max_length=max_length,
        default=(typed if param.hint.long else " ".join(typed.split()))[:max_length] or None,
    )


def _default(param: Parameter) -> str:
    return "yes" if param.default is True else "" if param.required else str(param.default)


def _choice(param: Parameter, chosen: str, *, required: bool) -> ui.Item[Any]:
    values = [(value, param.option(value)[:OPTION]) for value in param.values[:MAX_MENU_CHOICES]]
    if 2 <= len(values) <= MAX_RADIO_CHOICES:
        buttons = [RadioGroupOption(label=shown, value=value, default=value == chosen) for value, shown in values]
        return ui.RadioGroup(custom_id=param.name, options=buttons, required=required)
    options = [SelectOption(label=shown, value=value, default=value == chosen) for value, shown in values]
    return ui.Select(custom_id=param.name, options=options, required=required, min_values=1 if required else 0)
