"""Posting of a paper's card to the current channel on request; its tally is kept up to date."""

from __future__ import annotations

from datetime import timedelta
from secrets import token_hex
from typing import Unpack

from bot.app import Context
from bot.chat.cards import Card, Text, Tone, text
from bot.chat.gateway import NotSent, OutcomeUnknown, Posted, Refused
from bot.chat.platform_error_texts import reason_text
from bot.chat.rich_text import Bold
from bot.domain.models import Delivery, DeliveryKind, DeliveryState, Submission
from bot.errors import UserError
from bot.features.shared.delivery.delivery_cards import location_of, render_delivery
from bot.features.shared.papers.paper_cards import title_of
from bot.locale.current import _
from bot.store.database.outage import write_until_stored
from bot.store.delivery.delivery_values import DeliveryValues

LEASE = timedelta(seconds=30)
"""Lease of the copy by this request; then the delivery worker checks what became of it."""


async def share(ctx: Context, chosen: Submission) -> Card:
    """Post a submission's card to the channel of the request. Raises UserError if nothing may be posted there.

    A copy that does not arrive at once is left to the delivery worker, which retries it or finds out its outcome.
    """
    owner = token_hex(16)
    copy = await _plan_copy(ctx, chosen, owner)
    async with ctx.read() as db:
        card = await render_delivery(db, copy)
    assert card is not None, "the submission was there a moment ago"
    gateway = ctx.app.gateways[ctx.where.platform]
    now = ctx.now
    try:
        posted = await gateway.post(location_of(copy), card, key=copy.key)
    except NotSent as error:
        retry_at = now + timedelta(seconds=error.retry_after)
        await _settle(ctx, copy, owner, state=DeliveryState.READY, not_before=retry_at, error=str(error))
        return Card(_("Posting"), (_line(chosen), text(_("It will appear here in a moment."))), Tone.GOOD)
    except Refused as error:
        await _settle(ctx, copy, owner, state=DeliveryState.FAILED, error=str(error))
        raise UserError(_("I cannot post here: {error}.", error=reason_text(error))) from error
    except OutcomeUnknown as error:
        await _settle(ctx, copy, owner, state=DeliveryState.UNKNOWN, had_unknown=True, not_before=now, error=str(error))
        return Card(
            _("Posting"),
            (_line(chosen), text(_("The connection failed; I am checking whether it was posted."))),
            Tone.QUIET,
        )
    await _mark_sent(ctx, copy, owner, posted)
    return Card(_("Shown to everyone here"), (_line(chosen),), Tone.GOOD)


async def _plan_copy(ctx: Context, chosen: Submission, owner: str) -> Delivery:
    """Delivery of the copy, leased by this request before anything is sent."""
    async with ctx.begin() as db:
        await db.submissions.get(chosen.id, lock=True)  # concurrent requests get a copy each
        rooms = await db.rooms.by_channel(ctx.workspace_id, ctx.where.room)
        room = (
            rooms[0] if rooms else await db.rooms.assign(ctx.workspace_id, ctx.where.room, "visit", ctx.where.room_name)
        )
        part = sum(
            1
            for delivery in await db.deliveries.by_subject(DeliveryKind.SHARED_COPY, chosen.id)
            if delivery.room_id == room.id
        )
        await db.deliveries.plan(
            DeliveryKind.SHARED_COPY,
            chosen.id,
            room,
            ctx.now,
            part=part,
            submission_id=chosen.id,
            thread=ctx.where.thread,
        )
        [copy] = [
            delivery
            for delivery in await db.deliveries.by_subject(DeliveryKind.SHARED_COPY, chosen.id)
            if (delivery.room_id, delivery.part) == (room.id, part)
        ]
        copy.state, copy.owner, copy.lease_until, copy.attempts = DeliveryState.SENDING, owner, ctx.now + LEASE, 1
        copy.first_tried_at = copy.last_tried_at = ctx.now
        return copy


async def _settle(ctx: Context, copy: Delivery, owner: str, **values: Unpack[DeliveryValues]) -> None:
    """Store what became of the copy, also if the database is away for a moment: else it would count as uncertain."""

    async def write() -> None:
        async with ctx.begin() as db:
            await db.deliveries.settle(copy.id, owner, **values)

    await write_until_stored(f"what came of {copy.key}", write, within=LEASE.total_seconds())


async def _mark_sent(ctx: Context, copy: Delivery, owner: str, posted: Posted) -> None:
    thread = ctx.where.thread or posted.thread
    await _settle(
        ctx, copy, owner, state=DeliveryState.SENT, message=posted.message, thread=thread, url=posted.url, error=""
    )


def _line(chosen: Submission) -> Text:
    return text(Bold(f"#{chosen.number}"), f" {title_of(chosen)}")
