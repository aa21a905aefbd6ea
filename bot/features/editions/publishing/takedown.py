"""Taking something out of an edition that must not be in it any more, whatever its state, without asking anybody first.

A draft loses it and what was changed about it, so that no undo and no new draft brings it back. An approved edition is
frozen anew without it and stays approved: nothing was added. One that is being posted, or is out, is corrected.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.app import App
from bot.domain.models import DeliveryKind, Edition, EditionState
from bot.editions.edit.apply_changes import apply
from bot.editions.edit.changes import (
    Change,
    ChangeNotApplicable,
    CorrectionChange,
    Drop,
    PutItem,
    RemoveQuote,
    WriteText,
)
from bot.editions.model.document import Document, from_json, sha256
from bot.editions.model.document import to_json as document_json
from bot.editions.model.templates import Template
from bot.features.editions.draft.draft_changes import DraftInProgress, template_of
from bot.features.editions.draft.draft_state import announce
from bot.features.editions.publishing.amend import amend
from bot.store import UnitOfWork

Removal = Drop | RemoveQuote


async def take_out(
    app: App, db: UnitOfWork, edition: Edition, gone: Sequence[Removal], fixes: Sequence[CorrectionChange]
) -> None:
    """Take these out of an edition that is held for the change; `fixes` are for readers who may have seen them."""
    titles = {item.key: item.title for item in from_json(edition.document).items}
    why = fixes[0].say if fixes else "something was taken back"
    if edition.state == EditionState.PUBLISHED or await db.deliveries.by_subject(DeliveryKind.EDITION, edition.id):
        told = [replace(fix, about=fix.about or titles.get(fix.item, "")) for fix in fixes]
        await amend(app, db, edition, [*gone, *told], by=None, why=why)
        return
    shape = await template_of(db, edition)
    document = without(from_json(edition.document), gone, shape)
    if making := edition.making:
        old = DraftInProgress.of(edition)
        making = DraftInProgress(without(old.composed, gone, shape), tuple(_left(old.changes, gone))).changes_of()
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
    await announce(app, db, edition)


def without(document: Document, gone: Iterable[Removal], shape: Template) -> Document:
    """The document without these; what it does not have is passed over."""
    for change in gone:
        try:
            document = apply(document, change, shape)
        except ChangeNotApplicable:
            continue
    return document


def _left(changes: Sequence[Change], gone: Sequence[Removal]) -> Iterable[Change]:
    """The moderators' changes without those that would bring it back, or are about what is gone."""
    dropped = {one.item for one in gone if isinstance(one, Drop)}
    unsaid = {(one.item, one.text) for one in gone if isinstance(one, RemoveQuote)}
    for change in changes:
        if isinstance(change, PutItem):
            if change.item.key in dropped:
                continue
            said = tuple(one for one in change.item.said if (change.item.key, one.text) not in unsaid)
            yield replace(change, item=replace(change.item, said=said))
        elif getattr(change, "item", "") in dropped or (
            isinstance(change, WriteText) and any(change.item == key and text in change.text for key, text in unsaid)
        ):
            continue
        else:
            yield change
