"""Manual changes of a draft. They are stored beside the composed document, so that a new draft has them too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from bot.app import App
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, text
from bot.chat.error_cards import NothingToChange
from bot.domain.club_settings import ClubSettings
from bot.domain.models import Edition, EditionState
from bot.editions.edit.apply_changes import apply, apply_all
from bot.editions.edit.changes import Change, from_json, to_json
from bot.editions.model.derived_fields import with_work_keys
from bot.editions.model.document import Document, Item
from bot.editions.model.document import from_json as document_of
from bot.editions.model.document import to_json as document_json
from bot.editions.model.templates import Template, template_for
from bot.errors import UserError
from bot.features.editions.draft.draft_state import show_draft
from bot.locale.current import _, mark_text
from bot.store import UnitOfWork

ANY_TIME = datetime.min.replace(tzinfo=UTC)
NO_DRAFT = mark_text("There is no draft. Create one with `/edition draft`.")


@dataclass(frozen=True, slots=True)
class DraftInProgress:
    """A composed document and the manual changes to it; `discarded` are changes from before it was started over."""

    composed: Document
    changes: tuple[Change, ...]
    discarded: tuple[Change, ...] = ()

    @classmethod
    def of(cls, edition: Edition) -> DraftInProgress:
        """Composed document and changes of an edition's draft; without changes the document is the composed one."""
        stored = edition.making or {}
        return cls(
            document_of(stored.get("composed") or edition.document),
            from_json(stored.get("changes", ())),
            from_json(stored.get("discarded", ())),
        )

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values of the draft; empty if there are no changes."""
        if not self.changes and not self.discarded:
            return {}
        stored = {"composed": document_json(self.composed), "changes": to_json(self.changes)}
        return stored | ({"discarded": to_json(self.discarded)} if self.discarded else {})

    def started_over(self, composed: Document) -> DraftInProgress:
        """The draft of a newly composed document, without the changes, which can be brought back."""
        return DraftInProgress(composed, (), self.changes or self.discarded)


async def no_draft(db: UnitOfWork) -> UserError:
    """Refusal of a command about the draft where there is none; it names an edition that is out already."""
    published = await db.editions.latest()
    if not published:
        return UserError(_(NO_DRAFT))
    return UserError(
        _(
            "There is no draft: No. {number} is already published. To change it, use `/edition correct` or `/edition "
            "recall`. Create the next one with `/edition draft`.",
            number=published[0].number,
        )
    )


async def load_open_draft(db: UnitOfWork, *, lock: bool = True) -> Edition:
    """The draft that may still be changed. Raises UserError if there is none, or if it is approved."""
    edition = await db.editions.current(lock=lock)
    if edition is None:
        raise await no_draft(db)
    if edition.state == EditionState.APPROVED:
        raise UserError(
            _(
                "No. {edition_number} is approved and cannot be changed. Run `/edition unapprove` first.",
                edition_number=edition.number,
            )
        )
    return edition


async def template_of(db: UnitOfWork, edition: Edition) -> Template:
    """Template of an edition with the club's settings."""
    return template_for(edition.template, ClubSettings.of((await db.club()).settings))


async def revise(
    app: App,
    db: UnitOfWork,
    edition: Edition,
    changes: Sequence[Change],
    by: int | None,
    *,
    keeps_same: bool = False,
) -> Document:
    """Apply changes to a draft, whose row is locked. Approvals are withdrawn, and the moderators' card is updated.

    Raises ChangeNotApplicable if the draft lacks what a change refers to, and NothingToChange if a member's changes
    leave it as it is; with `keeps_same` only if they are also its last ones, so that a new draft has them too.
    """
    before = document_of(edition.document)
    making, document = DraftInProgress.of(edition), before
    shape = await template_of(db, edition)
    for change in changes:
        document = apply(document, change, shape)
    is_repeat = not keeps_same or making.changes[-len(changes) :] == tuple(changes)
    if by is not None and is_repeat and _undated(document) == _undated(before):
        raise NothingToChange(_unchanged_card(edition))
    revised = replace(making, changes=(*making.changes, *changes))
    await _save(app, db, edition, revised, document)
    for change in changes:
        await db.audit_log.append(
            "revise", by, app.now(), edition_id=edition.id, after={"change": change.kind, **_audit_details(change)}
        )
    return document


def _undated(document: Document) -> Document:
    """The document without the times at which its items were written."""

    def undated(item: Item) -> Item:
        return replace(item, provenance=replace(item.provenance, at=ANY_TIME)) if item.provenance else item

    return document.map_items(undated)


def _unchanged_card(edition: Edition) -> Card:
    row = Buttons((Button(_("Back to the editor"), Call.of("edition edit")),))
    say = text(_("The draft of No. {number} is already like that.", number=edition.number))
    return Card(_("Nothing to change"), (say, row))


async def undo(app: App, db: UnitOfWork, edition: Edition, by: int) -> Change | None:
    """Undo the last change of a draft, and return it; None if it was started over, and has its changes again.

    Raises UserError if there is no change.
    """
    making = DraftInProgress.of(edition)
    if not making.changes:
        if not making.discarded:
            raise UserError(_("There is nothing to undo in this draft."))
        document, applied, _unused = apply_all(making.composed, making.discarded, await template_of(db, edition))
        await _save(app, db, edition, DraftInProgress(making.composed, applied), document)
        await db.audit_log.append("undo", by, app.now(), edition_id=edition.id, after={"change": "start over"})
        return None
    *remaining, last = making.changes
    document, applied, _unused = apply_all(making.composed, remaining, await template_of(db, edition))
    await _save(app, db, edition, replace(making, changes=applied), document)
    await db.audit_log.append(
        "undo", by, app.now(), edition_id=edition.id, after={"change": last.kind, **_audit_details(last)}
    )
    return last


async def _save(app: App, db: UnitOfWork, edition: Edition, making: DraftInProgress, document: Document) -> None:
    edition.making, edition.document = making.to_json(), document_json(document)
    edition.title = document.title
    edition.revision += 1
    await db.editions.clear_approvals(edition.id)
    await show_draft(app, db, edition)


def _audit_details(change: Change) -> dict[str, Any]:
    """Details of a change for the audit log, beside its kind."""
    details = {name: getattr(change, name, "") for name in ("part", "section", "text", "role")}
    item = getattr(change, "item", "")
    details["item"] = item.title if isinstance(item, Item) else item
    return {name: value for name, value in details.items() if value}


def with_citation_keys(document: Document, text: str) -> str:
    """A moderator's text in its stored form: citations by number refer to their works by key."""
    return with_work_keys(document, text.strip())
