"""Moderators' commands for papers: queue, pick, hold, drop, merge, edit, and undo."""

from __future__ import annotations

from bot.chat.commands import Commands
from bot.features.moderation import audit_log, decisions, members, merging, paper_edits, posts, queue, undo, vote_review

commands = Commands(about={"curate": "For moderators: choose papers, fix entries, and see the log."}).include(
    queue.commands,
    decisions.commands,
    undo.commands,
    merging.commands,
    paper_edits.commands,
    audit_log.commands,
    members.commands,
    posts.commands,
    vote_review.commands,
)
