"""Quote check: quoted words must occur verbatim in the source.

The displayed quote is cut from the source, so it never contains a model's or a moderator's typing.
`bot.editions.text_analysis.normalization` defines when two texts are equal.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from itertools import pairwise

from bot.domain.summary_values import Passage, SourceQuote
from bot.editions.text_analysis.bullets import with_point_lines
from bot.editions.text_analysis.gaps import mask_gaps
from bot.editions.text_analysis.normalization import NormalizedText, OriginalSpans, normalize, plain
from bot.editions.text_analysis.sentences import sentences
from bot.editions.text_analysis.words import UNSPACED
from bot.editions.verification.quote_forms import hides_denial, typed_forms, with_other_initial

MIN_PIECE_LENGTH = 12
"""Minimum length in characters of a quote and of one of its pieces; a shorter one is too unspecific to check."""
MIN_SHORT_PIECE_LENGTH = 6
"""Minimum length of the other pieces, which must be in the same sentence as a neighbor."""
ELLIPSIS = " […] "
"""Separator between the pieces of a quote."""

_ELLIPSIS_PATTERN = re.compile(r"(?<!\s)\s*(?:\[(?:…|\. ?\. ?\.)\]|\((?:…|\. ?\. ?\.)\)|<(?:…|\. ?\. ?\.)>)\s*")
_SURROUNDING_QUOTES = re.compile(r"""\A["'“”‘’«»„‹›「」『』\s]+|["'“”‘’«»„‹›「」『』\s]+\Z""")
_NAME_FIRST = re.compile(r"(?=[\w-]{3,}\Z)[\w-]*[A-Z][\w-]*[A-Z\d][\w-]*\Z")
"""A first piece that may be as short as the name of a model: "LoRA […] freezes the weights"."""
_SENTENCE_END = re.compile(r"[.!?](?:\s|$)|[。！？]")
_WORD = re.compile(rf"[{UNSPACED}]|[^\W_]+")
_UNSPACED = re.compile(f"[{UNSPACED}]")
_UNSPACED_WEIGHT = 3
"""Letters that a character of Chinese, Japanese or Korean stands for, where the length of a quote is counted."""
_MAX_COMPARED_LENGTH = 1_000
"""Characters of a sentence that are compared when searching for the nearest one."""
_MAX_COMPARED = 8
"""Number of sentences compared character by character when searching for the nearest one: those that share the most
words."""


class QuoteFinder:
    """The passages of one source, ready to be quoted from; sentences with a gap cannot be."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self._pages = [_NormalizedPassage(replace(passage, text=mask_gaps(passage.text))) for passage in passages]

    def find(self, text: str) -> SourceQuote | None:
        """The quote with its position in the source; None if it is not verbatim. Pieces around `[…]` must occur in
        order.

        A quote starts and ends at a word boundary and never cuts a number. Surrounding quotation marks and a final full
        stop need not be in the source; a first letter may be in the other case. The forms that are understood are
        those of `bot.editions.verification.quote_forms`. The points of a list keep their lines if they have some here.
        """
        for page, spans in self._verbatim_span(text):
            return page.quote(spans, lines="\n" in text.strip())
        return None

    def has(self, text: str) -> bool:
        """Return True if the words occur verbatim. Faster than `find`."""
        return any(True for _ in self._verbatim_span(text))

    def _verbatim_span(self, text: str) -> Iterator[tuple[_NormalizedPassage, list[tuple[int, int]]]]:
        """Yield each passage that contains the words, with the offsets of the pieces in it."""
        for variant in _variants(text):
            pieces = [piece for piece in _ELLIPSIS_PATTERN.split(variant) if piece]
            # What ends a sentence before a gap, or a clause after it, need not be in the source.
            pieces = [piece.rstrip(" .,;:") for piece in pieces[:-1]] + pieces[-1:]
            pieces = pieces[:1] + [piece.lstrip(" ,;:") for piece in pieces[1:]]
            lengths = [_length(piece) for piece in pieces]
            if not lengths or max(lengths) < MIN_PIECE_LENGTH:
                continue
            others = lengths[1:] if len(pieces) > 1 and _NAME_FIRST.match(pieces[0]) else lengths
            if min(others) < MIN_SHORT_PIECE_LENGTH:
                continue
            for page in self._pages:
                if (spans := page.spans(pieces)) is not None:
                    yield page, spans

    def nearest(self, text: str) -> tuple[str, float]:
        """The most similar sentence, as readable text, and its similarity from 0 to 1 (identical)."""
        wanted = normalize(plain(text)).text.strip()[:_MAX_COMPARED_LENGTH]
        words = Counter(compared_words(wanted))
        candidates = list(self._sentence_runs(max(1, len(sentences(wanted)))))
        candidates.sort(key=lambda candidate: -(Counter(compared_words(candidate)) & words).total())
        scored = [
            (_similarity(wanted, normalize(candidate).text), candidate) for candidate in candidates[:_MAX_COMPARED]
        ]
        score, best = max(scored, default=(0.0, ""))
        return best, score

    def _sentence_runs(self, length: int) -> Iterator[str]:
        """Every run of that many sentences."""
        for page in self._pages:
            found = sentences(page.shown)
            for first in range(max(1, len(found) - length + 1)):
                if run := found[first : first + length]:
                    yield page.shown[run[0].start : min(run[-1].end, run[0].start + _MAX_COMPARED_LENGTH)]


def compared_words(text: str) -> list[str]:
    """Words of a text in lower case; each character is one in writing without spaces."""
    return _WORD.findall(text.lower())


def find(passages: Sequence[Passage], text: str) -> SourceQuote | None:
    """The quote with its position in the passages; None if it is not verbatim. See `QuoteFinder.find`."""
    return QuoteFinder(passages).find(text)


def nearest(passages: Sequence[Passage], text: str) -> tuple[str, float]:
    """The sentence of the passages most like these words, for "did you mean", with a likeness from 0 to 1."""
    return QuoteFinder(passages).nearest(text)


def is_verbatim(passages: Sequence[Passage], quote: SourceQuote) -> bool:
    """Return True if a stored quote is still at the same position in these passages."""
    found = QuoteFinder([passage for passage in passages if passage.name == quote.passage]).find(quote.text)
    return found == quote


class _NormalizedPassage:
    """One passage in three forms: original, readable (LaTeX converted) and normalised."""

    def __init__(self, passage: Passage) -> None:
        self.passage = passage
        self.shown = plain(passage.text)
        self._normalized: NormalizedText = normalize(self.shown)
        self._original_spans: OriginalSpans | None = None

    def spans(self, pieces: Sequence[str]) -> list[tuple[int, int]] | None:
        """Offsets of the pieces in the normalised text, in order; None if any piece is missing."""
        spans = []
        start = 0
        for piece in pieces:
            at = self._find_whole(piece, start)
            if at < 0:
                at = self._find_whole(with_other_initial(piece), start)
            if at < 0:
                return None
            start = at + len(piece)
            spans.append((at, start))
        if not self._short_pieces_are_near(spans) or any(
            hides_denial(self._normalized.text[end:start]) for (_, end), (start, _) in pairwise(spans)
        ):
            return None
        return spans

    def _short_pieces_are_near(self, spans: Sequence[tuple[int, int]]) -> bool:
        """Return True if every short piece is in the same sentence as the piece before or after it."""
        together = [
            not _SENTENCE_END.search(self._normalized.text[end:start]) for (_, end), (start, _) in pairwise(spans)
        ]
        return all(
            end - start >= MIN_PIECE_LENGTH or any(together[max(0, place - 1) : place + 1])
            for place, (start, end) in enumerate(spans)
        )

    def quote(self, spans: Sequence[tuple[int, int]], *, lines: bool = False) -> SourceQuote:
        """The quote that these stretches of the normalised text make; `lines` keeps those that begin a point."""
        seen = [self._normalized.span(start, end) for start, end in spans]
        if self._original_spans is None:
            self._original_spans = OriginalSpans(self.passage.text)
        text = ELLIPSIS.join(_in_lines(self.shown[start:end], lines=lines) for start, end in seen)
        first, last = self._original_spans.span(*seen[0])[0], self._original_spans.span(*seen[-1])[1]
        return SourceQuote(text, self.passage.name, first, last, self.passage.given_by)

    def _find_whole(self, piece: str, start: int) -> int:
        """Offset of the first occurrence of the piece after `start` that has word boundaries on both sides; -1 if there
        is none."""
        text = self._normalized.text
        while (at := text.find(piece, start)) >= 0:
            if _is_edge(text, at) and _is_edge(text, at + len(piece)):
                return at
            start = at + 1
        return -1


def _in_lines(text: str, *, lines: bool) -> str:
    return with_point_lines(text.split("\n")) if lines else " ".join(text.split())


def _similarity(wanted: str, candidate: str) -> float:
    """Similarity of the words to the best matching part of a passage, since a quote may be half a sentence."""
    matcher = SequenceMatcher(None, wanted, candidate, autojunk=False)
    longest = matcher.find_longest_match()
    start = max(0, longest.b - longest.a)
    part = candidate[start : start + len(wanted)]
    return max(matcher.ratio(), SequenceMatcher(None, wanted, part, autojunk=False).ratio())


def _variants(text: str) -> Iterator[str]:
    """Variants of the requested quote: as typed or meant, without quotation marks, without the final full stop."""
    seen = set()
    for words in (one for form in typed_forms(text) for one in (form, plain(form))):
        whole = normalize(words).text.strip()
        unquoted = _SURROUNDING_QUOTES.sub("", whole)
        for variant in (whole, unquoted, _without_full_stop(whole), _without_full_stop(unquoted)):
            if variant not in seen:
                seen.add(variant)
                yield variant


def _length(piece: str) -> int:
    """Number of letters."""
    return len(piece) + (_UNSPACED_WEIGHT - 1) * len(_UNSPACED.findall(piece))


def _without_full_stop(text: str) -> str:
    """The text without a full stop directly after a word."""
    return text[:-1] if text.endswith((".", "。")) and text[-2:-1].isalnum() else text


def _is_edge(text: str, at: int) -> bool:
    """Return True if a quote may start or end at this offset: not inside a word, a compound (`non-linear`) or a number
    (`3.5%`)."""
    before, after = text[at - 1 : at] if at else "", text[at : at + 1]
    if _UNSPACED.match(before) or _UNSPACED.match(after):
        return True
    if before.isalnum() and after and (after.isalnum() or after in "%^"):
        return False
    return not any(0 < sign < len(text) - 1 and _joined_words(*text[sign - 1 : sign + 2]) for sign in (at - 1, at))


def _joined_words(before: str, sign: str, after: str) -> bool:
    """Return True if the character joins two halves: a hyphen or slash between words, a point or comma in a number."""
    if sign in "-/":
        return before.isalnum() and after.isalnum()
    return before.isdigit() and after.isdigit()
