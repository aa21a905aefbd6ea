"""Citations in typed texts: bound to their works, looked up among the club's papers, and shown with what they mean."""

from __future__ import annotations

import re

from bot.chat.cards import Part, note
from bot.chat.phrases import phrase
from bot.chat.rich_text import parse_backticks
from bot.chat.text import truncate
from bot.editions.edit.changes import Change, ReferenceChange
from bot.editions.model.derived_fields import citation_key
from bot.editions.model.document import Document, Item, Work
from bot.editions.model.prose import cited_numbers
from bot.editions.verification.dangling_citations import dangling_citations
from bot.latex.reader import latex_to_text
from bot.locale.current import _
from bot.store import UnitOfWork

_KEY = re.compile(r"\[@([^\[\]\s]{1,300})\]")
_ARXIV = re.compile(r"\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7}")
MAX_SHOWN = 10
"""Citations that a card explains."""


async def cited_works(db: UnitOfWork, document: Document, text: str) -> list[Change]:
    """References to add, so that each `[@key]` of a text is one: works that the club knows by that key."""
    known = {citation_key(entry.work) for entry in document.references}
    keys = {f"arxiv:{key}" if _ARXIV.fullmatch(key) else key for key in _KEY.findall(text)} - known
    papers = await db.papers.by_keys(keys) if keys else ()
    return [ReferenceChange(Work.of(paper, latex_to_text)) for paper in papers]


def citation_notes(document: Document, *texts: object, item: Item | None = None) -> tuple[Part, ...]:
    """Works that the numbers in these texts cite, and citations of the item, or of the edition, without a reference."""
    numbers = set().union(*(cited_numbers(text) for text in texts))
    titles = [
        f"[{entry.number}] {truncate(entry.work.title, 80)}" for entry in document.references if entry.number in numbers
    ]
    key = item.key if item else ""
    dangling = [found.mark for found in dangling_citations(document) if (found.item.key if found.item else "") == key]
    parts = [note(*phrase("Cited: {titles}", titles="; ".join(titles[:MAX_SHOWN])))] if titles else []
    if dangling:
        marks = ", ".join(dangling[:MAX_SHOWN])
        parts.append(
            note(
                *parse_backticks(
                    _(
                        "Not in the references: {marks}. Add the work with `/edition cite`, then type its number.",
                        marks=marks,
                    )
                )
            )
        )
    return tuple(parts)
