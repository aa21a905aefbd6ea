"""Ending the quarantine of a restored club."""

from __future__ import annotations

from typing import Annotated, Literal

from bot.app import Context
from bot.chat.cards import Card, Part, Tone, note, text
from bot.chat.command import Audience
from bot.chat.commands import Commands
from bot.chat.parameters import ParameterHint
from bot.domain.models import DeliveryKind, EditionState, Quarantine
from bot.features.admin.pausing import skip_missed_slots
from bot.features.shared.audit.entries import record_action
from bot.features.shared.delivery.restored_club import quarantine_card, redraw
from bot.locale.current import _, _n, mark_text
from bot.store import UnitOfWork

commands = Commands()

WHY_SKIPPED = mark_text("the club was restored from a backup, so this may already have been posted")


@commands("clubadmin restored", audience=Audience.ADMIN, examples=("/clubadmin restored", "/clubadmin restored start"))
async def restored(
    ctx: Context,
    action: Annotated[Literal["show", "start"], ParameterHint("show what is known, or start posting again")] = "show",
    doubtful: Annotated[
        Literal["leave", "post"], ParameterHint("what happens to posts that may already have been sent")
    ] = "leave",
) -> Card:
    """Show what is known after restoring a backup, or start posting again.

    Posts that may have been sent since the backup are skipped, unless you give `doubtful=post`. Editions that were due
    since then are skipped.
    """
    async with ctx.begin() as db:
        quarantine = await db.restored.quarantine(lock=True)
        if quarantine is None:
            return Card(_("Nothing to change: the club posts as usual"))
        if action == "show":
            return await quarantine_card(db, quarantine)
        if quarantine.reviewed_at is None:
            return Card(
                _("Not yet: I am still reading the channels"), (text(_("Please try again in a minute.")),), Tone.BAD
            )
        return await _start(ctx, db, quarantine, post_doubtful=doubtful == "post")


async def _start(ctx: Context, db: UnitOfWork, quarantine: Quarantine, *, post_doubtful: bool) -> Card:
    act_id, act_found = quarantine.act_id, bool(quarantine.unread or quarantine.unknown)
    parts: list[Part] = []
    if held := await _hold_edition(ctx, db, may_be_out=act_found):
        parts.append(text(held))
    await skip_missed_slots(ctx, db, quarantine.backed_up_at, until=ctx.now, why=_(WHY_SKIPPED))
    settled = await db.restored.lift(quarantine, post_doubtful=post_doubtful, now=ctx.now)
    if settled:
        what = _("will be posted") if post_doubtful else _("was skipped") if settled == 1 else _("were skipped")
        parts.append(
            text(
                _(
                    "{posts} may already have been sent, and {what}.",
                    posts=_n("{n} post", "{n} posts", settled),
                    what=what,
                )
            )
        )
    await record_action(ctx, db, "resume", why=_("after restoring a backup"))
    done = Card(_("The club posts again"), (*parts, note(_("Started by {member}.", member=ctx.member.name))), Tone.GOOD)
    await redraw(db, act_id, done)
    return done


async def _hold_edition(ctx: Context, db: UnitOfWork, *, may_be_out: bool) -> str:
    """Take the time from an edition that may be out already, so that it goes out only if a person says so."""
    edition = await db.editions.current(lock=True)
    if edition is None or (edition.state == EditionState.DRAFT and not edition.is_unscheduled):
        return ""
    slot = await db.slots.get(edition.slot_id, lock=True) if edition.slot_id else None
    due = edition.publish_at or (slot.due_at if slot else None)
    if (
        due is None
        or (due > ctx.now and not may_be_out)
        or await db.deliveries.by_subject(DeliveryKind.EDITION, edition.id)
    ):
        return ""
    edition.publish_at = edition.slot_id = None
    return _(
        "No. {edition_number} was ready and may already have been published, so it is waiting. "
        "`/edition schedule now` posts it, `/edition skip` skips it.",
        edition_number=edition.number,
    )
