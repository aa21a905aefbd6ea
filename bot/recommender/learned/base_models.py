"""The models of one club's taste: linear ones of words and authors, its chosen papers, and tables of authors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bot.recommender.learned.author_tables import AuthorTables, author_tables, category_odds
from bot.recommender.learned.coauthors import coauthor_rows, known_coauthors
from bot.recommender.learned.linear import Mix, fit_linear
from bot.recommender.learned.training_data import LearningSet, joined

RECENT_DAYS, LASTING_DAYS, CROWD_DAYS = 75.0, 150.0, 120.0
"""Half-lives: of the recent taste, of the lasting one, of the crowd's."""
FADED = 0.1
"""Part of a choice's weight in the lasting taste that never fades."""
MOST_OTHERS, MOST_MIXED_OTHERS = 9_000, 6_000
"""Papers of the background that a model is trained against; a sample by the seed."""
CROWD_VOTES, LEAST_CROWD = 15.0, 20
"""Votes from which the crowd likes a paper, and papers of that kind from which its taste can be learned."""
CERTAIN = 0.5
"""Strength from which a choice is certain: picks and votes, not an imported collection."""
SEED = 20250519
MIXES = {
    "mixed": Mix(words=1.0, company=1.0),
    "mixed_recent": Mix(words=1.0, company=0.7),
    "mixed_certain": Mix(words=1.0, titles=0.7, company=0.7, categories=0.15),
    "company": Mix(company=1.0, regularization=1.0),
}
"""Linear models of several parts of a paper. The first learns from all choices, the others from certain ones."""


@dataclass(frozen=True)
class BaseModels:
    """Columns' weights of five tastes in words and of four mixes, the liked papers, and tables of authors."""

    words: Mapping[str, Any]
    """Weights by name: recent, lasting, full (certain choices), crowd, and title, which is of the words of titles."""
    mixed: Mapping[str, Any]
    """Weights by the names of `MIXES`."""
    centroid: Any
    liked: Any
    liked_ages: Any
    liked_keys: Sequence[str]
    known: Any
    """Rows of authors of the papers from which co-authors are known."""
    authors: AuthorTables
    category_odds: Mapping[str, float]


def fit(learning: LearningSet, today: float, *, seed: int = SEED) -> BaseModels:
    """Models as of a day (see `day_number`). Needs a liked paper and others. The same inputs give the same models."""
    chosen, others = learning.chosen, learning.others
    ages = np.maximum(0.0, today - chosen.days)
    strength = np.abs(learning.weights)
    labels = learning.weights > 0
    liked = np.flatnonzero(labels)
    sample = np.random.default_rng(seed).permutation(len(others))[:MOST_OTHERS]
    against = others.text[sample]
    recent, lasting = 0.5 ** (ages / RECENT_DAYS), np.maximum(FADED, 0.5 ** (ages / LASTING_DAYS))
    certain = np.flatnonzero(strength >= CERTAIN)
    certain = certain if labels[certain].any() else np.arange(len(chosen))
    words = {
        "recent": fit_linear(chosen.text, labels, strength * recent, against),
        "lasting": fit_linear(chosen.text, labels, strength * lasting, against),
        "full": fit_linear(chosen.text[certain], labels[certain], (strength * lasting)[certain], against),
        "title": fit_linear(chosen.title_text, labels, strength * lasting, others.title_text[sample]),
        "crowd": _popular_taste(learning, today, sample),
    }
    known = known_coauthors(learning)
    centroid = np.asarray(chosen.text[liked].T @ (strength * recent)[liked]).ravel()
    return BaseModels(
        words,
        _mixed(
            learning, known, certain, {"mixed": strength * lasting, "mixed_recent": strength * recent}, lasting, sample
        ),
        (centroid / (np.linalg.norm(centroid) or 1.0)).astype(np.float32),
        chosen.text[liked],
        ages[liked],
        [learning.keys[at] for at in liked],
        known,
        author_tables(learning, ages, liked),
        category_odds(learning, lasting * strength, certain),
    )


def _mixed(
    learning: LearningSet, known: Any, certain: Any, weights: Mapping[str, Any], lasting: Any, sample: Any
) -> dict[str, Any]:
    """The mixed models; each weighs the choices by `weights`, or by how far they have faded."""
    labels = learning.weights > 0
    chosen = learning.chosen
    against = learning.others.only(sample[:MOST_MIXED_OTHERS])
    company, their_company = coauthor_rows(chosen.author_rows, known), coauthor_rows(against.author_rows, known)
    every = np.arange(len(chosen))
    found = {}
    for name, mix in MIXES.items():
        rows = every if name == "mixed" else certain
        found[name] = fit_linear(
            mix.rows(chosen, company)[rows],
            labels[rows],
            weights.get(name, np.abs(learning.weights) * lasting)[rows],
            mix.rows(against, their_company),
            regularization=mix.regularization,
        )
    return found


def _popular_taste(learning: LearningSet, today: float, sample: Any) -> Any:
    """The crowd's taste in words; zeros where too few papers have votes."""
    others = joined(learning.others, learning.popular)
    popular = np.flatnonzero(others.votes >= CROWD_VOTES)
    rest = sample[others.votes[sample] < CROWD_VOTES]
    if len(popular) < LEAST_CROWD or not len(rest):
        return np.zeros(others.text.shape[1], dtype=np.float32)
    fading = 0.5 ** (np.maximum(0.0, today - others.days[popular]) / CROWD_DAYS)
    return fit_linear(others.text[popular], np.ones(len(popular), dtype=bool), fading, others.text[rest])
