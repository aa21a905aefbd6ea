"""Items that went into an edition before their source could be asked: completed by themselves when it has answered."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from datetime import timedelta

from bot.app import App
from bot.chat.text import truncate
from bot.domain.models import DeliveryKind, Edition, EditionState, Paper, SubmissionState
from bot.editions.compose.item_builder import abstract_of, provenance
from bot.editions.edit.apply_changes import apply
from bot.editions.edit.changes import Change, Complete, CorrectionChange, Drop
from bot.editions.model import prose
from bot.editions.model.document import Document, Item, Work, from_json, sha256
from bot.editions.model.document import to_json as document_json
from bot.editions.verification import edition_check
from bot.errors import UserError
from bot.features.editions.draft.draft_changes import DraftInProgress, template_of
from bot.features.editions.draft.draft_pipeline import NothingToPublish, draft, item_of
from bot.features.editions.draft.draft_state import announce
from bot.features.editions.draft.evidence import source_texts_of
from bot.features.editions.publishing.amend import amend
from bot.features.editions.publishing.takedown import take_out

log = logging.getLogger(__name__)

LATELY = timedelta(days=60)
"""How long an edition that is out is looked after."""


async def complete(app: App, club_id: int) -> int:
    """Complete every waiting item whose details have come: in the draft, the approved edition, and those that are out.

    How many editions that changed. Repeats change nothing.
    """
    async with app.store.read(club_id) as db:
        current = await db.editions.current()
        shown = [*([current] if current else []), *await db.editions.published_since(app.now() - LATELY)]
        waiting = {
            edition.id: [item for item in from_json(edition.document).items if item.pending] for edition in shown
        }
        keys = {item.key for items in waiting.values() for item in items}
        if not keys:
            return 0
        known = {paper.key: paper for paper in await db.papers.by_keys(keys)}
        brought = await db.submissions.many(item.submission for items in waiting.values() for item in items)
    dropped = {one.paper.key for one in brought.values() if one.state == SubmissionState.DROPPED and one.paper.pending}
    ready = {key for key, paper in known.items() if not paper.pending} | dropped
    done = 0
    for edition in shown:
        items = [item for item in waiting[edition.id] if item.key in ready]
        if items and edition.state == EditionState.DRAFT:
            done += await _draft_anew(app, club_id)
        elif items:
            changes = [change for item in items for change in await _changes(app, club_id, edition, item, known)]
            done += await _put(app, club_id, edition.id, changes)
    if done:
        app.wake_up.set()
    return done


async def _draft_anew(app: App, club_id: int) -> bool:
    try:
        async for _ in draft(app, club_id):
            pass
    except NothingToPublish:
        return False  # the due time says why, when it comes
    return True


async def _changes(app: App, club_id: int, edition: Edition, old: Item, known: dict[str, Paper]) -> list[Change]:
    """What completes one item, and what is said of it; a paper that its source does not know is taken out."""
    paper = known[old.key]
    where = "arXiv" if old.key.startswith("arxiv:") else "Crossref"
    if paper.pending:
        return [
            Drop(old.key),
            CorrectionChange(app.now(), f"{where} knows no such paper, so it was taken out.", old.key, old.title),
        ]
    if paper.withdrawn:
        return []  # taken out, or marked, as one that is withdrawn
    try:
        made, work = await item_of(app, club_id, old.submission, template=edition.template)
    except UserError as error:
        log.info("an item of edition %s stays as it is: %s", edition.id, error)
        return []
    made = replace(
        made, votes=old.votes, voices=old.voices, voters=old.voters, threads=old.threads, brought_by=old.brought_by,
        said=old.said,
    )  # fmt: skip
    say = f"{where} could not be asked when this came out. Title, authors and summary were added since."
    return [
        Complete(await _vouched(app, club_id, edition, made, paper, old), work),
        CorrectionChange(app.now(), say, old.key),
    ]


async def _vouched(app: App, club_id: int, edition: Edition, made: Item, paper: Paper, old: Item) -> Item:
    """The item as nobody need look it over: what a person wrote stays, what is in doubt is left to the abstract."""
    async with app.store.read(club_id) as db:
        submission = await db.submissions.get(old.submission)
        shape = await template_of(db, edition)
        document = apply(from_json(edition.document), Complete(made, _work_of(made)), shape)
        read = await source_texts_of(db, document)
    doubts = await asyncio.to_thread(
        lambda: [*edition_check.misquoted(document, read), *edition_check.ungrounded(document, read)]
    )
    by_hand = old.why and (submission is None or old.why != prose.read(submission.why))
    if any(doubt.item.key == made.key for doubt in doubts):
        kept = abstract_of(paper)
        made = replace(made, why=(), insights=(), passages=kept, provenance=provenance(None, paper, app.now()))
        return replace(made, why=old.why, passages=(*kept, *old.passages))
    return replace(made, why=old.why) if by_hand else made


def _work_of(made: Item) -> Work:
    return Work(made.title, (), made.url, made.title, ())


async def _put(app: App, club_id: int, edition_id: int, changes: list[Change]) -> bool:
    if not changes:
        return False
    async with app.store.begin(club_id) as db:
        edition = await db.editions.get(edition_id, lock=True)
        if edition is None or edition.state not in (EditionState.APPROVED, EditionState.PUBLISHED):
            return False
        left = {item.key for item in from_json(edition.document).items if item.pending}
        changes = [one for one in changes if _about(one) in left]
        if not changes:
            return False
        if edition.state == EditionState.PUBLISHED or await db.deliveries.by_subject(DeliveryKind.EDITION, edition.id):
            why = next(change.say for change in changes if isinstance(change, CorrectionChange))
            await amend(app, db, edition, changes, by=None, why=why)
            return True
        gone = [change for change in changes if isinstance(change, Drop)]
        if gone:
            await take_out(
                app, db, edition, gone, [change for change in changes if isinstance(change, CorrectionChange)]
            )
        shape = await template_of(db, edition)
        document = from_json(edition.document)
        for change in changes:
            if isinstance(change, Complete):
                document = apply(document, change, shape)
        _refreeze(edition, document)
        await db.audit_log.append("complete", None, app.now(), edition_id=edition.id)
        await announce(app, db, edition, say=_told(changes))
        return True


def _refreeze(edition: Edition, document: Document) -> None:
    making = DraftInProgress.of(edition)
    edition.document, edition.title = document_json(document), document.title
    edition.sha = sha256(edition.document)
    edition.making = making.changes_of()


def _told(changes: list[Change]) -> str:
    titles = [truncate(change.item.title, 80) for change in changes if isinstance(change, Complete)]
    return f"Details have come: {'; '.join(titles)}." if titles else ""


def _about(change: Change) -> str:
    return change.item.key if isinstance(change, Complete) else str(getattr(change, "item", ""))
