"""Choosing what the club reads next: nominations, ballots, and choices without a ballot."""

from __future__ import annotations

from bot.chat.commands import Commands
from bot.features.ballots import ballot_commands, management, nominations
from bot.locale.current import mark_text

commands = Commands(about={"club": mark_text("Choose what the club reads next.")}).include(
    nominations.commands,
    ballot_commands.commands,
    management.commands,
)
