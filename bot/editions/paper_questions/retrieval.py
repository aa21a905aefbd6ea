"""Search in one paper: its sentences by BM25 (Robertson and Zaragoza, 2009), within their sections.

A sentence is scored by its own words, and to a smaller part by those of its neighbors and its heading. Words are cut
to their roots; a few kinds of questions ("which limitations", "how many") add words that their answers use.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bot.chat.text import one_line
from bot.domain.summary_values import Passage, SourceQuote
from bot.editions.paper_questions.question_words import NUMBER, VAGUE, VAGUE_WEIGHT, asks_number, expansions
from bot.editions.text_analysis.normalization import plain
from bot.editions.text_analysis.prompt_injection import without_instructions
from bot.editions.text_analysis.sentences import sentences
from bot.editions.text_analysis.words import content_words
from bot.editions.verification.quotes import QuoteFinder

K1, LENGTH_WEIGHT = 1.2, 0.4
"""BM25's saturation of repeated words, and the share of its correction for the length of a sentence."""
NEIGHBOR_WEIGHT, HEADING_WEIGHT = 0.2, 0.3
EXPANSION_WEIGHT = 0.35
"""Weight of a word that the question does not have, but that answers of its kind use."""
NUMBER_BONUS = 1.2
"""Points for a number in a sentence when a question asks for one."""
MIN_COVERAGE = 0.4
"""Share of the question's words, vague ones less, that the best passages must have; below it the paper does not say.
Measured by `benchmarks.questions`."""
MIN_WORDS, MAX_LENGTH = 4, 700
"""Words of the shortest, and characters of the longest sentence that is quoted."""


@dataclass(frozen=True, slots=True)
class Found:
    """Passages for a question, best first, and how well they cover it."""

    passages: tuple[SourceQuote, ...]
    coverage: float
    """Share of the question's words, by weight, that the passages have; from 0 to 1."""

    @property
    def says(self) -> bool:
        """True if the passages are likely to answer the question."""
        return self.coverage >= MIN_COVERAGE


@dataclass(frozen=True, slots=True)
class _Line:
    """A sentence of a passage, with the roots of its words and of its surroundings."""

    passage: str
    text: str
    words: Counter[str]
    near: frozenset[str]
    heading: frozenset[str]


class PassageSearch:
    """The sentences of one paper, indexed once."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self._finder = QuoteFinder(passages)
        self._lines = _without_repeats([line for passage in passages for line in _lines(passage)])
        count = len(self._lines)
        spread = Counter(word for line in self._lines for word in line.words)
        self._idf = {word: math.log(1 + (count - many + 0.5) / (many + 0.5)) for word, many in spread.items()}
        lengths = [line.words.total() for line in self._lines]
        self._mean_length = sum(lengths) / max(1, count)

    def search(self, question: str, limit: int = 3) -> Found:
        """The best passages for a question, at most `limit`; fewer, or none, if few have a word of it."""
        asked = _weights(question)
        expanded = {word: EXPANSION_WEIGHT for word in expansions(question) if word not in asked}
        wants_number = asks_number(question)
        scored = [(self._score(line, asked | expanded, wants_number), at) for at, line in enumerate(self._lines)]
        ranked = [self._lines[at] for score, at in sorted(scored, key=lambda pair: (-pair[0], pair[1])) if score > 0]
        quotes: list[SourceQuote] = []
        used: list[_Line] = []
        for line in ranked:
            if len(quotes) == limit:
                break
            if quote := self._finder.find(line.text):
                quotes.append(quote)
                used.append(line)
        return Found(tuple(quotes), _coverage(asked, used))

    def _score(self, line: _Line, query: dict[str, float], wants_number: bool) -> float:
        length = 1 - LENGTH_WEIGHT + LENGTH_WEIGHT * line.words.total() / self._mean_length
        score = 0.0
        for word, weight in query.items():
            idf = self._idf.get(word, 0.0)
            if often := line.words[word]:
                score += weight * idf * often * (K1 + 1) / (often + K1 * length)
            elif word in line.near:
                score += weight * idf * NEIGHBOR_WEIGHT
            if word in line.heading:
                score += weight * HEADING_WEIGHT
        if score and wants_number and NUMBER.search(line.text):
            score += NUMBER_BONUS
        return score


def _coverage(asked: dict[str, float], used: Sequence[_Line]) -> float:
    """Share of the question's weight that the passages have."""
    had = frozenset(word for line in used for word in line.words)
    return sum(weight for word, weight in asked.items() if word in had) / max(sum(asked.values()), VAGUE_WEIGHT)


def _weights(question: str) -> dict[str, float]:
    """Roots of the question's words, with their weight."""
    return {word: VAGUE_WEIGHT if word in VAGUE else 1.0 for word in content_words(plain(question))}


def _lines(passage: Passage) -> list[_Line]:
    """The quotable sentences of a passage; none that gives orders to its reader."""
    texts = without_instructions([one_line(sentence.text) for sentence in sentences(plain(passage.text))])
    words = [Counter(content_words(text)) for text in texts]
    heading = frozenset(content_words(passage.name))
    return [
        _Line(
            passage.name,
            text,
            words[at],
            frozenset(word for beside in (at - 1, at + 1) if 0 <= beside < len(texts) for word in words[beside]),
            heading,
        )
        for at, text in enumerate(texts)
        if len(text.split()) >= MIN_WORDS and len(text) <= MAX_LENGTH
    ]


def _without_repeats(lines: Sequence[_Line]) -> list[_Line]:
    """The lines without those whose words occurred before: a paper repeats its abstract."""
    return list({line.text: line for line in reversed(lines)}.values())[::-1]
