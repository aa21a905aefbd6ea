"""Measures the declared commands against Discord's limits, before anything is cut to fit.

Limits: Discord, "Application Commands" and "Application Command Object".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from adapters.discord.inbound.application_commands import CHOICE, CHOICES, DESCRIPTION, description_of
from adapters.discord.inbound.localization import CATALOGUE_LOCALES, catalogue_text
from adapters.discord.inbound.message_menus import MENUS
from bot.chat.command import Command
from bot.chat.commands import Commands
from bot.chat.limits import LimitUsage
from bot.chat.parameters import Parameter

COMMANDS, MENU_COMMANDS, CHARACTERS, CHILDREN, OPTIONS, NAME, LEVELS = 100, 15, 8000, 25, 25, 32, 3

RESERVED_CHARACTERS = 0.1
"""Share of a root's characters that must stay free; translations are counted already."""

Names = Mapping[str, Mapping[str, str]]
"""Texts in other languages: language code, English text, translation."""


@dataclass(frozen=True, slots=True)
class CommandMeasures:
    """Measures commands. `names` are their texts in other languages, of which the longest counts."""

    commands: Commands
    menus: Sequence[str] = MENUS
    names: Names = field(default_factory=dict)

    def all(self) -> Iterator[LimitUsage]:
        """Every measure of every command."""
        roots = self.commands.roots
        yield LimitUsage("Discord", "commands", len(roots), COMMANDS)
        yield LimitUsage("Discord", "entries in the menu of a message", len(self.menus), MENU_COMMANDS)
        for menu in self.menus:
            yield self._length(f"Discord “{menu}”", "name", menu, NAME)
        for root in roots:
            yield LimitUsage(
                f"Discord /{root}", "characters", self._characters(root), CHARACTERS, reserved=RESERVED_CHARACTERS
            )
        for group in self._groups():
            yield LimitUsage(f"Discord /{group}", "subcommands", len(self._children(group)), CHILDREN)
            yield self._length(f"Discord /{group}", "description", description_of(self.commands, group), DESCRIPTION)
            yield self._length(f"Discord /{group}", "name", _last(group), NAME)
        for command in self.commands.values():
            yield from self._command(command)

    def _command(self, command: Command) -> Iterator[LimitUsage]:
        subject = f"Discord /{command.name}"
        yield LimitUsage(subject, "levels", len(command.name.split()), LEVELS, reserved=0)
        yield self._length(subject, "name", _last(command.name), NAME)
        yield self._length(subject, "description", command.summary, DESCRIPTION)
        yield LimitUsage(subject, "options", len(command.params), OPTIONS)
        for param in command.params:
            option = f"{subject} {param.name}"
            yield self._length(option, "name", param.name, NAME)
            yield self._length(option, "description", param.hint.label, DESCRIPTION)
            yield LimitUsage(option, "choices", len(param.choices), CHOICES)
            for choice in param.choices:
                yield self._length(f"{option}={choice[:20]}", "choice", param.option(choice), CHOICE)

    def _length(self, subject: str, part: str, text: str, limit: int) -> LimitUsage:
        return LimitUsage(subject, f"characters of its {part}", self._longest(text, is_name=part == "name"), limit)

    def _characters(self, root: str) -> int:
        """Characters of all names, descriptions and choices of a root, each in its longest translation."""
        groups = sum(
            self._longest(_last(name), is_name=True) + self._longest(description_of(self.commands, name))
            for name in self._groups()
            if name.split()[0] == root
        )
        return groups + sum(
            self._longest(_last(command.name), is_name=True)
            + self._longest(command.summary)
            + sum(map(self._option, command.params))
            for command in self.commands.under(root)
        )

    def _option(self, param: Parameter) -> int:
        choices = sum(self._longest(param.option(choice)) + len(choice) for choice in param.choices)
        return self._longest(param.name, is_name=True) + self._longest(param.hint.label) + choices

    def _longest(self, text: str, *, is_name: bool = False) -> int:
        """Characters of a text in its longest translation; the catalogues have none of names."""
        own = [] if is_name else [len(catalogue_text(language, text)) for language in CATALOGUE_LOCALES.values()]
        return max(len(text), *own, *(len(names.get(text, "")) for names in self.names.values()), 0)

    def _groups(self) -> list[str]:
        """Names of roots and groups, which are the first words of longer command names, in declared order."""
        names = [command.name.split() for command in self.commands.values()]
        return list(dict.fromkeys(" ".join(words[:size]) for words in names for size in range(1, len(words))))

    def _children(self, group: str) -> set[str]:
        """The subcommands and groups directly below a group."""
        size = len(group.split())
        return {command.name.split()[size] for command in self.commands.under(group)}


def _last(name: str) -> str:
    return name.rpartition(" ")[2]
