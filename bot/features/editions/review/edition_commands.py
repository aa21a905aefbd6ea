"""Commands that make an edition: draft, preview, approve, schedule, skip."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Literal

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Heading, Part, Points, Style, Tone, note, text
from bot.chat.command import Audience
from bot.chat.commands import Commands
from bot.chat.error_cards import RefusedWithCard
from bot.chat.parameters import ParameterHint
from bot.chat.rich_text import Bold, parse_backticks
from bot.chat.text import truncate
from bot.domain import edition_calendar
from bot.domain.date_input import TypedDate
from bot.domain.models import Edition, EditionState, Room
from bot.editions.model.document import Document
from bot.editions.render.card_renderer import EditionCard
from bot.editions.verification.claim_texts import claim_text
from bot.errors import UserError
from bot.features.editions.draft.draft_card import DraftView, deadline, draft_card
from bot.features.editions.draft.draft_changes import DraftInProgress
from bot.features.editions.draft.draft_pipeline import PipelineStep, draft
from bot.features.editions.draft.draft_state import edition_rooms, load_draft_view, render_posts
from bot.features.editions.publishing import publish as publishing
from bot.features.editions.review import approval, skipping
from bot.features.editions.review.approval import PublicationTimeNeeded, UnpublishableItems
from bot.features.editions.review.deadline_safety import UnsupportedText, UnverifiedQuotes
from bot.features.editions.review.named_edition import CurrentEdition, check_current_number, current_edition
from bot.features.editions.review.obstacles import start_over_card, unpublishable_card
from bot.features.editions.review.paper_updates import drop_withdrawn
from bot.features.editions.review.previews import PAGE_FORMATS, Platform, as_page, preview_choices, render_preview
from bot.features.editions.review.publication_time import publication_time_card, time_notes, typed_time
from bot.features.shared.channel_links import link_channels
from bot.features.shared.delivery.delivery_cards import with_tally
from bot.features.shared.editions.edition_lookup import edition_url, leading_number
from bot.features.shared.paged_lists import pager
from bot.locale.current import _, mark_text
from bot.store import UnitOfWork

commands = Commands(
    about={
        "edition": mark_text("For moderators: draft, edit, approve and correct editions."),
        "edition item": mark_text("Add, change or remove items of the draft."),
    }
)

BAR_LENGTH = 10
"""Length of the progress bar, in characters."""

MAX_CLAIMS = 12
"""Quotes or claims that a refused approval lists."""

TemplateName = Literal["weekly-update", "best-of"]


@commands("edition draft", audience=Audience.MODERATOR, examples=("/edition draft best-of", "/edition draft fresh=yes"))
async def make_draft(
    ctx: Context,
    template: Annotated[TemplateName | None, ParameterHint("the template; the club’s own if empty")] = None,
    edition: CurrentEdition = None,
    fresh: Annotated[bool, ParameterHint("discard manual changes and imports")] = False,
    sure: Annotated[bool, ParameterHint("yes, discard them")] = False,
) -> AsyncIterator[Card]:
    """Create the draft of the next edition, or draft it again.

    Picks come first, then the papers with the most votes since the last edition. Every paper is summarized; finished
    summaries are kept. Changes by hand and an import stay, unless you start over with `fresh=yes`;
    `/edition undo` restores them. Approvals of an older draft are removed.
    """
    async with ctx.read() as db:
        await check_current_number(db, edition, again=Call.of("edition draft", template=template))
        current = await db.editions.current() if fresh else None
        if not sure and current and (changes := DraftInProgress.of(current).changes):
            yield start_over_card(current, changes, template)
            return
    made: Edition | None = None
    dropped: tuple[str, ...] = ()
    async for step in draft(ctx.app, ctx.club.id, template=template or "", by=ctx.member.id, fresh=fresh):
        made, dropped = step.edition, step.dropped_changes
        if made is None:
            yield _progress(step)
    assert made is not None
    say = (
        _("Changes that no longer apply were left out: {dropped}", dropped=truncate(" ".join(dropped), 400))
        if dropped
        else ""
    )
    if fresh and DraftInProgress.of(made).discarded:
        say = _("The manual changes were discarded. `/edition undo` restores them.")
    async with ctx.read() as db:
        rooms = await db.rooms.with_purpose("moderators")
        if any(room.external_id == ctx.where.room and room.workspace_id == ctx.workspace_id for room in rooms):
            # The draft's own post is in this channel: it is not shown a second time.
            parts = [text(*parse_backticks(say))] if say else [text(_("Its card is in this channel."))]
            yield Card(
                _("The draft of No. {edition_number} is ready", edition_number=made.number), tuple(parts), Tone.GOOD
            )
            return
        yield draft_card(await load_draft_view(db, made, ctx.now), say=say)


def _progress(step: PipelineStep) -> Card:
    parts: list[Part] = [text(f"{step.say} …")]
    if step.total:
        full = round(BAR_LENGTH * step.done / step.total)
        parts.append(note("▰" * full + "▱" * (BAR_LENGTH - full)))
    return Card(_("Drafting the edition"), tuple(parts), Tone.QUIET)


@commands(
    "edition preview",
    audience=Audience.MODERATOR,
    examples=("/edition preview", "/edition preview slack", "/edition preview web"),
)
async def preview(
    ctx: Context,
    platform: Annotated[
        Platform | None, ParameterHint("platform to preview it for; if empty, you see the posts here")
    ] = None,
    page: Annotated[int, ParameterHint("which page; the first lists the checks")] = 0,
    edition: CurrentEdition = None,
) -> Card:
    """Preview the edition: its checks first, then post by post.

    For Slack or Discord, it shows the number of messages, their size compared with the limits, and what would be cut.
    The whole preview is attached as a file. For the web and Markdown, you get the whole text as a file.
    """
    async with ctx.read() as db:
        current = await current_edition(db, edition, again=Call.of("edition preview", platform=platform))
        view = await load_draft_view(db, current, ctx.now)
        names = await db.members.shown_names(platform or ctx.where.platform)
        posts = render_posts(ctx.app, view.club, current, document=_document(view), names=names)
        if platform is None:
            return await _preview_here(ctx, db, view, posts, page)
        cards = [await _with_tally(db, post) for post in posts]
        rooms = await edition_rooms(db)
    if platform in PAGE_FORMATS:
        url = edition_url(ctx.app.installation.public_url, view.club, current.number)
        return await as_page(ctx, current.number, _document(view), platform, url)
    return await render_preview(ctx, current.number, cards, rooms, platform, page)


async def _preview_here(ctx: Context, db: UnitOfWork, view: DraftView, posts: Sequence[EditionCard], page: int) -> Card:
    """One page of the preview, drawn by the requester's own platform."""
    page = min(max(page, 1), len(posts) + 1)
    card = (
        _checks_card(view, len(posts), await edition_rooms(db)) if page == 1 else await _with_tally(db, posts[page - 2])
    )
    page_buttons = pager(Call.of("edition preview"), page, more=page <= len(posts))
    others = (preview_choices(ctx),) if page == 1 else ()
    return replace(card, parts=(*card.parts, *((page_buttons,) if page_buttons else ()), *others))


def _document(view: DraftView) -> Document:
    """Document of the edition; of a draft, with those who have approved it."""
    if view.edition.state != EditionState.DRAFT:
        return view.document
    return approval.reviewed(view.document, view.approvers)


def _checks_card(view: DraftView, posts: int, rooms: Sequence[Room]) -> Card:
    """First page of the preview: the results of all checks."""
    details = [
        link_channels((check.detail,), rooms) if check.name == "channels" else (check.detail,) for check in view.checks
    ]
    rows = [
        (("✓ " if check.passed else "✗ "), Bold(_(check.name)), ": ", *detail)
        for check, detail in zip(view.checks, details, strict=True)
    ]
    parts: list[Part] = [text(Bold(view.document.title)), Heading(_("Checks")), Points(tuple(rows))]
    if view.deadline:
        parts.append(
            note(_("Due {format_moment}.", format_moment=edition_calendar.format_moment(view.deadline, view.zone)))
        )
    parts.append(note(_("The next pages show its {posts} posts, one per page.", posts=posts)))
    return Card(_("Preview of No. {edition_number}", edition_number=view.edition.number), tuple(parts))


async def _with_tally(db: UnitOfWork, sheet: EditionCard) -> Card:
    """A post as the delivery worker renders it: with the current tally of its paper."""
    submission = await db.submissions.get(sheet.submission) if sheet.submission else None
    if submission is None:
        return sheet.card
    return with_tally(sheet.card, submission, await db.discussions.by_submission(submission.id))


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
        raise RefusedWithCard(_unverified_card(quotes)) from None
    except UnsupportedText as doubts:
        raise RefusedWithCard(_unsupported_card(doubts, typed_time(ctx, moment))) from None
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
        notes = time_notes(ctx, when, moment, result.due_before)
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


def _unverified_card(unverified: UnverifiedQuotes) -> Card:
    """Card with all quotes that must be settled before the edition can be approved."""
    rows = tuple(
        (Bold(truncate(claim.item.title, 60)), f": “{truncate(claim.description, 120)}”")
        for claim in unverified.found[:MAX_CLAIMS]
    )
    more = [note(_("And {left} more.", left=left))] if (left := len(unverified.found) - MAX_CLAIMS) > 0 else []
    row = Buttons(
        (
            Button(_("Check the quotes"), Call.of("edition quotes"), Style.MAIN),
            Button(_("Change it"), Call.of("edition edit")),
            Button(_("Preview"), Call.of("edition preview")),
        )
    )
    lead = text(
        _("These quotes were not found in any source. Use the closest passage, vouch for them, or remove them.")
    )
    return Card(_("Not approved yet"), (lead, Points(rows), *more, row), Tone.BAD)


def _moment(ctx: Context, when: TypedDate) -> datetime:
    """A typed time of publication, in UTC. Raises UserError about the field `when`."""
    try:
        return when.resolve(ctx.now, ctx.zone, ctx.settings.usual_hour)
    except UserError as error:
        raise UserError(str(error), field="when") from None


def _unsupported_card(unsupported: UnsupportedText, when: str | None) -> Card:
    """Card with the unsupported claims that a moderator must see before approving, for the time that was typed."""
    rows = tuple(
        (Bold(truncate(claim.item.title, 60)), f": {truncate(claim_text(claim.description), 120)}")
        for claim in unsupported.found[:MAX_CLAIMS]
    )
    more = (
        [note(_("And {found_count} more; the preview has them all.", found_count=len(unsupported.found) - MAX_CLAIMS))]
        if len(unsupported.found) > MAX_CLAIMS
        else []
    )
    row = Buttons(
        (
            Button(_("Approve anyway"), Call.of("edition approve", when=when, sure="yes"), Style.MAIN),
            Button(_("Change it"), Call.of("edition edit")),
            Button(_("Preview"), Call.of("edition preview")),
        )
    )
    lead = text(_("This was not found in the sources. Please check it before you approve."))
    return Card(_("Not approved yet"), (lead, Points(rows), *more, row), Tone.BAD)


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
    scheduled, before = await approval.schedule(ctx.app, ctx.club.id, ctx.member.id, moment)
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


@commands("edition skip", audience=Audience.MODERATOR, examples=("/edition skip a holiday week",))
async def skip(
    ctx: Context,
    reason: Annotated[str, ParameterHint("why there is no edition this time", rest=True, most=300)],
    sure: Annotated[bool, ParameterHint("yes, do it")] = False,
) -> Card:
    """Skip the next edition and say why. Its papers can go into a later one."""
    reason = await _without_number(ctx, reason)
    async with ctx.read() as db:
        ahead = None if sure else await skipping.skipped_ahead(db, ctx.now)
    if ahead:
        skipped, following = (edition_calendar.format_moment(slot.due_at, ctx.zone) for slot in ahead)
        row = Buttons((Button(_("Skip it, too"), Call.of("edition skip", reason, sure="yes"), Style.DANGER),))
        raise RefusedWithCard(
            Card(
                _("The edition of {skipped} is already skipped", skipped=skipped),
                (text(_("The one after it is due on {following}. Skip it, too?", following=following)), row),
            )
        )
    done = await skipping.skip(ctx.app, ctx.club.id, reason, by=ctx.member.id)
    async with ctx.read() as db:
        following_slot = await db.slots.next()
    times: list[Part] = []
    if done.due_at:
        times.append(note(_("It was due on {due}.", due=edition_calendar.format_moment(done.due_at, ctx.zone))))
    if following_slot:
        following = edition_calendar.format_moment(following_slot.due_at, ctx.zone)
        times.append(note(_("The next one is due on {due}.", due=following)))
    return Card(_("{name} was skipped", name=done.name), (text(reason), *times))


async def _without_number(ctx: Context, reason: str) -> str:
    """A reason without the edition's number before it. Raises UserError if it is another edition's, or all there is."""
    found = leading_number(reason)
    if found is None:
        return reason
    async with ctx.read() as db:
        current = await db.editions.current()
        number = current.number if current else await db.editions.next_number()
        if found.number != number and not (found.is_marked or await db.editions.by_number(found.number)):
            return reason
        await check_current_number(db, found.number, again=Call.of("edition skip", found.rest) if found.rest else None)
    if not found.rest:
        raise UserError(
            _("Why is No. {number} skipped? Give a reason for everyone to read.", number=number), field="reason"
        )
    return found.rest
