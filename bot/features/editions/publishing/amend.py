"""After an edition went out: a correction is a new version of it, shown wherever it was posted; a recall takes it back.

What was frozen is kept as it was. Each posted copy is drawn anew in its place, with its own thread and tally; what has
grown goes on in a post at the end, and what has gone leaves a line that says so.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.app import App
from bot.chat.cards import Card, Tone, note, text, to_json
from bot.domain.models import DeliveryKind, Edition, EditionState
from bot.editions.compose.composer import submissions
from bot.editions.edit.apply_changes import apply_all
from bot.editions.edit.changes import Change
from bot.editions.model.document import Document, from_json, sha256
from bot.editions.model.document import to_json as document_json
from bot.editions.render.card_renderer import EditionCard, render_cards
from bot.errors import UserError
from bot.features.editions.draft.draft_changes import template_of
from bot.features.editions.draft.draft_state import announce, edition_url, release
from bot.store import UnitOfWork


async def published_edition(db: UnitOfWork, number: int | None) -> Edition:
    """A published edition, held for a change; the latest without a number. Raises UserError where there is none."""
    current = await db.editions.current()
    posting = (
        current
        and current.state == EditionState.APPROVED
        and await db.deliveries.by_subject(DeliveryKind.EDITION, current.id)
    )
    if current and posting and number in (None, current.number):
        raise UserError(f"No. {current.number} is still being posted. Try again in a minute.", field="edition")
    if number is None:
        found = await db.editions.latest()
        if not found:
            raise UserError("The club has published no edition yet.", field="edition")
        number = found[0].number
    edition = await db.editions.by_number(number)
    edition = await db.editions.get(edition.id, lock=True) if edition else None
    if edition is None or edition.state != EditionState.PUBLISHED:
        raise UserError(f"There is no published edition No. {number}.", field="edition")
    return edition


async def amend(
    app: App, db: UnitOfWork, edition: Edition, changes: Sequence[Change], *, by: int | None, why: str
) -> Document:
    """Make changes to a published edition: a new version of it, and every posted copy drawn anew.

    The edition is held for the change. Raises Misfit where it has nothing that a change is about.
    """
    before = from_json(edition.document)
    after, kept, lost = apply_all(before, changes, await template_of(db, edition))
    if lost:
        raise UserError(lost[0])
    club = await db.club()
    await db.editions.archive_version(edition, app.now())
    edition.document, edition.title, edition.revision = document_json(after), after.title, edition.revision + 1
    edition.sha = sha256(edition.document)
    url = edition_url(app.installation.public_url, club, edition.number)
    parts = edition.making.get("parts") or [sheet.group for sheet in render_cards(before, url=url)]
    edition.making = {"parts": await _redraw(app, db, edition, parts, render_cards(after, url=url))}
    told = {"changes": [change.kind for change in kept], "revision": edition.revision}
    await db.audit_log.append("correct", by, app.now(), edition_id=edition.id, why=why, after=told)
    await announce(app, db, edition)
    return after


async def _redraw(
    app: App, db: UnitOfWork, edition: Edition, parts: list[str], fresh: Sequence[EditionCard]
) -> list[str]:
    """Show the new version in the posts of the old one; which post is a part of what, from now on."""
    waiting: dict[str, list[EditionCard]] = {}
    for sheet in fresh:
        waiting.setdefault(sheet.group, []).append(sheet)
    for number, group in enumerate(parts):
        left = waiting.get(group)
        sheet = left.pop(0) if left else EditionCard(_removed_part_card(edition))
        await db.deliveries.replace_part_card(
            DeliveryKind.EDITION, edition.id, number, to_json(sheet.card), sheet.submission or None
        )
    rooms = {
        delivery.room_id: delivery.room for delivery in await db.deliveries.by_subject(DeliveryKind.EDITION, edition.id)
    }
    for sheet in (sheet for sheets_ in waiting.values() for sheet in sheets_):
        for room in rooms.values():
            await db.deliveries.plan(
                DeliveryKind.EDITION, edition.id, room, app.now(), part=len(parts), card=to_json(sheet.card),
                submission_id=sheet.submission or None,
            )  # fmt: skip
        parts = [*parts, sheet.group]
    return parts


def _removed_part_card(edition: Edition) -> Card:
    return Card(
        f"No. {edition.number} was corrected", (note("What stood here is no longer a part of it."),), Tone.QUIET
    )


async def recall(app: App, db: UnitOfWork, edition: Edition, *, by: int, why: str, again: bool) -> None:
    """Take a published edition back: a notice is wherever it was posted, and its page says that it is gone, and why.

    The next edition's votes are counted from where this one's were: its window is given back. So are its papers, unless
    they are not to come `again`.
    """
    ids = submissions(from_json(edition.document))
    edition.state = EditionState.RECALLED
    await db.deliveries.give_up(DeliveryKind.EDITION, edition.id, "the edition was recalled")
    first = Card(f"No. {edition.number} was recalled", (text(why),), Tone.BAD)
    rest = Card(f"No. {edition.number} was recalled", (note("What stood here was taken back."),), Tone.QUIET)
    for part in {delivery.part for delivery in await db.deliveries.by_subject(DeliveryKind.EDITION, edition.id)}:
        await db.deliveries.replace_part_card(
            DeliveryKind.EDITION, edition.id, part, to_json(first if part == 0 else rest)
        )
    if again:
        await release(db, edition)
    for id in ids:
        await db.deliveries.mark_stale(id)
    await db.audit_log.append("recall", by, app.now(), edition_id=edition.id, why=why, after={"again": again})
    await announce(app, db, edition)
