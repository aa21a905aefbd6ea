"""All that the club can do. A new feature is a new module and one name here."""

from __future__ import annotations

from bot.chat.commands import Commands
from bot.features import discussions, papers, votes

commands = Commands().include(papers.commands, votes.commands, discussions.commands)
"""Every command, in the order in which help lists them."""
