"""Linear models that tell chosen rows from others: of words, or of words, titles, authors and categories together."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import hstack, vstack
from sklearn.exceptions import ConvergenceWarning
from sklearn.svm import LinearSVC

from bot.recommender.learned.training_data import PaperArrays

REGULARIZATION = 0.1


@dataclass(frozen=True)
class Mix:
    """Parts of a paper's row and their scales; a part of scale 0 is left out."""

    words: float = 0.0
    titles: float = 0.0
    company: float = 0.0
    categories: float = 0.0
    regularization: float = REGULARIZATION

    def rows(self, papers: PaperArrays, company: Any) -> Any:
        """The papers' rows; `company` are those of `coauthor_rows`."""
        parts = (
            (self.words, papers.text),
            (self.titles, papers.title_text),
            (self.company, company),
            (self.categories, papers.category_rows),
        )
        return hstack([scale * part for scale, part in parts if scale]).tocsr()


def fit_linear(chosen: Any, labels: Any, weights: Any, against: Any, *, regularization: float = REGULARIZATION) -> Any:
    """Weights of the columns; both sides weigh the same in all. Raises ValueError without a wanted row or others."""
    rows = vstack([chosen, against]).tocsr()
    target = np.concatenate([labels, np.zeros(against.shape[0], dtype=bool)])
    wanted = weights * labels
    weights = np.where(labels, weights * against.shape[0] / max(1e-9, float(wanted.sum())), weights)
    weights = np.concatenate([weights, np.ones(against.shape[0])])
    model = LinearSVC(C=regularization, max_iter=300, tol=1e-3, random_state=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(rows, target, sample_weight=weights / weights.mean())
    return model.coef_[0].astype(np.float32)
