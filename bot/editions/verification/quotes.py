"""The quote ledger: words in quotation marks are the source's words, or they do not appear.

A quote is looked for and then cut out of the source again, so what is shown was never the model's (nor a moderator's)
typing. What counts as the same words is told in `bot.editions.text_analysis.normalization`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from bot.domain.summary_values import Passage, SourceQuote
from bot.editions.text_analysis.normalization import NormalizedText, TextSpan, normalize, plain
from bot.editions.text_analysis.sentences import sentences

MIN_PIECE_LENGTH = 12
"""Characters a piece of a quote must have: fewer words than that say nothing that could be quoted wrongly."""
ELLIPSIS = " […] "
"""What stands between the pieces of a quote."""

_ELLIPSIS_PATTERN = re.compile(r"\s*(?:\[(?:…|\.\.\.)\]|\((?:…|\.\.\.)\))\s*")
_SURROUNDING_QUOTES = re.compile(r"""\A["'“”‘’«»„\s]+|["'“”‘’«»„\s]+\Z""")
_WORD = re.compile(r"[^\W_]+")
_MAX_COMPARED_LENGTH = 1_000
"""Characters of a sentence that are compared when the nearest is asked for."""
_MAX_COMPARED = 8
"""Sentences compared letter by letter when the nearest is asked for; those with most words in common."""


class QuoteFinder:
    """The passages of one source, ready to be quoted from."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self._pages = [_NormalizedPassage(passage) for passage in passages]

    def find(self, text: str) -> SourceQuote | None:
        """Where these very words stand; None if they do not. Pieces around `[…]` must all stand there, in order.

        A quote begins and ends at a whole word, and no number is cut short. Quotation marks around it, and a full
        stop that closes it, need not be in the source.
        """
        for page, spans in self._verbatim_span(text):
            return page.quote(spans)
        return None

    def has(self, text: str) -> bool:
        """Whether these very words stand here: the same as finding them, and quicker."""
        return any(True for _ in self._verbatim_span(text))

    def _verbatim_span(self, text: str) -> Iterator[tuple[_NormalizedPassage, list[tuple[int, int]]]]:
        """The pages on which the words stand, with where on the page their pieces are."""
        for asked in _variants(text):
            pieces = [piece for piece in _ELLIPSIS_PATTERN.split(asked) if piece]
            if not pieces or any(len(piece) < MIN_PIECE_LENGTH for piece in pieces):
                continue
            for page in self._pages:
                if (spans := page.spans(pieces)) is not None:
                    yield page, spans

    def nearest(self, text: str) -> tuple[str, float]:
        """The sentence most like these words, readable, and how alike they are, from 0 to 1 (the same)."""
        asked = normalize(plain(text)).text.strip()[:_MAX_COMPARED_LENGTH]
        words = Counter(_WORD.findall(asked.lower()))
        candidates = list(self._sentence_runs(max(1, len(sentences(asked)))))
        candidates.sort(key=lambda stretch: -(Counter(_WORD.findall(stretch.lower())) & words).total())
        scored = [(_similarity(asked, normalize(stretch).text), stretch) for stretch in candidates[:_MAX_COMPARED]]
        score, best = max(scored, default=(0.0, ""))
        return best, score

    def _sentence_runs(self, length: int) -> Iterator[str]:
        """Every run of that many sentences."""
        for page in self._pages:
            found = sentences(page.shown)
            for first in range(max(1, len(found) - length + 1)):
                if run := found[first : first + length]:
                    yield page.shown[run[0].start : min(run[-1].end, run[0].start + _MAX_COMPARED_LENGTH)]


def find(passages: Sequence[Passage], text: str) -> SourceQuote | None:
    """Where these very words stand in the passages; None if they do not. See `Ledger.find`."""
    return QuoteFinder(passages).find(text)


def nearest(passages: Sequence[Passage], text: str) -> tuple[str, float]:
    """The sentence of the passages most like these words, for "did you mean", with a likeness from 0 to 1."""
    return QuoteFinder(passages).nearest(text)


def is_verbatim(passages: Sequence[Passage], quote: SourceQuote) -> bool:
    """Whether a quote kept earlier still stands, in the same place, in these passages."""
    again = QuoteFinder([passage for passage in passages if passage.name == quote.passage]).find(quote.text)
    return again == quote


class _NormalizedPassage:
    """One passage: as it came, as it reads, and normalised."""

    def __init__(self, passage: Passage) -> None:
        self.passage = passage
        self.shown = plain(passage.text)
        self._folded: NormalizedText = normalize(self.shown)
        self._place: TextSpan | None = None

    def spans(self, pieces: Sequence[str]) -> list[tuple[int, int]] | None:
        """Where the pieces stand in the normalised text, one after the other; None unless all do."""
        spans = []
        start = 0
        for piece in pieces:
            at = self._find_whole(piece, start)
            if at < 0:
                return None
            start = at + len(piece)
            spans.append((at, start))
        return spans

    def quote(self, spans: Sequence[tuple[int, int]]) -> SourceQuote:
        """The quote that these stretches of the normalised text make."""
        seen = [self._folded.span(start, end) for start, end in spans]
        if self._place is None:
            self._place = TextSpan(self.passage.text)
        text = ELLIPSIS.join(" ".join(self.shown[start:end].split()) for start, end in seen)
        first, last = self._place.span(*seen[0])[0], self._place.span(*seen[-1])[1]
        return SourceQuote(text, self.passage.name, first, last)

    def _find_whole(self, piece: str, start: int) -> int:
        """Where the piece stands from `start` on with both its ends at the end of a word; -1 if nowhere."""
        text = self._folded.text
        while (at := text.find(piece, start)) >= 0:
            if _is_edge(text, at) and _is_edge(text, at + len(piece)):
                return at
            start = at + 1
        return -1


def _similarity(asked: str, stretch: str) -> float:
    """How alike the words are to the part of a stretch that comes nearest: a quote may be half a sentence."""
    matcher = SequenceMatcher(None, asked, stretch, autojunk=False)
    longest = matcher.find_longest_match()
    start = max(0, longest.b - longest.a)
    part = stretch[start : start + len(asked)]
    return max(matcher.ratio(), SequenceMatcher(None, asked, part, autojunk=False).ratio())


def _variants(text: str) -> Iterator[str]:
    """The ways in which the asked words may be meant: as they are, without quotation marks, without the last stop."""
    seen = set()
    for words in (text, plain(text)):
        whole = normalize(words).text.strip()
        bare = _SURROUNDING_QUOTES.sub("", whole)
        for form in (whole, bare, _without_full_stop(whole), _without_full_stop(bare)):
            if form not in seen:
                seen.add(form)
                yield form


def _without_full_stop(text: str) -> str:
    """The text without a full stop that follows a word directly."""
    return text[:-1] if text.endswith(".") and text[-2:-1].isalnum() else text


def _is_edge(text: str, at: int) -> bool:
    """Whether a quote may begin or end at this place: not in a word, a compound (`non-linear`) or a number (`3.5%`)."""
    before, after = text[at - 1 : at] if at else "", text[at : at + 1]
    if before.isalnum() and after and (after.isalnum() or after in "%^"):
        return False
    return not any(0 < sign < len(text) - 1 and _joined_words(*text[sign - 1 : sign + 2]) for sign in (at - 1, at))


def _joined_words(before: str, sign: str, after: str) -> bool:
    """Whether the sign holds two halves together: a hyphen or slash between words, a point or comma in a number."""
    if sign in "-/":
        return before.isalnum() and after.isalnum()
    return before.isdigit() and after.isdigit()
