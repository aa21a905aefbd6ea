"""Commands `paper report` and `curate case`: reports of problems with a paper's entry, and their answers."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Literal

from bot.app import Context, RequestKind
from bot.chat.cards import Card, Tone, text, to_json
from bot.chat.command import Audience, Reply
from bot.chat.commands import Commands
from bot.chat.parameters import ParameterHint
from bot.domain.models import DeliveryKind, Problem, Report, ReportState
from bot.errors import UserError
from bot.features.shared.audit.entries import record_action
from bot.features.shared.delivery.member_messages import notify_member
from bot.features.shared.delivery.moderator_posts import post_to_moderators
from bot.features.shared.delivery.reachability import tell_admins
from bot.features.shared.editions.edition_lookup import published_edition_number
from bot.features.shared.field_checks import check_paper
from bot.features.shared.languages import club_language, member_language
from bot.features.shared.lookup import PAPER, by_title, find_submission
from bot.features.shared.papers.report_card import is_escalated, report_card, report_note
from bot.features.shared.quotas import check_quota
from bot.locale.current import _
from bot.store import UnitOfWork

commands = Commands()


Verdict = Literal["look", "resolve", "reject", "escalate", "reopen"]
ANSWER_STATES: dict[Verdict, ReportState] = {"resolve": ReportState.RESOLVED, "reject": ReportState.REJECTED}
"""State of a report after each answer."""


@commands(
    "paper report", examples=("/paper report 12 quote that sentence is not in the paper", "/paper report 12 spam")
)
async def report(
    ctx: Context,
    paper: Annotated[str, ParameterHint(PAPER, here=True, suggest=by_title, check=check_paper)] = "",
    *,
    what: Annotated[Problem, ParameterHint("what is wrong", otherwise="note")],
    note: Annotated[str, ParameterHint("details for the moderators", long=True, most=1000)] = "",
) -> Card:
    """Report a problem with a paper or, as its author, ask for a change."""
    async with ctx.begin() as db:
        chosen = await find_submission(ctx, db, paper)
        if existing := await db.reports.open_duplicate(chosen.id, ctx.member.id, what):
            title = _("You have already reported this (report {id})", id=existing.id)
            return _receipt(existing, title, _("The moderators have not answered yet."))
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
    sent = _("Your report was sent (report {id})", id=new_report.id)
    return _receipt(new_report, sent, _("Thank you. {where} You will hear from them.", where=where))


def _receipt(report: Report, title: str, say: str) -> Card:
    return Card(title, (text(say), report_note(report)), Tone.GOOD)


@commands(
    "curate case",
    reply=Reply.IN_PLACE,
    audience=Audience.MODERATOR,
    examples=(
        "/curate case 7",
        "/curate case 7 resolve the quote is replaced",
        "/curate case 7 reject",
        "/curate case 7 escalate the author asks for a correction",
    ),
)
async def answer_report(
    ctx: Context,
    id: Annotated[int, ParameterHint("the report’s number")],
    verdict: Annotated[Verdict, ParameterHint("show it, answer it, pass it to the admins, or reopen it")] = "look",
    note: Annotated[str, ParameterHint("a note to the person who reported it", rest=True, most=500)] = "",
) -> Card:
    """Show a report, or answer it: fixed, or nothing is wrong. The member is told.

    A report that is passed to the admins is answered by one of them. `reopen` undoes an answer.
    """
    note = note.strip()
    async with ctx.begin() as db:
        report = await db.reports.get(id)
        if report is None:
            raise UserError(
                _("There is no report {id}. `/curate queue reported` lists open reports.", id=id), field="id"
            )
        if verdict == "look":
            return report_card(report, await published_edition_number(db, report.submission))
        if say := _nothing_to_do(report, verdict):
            card = report_card(report, await published_edition_number(db, report.submission))
            return card if ctx.via is RequestKind.CLICK else replace(card, parts=(*card.parts, text(say)))
        if verdict in ANSWER_STATES and is_escalated(report) and not ctx.may(Audience.ADMIN):
            raise UserError(_("Report {id} was passed to the admins. One of them will answer it.", id=id))
        if verdict == "escalate":
            await _escalate(ctx, db, report, note)
        elif verdict == "reopen":
            await _answer(ctx, db, report, ReportState.OPEN, verdict, note)
        else:
            await _answer(ctx, db, report, ANSWER_STATES[verdict], verdict, note)
        card, reporter = report_card(report), report.member_id
        async with member_language(db, reporter):
            outcome = _outcome(report, verdict, note)
        async with club_language(db):
            for_admins = report_card(report)
    if verdict == "escalate":
        await tell_admins(ctx.app, ctx.club.id, for_admins)
    await notify_member(ctx, reporter, outcome)
    return card


def _nothing_to_do(report: Report, verdict: Verdict) -> str:
    """Reason why an action would change nothing; empty if it would change something."""
    if verdict == "reopen":
        return "" if report.state != ReportState.OPEN or is_escalated(report) else _("It is already open.")
    if report.state != ReportState.OPEN:
        return _("It was already answered.")
    return _("It was already passed to the admins.") if verdict == "escalate" and is_escalated(report) else ""


async def _escalate(ctx: Context, db: UnitOfWork, report: Report, why: str) -> None:
    """Pass a report to the admins: it stays open, and its card says so."""
    report.answer = f"{why} ({ctx.member.name})" if why else ctx.member.name
    async with club_language(db):
        shown = await db.deliveries.replace_card(DeliveryKind.REPORT, report.id, to_json(report_card(report)))
    after = {"report": report.id, "answer": "escalated"}
    await record_action(ctx, db, "escalate", submission=report.submission, why=why, after=after, announce=not shown)


async def _answer(ctx: Context, db: UnitOfWork, report: Report, state: ReportState, verb: str, answer: str) -> None:
    """Close or reopen a report: add an audit entry, and show it on its card in the moderators' channel."""
    before = {"report": report.id, "answer": report.state}
    report.state = state
    report.answer = "" if state == ReportState.OPEN else f"{answer} ({ctx.member.name})" if answer else ctx.member.name
    edition = await published_edition_number(db, report.submission) if state == ReportState.OPEN else None
    async with club_language(db):
        shown = await db.deliveries.replace_card(DeliveryKind.REPORT, report.id, to_json(report_card(report, edition)))
    await record_action(
        ctx,
        db,
        verb,
        submission=report.submission,
        why=answer,
        before=before,
        after={"report": report.id, "answer": state},
        announce=not shown,
    )


def _outcome(report: Report, verdict: Verdict, note: str) -> Card:
    """Card for the reporter with the answer."""
    if verdict == "escalate":
        say = _("Your report {id} was passed to the club’s admins", id=report.id)
    elif verdict == "reopen":
        say = _("Your report {id} is open again", id=report.id)
    else:
        return Card(
            _("Your report {id} was resolved", id=report.id)
            if report.state == ReportState.RESOLVED
            else _("Your report {id} was rejected", id=report.id),
            (report_note(report), text(report.answer)),
        )
    return Card(say, (report_note(report), *([text(note)] if note else ())))
