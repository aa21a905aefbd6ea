"""Making of an edition's draft: gather, ask the sources, select, write, compose, store; reported step by step.

Only summaries are stored before the end. An interrupted draft is simply started again, and no summary is paid for
twice. No transaction waits for the network.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.exc import IntegrityError

from bot.app import App
from bot.domain.links.identify import SiteKind
from bot.domain.models import Edition, EditionState, Paper, SlotState
from bot.domain.summary_values import WrittenSummary
from bot.editions.compose.composer import EditionContext, compose
from bot.editions.compose.item_builder import SelectedPaper, item, reference
from bot.editions.compose.new_papers_section import NO_NEW_PAPERS
from bot.editions.edit.apply_changes import apply_all
from bot.editions.edit.changes import Change, ImportChange, InsertOrReplaceItem
from bot.editions.model.document import Document, Item, Work, to_json
from bot.editions.model.templates import template_for
from bot.editions.verification import edition_check
from bot.errors import UserError
from bot.features.editions.draft import arxiv_volume, selection_pool
from bot.features.editions.draft.draft_changes import DraftInProgress, template_of
from bot.features.editions.draft.draft_state import show_draft
from bot.features.editions.draft.empty_period import Reason, reason_for
from bot.features.editions.draft.material import (
    EditionMaterial,
    choose_candidates,
    gather_material,
    load_details,
    submissions_of,
    to_candidate,
)
from bot.features.editions.draft.source_texts import source_texts_of
from bot.features.shared.papers import metadata_backfill, record_refresh, summarization, withdrawals
from bot.features.shared.papers.paper_cards import state_text
from bot.locale.current import _, _n
from bot.store import UnitOfWork
from bot.store.papers.submissions import OPEN_STATES

OVERDUE_TIME_LIMIT = timedelta(seconds=45)
"""Time that an overdue draft waits for a model; then the abstract's sentences take the place of missing summaries."""
MAX_SELECTION_ROUNDS = 4
"""Maximum number of selections, each repeated because a source has withdrawn a selected paper."""


class NothingToPublish(UserError):
    """Neither a paper nor news is available for an edition; `reason` explains why.

    `waiting` is True where there are papers that may still come to fit, such as by votes.
    """

    def __init__(self, reason: Reason, *, waiting: bool = False) -> None:
        super().__init__(_("There is nothing for an edition. {say}", say=reason.say))
        self.reason = reason
        self.waiting = waiting


@dataclass(frozen=True, slots=True)
class PipelineStep:
    """Progress of a draft: the current action, and how much of it is done. The last step has the edition."""

    say: str
    done: int = 0
    total: int = 0
    edition: Edition | None = None
    dropped_changes: tuple[str, ...] = ()
    """Sentences about earlier manual changes that no longer fit the draft and were dropped."""


async def draft(
    app: App,
    club_id: int,
    *,
    template: str = "",
    by: int | None = None,
    slot_id: int | None = None,
    owner: str = "",
    fresh: bool = False,
) -> AsyncIterator[PipelineStep]:
    """Make the draft of the club's next edition, or replace it. Yields each step; the last one has the edition.

    `fresh` discards the changes by hand; they can be restored.

    `by` is the moderator who asked; None if the club drafts by itself for `slot_id`, as long as `owner` holds the lease
    of it. Raises NothingToPublish, and UserError if an edition is already approved.
    """
    async with app.store.read(club_id) as db:
        _refuse_approved(await db.editions.current())
    material = await gather_material(app, club_id, slot_id)
    if any(submission.paper.pending for submission in material.submissions.values()):
        yield PipelineStep(_("Asking arXiv for missing details"))
        await metadata_backfill.backfill(app, club_id, force=True)
        material = await gather_material(app, club_id, slot_id)
    material = await _refresh_material(app, material, slot_id)
    learned = await asyncio.to_thread(app.subject_learner.words) if app.subject_learner else None
    papers, others = choose_candidates(material, learned)
    suggested = any(s.section in ("news", "code") for s in material.suggestions)
    if not papers and not others and not suggested and (fresh or not _has_own_items(material.edition)):
        async with app.store.read(club_id) as db:
            raise NothingToPublish(await reason_for(db, material), waiting=bool(material.submissions))
    rows = [s.paper for s in submissions_of(material, papers)]
    overdue = by is None and material.slot is not None and material.slot.due_at <= app.now()
    yield PipelineStep(_("{papers} read", papers=_n("{n} paper", "{n} papers", len(papers))), 0, len(papers))
    written: dict[int, WrittenSummary] = {}
    time_limit = OVERDUE_TIME_LIMIT if overdue else summarization.DEADLINE
    async for paper_id, summary in summarization.write_summaries(app, material.club, rows, time_limit=time_limit):
        written[paper_id] = summary
        yield PipelineStep(
            _("{written_count} of {papers_count} written", written_count=len(written), papers_count=len(papers)),
            len(written),
            len(papers),
        )
    if not overdue:
        await _count_selection_pool(app, material, rows, somebody_waits=by is not None)
    chosen = await load_details(app, material, [*papers, *others], written)
    yield PipelineStep(_("Laying out the edition"), len(papers), len(papers))
    await _precheck(app, material, chosen, template)
    edition, dropped = await _store_draft(app, material, chosen, template, by, owner, fresh=fresh)
    yield PipelineStep(
        _("Drafted {edition_title}, No. {edition_number}", edition_title=edition.title, edition_number=edition.number),
        len(papers),
        len(papers),
        edition,
        dropped,
    )


async def _count_selection_pool(
    app: App, material: EditionMaterial, rows: Sequence[Paper], *, somebody_waits: bool
) -> None:
    """Count the papers that the edition is selected from, unless a source has not answered about one of its papers.

    If nobody waits for the draft, arXiv is also asked for the papers of the months that are not known yet.
    """
    async with app.store.read(material.club.id) as db:
        unanswered = await record_refresh.unanswered_since(db, [paper.key for paper in rows])
    if unanswered or any(paper.pending for paper in rows):
        return
    material.selected_from, material.selected_where = await selection_pool.count_selection_pool(
        app, material.club.id, rows, material.since
    )
    if not somebody_waits:
        await arxiv_volume.fetch_missing_months(app, material.club.id)


async def _refresh_material(app: App, material: EditionMaterial, slot_id: int | None) -> EditionMaterial:
    """The material after the sources have been asked about all selected papers, and about their replacements."""
    for _unused in range(MAX_SELECTION_ROUNDS):
        papers, _others = choose_candidates(material)
        keys = [submission.paper.key for submission in submissions_of(material, papers)]
        changed_keys = await record_refresh.refresh_papers(app, material.club.id, keys)
        if not changed_keys:
            break
        await withdrawals.record_withdrawals(app, material.club.id)
        material = await gather_material(app, material.club.id, slot_id)
    return material


async def _precheck(app: App, material: EditionMaterial, chosen: Sequence[SelectedPaper], template: str) -> None:
    """Check the draft against its sources before the transaction: the results are cached, so no lock waits."""
    document = _compose(app, material, chosen, template, 0)
    async with app.store.read(material.club.id) as db:
        texts = await source_texts_of(db, document)
    await asyncio.to_thread(
        lambda: [*edition_check.misquoted(document, texts), *edition_check.ungrounded(document, texts)]
    )


async def build_item(app: App, club_id: int, submission_id: int, *, template: str = "") -> tuple[Item, Work]:
    """Item of an edition for one submission, summarized, and its work for the references.

    The template is that of the current edition unless `template` is given. Raises UserError if the submission cannot be
    in an edition.
    """
    material = await gather_material(app, club_id)
    async with app.store.read(club_id) as db:
        found = await db.submissions.many([submission_id])
        material.submissions |= found
        submission = found[submission_id]
        if submission_id not in material.terms:
            material.terms[submission_id] = await db.vote_queries.terms(submission, material.since, material.until)
        edition = await db.editions.current()
    if submission.paper.withdrawn or submission.state not in OPEN_STATES:
        raise UserError(
            _(
                "#{submission_number} is {text}.",
                submission_number=submission.number,
                text=_("withdrawn") if submission.paper.withdrawn else state_text(submission),
            )
        )
    papers = [submission.paper] if submission.paper.kind == SiteKind.PAPER else []
    written = {
        paper_id: summary async for paper_id, summary in summarization.write_summaries(app, material.club, papers)
    }
    [chosen] = await load_details(app, material, [to_candidate(material, submission)], written)
    shape = template_for(template or (edition.template if edition else material.rules.template), material.rules)
    built = item(chosen, shape, emoji=material.rules.emoji, now=app.now())
    return built, reference(submission.paper, 0).work


async def empty_document(app: App, club_id: int) -> Document:
    """The club's next edition without any item: its number, period and template."""
    material = await gather_material(app, club_id)
    async with app.store.read(club_id) as db:
        number = await db.editions.next_number()
    return _compose(app, replace(material, suggestions=(), meetings=(), new_papers=NO_NEW_PAPERS), (), "", number)


async def start_empty_draft(app: App, club_id: int, *, by: int) -> Edition:
    """A draft without any item, as the club's current edition."""
    material = replace(await gather_material(app, club_id), suggestions=(), meetings=(), new_papers=NO_NEW_PAPERS)
    edition, _unused = await _store_draft(app, material, (), "", by, "")
    return edition


async def _store_draft(
    app: App,
    material: EditionMaterial,
    chosen: Sequence[SelectedPaper],
    template: str,
    by: int | None,
    owner: str,
    *,
    fresh: bool = False,
) -> tuple[Edition, tuple[str, ...]]:
    """Compose and store the draft as the club's current edition. Returns it, with sentences about dropped changes."""
    try:
        async with app.store.begin(material.club.id) as db:
            return await _save_draft(app, db, material, chosen, template, by, owner, fresh=fresh)
    except IntegrityError:
        # Another process has just stored the first draft of the same edition, which this one replaces.
        async with app.store.begin(material.club.id) as db:
            return await _save_draft(app, db, material, chosen, template, by, owner, fresh=fresh)


async def _save_draft(
    app: App,
    db: UnitOfWork,
    material: EditionMaterial,
    chosen: Sequence[SelectedPaper],
    template: str,
    by: int | None,
    owner: str,
    *,
    fresh: bool,
) -> tuple[Edition, tuple[str, ...]]:
    now = app.now()
    edition = await db.editions.current(lock=True)
    _refuse_approved(edition)
    slot = await db.slots.get(material.slot.id, lock=True) if material.slot else None
    if owner and (slot is None or slot.owner != owner or slot.state != SlotState.DUE):
        raise UserError(_("Another process has taken over this edition."))
    document = _compose(app, material, chosen, template, edition.number if edition else await db.editions.next_number())
    if edition is None:
        edition = Edition(
            number=document.number, state=EditionState.DRAFT, sha="", revision=0, drafted_at=now, drafted_by_id=by,
            since=material.since, until=material.until, template=document.template, title=document.title,
            document=to_json(document), slot_id=slot.id if slot else None,
        )  # fmt: skip
        await db.editions.add(edition)
        dropped: tuple[str, ...] = ()
    else:
        edition.revision += 1
        edition.since, edition.until, edition.template = material.since, material.until, document.template
        making = DraftInProgress.of(edition)
        if fresh:
            making = making.started_over(document)
        applicable, outdated = await _applicable_changes(db, making.changes)
        changed, applied, dropped = apply_all(document, applicable, await template_of(db, edition))
        dropped = (*outdated, *dropped)
        edition.making = DraftInProgress(document, applied, making.discarded).to_json()
        edition.title, edition.document = changed.title, to_json(changed)
        edition.drafted_at, edition.drafted_by_id = now, by
        if slot and edition.slot_id != slot.id and (owner or not edition.is_unscheduled):
            await _replace_older_draft(db, edition)
            edition.slot_id, edition.publish_at = slot.id, None
        await db.editions.clear_approvals(edition.id)
    await db.audit_log.append("draft", by, now, edition_id=edition.id, after={"revision": edition.revision})
    await show_draft(app, db, edition)
    return edition, dropped


async def _applicable_changes(db: UnitOfWork, changes: Sequence[Change]) -> tuple[list[Change], list[str]]:
    """Changes without the items that they add and that can no longer be published, and a sentence about each of those.

    What was imported stays but for those items.
    """
    added = [each for change in changes for each in _added_items(change)]
    ids = [each.submission for each in added if each.submission]
    submissions = await db.submissions.many(ids)
    published_in = await db.editions.numbers_by_submission(ids)
    withdrawn = {paper.key for paper in await db.papers.by_keys(each.key for each in added) if paper.withdrawn}
    reasons: dict[str, str] = {}
    for added_item in added:
        submission = submissions.get(added_item.submission)
        if added_item.key in withdrawn:
            reasons[added_item.key] = _("“{item_title}” was withdrawn.", item_title=added_item.title)
        elif added_item.submission in published_in:
            reasons[added_item.key] = _(
                "“{item_title}” is already in No. {number}.",
                item_title=added_item.title,
                number=published_in[added_item.submission],
            )
        elif submission and (submission.state not in OPEN_STATES or submission.merged_into_id):
            reasons[added_item.key] = _("“{item_title}” was removed from the list.", item_title=added_item.title)
    kept = [_without_items(change, reasons) for change in changes]
    return [change for change in kept if change is not None], list(reasons.values())


def _has_own_items(edition: Edition | None) -> bool:
    """True if moderators added items to the draft, or imported some."""
    return edition is not None and any(map(_added_items, DraftInProgress.of(edition).changes))


def _added_items(change: Change) -> tuple[Item, ...]:
    """Items that a change brings into the draft."""
    if isinstance(change, InsertOrReplaceItem):
        return (change.item,)
    return (
        tuple(item for section in change.sections for item in section.items) if isinstance(change, ImportChange) else ()
    )


def _without_items(change: Change, keys: Collection[str]) -> Change | None:
    """The change without its items of these keys; None if nothing else is in it."""
    if isinstance(change, ImportChange):
        sections = (replace(s, items=tuple(i for i in s.items if i.key not in keys)) for s in change.sections)
        return replace(change, sections=tuple(sections))
    return None if isinstance(change, InsertOrReplaceItem) and change.item.key in keys else change


def _refuse_approved(edition: Edition | None) -> None:
    if edition and edition.state == EditionState.APPROVED:
        raise UserError(
            _(
                "No. {edition_number} is already approved. Run `/edition unapprove` to change it.",
                edition_number=edition.number,
            )
        )


async def _replace_older_draft(db: UnitOfWork, edition: Edition) -> None:
    """Close the due time of an older draft that was held until now; the draft serves the new due time."""
    old_slot = await db.slots.get(edition.slot_id, lock=True) if edition.slot_id else None
    if old_slot and old_slot.state == SlotState.DUE:
        old_slot.state, old_slot.why = SlotState.SKIPPED, _("its draft is now used for the next edition")


def _issue_date(app: App, material: EditionMaterial) -> datetime:
    """Date of the edition: its time of publication as far as it is known, never in the past."""
    current = material.edition
    due = material.slot.due_at if material.slot else None
    if (
        current
        and current.publish_at
        and (current.is_unscheduled or (material.slot and current.slot_id == material.slot.id))
    ):
        due = current.publish_at
    return max(due or app.now(), app.now())


def _compose(
    app: App, material: EditionMaterial, chosen: Sequence[SelectedPaper], template: str, number: int
) -> Document:
    rules = material.rules
    return compose(
        EditionContext(
            club=material.club.name,
            number=number,
            template=template or rules.template,
            settings=rules,
            zone=ZoneInfo(material.club.timezone),
            since=material.since,
            until=material.until,
            issued=_issue_date(app, material),
            now=app.now(),
            participation=material.participation,
            selected_from=material.selected_from,
            selected_where=material.selected_where,
        ),
        chosen,
        material.suggestions,
        material.meetings,
        material.new_papers,
    )
