"""Looking quotes up: words in quotation marks are somebody's words, letter by letter, or they are refused."""

from __future__ import annotations

import re

from bot.chat.text import truncate
from bot.domain.models import Paper
from bot.domain.summary_values import Passage, SourceQuote
from bot.editions.compose.item_builder import source
from bot.editions.edit import markup_parser
from bot.editions.model.blocks import Quotation
from bot.editions.model.derived_fields import reference_numbers
from bot.editions.model.document import Document, Item
from bot.editions.verification.quotes import QuoteFinder
from bot.errors import UserError
from bot.features.editions.draft.evidence import passages_of_paper
from bot.store import UnitOfWork

MIN_SIMILARITY = 0.5
"""The share of the asked words that the nearest sentence must have to be worth showing."""


class QuoteNotFound(UserError):
    """The words stand nowhere; `nearest` is the sentence most like them, if any is."""

    def __init__(self, say: str, nearest: str) -> None:
        super().__init__(say, field="text")
        self.nearest = nearest


def look_up(passages: tuple[Passage, ...], words: str, where: str) -> SourceQuote:
    """The quote, cut out of the text it stands in. Raises Misquoted, which shows the nearest sentence."""
    if not passages:
        raise UserError(
            f"The club has read no text of {where}. Give the text it stands in too: `/edition quote … source=…`.",
            field="text",
        )
    ledger = QuoteFinder(passages)
    if found := ledger.find(words):
        return found
    near, _ = ledger.nearest(words)
    asked, there = set(re.findall(r"\w+", words.lower())), set(re.findall(r"\w+", near.lower()))
    if len(asked & there) < MIN_SIMILARITY * len(asked):
        raise QuoteNotFound(f"“{truncate(words, 120)}” does not stand in {where}, and nothing like it.", "")
    raise QuoteNotFound(
        f"“{truncate(words, 120)}” does not stand in {where}. The nearest is: “{truncate(near, 600)}”", near
    )


def quotation(found: SourceQuote, key: str, paper: Paper | None, *, where: str = "") -> Quotation:
    """A quote that was looked up, as a block of an edition."""
    name = source(paper) if paper else key
    return Quotation(found.text, where or found.passage, source=name, start=found.start, end=found.end)


async def quotes_in(db: UnitOfWork, document: Document, item: Item, text: str) -> dict[str, Quotation]:
    """The quotes in a typed text, each looked up, by the words that were typed; those that the item has are left out.

    Raises Misquoted where one stands nowhere.
    """
    there = {" ".join(block.text.split()) for block in item.passages if isinstance(block, Quotation)}
    asked = [b for b in markup_parser.parse_blocks(text, cited=reference_numbers(document)) if isinstance(b, Quotation)]
    new = [quote for quote in asked if " ".join(quote.text.split()) not in there]
    if not new:
        return {}
    paper = await db.papers.by_key(item.key)
    passages = await passages_of_paper(db, item.key, paper)
    where = f"“{truncate(item.title, 60)}”"
    return {
        quote.text: quotation(look_up(passages, quote.text, where), item.key, paper, where=quote.where) for quote in new
    }
