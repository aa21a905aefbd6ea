"""Every command of the bot, and the former names of commands. A new feature is a new module and one name here."""

from __future__ import annotations

from collections.abc import Mapping

from bot.chat.commands import Commands
from bot.features import admin, ballots, help, meetings, moderation, paper_questions, stream
from bot.features.admin import workspace_connection
from bot.features.ballots.ballot_cards import update_open_ballot
from bot.features.editions import editor
from bot.features.editions.draft import draft_command
from bot.features.editions.draft.draft_state import withdraw_approval_of
from bot.features.editions.publishing import correction_commands, former_member_names, member_quotes
from bot.features.editions.publishing.member_removal import remove_from_editions
from bot.features.editions.reading import digest_commands
from bot.features.editions.review import approval_commands, preview_command, skip_command
from bot.features.members import (
    account_linking,
    club_choice,
    following,
    home,
    member_papers,
    preferences,
    privacy,
    reading_list,
)
from bot.features.moderation import reports
from bot.features.papers import (
    browse,
    discuss,
    links_and_citations,
    page_title,
    similar,
    submit,
    summarize,
    version_changes,
    vote_commands,
    withdraw,
)

RENAMED_COMMANDS: Mapping[str, str] = {
    "curate digest draft": "edition draft",
    "curate digest preview": "edition preview",
    "curate digest approve": "edition approve",
    "curate digest unapprove": "edition unapprove",
    "curate digest schedule": "edition schedule",
    "curate digest skip": "edition skip",
    "curate digest edit": "edition edit",
    "curate digest write": "edition write",
    "curate digest section": "edition section",
    "curate digest cite": "edition cite",
    "curate digest credit": "edition credit",
    "curate digest chart": "edition chart",
    "curate digest undo": "edition undo",
    "curate digest correct": "edition correct",
    "curate digest recall": "edition recall",
    "curate digest reword": "edition item write",
    "curate digest move": "edition item move",
    "curate digest drop": "edition item drop",
    "curate digest replace": "edition item replace",
    "curate digest add": "edition item add",
    "curate digest regenerate": "edition item regenerate",
    "curate digest abstract": "edition item abstract",
    "curate quote": "edition quote",
}
"""Present names of commands by their former names. Buttons stay on posts for years, and each carries the name that its
command had then. Parameters keep their names and their order under the new name, so that old calls can be read."""

SYNONYMS = {
    "?": "help",
    "my notes": "my list",
    "my papers": "my home",
    **{f"curate meeting {word}": "curate meeting plan" for word in ("series", "schedule", "new", "create", "add")},
    **{f"curate meeting {word}": "curate meeting cancel" for word in ("delete", "remove", "end", "stop")},
    **{f"curate meeting {word}": "curate meeting record" for word in ("agenda", "notes", "slides", "recording")},
    **{f"curate meeting {word}": "club meetings" for word in ("list", "show")},
}
"""Words that people type for others: a first word is understood, a whole command is guessed."""

all_commands = Commands(renamed=RENAMED_COMMANDS, synonyms=SYNONYMS).include(
    submit.commands,
    withdraw.commands,
    browse.commands,
    vote_commands.commands,
    discuss.commands,
    summarize.commands,
    paper_questions.commands,
    links_and_citations.commands,
    page_title.commands,
    version_changes.commands,
    similar.commands,
    home.commands,
    preferences.commands,
    club_choice.commands,
    reading_list.commands,
    following.commands,
    member_papers.commands,
    member_quotes.commands,
    account_linking.commands,
    privacy.data_commands(remove_from_editions, update_open_ballot),
    digest_commands.commands,
    ballots.commands,
    meetings.commands,
    moderation.commands,
    draft_command.commands,
    preview_command.commands,
    approval_commands.commands,
    skip_command.commands,
    editor.commands,
    correction_commands.commands,
    former_member_names.commands,
    reports.commands,
    admin.admin_commands(withdraw_approval_of),
    stream.commands,
    workspace_connection.commands,
    help.commands,
)
"""Every command. Help lists the commands of one root together, in the order of each root's first command here."""
