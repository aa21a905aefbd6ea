"""Commands `paper report` and `curate case`: reports of problems with a paper's entry, and their answers."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Literal

from bot.app import Context, RequestKind
from bot.chat.cards import Card, Tone, text, to_json
from bot.chat.commands import Audience, Commands, Reply
from bot.chat.parameters import ParameterHint
from bot.domain.models import DeliveryKind, Problem, Report, ReportState
from bot.errors import UserError
from bot.features.shared.audit import record_action
from bot.features.shared.edition_lookup import published_edition_number
from bot.features.shared.languages import club_language, member_language
from bot.features.shared.lookup import PAPER, by_title, find_submission
from bot.features.shared.messaging import notify_member, post_to_moderators
from bot.features.shared.quotas import check_quota
from bot.features.shared.report_card import report_card, report_note
from bot.locale.current import _
from bot.store import UnitOfWork

commands = Commands()


ANSWER_STATES = {"resolve": ReportState.RESOLVED, "reject": ReportState.REJECTED}


@commands(
    "paper report", examples=("/paper report 12 quote that sentence is not in the paper", "/paper report 12 spam")
)
async def report(
    ctx: Context,
    paper: Annotated[str, ParameterHint(PAPER, here=True, suggest=by_title)] = "",
    *,
    what: Annotated[Problem, ParameterHint("what is wrong")],
    note: Annotated[str, ParameterHint("details for the moderators", long=True, most=1000)] = "",
) -> Card:
    """Report a problem with a paper or, as its author, ask for a change."""
    async with ctx.begin() as db:
        chosen = await find_submission(ctx, db, paper)
        if existing := await db.reports.open_duplicate(chosen.id, ctx.member.id, what):
            return _receipt(existing, _("You already reported this. The moderators have not answered yet."))
        await check_quota(ctx, db, "report")
        new_report = await db.reports.add(
            Report(
                submission_id=chosen.id,
                member_id=ctx.member.id,
                what=what,
                note=note.strip(),
                state=ReportState.OPEN,
                answer="",
                at=ctx.now,
            )
        )
        new_report.submission, new_report.member = chosen, await db.members.get(ctx.member.id) or ctx.member
        async with club_language(db):
            card = report_card(new_report, await published_edition_number(db, chosen))
        posted = await post_to_moderators(ctx, db, DeliveryKind.REPORT, new_report.id, card)
    where = _("The moderators see it in their channel.") if posted else _("The moderators will find it in their queue.")
    return _receipt(new_report, _("Thank you. {where} You will hear from them.", where=where))


def _receipt(report: Report, say: str) -> Card:
    return Card(_("Report {id}", id=report.id), (text(say), report_note(report)), Tone.GOOD)


@commands(
    "curate case",
    reply=Reply.IN_PLACE,
    audience=Audience.MODERATOR,
    examples=("/curate case 7", "/curate case 7 resolve the quote is replaced", "/curate case 7 reject"),
)
async def answer_report(
    ctx: Context,
    id: Annotated[int, ParameterHint("the report's number")],
    verdict: Annotated[Literal["look", "resolve", "reject"], ParameterHint("show it, or answer it")] = "look",
    note: Annotated[str, ParameterHint("a note to the person who reported it", rest=True, most=500)] = "",
) -> Card:
    """Show a report, or answer it: fixed, or nothing is wrong. The member is told."""
    async with ctx.begin() as db:
        report = await db.reports.get(id)
        if report is None:
            raise UserError(
                _("There is no report {id}. `/curate queue reported` lists open reports.", id=id), field="id"
            )
        if verdict == "look" or report.state != ReportState.OPEN:
            card = report_card(report, await published_edition_number(db, report.submission))
            if verdict == "look" or ctx.via is RequestKind.CLICK:
                return card
            return replace(card, parts=(*card.parts, text(_("It was already answered."))))
        await _answer(ctx, db, report, ANSWER_STATES[verdict], verdict, note.strip())
        card, reporter = report_card(report), report.member_id
        async with member_language(db, reporter):
            outcome = _outcome(report)
    await notify_member(ctx, reporter, outcome)
    return card


async def _answer(ctx: Context, db: UnitOfWork, report: Report, state: ReportState, verb: str, answer: str) -> None:
    """Close a report: add an audit entry, and show the answer on its card in the moderators' channel."""
    report.state, report.answer = state, f"{answer or 'without a note'} ({ctx.member.name})"
    async with club_language(db):
        shown = await db.deliveries.replace_card(DeliveryKind.REPORT, report.id, to_json(report_card(report)))
    await record_action(
        ctx,
        db,
        verb,
        submission=report.submission,
        why=answer,
        before={"report": report.id, "answer": ReportState.OPEN},
        after={"report": report.id, "answer": state},
        announce=not shown,
    )


def _outcome(report: Report) -> Card:
    """Card for the reporter with the answer."""
    return Card(
        _("Your report {id} was {state}", id=report.id, state=report.state), (report_note(report), text(report.answer))
    )
