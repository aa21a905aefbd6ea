"""Direction check: a sentence must not say the opposite of the source sentence that it is taken from.

A sentence is compared with the source sentences that share a number, two names or most of its words: which words are
denied, which comparatives and verbs of change stand at the same words (`opposites`), and whether figures or names
changed places while the words around them did not (`changed_places`). With the whole source it is compared as to who is
ahead of whom (`comparisons`), which figure belongs to what (`figure_places`) and which trait to whom (`traits`).
`benchmarks/directions.py` and `benchmarks/free_sentences.py` measure the check.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.editions.text_analysis.normalization import plain
from bot.editions.text_analysis.sentences import sentences
from bot.editions.verification.causes import CauseChecker
from bot.editions.verification.changed_places import changed_places, exchanged_choice, exchanged_sides
from bot.editions.verification.clause_pairs import ClausePairs
from bot.editions.verification.compared_sentence import (
    ComparedSentence,
    carries_meaning,
    key_of,
    read_sentence,
)
from bot.editions.verification.comparisons import ComparisonChecker
from bot.editions.verification.counted_things import CountedThings
from bot.editions.verification.direction_words import DIRECTIONS, NEGATIONS
from bot.editions.verification.event_order import EventOrder
from bot.editions.verification.figure_places import FigurePlaces
from bot.editions.verification.figure_rivals import FigureRivals
from bot.editions.verification.holders import HolderChecker
from bot.editions.verification.modifiers import ModifierPlaces
from bot.editions.verification.opposite_pairs import OppositePairs
from bot.editions.verification.opposites import denied_words, opposite_words, turned_denials
from bot.editions.verification.own_method import OwnMethod
from bot.editions.verification.polarity import PolarityChecker
from bot.editions.verification.scope import ScopeChecker
from bot.editions.verification.short_forms import ShortForms
from bot.editions.verification.traits import TraitPlaces

_MIN_SHARED = 0.5
"""Share of a sentence's words in a source sentence with the same number or names, from which they are compared."""
_MIN_COPIED = 0.7
"""The same without a common number or names."""
_SHORT = 4
"""Words of a source sentence that says little else than a sentence of two words about it."""
_ALIKE = 3
"""Words that a sentence must share with another one of the source, for what that denies to be denied."""
_NEAR_BEST = 0.12
"""Source sentences whose share is this much below the best one's are compared too: one that agrees is enough."""


class DirectionChecker:
    """Compares sentences with one source, which is read once."""

    def __init__(self, source: str) -> None:
        source = plain(source)
        self._forms, self._own = ShortForms(source), OwnMethod(source)
        self._source = [self._read(sentence.text) for sentence in sentences(source)]
        self._denying = [(denied, sentence) for sentence in self._source if (denied := denied_words(sentence))]
        self._comparisons = ComparisonChecker(self._source)
        self._figures = FigurePlaces(self._source)
        self._traits = TraitPlaces(self._source)
        self._counted, self._pairs = CountedThings(self._source), OppositePairs(self._source)
        self._scope, self._polarity = ScopeChecker(self._source), PolarityChecker(self._source)
        self._causes = CauseChecker(self._source)
        self._modifiers, self._clauses = ModifierPlaces(self._source), ClausePairs(self._source)
        self._order, self._holders = EventOrder(self._source), HolderChecker(self._source)
        self._rivals = FigureRivals(self._source)

    def _read(self, text: str) -> ComparedSentence:
        """A sentence of plain text with the source's short forms, and one name for the paper's own method."""
        return read_sentence(self._own.unify(self._forms.shorten(text)))

    def contradictions(self, sentence: str) -> tuple[str, ...]:
        """Descriptions of what the sentence turns round, empty if nothing or if no source sentence is close enough."""
        told = self._read(plain(sentence))
        if any(told.tokens == source.tokens for source in self._source):
            return ()
        across = (
            *self._comparisons.turned(told),
            *self._comparisons.own_behind(told),
            *self._comparisons.unknown_side(told),
            *self._figures.exchanged(told),
            *self._figures.misplaced(told),
            *self._traits.exchanged(told),
            *self._counted.wrong(told),
            *self._pairs.turned(told),
            *self._scope.changed(told),
            *self._polarity.turned(told),
            *self._causes.turned(told),
            *self._modifiers.exchanged(told),
            *self._clauses.exchanged(told),
            *self._order.turned(told),
            *self._holders.moved(told),
            *self._rivals.exchanged(told),
        )
        return tuple(dict.fromkeys(across)) or self._against_the_closest(told)

    def _against_the_closest(self, told: ComparedSentence) -> tuple[str, ...]:
        """Descriptions of what contradicts every source sentence that the sentence may be taken from."""
        found: tuple[str, ...] = ()
        for source in self._closest(told):
            found = tuple(dict.fromkeys(self._contradictions(told, source)))
            if not found:
                return ()
        return found

    def _contradictions(self, told: ComparedSentence, source: ComparedSentence) -> Iterator[str]:
        alike = (denied for denied, other in self._denying if len(told.words & other.words) >= _ALIKE)
        yield from turned_denials(told, source, frozenset().union(*alike))
        yield from opposite_words(told, source, sides_agree=self._comparisons.agree(told))
        yield from changed_places(told, source)
        yield from exchanged_sides(told, source)
        yield from exchanged_choice(told, source)

    def _closest(self, told: ComparedSentence) -> list[ComparedSentence]:
        if len(told.words) < 3:
            return [source for source in self._source if _has_all_words(told, source) or _is_copied(told, source)]
        shares = [(len(told.words & source.words) / len(told.words), source) for source in self._source]
        best = max((share for share, _ in shares), default=0.0)
        return [
            source
            for share, source in shares
            if share >= best - _NEAR_BEST and share >= (_MIN_SHARED if _has_anchor(told, source) else _MIN_COPIED)
        ]


def _has_anchor(told: ComparedSentence, source: ComparedSentence) -> bool:
    shared = told.anchors & source.anchors
    return len(shared) > 1 or any(anchor[0].isdigit() for anchor in shared)


def _has_all_words(told: ComparedSentence, source: ComparedSentence) -> bool:
    """Return True if a sentence of two words is about a source sentence: it has both, and a name or little else."""
    if len(told.words) != 2 or not told.words <= source.words:
        return False
    return bool(told.words & source.name_keys) or len(source.words) <= _SHORT


def _is_copied(told: ComparedSentence, source: ComparedSentence) -> bool:
    """True if a sentence with few other words, which denies nothing, has those and most of its directions from a source
    sentence.
    """
    if not NEGATIONS.isdisjoint(told.tokens):
        return False
    here, there = _meanings(told), _meanings(source)
    return len(here) > 2 and told.words <= source.words and len(here & there) >= _MIN_COPIED * len(here)


def _meanings(sentence: ComparedSentence) -> set[str]:
    """Keys of content words and of directions."""
    return {key_of(token) for token in sentence.tokens if carries_meaning(token) or token in DIRECTIONS}
