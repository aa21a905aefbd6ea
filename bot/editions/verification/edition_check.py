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
from bot.editions.model.authorship import is_generated
from bot.editions.model.blocks import Quotation
from bot.editions.model.document import Document, Item
from bot.editions.model.prose import plain
from bot.editions.text_analysis.gaps import without_gaps
from bot.editions.verification.dangling_citations import dangling_citations
from bot.editions.verification.grounding import GroundingChecker, UngroundedClaim
from bot.editions.verification.human_doubts import HumanTextChecker
from bot.editions.verification.quotes import QuoteFinder
from bot.editions.verification.running_quotes import RunningQuote, notes, own_texts, running_quotes, uncited

ResultType = TypeVar("ResultType")
LIKELY_INVENTED = 0.9
"""Score of words in quotation marks that are in no text: only a sentence that is all the source's but one word is
likelier a mistake."""


@dataclass(frozen=True, slots=True)
class SourceTexts:
    """All stored texts of one item."""

    title: str
    passages: tuple[Passage, ...]
    vouching: bool = True
    """True if the club lets moderators vouch for a quote that is in none of them."""

    @property
    def text(self) -> str:
        """The title and the texts, one paragraph each, without sentences of which a part is missing."""
        return "\n\n".join((self.title, *(without_gaps(passage.text) for passage in self.passages)))


@dataclass(frozen=True, slots=True)
class UnsupportedClaim:
    """A statement about an item that its stored texts do not support."""

    item: Item
    description: str
    generated: bool = False
    """True if a writer's text states it; False for a person's."""


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


def unfound_running_quotes(document: Document, read: Mapping[str, SourceTexts]) -> Iterator[tuple[Item, RunningQuote]]:
    """Words in quotation marks in running texts that are in no stored text, each with its item."""
    for item in document.items:
        source = read.get(item.key, SourceTexts("", ()))
        for quote in running_quotes(document, item):
            if not is_verbatim(quote.words, source):
                yield item, quote


def is_verbatim(text: str, source: SourceTexts) -> bool:
    """Return True if the words are in the stored texts verbatim."""
    return _cached_is_verbatim(text, source.passages)


def ungrounded(document: Document, read: Mapping[str, SourceTexts]) -> Iterator[UnsupportedClaim]:
    """Claims about papers that their stored texts lack: every one of a writer, then likely mistakes of people.

    Those of people are ranked, the likeliest first (`bot.editions.verification.human_doubts`). Citations that meet
    nothing come before them.
    """
    doubts: list[tuple[float, UnsupportedClaim]] = []
    for item, quote in unfound_running_quotes(document, read):
        if quote.statement:
            claim = UnsupportedClaim(item, str(UngroundedClaim("quote", quote.words, 0, 0)), quote.generated)
            doubts.append((LIKELY_INVENTED, claim))
    in_marks = {(doubt.item.key, _without_marks(doubt.description)) for _, doubt in doubts}
    for item in document.items:
        if item.kind == "paper" and (source := read.get(item.key)) and source.passages:
            generated_text, by_people = texts_by_author(item)
            for description in unsupported_claims(generated_text, source.text):
                if (item.key, _without_marks(description)) not in in_marks:
                    yield UnsupportedClaim(item, description, generated=True)
            doubts += [
                (score, UnsupportedClaim(item, description))
                for score, description in likely_mistakes(by_people, source.text)
                if (item.key, _without_marks(description)) not in in_marks
            ]
    for dangling in dangling_citations(document):
        if dangling.item:
            yield UnsupportedClaim(dangling.item, f"citation “{dangling.mark}”")
    yield from (claim for _, claim in sorted(doubts, key=lambda doubt: -doubt[0]))


async def doubts(
    document: Document, read: Mapping[str, SourceTexts]
) -> tuple[list[UnsupportedClaim], list[UnsupportedClaim]]:
    """The misquoted and the ungrounded claims of a document, searched in a thread: a long text takes seconds."""
    return await asyncio.to_thread(lambda: (list(misquoted(document, read)), list(ungrounded(document, read))))


def texts_by_author(item: Item) -> tuple[str, str]:
    """Texts about an item, one block a line: those of its writer, and those of people, notes included."""
    generated: list[str] = []
    by_people: list[str] = []
    for words in own_texts(item):
        (generated if is_generated(item, plain(words)) else by_people).append(uncited(words))
    by_people += [uncited(words) for words in notes(item)]
    return "\n".join(generated).strip(), "\n".join(by_people).strip()


def unsupported_claims(text: str, source: str) -> tuple[str, ...]:
    """Claims of a text that its source does not support, as words: `number “530B”`. Cached, since drafts are displayed
    often."""
    if not text:
        return ()
    return _CLAIMS_CACHE.of(
        (text, source), lambda: tuple(dict.fromkeys(map(str, GroundingChecker(source).claims_in(text))))
    )


def likely_mistakes(text: str, source: str) -> tuple[tuple[float, str], ...]:
    """Likely mistakes of a person's text, each with its score, the likeliest first. Cached like those of writers."""
    if not text:
        return ()
    return _MISTAKES_CACHE.of(
        (text, source),
        lambda: tuple(
            {str(d.claim): (d.score, str(d.claim)) for d in reversed(HumanTextChecker(source).doubts_in(text))}.values()
        )[::-1],
    )


def _without_marks(description: str) -> str:
    """Words of a claim, whatever quotation marks are around them."""
    return description.partition("“")[2].strip('“”"«»„ ')


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
_MISTAKES_CACHE: _Cache[tuple[tuple[float, str], ...]] = _Cache(1_000)
_VERBATIM_CACHE: _Cache[bool] = _Cache(5_000)
