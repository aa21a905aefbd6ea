"""Commands as modals: one input for each parameter; and submitted modals as calls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from adapters.slack.outbound.modals import MAX_TITLE, metadata
from adapters.slack.render.block_kit import OPTION_VALUE, plain
from adapters.slack.transport.interaction import Origin
from bot.chat import mentions, rich_text
from bot.chat.calls import Call
from bot.chat.commands import Command
from bot.chat.parameters import YES, Parameter
from bot.errors import UserError
from bot.locale.current import _

View = dict[str, Any]

FORM_CALLBACK_ID = "jc-form"
"""Callback id of every form."""

FIELD_ID_PREFIX = "jc-in"
"""Prefix of the action ids of all fields."""

# The limits of fields, from docs.slack.dev/reference/block-kit.
INPUT, LABEL, SUMMARY, PLACEHOLDER, OPTION = 3000, 2000, 300, 150, 75


def form(command: Command, given: Mapping[str, str], origin: Origin, labels: Mapping[str, str] | None = None) -> View:
    """The modal for a command, filled in with the known words.

    `labels` are the texts to show for words that were chosen from suggestions, such as the title for a paper's number.
    """
    here = bool(origin.thread)
    fields = [
        _input(p, given.get(p.name, ""), (labels or {}).get(p.name, ""), origin)
        for p in form_parameters(command, here=here)
    ]
    return {
        "type": "modal",
        "callback_id": FORM_CALLBACK_ID,
        "title": plain(f"/{command.name}", MAX_TITLE),
        "submit": plain("Send", MAX_TITLE),
        "close": plain("Cancel", MAX_TITLE),
        "private_metadata": metadata(replace(origin, command=command.name)),
        "blocks": [{"type": "context", "elements": [plain(_(command.summary), SUMMARY)]}, *fields],
    }


def form_parameters(command: Command, *, here: bool) -> tuple[Parameter, ...]:
    """The parameters that a form shows: without the page of a list, and without the paper in a paper's thread."""
    return tuple(p for p in command.params if p.name != "page" and p.ask.in_forms and not (p.ask.here and here))


def read_form(command: Command, view: Mapping[str, Any]) -> Call:
    """The call of a submitted form."""
    values = view.get("state", {}).get("values", {})
    named = []
    for param in command.params:
        states = values.get(param.name, {})
        if word := next((_field_value(state) for state in states.values()), "").strip():
            named.append((param.name, word))
    return Call(command.name, (), tuple(named))


def field_error(command: Command, call: Call, *, here: bool) -> dict[str, str]:
    """The first error in a submitted form by the name of its field; empty if the call is valid. Makes no request."""
    try:
        command.read(call, here=here)
    except UserError as error:
        names = [param.name for param in form_parameters(command, here=here)]
        if names:
            return {
                error.field if error.field in names else names[0]: rich_text.plain(
                    rich_text.parse_backticks(str(error))
                )[:LABEL]
            }
    return {}


def _field_value(state: Mapping[str, Any]) -> str:
    match state.get("type"):
        case "static_select" | "external_select":
            return str((state.get("selected_option") or {}).get("value") or "")
        case "checkboxes":
            return "yes" if state.get("selected_options") else ""
        case "conversations_select":
            chosen = state.get("selected_conversation")
            return f"<#{chosen}>" if chosen else ""
        case "users_select":
            chosen = state.get("selected_user")
            return f"<@{chosen}>" if chosen else ""
        case "file_input":
            return next((str(file.get("id") or "") for file in state.get("files") or ()), "")
        case "datepicker":
            return str(state.get("selected_date") or "")
        case _:
            return str(state.get("value") or "")


def _first_upper(words: str) -> str:
    return words[:1].upper() + words[1:]


def _input(param: Parameter, typed: str, label: str, origin: Origin) -> View:
    return {
        "type": "input",
        "block_id": param.name,
        "label": plain(_first_upper(_(param.ask.label)), LABEL),
        "optional": not param.required and not param.ask.here,
        "element": _element(param, typed, label, origin),
    }


def _element(param: Parameter, typed: str, label: str, origin: Origin) -> View:
    """The input element that fits the parameter best; free text if the typed word fits no other element."""
    if param.ask.file:
        return {"type": "file_input", "action_id": _action_id(param), "max_files": 1}
    if param.type is bool:
        return _checkbox(param, typed)
    if param.choices:
        return _select(param, typed)
    if param.type is date:
        return _datepicker(param, typed)
    if param.ask.parse is mentions.parse_channel and (field := _channel_select(param, typed, origin)):
        return field
    if param.ask.parse is mentions.parse_mention and (field := _user_select(param, typed)):
        return field
    if param.ask.suggest and not param.ask.free and len(typed) <= OPTION_VALUE:
        return _external_select(param, typed, label)
    return _text_input(param, typed)


def _action_id(param: Parameter) -> str:
    return f"{FIELD_ID_PREFIX}:{param.name}"


def _checkbox(param: Parameter, typed: str) -> View:
    yes = {"text": plain("Yes", OPTION), "value": "yes"}
    chosen = {"initial_options": [yes]} if typed.lower() in YES else {}
    return {"type": "checkboxes", "action_id": _action_id(param), "options": [yes], **chosen}


def _select(param: Parameter, typed: str) -> View:
    options = [{"text": plain(choice, OPTION), "value": choice} for choice in param.choices]
    default = typed or str(param.default)
    chosen = next((option for option in options if option["value"] == default), None)
    initial = {"initial_option": chosen} if chosen else {}
    return {"type": "static_select", "action_id": _action_id(param), "options": options, **initial}


def _datepicker(param: Parameter, typed: str) -> View:
    try:
        initial = {"initial_date": date.fromisoformat(typed).isoformat()} if typed else {}
    except ValueError:
        return _text_input(param, typed)
    return {"type": "datepicker", "action_id": _action_id(param), **initial}


def _channel_select(param: Parameter, typed: str, origin: Origin) -> View | None:
    chosen = (mentions.parse_channel(typed).id or origin.room) if typed else ""
    if typed and not mentions.ROOM_IDS["slack"].fullmatch(chosen):
        return None
    return {
        "type": "conversations_select",
        "action_id": _action_id(param),
        "placeholder": plain(_("Choose a channel"), PLACEHOLDER),
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
        **({"initial_conversation": chosen} if chosen else {}),
    }


def _user_select(param: Parameter, typed: str) -> View | None:
    who = mentions.parse_mention(typed) if typed else mentions.NO_MENTION
    if typed and (who.group or not who.id):
        return None
    return {
        "type": "users_select",
        "action_id": _action_id(param),
        "placeholder": plain(_("Choose a person"), PLACEHOLDER),
        **({"initial_user": who.id} if who.id else {}),
    }


def _external_select(param: Parameter, typed: str, label: str) -> View:
    initial = {"initial_option": {"text": plain(label or typed, OPTION), "value": typed}} if typed else {}
    return {
        "type": "external_select",
        "action_id": _action_id(param),
        "placeholder": plain(_("Type to search"), PLACEHOLDER),
        "min_query_length": 0,
        **initial,
    }


def _text_input(param: Parameter, typed: str) -> View:
    """A text input. A typed text is kept whole, even above the limit, for the person to shorten."""
    element: View = {
        "type": "plain_text_input",
        "action_id": _action_id(param),
        "multiline": param.ask.long,
        "max_length": min(max(param.ask.most, len(typed)), INPUT),
    }
    if typed:
        element["initial_value"] = typed[:INPUT]
    return element
