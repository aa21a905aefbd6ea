"""The editing desk of a draft: every text, the place of every item, and what stands around them."""

from __future__ import annotations

from bot.chat.commands import Commands
from bot.features.editor import around, charting, desk, items, quoting, retelling, texts

commands = Commands().include(
    desk.commands,
    texts.commands,
    items.commands,
    retelling.commands,
    around.commands,
    charting.commands,
    quoting.commands,
)
