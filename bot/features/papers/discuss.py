"""Command `paper discuss`: one thread for each paper and workspace, opened on demand."""

from __future__ import annotations

from typing import Annotated, Any

from bot.app import Context
from bot.chat.cards import Card, Part, note, text, to_json
from bot.chat.commands import Commands
from bot.chat.gateway import Location, MessageGone, NotSent, OutcomeUnknown, Refused
from bot.chat.gateway_capabilities import ChecksThreads, ThreadState
from bot.chat.parameters import ParameterHint
from bot.chat.platform_error_texts import reason_text
from bot.chat.rich_text import Bold, Link, plain
from bot.domain.models import Delivery, DeliveryState, Discussion, Submission, SubmissionState
from bot.errors import UserError
from bot.features.shared.delivery.channel_recovery import DELETED
from bot.features.shared.delivery.delivery_cards import location_of
from bot.features.shared.delivery.unseen_cards import unseen
from bot.features.shared.field_checks import check_paper
from bot.features.shared.lookup import PAPER, by_title, find_submission
from bot.features.shared.papers.discussion_starters import discussion_starters
from bot.features.shared.papers.paper_cards import title_of, workspace_names
from bot.locale.current import _, in_language
from bot.store import UnitOfWork
from bot.store.database.outage import write_until_stored

commands = Commands()

POST_AGAIN: dict[str, Any] = {
    "state": DeliveryState.READY, "attempts": 0, "first_tried_at": None, "looks": 0, "error": "",
    "message": "", "thread": "", "url": "",
}  # fmt: skip
"""Values of a delivery that make a posted or skipped card one that is to be posted."""
WRITE_SECONDS = 30.0
"""Seconds for which a thread that was opened is tried to be stored."""


@commands("paper discuss", examples=("/paper discuss 12",))
async def discuss(
    ctx: Context,
    paper: Annotated[str, ParameterHint(PAPER, rest=True, here=True, suggest=by_title, check=check_paper)] = "",
) -> Card:
    """Open the discussion thread of a paper."""
    async with ctx.read() as db:
        chosen = await find_submission(ctx, db, paper)
        threads = list(await db.discussions.by_submission(chosen.id))
        posted = await _card_here(ctx, db, chosen)
    own_thread = next((thread for thread in threads if thread.workspace_id == ctx.workspace_id), None)
    state = await _thread_state(ctx, own_thread) if own_thread else ThreadState.OPEN
    if own_thread and state is ThreadState.GONE:
        async with ctx.begin() as db:
            await db.discussions.delete(ctx.workspace_id, own_thread.thread)
        threads.remove(own_thread)
        own_thread = None
    if own_thread is None:
        own_thread = await _open(ctx, chosen, posted)
        threads.append(own_thread)
    async with ctx.begin() as db:
        locked = await db.submissions.get(chosen.id, lock=True)
        assert locked is not None
        if await db.votes.add_participant(locked, ctx.member.id, ctx.now):
            await db.deliveries.mark_stale(chosen.id)
    return _pointer_card(ctx, chosen, threads, is_locked=state is ThreadState.LOCKED)


async def _thread_state(ctx: Context, thread: Discussion) -> ThreadState:
    """State of a paper's thread where the request came from."""
    gateway: object = ctx.app.gateways.get(ctx.where.platform)
    if not thread.thread or not isinstance(gateway, ChecksThreads):
        return ThreadState.OPEN
    return await gateway.thread_state(Location(ctx.where.platform, ctx.where.workspace, thread.room, thread.thread))


async def record_participant(ctx: Context, *, replies: int = 0) -> None:
    """Record that a member spoke in a paper's thread, which counts as participation.

    `replies` is the number of new replies, if the platform reports it.
    """
    if ctx.here is None:
        return
    async with ctx.begin() as db:
        locked = await db.submissions.get(ctx.here, lock=True)
        if locked is None:
            return
        joined = replies >= 0 and await db.votes.add_participant(locked, ctx.member.id, ctx.now)
        if replies:
            await db.discussions.add_replies(ctx.workspace_id, ctx.where.thread, replies)
        if joined or replies:
            await db.deliveries.mark_stale(locked.id)
    ctx.app.wake_up.set()


async def _card_here(ctx: Context, db: UnitOfWork, chosen: Submission) -> Delivery | None:
    """Posted card of the paper in this workspace, which a thread can be opened on."""
    here = [
        card
        for card in await db.deliveries.cards(chosen.id)
        if card.room.workspace_id == ctx.workspace_id and card.state == DeliveryState.SENT
    ]
    here.sort(key=lambda card: (bool(card.room.trouble), not card.room.active))  # where a thread can be opened, first
    return next(iter(here), None)


async def _open(ctx: Context, chosen: Submission, posted: Delivery | None) -> Discussion:
    """Open the thread on the platform, then store it. Raises UserError if that fails."""
    if posted is None:
        raise UserError(await _no_card(ctx, chosen))
    gateway = ctx.app.gateways[ctx.where.platform]
    with in_language(ctx.settings.language):
        starters = await discussion_starters(ctx.app, ctx.club, chosen)
    try:
        thread = await gateway.discuss(location_of(posted), title_of(chosen))
    except (NotSent, OutcomeUnknown) as error:
        raise UserError(
            _("I could not open the thread ({error}). Try again in a moment.", error=reason_text(error))
        ) from error
    except MessageGone as error:
        async with ctx.begin() as db:
            await db.unknown_outcomes.change(posted.id, **POST_AGAIN, not_before=ctx.now)
        ctx.app.wake_up.set()
        raise UserError(
            _(
                "The card of #{chosen_number} was deleted. I am posting it again; try again in a moment.",
                chosen_number=chosen.number,
            )
        ) from error
    except Refused as error:
        raise UserError(
            _(
                "I cannot open a thread there: {error}. An admin can check with `/clubadmin doctor`.",
                error=reason_text(error),
            )
        ) from error

    async def write() -> Discussion:
        async with ctx.begin() as db:
            room = posted.room
            opened, is_new = await db.discussions.open(
                chosen.id, ctx.workspace_id, room.external_id, thread.thread, thread.url, ctx.now
            )
            if is_new and not thread.is_forum_post:
                questions = to_json(Card("", tuple(starters)))
                await db.deliveries.plan_opening(chosen.id, room, thread.thread, questions, ctx.now)
            await db.deliveries.mark_stale(chosen.id)
        return opened

    # The thread's first message is a delivery of the same transaction: opened again after a crash, it has one.
    return await write_until_stored(f"the thread of #{chosen.number}", write, within=WRITE_SECONDS)


async def _no_card(ctx: Context, chosen: Submission) -> str:
    """Reason why a paper cannot be discussed: it was read before, or its card is still to come or to come again."""
    if chosen.state == SubmissionState.READ:
        return _(
            "The club had already read #{number} when it was added, so it has no card and no discussion here.",
            number=chosen.number,
        )
    async with ctx.begin() as db:
        wait = plain(await unseen(ctx, db))
        deleted = [  # not those that a moderator left out
            card
            for card in await db.deliveries.cards(chosen.id)
            if card.error == DELETED and card.room.active and card.room.workspace_id == ctx.workspace_id
        ]
        for card in deleted:
            await db.unknown_outcomes.change(card.id, **POST_AGAIN, not_before=ctx.now)
    if deleted:
        ctx.app.wake_up.set()
        return _(
            "The card of #{chosen_number} is missing. I am posting it again; try again in a moment.",
            chosen_number=chosen.number,
        )
    say = _(
        "#{chosen_number} has no card here yet, so there is no discussion thread.",
        chosen_number=chosen.number,
    )
    later = wait or _("Try again in a moment. If that does not help, an admin can run `/clubadmin doctor`.")
    return f"{say} {later}"


def _pointer_card(ctx: Context, chosen: Submission, threads: list[Discussion], *, is_locked: bool) -> Card:
    rows: list[Part] = [text(Bold(f"#{chosen.number}"), f" {title_of(chosen)}")]
    names = dict(zip([thread.workspace_id for thread in threads], workspace_names(threads), strict=True))
    for thread in sorted(threads, key=lambda thread: thread.workspace_id != ctx.workspace_id):
        label = _("Here") if thread.workspace_id == ctx.workspace_id else names[thread.workspace_id]
        locked_here = is_locked and thread.workspace_id == ctx.workspace_id
        join = _("read the thread") if locked_here else _("join the thread")
        rows.append(text(f"{label}: ", Link(join, thread.url) if thread.url else f"#{thread.room}"))
        if locked_here:
            rows.append(note(_("The thread is locked, so nobody can write there until a moderator unlocks it.")))
    return Card(_("The discussion"), tuple(rows))
