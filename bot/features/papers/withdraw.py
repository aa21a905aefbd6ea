"""Command `paper withdraw`: a member takes a paper back that they submitted."""

from __future__ import annotations

from typing import Annotated

from bot.app import Context
from bot.chat.cards import Button, Buttons, Card, text
from bot.chat.commands import Commands
from bot.chat.parameters import ParameterHint
from bot.domain.models import SubmissionState
from bot.errors import UserError
from bot.features.papers.add_submission import SubmissionInput, removed_by_moderators
from bot.features.shared.field_checks import check_paper
from bot.features.shared.lookup import PAPER, by_title, find_submission
from bot.features.shared.papers.paper_cards import title_of
from bot.locale.current import _

commands = Commands()


@commands("paper withdraw", examples=("/paper withdraw 12",))
async def withdraw(
    ctx: Context,
    paper: Annotated[str, ParameterHint(PAPER, rest=True, here=True, suggest=by_title, check=check_paper)] = "",
) -> Card:
    """Withdraw a paper that you submitted, if it is not picked yet."""
    async with ctx.begin() as db:
        submission = await find_submission(ctx, db, paper, lock=True)
        if submission.member_id != ctx.member.id:
            raise UserError(
                _(
                    "#{submission_number} was submitted by {credit}. Only a moderator can remove it.",
                    submission_number=submission.number,
                    credit=submission.credit,
                )
            )
        if submission.state == SubmissionState.WITHDRAWN:
            return Card(
                _("Already withdrawn"),
                (text(_("#{submission_number} was already withdrawn.", submission_number=submission.number)),),
            )
        if submission.state == SubmissionState.DROPPED:
            raise removed_by_moderators(submission, field="paper")
        if await db.submissions.edition_item(submission.id):
            raise UserError(
                _(
                    "#{submission_number} is already in an edition and cannot be withdrawn.",
                    submission_number=submission.number,
                )
            )
        if submission.state == SubmissionState.PICKED:
            raise UserError(
                _(
                    "#{submission_number} is picked for an edition. Ask a moderator to unpick it.",
                    submission_number=submission.number,
                )
            )
        submission.state, submission.state_why = SubmissionState.WITHDRAWN, ""
        await db.deliveries.mark_stale(submission.id)
        resubmit = SubmissionInput.about(submission).call(submission.link or submission.paper.url)
    row = Buttons((Button(_("Undo"), resubmit),))
    return Card(
        _("Withdrawn"),
        (
            text(
                _(
                    "#{submission_number} {submission} was removed from the list.",
                    submission_number=submission.number,
                    submission=title_of(submission),
                )
            ),
            row,
        ),
    )
