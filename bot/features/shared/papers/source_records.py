"""Records of papers, asked from the sources that have them."""

from __future__ import annotations

from bot.app import App
from bot.domain.links.identify import PaperRef
from bot.domain.paper_record import PaperRecord


async def ask_source(app: App, ref: PaperRef) -> PaperRecord | None:
    """Record of a paper from arXiv, or from the registries of DOIs; None if its source does not have it.

    Raises Unavailable while the source cannot be reached. Never call it inside a transaction.
    """
    if ref.source == "arxiv":
        return (await app.paper_source.records([ref.id])).get(ref.id)
    return await app.doi_registry.record(ref.id) if app.doi_registry else None
