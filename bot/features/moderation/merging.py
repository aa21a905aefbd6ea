"""Merging duplicates: a preview first, then votes, voices, credits, links and threads become one paper's."""

from __future__ import annotations

from typing import Annotated

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Facts, Style, Tone, note, text
from bot.chat.commands import Audience, Commands, Reply
from bot.chat.parameters import ParameterHint
from bot.chat.rich_text import Bold
from bot.chat.text import plural
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
from bot.features.shared.lookup import PAPER, by_title, find_submission
from bot.features.shared.paper_cards import title_of
from bot.store import UnitOfWork

commands = Commands()

STATE_ORDER = {SubmissionState.NEW: 0, SubmissionState.SHORTLISTED: 1, SubmissionState.PICKED: 2}
"""Of two duplicates the one that stays gets the better of the two standings; what is held stays held."""


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
    into: Annotated[str, ParameterHint("the paper that stays: " + PAPER, rest=True, suggest=by_title)],
    sure: Annotated[bool, ParameterHint("yes to do it without a preview")] = False,
) -> Card:
    """Merge a duplicate into the paper that stays. Shows what will happen first; can be undone.

    Votes and voices are united, one a member. Who brought the duplicate is credited, its links and its discussion go on
    with the paper that stays.
    """
    async with ctx.begin() as db:
        gone, stays = await _both(ctx, db, paper, into.removeprefix("into "))
        if gone.merged_into_id == stays.id:
            return await case_card(ctx, db, stays, f"#{gone.number} is merged into it already.")
        if not sure:
            return await _preview(db, gone, stays)
        before, other = await take_snapshot(db, gone), await take_snapshot(db, stays)
        moved = await db.merging.merge(gone, stays, ctx.now)
        await _move_pick(ctx, db, gone, stays, before, other)
        more = {"moved": moved.to_json(), "other": {"before": other, "after": await take_snapshot(db, stays)}}
        await record_decision(ctx, db, "merge", gone, before, more=more)
        await db.deliveries.mark_stale(stays.id)
        undo = f"`/curate restore {gone.number}` undoes it."
        return await case_card(ctx, db, stays, f"#{gone.number} is merged into it.", undo, tone=Tone.GOOD)


async def _both(ctx: Context, db: UnitOfWork, paper: str, into: str) -> tuple[Submission, Submission]:
    """The duplicate and the paper that stays; in that order they are also held, lower number first."""
    first = await find_submission(ctx, db, paper, follow=False)
    second = await find_submission(ctx, db, into, follow=False)
    if first.id == second.id:
        raise UserError(f"Both are #{first.number}. Which other paper is it the same as?", field="into")
    for chosen in sorted((first, second), key=lambda chosen: chosen.id):
        await db.submissions.get(chosen.id, lock=True)
    if first.merged_into_id == second.id:
        return first, second
    gone = await load_for_decision(ctx, db, str(first.number))
    stays = await load_for_decision(ctx, db, str(second.number), published=True)
    if stays.state == SubmissionState.DROPPED:
        raise UserError(
            f"#{stays.number} is off the list. Restore it first, or merge the other way round.", field="into"
        )
    return gone, stays


async def _preview(db: UnitOfWork, gone: Submission, stays: Submission) -> Card:
    theirs = {member.id for member, _ in await db.votes.voters(gone.id)}
    ours = {member.id for member, _ in await db.votes.voters(stays.id)}
    facts = Facts(
        (
            (f"Votes of #{gone.number}", str(len(theirs))),
            (f"Votes of #{stays.number}", str(len(ours))),
            ("Together, one a member", str(len(theirs | ours))),
        )
    )
    links = len(await db.submissions.links(gone.id))
    threads = len(await db.discussions.by_submission(gone.id))
    row = (
        Button("Merge them", Call.of("curate merge", gone.number, stays.number, sure="yes"), Style.DANGER),
        Button("The other way round", Call.of("curate merge", stays.number, gone.number)),
    )
    return Card(
        f"Merge #{gone.number} into #{stays.number}?",
        (
            text(Bold("Goes: "), f"#{gone.number} {title_of(gone)}"),
            text(Bold("Stays: "), f"#{stays.number} {title_of(stays)}"),
            facts,
            note(
                f"{plural(links, 'link')} and {plural(threads, 'discussion')} go along. Who brought #{gone.number} is "
                "credited, unless they asked not to be named. Nothing has been changed yet."
            ),
            Buttons(row),
        ),
    )


async def _move_pick(
    ctx: Context, db: UnitOfWork, gone: Submission, stays: Submission, before: CurationSnapshot, other: CurationSnapshot
) -> None:
    """The duplicate is out of every list; its pick or place on the shortlist passes to the paper that stays."""
    better = STATE_ORDER.get(gone.state, 0) > STATE_ORDER.get(stays.state, 9)
    if better and not await db.submissions.edition_item(stays.id):
        await restore_snapshot(ctx, db, stays, other | {"state": gone.state, "pick": before["pick"]})
    await db.picks.remove(gone.id)
    gone.state, gone.state_why = SubmissionState.MERGED, ""
