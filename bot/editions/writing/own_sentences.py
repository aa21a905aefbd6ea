"""The paper's own sentences: the closest one takes the place of a model's sentence that is not in its words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from math import log

from bot.chat.text import one_line
from bot.editions.text_analysis.words import content_words
from bot.editions.verification.near_synonyms import near_synonym_stems
from bot.editions.writing.contributions import leans, without_leaning
from bot.editions.writing.expansions import with_expansions
from bot.editions.writing.extractive import usable

_MIN_SHARED = 2
"""Words that a sentence must share with the one that takes its place."""
_MIN_CLOSENESS = 0.25
_NEAR = 0.5
"""Weight of a near word, of that of the word itself."""
_LEANING = 0.8
"""Factor for a sentence that points back to the one before it."""
_IN_RETURN = 0.3
"""Weight of the share of the source sentence's words that the sentence has, beside the share of its own."""


class OwnSentences:
    """Sentences of one paper that can be shown by themselves, by their index in `sentences`."""

    def __init__(self, title: str, sentences: Sequence[str], source: str) -> None:
        self._sentences, self._source, self._title = sentences, source, one_line(title)
        self._words = [frozenset(content_words(sentence)) for sentence in sentences]
        often = Counter(word for words in self._words for word in words)
        self._weights = {word: log(1 + len(sentences) / count) for word, count in often.items()}
        self._rare = log(1 + len(sentences))
        self._readable: dict[int, str] = {}

    def closest(self, sentence: str, used: Collection[int]) -> int | None:
        """Index of the sentence that is closest to this one and not among those used; None if none is close."""
        words = frozenset(content_words(sentence))
        near = {word: near_synonym_stems(word) for word in words}
        ranked = sorted(((self._closeness(words, near, at), -at) for at in range(len(self._words))), reverse=True)
        for closeness, place in ranked:
            if closeness < _MIN_CLOSENESS:
                return None
            if -place not in used and self.shown(-place):
                return -place
        return None

    def shown(self, at: int) -> str:
        """The sentence as it is shown, without what leans on the one before it; empty if it cannot be."""
        if at not in self._readable:
            lines = usable(self._sentences[at])
            alone = len(lines) == 1 and lines[0] != self._title
            self._readable[at] = without_leaning(lines[0]) if alone else ""
        return self._readable[at]

    def spelled_out(self, at: int, before: Sequence[str]) -> str:
        """The sentence as it is shown after others, with each acronym spelled out that they do not have."""
        return with_expansions([*before, self.shown(at)], self._source)[-1]

    def _closeness(self, words: frozenset[str], near: dict[str, frozenset[str]], at: int) -> float:
        """From 0 to 1: how much of the sentence the other one says, and the other way round, by the words' weight."""
        other = self._words[at]
        same = words & other
        alike = {word for word in words - same if not near[word].isdisjoint(other)}
        if len(same) + len(alike) < min(_MIN_SHARED, len(words)) or not same:
            return 0.0
        found = sum(map(self._weight, same)) + _NEAR * sum(map(self._weight, alike))
        own, others = sum(map(self._weight, words)), sum(map(self._weight, other))
        closeness = (1 - _IN_RETURN) * found / own + _IN_RETURN * found / max(found, others)
        return closeness * (_LEANING if leans(self._sentences[at]) else 1)

    def _weight(self, word: str) -> float:
        return self._weights.get(word, self._rare)
