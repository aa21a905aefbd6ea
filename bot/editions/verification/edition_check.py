"""What an edition says, held against what the club has read: quotes word for word; numbers, names and links grounded.

A quote that stands nowhere keeps an edition from being approved. A number or a name that is not in the source may be
right all the same (a moderator knows more than the abstract), so a person must have seen it, and no clock lets it out.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Generic, TypeVar

from bot.domain.summary_values import Passage
from bot.editions.model.blocks import ListBlock, Paragraph, Quotation
from bot.editions.model.document import Document, Item
from bot.editions.model.prose import Citation, Prose, plain
from bot.editions.verification.grounding import GroundingChecker
from bot.editions.verification.quotes import QuoteFinder

ResultType = TypeVar("ResultType")


@dataclass(frozen=True, slots=True)
class SourceTexts:
    """All that the club has read of one item."""

    title: str
    passages: tuple[Passage, ...]

    @property
    def text(self) -> str:
        """The title and the texts, one paragraph each."""
        return "\n\n".join((self.title, *(passage.text for passage in self.passages)))


@dataclass(frozen=True, slots=True)
class UnsupportedClaim:
    """Something in an item that does not stand in what was read of it."""

    item: Item
    description: str


def misquoted(document: Document, read: Mapping[str, SourceTexts]) -> Iterator[UnsupportedClaim]:
    """The quotes that stand in no text the club has; by the item's key in `read`."""
    for item in document.items:
        quotes = [block for block in item.blocks if isinstance(block, Quotation)]
        if not quotes:
            continue
        known = read.get(item.key, SourceTexts("", ()))
        for quote in quotes:
            if not is_verbatim(quote.text, known):
                yield UnsupportedClaim(item, quote.text)


def is_verbatim(text: str, known: SourceTexts) -> bool:
    """Whether these words stand in what was read."""
    return _cached_is_verbatim(text, known.passages)


def ungrounded(document: Document, read: Mapping[str, SourceTexts]) -> Iterator[UnsupportedClaim]:
    """The numbers, names and links in Why and Key insights of papers that are not in what was read of them."""
    for item in document.items:
        if item.kind == "paper" and (known := read.get(item.key)) and known.passages:
            yield from (UnsupportedClaim(item, what) for what in unsupported_claims(text_to_check(item), known.text))


def text_to_check(item: Item) -> str:
    """What is said of an item in the edition's own words."""
    told = [item.why]
    for block in item.insights:
        if isinstance(block, Paragraph):
            told.append(block.words)
        elif isinstance(block, ListBlock):
            told += [point.words for _, point, _ in block.rows()]
    return "\n".join(_uncited(words) for words in told).strip()


def _uncited(words: Prose) -> str:
    """Running text without the numbers of its citations, which are the edition's own."""
    return plain(tuple(span for span in words if not isinstance(span, Citation)))


def unsupported_claims(text: str, source: str) -> tuple[str, ...]:
    """What a text says and the source does not, in words: `number “530B”`. Remembered: drafts are looked at often."""
    if not text:
        return ()
    return _CLAIMS_CACHE.of((text, source), lambda: tuple(dict.fromkeys(map(str, GroundingChecker(source).claims_in(text)))))


def _cached_is_verbatim(text: str, passages: Sequence[Passage]) -> bool:
    read = (part for passage in passages for part in (passage.name, passage.text))
    return _VERBATIM_CACHE.of((text, *read), lambda: QuoteFinder(passages).has(text))


class _Cache(Generic[ResultType]):
    """What was found for some texts, by their hash: whole papers are not kept for it."""

    def __init__(self, most: int) -> None:
        self._found: OrderedDict[bytes, ResultType] = OrderedDict()
        self._most = most

    def of(self, texts: Sequence[str], find: Callable[[], ResultType]) -> ResultType:
        """What was found before, or is found now."""
        key = sha256("\0".join(texts).encode("utf-8", "replace")).digest()
        if key in self._found:
            return self._found[key]
        found = self._found[key] = find()
        if len(self._found) > self._most:
            self._found.popitem(last=False)
        return found


_CLAIMS_CACHE: _Cache[tuple[str, ...]] = _Cache(1_000)
_VERBATIM_CACHE: _Cache[bool] = _Cache(5_000)
