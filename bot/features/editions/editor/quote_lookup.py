"""Lookup of quotes in the texts that the club has of an item: the paper's own, and those that moderators gave."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

from bot.chat.text import truncate
from bot.domain.models import Paper
from bot.domain.summary_values import Passage, SourceQuote
from bot.editions.compose.item_builder import source
from bot.editions.edit import markup_parser
from bot.editions.model.blocks import Quotation
from bot.editions.model.derived_fields import reference_numbers
from bot.editions.model.document import Document, Item
from bot.editions.verification.quotes import QuoteFinder, compared_words
from bot.errors import UserError
from bot.features.editions.draft.source_texts import passages_of_paper
from bot.locale.current import _
from bot.store import UnitOfWork

MIN_SIMILARITY = 0.5
"""Minimum share of the typed words in the most similar sentence for it to be shown."""


class QuoteNotFound(UserError):
    """No source has these words; `nearest` is the most similar sentence, empty if none is similar."""

    def __init__(self, say: str, nearest: str) -> None:
        super().__init__(say, field="text")
        self.nearest = nearest


def look_up(passages: tuple[Passage, ...], words: str, source_name: str) -> SourceQuote:
    """The quote with its position. Raises QuoteNotFound with the most similar sentence; UserError without texts."""
    if not passages:
        raise UserError(
            _(
                "I have no text of {source_name}. Add it with `/edition source`, or give `source=…` here.",
                source_name=source_name,
            ),
            field="text",
        )
    finder = QuoteFinder(passages)
    if found := finder.find(words):
        return found
    nearest = nearest_passage(finder, words)
    if not nearest:
        raise QuoteNotFound(
            _(
                "“{words}” is not in {source_name}, nor anything close to it.",
                words=truncate(words, 120),
                source_name=source_name,
            ),
            "",
        )
    raise QuoteNotFound(
        _(
            "“{words}” is not in {source_name}. The closest is: “{nearest}”",
            words=truncate(words, 120),
            source_name=source_name,
            nearest=truncate(nearest, 600),
        ),
        nearest,
    )


def nearest_passage(finder: QuoteFinder, words: str) -> str:
    """The sentence of the texts that is most like a quote; empty if none has half of its words."""
    nearest, _unused = finder.nearest(words)
    asked_words, nearest_words = set(compared_words(words)), set(compared_words(nearest))
    return nearest if len(asked_words & nearest_words) >= MIN_SIMILARITY * len(asked_words) else ""


def hash_of_words(words: str) -> str:
    """Short name of a quote or a note for a button: the start of a hash of its words."""
    return hashlib.sha256(" ".join(words.split()).encode("utf-8", "surrogatepass")).hexdigest()[:8]


def quotation(found: SourceQuote, key: str, paper: Paper | None, *, where: str = "") -> Quotation:
    """A quote that was found, as a block of an edition."""
    name = source(paper) if paper and not found.given_by else key
    return Quotation(
        found.text, where or found.passage, source=name, start=found.start, end=found.end, given_by=found.given_by
    )


async def quotes_in(db: UnitOfWork, document: Document, item: Item, text: str) -> dict[str, Quotation]:
    """New quotes in a typed text that are in a source, by the typed words. Others stay unverified."""
    existing = {" ".join(block.text.split()) for block in item.blocks if isinstance(block, Quotation)}
    typed = [b for b in markup_parser.parse_blocks(text, cited=reference_numbers(document)) if isinstance(b, Quotation)]
    new = [quote for quote in typed if " ".join(quote.text.split()) not in existing]
    if not new:
        return {}
    paper = await db.papers.by_key(item.key)
    return found_quotes(new, item.key, paper, await passages_of_paper(db, item.key, paper))


def found_quotes(
    quotes: Iterable[Quotation], key: str, paper: Paper | None, passages: Sequence[Passage]
) -> dict[str, Quotation]:
    """Quotes that are in the passages, worded as there, by their text. A credit by hand stays."""
    finder = QuoteFinder(passages)
    looked_up = ((quote, finder.find(quote.text)) for quote in quotes)
    return {quote.text: quotation(found, key, paper, where=quote.where) for quote, found in looked_up if found}
