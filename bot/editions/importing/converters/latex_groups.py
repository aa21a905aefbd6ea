"""Arguments of LaTeX's commands: groups in balanced braces."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

MAX_DEFINITIONS = 200
"""Commands of the writer's own that are known."""
MAX_GROWTH = 4
"""Largest growth of a text by the writer's own commands, as a factor."""

_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)
_OPTION = re.compile(r"\s?\[((?:[^\[\]\\]|\\.|\[[^\[\]]{0,200}\]){0,1000})\]")
_DEFINITION = re.compile(r"\\(?:re)?newcommand\*?\s*\{?\\([A-Za-z]+)\}?\s*(?:\[(\d)\])?(?:\[[^\[\]\n]*\])?\s*(?=\{)")


@dataclass(frozen=True, slots=True)
class LatexCommand:
    """A command as it is used: its options in brackets, its arguments in braces, and where it ends."""

    name: str
    options: tuple[str, ...]
    arguments: tuple[str, ...]
    end: int


def closing_braces(text: str) -> dict[int, int]:
    """Places of closing braces by those of the opening ones; a brace without a partner is not in it."""
    found: dict[int, int] = {}
    opened: list[int] = []
    for brace in _BRACE.finditer(text):
        if brace[0] == "{":
            opened.append(brace.start())
        elif brace[0] == "}" and opened:
            found[opened.pop()] = brace.start()
    return found


def _used(text: str, found: re.Match[str], arguments: int, braces: Mapping[int, int]) -> LatexCommand:
    """The command whose name ends a match (group 1), with at most this many arguments."""
    at = found.end()
    options: list[str] = []
    while len(options) < 2 and (option := _OPTION.match(text, at)):
        options.append(option[1])
        at = option.end()
    given: list[str] = []
    while len(given) < arguments:
        start = at + (len(text[at : at + 2]) - len(text[at : at + 2].lstrip(" \n")) if given else 0)
        if start not in braces:
            break
        given.append(text[start + 1 : braces[start]])
        at = braces[start] + 1
    return LatexCommand(found[1], tuple(options), tuple(given), at)


def with_commands(text: str, names: Mapping[str, int], write: Callable[[LatexCommand], str]) -> str:
    """The text with what `write` makes of each command of these names, which have so many arguments."""
    if "\\" not in text:
        return text
    wanted = _pattern(tuple(names))
    out: list[str] = []
    braces: dict[int, int] | None = None
    at = 0
    while found := wanted.search(text, at):
        braces = closing_braces(text) if braces is None else braces
        used = _used(text, found, names[found[1]], braces)
        out += [text[at : found.start()], write(used)]
        at = used.end
    return "".join([*out, text[at:]])


@lru_cache(maxsize=100)
def _pattern(names: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\\)\\({'|'.join(sorted(names, key=len, reverse=True))})(?![A-Za-z])\*?")


def with_own_commands(text: str) -> str:
    """The text with the writer's own commands replaced by what they mean, and without their definitions."""
    defined: dict[str, tuple[int, str]] = {}
    out: list[str] = []
    braces: dict[int, int] | None = None
    at = 0
    while len(defined) < MAX_DEFINITIONS and (found := _DEFINITION.search(text, at)):
        braces = closing_braces(text) if braces is None else braces
        end = braces.get(found.end())
        out.append(text[at : found.start()] if end else text[at : found.end()])
        at = found.end()
        if end:
            defined[found[1]] = (int(found[2] or 0), text[at + 1 : end])
            at = end + 1
    text = "".join([*out, text[at:]])
    if not defined:
        return text
    most = MAX_GROWTH * len(text) + 10_000

    def expanded(used: LatexCommand) -> str:
        count, words = defined[used.name]
        for number in range(1, count + 1):
            words = words.replace(f"#{number}", used.arguments[number - 1] if number <= len(used.arguments) else "")
        return words

    counts = {name: count for name, (count, _words) in defined.items()}
    for _depth in range(3):  # commands that mean others
        longer = with_commands(text, counts, expanded)
        if longer == text or len(longer) > most:
            break
        text = longer
    return text
