"""Commands as modals: one input for each parameter; and submitted modals as calls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from adapters.slack.outbound.modals import MAX_TITLE, metadata
from adapters.slack.render.block_kit import OPTION_VALUE, plain
from adapters.slack.transport.interaction import Origin
from bot.chat import mentions, rich_text
from bot.chat.calls import Call, split_words
from bot.chat.command import Command
from bot.chat.error_cards import beside_field
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


def form(
    command: Command,
    given: Mapping[str, str],
    origin: Origin,
    labels: Mapping[str, str] | None = None,
    *,
    fixed: Sequence[Parameter] = (),
    mistakes: Mapping[str, str] | None = None,
) -> View:
    """The modal for a command, filled in with the known words.

    `labels` are the texts to show for words that were chosen from suggestions, such as the title for a paper's number.
    `fixed` parameters are named above the fields and carried along. `mistakes` are shown above their fields, and those
    of no field above them all.
    """
    here, shown, wrong = bool(origin.thread), labels or {}, dict(mistakes or {})
    asked = [p for p in command.form_parameters(given, here=here) if p.name not in {known.name for known in fixed}]
    blocks: list[View] = []
    for param in asked:
        if param.name in wrong:
            blocks.append(_mistake(wrong.pop(param.name)))
        blocks.append(_input(param, given.get(param.name, ""), shown.get(param.name, ""), origin))
    lead = [_mistake(message) for message in dict.fromkeys(wrong.values())]
    known_words = tuple((param.name, given[param.name]) for param in fixed)
    origin = replace(origin, command=command.name, fixed=str(Call(command.name, (), known_words)) if fixed else "")
    return {
        "type": "modal",
        "callback_id": FORM_CALLBACK_ID,
        "title": plain(command.title, MAX_TITLE),
        "submit": plain(_("Send"), MAX_TITLE),
        "close": plain(_("Cancel"), MAX_TITLE),
        "private_metadata": metadata(origin),
        "blocks": [
            {"type": "context", "elements": [plain(_(command.summary), SUMMARY)]},
            *(_known(param, given[param.name], shown.get(param.name, "")) for param in fixed),
            *lead,
            *blocks,
        ],
    }


def _known(param: Parameter, word: str, label: str) -> View:
    """A parameter that is not asked for: the paper, the item, which text."""
    value = label or (param.option(word) if param.values else word)
    return {"type": "section", "text": plain(f"{param.title}: {value}", LABEL)}


def _mistake(message: str) -> View:
    sentence = rich_text.plain(rich_text.parse_backticks(message))
    return {"type": "section", "text": plain(f"⚠️ {sentence}", LABEL)}


def read_form(command: Command, view: Mapping[str, Any]) -> Call:
    """The call of a submitted form, with the words that it did not ask for."""
    values = view.get("state", {}).get("values", {})
    named = dict(_fixed_words(command, view))
    for param in command.params:
        states = values.get(param.name, {})
        if word := next((_field_value(state) for state in states.values()), "").strip():
            named[param.name] = word
    return Call(command.name, (), tuple(named.items()))


def fixed_parameters(command: Command, view: Mapping[str, Any]) -> tuple[Parameter, ...]:
    """The parameters that a form did not ask for, because the button that opened it gave them."""
    names = dict(_fixed_words(command, view))
    return tuple(param for param in command.params if param.name in names)


def _fixed_words(command: Command, view: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """These words come from outside like all others, and are read like typed ones."""
    carried = Origin.of(view).fixed
    if not carried:
        return ()
    tokens = split_words(carried)
    known = {param.name for param in command.params}
    return tuple((token.name, token.text) for token in tokens if token.name in known)


def form_again(command: Command, call: Call, view: Mapping[str, Any], error: UserError, *, here: bool) -> View:
    """The form that was sent, with what was typed, and with the mistakes above their fields."""
    fixed = [param for param in fixed_parameters(command, view) if param.name not in error.by_field]
    given = command.words(call, here=here)
    mistakes = {name: beside_field(name, message) for name, message in error.by_field.items()} or {"": str(error)}
    return form(command, given, Origin.of(view), _chosen_labels(view), fixed=fixed, mistakes=mistakes)


def _chosen_labels(view: Mapping[str, Any]) -> dict[str, str]:
    """The labels of the options that were chosen in a form, by the names of the fields."""
    states = {name: tuple(field.values()) for name, field in view.get("state", {}).get("values", {}).items()}
    return {
        name: str(option.get("text", {}).get("text", ""))
        for name, fields in states.items()
        for field in fields
        if (option := field.get("selected_option"))
    }


def field_errors(view: Mapping[str, Any], error: UserError) -> dict[str, str]:
    """The mistakes of a submitted form by the name of their field; empty if any of them has no field in it."""
    fields = {block.get("block_id") for block in view.get("blocks", ()) if block.get("type") == "input"}
    if not error.by_field or not set(error.by_field) <= fields:
        return {}
    return {
        name: rich_text.plain(rich_text.parse_backticks(beside_field(name, message)))[:LABEL]
        for name, message in error.by_field.items()
    }


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


def _input(param: Parameter, typed: str, label: str, origin: Origin) -> View:
    element = _element(param, typed, label, origin)
    hint = (
        {"hint": plain(_first_upper(param.help_text), LABEL)}
        if param.help_text and element["type"] != "checkboxes"
        else {}
    )
    return {
        "type": "input",
        "block_id": param.name,
        "label": plain(param.title, LABEL),
        "optional": not param.required and not param.hint.here,
        "element": element,
        **hint,
    }


def _first_upper(words: str) -> str:
    return words[:1].upper() + words[1:]


def _element(param: Parameter, typed: str, label: str, origin: Origin) -> View:
    """The input element that fits the parameter best; free text if the typed word fits no other element."""
    if param.hint.file:
        return {"type": "file_input", "action_id": _action_id(param), "max_files": 1}
    if param.type is bool and param.default is False:
        return _checkbox(param, typed)
    if param.values:
        return _select(param, typed)
    if param.type is date:
        return _datepicker(param, typed)
    if param.hint.parse is mentions.parse_channel and (field := _channel_select(param, typed, origin)):
        return field
    if param.hint.parse is mentions.parse_mention and (field := _user_select(param, typed)):
        return field
    if param.hint.suggest and not param.hint.free and len(typed) <= OPTION_VALUE:
        return _external_select(param, typed, label)
    return _text_input(param, typed)


def _action_id(param: Parameter) -> str:
    return f"{FIELD_ID_PREFIX}:{param.name}"


def _checkbox(param: Parameter, typed: str) -> View:
    yes = {"text": plain(_first_upper(_(param.hint.label)), OPTION), "value": "yes"}
    chosen = {"initial_options": [yes]} if typed.lower() in YES else {}
    return {"type": "checkboxes", "action_id": _action_id(param), "options": [yes], **chosen}


def _select(param: Parameter, typed: str) -> View:
    options = [{"text": plain(param.option(value), OPTION), "value": value} for value in param.values]
    default = typed.lower() or ("yes" if param.default is True else str(param.default))
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
        "placeholder": plain(
            _("Type to search") if param.hint.strict else _("Search, or type your own words"), PLACEHOLDER
        ),
        "min_query_length": 0,
        **initial,
    }


def _text_input(param: Parameter, typed: str) -> View:
    """A text input. A typed text is kept whole, even above the limit, for the person to shorten."""
    element: View = {
        "type": "plain_text_input",
        "action_id": _action_id(param),
        "multiline": param.hint.long,
        "max_length": min(max(param.hint.most, len(typed)), INPUT),
    }
    if typed:
        element["initial_value"] = typed[:INPUT]
    return element
