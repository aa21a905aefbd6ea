"""What moderators do with papers: look through the queue, pick, hold, drop, merge, correct, and undo."""

from __future__ import annotations

from bot.chat.commands import Commands
from bot.features.curation import choosing, editing, logbook, merging, posts, restoring, showing

commands = Commands(about={"curate": "For moderators: choose papers, put things right, and see who did what."}).include(
    showing.commands,
    choosing.commands,
    restoring.commands,
    merging.commands,
    editing.commands,
    logbook.commands,
    posts.commands,
)
