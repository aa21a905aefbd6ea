"""What Discord asks of application commands beyond its OpenAPI document.

Limits: Discord, "Application Commands": naming, 100 slash, 15 user and 15 message commands a scope, 25 options,
25 choices, 8,000 characters a command (name, description and values, each in its longest translation).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

import regex

from .errors import Problem
from .state import Json

PER_SCOPE: Final = {1: 100, 2: 15, 3: 15}
CREATES_A_DAY: Final = 200
CHARACTERS: Final = 8000
SLASH_NAME: Final = regex.compile(r"^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$")
SUBCOMMAND: Final = 1
GROUP: Final = 2


def check_scope(commands: Iterable[Json]) -> list[Problem]:
    """All that is wrong with a whole list of commands: too many, or the same name twice."""
    kept = list(commands)
    problems = []
    for kind, most in PER_SCOPE.items():
        count = sum(kind == _type(command) for command in kept)
        if count > most:
            problems.append(Problem("", f"{count} commands of type {kind}: {most} are allowed."))
    for (kind, name), times in Counter((_type(c), str(c["name"])) for c in kept).items():
        if times > 1:
            problems.append(Problem("", f"Application command names must be unique: {name!r} (type {kind})"))
    return problems


def check_command(command: Json, where: str = "") -> list[Problem]:
    """All that is wrong with one command."""
    prefix = f"{where}." if where else ""
    slash = _type(command) == 1
    problems: list[Problem] = []
    if slash:
        problems += _named(command, prefix)
        problems += _options(command.get("options") or [], prefix)
    else:
        if command.get("description"):
            problems.append(Problem(f"{prefix}description", "Only slash commands have a description."))
        if command.get("options"):
            problems.append(Problem(f"{prefix}options", "Only slash commands have options."))
    if (length := characters(command)) > CHARACTERS:
        problems.append(Problem(where, f"{length} characters: {CHARACTERS} are allowed for a command."))
    return problems


def _type(command: Json) -> int:
    return int(command.get("type") or 1)


def _named(thing: Json, prefix: str) -> Iterator[Problem]:
    names = {"name": thing["name"]}
    names |= {f"name_localizations.{language}": n for language, n in (thing.get("name_localizations") or {}).items()}
    for place, name in names.items():
        if not SLASH_NAME.match(name) or name != name.lower():
            yield Problem(f"{prefix}{place}", f"Command name is invalid: {name!r}")
    if not str(thing.get("description") or "").strip():
        yield Problem(f"{prefix}description", "This field is required")


def _options(options: list[Json], prefix: str) -> Iterator[Problem]:
    nested = [option["type"] in (SUBCOMMAND, GROUP) for option in options]
    if any(nested) and not all(nested):
        yield Problem(f"{prefix}options", "Sub-commands and other options cannot be mixed.")
    for name, times in Counter(option["name"] for option in options).items():
        if times > 1:
            yield Problem(f"{prefix}options", f"Option names must be unique: {name!r}")
    optional_before = False
    for index, option in enumerate(options):
        where = f"{prefix}options.{index}."
        yield from _named(option, where)
        if option["type"] in (SUBCOMMAND, GROUP):
            yield from _options(option.get("options") or [], where)
            continue
        if option.get("required") and optional_before:
            yield Problem(where.rstrip("."), "Required options must be placed before non-required options")
        optional_before = optional_before or not option.get("required")
        yield from _choices(option, where)


def _choices(option: Json, where: str) -> Iterator[Problem]:
    choices: list[Json] = option.get("choices") or []
    if choices and option.get("autocomplete"):
        yield Problem(f"{where}autocomplete", "An option has choices or autocomplete, not both.")
    if len({choice["name"] for choice in choices}) < len(choices):
        yield Problem(f"{where}choices", "Choice names must be unique.")


def characters(thing: Json) -> int:
    """All names, descriptions and choice values of a command, each in its longest translation."""
    total = sum(_longest(thing, part) for part in ("name", "description"))
    for choice in thing.get("choices") or ():
        total += _longest(choice, "name") + len(str(choice["value"]))
    return total + sum(characters(option) for option in thing.get("options") or ())


def _longest(thing: Json, part: str) -> int:
    translations = (thing.get(f"{part}_localizations") or {}).values()
    return max(len(text) for text in (thing.get(part) or "", *translations))
