"""Completion of items that were published before their source answered, as soon as it has."""

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
from bot.editions.edit.changes import Change, CompleteItem, CorrectionChange, Drop
from bot.editions.model import prose
from bot.editions.model.document import Document, Item, Work, from_json, sha256
from bot.editions.model.document import to_json as document_json
from bot.editions.verification import edition_check
from bot.errors import UserError
from bot.features.editions.draft.draft_changes import DraftInProgress, template_of
from bot.features.editions.draft.draft_pipeline import NothingToPublish, build_item, draft
from bot.features.editions.draft.draft_state import show_draft
from bot.features.editions.draft.source_texts import source_texts_of
from bot.features.editions.publishing.amend import amend
from bot.features.editions.publishing.takedown import take_down
from bot.locale.current import _

log = logging.getLogger(__name__)

WATCHED_FOR = timedelta(days=60)
"""Time after publication in which an edition is still completed."""


async def complete(app: App, club_id: int) -> int:
    """Complete every pending item whose details are known: in the draft, the approved edition and published ones.

    Returns the number of editions that changed. Repeats change nothing.
    """
    async with app.store.read(club_id) as db:
        current = await db.editions.current()
        editions = [*([current] if current else []), *await db.editions.published_since(app.now() - WATCHED_FOR)]
        waiting = {
            edition.id: [item for item in from_json(edition.document).items if item.pending] for edition in editions
        }
        keys = {item.key for items in waiting.values() for item in items}
        if not keys:
            return 0
        papers = {paper.key: paper for paper in await db.papers.by_keys(keys)}
        submissions = await db.submissions.many(item.submission for items in waiting.values() for item in items)
    dropped = {
        submission.paper.key
        for submission in submissions.values()
        if submission.state == SubmissionState.DROPPED and submission.paper.pending
    }
    ready = {key for key, paper in papers.items() if not paper.pending} | dropped
    changed = 0
    for edition in editions:
        items = [item for item in waiting[edition.id] if item.key in ready]
        if items and edition.state == EditionState.DRAFT:
            changed += await _redraft(app, club_id)
        elif items:
            changes = [
                change for item in items for change in await _completion_changes(app, club_id, edition, item, papers)
            ]
            changed += await _apply_changes(app, club_id, edition.id, changes)
    if changed:
        app.wake_up.set()
    return changed


async def _redraft(app: App, club_id: int) -> bool:
    try:
        async for _unused in draft(app, club_id):
            pass
    except NothingToPublish:
        return False  # the reason is posted at the due time
    return True


async def _completion_changes(
    app: App, club_id: int, edition: Edition, item: Item, papers: dict[str, Paper]
) -> list[Change]:
    """Changes that complete one item, with a note for readers; a paper unknown to its source is removed."""
    paper = papers[item.key]
    source_name = "arXiv" if item.key.startswith("arxiv:") else "Crossref"
    if paper.pending:
        return [
            Drop(item.key),
            CorrectionChange(
                app.now(),
                _("{source_name} does not have this paper, so it was removed.", source_name=source_name),
                item.key,
                item.title,
            ),
        ]
    if paper.withdrawn:
        return []  # handled as a withdrawal
    try:
        completed, work = await build_item(app, club_id, item.submission, template=edition.template)
    except UserError as error:
        log.info("an item of edition %s was not completed: %s", edition.id, error)
        return []
    completed = replace(
        completed, votes=item.votes, voices=item.voices, voters=item.voters, threads=item.threads,
        brought_by=item.brought_by, said=item.said,
    )  # fmt: skip
    say = _(
        "{source_name} did not answer when this was published. Title, authors and summary were added later.",
        source_name=source_name,
    )
    return [
        CompleteItem(await _checked_item(app, club_id, edition, completed, paper, item), work),
        CorrectionChange(app.now(), say, item.key),
    ]


async def _checked_item(app: App, club_id: int, edition: Edition, completed: Item, paper: Paper, item: Item) -> Item:
    """The completed item, safe without a review: manual texts stay, the abstract replaces unsupported claims."""
    async with app.store.read(club_id) as db:
        submission = await db.submissions.get(item.submission)
        shape = await template_of(db, edition)
        document = apply(from_json(edition.document), CompleteItem(completed, _work_of(completed)), shape)
        texts = await source_texts_of(db, document)
    claims = await asyncio.to_thread(
        lambda: [*edition_check.misquoted(document, texts), *edition_check.ungrounded(document, texts)]
    )
    by_hand = item.why_more or (item.why and (submission is None or item.why != prose.read(submission.why)))
    if any(claim.item.key == completed.key for claim in claims):
        abstract = abstract_of(paper)
        completed = replace(
            completed, why=(), insights=(), passages=abstract, provenance=provenance(None, paper, app.now())
        )
        return replace(completed, why=item.why, why_more=item.why_more, passages=(*abstract, *item.passages))
    return replace(completed, why=item.why, why_more=item.why_more) if by_hand else completed


def _work_of(item: Item) -> Work:
    return Work(item.title, (), item.url, item.title, ())


async def _apply_changes(app: App, club_id: int, edition_id: int, changes: list[Change]) -> bool:
    if not changes:
        return False
    async with app.store.begin(club_id) as db:
        edition = await db.editions.get(edition_id, lock=True)
        if edition is None or edition.state not in (EditionState.APPROVED, EditionState.PUBLISHED):
            return False
        pending_keys = {item.key for item in from_json(edition.document).items if item.pending}
        changes = [change for change in changes if _item_key(change) in pending_keys]
        if not changes:
            return False
        if edition.state == EditionState.PUBLISHED or await db.deliveries.by_subject(DeliveryKind.EDITION, edition.id):
            why = next(change.say for change in changes if isinstance(change, CorrectionChange))
            await amend(app, db, edition, changes, by=None, why=why)
            return True
        removals = [change for change in changes if isinstance(change, Drop)]
        if removals:
            await take_down(
                app, db, edition, removals, [change for change in changes if isinstance(change, CorrectionChange)]
            )
        shape = await template_of(db, edition)
        document = from_json(edition.document)
        for change in changes:
            if isinstance(change, CompleteItem):
                document = apply(document, change, shape)
        _refreeze(edition, document)
        await db.audit_log.append("complete", None, app.now(), edition_id=edition.id)
        await show_draft(app, db, edition, say=_completed_titles(changes))
        return True


def _refreeze(edition: Edition, document: Document) -> None:
    making = DraftInProgress.of(edition)
    edition.document, edition.title = document_json(document), document.title
    edition.sha = sha256(edition.document)
    edition.making = making.to_json()


def _completed_titles(changes: list[Change]) -> str:
    titles = [truncate(change.item.title, 80) for change in changes if isinstance(change, CompleteItem)]
    return _("Details were added: {titles}.", titles="; ".join(titles)) if titles else ""


def _item_key(change: Change) -> str:
    return change.item.key if isinstance(change, CompleteItem) else str(getattr(change, "item", ""))
