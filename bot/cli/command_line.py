"""The command line's own parser: a mistake is answered with one sentence, and with the word that was perhaps meant."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import Any, NoReturn

CHOICE = re.compile(r"^(?:argument (?P<what>[^:]+): )?invalid choice: '?(?P<typed>.*?)'? \(choose from")
REQUIRED = re.compile(r"^the following arguments are required: (?P<names>.+)$")
NUMBER = re.compile(r"^argument (?P<what>[^:]+): invalid (?:int|float) value: '(?P<typed>.*)'$")
VALUE_MISSING = re.compile(r"^argument (?P<what>[^:]+): expected one argument$")
VALUE = re.compile(r"^argument (?P<what>[^:]+): (?P<why>.+)$")


class CommandLineParser(argparse.ArgumentParser):
    """A parser whose mistakes end the program with code 2 and one sentence, without the list of all options."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **{"allow_abbrev": False, **named})

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> tuple[Any, list[str]]:
        """Parse; an option that this very command does not have is reported with its own options."""
        given = sys.argv[1:] if args is None else list(args)
        if self._has_commands and given and given[0].startswith("-") and given[0] not in self._options():
            self.error(f"unrecognized arguments: {given[0]}")
        known, extra = super().parse_known_args(args, namespace)
        if extra:
            self.error(f"unrecognized arguments: {' '.join(extra)}")
        return known, extra

    def error(self, message: str) -> NoReturn:
        """Say what is wrong in one sentence, and exit with code 2."""
        print(f"journalclub: {self._sentence(message)} `{self.prog} --help` says more.", file=sys.stderr)
        sys.exit(2)

    def _sentence(self, message: str) -> str:
        """Complaint of argparse, in words for people."""
        if message.startswith("unrecognized arguments: "):
            typed = message.partition(": ")[2].split(" ")[0]
            if typed.startswith("-"):
                after = " A command’s own options come after the command." if self._has_commands else ""
                return f"there is no option {typed}.{_suggestion(typed.partition('=')[0], self._options())}{after}"
            return f"“{typed}” is one word too many."
        if chosen := CHOICE.match(message):
            what, typed = chosen["what"] or "COMMAND", chosen["typed"]
            choices = self._choices(what)
            there = _suggestion(typed, choices) or f" There is: {', '.join(choices)}."
            if what == "COMMAND":
                return f"there is no command “{typed}”.{there}"
            return (
                f"{what.split('/')[-1]} cannot be “{typed}”.{there}"
                if "-" in what
                else f"there is no “{typed}”.{there}"
            )
        if missing := REQUIRED.match(message):
            return self._missing(missing["names"].split(", "))
        if number := NUMBER.match(message):
            return f"{number['what']} must be a number, not “{number['typed']}”."
        if empty := VALUE_MISSING.match(message):
            return f"{empty['what'].split('/')[-1]} needs a value."
        if wrong := VALUE.match(message):
            return f"{wrong['what'].split('/')[-1]}: {wrong['why']}."
        return f"{message}."

    def _missing(self, names: Sequence[str]) -> str:
        """Sentence about arguments that are missing: the words to type, where there are certain ones, or the form."""
        choices = self._choices(names[0])
        if not choices:
            what = " and ".join(name if "-" in name else name.upper() for name in names)
            form = " ".join(filter(None, (self.prog, *map(_written, self._actions))))
            return f"{what} {'is' if len(names) == 1 else 'are'} missing: `{form}`."
        return f"a word is missing: {' or '.join(choices)}, as in `{self.prog} {choices[0]}`."

    @property
    def _has_commands(self) -> bool:
        return any(isinstance(action, argparse._SubParsersAction) for action in self._actions)

    def _options(self) -> list[str]:
        return [word for action in self._actions for word in action.option_strings]

    def _choices(self, what: str) -> Sequence[str]:
        for action in self._actions:
            if action.choices and what in ("", "COMMAND", action.dest, action.metavar, "/".join(action.option_strings)):
                return [str(choice) for choice in action.choices]
        return ()


def _written(action: argparse.Action) -> str:
    """A word of a command as its help shows it; "" for an option that may be left out."""
    if action.option_strings:
        return f"{action.option_strings[0]} {action.metavar or action.dest.upper()}" if action.required else ""
    word = "|".join(map(str, action.choices)) if action.choices else action.dest.upper()
    return f"[{word}]" if action.nargs == "?" else word


def _suggestion(typed: str, known: Iterable[str]) -> str:
    """A question with the nearest word; empty where none is near."""
    near = get_close_matches(typed, list(known), n=1, cutoff=0.6)
    return f" Did you mean {near[0]}?" if near else ""
