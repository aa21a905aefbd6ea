"""Changes of a published edition: a correction is a new version, shown in every post; a recall takes the edition back.

Former versions are stored. Each post is updated in place, with its own thread and tally; new parts are posted at the
end, and a removed part leaves a line that says so.
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
from bot.editions.render.card_renderer import EditionCard
from bot.errors import UserError
from bot.features.editions.draft.draft_changes import template_of
from bot.features.editions.draft.draft_state import release_items, show_draft
from bot.features.editions.draft.edition_posts import render_posts
from bot.features.shared.languages import club_language
from bot.locale.current import _, mark_text
from bot.store import UnitOfWork

MAX_NAMED = 5
"""Published editions that are named where another one was asked for: the latest."""

REMOVED = mark_text("this part was removed before it was posted")


async def published_edition(db: UnitOfWork, number: int | None) -> Edition:
    """An edition that is published or being posted, locked; the latest without a number. Raises UserError if none is.

    One that is being posted may be so for days, where a channel does not take it.
    """
    current = await db.editions.current()
    if current and number in (None, current.number):
        current = await db.editions.get(current.id, lock=True)
        if current and await is_being_posted(db, current):
            return current
    if number is None:
        found = await db.editions.latest()
        if not found:
            raise UserError(await _without_published(db), field="edition")
        number = found[0].number
    edition = await db.editions.by_number(number)
    edition = await db.editions.get(edition.id, lock=True) if edition else None
    if edition is None or edition.state != EditionState.PUBLISHED:
        published = ", ".join(_("No. {number}", number=e.number) for e in await db.editions.latest(limit=MAX_NAMED))
        if edition and edition.state == EditionState.RECALLED:
            say = _("No. {number} was recalled, so nothing in it can be changed.", number=number)
        elif published:
            say = _("There is no published edition No. {number}.", number=number)
        else:
            say = await _without_published(db)
        if published:
            say += " " + _("Published: {published}.", published=published)
        raise UserError(say, field="edition")
    return edition


async def _without_published(db: UnitOfWork) -> str:
    """Sentence for a club of whose editions none is published: there was none yet, or they were recalled."""
    if recalled := await db.editions.recalled(limit=1):
        return _("No edition is published now. The latest, No. {number}, was recalled.", number=recalled[0].number)
    return _("The club has published no edition yet.")


async def is_being_posted(db: UnitOfWork, edition: Edition) -> bool:
    """True if posts of an approved edition are planned, and not all of them are out."""
    if edition.state != EditionState.APPROVED:
        return False
    return bool(await db.deliveries.by_subject(DeliveryKind.EDITION, edition.id))


async def amend(
    app: App, db: UnitOfWork, edition: Edition, changes: Sequence[Change], *, by: int | None, why: str
) -> Document:
    """Apply changes to a published edition: store a new version of it, and update every post.

    The edition's row is locked. Raises UserError if the edition lacks what a change refers to.
    """
    before = from_json(edition.document)
    after, applied, rejected = apply_all(before, changes, await template_of(db, edition))
    if rejected:
        raise UserError(rejected[0])
    club = await db.club()
    await db.editions.archive_version(edition, app.now())
    edition.document, edition.title, edition.revision = document_json(after), after.title, edition.revision + 1
    edition.sha = sha256(edition.document)
    async with club_language(db):
        old_parts = [post.group for post in render_posts(app, club, edition, document=before)]
        parts = edition.making.get("parts") or old_parts
        copies = await db.deliveries.by_subject(DeliveryKind.EDITION, edition.id)
        updated = list(parts)
        for platform in sorted({copy.room.workspace.platform for copy in copies}) or [""]:
            posts = render_posts(app, club, edition, names=await db.members.shown_names(platform))
            updated = await _update_posts(app, db, edition, parts, posts, platform)
    edition.making = edition.making | {"parts": updated}
    log_values = {"changes": [change.kind for change in applied], "revision": edition.revision}
    await db.audit_log.append("correct", by, app.now(), edition_id=edition.id, why=why, after=log_values)
    await show_draft(app, db, edition)
    return after


async def _update_posts(
    app: App, db: UnitOfWork, edition: Edition, parts: list[str], new_posts: Sequence[EditionCard], platform: str
) -> list[str]:
    """Show the new version in the posts of the old one on a platform. Returns the group of each post, in order."""
    waiting: dict[str, list[EditionCard]] = {}
    for post in new_posts:
        waiting.setdefault(post.group, []).append(post)
    for number, group in enumerate(parts):
        waiting_posts = waiting.get(group)
        if not waiting_posts:  # where it is not posted yet, nothing needs to say that it was removed
            await db.deliveries.give_up(DeliveryKind.EDITION, edition.id, _(REMOVED), part=number, failed=True)
        post = waiting_posts.pop(0) if waiting_posts else EditionCard(_removed_part_card(edition))
        await db.deliveries.replace_part_card(
            DeliveryKind.EDITION, edition.id, number, to_json(post.card), post.submission or None, platform=platform
        )
    rooms = {
        delivery.room_id: delivery.room
        for delivery in await db.deliveries.by_subject(DeliveryKind.EDITION, edition.id)
        if delivery.room.workspace.platform == platform
    }
    for post in (post for posts in waiting.values() for post in posts):
        for room in rooms.values():
            await db.deliveries.plan(
                DeliveryKind.EDITION, edition.id, room, app.now(), part=len(parts), card=to_json(post.card),
                submission_id=post.submission or None, in_thread=post.in_thread,
            )  # fmt: skip
        parts = [*parts, post.group]
    return parts


def _removed_part_card(edition: Edition) -> Card:
    return Card(
        _("No. {edition_number} was corrected", edition_number=edition.number),
        (note(_("This part was removed.")),),
        Tone.QUIET,
    )


async def recall(app: App, db: UnitOfWork, edition: Edition, *, by: int, why: str, again: bool) -> None:
    """Recall an edition that is published or being posted: its posts and its page show a notice with the reason.

    The votes of its period count for the next edition again. Its papers do too, if `again`.
    """
    ids = submissions(from_json(edition.document))
    edition.state, edition.published_at = EditionState.RECALLED, edition.published_at or app.now()
    slot = await db.slots.get(edition.slot_id, lock=True) if edition.slot_id else None
    if slot:
        await db.slots.close(slot, app.now())
    await db.deliveries.give_up(DeliveryKind.EDITION, edition.id, _("the edition was recalled"), failed=True)
    async with club_language(db):
        first = Card(_("No. {edition_number} was recalled", edition_number=edition.number), (text(why),), Tone.BAD)
        rest = Card(
            _("No. {edition_number} was recalled", edition_number=edition.number),
            (note(_("The text that was here was recalled.")),),
            Tone.QUIET,
        )
    for part in {delivery.part for delivery in await db.deliveries.by_subject(DeliveryKind.EDITION, edition.id)}:
        await db.deliveries.replace_part_card(
            DeliveryKind.EDITION, edition.id, part, to_json(first if part == 0 else rest)
        )
    if again:
        await release_items(db, edition)
    for id in ids:
        await db.deliveries.mark_stale(id)
    await db.audit_log.append("recall", by, app.now(), edition_id=edition.id, why=why, after={"again": again})
    await show_draft(app, db, edition)
