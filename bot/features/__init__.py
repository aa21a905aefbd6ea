"""All that the club can do. A new feature is a new module and one name here."""

from __future__ import annotations

from bot.chat.commands import Commands
from bot.features import (
    admin,
    appendix,
    connecting,
    correcting,
    curation,
    digest,
    discussions,
    editing,
    editor,
    following,
    help,
    linking,
    members,
    papers,
    privacy,
    quoting,
    reading,
    reports,
    submitting,
    summaries,
    unnaming,
    votes,
)
from bot.features.renamed_commands import RENAMED

all_commands = Commands(renamed=RENAMED).include(
    submitting.commands,
    papers.commands,
    votes.commands,
    discussions.commands,
    summaries.commands,
    appendix.commands,
    members.commands,
    reading.commands,
    following.commands,
    quoting.commands,
    linking.commands,
    privacy.commands,
    digest.commands,
    curation.commands,
    editing.commands,
    editor.commands,
    correcting.commands,
    unnaming.commands,
    reports.commands,
    admin.commands,
    connecting.commands,
    help.commands,
)
"""Every command; help lists those of one root together, roots in the order in which they first come."""
