"""New papers of the club's sources: the sources, the shortlist made of them, and its post for moderators."""

from __future__ import annotations

from bot.chat.commands import Commands
from bot.features.stream import candidates, source_commands

commands = Commands().include(source_commands.commands, candidates.commands)
