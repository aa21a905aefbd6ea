"""From a draft to a published edition: approve, freeze, deliver, finish. Each is safe to do again.

An edition is frozen when it is approved: its papers are claimed, so that no other edition takes them, and the hash of
its document is kept. What is posted is planned from the frozen document, row by row; it is published when every row
is settled.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.exc import IntegrityError

from bot.app import App
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Tone, text, to_json
from bot.chat.text import cut
from bot.domain.clubs import ClubSettings
from bot.domain.models import Edition
from bot.editions import files
from bot.editions.compose import submissions, suggestions
from bot.editions.document import Document, from_json, sha256
from bot.editions.document import to_json as document_json
from bot.errors import UserError
from bot.features.drafts import announce, deadline, misfits, page_url, parts, release, rooms_for
from bot.features.revising import NO_DRAFT
from bot.features.safety import look_over, made_safe
from bot.store import UnitOfWork

log = logging.getLogger(__name__)

HELD = "held"
"""The kind of delivery that says, once, that an edition is due and waits; its subject is the edition."""
APPROVE = Call.of("curate digest approve")
EDITION = "edition"
"""The kind of delivery that is a part of an edition."""


@dataclass(frozen=True, slots=True)
class Approved:
    """How far an approval went: how many there are of how many, and when the edition goes out once it is frozen."""

    number: int
    count: int
    needed: int
    goes_out: datetime | None = None


async def approve(app: App, club_id: int, member_id: int, *, sure: bool = False) -> Approved:
    """Approve the draft as it stands; with enough approvals it is frozen. Twice is once.

    Raises UserError where there is no draft, a paper of it may not go out any more, or a quote of it stands nowhere;
    Unsure where something else in it does not stand in its source, and the moderator has not said to be `sure`.
    """
    now = app.now()
    try:
        async with app.store.begin(club_id) as db:
            edition = await _draft(db)
            needed = ClubSettings.of((await db.club()).settings).approvals
            await _refuse_misfits(db, edition)
            await look_over(db, from_json(edition.document), sure=sure)
            count = await db.editions.approve(edition.id, member_id, now)
            await db.acts.note("approve", member_id, now, edition_id=edition.id, after={"approvals": count})
            goes_out = await _freeze(db, edition, now) if count >= needed else None
            await announce(app, db, edition)
            return Approved(edition.number, count, needed, goes_out)
    except IntegrityError:
        raise UserError("A paper of this draft has just gone into another edition. Draft anew.") from None


async def freeze(app: App, club_id: int, edition_id: int) -> None:
    """Freeze a draft at its deadline, by the club's own rule; nothing happens to one that is not a draft any more.

    Raises UserError where a paper of it may not go out any more: it must be drafted anew.
    """
    now = app.now()
    async with app.store.begin(club_id) as db:
        edition = await db.editions.get(edition_id, lock=True)
        if edition is None or edition.state != "draft":
            return
        await _refuse_misfits(db, edition)
        changed = await made_safe(app, db, edition)
        await _freeze(db, edition, now)
        await db.acts.note("approve", None, now, edition_id=edition.id, why="the deadline came")
        say = "Nobody approved it in time; by the club’s rule it goes out as it is."
        if changed:
            titles = "; ".join(cut(title, 80) for title in changed[:8])
            say = f"Nobody approved it in time. It goes out, with what was in doubt left to the abstract: {titles}."
        await announce(app, db, edition, say=say)


async def unapprove(app: App, club_id: int, member_id: int) -> int:
    """Take all approvals back and make it a draft again; its number. Too late once the first part is to be posted."""
    async with app.store.begin(club_id) as db:
        edition = await db.editions.current(lock=True)
        if edition is None:
            raise UserError(NO_DRAFT)
        if await db.deliveries.of(EDITION, edition.id):
            raise UserError(f"No. {edition.number} is being posted already.")
        before = await db.editions.approvals(edition.id)
        slot = await db.slots.get(edition.slot_id) if edition.slot_id else None
        due = deadline(edition, slot)
        if edition.state == "approved" and due and due <= app.now():
            raise UserError(f"No. {edition.number} is due. Give it another time first, with `/curate digest schedule`.")
        if edition.state == "draft" and not before:
            raise UserError(f"Nobody has approved No. {edition.number} yet.")
        await db.editions.clear_approvals(edition.id)
        if edition.state == "approved":
            await _thaw(db, edition)
        await db.acts.note("unapprove", member_id, app.now(), edition_id=edition.id, before={"approvals": before})
        await announce(app, db, edition)
        return edition.number


async def remind(app: App, club_id: int, edition_id: int) -> None:
    """Tell the moderators, once, that a draft is due and waits for them: the club's rule is to hold it."""
    async with app.store.begin(club_id) as db:
        edition = await db.editions.get(edition_id)
        if edition is None or edition.state != "draft":
            return
        say = text(f"{edition.title} is due and waits: it goes out when it is approved.")
        row = Buttons((Button("Preview", Call.of("curate digest preview")), Button("Approve", APPROVE)))
        for room in await db.rooms.for_("moderators"):
            card = to_json(Card(f"No. {edition.number} is held", (say, row), Tone.BAD))
            await db.deliveries.plan(HELD, edition.id, room, app.now(), card=card)
    app.bell.ring()


async def reopen(app: App, club_id: int, edition_id: int, why: str) -> bool:
    """Make an approved edition a draft again for a reason that nobody could know; False once it is being posted."""
    async with app.store.begin(club_id) as db:
        edition = await db.editions.get(edition_id, lock=True)
        if edition is None or edition.state != "approved" or await db.deliveries.of(EDITION, edition.id):
            return False
        await db.editions.clear_approvals(edition.id)
        await _thaw(db, edition)
        await db.acts.note("unapprove", None, app.now(), edition_id=edition.id, why=why)
        await announce(app, db, edition, say=f"The approval was taken back: {why}.")
        return True


async def schedule(app: App, club_id: int, member_id: int, when: datetime) -> Edition:
    """Set when the edition in the making goes out. Raises UserError where there is none."""
    async with app.store.begin(club_id) as db:
        edition = await db.editions.current(lock=True)
        if edition is None:
            raise UserError(NO_DRAFT)
        if await db.deliveries.of(EDITION, edition.id):
            raise UserError(f"No. {edition.number} is being posted already.")
        before, edition.publish_at = edition.publish_at, when
        await db.acts.note(
            "schedule",
            member_id,
            app.now(),
            edition_id=edition.id,
            before={"when": before.isoformat() if before else None},
            after={"when": when.isoformat()},
        )
        await announce(app, db, edition)
        return edition


async def publish(app: App, club_id: int, edition_id: int) -> bool:
    """Plan every post of an approved edition whose time has come, part by part and room by room.

    False where it is not approved, not due, or planned already: to run it again is to finish it.
    """
    now = app.now()
    async with app.store.begin(club_id) as db:
        edition = await db.editions.get(edition_id, lock=True)
        if edition is None or edition.state != "approved":
            return False
        club = await db.club()
        slot = await db.slots.get(edition.slot_id) if edition.slot_id else None
        if (due := deadline(edition, slot)) is None or due > now:
            return False
        if sha256(edition.document) != edition.sha:
            raise RuntimeError(f"edition {edition.id} of club {club_id} is not what was approved")
        planned = False
        for room in await rooms_for(db):
            for number, sheet in enumerate(parts(app, club, edition)):
                planned |= await db.deliveries.plan(
                    EDITION,
                    edition.id,
                    room,
                    now,
                    part=number,
                    card=to_json(sheet.card),
                    submission_id=sheet.submission or None,
                )
    app.bell.ring()
    return planned


async def finish(app: App, club_id: int, edition_id: int) -> bool:
    """Call an edition published once nothing of it is still to be posted. True if it is published now.

    What could not be posted within the club's `stale_hours` is left out, so that an outage floods no room later.
    """
    now = app.now()
    async with app.store.begin(club_id) as db:
        edition = await db.editions.get(edition_id, lock=True)
        if edition is None or edition.state != "approved":
            return edition is not None and edition.state == "published"
        slot = await db.slots.get(edition.slot_id, lock=True) if edition.slot_id else None
        due = deadline(edition, slot)
        if due is None or due > now:
            return False
        if await rooms_for(db) and not await db.deliveries.of(EDITION, edition.id):
            return False
        if left := await db.deliveries.open(EDITION, edition.id):
            stale = timedelta(hours=ClubSettings.of((await db.club()).settings).stale_hours)
            if now - due <= stale:
                return False
            given_up = await db.deliveries.give_up(EDITION, edition.id, "it could not be posted in time")
            log.warning("edition %s: %s of %s open parts were given up as stale", edition.id, given_up, len(left))
        edition.state, edition.published_at, edition.making = "published", now, {}
        if slot:
            slot.state, slot.lease_until, slot.trouble = "done", None, ""
        for id in submissions(from_json(edition.document)):
            await db.deliveries.refresh(id)
        await db.acts.note("publish", None, now, edition_id=edition.id)
        await announce(app, db, edition)
    app.bell.ring()
    return True


async def export(app: App, club_id: int, number: int, folder: Path) -> list[Path]:
    """Write an edition into a folder as HTML, Markdown and JSON; the files, in this order.

    Raises UserError where the club has no edition of this number.
    """
    async with app.store.read(club_id) as db:
        edition = await db.editions.numbered(number)
        if edition is None:
            raise UserError(f"There is no edition No. {number}.")
        url = page_url(app, await db.club(), number)
    return await asyncio.to_thread(files.write, from_json(edition.document), folder, url=url)


async def _draft(db: UnitOfWork) -> Edition:
    edition = await db.editions.current(lock=True)
    if edition is None:
        raise UserError(NO_DRAFT)
    if edition.state == "approved":
        raise UserError(f"No. {edition.number} is approved already.")
    return edition


async def _refuse_misfits(db: UnitOfWork, edition: Edition) -> None:
    if unfit := await misfits(db, edition, from_json(edition.document)):
        raise UserError(
            f"This draft cannot go out as it is: {'; '.join(unfit)}. Make it anew with `/curate digest draft`."
        )


async def _freeze(db: UnitOfWork, edition: Edition, now: datetime) -> datetime:
    """Claim the papers, keep the hash, and set the time. The edition is held for the change."""
    document = reviewed(from_json(edition.document), await db.editions.approvers(edition.id))
    slot = await db.slots.get(edition.slot_id) if edition.slot_id else None
    await db.editions.claim_items(edition.id, submissions(document))
    for id in suggestions(document):
        if suggestion := await db.suggestions.get(id):
            suggestion.state, suggestion.edition_id = "used", edition.id
    edition.document = document_json(document)
    edition.sha = sha256(edition.document)
    edition.state, edition.approved_at = "approved", now
    due = deadline(edition, slot)
    if due is None or due < now:
        edition.publish_at = now
    return deadline(edition, slot) or now


async def _thaw(db: UnitOfWork, edition: Edition) -> None:
    """Make an approved edition a draft again."""
    await release(db, edition)
    document = reviewed(from_json(edition.document), ())
    edition.document, edition.sha = document_json(document), ""
    edition.state, edition.approved_at = "draft", None


def reviewed(document: Document, names: Sequence[str]) -> Document:
    """The document with who looked it over, on every text that was written for it."""
    by = ", ".join(names)
    sections = tuple(
        replace(
            section,
            items=tuple(
                replace(item, provenance=replace(item.provenance, reviewer=by)) if item.provenance else item
                for item in section.items
            ),
        )
        for section in document.sections
    )
    return replace(document, sections=sections)
