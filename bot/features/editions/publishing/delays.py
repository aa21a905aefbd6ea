"""The one message to the moderators about an edition that is late: why, how far it is, and that it is over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.app import App
from bot.chat.cards import Card, Text, Tone, text, to_json
from bot.chat.platform_health import in_short
from bot.chat.rich_text import parse_backticks
from bot.chat.text import join_names
from bot.domain.edition_calendar import LATE
from bot.domain.models import Delivery, DeliveryKind, DeliveryState, Edition, EditionState
from bot.features.editions.draft.draft_card import deadline
from bot.features.shared.channel_links import link_channels
from bot.features.shared.languages import club_language
from bot.locale.current import _, _n
from bot.store import UnitOfWork

OUT = (DeliveryState.SENT, DeliveryState.SKIPPED)


async def report_delay(app: App, club_id: int, edition_id: int) -> None:
    """Tell the moderators that an approved edition is late, or update the message. Repeatable."""
    now = app.now()
    async with app.store.begin(club_id) as db, club_language(db):
        edition = await db.editions.get(edition_id, lock=True)
        if edition is None or edition.state != EditionState.APPROVED:
            return
        slot = await db.slots.get(edition.slot_id) if edition.slot_id else None
        due = deadline(edition, slot)
        if due is None or now - due < LATE:
            return
        parts = await db.deliveries.by_subject(DeliveryKind.EDITION, edition.id)
        await _show(app, db, edition, _delay_card(app, edition, parts, now), new=True)
    app.wake_up.set()


async def report_end(app: App, db: UnitOfWork, edition: Edition, parts: Sequence[Delivery], due: datetime) -> None:
    """Update the moderators' message about a delay, if there is one, now that the edition is published."""
    minutes = max(round((app.now() - due).total_seconds() / 60), 1)
    failed = sum(part.state not in OUT for part in parts)
    say = _("It was posted {minutes} late.", minutes=_n("{n} minute", "{n} minutes", minutes))
    if failed:
        say += _(
            " {parts} could not be posted yet: `/clubadmin runs` shows them.", parts=_n("{n} part", "{n} parts", failed)
        )
    await _show(
        app,
        db,
        edition,
        Card(
            _("No. {edition_number} is out", edition_number=edition.number), (text(*parse_backticks(say)),), Tone.GOOD
        ),
        new=False,
    )


def _delay_card(app: App, edition: Edition, parts: Sequence[Delivery], now: datetime) -> Card:
    out = sum(part.state in OUT for part in parts)
    waiting = [part for part in parts if part.state not in OUT]
    reasons = list(dict.fromkeys(reason for part in waiting if (reason := _reason(app, part))))
    why = f"{join_names(reasons)}. " if reasons else ""
    far = (
        _("{out} of {parts} have been posted", out=out, parts=_n("{n} part", "{n} parts", len(parts)))
        if parts
        else _("It is not being posted yet")
    )
    say = _("{why}{far}. I keep trying; you need not do anything.", why=why, far=far)
    words = link_channels((say,), [part.room for part in waiting])
    return Card(_("No. {edition_number} is overdue", edition_number=edition.number), (Text(words),), Tone.BAD)


def _reason(app: App, part: Delivery) -> str:
    """Reason why a part is not posted, in a few words; empty where it only waits for another."""
    platform = part.room.workspace.platform
    if part.state == DeliveryState.FAILED:
        return _("#{room} cannot be posted to", room=part.room.name or part.room.external_id)
    if part.state == DeliveryState.UNKNOWN and not app.health.reason(platform):
        return _("{platform} did not confirm that a part was posted", platform=platform.title())
    if part.error and part.state != DeliveryState.UNKNOWN:
        return in_short(part.error)
    return app.health.reason(platform)


async def _show(app: App, db: UnitOfWork, edition: Edition, card: Card, *, new: bool) -> None:
    """Show a card in place of the one before, if it says something else; `new`: also where there is none yet."""
    shown = to_json(card)
    posted = await db.deliveries.by_subject(DeliveryKind.DELAY_NOTICE, edition.id)
    if posted and any(one.card != shown for one in posted):
        await db.deliveries.replace_card(DeliveryKind.DELAY_NOTICE, edition.id, shown)
    if not posted and new:
        for room in await db.rooms.with_purpose("moderators"):
            await db.deliveries.plan(DeliveryKind.DELAY_NOTICE, edition.id, room, app.now(), card=shown)
