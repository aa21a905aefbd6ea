"""Direction check: a sentence must not say the opposite of the source sentence that it is taken from.

A sentence is compared with the source sentences that share a number, two names or most of its words: which words are
denied, which comparatives and verbs of change stand at the same words (`antonym_check`), and whether figures or names
changed places while the words around them did not (`changed_places`). With the whole source it is compared as to who
is ahead of whom (`comparisons`), which figure belongs to what (`number_attribution`, `number_comparison`), which trait
to whom (`traits`, `clause_pairs`, `modifiers`, `prior_work_claims`, `possessors`), who does what to whom (`relations`,
`origins`, `problem_causes`) and what comes first (`event_order`, `phases`).
`benchmarks/directions.py` and `benchmarks/free_sentences.py` measure the check.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.editions.text_analysis.normalization import plain
from bot.editions.text_analysis.sentences import sentences
from bot.editions.verification.antonym_check import changed_negations, denied_words, directions_of, opposite_words
from bot.editions.verification.antonym_pairs import AntonymPairs
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
from bot.editions.verification.modifiers import ModifierPlaces
from bot.editions.verification.number_attribution import NumberAttribution
from bot.editions.verification.number_comparison import NumberComparison
from bot.editions.verification.origins import OriginChecker
from bot.editions.verification.own_method import OwnMethod
from bot.editions.verification.phases import PhaseChecker
from bot.editions.verification.polarity import PolarityChecker
from bot.editions.verification.possessors import PossessorChecker
from bot.editions.verification.prior_work_claims import PriorWorkChecker
from bot.editions.verification.problem_causes import ProblemCauses
from bot.editions.verification.relations import RelationChecker
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
        self._directions = [direction for sentence in self._source for direction in directions_of(sentence)]
        self._denying = [(denied, sentence) for sentence in self._source if (denied := denied_words(sentence))]
        self._comparisons = ComparisonChecker(self._source)
        self._figures = NumberAttribution(self._source)
        self._traits = TraitPlaces(self._source)
        self._counted, self._pairs = CountedThings(self._source), AntonymPairs(self._source)
        self._scope, self._polarity = ScopeChecker(self._source), PolarityChecker(self._source)
        self._causes = CauseChecker(self._source)
        self._modifiers, self._clauses = ModifierPlaces(self._source), ClausePairs(self._source)
        self._order, self._prior_work = EventOrder(self._source), PriorWorkChecker(self._source)
        self._rivals = NumberComparison(self._source)
        self._relations, self._origins = RelationChecker(self._source), OriginChecker(self._source)
        self._phases, self._possessors = PhaseChecker(self._source), PossessorChecker(self._source)
        self._problems = ProblemCauses(self._prior_work)

    def _read(self, text: str) -> ComparedSentence:
        """A sentence of plain text with the source's short forms, and one name for the paper's own method."""
        return read_sentence(self._own.unify(self._forms.shorten(text)))

    def contradictions(self, sentence: str) -> tuple[str, ...]:
        """Descriptions of what the sentence turns round, empty if nothing or if no source sentence is close enough."""
        claim = self._read(plain(sentence))
        if any(claim.tokens == source.tokens for source in self._source):
            return ()
        across = (
            *self._comparisons.contradictions(claim),
            *self._comparisons.own_behind(claim),
            *self._comparisons.unknown_side(claim),
            *self._figures.exchanged(claim),
            *self._figures.misplaced(claim),
            *self._traits.exchanged(claim),
            *self._counted.wrong(claim),
            *self._pairs.contradictions(claim),
            *self._scope.changed(claim),
            *self._polarity.contradictions(claim),
            *self._causes.contradictions(claim),
            *self._modifiers.exchanged(claim),
            *self._clauses.exchanged(claim),
            *self._order.contradictions(claim),
            *self._prior_work.exchanged(claim),
            *self._rivals.exchanged(claim),
            *self._relations.contradictions(claim),
            *self._origins.contradictions(claim),
            *self._phases.contradictions(claim),
            *self._possessors.exchanged(claim),
            *self._problems.contradictions(claim),
        )
        return tuple(dict.fromkeys(across)) or self._against_the_closest(claim)

    def _against_the_closest(self, claim: ComparedSentence) -> tuple[str, ...]:
        """Descriptions of what contradicts every source sentence that the sentence may be taken from."""
        found: tuple[str, ...] = ()
        for source in self._closest(claim):
            found = tuple(dict.fromkeys(self._contradictions(claim, source)))
            if not found:
                return ()
        return found

    def _contradictions(self, claim: ComparedSentence, source: ComparedSentence) -> Iterator[str]:
        alike = (denied for denied, other in self._denying if len(claim.words & other.words) >= _ALIKE)
        yield from changed_negations(claim, source, frozenset().union(*alike))
        yield from opposite_words(claim, source, self._directions, sides_agree=self._comparisons.agree(claim))
        yield from changed_places(claim, source)
        yield from exchanged_sides(claim, source)
        yield from exchanged_choice(claim, source)

    def _closest(self, claim: ComparedSentence) -> list[ComparedSentence]:
        if len(claim.words) < 3:
            return [source for source in self._source if _has_all_words(claim, source) or _is_copied(claim, source)]
        shares = [(len(claim.words & source.words) / len(claim.words), source) for source in self._source]
        best = max((share for share, _ in shares), default=0.0)
        return [
            source
            for share, source in shares
            if share >= best - _NEAR_BEST and share >= (_MIN_SHARED if _has_anchor(claim, source) else _MIN_COPIED)
        ]


def _has_anchor(claim: ComparedSentence, source: ComparedSentence) -> bool:
    shared = claim.anchors & source.anchors
    return len(shared) > 1 or any(anchor[0].isdigit() for anchor in shared)


def _has_all_words(claim: ComparedSentence, source: ComparedSentence) -> bool:
    """Return True if a sentence of two words is about a source sentence: it has both, and a name or little else."""
    if len(claim.words) != 2 or not claim.words <= source.words:
        return False
    return bool(claim.words & source.name_keys) or len(source.words) <= _SHORT


def _is_copied(claim: ComparedSentence, source: ComparedSentence) -> bool:
    """True if a sentence with few other words, which denies nothing, has those and most of its directions from a source
    sentence.
    """
    if not NEGATIONS.isdisjoint(claim.tokens):
        return False
    here, there = _meanings(claim), _meanings(source)
    return len(here) > 2 and claim.words <= source.words and len(here & there) >= _MIN_COPIED * len(here)


def _meanings(sentence: ComparedSentence) -> set[str]:
    """Keys of content words and of directions."""
    return {key_of(token) for token in sentence.tokens if carries_meaning(token) or token in DIRECTIONS}
