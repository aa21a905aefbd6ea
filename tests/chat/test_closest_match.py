"""The closest of all commands to mistyped words."""

from __future__ import annotations

import pytest

from bot.chat.closest_match import closest_command
from bot.features.registry import all_commands

MEANT = {
    "vote 5": "paper vote",
    "submit 1706.03762": "paper submit",
    "paper save 9": "my save",
    "paper settings": "clubadmin settings",
    "digest draft": "edition draft",
    "edition drat": "edition draft",
    "edition move 12 1": "edition item move",
    "edition itme move 12 1": "edition item move",
    "club meeting": "club meetings",
    "paper tpo": "paper top",
    "paper sumbit why it began": "paper submit",
    "papervote 5": "paper vote",
    "paper-vote 5": "paper vote",
    "Paper Voet": "paper vote",
    "sumbit": "paper submit",
    "hepl": "help",
    "paper hello there": "",
    "paper 12": "",
    "qqqq": "",
    "": "",
}


@pytest.mark.parametrize(("typed", "meant"), MEANT.items(), ids=list(MEANT))
def test_the_closest_command_is_suggested(typed: str, meant: str) -> None:
    assert closest_command(typed.split(), all_commands) == meant
