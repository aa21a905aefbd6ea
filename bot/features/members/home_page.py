"""A member's front page, for platforms that have a place for one."""

from __future__ import annotations

from collections.abc import Sequence

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Facts, ListEntry, Part, Style, note, text
from bot.chat.command import Audience
from bot.chat.phrases import phrase
from bot.domain.models import Account, Recommendation, Submission
from bot.domain.preferences import Preferences
from bot.features.members.following import matching_papers
from bot.features.members.home import account_names, used_votes
from bot.features.shared.paged_lists import submission_entry
from bot.features.shared.stream.recommendation_cards import recommendation_rows_of
from bot.features.shared.stream.recommendations import fresh_recommendations
from bot.features.shared.votes.voting_window import current_ranking, next_edition_time, window_start
from bot.locale.current import _, formatted
from bot.store import UnitOfWork

MAX_LEADING, MAX_SHOWN = 5, 8
"""Maximum number of leading papers, and of the member's own papers of each kind."""


async def home_page_card(ctx: Context) -> tuple[Card, ...]:
    """Cards of the front page, from the top."""
    chosen = await fresh_recommendations(ctx)
    async with ctx.read() as db:
        since = await window_start(ctx, db)
        used = await db.vote_queries.count_votes(ctx.member.id, since)
        ballot = await db.vote_queries.voted_for(ctx.member.id, since, limit=MAX_SHOWN)
        facts = [
            (_("Votes"), used_votes(used, ctx.settings.votes_per_window)),
            (_("To read"), str(await db.reading_list.count(ctx.member.id))),
        ]
        if due := await next_edition_time(ctx, db):
            facts.append((_("Next edition"), due))
        return (
            _head(ctx, facts),
            await _top_papers(ctx, db),
            _votes_used(ballot, used),
            _list(await db.reading_list.papers(ctx.member.id, limit=MAX_SHOWN + 1)),
            await _followed(ctx, db),
            *_chosen(chosen),
            await _settings(ctx, db, await db.members.accounts(ctx.member.id)),
        )


def _head(ctx: Context, facts: list[tuple[str, str]]) -> Card:
    row = [
        Button(_("Submit a paper"), Call.of("paper submit"), Style.MAIN),
        Button(_("Top papers"), Call.of("paper top")),
        Button(_("The latest edition"), Call.of("digest latest")),
        Button(_("Help"), Call.of("help")),
    ]
    if ctx.may(Audience.MODERATOR):
        row.append(Button(_("The queue"), Call.of("curate queue")))
    if ctx.may(Audience.ADMIN):
        row += [
            Button(_("Set up the club"), Call.of("clubadmin setup")),
            Button(_("Check everything"), Call.of("clubadmin doctor")),
        ]
    return Card(ctx.club.name, (Facts(tuple(facts)), Buttons(tuple(row))))


async def _top_papers(ctx: Context, db: UnitOfWork) -> Card:
    found = await current_ranking(ctx, db, None, 0, MAX_LEADING)
    rows: list[Part] = [submission_entry(submission, place) for place, submission in enumerate(found, 1)]
    if not rows:
        rows.append(text(_("No papers yet. Submit the first one.")))
    return Card(_("Leading for the next edition"), tuple(rows))


def _votes_used(ballot: Sequence[Submission], used: int) -> Card:
    rows: list[Part] = [_voted(submission) for submission in ballot]
    if not rows:
        rows.append(text(_("You have not voted since the last edition.")))
    if used > len(ballot):
        rows.append(Buttons((Button(_("All {used} votes", used=formatted(used, ",")), Call.of("my votes")),)))
    return Card(_("Your ballot"), tuple(rows))


def _voted(submission: Submission) -> ListEntry:
    row = submission_entry(submission)
    return ListEntry(row.words, row.note, Button(_("Take back"), Call.of("paper vote", submission.number, back="yes")))


def _list(saved: Sequence[Submission]) -> Card:
    rows: list[Part] = [submission_entry(submission) for submission in saved[:MAX_SHOWN]]
    if not rows:
        rows.append(text(_("Your reading list is empty. Press Save on a paper to add it.")))
    row = [Button(_("What I have read"), Call.of("my list", done="yes"))]
    if len(saved) > MAX_SHOWN:
        row.insert(0, Button(_("The whole list"), Call.of("my list")))
    return Card(_("To read"), (*rows, Buttons(tuple(row))))


async def _followed(ctx: Context, db: UnitOfWork) -> Card:
    follows = await db.follows.count(ctx.member.id)
    rows: list[Part] = [submission_entry(submission) for submission in await matching_papers(ctx, db, MAX_SHOWN)]
    if follows and not rows:
        rows.append(text(_("No new papers match what you follow.")))
    if not follows:
        rows.append(text(_("You follow nothing yet. You can follow topics, authors, keywords and people.")))
    row = (
        Button(_("What I follow ({follows})", follows=follows), Call.of("my follows")),
        Button(_("Follow"), Call.of("my follow")),
    )
    return Card(_("What you follow"), (*rows, Buttons(row)))


def _chosen(found: Sequence[Recommendation]) -> Sequence[Card]:
    """The papers of the week that fit the member, if they want that."""
    if not found:
        return ()
    return (Card(_("Papers for you"), tuple(recommendation_rows_of(found))),)


async def _settings(ctx: Context, db: UnitOfWork, accounts: Sequence[Account]) -> Card:
    prefs = Preferences.of(ctx.member.prefs)
    quoted = len(await db.member_quotes.by_member(ctx.member.id, limit=100))
    submissions = await db.submissions.by_member(ctx.member.id, limit=3)
    facts = (
        (_("Summaries"), _("summary") if prefs.summaries == "ai" else _("abstract")),
        (_("Direct messages"), _("yes") if prefs.dm else _("no")),
        (_("Quotes you allowed"), str(quoted)),
    )
    row = [Button(_("Preferences"), Call.of("my prefs")), Button(_("My quotes"), Call.of("my quotes"))]
    row.append(
        Button(_("Unlink an account"), Call.of("my unlink"))
        if len(accounts) > 1
        else Button(_("Link another account"), Call.of("my link"))
    )
    parts: list[Part] = [
        note(_("You are known as {account_names}.", account_names=account_names(accounts))),
        Facts(facts),
        Buttons(tuple(row)),
    ]
    if submissions:
        parts.append(
            note(*phrase("Recently submitted: {names}.", names=", ".join(f"#{s.number}" for s in submissions)))
        )
    return Card(_("Your preferences"), tuple(parts))
