"""Commands as modals: a label and an input for each parameter, and what was typed back into words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from discord import RadioGroupOption, SelectOption, TextStyle, ui

from adapters.discord.seals import Act, Seals
from adapters.discord.text import label
from bot.chat.calls import Call
from bot.chat.commands import Command
from bot.chat.params import YES, Param

# The limits, from Discord's "Component Reference" and "Modals".
FIELDS, TITLE, LABEL, HINT, INPUT, OPTION = 5, 45, 45, 100, 4000, 100
RADIO = 5
"""Up to so many choices are shown at once (Discord would take ten); more go into a menu of at most 25."""
MENU = 25


def shown(command: Command, given: Mapping[str, str], *, here: bool) -> tuple[Param, ...]:
    """The parameters a form asks for, in their order. Of more than five: those that are needed, then what was typed
    already, then texts of several lines, then the first ones."""
    asked = [p for p in command.params if p.name != "page" and not (p.ask.here and here)]

    def weight(param: Param) -> tuple[bool, bool, bool]:
        needed = param.required or param.ask.here
        return not needed, not given.get(param.name), not param.ask.long

    chosen = sorted(asked, key=weight)[:FIELDS]
    return tuple(param for param in asked if param in chosen)


def carried(command: Command, given: Mapping[str, str], *, here: bool) -> Call:
    """What a form must bring back besides its fields: the words that are known already and not shown."""
    names = {param.name for param in shown(command, given, here=here)}
    return Call(command.name, (), tuple((name, word) for name, word in given.items() if name not in names and word))


def form(command: Command, given: Mapping[str, str], carries: object, seals: Seals, *, here: bool) -> ui.Modal:
    """The modal for a command, filled in as far as it is known. It needs no memory: it may be sent after a restart."""
    custom_id = seals.custom_id(carries, Act.FORM)
    modal = ui.Modal(title=label(f"/{command.name}", TITLE), custom_id=custom_id, timeout=None)
    for param in shown(command, given, here=here):
        modal.add_item(_field(param, given.get(param.name, "")))
    if not modal.children:
        modal.add_item(ui.TextDisplay(label(command.summary, HINT)))
    # A finished view is not stored; what comes back is read off the interaction.
    modal.stop()
    return modal


def filled(base: Call, data: Mapping[str, Any]) -> Call:
    """The call that a submitted form stands for: its fields, and what it carried."""
    typed = dict(_typed(data.get("components", ())))
    named = [(name, word) for name, word in base.named if name not in typed]
    named += [(name, word) for name, word in typed.items() if word]
    return Call(base.command, base.words, tuple(named))


def _typed(components: Any) -> Iterator[tuple[str, str]]:
    for component in components:
        inner = component.get("component", component)
        if "custom_id" in inner:
            yield str(inner["custom_id"]), _word(inner)


def _word(component: Mapping[str, Any]) -> str:
    value = component.get("value", component.get("values"))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return str(value[0]) if value else ""
    return str(value or "").strip()


def _field(param: Param, typed: str) -> ui.Label[Any]:
    name = param.name.strip("_").replace("_", " ")
    hint = label(param.ask.label, HINT)
    return ui.Label(text=label(name[:1].upper() + name[1:], LABEL), description=hint, component=_input(param, typed))


def _input(param: Param, typed: str) -> ui.Item[Any]:
    required = param.required or param.ask.here
    if param.choices:
        return _choice(param, typed or ("" if param.required else str(param.default)), required=required)
    if param.type is bool and param.ask.parse is None:
        return ui.Checkbox(custom_id=param.name, default=typed.lower() in YES)
    most = min(param.ask.most, INPUT)
    return ui.TextInput(
        custom_id=param.name,
        style=TextStyle.paragraph if param.ask.long else TextStyle.short,
        required=required,
        max_length=most,
        default=(typed if param.ask.long else " ".join(typed.split()))[:most] or None,
    )


def _choice(param: Param, chosen: str, *, required: bool) -> ui.Item[Any]:
    if 2 <= len(param.choices) <= RADIO:
        buttons = [RadioGroupOption(label=c[:OPTION], value=c, default=c == chosen) for c in param.choices]
        return ui.RadioGroup(custom_id=param.name, options=buttons, required=required)
    options = [SelectOption(label=c[:OPTION], value=c, default=c == chosen) for c in param.choices[:MENU]]
    return ui.Select(custom_id=param.name, options=options, required=required, min_values=1 if required else 0)
