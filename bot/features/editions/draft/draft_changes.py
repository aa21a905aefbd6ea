"""Changing a draft: each change is kept beside what was composed, so that a draft made anew has it too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.app import App
from bot.domain.club_settings import ClubSettings
from bot.domain.models import Edition, EditionState
from bot.editions.edit.apply_changes import apply, apply_all
from bot.editions.edit.changes import Change, from_json, to_json
from bot.editions.model.derived_fields import with_keys
from bot.editions.model.document import Document
from bot.editions.model.document import from_json as document_of
from bot.editions.model.document import to_json as document_json
from bot.editions.model.templates import Template, template_for
from bot.errors import UserError
from bot.features.editions.draft.draft_state import announce
from bot.store import UnitOfWork

NO_DRAFT = "There is no edition in the making. `/edition draft` makes one."


@dataclass(frozen=True, slots=True)
class DraftInProgress:
    """What a draft is made of."""

    composed: Document
    changes: tuple[Change, ...]

    @classmethod
    def of(cls, edition: Edition) -> DraftInProgress:
        """What the draft of an edition is made of; one that nobody has changed is what was composed."""
        kept = edition.making or {}
        return cls(document_of(kept.get("composed") or edition.document), from_json(kept.get("changes", ())))

    def changes_of(self) -> dict[str, Any]:
        """As plain JSON values; nothing where nothing was changed."""
        if not self.changes:
            return {}
        return {"composed": document_json(self.composed), "changes": to_json(self.changes)}


async def draft_in_making(db: UnitOfWork, *, lock: bool = True) -> Edition:
    """The draft that may still be changed. Raises UserError where there is none, or it is approved."""
    edition = await db.editions.current(lock=lock)
    if edition is None:
        raise UserError(NO_DRAFT)
    if edition.state == EditionState.APPROVED:
        raise UserError(
            f"No. {edition.number} is approved, so its words stay as they are. `/edition unapprove` opens it."
        )
    return edition


async def template_of(db: UnitOfWork, edition: Edition) -> Template:
    """The template of an edition as the club wants it."""
    return template_for(edition.template, ClubSettings.of((await db.club()).settings))


async def revise(app: App, db: UnitOfWork, edition: Edition, changes: Sequence[Change], by: int | None) -> Document:
    """Make changes to a draft that is held for it. Approvals are taken back; the moderators' card is drawn anew.

    Raises Misfit where the draft has nothing that a change is about.
    """
    making, document = DraftInProgress.of(edition), document_of(edition.document)
    shape = await template_of(db, edition)
    for change in changes:
        document = apply(document, change, shape)
    await _keep(app, db, edition, DraftInProgress(making.composed, (*making.changes, *changes)), document)
    for change in changes:
        await db.audit_log.append(
            "revise", by, app.now(), edition_id=edition.id, after={"change": change.kind, **_audit_details(change)}
        )
    return document


async def undo(app: App, db: UnitOfWork, edition: Edition, by: int) -> Change:
    """Take the last change of a draft back; which it was. Raises UserError where nothing was changed."""
    making = DraftInProgress.of(edition)
    if not making.changes:
        raise UserError("Nothing of this draft was changed by hand.")
    *left, last = making.changes
    document, kept, _ = apply_all(making.composed, left, await template_of(db, edition))
    await _keep(app, db, edition, DraftInProgress(making.composed, kept), document)
    await db.audit_log.append(
        "undo", by, app.now(), edition_id=edition.id, after={"change": last.kind, **_audit_details(last)}
    )
    return last


async def _keep(app: App, db: UnitOfWork, edition: Edition, making: DraftInProgress, document: Document) -> None:
    edition.making, edition.document = making.changes_of(), document_json(document)
    edition.title = document.title
    edition.revision += 1
    await db.editions.clear_approvals(edition.id)
    await announce(app, db, edition)


def _audit_details(change: Change) -> dict[str, Any]:
    """What the log says of a change, beside its kind."""
    said = {name: getattr(change, name, "") for name in ("part", "section", "text", "role")}
    said["item"] = getattr(change, "item", "") if isinstance(getattr(change, "item", ""), str) else change.item.title  # type: ignore[union-attr] # only Put holds an item that is no key
    return {name: value for name, value in said.items() if value}


def with_citation_keys(document: Document, text: str) -> str:
    """A moderator's words as they are kept: citations by number name their works."""
    return with_keys(document, text.strip())
