"""Measures the declared commands against Slack's limits, before anything is cut to fit.

Limits: docs.slack.dev/reference/app-manifest and docs.slack.dev/reference/block-kit.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from adapters.slack.inbound.forms import LABEL, OPTION
from adapters.slack.inbound.suggestions import MAX_OPTIONS
from adapters.slack.render.block_kit import OPTION_VALUE, VIEW_BLOCKS
from adapters.slack.setup.manifest import SHORTCUTS, Shortcut, slash_commands
from bot.chat.command import Command
from bot.chat.commands import Commands
from bot.chat.limits import LimitUsage

COMMANDS, NAME, DESCRIPTION, HINT = 50, 32, 2000, 1000
MENU_ENTRIES, MENU_NAME, MENU_DESCRIPTION = 10, 24, 150


def measures(commands: Commands, prefix: str = "", shortcuts: Sequence[Shortcut] = SHORTCUTS) -> Iterator[LimitUsage]:
    """Every measure of the commands as an installation registers them, with its `prefix` before their names."""
    declared = slash_commands(commands, prefix)
    yield LimitUsage("Slack", "slash commands", len(declared), COMMANDS)
    for root in declared:
        subject = f"Slack {root['command']}"
        yield LimitUsage(subject, "characters of its name", len(root["command"]), NAME)
        yield LimitUsage(subject, "characters of its description", len(root["description"]), DESCRIPTION)
        yield LimitUsage(subject, "characters of its usage hint", len(root["usage_hint"]), HINT)
    yield from _menus(shortcuts)
    for command in commands.values():
        yield from _form(command)


def _menus(shortcuts: Sequence[Shortcut]) -> Iterator[LimitUsage]:
    """Measures of menu entries. Their names are not translated and do not grow, so they may fill their limit."""
    yield LimitUsage("Slack", "shortcuts", len(shortcuts), MENU_ENTRIES)
    for shortcut in shortcuts:
        subject = f"Slack “{shortcut.name}”"
        yield LimitUsage(subject, "characters of its name", len(shortcut.name), MENU_NAME, reserved=0)
        yield LimitUsage(subject, "characters of its description", len(shortcut.description), MENU_DESCRIPTION)


def _form(command: Command) -> Iterator[LimitUsage]:
    """Measures of a command's modal: a summary, and a block for each parameter."""
    subject = f"Slack's form of /{command.name}"
    yield LimitUsage(subject, "blocks", 1 + len(command.params), VIEW_BLOCKS)
    for param in command.params:
        field = f"{subject}, {param.name}"
        yield LimitUsage(field, "characters of its label", len(param.hint.label), LABEL)
        yield LimitUsage(field, "options", len(param.choices), MAX_OPTIONS)
        for choice in param.choices:
            yield LimitUsage(
                f"{field}={choice[:20]}", "characters of an option", len(choice), min(OPTION, OPTION_VALUE)
            )
