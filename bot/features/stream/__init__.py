"""New papers of the club's sources: the sources, the shortlist made of them, and its post for moderators."""

from __future__ import annotations

from bot.chat.commands import Commands
from bot.features.stream import candidates, sources

commands = Commands().include(sources.commands, candidates.commands)
