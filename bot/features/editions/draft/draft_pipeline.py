"""Making the draft of an edition: gather, ask, select, write, compose, keep. Long, and told step by step.

Nothing is kept until the end but the summaries, so that a draft that was cut off is simply made again, and costs
nothing twice. The network is never asked inside a transaction.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.exc import IntegrityError

from bot.app import App
from bot.chat.text import plural
from bot.domain.links.identify import SiteKind
from bot.domain.models import Edition, EditionState, SlotState
from bot.domain.summary_values import WrittenSummary
from bot.editions.compose.composer import EditionContext, compose
from bot.editions.compose.item_builder import SelectedPaper, item, reference
from bot.editions.edit.apply_changes import apply_all
from bot.editions.edit.changes import Change, PutItem
from bot.editions.model.document import Document, Item, Work, to_json
from bot.editions.model.templates import template_for
from bot.editions.verification import edition_check
from bot.errors import UserError
from bot.features.editions.draft import arxiv_volume
from bot.features.editions.draft.draft_changes import DraftInProgress, template_of
from bot.features.editions.draft.draft_state import announce
from bot.features.editions.draft.empty_period import Reason, reason_for
from bot.features.editions.draft.evidence import source_texts_of
from bot.features.editions.draft.material import EditionMaterial, candidate_of, choose, gather, rows_of, with_all
from bot.features.shared import metadata_backfill, source_checks, summarization, withdrawals
from bot.store import UnitOfWork
from bot.store.papers.submissions import OPEN_STATES

IN_TIME = timedelta(seconds=45)
"""How long a draft that is due already waits for a model; what is not written by then is the abstract's sentences."""
ROUNDS = 4
"""How often the choice is made anew because a source said that a chosen paper is withdrawn."""


class NothingToPublish(UserError):
    """There is neither a paper nor a piece of news for an edition; `reason` says why.

    `waiting` is True where there are papers that may still come to fit, such as by votes.
    """

    def __init__(self, reason: Reason, *, waiting: bool = False) -> None:
        super().__init__(f"There is nothing to make an edition of. {reason.say}")
        self.reason = reason
        self.waiting = waiting


@dataclass(frozen=True, slots=True)
class PipelineStep:
    """How far a draft is: what is going on, and how much of it is done. The last one has the edition."""

    say: str
    done: int = 0
    total: int = 0
    edition: Edition | None = None
    lost: tuple[str, ...] = ()
    """What is said of changes that moderators made to the draft before and that fit this one no more."""


async def draft(
    app: App, club_id: int, *, template: str = "", by: int | None = None, slot_id: int | None = None, owner: str = ""
) -> AsyncIterator[PipelineStep]:
    """Make the draft of the club's next edition, or make it anew. Tells each step; the last one has the edition.

    `by` is the moderator who asks, None for the club itself, which drafts for `slot_id` as long as `owner` holds it.
    Raises NothingToPublish, and UserError where an edition is approved already.
    """
    async with app.store.read(club_id) as db:
        _refuse_approved(await db.editions.current())
    material = await gather(app, club_id, slot_id)
    if any(submission.paper.pending for submission in material.submissions.values()):
        yield PipelineStep("Asking arXiv for the details that are still to follow")
        await metadata_backfill.backfill(app, club_id, at_once=True)
        material = await gather(app, club_id, slot_id)
    material = await _as_of_now(app, material, slot_id)
    papers, others = choose(material)
    if not papers and not others and not any(s.section in ("news", "code") for s in material.suggestions):
        async with app.store.read(club_id) as db:
            raise NothingToPublish(await reason_for(db, material), waiting=bool(material.submissions))
    rows = [s.paper for s in rows_of(material, papers)]
    late = by is None and material.slot is not None and material.slot.due_at <= app.now()
    yield PipelineStep(f"Read {plural(len(papers), 'paper')}", 0, len(papers))
    written: dict[int, WrittenSummary] = {}
    patience = IN_TIME if late else summarization.DEADLINE
    async for paper_id, text in summarization.write_summaries(app, material.club, rows, within=patience):
        written[paper_id] = text
        yield PipelineStep(f"{len(written)} of {len(papers)} written", len(written), len(papers))
    async with app.store.read(club_id) as db:
        silent = await source_checks.unanswered_since(db, [paper.key for paper in rows])
    if not silent and not any(paper.pending for paper in rows) and not late:
        material.selected_from, material.selected_where = await arxiv_volume.selected_from(app, rows, material.since)
        if by is None:  # nobody waits for it
            await arxiv_volume.fetch_missing_months(app, club_id)
    chosen = await with_all(app, material, [*papers, *others], written)
    yield PipelineStep("Laying it out", len(papers), len(papers))
    await _look_over(app, material, chosen, template)
    edition, lost = await _keep(app, material, chosen, template, by, owner)
    yield PipelineStep(f"Drafted {edition.title}, No. {edition.number}", len(papers), len(papers), edition, lost)


async def _as_of_now(app: App, material: EditionMaterial, slot_id: int | None) -> EditionMaterial:
    """The material as the sources of its papers have it now: asked about what is chosen, and what comes instead."""
    for _ in range(ROUNDS):
        papers, _others = choose(material)
        keys = [submission.paper.key for submission in rows_of(material, papers)]
        news = await source_checks.ask(app, material.club.id, keys)
        if not news:
            break
        await withdrawals.take_notice(app, material.club.id)
        material = await gather(app, material.club.id, slot_id)
    return material


async def _look_over(app: App, material: EditionMaterial, chosen: Sequence[SelectedPaper], template: str) -> None:
    """Hold the draft against its sources before it is kept: the guard remembers, and no vote waits meanwhile."""
    made = _compose(app, material, chosen, template, 0)
    async with app.store.read(material.club.id) as db:
        read = await source_texts_of(db, made)
    await asyncio.to_thread(lambda: [*edition_check.misquoted(made, read), *edition_check.ungrounded(made, read)])


async def item_of(app: App, club_id: int, submission_id: int, *, template: str = "") -> tuple[Item, Work]:
    """One submission as an item of an edition, read and written about, and its entry for the references.

    The edition is the one in the making unless a `template` is given. Raises UserError for what may be in none.
    """
    material = await gather(app, club_id)
    async with app.store.read(club_id) as db:
        found = await db.submissions.many([submission_id])
        material.submissions |= found
        submission = found[submission_id]
        if submission_id not in material.terms:
            material.terms[submission_id] = await db.votes.terms(submission, material.since, material.until)
        edition = await db.editions.current()
    if submission.paper.withdrawn or submission.state not in OPEN_STATES:
        raise UserError(f"#{submission.number} is {'withdrawn' if submission.paper.withdrawn else submission.state}.")
    wanted = [submission.paper] if submission.paper.kind == SiteKind.PAPER else []
    written = {paper_id: text async for paper_id, text in summarization.write_summaries(app, material.club, wanted)}
    [chosen] = await with_all(app, material, [candidate_of(material, submission)], written)
    shape = template_for(template or (edition.template if edition else material.rules.template), material.rules)
    made = item(chosen, shape, emoji=material.rules.emoji, now=app.now())
    return made, reference(submission.paper, 0).work


async def _keep(
    app: App, material: EditionMaterial, chosen: Sequence[SelectedPaper], template: str, by: int | None, owner: str
) -> tuple[Edition, tuple[str, ...]]:
    """Compose, and keep the draft as the club's edition in the making; with what it lost of an earlier one."""
    try:
        async with app.store.begin(material.club.id) as db:
            return await _put(app, db, material, chosen, template, by, owner)
    except IntegrityError:
        # Another process has just made the first draft of the same edition: now it is there to be replaced.
        async with app.store.begin(material.club.id) as db:
            return await _put(app, db, material, chosen, template, by, owner)


async def _put(
    app: App,
    db: UnitOfWork,
    material: EditionMaterial,
    chosen: Sequence[SelectedPaper],
    template: str,
    by: int | None,
    owner: str,
) -> tuple[Edition, tuple[str, ...]]:
    now = app.now()
    edition = await db.editions.current(lock=True)
    _refuse_approved(edition)
    slot = await db.slots.get(material.slot.id, lock=True) if material.slot else None
    if owner and (slot is None or slot.owner != owner or slot.state != SlotState.DUE):
        raise UserError("Another process has taken this edition over.")
    document = _compose(app, material, chosen, template, edition.number if edition else await db.editions.next_number())
    if edition is None:
        edition = Edition(
            number=document.number, state=EditionState.DRAFT, sha="", revision=0, drafted_at=now, drafted_by_id=by,
            since=material.since, until=material.until, template=document.template, title=document.title,
            document=to_json(document), slot_id=slot.id if slot else None,
        )  # fmt: skip
        await db.editions.add(edition)
        lost: tuple[str, ...] = ()
    else:
        edition.revision += 1
        edition.since, edition.until, edition.template = material.since, material.until, document.template
        wanted, gone = await _applicable_changes(db, DraftInProgress.of(edition).changes)
        changed, kept, lost = apply_all(document, wanted, await template_of(db, edition))
        lost = (*gone, *lost)
        edition.making = DraftInProgress(document, kept).changes_of()
        edition.title, edition.document = changed.title, to_json(changed)
        edition.drafted_at, edition.drafted_by_id = now, by
        if slot and edition.slot_id != slot.id and (owner or not edition.goes_alone):
            await _replace_older_draft(db, edition)
            edition.slot_id, edition.publish_at = slot.id, None
        await db.editions.clear_approvals(edition.id)
    await db.acts.append("draft", by, now, edition_id=edition.id, after={"revision": edition.revision})
    await announce(app, db, edition)
    return edition, lost


async def _applicable_changes(db: UnitOfWork, changes: Sequence[Change]) -> tuple[list[Change], list[str]]:
    """The changes without those that put a paper in which has left the list since; with what is said of these."""
    put = [change.item for change in changes if isinstance(change, PutItem)]
    brought = await db.submissions.many(item.submission for item in put if item.submission)
    off = {id for id, one in brought.items() if one.state not in OPEN_STATES or one.merged_into_id}
    withdrawn = {paper.key for paper in await db.papers.by_keys(item.key for item in put) if paper.withdrawn}
    said = [f"“{item.title}” was withdrawn." for item in put if item.key in withdrawn]
    said += [f"“{item.title}” has left the list." for item in put if item.submission in off]

    def fits(change: Change) -> bool:
        item = change.item if isinstance(change, PutItem) else None
        return item is None or (item.key not in withdrawn and item.submission not in off)

    return [change for change in changes if fits(change)], said


def _refuse_approved(edition: Edition | None) -> None:
    if edition and edition.state == EditionState.APPROVED:
        raise UserError(f"No. {edition.number} is approved already. `/edition unapprove` opens it again.")


async def _replace_older_draft(db: UnitOfWork, edition: Edition) -> None:
    """A draft that was held until the next due time serves that one; its own is closed without a word."""
    held = await db.slots.get(edition.slot_id, lock=True) if edition.slot_id else None
    if held and held.state == SlotState.DUE:
        held.state, held.why = SlotState.SKIPPED, "the next edition took its draft over"


def _issued(app: App, material: EditionMaterial) -> datetime:
    """The moment that the edition is dated with: when it goes out, as far as is known; never in the past."""
    current = material.edition
    due = material.slot.due_at if material.slot else None
    if (
        current
        and current.publish_at
        and (current.goes_alone or (material.slot and current.slot_id == material.slot.id))
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
            issued=_issued(app, material),
            now=app.now(),
            turnout=material.turnout,
            selected_from=material.selected_from,
            selected_where=material.selected_where,
        ),
        chosen,
        material.suggestions,
    )
