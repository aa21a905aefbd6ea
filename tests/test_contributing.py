"""What CONTRIBUTING.md promises: the command it shows works as it stands."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.chat.commands import Commands
from bot.features.papers import vote_commands
from tests.stand_ins import Harness, words

PAGE = (Path(__file__).parent.parent / "CONTRIBUTING.md").read_text(encoding="utf-8")


async def test_the_command_and_the_test_that_are_shown_work(club: Harness) -> None:
    command, test = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    room: dict[str, Any] = {**vars(vote_commands), "commands": Commands(), "Harness": Harness, "words": words}
    exec("from __future__ import annotations\n" + command + test, room)  # noqa: S102  our own page
    more = Commands().include(club.app.commands, room["commands"])
    shown: Callable[[Harness], Awaitable[None]] = room["test_a_paper_tells_how_long_it_waits"]
    await shown(replace(club, app=replace(club.app, commands=more)))
