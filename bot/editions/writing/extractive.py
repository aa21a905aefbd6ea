"""Saying what a paper is about in its own sentences: no model, no network, the same answer every time.

Each sentence gets a worth per word, a weighted sum of what can be seen of it (`bot.editions.writing.sentence_features`). Of all
sets of sentences that fit the budget the one is taken whose worth is greatest, less what its sentences repeat of each
other. Nothing is reworded, so nothing can be wrong that is not wrong in the paper.
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
"""Goes up whenever other sentences may be chosen, so that what was kept is written anew."""

BUDGET = 77
"""Words in all. A set of whole sentences rarely fills it: the average is just under 75."""
MAX_SENTENCES, MIN_SENTENCES = 6, 2
"""How many sentences, where the text has them: one for Why, and one to five insights."""
REPETITION_PENALTY = 7.0
"""What it costs, in words' worth, when of two chosen sentences the shorter has every word in common with the longer."""

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
"""What one word of a sentence is worth, in words and word pairs that a human's summary of the paper also has.

In the order of `features.FEATURES`. Fitted by ridge regression to 311 summaries that curators wrote of papers up to
April 2025 (`benchmarks/fit_extractive.py`); measured on 291 later ones (`benchmarks/summaries.py`).
"""

_MAX_CANDIDATES = 16
"""Sentences of which every set is tried; of longer texts those worth most by the word."""
_MAX_SENTENCE_LENGTH = 600
"""Characters of a sentence. What is longer (a text without stops) is no sentence and is cut."""
_MAX_SENTENCES_READ = 60
"""Sentences that are looked at: abstracts have 5 to 15."""


@dataclass(frozen=True, slots=True)
class ExtractiveSummary:
    """What was drawn from a text, readable, each sentence as it stands there."""

    why: str
    insights: tuple[str, ...]
    quotes: tuple[str, ...]


def extract(title: str, text: str, budget: int = BUDGET) -> ExtractiveSummary:
    """Draw Why, Key insights and quotes from an abstract. All are empty if the text has no sentence to show.

    Why is where the paper says what it does, with the sentence before if there is room; insights are the other chosen
    sentences, in their order; quotes are up to two telling sentences that were not chosen.
    """
    lines = usable(text)
    worths = [
        BASE + sum(weight * figure for weight, figure in zip(WEIGHTS.values(), figures, strict=True))
        for figures in sentence_features(title, lines)
    ]
    chosen = choose(lines, worths, budget)
    why, insights = _split_why_and_insights([lines[at] for at in chosen])
    rest = [at for at in range(len(lines)) if at not in chosen]
    return ExtractiveSummary(" ".join(why), tuple(insights), tuple(lines[at] for at in _quotable(lines, worths, rest)))


def usable(text: str) -> list[str]:
    """The sentences of the text that a reader may be shown by themselves, readable, each on one line."""
    lines = without_instructions([one_line(sentence.text) for sentence in sentences(plain(text))])
    return [truncate(line, _MAX_SENTENCE_LENGTH) for line in lines if len(line.split()) >= 4 and not contains_contact_or_url(line)][
        :_MAX_SENTENCES_READ
    ]


def choose(lines: Sequence[str], worths: Sequence[float], budget: int = BUDGET) -> tuple[int, ...]:
    """The places of the best set of sentences, in order: worth most, repeating least, within the budget of words.

    Sets of at least FEWEST sentences come first; if none fits, smaller ones; if no sentence fits, the shortest.
    """
    if not lines:
        return ()
    best = sorted(sorted(range(len(lines)), key=lambda at: -worths[at])[:_MAX_CANDIDATES])
    lengths = [len(line.split()) for line in lines]
    bags = [frozenset(content_words(line)) for line in lines]
    lost = {(a, b): REPETITION_PENALTY * _overlap(bags[a], bags[b]) for a in best for b in best if a < b}
    found: tuple[int, ...] = ()
    found_worth = (False, 0.0)

    def extend(chosen: tuple[int, ...], length: int, worth: float, start: int) -> None:
        nonlocal found, found_worth
        if (len(chosen) >= MIN_SENTENCES, worth) > found_worth:
            found, found_worth = chosen, (len(chosen) >= MIN_SENTENCES, worth)
        if len(chosen) == MAX_SENTENCES:
            return
        for index in range(start, len(best)):
            at = best[index]
            if length + lengths[at] <= budget:
                repeated = sum(lost[other, at] for other in chosen)
                more = worths[at] * lengths[at] - repeated
                extend((*chosen, at), length + lengths[at], worth + more, index + 1)

    extend((), 0, 0.0, 0)
    return found or (min(range(len(lines)), key=lengths.__getitem__),)


def _split_why_and_insights(chosen: Sequence[str]) -> tuple[Sequence[str], Sequence[str]]:
    """Which of the chosen sentences say why, and which what came of it."""
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


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    """How much of the poorer sentence the richer one says too, from 0 to 1."""
    return len(one & other) / max(1, min(len(one), len(other)))
