"""Command `curate restore`: undoes the last action on a paper, from its audit entry."""

from __future__ import annotations

from bot.app import Context
from bot.chat.cards import Card, Tone
from bot.chat.command import Audience, Reply
from bot.chat.commands import Commands
from bot.domain.models import AuditEntry, Submission, SubmissionState
from bot.errors import UserError
from bot.features.moderation.case_card import UNDOABLE, case_card
from bot.features.moderation.curation_snapshot import record_decision, restore_snapshot, take_snapshot
from bot.features.moderation.decisions import PaperParameter, ReasonParameter, TellParameter, tell_submitter_of_decision
from bot.features.moderation.draft_in_progress import draft_remark
from bot.features.shared.audit.wording import action_text
from bot.features.shared.delivery.decision_messages import plan_decision_message
from bot.features.shared.editions.edition_lookup import edition_number
from bot.features.shared.lookup import find_submission
from bot.features.shared.papers.thread_titles import retitle_threads
from bot.locale.current import _
from bot.store import UnitOfWork
from bot.store.papers.merging import MergeRecord

commands = Commands()


@commands("curate restore", reply=Reply.IN_PLACE, audience=Audience.MODERATOR, examples=("/curate restore 12",))
async def undo_decision(
    ctx: Context, paper: PaperParameter = "", reason: ReasonParameter = "", tell_submitter: TellParameter = False
) -> Card:
    """Undo the last change to a paper: state, pick, title, topic or merge.

    Running it again changes nothing: to go back further, use another command (pick, hold, drop …).
    """
    async with ctx.begin() as db:
        chosen = await find_submission(ctx, db, paper, follow=False)
        # Locked in the same order as by a merge.
        for held in sorted({chosen.id, chosen.merged_into_id or chosen.id}):
            await db.submissions.get(held, lock=True)
        acts = await db.audit_log.latest(submission_id=chosen.id, verbs=(*UNDOABLE, "restore"), limit=1)
        if not acts:
            return await case_card(ctx, db, chosen, _("There is nothing to undo for this paper."))
        last = acts[0]
        if last.verb == "restore":
            return await case_card(ctx, db, chosen, _("Its last change was already undone."))
        before = await take_snapshot(db, chosen)
        await _check_unchanged(db, chosen, last)
        if last.verb == "merge":
            await _split_merged(ctx, db, chosen, last)
        await restore_snapshot(db, chosen, last.before, by=ctx.member.id, now=ctx.now)
        act = await record_decision(ctx, db, "restore", chosen, before, why=reason, more={"undoes": last.id})
        if tell_submitter:
            await plan_decision_message(db, chosen, act, ctx.now)
        who = last.member.shown_name if last.member else _("The club")
        done = _("Undone: {action_text}.", action_text=action_text(who, last, chosen))
        card = await case_card(ctx, db, chosen, done, tone=Tone.GOOD, remark=await draft_remark(db, chosen))
    if last.verb == "merge":
        await retitle_threads(ctx.app, ctx.club.id, (chosen.id,))
    return await tell_submitter_of_decision(ctx, card, chosen) if tell_submitter else card


async def _check_unchanged(db: UnitOfWork, chosen: Submission, last: AuditEntry) -> None:
    """Raises UserError if the paper has changed since the action."""
    if number := await edition_number(db, chosen):
        raise UserError(
            _(
                "#{chosen_number} is now in edition No. {number}, so nothing was undone.",
                chosen_number=chosen.number,
                number=number,
            )
        )
    if chosen.state == SubmissionState.WITHDRAWN:
        raise UserError(
            _(
                "#{chosen_number} was withdrawn by the member who submitted it, so nothing was undone.",
                chosen_number=chosen.number,
            )
        )
    if chosen.state != last.after.get("state"):
        raise UserError(
            _(
                "#{chosen_number} has changed since then (it is now {state}), so nothing was undone.",
                chosen_number=chosen.number,
                state=chosen.state,
            )
        )


async def _split_merged(ctx: Context, db: UnitOfWork, chosen: Submission, merge: AuditEntry) -> None:
    """Revert a merge: give the merged data back, and undo a pick that the remaining paper got by it."""
    into = await db.submissions.get(chosen.merged_into_id or 0, lock=True)
    if into is None:
        raise UserError(_("#{chosen_number} is no longer merged, so nothing was undone.", chosen_number=chosen.number))
    await db.merging.split(chosen, into, MergeRecord.of(merge.after["moved"]), ctx.now)
    other = merge.after.get("other")
    if other and await take_snapshot(db, into) == other["after"] and not await edition_number(db, into):
        await restore_snapshot(db, into, other["before"], by=ctx.member.id, now=ctx.now)
    await db.deliveries.mark_stale(into.id)
