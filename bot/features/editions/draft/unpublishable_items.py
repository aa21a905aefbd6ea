"""Items of a draft whose papers can no longer be published."""

from __future__ import annotations

from dataclasses import dataclass

from bot.chat.text import truncate
from bot.domain.models import Edition, EditionState, Submission
from bot.domain.withdrawals import paper_withdrawal
from bot.editions.model.document import Document, Item
from bot.features.editions.draft.source_texts import DocumentRows, rows_of
from bot.features.shared.papers.paper_cards import state_text
from bot.locale.current import _
from bot.store import UnitOfWork
from bot.store.papers.submissions import OPEN_STATES


@dataclass(frozen=True, slots=True)
class UnpublishableItem:
    """Item of a draft whose paper can no longer be published, with a sentence without a full stop that says why."""

    item: Item
    problem: str


async def unpublishable_items(
    db: UnitOfWork, edition: Edition, document: Document, rows: DocumentRows | None = None
) -> list[UnpublishableItem]:
    """Items of a draft that cannot be published: in another edition, merged, removed from the list, or withdrawn.

    `rows` are those behind the items where they are loaded already.
    """
    if edition.state != EditionState.DRAFT:
        return []
    rows = rows or await rows_of(db, document)
    items = {item.submission: item for item in document.items if item.submission}
    published_in = await db.editions.numbers_by_submission(list(items))
    unfit = []
    for id, item in items.items():
        if submission := rows.submissions.get(id):
            problem = _problem_of(submission, published_in.get(id))
            unfit += [UnpublishableItem(item, problem)] if problem else []
    numbers = {submission.paper.key: f"#{submission.number}" for submission in rows.submissions.values()}
    by_key = {item.key: item for item in document.items}
    for paper in (rows.papers[key] for key in by_key if key in rows.papers):
        if withdrawal := paper_withdrawal(paper):
            item = by_key[paper.key]
            name = numbers.get(paper.key) or _("“{text}”", text=truncate(item.title, 60))
            problem = _("{numbers} was {withdrawal_phrase}", numbers=name, withdrawal_phrase=withdrawal.phrase)
            unfit.append(UnpublishableItem(item, problem))
    return unfit


def _problem_of(submission: Submission, published_in: int | None) -> str:
    """Reason why a submission cannot be published with a draft; empty if it can."""
    number = submission.number
    if published_in is not None:
        return _(
            "#{submission_number} is already in No. {published_in}", submission_number=number, published_in=published_in
        )
    if submission.merged_into_id:
        return _("#{submission_number} was merged into another", submission_number=number)
    if submission.state not in OPEN_STATES and not submission.paper.withdrawn:
        return _("#{submission_number} is {state}", submission_number=number, state=state_text(submission))
    return ""
