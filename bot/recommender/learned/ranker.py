"""The learned ranker: a club's own models give features, the shipped stack makes scores of them, both give reasons."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import numpy as np

from bot.recommender.caps import capped
from bot.recommender.evidence import Phrases, known_papers, proposable, weighted_papers
from bot.recommender.learned.base_models import fit
from bot.recommender.learned.features import AUTHORS, FEATURES, TEXT, feature_table
from bot.recommender.learned.second_stage import Teacher, shipped_stack
from bot.recommender.learned.text_rows import word_columns
from bot.recommender.learned.training_data import VOTES, PaperArrays, as_arrays, day_number, learning_set, voted_share
from bot.recommender.learned.weights import Weights
from bot.recommender.liked_papers import MOST_COMPARED, LikedPapers
from bot.recommender.names import name_key
from bot.recommender.plain import FOLLOWED_WEIGHT, WORDS_WEIGHT
from bot.recommender.reasons import Ground, named_authors, reasons, shared_terms
from bot.recommender.terms import counts
from bot.recommender.values import RankedPaper, ReasonKind, StreamPaper, Taste

LEAST_CHOICES, LEAST_BACKGROUND = 5, 200
"""Numbers of liked papers and of papers that nobody chose from which learning is better than the plain ranking."""

PARTS = 2
"""Number of scores that the stack adds, each in standard deviations.

Followed authors and the club's words are multiplied by it, so that they weigh as in the plain ranking.
"""


def train(taste: Taste, now: datetime) -> Weights | None:
    """The weights of a taste; None if it says too little to learn from."""
    learning, idf = learning_set(taste, now)
    liked = int((learning.weights > 0).sum())
    if liked < LEAST_CHOICES or len(learning.others) < LEAST_BACKGROUND:
        return None
    return Weights(fit(learning, day_number(now)), idf, now, liked, voted_share(taste, learning))


def rank_by_weights(
    papers: Iterable[StreamPaper], taste: Taste, weights: Weights, *, now: datetime, limit: int
) -> tuple[RankedPaper, ...]:
    """The best `limit` papers of those that may be proposed, best first; equal scores in the order of their keys."""
    candidates = proposable(papers, taste)
    if not candidates or limit <= 0:
        return ()
    scored = _LearnedScores(candidates, taste, weights, now)
    order = sorted(range(len(candidates)), key=lambda at: (-scored.totals[at], candidates[at].key))
    first = capped((RankedPaper(candidates[at], float(scored.totals[at])) for at in order), limit)
    places = {paper.key: at for at, paper in enumerate(candidates)}
    grounds = scored.grounds([places[one.paper.key] for one in first])
    return tuple(
        RankedPaper(one.paper, round(one.score, 4), reasons(found)) for one, found in zip(first, grounds, strict=True)
    )


class _LearnedScores:
    """Features and scores of all candidates, kept so that the reasons are read from the same figures."""

    def __init__(self, candidates: Sequence[StreamPaper], taste: Taste, weights: Weights, now: datetime) -> None:
        self._candidates = candidates
        self._models = weights.models
        self._papers: PaperArrays = as_arrays(candidates, weights.idf)[0]
        table = feature_table(weights.models, self._papers, day_number(now))
        parts = {Teacher.CURATORS: 1 - weights.voted_share, Teacher.CROWD: weights.voted_share}
        stacks = [(shipped_stack(teacher), part) for teacher, part in parts.items() if part]
        self._contributions: Any = sum(part * stack.contributions(table) for stack, part in stacks)
        self._phrases = Phrases(taste.words)
        self._liked = LikedPapers(taste, known_papers(taste, ()), weighted_papers(taste, (), now))
        self._followed = {name_key(name): 1.0 for name in taste.followed_authors}
        self._asked = list(map(self._asked_for, candidates, self._papers.authors))
        asked = np.array([sum(points) for points in self._asked])
        self.totals: Any = sum(part * stack.score(table) for stack, part in stacks) + asked

    def _asked_for(self, paper: StreamPaper, names: Sequence[str]) -> tuple[float, float]:
        """Points for authors that are followed, and for the club's own words."""
        followed = sum(key in self._followed for key in names) if self._followed else 0
        words = len(self._phrases.found_in(paper))
        return PARTS * FOLLOWED_WEIGHT * min(followed, 2), PARTS * WORDS_WEIGHT * sum(
            1 / 2**place for place in range(words)
        )

    def grounds(self, places: Sequence[int]) -> list[list[Ground]]:
        """Grounds of the scores of some candidates, with names; one list a candidate, in the order of `places`."""
        similar = (self._papers.text[places] @ self._models.liked.T).toarray()
        return [self._grounds(at, row) for at, row in zip(places, similar, strict=True)]

    def _grounds(self, at: int, similar: Any) -> list[Ground]:
        paper = self._candidates[at]
        known, near = self._part(at, AUTHORS), self._part(at, TEXT)
        key, similarity = self._nearest(paper, similar)
        followed, words = self._asked[at]
        authors, theirs = self._liked.named_authors(paper, self._models.authors.picks)
        found = [
            Ground(ReasonKind.AUTHORS, known, authors, choice=theirs),
            Ground(ReasonKind.FOLLOWED, followed, named_authors(paper, self._followed)),
            Ground(ReasonKind.WORDS, words, self._phrases.found_in(paper)),
        ]
        if key:
            found.append(Ground(ReasonKind.SIMILAR, near, (), key, similarity))
        else:
            shared, whose = self._liked.with_words(self._terms(at))
            found.append(Ground(ReasonKind.TERMS, near, shared, "", float(similar.max()), whose))
        if (votes := paper.signals.get(VOTES, 0.0)) > 0:
            found.append(Ground(ReasonKind.SIGNAL, self._part(at, ("votes",)), (VOTES,), "", votes))
        return [ground for ground in found if ground.names or ground.key]

    def _part(self, at: int, names: Sequence[str]) -> float:
        return float(sum(self._contributions[at, FEATURES.index(name)] for name in names))

    def _nearest(self, paper: StreamPaper, similar: Any) -> tuple[str, float]:
        order = np.argsort(-similar, kind="stable")[:MOST_COMPARED]
        return self._liked.nearest(paper, [self._models.liked_keys[at] for at in order])

    def _terms(self, at: int) -> tuple[str, ...]:
        """The paper's words that the recent taste weighs most."""
        from_column = dict(zip(self._papers.text[at].indices, self._papers.text[at].data, strict=True))
        words = list(counts(self._candidates[at]))
        columns = word_columns(words)
        vector = {word: float(from_column.get(column, 0.0)) for word, column in columns.items()}
        profile = {word: float(self._models.words["recent"][column]) for word, column in columns.items()}
        return shared_terms(vector, profile)
