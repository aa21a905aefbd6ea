"""Texts that the club has read about the items of an edition; quotes and numbers are checked against them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.club_settings import ClubSettings
from bot.domain.models import Paper, Submission
from bot.domain.summary_values import Passage
from bot.editions.compose.composer import submissions
from bot.editions.model.document import Document
from bot.editions.verification.edition_check import SourceTexts
from bot.features.shared.papers.full_text import summary_source
from bot.store import UnitOfWork


@dataclass(frozen=True, slots=True)
class DocumentRows:
    """Rows behind an edition's items: submissions by id, and papers by key, those that nobody submitted included."""

    submissions: Mapping[int, Submission]
    papers: Mapping[str, Paper]


async def rows_of(db: UnitOfWork, document: Document, *also: int) -> DocumentRows:
    """Load the rows behind the items; `also` are ids of further submissions."""
    found = await db.submissions.many((*submissions(document), *also))
    papers = {submission.paper.key: submission.paper for submission in found.values()}
    unknown = [item.key for item in document.items if item.key not in papers]
    return DocumentRows(found, papers | {paper.key: paper for paper in await db.papers.by_keys(unknown)})


async def source_texts_of(
    db: UnitOfWork, document: Document, rows: DocumentRows | None = None
) -> dict[str, SourceTexts]:
    """All texts that were read about each item, by the item's key: the paper's own, and those that moderators gave.

    `rows` are those behind the items where they are loaded already.
    """
    moderator_texts = await db.quote_ledger.passages([item.key for item in document.items])
    papers = (rows or await rows_of(db, document)).papers
    shown = {item.key for item in document.items}
    full_texts = await db.full_texts.get({paper.id: paper.version for key, paper in papers.items() if key in shown})
    vouching = ClubSettings.of((await db.club()).settings).vouching
    found = {}
    for item in document.items:
        paper, texts = papers.get(item.key), tuple(moderator_texts.get(item.key, ()))
        if paper is None:
            found[item.key] = SourceTexts(item.title, texts, vouching)
        else:
            sections = full_texts[paper.id].passages if paper.id in full_texts else ()
            found[item.key] = SourceTexts(paper.title, (*_paper_texts(paper, sections), *texts), vouching)
    return found


async def passages_of_paper(db: UnitOfWork, key: str, paper: Paper | None) -> tuple[Passage, ...]:
    """Passages that can be quoted: the paper's own, then those that moderators gave."""
    paper_passages: tuple[Passage, ...] = ()
    if paper and paper.abstract:
        full_text = (await db.full_texts.get({paper.id: paper.version})).get(paper.id)
        paper_passages = summary_source(paper, full_text.passages if full_text else ()).passages
    return (*paper_passages, *(await db.quote_ledger.passages([key])).get(key, ()))


def _paper_texts(paper: Paper, sections: tuple[Passage, ...]) -> tuple[Passage, ...]:
    """Texts of a paper and of its record, which numbers and names may come from too."""
    record = [("comment", paper.comment), ("journal", paper.journal_ref), ("authors", ", ".join(paper.authors))]
    return (
        *summary_source(paper, sections).passages,
        *(Passage(name, value) for name, value in record if value and paper.abstract),
    )
