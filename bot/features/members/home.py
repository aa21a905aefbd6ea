"""Commands `my home` and `my votes`: a member's ballot, reading list, submissions and accounts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Facts, Heading, Part, note, text
from bot.chat.commands import Commands
from bot.chat.parameters import ParameterHint
from bot.chat.rich_text import parse_backticks
from bot.domain.models import Account, Submission, SubmissionState
from bot.features.members.following import matching_papers
from bot.features.shared.paged_lists import ROWS_PER_PAGE, submission_entry, submission_list
from bot.features.shared.stream.followed_entries import followed_entries, followed_entry_row
from bot.features.shared.stream.recommendation_cards import home_rows
from bot.features.shared.stream.recommendations import fresh_recommendations
from bot.features.shared.votes.voting_window import next_edition_time, window_start
from bot.locale.current import _, formatted, mark_text
from bot.store import UnitOfWork

commands = Commands(
    about={"my": mark_text("Your votes, your reading list, your accounts and preferences. Only you see them.")}
)


MAX_SHOWN = 3
"""Maximum number of papers of each kind on a member's home."""


@commands("my home", examples=("/my home",))
async def home(ctx: Context) -> Card:
    """Your home page: votes, reading list, papers you submitted, next edition, accounts."""
    chosen = await fresh_recommendations(ctx)
    async with ctx.read() as db:
        parts = await _overview(ctx, db)
        accounts = await db.members.accounts(ctx.member.id)
    parts += home_rows(chosen)
    parts.append(note(_("You are known as {account_names}.", account_names=account_names(accounts))))
    row = (
        Button(_("Top papers"), Call.of("paper top")),
        Button(_("Reading list"), Call.of("my list")),
        Button(_("What I follow"), Call.of("my follows")),
        Button(_("Papers for me"), Call.of("my papers")),
        Button(_("Preferences"), Call.of("my prefs")),
        *([] if await _is_everywhere(ctx, accounts) else [Button(_("Link an account"), Call.of("my link"))]),
    )
    return Card(_("{member} in {club}", member=ctx.member.shown_name, club=ctx.club.name), (*parts, Buttons(row)))


async def _is_everywhere(ctx: Context, accounts: Sequence[Account]) -> bool:
    """True if a member has accounts on several platforms, and on all that the club is on."""
    async with ctx.app.store.read_admin_session() as admin:
        workspaces = await admin.directory.workspaces(ctx.club.id)
    platforms = {workspace.platform for workspace in workspaces if workspace.left_at is None}
    return len(accounts) > 1 and platforms <= {account.platform for account in accounts}


async def _overview(ctx: Context, db: UnitOfWork) -> list[Part]:
    since = await window_start(ctx, db)
    used = await db.vote_queries.count_votes(ctx.member.id, since)
    ballot = await db.vote_queries.voted_for(ctx.member.id, since, limit=MAX_SHOWN)
    facts = [(_("Votes"), used_votes(used, ctx.settings.votes_per_window))]
    facts.append((_("To read"), str(await db.reading_list.count(ctx.member.id))))
    if due := await next_edition_time(ctx, db):
        facts.append((_("Next edition"), due))
    parts: list[Part] = [Facts(tuple(facts))]
    voted = _("What you voted for since the last edition")
    parts += _short_list(
        voted, ballot, _("No votes yet. `/paper top` lists papers to vote for."), more=used - len(ballot)
    )
    parts += _short_list(_("To read"), await db.reading_list.papers(ctx.member.id, limit=MAX_SHOWN), "")
    parts += await _followed(ctx, db)
    submitted = await db.submissions.by_member(ctx.member.id, limit=MAX_SHOWN)
    listed = [submission for submission in submitted if submission.state != SubmissionState.WITHDRAWN]
    parts += _short_list(_("Papers you submitted"), listed, "")
    return parts


async def _followed(ctx: Context, db: UnitOfWork) -> list[Part]:
    """New papers that match what the member follows: of the list, then of the club's sources."""
    rows: list[Part] = [submission_entry(found) for found in await matching_papers(ctx, db, MAX_SHOWN)]
    follows = await db.follows.by_member(ctx.member.id)
    entries = await followed_entries(db, follows, ctx.now - timedelta(days=ctx.settings.shortlist_days))
    rows += [followed_entry_row(entry, why) for entry, why in entries[:MAX_SHOWN]]
    return [Heading(_("New papers that match what you follow")), *rows] if rows else []


def used_votes(used: int, limit: int) -> str:
    """Number of used votes as text, with the number left if the club has a limit."""
    if not limit:
        return str(used)
    return (
        _("{used} of {limit}, {limit_2} left", used=used, limit=limit, limit_2=limit - used or _("none"))
        if limit >= used
        else _("{used} of {limit}, none left", used=used, limit=limit)
    )


def _short_list(title: str, found: Sequence[Submission], empty: str, *, more: int = 0) -> list[Part]:
    if not found:
        return [Heading(title), text(*parse_backticks(empty))] if empty else []
    rest = [note(_("And {more} more.", more=formatted(more, ",")))] if more > 0 else []
    return [Heading(title), *map(submission_entry, found), *rest]


def account_names(accounts: Sequence[Account]) -> str:
    """A member's accounts on one line: "Ada on Slack, ada_l on Discord"."""
    return ", ".join(
        _("{account} on {platform}", account=account.name, platform=account.platform.title()) for account in accounts
    )


@commands("my votes", examples=("/my votes",))
async def votes(ctx: Context, page: Annotated[int, ParameterHint("which page")] = 1) -> Card:
    """Show your votes since the last edition."""
    page = max(page, 1)
    async with ctx.read() as db:
        since = await window_start(ctx, db)
        used = await db.vote_queries.count_votes(ctx.member.id, since)
        found = await db.vote_queries.voted_for(
            ctx.member.id, since, skip=(page - 1) * ROWS_PER_PAGE, limit=ROWS_PER_PAGE + 1
        )
    lead = _("Votes used: {used_votes}.", used_votes=used_votes(used, ctx.settings.votes_per_window))
    empty = _("No votes yet. `/paper top` lists papers to vote for.")
    return submission_list(
        _("Your votes since the last edition"), found, Call.of("my votes"), page, lead=lead, empty=empty
    )
