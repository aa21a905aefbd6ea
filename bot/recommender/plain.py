"""The plain ranker: nearness to what was chosen, known authors, words and signals. Needs no training."""

from __future__ import annotations

import heapq
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from bot.recommender import terms
from bot.recommender.caps import capped
from bot.recommender.evidence import Phrases, known_papers, proposable, weighted_papers
from bot.recommender.liked_papers import MOST_COMPARED, LikedPapers
from bot.recommender.names import author_points, author_score, name_key, name_keys
from bot.recommender.prior import AUTHOR_COUNT_WEIGHT, PriorScore, prior_score
from bot.recommender.reasons import Ground, named_authors, reasons, shared_terms
from bot.recommender.values import RankedPaper, ReasonKind, StreamPaper, Taste

TEXT_WEIGHT, AUTHORS_WEIGHT, FOLLOWED_WEIGHT, WORDS_WEIGHT, SIGNAL_WEIGHT = 1.0, 0.6, 2.0, 0.8, 0.15
"""Points of a score: for one standard deviation of nearness and of known authors, for a followed author, for each word
(the second counts half, and so on), and for each doubling of a signal."""
PRIOR_WEIGHT = 0.1
"""Points for one standard deviation of the prior, where nothing was chosen: known votes count more."""
MOST_REFERENCES = 3_000
"""Papers of the background from which the rarity of terms is read."""


def rank_plainly(papers: Iterable[StreamPaper], taste: Taste, *, now: datetime, limit: int) -> tuple[RankedPaper, ...]:
    """The best `limit` papers of those that may be proposed, best first; of equal scores the newest."""
    candidates = proposable(papers, taste)
    if not candidates or limit <= 0:
        return ()
    scored = _PlainScores(candidates, taste, now)
    order = sorted(
        range(len(candidates)),
        key=lambda at: (-scored.totals[at], -candidates[at].published.timestamp(), candidates[at].key),
    )
    first = capped((RankedPaper(candidates[at], scored.totals[at]) for at in order), limit)
    places = {paper.key: at for at, paper in enumerate(candidates)}
    return tuple(
        RankedPaper(one.paper, round(one.score, 4), reasons(scored.grounds(places[one.paper.key]))) for one in first
    )


class _PlainScores:
    """Features and scores of all candidates, kept so that the reasons are read from the same figures."""

    def __init__(self, candidates: Sequence[StreamPaper], taste: Taste, now: datetime) -> None:
        self._candidates = candidates
        known = known_papers(taste, candidates)
        weights = weighted_papers(taste, candidates, now)
        counted = [terms.counts(paper) for paper in candidates]
        idf = terms.rarity((*counted, *map(terms.counts, taste.background[-MOST_REFERENCES:])))
        self._vectors = [terms.vector(one, idf) for one in counted]
        self._chosen = {key: terms.vector(terms.counts(known[key]), idf) for key in weights if key in known}
        self._weights = weights
        self._liked = LikedPapers(taste, known, weights)
        self._profile = _profile(self._chosen, weights)
        self._points = author_points((known[key], weight) for key, weight in weights.items() if key in known)
        self._followed = {name_key(name): 1.0 for name in taste.followed_authors}
        self._phrases = Phrases(taste.words)
        self._priors = [None if self._chosen else prior_score(paper) for paper in candidates]
        text = [terms.cosine(vector, self._profile) for vector in self._vectors]
        authors = [author_score(name_keys(paper), self._points) for paper in candidates]
        self._parts = [
            self._grounds_without_names(paper, near, known_by)
            for paper, near, known_by in zip(candidates, standardized(text), standardized(authors), strict=True)
        ]
        for parts, points in zip(self._parts, _prior_points(self._priors), strict=True):
            parts[ReasonKind.PRIOR] = points
        self.totals = [sum(parts.values()) for parts in self._parts]

    def _grounds_without_names(self, paper: StreamPaper, near: float, known_by: float) -> dict[ReasonKind, float]:
        followed = sum(key in self._followed for key in name_keys(paper))
        words = len(self._phrases.found_in(paper))
        return {
            ReasonKind.SIMILAR: TEXT_WEIGHT * near,
            ReasonKind.AUTHORS: AUTHORS_WEIGHT * known_by,
            ReasonKind.FOLLOWED: FOLLOWED_WEIGHT * min(followed, 2),
            ReasonKind.WORDS: WORDS_WEIGHT * sum(1 / (2**place) for place in range(words)),
            ReasonKind.SIGNAL: SIGNAL_WEIGHT * sum(map(signal_points, paper.signals.values())),
        }

    def grounds(self, at: int) -> list[Ground]:
        """Grounds of the score of one candidate, with names; those without names are left out."""
        paper, vector, parts = self._candidates[at], self._vectors[at], self._parts[at]
        liked = {key: terms.cosine(vector, other) for key, other in self._chosen.items() if self._weights[key] > 0}
        key, similarity = self._liked.nearest(paper, heapq.nlargest(MOST_COMPARED, liked, key=liked.__getitem__))
        near = parts[ReasonKind.SIMILAR]
        authors, theirs = self._liked.named_authors(paper, self._points)
        found = [
            Ground(ReasonKind.AUTHORS, parts[ReasonKind.AUTHORS], authors, choice=theirs),
            Ground(ReasonKind.FOLLOWED, parts[ReasonKind.FOLLOWED], named_authors(paper, self._followed)),
            Ground(ReasonKind.WORDS, parts[ReasonKind.WORDS], self._phrases.found_in(paper)),
            *signal_grounds(paper, parts[ReasonKind.SIGNAL]),
        ]
        if prior := self._priors[at]:
            found.append(Ground(ReasonKind.PRIOR, parts[ReasonKind.PRIOR], prior.names))
        if key:
            found.append(Ground(ReasonKind.SIMILAR, near, (), key, similarity))
        else:
            shared, whose = self._liked.with_words(shared_terms(vector, self._profile))
            found.append(Ground(ReasonKind.TERMS, near, shared, "", max(liked.values(), default=0.0), whose))
        return [ground for ground in found if ground.names or ground.key]


def _prior_points(priors: Sequence[PriorScore | None]) -> list[float]:
    """Points of each paper by the prior; 0, the mean, for one that has none."""
    there = [prior for prior in priors if prior]
    if not there:
        return [0.0] * len(priors)
    words = standardized([prior.words for prior in there])
    authors = standardized([prior.authors for prior in there])
    points = iter(
        PRIOR_WEIGHT * (word + AUTHOR_COUNT_WEIGHT * number) for word, number in zip(words, authors, strict=True)
    )
    return [next(points) if prior else 0.0 for prior in priors]


def _profile(chosen: Mapping[str, terms.Vector], weights: Mapping[str, float]) -> terms.Vector:
    """The weighted centroid of the chosen papers, less what was turned down."""
    total: dict[str, float] = defaultdict(float)
    for key, vector in chosen.items():
        for term, weight in vector.items():
            total[term] += weights[key] * weight
    return terms.unit(total)


def standardized(values: Sequence[float]) -> list[float]:
    """The values less their mean, in standard deviations, at most 6; all 0 where they do not differ."""
    mean = sum(values) / len(values)
    deviation = math.sqrt(sum((value - mean) ** 2 for value in values) / len(values))
    return [max(-6.0, min(6.0, (value - mean) / deviation)) if deviation > 1e-12 else 0.0 for value in values]


def signal_points(count: float) -> float:
    """Doublings of a count from outside, at most 10; nothing for a negative one."""
    return min(10.0, math.log2(1 + max(0.0, count)))


def signal_grounds(paper: StreamPaper, points: float) -> list[Ground]:
    """One ground for each signal that the paper has, the points shared among them by size."""
    sizes = {name: signal_points(count) for name, count in paper.signals.items() if count > 0}
    total = sum(sizes.values())
    return [
        Ground(ReasonKind.SIGNAL, points * size / total, (name,), "", paper.signals[name])
        for name, size in sorted(sizes.items())
        if total
    ]
