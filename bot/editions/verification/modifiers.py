"""Modifiers: "a dual-encoder retriever and a cross-encoder ranker" must not become the other way round."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

from bot.editions.verification.compared_sentence import ComparedSentence, key_of
from bot.editions.verification.sentence_parts import GENERIC, MAX_TOKENS, modified_nouns

_SIGNALS = frozenset(map(key_of, ("signal", "feedback", "score", "reward", "output", "information", "supervision")))
"""Keys of nouns that stand for one another: feedback is a signal."""


class ModifierPlaces:
    """The modifiers of a source, each with what it modifies."""

    def __init__(self, source: Sequence[ComparedSentence]) -> None:
        self._source = source

    @cached_property
    def _pairs(self) -> frozenset[tuple[str, str]]:
        return frozenset().union(*map(modified_nouns, self._source))

    def exchanged(self, claim: ComparedSentence) -> Iterator[str]:
        """Two modifiers that the source has at one another's noun, and at neither's own."""
        if len(claim.tokens) > MAX_TOKENS:
            return
        here = modified_nouns(claim)
        if len(here) < 2:
            return
        unknown = sorted(
            pair
            for pair in here
            if pair not in self._pairs and pair[::-1] not in self._pairs and pair[1] not in GENERIC
        )
        for at, (word, noun) in enumerate(unknown):
            for other_word, other_noun in unknown[at + 1 :]:
                crossed = {(word, other_noun), (other_word, noun)}
                if {noun, other_noun} <= _SIGNALS:
                    continue
                if len({word, noun, other_word, other_noun}) == 4 and crossed <= self._pairs and not crossed & here:
                    yield f"“{word}…” and “{other_word}…”"
