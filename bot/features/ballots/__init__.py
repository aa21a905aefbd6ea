"""Choosing what the club reads next: nominations, ballots, and choices without a ballot."""

from __future__ import annotations

from bot.chat.commands import Commands
from bot.features.ballots import management, nominations, voting

commands = Commands(about={"club": "Choose what the club reads next, and meet."}).include(
    nominations.commands,
    voting.commands,
    management.commands,
)
