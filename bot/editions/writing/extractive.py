"""Extractive summaries: selected sentences of the abstract. No model, no network, deterministic.

Each sentence has a score per word, a weighted sum of its features (`bot.editions.writing.sentence_features`). Among all
sets of sentences within the word budget, the one with the highest total is selected, after subtracting a penalty for
repetition. Sentences are not reworded, so a summary is as correct as the paper.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.chat.text import one_line, truncate
from bot.editions.text_analysis.normalization import plain
from bot.editions.text_analysis.prompt_injection import contains_contact_or_url, without_instructions
from bot.editions.text_analysis.sentences import sentences
from bot.editions.text_analysis.words import content_words
from bot.editions.writing.sentence_features import CUE_PHRASES, sentence_features

VERSION = "2"
"""Version of the algorithm. Increase it whenever the selection may change, so that stored summaries are rewritten."""

BUDGET = 77
"""Maximum number of words. A set of whole sentences rarely reaches it: the average is just under 75."""
MAX_SENTENCES, MIN_SENTENCES = 6, 2
"""Maximum and minimum number of sentences: one for Why, and one to five insights."""
REPETITION_PENALTY = 7.0
"""Penalty, in score units of one word, for two sentences of which one contains all words of the other."""

BASE = -0.033
WEIGHTS = {
    "first": 0.148,
    "second": 0.067,
    "last": 0.030,
    "place": 0.883,
    "place_squared": -0.728,
    "title": 0.424,
    "central": 0.142,
    "content": 0.355,
    "numbers": 0.050,
    "percent": 0.223,
    "colon": -0.120,
    "contribution": 0.109,
    "result": 0.043,
    "background": -0.134,
    "closing": -0.076,
    "pronoun": -0.038,
}
"""Weights per word; the score estimates how many of the words and word pairs a human summary also has.

In the order of `sentence_features.FEATURES`. Fitted by ridge regression to 311 summaries by curators of papers up to
April 2025 (`benchmarks/fit_extractive.py`); evaluated on 291 later ones (`benchmarks/summaries.py`).
"""

_MAX_CANDIDATES = 16
"""Number of sentences whose subsets are all tried; in longer texts, those with the highest score per word."""
_MAX_SENTENCE_LENGTH = 600
"""Maximum length of a sentence in characters. Longer text without punctuation is cut."""
_MAX_SENTENCES_READ = 60
"""Sentences that are looked at: abstracts have 5 to 15."""


@dataclass(frozen=True, slots=True)
class ExtractiveSummary:
    """Sentences selected from a text, readable but otherwise verbatim."""

    why: str
    insights: tuple[str, ...]
    quotes: tuple[str, ...]


def extract(title: str, text: str, budget: int = BUDGET) -> ExtractiveSummary:
    """Extract Why, key insights and quotes from an abstract; all are empty if it has no usable sentence.

    Why is the sentence that states the contribution, with the one before it if space allows. Insights are the other
    selected sentences in order. Quotes are up to two further sentences with high scores.
    """
    lines = usable(text)
    scores = [
        BASE + sum(weight * figure for weight, figure in zip(WEIGHTS.values(), features, strict=True))
        for features in sentence_features(title, lines)
    ]
    chosen = choose(lines, scores, budget)
    why, insights = _split_why_and_insights([lines[at] for at in chosen])
    unused = [at for at in range(len(lines)) if at not in chosen]
    return ExtractiveSummary(
        " ".join(why), tuple(insights), tuple(lines[at] for at in _quotable(lines, scores, unused))
    )


def usable(text: str) -> list[str]:
    """Sentences of the text that can be displayed on their own: readable, each on one line."""
    lines = without_instructions([one_line(sentence.text) for sentence in sentences(plain(text))])
    return [
        truncate(line, _MAX_SENTENCE_LENGTH)
        for line in lines
        if len(line.split()) >= 4 and not contains_contact_or_url(line)
    ][:_MAX_SENTENCES_READ]


def choose(lines: Sequence[str], scores: Sequence[float], budget: int = BUDGET) -> tuple[int, ...]:
    """Indices of the best set of sentences, in order: highest score with the least repetition within the word budget.

    Sets of at least FEWEST sentences are preferred; if none fits, smaller ones; if no sentence fits, the shortest one.
    """
    if not lines:
        return ()
    best = sorted(sorted(range(len(lines)), key=lambda at: -scores[at])[:_MAX_CANDIDATES])
    lengths = [len(line.split()) for line in lines]
    word_sets = [frozenset(content_words(line)) for line in lines]
    penalties = {(a, b): REPETITION_PENALTY * _overlap(word_sets[a], word_sets[b]) for a in best for b in best if a < b}
    best_set: tuple[int, ...] = ()
    best_score = (False, 0.0)

    def extend(chosen: tuple[int, ...], length: int, score: float, start: int) -> None:
        nonlocal best_set, best_score
        if (len(chosen) >= MIN_SENTENCES, score) > best_score:
            best_set, best_score = chosen, (len(chosen) >= MIN_SENTENCES, score)
        if len(chosen) == MAX_SENTENCES:
            return
        for index in range(start, len(best)):
            at = best[index]
            if length + lengths[at] <= budget:
                repeated = sum(penalties[other, at] for other in chosen)
                gain = scores[at] * lengths[at] - repeated
                extend((*chosen, at), length + lengths[at], score + gain, index + 1)

    extend((), 0, 0.0, 0)
    return best_set or (min(range(len(lines)), key=lengths.__getitem__),)


def _split_why_and_insights(chosen: Sequence[str]) -> tuple[Sequence[str], Sequence[str]]:
    """Split the selected sentences into Why and insights."""
    turning_point = next((at for at, line in enumerate(chosen) if CUE_PHRASES["contribution"].search(line)), 0)
    if turning_point == 1 and len(chosen) > 3:
        return chosen[:2], chosen[2:]
    return chosen[turning_point : turning_point + 1], [*chosen[:turning_point], *chosen[turning_point + 1 :]]


def _quotable(lines: Sequence[str], scores: Sequence[float], unused: Sequence[int]) -> list[int]:
    """The sentences that a reader would put in quotation marks: claims of a handy length, at most two, in order."""

    def telling(at: int) -> float:
        line = lines[at]
        cues = {name for name, cue in CUE_PHRASES.items() if cue.search(line)}
        return scores[at] + 0.2 * ("result" in cues) - 0.2 * ("pronoun" in cues) - 0.3 * ("background" in cues)

    suitable = [at for at in unused if 6 <= len(lines[at].split()) <= 40 and lines[at][0].isalpha()]
    return sorted(sorted(suitable, key=telling, reverse=True)[:2])


def _overlap(first: frozenset[str], second: frozenset[str]) -> float:
    """Share of the smaller set of words that the larger one contains, from 0 to 1."""
    return len(first & second) / max(1, min(len(first), len(second)))
