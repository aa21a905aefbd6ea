"""A form as a person meets it: its fields by label, and what is sent when they press the button."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from .interaction import Interaction
from .reading import Kind
from .state import Json

Value: TypeAlias = str | bool | Sequence[object] | None
"""A text, a tick, an option by label or value, or several options, people, roles, channels or files."""

Add: TypeAlias = Callable[[object], str]

WITH_OPTIONS = frozenset({Kind.STRING_SELECT, Kind.RADIO_GROUP, Kind.CHECKBOX_GROUP})


class FormRefused(AssertionError):
    """Discord's own app would not send the form: a field is missing, too long, or has no such option."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form."""

    label: str
    custom_id: str
    kind: Kind
    component: Json

    @property
    def required(self) -> bool:
        """Whether the form goes nowhere without it."""
        return bool(self.component.get("required", self.kind is not Kind.CHECKBOX))

    @property
    def prefilled(self) -> Any:
        """What stands in it before anybody types."""
        match self.kind:
            case Kind.TEXT_INPUT:
                return self.component.get("value") or ""
            case Kind.CHECKBOX:
                return bool(self.component.get("default"))
            case Kind.RADIO_GROUP:
                return next(iter(self._defaults()), None)
            case _:
                return self._defaults()

    @property
    def options(self) -> dict[str, str]:
        """Its options: label to value."""
        return {option["label"]: option["value"] for option in self.component.get("options") or ()}

    def _defaults(self) -> list[str]:
        chosen = [option["value"] for option in self.component.get("options") or () if option.get("default")]
        return chosen + [str(default["id"]) for default in self.component.get("default_values") or ()]


@dataclass(frozen=True, slots=True)
class Form:
    """A form that opened in front of somebody."""

    interaction: Interaction
    title: str
    custom_id: str
    fields: list[Field] = field(default_factory=list)

    @property
    def labels(self) -> list[str]:
        """The labels of its fields, top to bottom."""
        return [one.label for one in self.fields]

    @property
    def prefilled(self) -> dict[str, Any]:
        """What stands in it before anybody types, by label."""
        return {one.label: one.prefilled for one in self.fields}

    def find(self, name: str) -> Field:
        """A field by its label or custom id."""
        for one in self.fields:
            if name in (one.label, one.custom_id):
                return one
        raise FormRefused(f"the form {self.title!r} has no field {name!r}, but {self.labels}")

    def filled(self, values: Mapping[str, Value], add: Add) -> Json:
        """The data of the submission; what is not named stays as it was prefilled.

        `add` sends a person, role, channel or file along and gives its id.
        """
        given = {self.find(name).custom_id: value for name, value in values.items()}
        answers = {one.custom_id: _answer(one, given.get(one.custom_id, one.prefilled), add) for one in self.fields}
        modal: Json = self.interaction.modal or {}
        numbers = iter(range(1, 1000))
        parts = [_submitted(part, answers, numbers) for part in modal["components"]]
        return {"custom_id": self.custom_id, "components": parts}


def form_of(interaction: Interaction) -> Form:
    """The form an interaction was answered with."""
    modal: Json = interaction.modal or {}
    fields = []
    for part in modal["components"]:
        if part["type"] == Kind.LABEL:
            inner = part["component"]
            fields.append(Field(part["label"], inner["custom_id"], Kind(inner["type"]), inner))
        elif part["type"] == Kind.ACTION_ROW:
            for inner in part["components"]:
                label = inner.get("label") or inner.get("placeholder") or ""
                fields.append(Field(label, inner["custom_id"], Kind(inner["type"]), inner))
    return Form(interaction, modal["title"], modal["custom_id"], fields)


def _answer(one: Field, value: Any, add: Add) -> Json:
    """What a field sends, after the checks Discord's app makes while one types."""
    answer: Json = {"type": int(one.kind), "custom_id": one.custom_id}
    if one.kind is Kind.CHECKBOX:
        return answer | {"value": bool(value)}
    if one.kind is Kind.TEXT_INPUT:
        return answer | {"value": _typed(one, str(value or ""))}
    chosen = [] if value is None else [value] if isinstance(value, str) else list(value)
    values = [_option(one, str(item)) if one.kind in WITH_OPTIONS else add(item) for item in chosen]
    if one.required and not values:
        raise FormRefused(f"{one.label!r} is required")
    if one.kind is Kind.RADIO_GROUP:
        return answer | {"value": values[0] if values else None}
    most = one.component.get("max_values") or (len(one.options) if one.kind is Kind.CHECKBOX_GROUP else 1)
    least = one.component.get("min_values")
    if len(values) > most or (values and len(values) < (1 if least is None else least)):
        raise FormRefused(f"{one.label!r} takes {least} to {most} of its options, not {len(values)}")
    return answer | {"values": values}


def _typed(one: Field, text: str) -> str:
    least, most = one.component.get("min_length") or 0, one.component.get("max_length") or 4000
    if one.required and not text:
        raise FormRefused(f"{one.label!r} is required")
    if text and not least <= len(text) <= most:
        raise FormRefused(f"{one.label!r} takes {least} to {most} characters, not {len(text)}")
    if one.component.get("style") == 1 and "\n" in text:
        raise FormRefused(f"{one.label!r} takes one line")
    return text


def _option(one: Field, name: str) -> str:
    """An option by its label or value."""
    options = one.options
    if name in options:
        return options[name]
    if name not in options.values():
        raise FormRefused(f"{one.label!r} has no option {name!r}, but {list(options)}")
    return name


def _submitted(part: Json, answers: dict[str, Json], numbers: Any) -> Json:
    sent: Json = {"type": part["type"], "id": part.get("id") or next(numbers)}
    if "component" in part:
        sent["component"] = {"id": next(numbers), **answers[part["component"]["custom_id"]]}
    elif "components" in part:
        sent["components"] = [{"id": next(numbers), **answers[c["custom_id"]]} for c in part["components"]]
    return sent
