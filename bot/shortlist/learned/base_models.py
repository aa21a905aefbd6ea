"""The models of one club's taste: three linear ones of words, its chosen papers, and tables of authors."""

from __future__ import annotations

import math
import warnings
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sparse
from sklearn.exceptions import ConvergenceWarning
from sklearn.svm import LinearSVC

from bot.shortlist.learned.evidence import LearningSet

RECENT_DAYS, LASTING_DAYS, AUTHOR_DAYS, CROWD_DAYS = 75.0, 150.0, 120.0, 120.0
"""Half-lives: of the recent taste, of the lasting one, of authors' points, of the crowd's."""
MOST_OTHERS = 9_000
"""Papers of the background that a model of words is trained against; a sample by the seed."""
CROWD_VOTES, LEAST_CROWD = 15.0, 20
"""Votes from which the crowd likes a paper, and papers of that kind from which its taste can be learned."""
REGULARIZATION = 0.1
CERTAIN = 0.5
"""Strength from which a choice is certain: picks and votes, not an imported collection."""
MOST_TOGETHER, MOST_POINTS, MOST_CROWD_POINTS = 60, 3.0, 10.0
"""Authors of a paper from which it says nothing of who works with whom; points of one author that count there."""
SEED = 20250519


@dataclass(frozen=True)
class BaseModels:
    """Columns' weights of five tastes (recent, lasting, certain choices, titles, the crowd), liked papers, authors."""

    recent: Any
    lasting: Any
    full: Any
    title: Any
    crowd: Any
    centroid: Any
    liked: Any
    liked_ages: Any
    liked_keys: Sequence[str]
    picks_by_author: Mapping[str, float]
    recent_by_author: Mapping[str, float]
    crowd_by_author: Mapping[str, float]
    papers_by_author: Mapping[str, float]
    """Papers of each author in the background, chosen or not."""
    near_by_author: Mapping[str, float]
    """Mean points of those with whom an author wrote papers of the background."""
    crowd_near_by_author: Mapping[str, float]


def fit(learning: LearningSet, today: float, *, seed: int = SEED) -> BaseModels:
    """Models as of a day (see `day_number`). Needs a liked paper and others. The same inputs give the same models."""
    chosen, others = learning.chosen, learning.others
    ages = np.maximum(0.0, today - chosen.days)
    strength = np.abs(learning.weights)
    liked = np.flatnonzero(learning.weights > 0)
    sample = np.random.default_rng(seed).permutation(len(others))[:MOST_OTHERS]
    against = others.text[sample]
    labels = learning.weights > 0
    recent = _words(chosen.text, labels, strength * 0.5 ** (ages / RECENT_DAYS), against)
    lasting_weights = strength * np.maximum(0.1, 0.5 ** (ages / LASTING_DAYS))
    lasting = _words(chosen.text, labels, lasting_weights, against)
    certain = np.flatnonzero(strength >= CERTAIN)
    certain = certain if labels[certain].any() else np.arange(len(chosen))
    picks = _points((chosen.authors[at], float(strength[at])) for at in liked)
    crowd_points = _points(
        (names, math.log1p(votes)) for names, votes in zip(others.authors, others.votes, strict=True) if votes > 0
    )
    papers = _points((names, 1.0) for names in others.authors)
    fading = (strength * 0.5 ** (ages / RECENT_DAYS))[liked]
    centroid = np.asarray(chosen.text[liked].T @ fading).ravel()
    return BaseModels(
        recent,
        lasting,
        _words(chosen.text[certain], labels[certain], lasting_weights[certain], against),
        _words(chosen.title_text, labels, lasting_weights, others.title_text[sample]),
        _popular_taste(learning, today, sample),
        (centroid / (np.linalg.norm(centroid) or 1.0)).astype(np.float32),
        chosen.text[liked],
        ages[liked],
        [learning.keys[at] for at in liked],
        picks,
        _points((chosen.authors[at], float(strength[at] * 0.5 ** (ages[at] / AUTHOR_DAYS))) for at in liked),
        crowd_points,
        papers,
        _nearness(others.authors, picks, papers, MOST_POINTS),
        _nearness(others.authors, crowd_points, papers, MOST_CROWD_POINTS),
    )


def _nearness(
    authors: Sequence[tuple[str, ...]], points: Mapping[str, float], papers: Mapping[str, float], most: float
) -> dict[str, float]:
    """By author, the mean points of those that they write with, over their papers (one more is assumed)."""
    near: defaultdict[str, float] = defaultdict(float)
    for names in authors:
        if 1 < len(names) <= MOST_TOGETHER:
            each = [min(most, points.get(name, 0.0)) for name in names]
            if total := sum(each):
                for name, own in zip(names, each, strict=True):
                    near[name] += (total - own) / (len(names) - 1)
    return {name: value / (1 + papers.get(name, 0.0)) for name, value in near.items()}


def _words(text: Any, labels: Any, weights: Any, against: Any) -> Any:
    """A linear model that tells the chosen rows from the others; both sides weigh the same in all."""
    rows = sparse.vstack([text, against])
    target = np.concatenate([labels, np.zeros(against.shape[0], dtype=bool)])
    wanted = weights * labels
    weights = np.where(labels, weights * against.shape[0] / max(1e-9, float(wanted.sum())), weights)
    weights = np.concatenate([weights, np.ones(against.shape[0])])
    model = LinearSVC(C=REGULARIZATION, max_iter=300, tol=1e-3, random_state=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(rows, target, sample_weight=weights / weights.mean())
    return model.coef_[0].astype(np.float32)


def _popular_taste(learning: LearningSet, today: float, sample: Any) -> Any:
    """The crowd's taste in words; zeros where too few papers have votes."""
    others = learning.others
    popular = np.flatnonzero(others.votes >= CROWD_VOTES)
    rest = sample[others.votes[sample] < CROWD_VOTES]
    if len(popular) < LEAST_CROWD or not len(rest):
        return np.zeros(others.text.shape[1], dtype=np.float32)
    fading = 0.5 ** (np.maximum(0.0, today - others.days[popular]) / CROWD_DAYS)
    return _words(others.text[popular], np.ones(len(popular), dtype=bool), fading, others.text[rest])


def _points(weighted: Any) -> dict[str, float]:
    points: defaultdict[str, float] = defaultdict(float)
    for names, weight in weighted:
        for name in names:
            points[name] += weight
    return dict(points)
