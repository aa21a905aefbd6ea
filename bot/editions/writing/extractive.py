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
MOST, FEWEST = 6, 2
"""Maximum and minimum number of sentences: one for Why, and one to five insights."""
REPEATED = 7.0
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

_CONSIDERED = 16
"""Number of sentences whose subsets are all tried; in longer texts, those with the highest score per word."""
_LONGEST = 600
"""Maximum length of a sentence in characters. Longer text without punctuation is cut."""
_READ = 60
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
    worths = [
        BASE + sum(weight * figure for weight, figure in zip(WEIGHTS.values(), figures, strict=True))
        for figures in sentence_features(title, lines)
    ]
    chosen = choose(lines, worths, budget)
    why, insights = _sorted_out([lines[at] for at in chosen])
    rest = [at for at in range(len(lines)) if at not in chosen]
    return ExtractiveSummary(" ".join(why), tuple(insights), tuple(lines[at] for at in _quotable(lines, worths, rest)))


def usable(text: str) -> list[str]:
    """Sentences of the text that can be displayed on their own: readable, each on one line."""
    lines = without_instructions([one_line(sentence.text) for sentence in sentences(plain(text))])
    return [truncate(line, _LONGEST) for line in lines if len(line.split()) >= 4 and not contains_contact_or_url(line)][
        :_READ
    ]


def choose(lines: Sequence[str], worths: Sequence[float], budget: int = BUDGET) -> tuple[int, ...]:
    """Indices of the best set of sentences, in order: highest score with the least repetition within the word budget.

    Sets of at least FEWEST sentences are preferred; if none fits, smaller ones; if no sentence fits, the shortest one.
    """
    if not lines:
        return ()
    best = sorted(sorted(range(len(lines)), key=lambda at: -worths[at])[:_CONSIDERED])
    lengths = [len(line.split()) for line in lines]
    bags = [frozenset(content_words(line)) for line in lines]
    lost = {(a, b): REPEATED * _in_common(bags[a], bags[b]) for a in best for b in best if a < b}
    found: tuple[int, ...] = ()
    found_worth = (False, 0.0)

    def extend(chosen: tuple[int, ...], length: int, worth: float, start: int) -> None:
        nonlocal found, found_worth
        if (len(chosen) >= FEWEST, worth) > found_worth:
            found, found_worth = chosen, (len(chosen) >= FEWEST, worth)
        if len(chosen) == MOST:
            return
        for index in range(start, len(best)):
            at = best[index]
            if length + lengths[at] <= budget:
                repeated = sum(lost[other, at] for other in chosen)
                more = worths[at] * lengths[at] - repeated
                extend((*chosen, at), length + lengths[at], worth + more, index + 1)

    extend((), 0, 0.0, 0)
    return found or (min(range(len(lines)), key=lengths.__getitem__),)


def _sorted_out(chosen: Sequence[str]) -> tuple[Sequence[str], Sequence[str]]:
    """Split the selected sentences into Why and insights."""
    turn = next((at for at, line in enumerate(chosen) if CUE_PHRASES["contribution"].search(line)), 0)
    if turn == 1 and len(chosen) > 3:
        return chosen[:2], chosen[2:]
    return chosen[turn : turn + 1], [*chosen[:turn], *chosen[turn + 1 :]]


def _quotable(lines: Sequence[str], worths: Sequence[float], rest: Sequence[int]) -> list[int]:
    """The sentences that a reader would put in quotation marks: claims of a handy length, at most two, in order."""

    def telling(at: int) -> float:
        line = lines[at]
        cues = {name for name, cue in CUE_PHRASES.items() if cue.search(line)}
        return worths[at] + 0.2 * ("result" in cues) - 0.2 * ("pronoun" in cues) - 0.3 * ("background" in cues)

    handy = [at for at in rest if 6 <= len(lines[at].split()) <= 40 and lines[at][0].isalpha()]
    return sorted(sorted(handy, key=telling, reverse=True)[:2])


def _in_common(one: frozenset[str], other: frozenset[str]) -> float:
    """Share of the smaller set of words that the larger one contains, from 0 to 1."""
    return len(one & other) / max(1, min(len(one), len(other)))
