"""Saying that something is wrong with a paper's entry, and answering that."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Literal

from bot.app import Context, RequestKind
from bot.chat.cards import Card, Tone, text, to_json
from bot.chat.commands import Audience, Commands, Reply
from bot.chat.parameters import ParameterHint
from bot.domain.models import DeliveryKind, EditionState, Problem, Report, ReportState, Submission
from bot.errors import UserError
from bot.features.shared.audit import record_action
from bot.features.shared.lookup import PAPER, by_title, find_submission
from bot.features.shared.messaging import notify_member, to_moderators
from bot.features.shared.report_card import report_card, report_note
from bot.store import UnitOfWork

commands = Commands()


ANSWERED = {"resolve": ReportState.RESOLVED, "reject": ReportState.REJECTED}


@commands(
    "paper report", examples=("/paper report 12 quote that sentence is not in the paper", "/paper report 12 spam")
)
async def report(
    ctx: Context,
    paper: Annotated[str, ParameterHint(PAPER, here=True, suggest=by_title)] = "",
    *,
    what: Annotated[Problem, ParameterHint("what is wrong")],
    note: Annotated[str, ParameterHint("what the moderators should know", long=True, most=1000)] = "",
) -> Card:
    """Report what is wrong with a paper's entry or, as its author, ask for a change."""
    async with ctx.begin() as db:
        chosen = await find_submission(ctx, db, paper)
        if same := await db.reports.open_duplicate(chosen.id, ctx.member.id, what):
            return _receipt(same, "You have said so already; the moderators have not answered yet.")
        said = await db.reports.add(
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
        said.submission, said.member = chosen, await db.members.get(ctx.member.id) or ctx.member
        seen = await to_moderators(
            ctx, db, DeliveryKind.REPORT, said.id, report_card(said, await published_edition_number(db, chosen))
        )
    where = "The moderators see it in their room." if seen else "The moderators see it in their queue."
    return _receipt(said, f"Thank you. {where} You are told what came of it.")


def _receipt(said: Report, say: str) -> Card:
    return Card(f"Report {said.id}", (text(say), report_note(said)), Tone.GOOD)


async def published_edition_number(db: UnitOfWork, about: Submission) -> int | None:
    """The number of the published edition that a paper is in."""
    item = await db.submissions.edition_item(about.id)
    edition = await db.editions.get(item.edition_id) if item else None
    return edition.number if edition and edition.state == EditionState.PUBLISHED else None


@commands(
    "curate case",
    reply=Reply.IN_PLACE,
    audience=Audience.MODERATOR,
    examples=("/curate case 7", "/curate case 7 resolve the quote is replaced", "/curate case 7 reject"),
)
async def answer_report(
    ctx: Context,
    id: Annotated[int, ParameterHint("the report's number")],
    verdict: Annotated[Literal["look", "resolve", "reject"], ParameterHint("look at it, or your answer")] = "look",
    note: Annotated[str, ParameterHint("what who reported it is told", rest=True, most=500)] = "",
) -> Card:
    """Look at what a member reported, and answer it: mended, or nothing is wrong. They are told."""
    async with ctx.begin() as db:
        said = await db.reports.get(id)
        if said is None:
            raise UserError(f"There is no report {id}. `/curate queue reported` lists those that are open.", field="id")
        if verdict == "look" or said.state != ReportState.OPEN:
            card = report_card(said, await published_edition_number(db, said.submission))
            if verdict == "look" or ctx.via is RequestKind.CLICK:
                return card
            return replace(card, parts=(*card.parts, text("It was answered before, and that stands.")))
        await _answer(ctx, db, said, ANSWERED[verdict], verdict, note.strip())
        card, reporter, outcome = report_card(said), said.member_id, _outcome(said)
    await notify_member(ctx, reporter, outcome)
    return card


async def _answer(ctx: Context, db: UnitOfWork, said: Report, state: ReportState, verb: str, answer: str) -> None:
    """Close a report: a row in the log, and its card in the moderators' room shows the answer."""
    said.state, said.answer = state, f"{answer or 'without a note'} ({ctx.member.name})"
    shown = await db.deliveries.replace_card(DeliveryKind.REPORT, said.id, to_json(report_card(said)))
    await record_action(
        ctx,
        db,
        verb,
        submission=said.submission,
        why=answer,
        before={"report": said.id, "answer": ReportState.OPEN},
        after={"report": said.id, "answer": state},
        aloud=not shown,
    )


def _outcome(said: Report) -> Card:
    """What the reporter is told."""
    return Card(f"Your report {said.id} was {said.state}", (report_note(said), text(said.answer)))
