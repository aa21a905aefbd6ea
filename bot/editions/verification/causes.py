"""Causes: what a text gives as the cause of something must not be the effect in the source, nor another thing.

"X leads to Y", "Y because of X", "X causes Y" and "Y is caused by X" are read as a cause and an effect.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from bot.editions.verification.compared_sentence import ComparedSentence, carries_meaning, key_of, tokens_of

_FORWARD = re.compile(
    r"\b(?:leads?|led|leading)\s(?:\w{1,20}ly\s)?to\b|\b(?:can|may|often)?\s?(?:cause|causes|caused(?!\sby\b)|causing|drives?|driving)\b"
    r"|\bresult(?:s|ed|ing)?\sin\b|\bgives?\srise\sto\b|\binduc(?:es?|ing)\b|\bforc(?:es?|ing)\b|\btrigger(?:s|ing)?\b",
    re.IGNORECASE,
)
_BACKWARD = re.compile(
    r"\bbecause\s(?:of\s)?|\bdue\sto\b|\bowing\sto\b|\bthanks\sto\b|\bcaused\sby\b|\bresults?\sfrom\b|\barises?\sfrom\b"
    r"|\bstems?\sfrom\b",
    re.IGNORECASE,
)
_CLAUSE_END = re.compile(r"[,;:.()]\s|\b(?:while|whereas|but|although)\b")
_REACH, _MAX_CAUSES = 200, 20
"""Characters on each side of a word for a cause, and such words of a sentence, that are looked at."""
_MIN_SHARED = 0.5
_MIN_TOGETHER = 0.75
"""Share of the words of a cause and its effect, all from the source, that must stand together there."""


class CauseChecker:
    """The causes and effects of a source."""

    def __init__(self, source: Sequence[ComparedSentence]) -> None:
        self._source = source
        self._pairs = [pair[:2] for sentence in source for pair in _causes(sentence.text)]
        self._known = set().union(*(sentence.stems for sentence in source))

    def contradictions(self, sentence: ComparedSentence) -> Iterator[str]:
        """Causes that are effects in the source, and causes by which the source does not explain the effect."""
        for cause, effect, because in _causes(sentence.text):
            if any(_shares(cause, other) and _shares(effect, others) for other, others in self._pairs):
                continue
            if any(_shares(cause, others) and _shares(effect, other) for other, others in self._pairs):
                yield "cause and effect"
            elif any(
                _shares(effect, others) and not cause & (other | others) and cause <= self._known
                for other, others in self._pairs
            ):
                yield "another cause"
            elif because and cause | effect <= self._known and not self._stands_together(cause | effect):
                yield "the cause"

    def _stands_together(self, words: set[str]) -> bool:
        """True if one sentence of the source, or two neighbors, have most of these words."""
        windows = [
            one.stems | (other.stems if other else set())
            for one, other in zip(self._source, (*self._source[1:], None), strict=True)
        ]
        return any(len(words & window) >= _MIN_TOGETHER * len(words) for window in windows)


def _causes(text: str) -> Iterator[tuple[set[str], set[str], bool]]:
    """Words of each cause and of its effect; True if the effect is named first: "Y because of X"."""
    for pattern, forward in ((_FORWARD, True), (_BACKWARD, False)):
        for found in islice(pattern.finditer(text), _MAX_CAUSES):
            left = _words(_CLAUSE_END.split(text[max(0, found.start() - _REACH) : found.start()].rstrip(", "))[-1])
            right = _words(_CLAUSE_END.split(text[found.end() : found.end() + _REACH])[0])
            left, right = left - right, right - left
            if left and right:
                cause, effect = (left, right) if forward else (right, left)
                yield cause, effect, not forward


def _words(text: str) -> set[str]:
    return {key_of(token) for token in tokens_of(text) if carries_meaning(token)}


def _shares(first: set[str], second: set[str]) -> bool:
    return len(first & second) >= _MIN_SHARED * min(len(first), len(second))
