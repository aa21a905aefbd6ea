"""Training data of the learned ranker, as arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from scipy.sparse import vstack

from bot.recommender.evidence import known_papers, weighted_papers
from bot.recommender.learned.text_rows import author_rows, category_rows, rarity, weighted, word_counts
from bot.recommender.names import name_keys
from bot.recommender.values import StreamPaper, Taste

VOTES = "hf_votes"
"""The signal that counts as the crowd's votes."""


@dataclass(frozen=True)
class PaperArrays:
    """Papers as arrays of one length: rows of words, authors and categories; the crowd's votes (-1: unknown)."""

    text: Any
    title_text: Any
    author_rows: Any
    category_rows: Any
    authors: Sequence[tuple[str, ...]]
    categories: Sequence[tuple[str, ...]]
    days: Any
    votes: Any
    titles: Sequence[str]
    abstract_words: Any

    def __len__(self) -> int:
        return len(self.authors)

    def only(self, rows: Any) -> PaperArrays:
        """The papers of these rows (indices)."""
        return PaperArrays(
            self.text[rows],
            self.title_text[rows],
            self.author_rows[rows],
            self.category_rows[rows],
            [self.authors[at] for at in rows],
            [self.categories[at] for at in rows],
            self.days[rows],
            self.votes[rows],
            [self.titles[at] for at in rows],
            self.abstract_words[rows],
        )


def joined(one: PaperArrays, other: PaperArrays | None) -> PaperArrays:
    """Both, one after the other."""
    if other is None or not len(other):
        return one
    return PaperArrays(
        vstack([one.text, other.text]).tocsr(),
        vstack([one.title_text, other.title_text]).tocsr(),
        vstack([one.author_rows, other.author_rows]).tocsr(),
        vstack([one.category_rows, other.category_rows]).tocsr(),
        [*one.authors, *other.authors],
        [*one.categories, *other.categories],
        np.concatenate([one.days, other.days]),
        np.concatenate([one.votes, other.votes]),
        [*one.titles, *other.titles],
        np.concatenate([one.abstract_words, other.abstract_words]),
    )


@dataclass(frozen=True)
class LearningSet:
    """Chosen papers with their weights (1: a pick; below 0: turned down) and keys, beside those that nobody chose.

    `popular` are older papers with votes, from which only the crowd's taste is learned.
    """

    chosen: PaperArrays
    weights: Any
    keys: Sequence[str]
    others: PaperArrays
    popular: PaperArrays | None = None


def as_arrays(papers: Sequence[StreamPaper], idf: Any | None = None) -> tuple[PaperArrays, Any]:
    """The papers as arrays, with the rarity of words: the given one, else that of these papers."""
    counted, titles = word_counts(papers)
    idf = rarity(counted) if idf is None else idf
    authors = [name_keys(paper) for paper in papers]
    categories = [paper.categories for paper in papers]
    return PaperArrays(
        weighted(counted, idf),
        weighted(titles, idf),
        author_rows(authors),
        category_rows(categories),
        authors,
        categories,
        np.array([day_number(paper.published) for paper in papers], dtype=float),
        np.array([paper.signals.get(VOTES, -1.0) for paper in papers], dtype=float),
        [paper.title for paper in papers],
        np.array([len(paper.abstract.split()) for paper in papers], dtype=float),
    ), idf


def learning_set(taste: Taste, now: datetime) -> tuple[LearningSet, Any]:
    """Papers of a taste to learn from, and the rarity of words in its background."""
    known: Mapping[str, StreamPaper] = known_papers(taste, ())
    weights = {key: weight for key, weight in weighted_papers(taste, (), now, fading=False).items() if key in known}
    others = [paper for paper in taste.background if paper.key not in weights]
    other_papers, idf = as_arrays(others)
    keys = sorted(weights)
    chosen, _ = as_arrays([known[key] for key in keys], idf)
    there = {paper.key for paper in others} | weights.keys()
    popular, _ = as_arrays([paper for paper in taste.popular if paper.key not in there], idf)
    return LearningSet(chosen, np.array([weights[key] for key in keys]), keys, other_papers, popular), idf


def voted_share(taste: Taste, learning: LearningSet) -> float:
    """The part of all that speaks for papers that votes alone give, 0 to 1: the rest was picked or imported."""
    chosen = {paper.key for paper in (*taste.picked, *taste.more, *taste.library)}
    liked = [(key, weight) for key, weight in zip(learning.keys, learning.weights, strict=True) if weight > 0]
    total = sum(weight for _, weight in liked)
    return float(sum(weight for key, weight in liked if key not in chosen) / total) if total else 0.0


def day_number(moment: datetime) -> float:
    """Days since the epoch of an aware time, with their fraction."""
    return moment.timestamp() / 86_400
