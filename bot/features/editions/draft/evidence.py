"""What the club has read of the items of an edition: what quotes and numbers are held against."""

from __future__ import annotations

from bot.domain.models import Paper
from bot.domain.summary_values import Passage
from bot.editions.compose.composer import submissions
from bot.editions.model.document import Document
from bot.editions.verification.edition_check import SourceTexts
from bot.features.shared.full_text import source_of
from bot.store import UnitOfWork


async def source_texts_of(db: UnitOfWork, document: Document) -> dict[str, SourceTexts]:
    """All that was read of each item, by its key: a paper's texts, and the texts that moderators gave."""
    keys = [item.key for item in document.items]
    given = await db.quote_ledger.passages(keys)
    brought = await db.submissions.many(submissions(document))
    papers = {submission.paper.key: submission.paper for submission in brought.values()}
    papers |= {paper.key: paper for paper in await db.papers.by_keys(key for key in keys if key not in papers)}
    whole = await db.full_texts.get({paper.id: paper.version for paper in papers.values()})
    found = {}
    for item in document.items:
        paper, texts = papers.get(item.key), tuple(given.get(item.key, ()))
        if paper is None:
            found[item.key] = SourceTexts(item.title, texts)
        else:
            sections = whole[paper.id].passages if paper.id in whole else ()
            found[item.key] = SourceTexts(paper.title, (*_texts(paper, sections), *texts))
    return found


async def passages_of_paper(db: UnitOfWork, key: str, paper: Paper | None) -> tuple[Passage, ...]:
    """What can be quoted from: the paper's own texts, then those that moderators gave."""
    own: tuple[Passage, ...] = ()
    if paper and paper.abstract:
        whole = (await db.full_texts.get({paper.id: paper.version})).get(paper.id)
        own = source_of(paper, whole.passages if whole else ()).passages
    return (*own, *(await db.quote_ledger.passages([key])).get(key, ()))


def _texts(paper: Paper, sections: tuple[Passage, ...]) -> tuple[Passage, ...]:
    """A paper's texts and what its record says beside them, where a number or a name may come from too."""
    record = [("comment", paper.comment), ("journal", paper.journal_ref), ("authors", ", ".join(paper.authors))]
    return (
        *source_of(paper, sections).passages,
        *(Passage(name, said) for name, said in record if said and paper.abstract),
    )
