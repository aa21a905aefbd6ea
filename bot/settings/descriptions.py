"""Descriptions of all settings: environment variable, accepted values, default, meaning."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from annotated_types import Ge, Gt, Le
from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from bot.settings.model import NESTED_DELIMITER, PREFIX, Settings
from bot.settings.value_types import ValueType


@dataclass(frozen=True, slots=True)
class SettingDescription:
    """One setting. `section` is empty for settings without a section; a secret's default is never shown."""

    name: str
    type: str
    default: str
    meaning: str
    example: str
    secret: bool
    section: str

    @property
    def file(self) -> str:
        """The variable that names a file with the value; only secrets have one."""
        return f"{self.name}_FILE" if self.secret else ""


@cache
def describe() -> tuple[SettingDescription, ...]:
    """Every setting, in the order of the documentation."""
    return tuple(_section_settings(Settings, section=""))


def sections() -> dict[str, str]:
    """Descriptions of the sections by name."""
    parts = {name: _section_of(field) for name, field in Settings.model_fields.items()}
    return {name: " ".join((part.__doc__ or "").split()) for name, part in parts.items() if part}


def variable(*path: str) -> str:
    """The environment variable of a setting: `JOURNALCLUB_WEB__PORT` is `settings.web.port`."""
    return PREFIX + NESTED_DELIMITER.join(path).upper()


def _section_settings(model: type[BaseModel], section: str) -> list[SettingDescription]:
    found: list[SettingDescription] = []
    for name, field in model.model_fields.items():
        if part := _section_of(field):
            found += _section_settings(part, section=name)
            continue
        secret = field.annotation is SecretStr
        found.append(
            SettingDescription(
                name=variable(*filter(None, (section, name))),
                type=_accepted_values(field),
                default="" if secret else _default_text(field.default),
                meaning=field.description or "",
                example=str((field.examples or [""])[0]),
                secret=secret,
                section=section,
            )
        )
    return found


def _section_of(field: FieldInfo) -> type[BaseModel] | None:
    """The section in a field of Settings, or None if the field is a single setting."""
    kind: Any = field.annotation
    return kind if isinstance(kind, type) and issubclass(kind, BaseModel) else None


def _accepted_values(field: FieldInfo) -> str:
    """The accepted values as a sentence."""
    for mark in reversed(field.metadata):
        if isinstance(mark, ValueType):
            return mark.words
    options = [option for option in get_args(field.annotation) if option is not type(None)]
    if get_origin(field.annotation) is Literal:
        return f"one of {', '.join(options)}"
    if len(options) == 1:
        marks = getattr(options[0], "__metadata__", ())
        return next(mark.words for mark in marks if isinstance(mark, ValueType))
    words: dict[object, str] = {bool: "yes or no", int: "a whole number", float: "a number", Path: "a path"}
    return words.get(field.annotation, "text") + _bounds(field)


def _bounds(field: FieldInfo) -> str:
    """The bounds of a number: " from 1 to 64"."""
    words = []
    for mark in field.metadata:
        match mark:
            case Ge(ge=least):
                words.append(f" from {least}")
            case Gt(gt=least):
                words.append(f" above {least},")
            case Le(le=most):
                words.append(f" to {most}")
    return "".join(words).removesuffix(",")


def _default_text(default: object) -> str:
    match default:
        case bool():
            return "yes" if default else "no"
        case None | ():
            return ""
        case float():
            return f"{default:g}"
        case _:
            return str(default)
