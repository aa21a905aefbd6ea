"""Commands that pause and resume the making of editions."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Style, Tone, text
from bot.chat.command import Audience
from bot.chat.commands import Commands
from bot.chat.parameters import ParameterHint
from bot.domain import edition_calendar
from bot.domain.models import DeliveryKind, SlotState
from bot.features.shared.audit.entries import record_action
from bot.locale.current import _, formatted
from bot.store import UnitOfWork

commands = Commands()

Reason = Annotated[str, ParameterHint("the reason, shown in the log", rest=True, most=300)]


@commands("clubadmin pause", audience=Audience.ADMIN, examples=("/clubadmin pause summer break",))
async def pause(ctx: Context, reason: Reason = "") -> Card:
    """Pause editions. People can still submit, vote and discuss."""
    async with ctx.begin() as db:
        club = await db.club()
        if club.paused_at:
            return Card(
                _("Nothing to change"),
                (
                    text(
                        _("It is already paused, since {paused_at}.", paused_at=formatted(club.paused_at, "%-d %b %Y"))
                    ),
                ),
            )
        club.paused_at = ctx.now
        await record_action(ctx, db, "pause", why=reason)
    row = Buttons((Button(_("Resume"), Call.of("clubadmin resume"), Style.MAIN),))
    return Card(_("The club is paused"), (text(_("No edition is published until you resume.")), row), Tone.GOOD)


async def skip_missed_slots(ctx: Context, db: UnitOfWork, since: datetime, *, until: datetime, why: str) -> None:
    """Close the due times between two moments without a message, since nobody waits for them.

    One whose edition is being posted stays.
    """
    rules = ctx.settings
    publication_time = edition_calendar.PublicationTime.read(rules.digest_at)
    for due in [*edition_calendar.due_between(publication_time, rules.cadence, ctx.zone, since, until)][-1:]:
        await db.slots.plan(due)  # the scheduler continues from the last row
    for slot in await db.slots.overdue(until):
        edition = await db.editions.by_slot(slot.id)
        if edition is None or not await db.deliveries.by_subject(DeliveryKind.EDITION, edition.id):
            slot.state, slot.why = SlotState.SKIPPED, why


@commands("clubadmin resume", audience=Audience.ADMIN, examples=("/clubadmin resume",))
async def resume(ctx: Context, reason: Reason = "") -> Card:
    """Publish editions again, starting with the next one due.

    Editions missed during the pause are skipped if they are more than `stale_hours` hours late.
    """
    async with ctx.begin() as db:
        club = await db.club()
        if club.paused_at is None:
            return Card(_("Nothing to change"), (text(_("The club is already running.")),))
        until = ctx.now - timedelta(hours=ctx.settings.stale_hours)
        await skip_missed_slots(ctx, db, club.paused_at, until=until, why=_("the club was paused"))
        club.paused_at = None
        await record_action(ctx, db, "resume", why=reason)
    return Card(_("The club is running again"), (text(_("Editions are published again.")),), Tone.GOOD)
