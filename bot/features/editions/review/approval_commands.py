"""Commands `edition approve`, `unapprove` and `schedule`."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Style, Tone, text
from bot.chat.command import Audience
from bot.chat.commands import Commands
from bot.chat.error_cards import RefusedWithCard
from bot.chat.parameters import ParameterHint
from bot.chat.rich_text import parse_backticks
from bot.domain import edition_calendar
from bot.domain.date_input import TypedDate
from bot.domain.models import EditionState
from bot.errors import UserError
from bot.features.editions.draft.draft_card import deadline
from bot.features.editions.draft.named_edition import CurrentEdition, current_edition
from bot.features.editions.publishing import publish as publishing
from bot.features.editions.review import approval
from bot.features.editions.review.approval import ApprovalsMissing, PublicationTimeNeeded, UnpublishableItems
from bot.features.editions.review.approval_refusals import unpublishable_card, unsupported_card, unverified_card
from bot.features.editions.review.deadline_safety import UnsupportedText, UnverifiedQuotes
from bot.features.editions.review.paper_updates import drop_withdrawn
from bot.features.editions.review.publication_time import publication_time_card, time_notes, typed_time
from bot.locale.current import _, mark_text

commands = Commands()


@commands("edition approve", audience=Audience.MODERATOR, examples=("/edition approve", "/edition approve now"))
async def approve(
    ctx: Context,
    when: Annotated[
        object,
        ParameterHint("when to publish: now or mon 09:00; its due time if empty", rest=True, parse=TypedDate.read),
    ] = None,
    sure: Annotated[bool, ParameterHint("approve even if something was not found")] = False,
    edition: CurrentEdition = None,
) -> Card:
    """Approve the draft. It is published when it is due, or at a time that you choose.

    You cannot approve while a quote is not found in any source and nobody vouches for it. If a number, a name or a
    link is not in its source, I first ask you whether it is right.
    """
    assert when is None or isinstance(when, TypedDate)
    moment = _moment(ctx, when) if when else None
    if edition is not None:
        async with ctx.read() as db:
            await current_edition(db, edition, again=Call.of("edition approve", when=typed_time(ctx, moment)))
    try:
        result = await approval.approve(ctx.app, ctx.club.id, ctx.member.id, sure=sure, when=moment)
    except UnpublishableItems as unfit:
        raise RefusedWithCard(unpublishable_card(unfit)) from None
    except UnverifiedQuotes as quotes:
        raise RefusedWithCard(unverified_card(quotes)) from None
    except UnsupportedText as doubts:
        raise RefusedWithCard(unsupported_card(doubts, typed_time(ctx, moment))) from None
    except PublicationTimeNeeded as question:
        raise RefusedWithCard(publication_time_card(ctx, str(question), sure=sure)) from None
    if result.goes_out is None:
        missing = result.needed - result.count
        say = _(
            "{count} of {needed} approvals; {missing} more needed from other moderators.",
            count=result.count,
            needed=result.needed,
            missing=missing,
        )
        notes = [*time_notes(ctx, when, moment, result.due_before)]
        if moment and not result.sets_time:
            notes = [text(_("Its time changes only with the last approval."))]
        return Card(_("You approved No. {result_number}", result_number=result.number), (text(say), *notes), Tone.GOOD)
    later = _(
        "It will be published {format_moment}.", format_moment=edition_calendar.format_moment(result.goes_out, ctx.zone)
    )
    rows = [text(_("It is being posted now.") if await _start_publishing_if_due(ctx) else later)]
    rows += time_notes(ctx, when, moment, result.due_before)
    if result.unanswered:
        since = edition_calendar.format_moment(result.unanswered, ctx.zone)
        rows.append(
            text(
                _(
                    "A source of its papers is not answering, so I do not know whether any has been withdrawn "
                    "since {since}.",
                    since=since,
                )
            )
        )
    return Card(_("No. {result_number} is approved", result_number=result.number), tuple(rows), Tone.GOOD)


def _moment(ctx: Context, when: TypedDate) -> datetime:
    """A typed time of publication, in UTC. Raises UserError about the field `when`."""
    try:
        return when.resolve(ctx.now, ctx.zone, ctx.settings.usual_hour)
    except UserError as error:
        raise UserError(str(error), field="when") from None


@commands("edition unapprove", audience=Audience.MODERATOR, examples=("/edition unapprove",))
async def unapprove(ctx: Context, edition: CurrentEdition = None) -> Card:
    """Withdraw all approvals. The edition becomes a draft again."""
    if edition is not None:
        async with ctx.read() as db:
            await current_edition(db, edition, again=Call.of("edition unapprove"))
    number = await approval.unapprove(ctx.app, ctx.club.id, ctx.member.id)
    return Card(_("No. {number} is a draft again", number=number), (text(_("It needs approval again.")),))


@commands(
    "edition schedule",
    audience=Audience.MODERATOR,
    examples=("/edition schedule now", "/edition schedule fri 17:00"),
)
async def schedule(
    ctx: Context,
    when: Annotated[
        object, ParameterHint("now, mon 09:00 or 2026-11-23 09:00, in the club’s time", rest=True, parse=TypedDate.read)
    ],
    edition: CurrentEdition = None,
) -> Card:
    """Set when the draft is published."""
    assert isinstance(when, TypedDate)
    moment = _moment(ctx, when)
    if edition is not None:
        async with ctx.read() as db:
            await current_edition(db, edition, again=Call.of("edition schedule", typed_time(ctx, moment)))
    if moment <= ctx.now:
        await _check_approved(ctx)
    try:
        scheduled, before = await approval.schedule(ctx.app, ctx.club.id, ctx.member.id, moment)
    except ApprovalsMissing as refusal:
        row = Buttons(
            (
                Button(_("Approve"), Call.of("edition approve", when=typed_time(ctx, moment)), Style.MAIN),
                Button(_("Preview"), Call.of("edition preview")),
            )
        )
        title = _("No. {edition_number} is not approved yet", edition_number=refusal.number)
        raise RefusedWithCard(Card(title, (text(str(refusal)), row), Tone.BAD), str(refusal)) from None
    notes = tuple(time_notes(ctx, when, moment, before))
    if scheduled.state == EditionState.DRAFT:
        say = _("It still needs approval: `/edition approve`. ") + _(UNAPPROVED_TEXT[ctx.settings.at_deadline])
        return Card(
            _(
                "No. {edition_number} is set for {format_moment}",
                edition_number=scheduled.number,
                format_moment=edition_calendar.format_moment(moment, ctx.zone),
            ),
            (*notes, text(*parse_backticks(say))),
        )
    if await _start_publishing_if_due(ctx):
        return Card(
            _("No. {edition_number} is being posted", edition_number=scheduled.number),
            (text(_("Posting takes a moment.")),),
            Tone.GOOD,
        )
    return Card(
        _(
            "No. {edition_number} will be published {format_moment}",
            edition_number=scheduled.number,
            format_moment=edition_calendar.format_moment(moment, ctx.zone),
        ),
        notes,
        Tone.GOOD,
    )


async def _check_approved(ctx: Context) -> None:
    """Raises RefusedWithCard for a draft: what is to be published at once would not wait for its approval."""
    async with ctx.read() as db:
        edition = await current_edition(db)
    if edition.state != EditionState.DRAFT:
        return
    title = _("No. {edition_number} is not approved yet", edition_number=edition.number)
    say = _("Approve it first. You can do both at once.")
    row = Buttons(
        (
            Button(_("Approve and publish now"), Call.of("edition approve", when="now"), Style.MAIN),
            Button(_("Preview"), Call.of("edition preview")),
        )
    )
    raise RefusedWithCard(Card(title, (text(say), row), Tone.BAD), f"{title}. {say}")


UNAPPROVED_TEXT = {
    "publish": mark_text("If nobody approves it by then, it will be published anyway."),
    "hold": mark_text("If nobody approves it by then, it will wait."),
    "skip": mark_text("If nobody approves it by then, it will be skipped."),
}
"""Fate of a draft that nobody approves, by the club's setting `at_deadline`."""


async def _start_publishing_if_due(ctx: Context) -> bool:
    """Start posting the approved edition if it is due. True if it is."""
    async with ctx.read() as db:
        edition = await current_edition(db)
        slot = await db.slots.get(edition.slot_id) if edition.slot_id else None
    due = deadline(edition, slot)
    if due is None or due > ctx.now:
        return False
    await drop_withdrawn(ctx.app, ctx.club.id)
    await publishing.publish(ctx.app, ctx.club.id, edition.id)
    return True
