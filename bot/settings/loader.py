"""Reads the settings from the environment, `.env` and secret files, and reports all errors at once."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path

from dotenv.parser import Binding, parse_stream
from pydantic import ValidationError
from pydantic_settings import EnvSettingsSource

from bot.errors import UserError
from bot.settings.consistency import inconsistencies
from bot.settings.descriptions import SettingDescription, describe, variable
from bot.settings.model import PREFIX, Settings
from bot.telemetry.redaction import redact

MAX_SECRET_BYTES = 64 * 1024
"""Bytes of a secret's file; a larger file must be the wrong one."""


class SettingsError(UserError):
    """The settings cannot be used; the text names each wrong one, its accepted values, and an example."""

    def __init__(self, complaints: list[str]) -> None:
        count = "A setting needs" if len(complaints) == 1 else f"{len(complaints)} settings need"
        lines = "\n".join(f"- {complaint}" for complaint in complaints)
        super().__init__(f"{count} your attention:\n{lines}\nEvery setting is explained in docs/settings.md.")
        self.complaints = tuple(complaints)


def load(environ: Mapping[str, str] | None = None, env_file: str | Path | None = ".env") -> Settings:
    """Read the settings; the environment wins over `env_file`, which need not exist.

    Raises SettingsError that lists all errors at once. It never contains the value of a secret.
    """
    complaints: list[tuple[str, str]] = []
    written = {**_from_file(env_file, complaints), **_own_variables(os.environ if environ is None else environ)}
    given = _known_values(written, complaints)
    complaints += inconsistencies(given)
    source = EnvSettingsSource(Settings)
    source.env_vars = {name.lower(): value for name, value in given.items() if value}
    try:
        settings = Settings(**source())
    except ValidationError as error:
        complaints += _malformed(error, given)
        raise _in_order(complaints) from None
    if complaints:
        raise _in_order(complaints)
    return settings


def _own_variables(environ: Mapping[str, str]) -> dict[str, str]:
    """The program's own variables, without empty ones: an empty line of `.env.example` sets nothing."""
    ours = ((name.upper(), value.strip()) for name, value in environ.items())
    return {name: value for name, value in ours if name.startswith(PREFIX) and value}


def _from_file(path: str | Path | None, complaints: list[tuple[str, str]]) -> dict[str, str]:
    if path is None:
        return {}
    try:
        with Path(path).open(encoding="utf-8-sig") as file:
            lines = list(parse_stream(file))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        complaints.append((str(path), f"cannot be read: {_error_message(error)}."))
        return {}
    known = {name for setting in describe() for name in (setting.name, setting.file)}
    for line in lines:
        place = f"{path}, line {_line_number(line)}"
        if line.error or (line.key and line.value is None):
            complaints.append((place, "cannot be read. Write it like NAME=value."))
        # Names such as DATABASE_URL may be another program's; those with two underscores are ours.
        elif line.key and "__" in line.key and (name := f"{PREFIX}{line.key.upper()}") in known:
            complaints.append((place, f"sets {line.key}. Did you mean {name}?"))
    return _own_variables({line.key: line.value for line in lines if line.key and line.value})


def _line_number(line: Binding) -> int:
    """Number of a line in its file; the parser gives that of the empty lines above it."""
    text = line.original.string
    return line.original.line + text[: len(text) - len(text.lstrip())].count("\n")


def _known_values(written: Mapping[str, str], complaints: list[tuple[str, str]]) -> dict[str, str]:
    """The values of known settings, with files read; reports all other names."""
    settings = {setting.name: setting for setting in describe()}
    files = {setting.file: setting for setting in describe() if setting.secret}
    given = {}
    for name, value in written.items():
        if name in settings:
            given[name] = value
        elif name not in files:
            complaints.append((name, f"is not a setting.{_closest_name(name, [*settings, *files])}"))
    for name in written.keys() & files.keys():
        setting = files[name]
        if setting.name in given:
            complaints.append((setting.name, f"is given twice: by itself and as {name}. Leave one out."))
            continue
        try:
            given[setting.name] = _secret(Path(written[name]))
        except (OSError, ValueError) as error:
            complaints.append(
                (name, f"names a file that cannot be used: {redact(written[name])}: {_error_message(error)}.")
            )
            given[setting.name] = ""  # present, so that it is not reported as missing too
    return given


def _secret(path: Path) -> str:
    """The content of a secret's file without the newline at its end."""
    with path.open("rb") as file:
        value = file.read(MAX_SECRET_BYTES + 1)
    if len(value) > MAX_SECRET_BYTES:
        raise ValueError("it is too large to hold a secret")
    text = value.decode().strip()
    if not text:
        raise ValueError("it is empty")
    return text


def _malformed(error: ValidationError, given: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    settings = {setting.name: setting for setting in describe()}
    for problem in error.errors(include_url=False, include_context=False, include_input=False):
        path = [str(part) for part in problem["loc"] if not isinstance(part, int)]
        setting = settings[variable(*path)]
        yield setting.name, _sentence(setting, given[setting.name], problem["type"], problem["msg"])


def _sentence(setting: SettingDescription, value: str, kind: str, reason: str) -> str:
    text = "cannot be used" if setting.secret else f"is “{redact(value)[:80]}”"
    if kind != "value_error":
        return f"{text}. It takes {setting.type}, such as {setting.example}."
    why = reason.removeprefix("Value error, ")
    return f"{text}: {why}{'' if why.endswith(('.', '?')) else '.'} Example: {setting.example}"


def _closest_name(name: str, names: list[str]) -> str:
    close = get_close_matches(name, names, n=1, cutoff=0.75)
    return f" Did you mean {close[0]}?" if close else ""


def _error_message(error: Exception) -> str:
    match error:
        case UnicodeDecodeError():
            return "it is not text in UTF-8"
        case OSError():
            return error.strerror or type(error).__name__
        case _:
            return str(error)


def _in_order(complaints: list[tuple[str, str]]) -> SettingsError:
    """All errors in the order of the settings; unknown names come last."""
    order = {name: place for place, setting in enumerate(describe()) for name in (setting.name, setting.file)}
    complaints = sorted(dict.fromkeys(complaints), key=lambda each: order.get(each[0], len(order)))
    return SettingsError([f"{name} {sentence}" for name, sentence in complaints])
