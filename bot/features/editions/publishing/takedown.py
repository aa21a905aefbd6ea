"""Immediate removal of items and quotes from an edition in any state, without a review.

A draft also loses the manual changes about them, so that neither an undo nor a new draft restores them. An approved
edition is frozen again and stays approved, since nothing was added. One whose posts are planned is corrected.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.app import App
from bot.domain.models import DeliveryKind, DeliveryState, Edition, EditionState
from bot.editions.edit.apply_changes import apply
from bot.editions.edit.changes import (
    Change,
    ChangeNotApplicable,
    CorrectionChange,
    Drop,
    InsertOrReplaceItem,
    RemoveQuote,
    ReplaceNames,
    WriteText,
)
from bot.editions.edit.member_names import renamed_changes
from bot.editions.model.document import Document, from_json, sha256
from bot.editions.model.document import to_json as document_json
from bot.editions.model.templates import Template
from bot.features.editions.draft.draft_changes import DraftInProgress, template_of
from bot.features.editions.draft.draft_state import show_draft
from bot.features.editions.publishing.amend import amend
from bot.locale.current import _
from bot.store import UnitOfWork

Removal = Drop | RemoveQuote | ReplaceNames
UNSEEN = (DeliveryState.READY, DeliveryState.FAILED, DeliveryState.SKIPPED)
"""States of a part that nobody has seen: if all are so, readers need no note of what was removed."""


async def take_down(
    app: App, db: UnitOfWork, edition: Edition, removals: Sequence[Removal], fixes: Sequence[CorrectionChange]
) -> None:
    """Remove items, quotes and names from an edition, whose row is locked.

    `fixes` are notes for readers of a published one.
    """
    titles = {item.key: item.title for item in from_json(edition.document).items}
    why = fixes[0].say if fixes else _("something was withdrawn")
    parts = await db.deliveries.by_subject(DeliveryKind.EDITION, edition.id)
    if edition.state == EditionState.PUBLISHED or parts:
        unseen = edition.state != EditionState.PUBLISHED and all(part.state in UNSEEN for part in parts)
        described_fixes = [replace(fix, about=fix.about or titles.get(fix.item, "")) for fix in fixes if not unseen]
        await amend(app, db, edition, [*removals, *described_fixes], by=None, why=why)
        return
    shape = await template_of(db, edition)
    document = without_removed(from_json(edition.document), removals, shape)
    if making := edition.making:
        draft = DraftInProgress.of(edition)
        making = DraftInProgress(
            without_removed(draft.composed, removals, shape), tuple(_remaining_changes(draft.changes, removals))
        ).to_json()
    edition.making, edition.document, edition.title = making, document_json(document), document.title
    edition.revision += 1
    if edition.state == EditionState.APPROVED:
        edition.sha = sha256(edition.document)
        for item in from_json(edition.document).items:
            titles.pop(item.key, None)
        for key in titles:
            if submission := await db.submissions.by_key(key):
                await db.editions.release_item(edition.id, submission.id)
    await db.audit_log.append("take-out", None, app.now(), edition_id=edition.id, why=why)
    await show_draft(app, db, edition)


def without_removed(document: Document, removals: Iterable[Removal], shape: Template) -> Document:
    """The document without these items, quotes and names; those it does not have are ignored."""
    for change in removals:
        try:
            document = apply(document, change, shape)
        except ChangeNotApplicable:
            continue
    return document


def _remaining_changes(changes: Sequence[Change], removals: Sequence[Removal]) -> Iterable[Change]:
    """Manual changes without those that would restore what was removed, or that refer to it."""
    changes = renamed_changes(changes, [removal for removal in removals if isinstance(removal, ReplaceNames)])
    dropped = {removal.item for removal in removals if isinstance(removal, Drop)}
    removed_quotes = {(removal.item, removal.text) for removal in removals if isinstance(removal, RemoveQuote)}
    for change in changes:
        if isinstance(change, InsertOrReplaceItem):
            if change.item.key in dropped:
                continue
            remarks = tuple(
                removal for removal in change.item.said if (change.item.key, removal.text) not in removed_quotes
            )
            yield replace(change, item=replace(change.item, said=remarks))
        elif getattr(change, "item", "") in dropped or (
            isinstance(change, WriteText)
            and any(change.item == key and text in change.text for key, text in removed_quotes)
        ):
            continue
        else:
            yield change
