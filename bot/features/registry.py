"""All that the club can do. A new feature is a new module and one name here."""

from __future__ import annotations

from bot.chat.commands import Commands
from bot.features import admin, help, moderation
from bot.features.admin import workspace_connection
from bot.features.editions import editor
from bot.features.editions.publishing import correction_commands, member_quotes, unnaming
from bot.features.editions.reading import digest_commands
from bot.features.editions.review import edition_commands
from bot.features.members import account_linking, following, home, preferences, privacy, reading_list
from bot.features.moderation import reports
from bot.features.papers import browse, discuss, links_and_citations, submit, summarize, vote
from bot.features.renamed_commands import RENAMED

all_commands = Commands(renamed=RENAMED).include(
    submit.commands,
    browse.commands,
    vote.commands,
    discuss.commands,
    summarize.commands,
    links_and_citations.commands,
    home.commands,
    preferences.commands,
    reading_list.commands,
    following.commands,
    member_quotes.commands,
    account_linking.commands,
    privacy.commands,
    digest_commands.commands,
    moderation.commands,
    edition_commands.commands,
    editor.commands,
    correction_commands.commands,
    unnaming.commands,
    reports.commands,
    admin.commands,
    workspace_connection.commands,
    help.commands,
)
"""Every command; help lists those of one root together, roots in the order in which they first come."""
