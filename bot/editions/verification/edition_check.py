"""Checks an edition against its stored sources: quotes must be verbatim; numbers, names and links must be grounded.

An edition with a quote that is not verbatim cannot be approved. A number or name that is missing from the source may
still be correct (a moderator knows more than the abstract), so a person must confirm it and the edition is not
published automatically.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from threading import Lock
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
    """All stored texts of one item."""

    title: str
    passages: tuple[Passage, ...]
    vouching: bool = True
    """True if the club lets moderators vouch for a quote that is in none of them."""

    @property
    def text(self) -> str:
        """The title and the texts, one paragraph each."""
        return "\n\n".join((self.title, *(passage.text for passage in self.passages)))


@dataclass(frozen=True, slots=True)
class UnsupportedClaim:
    """A statement about an item that its stored texts do not support."""

    item: Item
    description: str


def misquoted(document: Document, read: Mapping[str, SourceTexts]) -> Iterator[UnsupportedClaim]:
    """Quotes that are not verbatim in the stored texts; `read` maps item keys to those."""
    for item, quote in unverified_quotes(document, read):
        yield UnsupportedClaim(item, quote.text)


def unverified_quotes(document: Document, read: Mapping[str, SourceTexts]) -> Iterator[tuple[Item, Quotation]]:
    """Quotes of every field that are in no stored text and that nobody vouches for, each with its item.

    What was vouched for counts as unverified where the club forbids it.
    """
    for item in document.items:
        source = read.get(item.key, SourceTexts("", ()))
        for block in item.blocks:
            if not isinstance(block, Quotation) or (block.voucher and source.vouching):
                continue
            if not is_verbatim(block.text, source):
                yield item, block


def is_verbatim(text: str, source: SourceTexts) -> bool:
    """Return True if the words are in the stored texts verbatim."""
    return _cached_is_verbatim(text, source.passages)


def ungrounded(document: Document, read: Mapping[str, SourceTexts]) -> Iterator[UnsupportedClaim]:
    """Numbers, names and links in Why and Key insights of papers that are missing from their stored texts."""
    for item in document.items:
        if item.kind == "paper" and (source := read.get(item.key)) and source.passages:
            yield from (UnsupportedClaim(item, claim) for claim in unsupported_claims(text_to_check(item), source.text))


async def doubts(
    document: Document, read: Mapping[str, SourceTexts]
) -> tuple[list[UnsupportedClaim], list[UnsupportedClaim]]:
    """The misquoted and the ungrounded claims of a document, searched in a thread: a long text takes seconds."""
    return await asyncio.to_thread(lambda: (list(misquoted(document, read)), list(ungrounded(document, read))))


def text_to_check(item: Item) -> str:
    """The edition's own text about an item: Why and Key insights, one block a line."""
    texts = [item.why]
    for block in item.insights:
        if isinstance(block, Paragraph):
            texts.append(block.words)
        elif isinstance(block, ListBlock):
            texts += [point.words for _, point, _ in block.rows()]
    return "\n".join(_uncited(words) for words in texts).strip()


def _uncited(words: Prose) -> str:
    """Running text without the numbers of its citations, which are the edition's own."""
    return plain(tuple(span for span in words if not isinstance(span, Citation)))


def unsupported_claims(text: str, source: str) -> tuple[str, ...]:
    """Claims of a text that its source does not support, as words: `number “530B”`. Cached, since drafts are displayed
    often."""
    if not text:
        return ()
    return _CLAIMS_CACHE.of(
        (text, source), lambda: tuple(dict.fromkeys(map(str, GroundingChecker(source).claims_in(text))))
    )


def _cached_is_verbatim(text: str, passages: Sequence[Passage]) -> bool:
    read = (part for passage in passages for part in (passage.name, passage.text))
    return _VERBATIM_CACHE.of((text, *read), lambda: QuoteFinder(passages).has(text))


class _Cache(Generic[ResultType]):
    """LRU cache keyed by the hash of the texts, so that whole papers are not held in memory."""

    def __init__(self, max_size: int) -> None:
        self._results: OrderedDict[bytes, ResultType] = OrderedDict()
        self._max_size = max_size
        self._lock = Lock()

    def of(self, texts: Sequence[str], find: Callable[[], ResultType]) -> ResultType:
        """The cached result for these texts, computed by `find` if missing."""
        key = sha256("\0".join(texts).encode("utf-8", "replace")).digest()
        with self._lock:
            if key in self._results:
                return self._results[key]
        found = find()
        with self._lock:
            self._results[key] = found
            if len(self._results) > self._max_size:
                self._results.popitem(last=False)
        return found


_CLAIMS_CACHE: _Cache[tuple[str, ...]] = _Cache(1_000)
_VERBATIM_CACHE: _Cache[bool] = _Cache(5_000)
