"""Every command of the club with answers in steps, so that what pressing a button does can be tried with each."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, text
from bot.chat.command import Command
from bot.features.registry import all_commands

BEGIN = "Begin"

STEPS = 3
"""How often each command answers."""


def in_steps(command: Command) -> Command:
    """The same command, seen by the same people, that needs no words and answers in steps."""

    async def steps(*_: Any, **__: Any) -> AsyncIterator[Card]:
        for step in range(1, STEPS + 1):
            row = Buttons((Button(BEGIN, Call.of(command.name)),))
            yield Card(f"Step {step} of {command.name}", (text("It goes on."), row))

    return replace(command, params=(), handler=steps)


def all_in_steps() -> dict[str, Command]:
    """Every command, by name."""
    return {name: in_steps(command) for name, command in all_commands.items()}


def last_step(name: str) -> str:
    """The title of a command's last answer."""
    return f"Step {STEPS} of {name}"


def doorway(name: str) -> Card:
    """A card with a button for a command."""
    return Card(f"Door of {name}", (Buttons((Button(BEGIN, Call.of(name)),)),))
