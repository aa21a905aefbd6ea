"""Authors of a paper together with those they have written with, as rows for linear models."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.sparse import vstack
from sklearn.preprocessing import normalize

from bot.recommender.learned.training_data import LearningSet

FEWEST, MOST_TOGETHER = 2, 60
"""Fewest and most authors of a paper from which co-authors are learned: more are a collaboration."""
COAUTHOR_WEIGHT = 0.7
"""Weight of co-authors, beside the authors themselves."""


def known_coauthors(learning: LearningSet) -> Any:
    """Rows of authors of the papers from which co-authors are learned."""
    parts = [learning.others.author_rows, learning.chosen.author_rows]
    parts += [learning.popular.author_rows] if learning.popular else []
    return _joint_papers(vstack(parts).tocsr())


def coauthor_rows(authors: Any, known: Any) -> Any:
    """Rows of length 1: the authors, and with less weight those of the known papers that they have a part in."""
    size = np.maximum(1.0, np.asarray(known.sum(axis=1)).ravel())
    shared = (authors @ known.T).tocsr()
    shared.data = shared.data / size[shared.indices].astype(np.float32)
    return normalize(normalize(authors) + COAUTHOR_WEIGHT * normalize(shared @ known)).astype(np.float32)


def _joint_papers(rows: Any) -> Any:
    number = rows.getnnz(axis=1)
    return rows[(number >= FEWEST) & (number <= MOST_TOGETHER)]
