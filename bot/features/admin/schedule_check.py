"""The doctor's check of the club's editions: what became of the last one, what is overdue, when the next is due."""

from __future__ import annotations

from bot.app import Context
from bot.chat.gateway import DoctorFinding
from bot.domain.edition_calendar import LATE, PublicationTime, format_moment, next_due
from bot.domain.models import EditionState, Slot, SlotState
from bot.locale.current import _, mark_text
from bot.store import UnitOfWork

SLOT_TEXT = {
    SlotState.DUE: mark_text("in progress"),
    SlotState.DONE: mark_text("done"),
    SlotState.SKIPPED: mark_text("skipped"),
}
"""Outcome of the last due time in words, by its state."""


async def check_schedule(ctx: Context, db: UnitOfWork) -> list[DoctorFinding]:
    """Findings about the last and the next edition, with the reason if the last one is late."""
    if ctx.club.paused_at:
        return [DoctorFinding(_("Editions"), False, _("The club is paused. `/clubadmin resume` starts it again."))]
    past = [slot for slot in await db.slots.recent() if slot.due_at <= ctx.now]
    found = [await _last_edition(ctx, db, past[0])] if past else []
    rules = ctx.settings
    due = next_due(PublicationTime.read(rules.digest_at), rules.cadence, ctx.zone, ctx.now).at
    coming = [slot.due_at for slot in await db.slots.open() if slot.due_at > ctx.now]
    found.append(DoctorFinding(_("Next edition"), True, format_moment(coming[0] if coming else due, ctx.zone)))
    return found


async def _last_edition(ctx: Context, db: UnitOfWork, last: Slot) -> DoctorFinding:
    moment = format_moment(last.due_at, ctx.zone)
    late = last.state == SlotState.DUE and ctx.now - last.due_at > LATE
    say = _("overdue since {moment}", moment=moment) if late else _("was due {format_moment}", format_moment=moment)
    if late and ctx.settings.at_deadline == "hold":
        edition = await db.editions.by_slot(last.id)
        if edition and edition.state == EditionState.DRAFT:
            return DoctorFinding(
                _("Last edition"), False, _("{say}; it is waiting for a moderator’s approval", say=say)
            )
    if late or last.trouble:
        why = f" {last.trouble}." if last.trouble else ""
        text = _("{say} and not published yet.{why} I keep trying.", say=say, why=why)
        return DoctorFinding(_("Last edition"), False, text)
    return DoctorFinding(_("Last edition"), True, f"{say} ({_(SLOT_TEXT[last.state])})")
