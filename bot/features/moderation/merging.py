"""Command `curate merge`: a preview, then a merge of votes, participants, credits, links and threads."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Facts, Style, Tone, note, text
from bot.chat.command import Audience, Reply
from bot.chat.commands import Commands
from bot.chat.parameters import ParameterHint
from bot.chat.rich_text import Bold
from bot.domain.models import Submission, SubmissionState
from bot.errors import UserError
from bot.features.moderation.case_card import case_card
from bot.features.moderation.curation_snapshot import (
    CurationSnapshot,
    load_for_decision,
    record_decision,
    restore_snapshot,
    take_snapshot,
)
from bot.features.moderation.decisions import PaperParameter
from bot.features.moderation.draft_in_progress import draft_remark
from bot.features.shared.field_checks import check_paper
from bot.features.shared.lookup import by_title, find_submission
from bot.features.shared.papers.paper_cards import title_of
from bot.features.shared.papers.thread_titles import retitle_threads
from bot.locale.current import _, _n
from bot.store import UnitOfWork

commands = Commands()

STATE_ORDER = {SubmissionState.NEW: 0, SubmissionState.SHORTLISTED: 1, SubmissionState.PICKED: 2}
"""Rank of the states that a merge compares: the remaining paper takes the better one; a held one stays held."""


@commands(
    "curate merge",
    reply=Reply.IN_PLACE,
    audience=Audience.MODERATOR,
    examples=("/curate merge 12 into 3", "/curate merge 12 3 sure=yes"),
)
async def merge(
    ctx: Context,
    paper: PaperParameter = "",
    *,
    into: Annotated[
        str,
        ParameterHint(
            "number, link, or words of the title of the paper that stays",
            rest=True,
            suggest=by_title,
            check=check_paper,
        ),
    ],
    sure: Annotated[bool, ParameterHint("merge without a preview")] = False,
) -> Card:
    """Merge a duplicate into another paper. Shows a preview; can be undone.

    Votes and the members’ reasons are combined, one of each per member. The duplicate’s submitter is credited; links
    and discussion move to the paper that stays.
    """
    async with ctx.begin() as db:
        duplicate, remaining = await _load_both(ctx, db, paper, into.removeprefix("into "))
        if duplicate.merged_into_id == remaining.id:
            return await case_card(
                ctx,
                db,
                remaining,
                _("#{duplicate_number} is already merged into it.", duplicate_number=duplicate.number),
            )
        if not sure:
            return await _preview(db, duplicate, remaining)
        before, more = await merge_submissions(db, duplicate, remaining, by=ctx.member.id, now=ctx.now)
        await record_decision(ctx, db, "merge", duplicate, before, more=more)
        await db.deliveries.mark_stale(remaining.id)
        undo = _("`/curate restore {duplicate_number}` undoes it.", duplicate_number=duplicate.number)
        card = await case_card(
            ctx,
            db,
            remaining,
            _("#{duplicate_number} was merged into it.", duplicate_number=duplicate.number),
            undo,
            tone=Tone.GOOD,
            remark=await draft_remark(db, duplicate, remaining),
        )
    await retitle_threads(ctx.app, ctx.club.id, (remaining.id,))
    return card


async def merge_submissions(
    db: UnitOfWork, duplicate: Submission, remaining: Submission, *, by: int, now: datetime
) -> tuple[CurationSnapshot, CurationSnapshot]:
    """Merge a duplicate, both read with `lock`. Returns its snapshot before, and what an undo needs beside it.

    `by` is the id of the member who picked the remaining paper, if it takes over a pick whose picker has left.
    """
    before, other = await take_snapshot(db, duplicate), await take_snapshot(db, remaining)
    moved = await db.merging.merge(duplicate, remaining, now)
    better = STATE_ORDER.get(duplicate.state, 0) > STATE_ORDER.get(remaining.state, 9)
    if better and not await db.submissions.edition_item(remaining.id):
        taken_over = other | {"state": duplicate.state, "pick": before["pick"]}
        await restore_snapshot(db, remaining, taken_over, by=by, now=now)
    await db.picks.remove(duplicate.id)
    duplicate.state, duplicate.state_why = SubmissionState.MERGED, ""
    return before, {"moved": moved.to_json(), "other": {"before": other, "after": await take_snapshot(db, remaining)}}


async def _load_both(ctx: Context, db: UnitOfWork, paper: str, into: str) -> tuple[Submission, Submission]:
    """The duplicate and the remaining paper, locked in the order of their IDs. Raises UserError if unmergeable."""
    first = await find_submission(ctx, db, paper, follow=False)
    second = await find_submission(ctx, db, into, follow=False)
    if first.id == second.id:
        raise UserError(
            _("You gave #{first_number} twice. Which other paper is the same work?", first_number=first.number),
            field="into",
        )
    for chosen in sorted((first, second), key=lambda chosen: chosen.id):
        await db.submissions.get(chosen.id, lock=True)
    if first.merged_into_id == second.id:
        return first, second
    duplicate = await load_for_decision(ctx, db, str(first.number))
    remaining = await load_for_decision(ctx, db, str(second.number), published=True)
    if remaining.state == SubmissionState.DROPPED:
        raise UserError(
            _(
                "#{remaining_number} was removed from the list. Restore it first, or swap the two.",
                remaining_number=remaining.number,
            ),
            field="into",
        )
    return duplicate, remaining


def _moved(links: int, discussions: int) -> Iterator[str]:
    """Links and discussions that a merge moves besides votes, each in a sentence."""
    if links:
        yield _n("{n} link moves too.", "{n} links move too.", links)
    if discussions:
        yield _n("{n} discussion moves too.", "{n} discussions move too.", discussions)


async def _preview(db: UnitOfWork, duplicate: Submission, remaining: Submission) -> Card:
    voters = [*await db.vote_queries.voters(duplicate.id), *await db.vote_queries.voters(remaining.id)]
    together = {member.id for member, _unused in voters if not member.votes_excluded} - {remaining.member_id}
    facts = Facts(
        (
            (_("Votes for #{duplicate_number}", duplicate_number=duplicate.number), str(duplicate.votes)),
            (_("Votes for #{remaining_number}", remaining_number=remaining.number), str(remaining.votes)),
            (_("Together, one per member"), str(len(together))),
        )
    )
    links = len(await db.submissions.links(duplicate.id))
    threads = len(await db.discussions.by_submission(duplicate.id))
    credit = _(
        "The submitter of #{duplicate_number} is credited, unless they submitted it anonymously. "
        "Nothing has changed yet.",
        duplicate_number=duplicate.number,
    )
    row = (
        Button(_("Merge"), Call.of("curate merge", duplicate.number, remaining.number, sure="yes"), Style.DANGER),
        Button(_("The other way round"), Call.of("curate merge", remaining.number, duplicate.number)),
    )
    return Card(
        _(
            "Merge #{duplicate_number} into #{remaining_number}?",
            duplicate_number=duplicate.number,
            remaining_number=remaining.number,
        ),
        (
            text(Bold(_("Goes: ")), f"#{duplicate.number} {title_of(duplicate)}"),
            text(Bold(_("Stays: ")), f"#{remaining.number} {title_of(remaining)}"),
            facts,
            note(" ".join((*_moved(links, threads), credit))),
            Buttons(row),
        ),
    )
