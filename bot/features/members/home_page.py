"""A member's front page, for platforms that have a place for one."""

from __future__ import annotations

from collections.abc import Sequence

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Facts, ListEntry, Part, Style, note, text
from bot.chat.commands import Audience
from bot.chat.text import plural
from bot.domain.edition_calendar import format_moment
from bot.domain.models import Account, Submission
from bot.domain.preferences import Preferences
from bot.features.members.following import matching_papers
from bot.features.members.home import account_names, used_votes
from bot.features.shared.paged_lists import submission_entry
from bot.features.shared.voting_window import current_ranking, next_due, window_start
from bot.store import UnitOfWork

MAX_LEADING, MAX_SHOWN = 5, 8
"""Maximum number of leading papers, and of the member's own papers of each kind."""


async def home_page_card(ctx: Context) -> tuple[Card, ...]:
    """Cards of the front page, from the top."""
    async with ctx.read() as db:
        since = await window_start(ctx, db)
        used = await db.votes.count_votes(ctx.member.id, since)
        ballot = await db.votes.voted_for(ctx.member.id, since, limit=MAX_SHOWN)
        due = await next_due(ctx, db)
        facts = [
            ("Votes", used_votes(used, ctx.settings.votes_per_window)),
            ("To read", str(await db.reading_list.count(ctx.member.id))),
        ]
        if due:
            facts.append(("Next edition", format_moment(due, ctx.member_zone)))
        return (
            _head(ctx, facts),
            await _top_papers(ctx, db),
            _votes_used(ballot, used),
            _list(await db.reading_list.papers(ctx.member.id, limit=MAX_SHOWN + 1)),
            await _followed(ctx, db),
            await _settings(ctx, db, await db.members.accounts(ctx.member.id)),
        )


def _head(ctx: Context, facts: list[tuple[str, str]]) -> Card:
    row = [
        Button("Submit a paper", Call.of("paper submit"), Style.MAIN),
        Button("Top papers", Call.of("paper top")),
        Button("The latest edition", Call.of("digest latest")),
        Button("Help", Call.of("help")),
    ]
    if ctx.may(Audience.MODERATOR):
        row.append(Button("The queue", Call.of("curate queue")))
    if ctx.may(Audience.ADMIN):
        row += [
            Button("Set up the club", Call.of("clubadmin setup")),
            Button("Check everything", Call.of("clubadmin doctor")),
        ]
    return Card(ctx.club.name, (Facts(tuple(facts)), Buttons(tuple(row))))


async def _top_papers(ctx: Context, db: UnitOfWork) -> Card:
    found = await current_ranking(ctx, db, None, 0, MAX_LEADING)
    rows: list[Part] = [submission_entry(submission, place) for place, submission in enumerate(found, 1)]
    if not rows:
        rows.append(text("No papers yet. Submit the first one."))
    return Card("Leading for the next edition", tuple(rows))


def _votes_used(ballot: Sequence[Submission], used: int) -> Card:
    rows: list[Part] = [_voted(submission) for submission in ballot]
    if not rows:
        rows.append(text("You have not voted since the last edition."))
    if used > len(ballot):
        rows.append(Buttons((Button(f"All {used:,} votes", Call.of("my votes")),)))
    return Card("Your ballot", tuple(rows))


def _voted(submission: Submission) -> ListEntry:
    row = submission_entry(submission)
    return ListEntry(row.words, row.note, Button("Take back", Call.of("paper vote", submission.number, back="yes")))


def _list(saved: Sequence[Submission]) -> Card:
    rows: list[Part] = [submission_entry(submission) for submission in saved[:MAX_SHOWN]]
    if not rows:
        rows.append(text("Your reading list is empty. Press Save on a paper to add it."))
    row = [Button("What I have read", Call.of("my list", done="yes"))]
    if len(saved) > MAX_SHOWN:
        row.insert(0, Button("The whole list", Call.of("my list")))
    return Card("To read", (*rows, Buttons(tuple(row))))


async def _followed(ctx: Context, db: UnitOfWork) -> Card:
    follows = await db.follows.count(ctx.member.id)
    rows: list[Part] = [submission_entry(submission) for submission in await matching_papers(ctx, db, MAX_SHOWN)]
    if follows and not rows:
        rows.append(text("No new papers match what you follow."))
    if not follows:
        rows.append(text("You follow nothing yet. You can follow topics, authors, keywords and people."))
    row = (Button(f"What I follow ({follows})", Call.of("my follows")), Button("Follow", Call.of("my follow")))
    return Card("What you follow", (*rows, Buttons(row)))


async def _settings(ctx: Context, db: UnitOfWork, accounts: Sequence[Account]) -> Card:
    prefs = Preferences.of(ctx.member.prefs)
    quoted = len(await db.member_quotes.by_member(ctx.member.id, limit=100))
    submissions = await db.submissions.by_member(ctx.member.id, limit=3)
    facts = (
        ("Summaries", "summary" if prefs.summaries == "ai" else "abstract"),
        ("Direct messages", "yes" if prefs.dm else "no"),
        ("May be quoted", plural(quoted, "time")),
    )
    row = [Button("Preferences", Call.of("my prefs")), Button("My quotes", Call.of("my quotes"))]
    row.append(
        Button("Unlink an account", Call.of("my unlink"))
        if len(accounts) > 1
        else Button("Link another account", Call.of("my link"))
    )
    parts: list[Part] = [note(f"You are known as {account_names(accounts)}."), Facts(facts), Buttons(tuple(row))]
    if submissions:
        parts.append(note("Recently submitted: ", ", ".join(f"#{s.number}" for s in submissions), "."))
    return Card("Your settings", tuple(parts))
