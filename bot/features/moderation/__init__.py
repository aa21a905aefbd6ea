"""Moderators' commands for papers: queue, pick, hold, drop, merge, edit, and undo."""

from __future__ import annotations

from bot.chat.commands import Commands
from bot.features.moderation import (
    audit_log,
    decisions,
    members,
    merging,
    open_log,
    paper_edits,
    queue,
    uncertain_posts,
    undo,
    vote_review,
)
from bot.locale.current import mark_text

commands = Commands(
    about={"curate": mark_text("For moderators: choose papers, fix entries, and see the log.")}
).include(
    queue.commands,
    decisions.commands,
    undo.commands,
    merging.commands,
    paper_edits.commands,
    audit_log.commands,
    open_log.commands,
    members.commands,
    uncertain_posts.commands,
    vote_review.commands,
)
