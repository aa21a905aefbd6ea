"""Filling in a form: what each kind of field holds, and what Slack's own screen refuses."""

from __future__ import annotations

from typing import Any

from tests.protocol.slack_server.blocks import MENUS, MULTI, controls

Json = dict[str, Any]
State = dict[str, dict[str, Json]]


class ActionUnavailable(AssertionError):
    """A person could not do this on Slack's screen: no such button, field or choice."""


# The key under which view.state keeps the value of each kind of field, and the key of its initial value.
KEYS: dict[str, tuple[str, str]] = {
    "plain_text_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "checkboxes": ("selected_options", "initial_options"),
    "radio_buttons": ("selected_option", "initial_option"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "users_select": ("selected_user", "initial_user"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "channels_select": ("selected_channel", "initial_channel"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "multi_users_select": ("selected_users", "initial_users"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "file_input": ("files", "initial_files"),
}


def initial_state(blocks: list[Json]) -> State:
    """What the fields hold before anybody touches them, as Slack sends it in state.values."""
    state: State = {}
    for control in controls(blocks):
        if control.type not in KEYS:
            continue
        key, initial = KEYS[control.type]
        empty: Any = [] if key.endswith("s") else None
        value = control.element.get(initial, empty)
        state.setdefault(control.block_id, {})[control.action_id] = {"type": control.type, key: value}
    return state


def options_of(element: Json) -> list[Json]:
    """The choices written into a menu, its groups taken together."""
    groups = [g["options"] for g in element.get("option_groups", ())]
    return [o for options in (element.get("options", []), *groups) for o in options]


def choose(element: Json, wanted: Any, offered: list[Json] | None = None) -> Json:
    """The option a person means by its label or its value."""
    options = options_of(element) if offered is None else offered
    if isinstance(wanted, dict):
        wanted = wanted["value"]
    for option in options:
        if wanted in (option["text"]["text"], option.get("value")):
            return option
    labels = [o["text"]["text"] for o in options]
    raise ActionUnavailable(f"There is no choice {wanted!r}; there are {labels}")


def fill(element: Json, wanted: Any, offered: list[Json] | None = None) -> Json:
    """The state of a field after a person put `wanted` into it.

    `offered` are the options the app suggested, for menus that ask the app.
    """
    kind = element["type"]
    key, _ = KEYS[kind]
    value: Any = wanted
    if kind in ("static_select", "radio_buttons", "external_select"):
        value = None if wanted is None else choose(element, wanted, offered)
    elif kind in ("checkboxes", "multi_static_select", "multi_external_select"):
        value = [choose(element, one, offered) for one in wanted or []]
        if len(value) > element.get("max_selected_items", 100):
            raise ActionUnavailable(f"At most {element['max_selected_items']} can be chosen")
    elif kind == "plain_text_input" and wanted is not None:
        value = str(wanted)[: element.get("max_length", 3000)]
    elif kind == "number_input" and wanted is not None:
        value = str(wanted)
    elif kind in MULTI:
        value = list(wanted or [])
    elif kind in MENUS:
        value = wanted
    return {"type": kind, key: value}


def complaints(blocks: list[Json], state: State) -> dict[str, str]:
    """What Slack's own screen says before it lets a form go: block_id to complaint."""
    found: dict[str, str] = {}
    by_id = {b["block_id"]: b for b in blocks}
    for control in controls(blocks):
        if not control.is_input or control.type not in KEYS:
            continue
        value = state[control.block_id][control.action_id][KEYS[control.type][0]]
        if value in (None, "", []):
            if not by_id[control.block_id].get("optional"):
                found[control.block_id] = "Please complete this required field."
            continue
        low = control.element.get("min_length", 0)
        if control.type == "plain_text_input" and len(value) < low:
            found[control.block_id] = f"Enter at least {low} characters"
        if control.type == "number_input":
            found |= _number(control.block_id, control.element, value)
        if control.type == "url_text_input" and not value.startswith(("http://", "https://")):
            found[control.block_id] = "Please enter a valid URL."
        if control.type == "email_text_input" and "@" not in value:
            found[control.block_id] = "Please enter a valid email address."
    return found


def _number(block_id: str, element: Json, value: str) -> dict[str, str]:
    try:
        number = float(value) if element["is_decimal_allowed"] else int(value)
    except ValueError:
        return {block_id: "Please enter a number."}
    if number < float(element.get("min_value", number)) or number > float(element.get("max_value", number)):
        return {block_id: "Please enter a number within the limits."}
    return {}
