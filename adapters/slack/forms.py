"""Commands as modals: one input for each parameter, and what was typed back into words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from adapters.slack.render import plain
from bot.chat.calls import Call
from bot.chat.commands import Command
from bot.chat.params import Param

View = dict[str, Any]

FORM = "jc-form"
"""The callback id of every form."""

# The limits of views, from docs.slack.dev/reference/views.
TITLE, SUBMIT, METADATA, INPUT, LABEL, HINT = 24, 24, 3000, 3000, 2000, 150


def form(command: Command, given: Mapping[str, str], origin: Mapping[str, str]) -> View:
    """The modal for a command, filled in as far as it is known. `origin` says where its answer is to go."""
    return {
        "type": "modal",
        "callback_id": FORM,
        "title": plain(f"/{command.name}", TITLE),
        "submit": plain("Send", SUBMIT),
        "close": plain("Cancel", TITLE),
        "private_metadata": metadata(command, origin),
        "blocks": [
            {"type": "context", "elements": [plain(command.summary, 300)]},
            *(_input(param, given.get(param.name, "")) for param in command.params),
        ],
    }


def metadata(command: Command, origin: Mapping[str, str]) -> str:
    """What a form carries with it: its command and where it was asked for."""
    return json.dumps({"command": command.name, **origin})[:METADATA]


def origin(view: Mapping[str, Any]) -> dict[str, str]:
    """What `metadata` wrote down. It comes back from outside, so it is a hint and nothing more."""
    read = json.loads(view.get("private_metadata") or "{}")
    return {str(key): str(value) for key, value in read.items()} if isinstance(read, dict) else {}


def filled(command: Command, view: Mapping[str, Any]) -> Call:
    """The call that a submitted form stands for."""
    values = view.get("state", {}).get("values", {})
    named = []
    for param in command.params:
        states = values.get(param.name, {})
        if word := next((_word(state) for state in states.values()), "").strip():
            named.append((param.name, word))
    return Call(command.name, (), tuple(named))


def _word(state: Mapping[str, Any]) -> str:
    match state.get("type"):
        case "static_select" | "external_select" | "radio_buttons":
            return (state.get("selected_option") or {}).get("value") or ""
        case "checkboxes":
            return "yes" if state.get("selected_options") else ""
        case _:
            return state.get("value") or ""


def _input(param: Param, typed: str) -> View:
    optional = not param.required and not param.ask.here
    block: View = {
        "type": "input",
        "block_id": param.name,
        "label": plain(_label(param), LABEL),
        "optional": optional,
        "element": _element(param, typed),
    }
    return block


def _label(param: Param) -> str:
    return param.ask.label[:1].upper() + param.ask.label[1:]


def _element(param: Param, typed: str) -> View:
    action = f"jc-in:{param.name}"
    if param.type is bool:
        yes = {"text": plain("Yes", 75), "value": "yes"}
        chosen = {"initial_options": [yes]} if typed.lower() in ("yes", "true", "on", "1") else {}
        return {"type": "checkboxes", "action_id": action, "options": [yes], **chosen}
    if param.choices:
        options = [{"text": plain(choice, 75), "value": choice} for choice in param.choices]
        default = typed or str(param.default)
        chosen_one = [option for option in options if option["value"] == default]
        initial = {"initial_option": chosen_one[0]} if chosen_one else {}
        return {"type": "static_select", "action_id": action, "options": options, **initial}
    element: View = {
        "type": "plain_text_input",
        "action_id": action,
        "multiline": param.ask.long,
        "max_length": min(param.ask.most, INPUT),
    }
    if typed:
        element["initial_value"] = typed[: element["max_length"]]
    return element
