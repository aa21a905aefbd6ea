"""Doubts about what a person wrote, the most likely mistakes first.

A person knows more of a paper than its abstract, so a number or a name that its texts lack is no mistake as such. It
is one where the sentence says what a sentence of the source says, but for this claim: then a figure was mistyped or a
name confused. A measurement (`bot.editions.verification.measurements`) is one in any sentence.
`benchmarks/grounding.py` measures how many of the mistakes that `GroundingChecker` reports are left.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from dataclasses import dataclass

from bot.editions.text_analysis.normalization import plain
from bot.editions.text_analysis.quotation_marks import MIN_QUOTED_WORDS
from bot.editions.text_analysis.sentences import sentences
from bot.editions.text_analysis.words import content_words
from bot.editions.verification.acronyms import COMMON, PIECE, acronym_key, definitions_in
from bot.editions.verification.attributed_quotes import is_attributed
from bot.editions.verification.grounding import GroundingChecker, UngroundedClaim
from bot.editions.verification.measurements import Measurements
from bot.editions.verification.names import vocabulary

MIN_SHARED = 0.3
"""Share of a sentence's other words in one sentence of the source from which a claim in it is a doubt."""
MIN_SHARED_OF_ORDINARY = 0.7
"""The same for names that are ordinary words, acronyms of the field or of the text, and for spelled-out acronyms."""
MIN_WORDS = 4
"""Least number of such words: shorter sentences show nothing."""
LONG_QUOTE = 15
"""Words in quotation marks from which they are a sentence of the paper, and no phrase that is mentioned."""


_FOOTNOTE = re.compile(r"[⁰¹²³⁴-⁹]+")
_FIELD_ACRONYMS = frozenset(("nns", "dnns", "gans", "lms", "ar", "vr", "nerf", "mlm", "sota", "tldr", "tl", "dr", "us"))
"""Acronyms that every reader of papers knows, beside those of `bot.editions.verification.acronyms`."""


@dataclass(frozen=True, slots=True)
class RankedDoubt:
    """A claim that is likely a mistake, with the share of its sentence that the source has."""

    claim: UngroundedClaim
    score: float


class HumanTextChecker:
    """Checks texts of people against one source, which is read once."""

    def __init__(self, source: str) -> None:
        self._checker = GroundingChecker(source)
        self._measurements = Measurements(plain(source), self._checker.units)
        self._sentences = [frozenset(content_words(one.text)) for one in sentences(plain(source))]

    def doubts_in(self, text: str) -> tuple[RankedDoubt, ...]:
        """Likely mistakes of the text, the likeliest first; of equal ones, those that come first."""
        text = _FOOTNOTE.sub(lambda found: " " * len(found[0]), text)
        own_acronyms = {acronym_key(expansion.short) for expansion in definitions_in(text)}
        scored = ((claim, self._score(text, claim)) for claim in self._checker.claims_in(text))
        found = [RankedDoubt(claim, score) for claim, score in scored if score >= _least(claim, own_acronyms)]
        return tuple(sorted(found, key=lambda doubt: (-doubt.score, doubt.claim.start)))

    def _score(self, text: str, claim: UngroundedClaim) -> float:
        """Share of the words around a claim, in its sentence, that one sentence of the source has.

        Measurements and quotations are doubted whatever is around them: they say that they stand in the source.
        """
        words = frozenset(_words_around(text, claim))
        least = MIN_SHARED if _is_quoted(text, claim) or self._measurements.has(text, claim, len(words)) else 0.0
        if len(words) < MIN_WORDS:
            return least
        return max((least, *(len(words & source) / len(words) for source in self._sentences)))


def _is_quoted(text: str, claim: UngroundedClaim) -> bool:
    """True for words in quotation marks that are said to be the paper's, or are too many for a phrase."""
    words = len(claim.text.split()) if claim.kind == "quote" else 0
    return words >= LONG_QUOTE or (words >= MIN_QUOTED_WORDS and is_attributed(text, claim.start, claim.end))


def _least(claim: UngroundedClaim, own_acronyms: Set[str]) -> float:
    return MIN_SHARED_OF_ORDINARY if _is_ordinary(claim, own_acronyms) else MIN_SHARED


def _is_ordinary(claim: UngroundedClaim, own_acronyms: Set[str]) -> bool:
    """True for a name that is no data set, model or person: ordinary words, letters, known acronyms."""
    if claim.kind != "name":
        return claim.kind == "acronym"
    pieces = [piece.group() for piece in PIECE.finditer(claim.text)]
    return all(_is_ordinary_word(piece, own_acronyms) for piece in pieces)


def _is_ordinary_word(piece: str, own_acronyms: Set[str]) -> bool:
    key = acronym_key(piece)
    if len(key) < 2 or key in COMMON or key in own_acronyms or key in _FIELD_ACRONYMS:
        return True
    return not piece.isdigit() and (piece.islower() or piece.istitle()) and _is_common(piece.lower())


def _is_common(word: str) -> bool:
    common = vocabulary()
    return any(
        form in common for form in (word, word.removesuffix("s"), word.removesuffix("ly"), word.removesuffix("ing"))
    )


def _words_around(text: str, claim: UngroundedClaim) -> Iterator[str]:
    for sentence in sentences(text):
        if sentence.start < claim.end and claim.start < sentence.end:
            yield from content_words(text[sentence.start : max(sentence.start, claim.start)])
            yield from content_words(text[min(sentence.end, claim.end) : sentence.end])
