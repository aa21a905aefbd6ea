"""Papers of an edition that are on no list, such as those of an import: known to the club once published."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.links.sites import SiteKind
from bot.domain.models import Edition, Submission
from bot.editions.model.document import Document, Item, from_json, sha256
from bot.editions.model.document import to_json as document_json
from bot.store import UnitOfWork
from bot.store.papers.reading_history import HistoryPaper
from bot.store.papers.submissions import CLOSED_STATES


async def register_papers(db: UnitOfWork, edition: Edition) -> int:
    """Add the papers of a published edition that have no submission to the club's papers, as read.

    They are found by the search and have pages, and cannot be submitted again. No card is posted, and nobody is
    credited with them. A submission of the same paper that is in no other edition becomes the edition's. Returns the
    number of papers of the edition that got a submission. The edition's row is locked.
    """
    document = from_json(edition.document)
    wanted = [item for item in document.items if _is_unlisted_paper(item)]
    if not wanted or edition.published_at is None:
        return 0
    known = {paper.key for paper in await db.papers.by_keys([item.key for item in wanted])}
    found = await _submissions(db, wanted)
    new = [item for item in wanted if item.key not in found and (item.key in known or _has_id(item.key))]
    if new:
        by = await db.editions.responsible_member(edition)
        papers = [HistoryPaper(i.key, i.url, i.title, SiteKind.PAPER, read_at=edition.published_at) for i in new]
        await db.reading_history.add(papers, member_id=by, now=edition.published_at)
        found |= await _submissions(db, new)
    taken = await db.editions.numbers_by_submission([one.id for one in found.values()])
    ours = {key: one for key, one in found.items() if one.id not in taken and one.state not in CLOSED_STATES}
    if not ours:
        return 0
    places = {item.key: place for place, item in enumerate(document.items, 1)}
    await db.editions.add_items(edition.id, {one.id: places[key] for key, one in ours.items()})
    edition.document = document_json(_with_submissions(document, ours))
    edition.sha = sha256(edition.document)
    return len(ours)


async def _submissions(db: UnitOfWork, items: list[Item]) -> dict[str, Submission]:
    """The submissions of items by their keys; of a merged one, that which it was merged into."""
    found = await db.submissions.by_keys([item.key for item in items])
    into = await db.submissions.many({one.merged_into_id for one in found.values() if one.merged_into_id})
    return {key: into.get(one.merged_into_id or one.id, one) for key, one in found.items()}


def _is_unlisted_paper(item: Item) -> bool:
    return item.kind == "paper" and not item.submission and bool(item.url) and not item.pending


def _has_id(key: str) -> bool:
    return key.startswith(("arxiv:", "doi:"))


def _with_submissions(document: Document, found: dict[str, Submission]) -> Document:
    def listed(item: Item) -> Item:
        one = found.get(item.key)
        return replace(item, submission=one.id, brought=one.number) if one and not item.submission else item

    sections = tuple(replace(section, items=tuple(map(listed, section.items))) for section in document.sections)
    return replace(document, sections=sections)
