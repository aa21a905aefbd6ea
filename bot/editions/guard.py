"""What an edition says, held against what the club has read: quotes word for word; numbers, names and links grounded.

A quote that stands nowhere keeps an edition from being approved. A number or a name that is not in the source may be
right all the same (a moderator knows more than the abstract), so a person must have seen it, and no clock lets it out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.domain.summaries import Passage
from bot.editions.blocks import Listing, Paragraph, Quotation
from bot.editions.document import Document, Item
from bot.editions.prose import Cite, Prose, plain
from bot.editions.writing.grounding import Ground
from bot.editions.writing.quotes import Ledger


@dataclass(frozen=True, slots=True)
class Read:
    """All that the club has read of one item."""

    title: str
    passages: tuple[Passage, ...]

    @property
    def text(self) -> str:
        """The title and the texts, one paragraph each."""
        return "\n\n".join((self.title, *(passage.text for passage in self.passages)))


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something in an item that does not stand in what was read of it."""

    item: Item
    what: str


def misquoted(document: Document, read: Mapping[str, Read]) -> Iterator[Doubt]:
    """The quotes that stand in no text the club has; by the item's key in `read`."""
    for item in document.items:
        quotes = [block for block in item.blocks if isinstance(block, Quotation)]
        if not quotes:
            continue
        known = read.get(item.key, Read("", ()))
        for quote in quotes:
            if not stands(quote.text, known):
                yield Doubt(item, quote.text)


def stands(text: str, known: Read) -> bool:
    """Whether these words stand in what was read."""
    return _stands(text, known.passages)


def ungrounded(document: Document, read: Mapping[str, Read]) -> Iterator[Doubt]:
    """The numbers, names and links in Why and Key insights of papers that are not in what was read of them."""
    for item in document.items:
        if item.kind == "paper" and (known := read.get(item.key)) and known.passages:
            yield from (Doubt(item, what) for what in doubts(spoken(item), known.text))


def spoken(item: Item) -> str:
    """What is said of an item in the edition's own words."""
    told = [item.why]
    for block in item.insights:
        if isinstance(block, Paragraph):
            told.append(block.words)
        elif isinstance(block, Listing):
            told += [point.words for _, point, _ in block.rows()]
    return "\n".join(_uncited(words) for words in told).strip()


def _uncited(words: Prose) -> str:
    """Running text without the numbers of its citations, which are the edition's own."""
    return plain(tuple(span for span in words if not isinstance(span, Cite)))


@lru_cache(maxsize=256)
def doubts(text: str, source: str) -> tuple[str, ...]:
    """What a text says and the source does not, in words: `number “530B”`. Remembered: drafts are looked at often."""
    return tuple(dict.fromkeys(map(str, Ground(source).offenders(text)))) if text else ()


@lru_cache(maxsize=1024)
def _stands(text: str, passages: Sequence[Passage]) -> bool:
    return Ledger(passages).has(text)
