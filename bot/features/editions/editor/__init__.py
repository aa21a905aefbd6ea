"""Commands that edit a draft: its texts, its items, its sections and its frame."""

from __future__ import annotations

from bot.chat.commands import Commands
from bot.features.editions.editor import (
    chart_command,
    edition_overview,
    figure_command,
    import_command,
    items,
    ordering,
    quote_command,
    quote_review,
    rewriting,
    sections_and_credits,
    source_command,
    text_commands,
)

commands = Commands().include(
    edition_overview.commands,
    text_commands.commands,
    items.commands,
    rewriting.commands,
    sections_and_credits.commands,
    chart_command.commands,
    figure_command.commands,
    quote_command.commands,
    quote_review.commands,
    source_command.commands,
    import_command.commands,
    ordering.commands,
)
