"""Extractive summaries: selected sentences of the abstract. No model, no network, deterministic.

Each sentence has a score per word, a weighted sum of its features (`bot.editions.writing.sentence_features`). Among all
sets of sentences within the word budget, the one with the highest total is selected, after subtracting a penalty for
repetition. Sentences are not reworded, so a summary is as correct as the paper.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bot.chat.text import one_line, truncate
from bot.editions.text_analysis.normalization import plain
from bot.editions.text_analysis.prompt_injection import contains_contact_or_url, without_instructions
from bot.editions.text_analysis.sentences import sentences
from bot.editions.text_analysis.words import UNSPACED, content_words
from bot.editions.writing.contributions import (
    broken_lists,
    contribution,
    leans,
    states_contribution,
    without_leaning,
)
from bot.editions.writing.expansions import with_expansions
from bot.editions.writing.sentence_features import CUE_PHRASES, sentence_features

VERSION = "6"
"""Version of the algorithm. Increase it whenever the selection may change, so that stored summaries are rewritten."""

BUDGET = 80
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
_AVAILABILITY = re.compile(r"\b(?:publicly|openly|freely|made)\s+available\b|\bfuture\s+research\b", re.IGNORECASE)
"""A statement about code and data rather than about the work: the last to be quoted."""
_UNSPACED = re.compile(f"[{UNSPACED}]")
"""A character of a script without spaces: two make a word."""
_CITATION = re.compile(r"\s?\[@[\w:.-]{1,80}(?:;\s?@[\w:.-]{1,80}){0,20}\]")
"""A citation as Markdown has it: "[@Hanssens2005; @Ng2021]"; it is no mention, and nothing to show."""
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

    Why is the sentence that states the contribution, without an opening phrase that leans on the sentence before it.
    Insights are the other selected sentences in order, background and parts of lists left out. Acronyms are spelled out
    at their first use. Quotes are one or two further sentences with high scores, verbatim.
    """
    lines = usable(text)
    scores = [
        BASE + sum(weight * figure for weight, figure in zip(WEIGHTS.values(), features, strict=True))
        for features in sentence_features(title, lines)
    ]
    core = contribution(lines, title)
    chosen = _choose_readable(lines, scores, budget, core)
    first = core if core is not None else next(iter(chosen), 0)
    order = [at for at in (first, *(at for at in chosen if at != first)) if at < len(lines)]
    shown = with_expansions([without_leaning(lines[at]) for at in order], plain(text))
    unused = [at for at in range(len(lines)) if at not in chosen]
    quotes = tuple(lines[at] for at in _quotable(lines, scores, unused, core or 0))
    return ExtractiveSummary(shown[0] if shown else "", shown[1:], quotes)


def _choose_readable(lines: Sequence[str], scores: Sequence[float], budget: int, core: int | None) -> tuple[int, ...]:
    """The best set that can be read by itself: no background, part of a list, or sentence that leans on one left out.

    Where that leaves no insight, leaning sentences are taken, then parts of lists, then background; where the
    contribution alone fills the budget, up to twice as many words.
    """
    background = frozenset(() if core is None else (at for at in range(core) if not states_contribution(lines[at])))
    dependent = frozenset(at for at, line in enumerate(lines) if leans(line))
    chosen: tuple[int, ...] = ()
    lists, nothing = broken_lists(lines), frozenset[int]()
    for words, barred, unread in (
        (budget, background | lists, dependent),
        (budget, background | lists, nothing),
        (budget, background, nothing),
        (2 * budget, background | lists, nothing),
        (2 * budget, nothing, nothing),
    ):
        chosen = choose(lines, scores, words, required=core, barred=barred - {core}, dependent=unread)
        if len(chosen) >= MIN_SENTENCES:
            break
    return chosen


def usable(text: str) -> list[str]:
    """Sentences of the text that can be displayed on their own: readable, each on one line."""
    shown = _CITATION.sub("", plain(text))
    lines = without_instructions([one_line(sentence.text) for sentence in sentences(shown)])
    return [
        truncate(line, _MAX_SENTENCE_LENGTH)
        for line in lines
        if len(line.split()) + len(_UNSPACED.findall(line)) // 2 >= 4 and not contains_contact_or_url(line)
    ][:_MAX_SENTENCES_READ]


def choose(
    lines: Sequence[str],
    scores: Sequence[float],
    budget: int = BUDGET,
    *,
    required: int | None = None,
    barred: Collection[int] = (),
    dependent: Collection[int] = (),
) -> tuple[int, ...]:
    """Indices of the best set of sentences, in order: highest score with the least repetition within the word budget.

    The set has the `required` sentence, whatever its length, none that is `barred`, and a `dependent` one only together
    with the sentence before it. Sets of at least MIN_SENTENCES are preferred; if none fits, smaller ones; if no
    sentence fits, the shortest one.
    """
    if not lines:
        return ()
    ranked = sorted(range(len(lines)), key=lambda at: -scores[at])
    candidates = [at for at in ranked if at not in barred and at != required][:_MAX_CANDIDATES]
    best = sorted(candidates)
    lengths = [len(line.split()) for line in lines]
    word_sets = [frozenset(content_words(line)) for line in lines]
    kept = () if required is None else (required,)
    pool = sorted((*best, *kept))
    penalties = {(a, b): REPETITION_PENALTY * _overlap(word_sets[a], word_sets[b]) for a in pool for b in pool if a < b}
    best_set: tuple[int, ...] = kept
    best_score = (False, float("-inf") if required is not None else 0.0)

    def extend(chosen: tuple[int, ...], length: int, score: float, start: int) -> None:
        nonlocal best_set, best_score
        if (len(chosen) >= MIN_SENTENCES, score) > best_score:
            best_set, best_score = chosen, (len(chosen) >= MIN_SENTENCES, score)
        if len(chosen) == MAX_SENTENCES:
            return
        for index in range(start, len(best)):
            at = best[index]
            if length + lengths[at] <= budget and (at not in dependent or at - 1 in chosen):
                repeated = sum(penalties[min(other, at), max(other, at)] for other in chosen)
                gain = scores[at] * lengths[at] - repeated
                extend((*chosen, at), length + lengths[at], score + gain, index + 1)

    extend(kept, sum(lengths[at] for at in kept), 0.0, 0)
    return tuple(sorted(best_set)) or (min(range(len(lines)), key=lengths.__getitem__),)


def _quotable(lines: Sequence[str], scores: Sequence[float], unused: Sequence[int], core: int) -> list[int]:
    """The sentences that a reader would put in quotation marks: claims of a handy length, at most two, in order.

    They speak of the paper (the contribution at `core` and what follows) and can be read alone. If there is none, one
    sentence of the background is taken, else one that leans on the sentence before it.
    """

    def telling(at: int) -> float:
        line = lines[at]
        cues = {name for name, cue in CUE_PHRASES.items() if cue.search(line)}
        dull = _AVAILABILITY.search(line) is not None
        return scores[at] + 0.2 * ("result" in cues) - 0.2 * ("pronoun" in cues) - 0.3 * ("background" in cues) - dull

    suitable = [at for at in unused if 6 <= len(lines[at].split()) <= 40 and lines[at][0].isalpha()]
    ranked = sorted(suitable, key=telling, reverse=True)
    readable = [at for at in ranked if not leans(lines[at]) and without_leaning(lines[at]) == lines[at]]
    own = [at for at in readable if at > core or states_contribution(lines[at])]
    return sorted(own[:2] or readable[:1] or ranked[:1])


def _overlap(first: frozenset[str], second: frozenset[str]) -> float:
    """Share of the smaller set of words that the larger one contains, from 0 to 1."""
    return len(first & second) / max(1, min(len(first), len(second)))
