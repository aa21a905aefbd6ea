"""Texts as rows of a sparse matrix: hashed words, so that there is no vocabulary to keep."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.feature_extraction import FeatureHasher
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.preprocessing import normalize

from bot.recommender.terms import MOST_REPEATS, MOST_TERMS, TITLE_WEIGHT
from bot.recommender.values import StreamPaper

COLUMNS = 2**18
"""Columns that words are hashed to; two words in a hundred share theirs with another."""

_WORDS = HashingVectorizer(
    n_features=COLUMNS,
    alternate_sign=False,
    norm=None,
    stop_words="english",
    token_pattern=r"(?u)\b[a-zA-Z][a-zA-Z0-9-]+\b",  # noqa: S106 no password
    dtype=np.float32,
)

AUTHOR_COLUMNS, CATEGORY_COLUMNS = 2**20, 2**10
"""Columns that names of authors and categories are hashed to."""

_NAMES = FeatureHasher(AUTHOR_COLUMNS, input_type="string", alternate_sign=False, dtype=np.float32)
_CATEGORIES = FeatureHasher(CATEGORY_COLUMNS, input_type="string", alternate_sign=False, dtype=np.float32)


def author_rows(authors: Sequence[Sequence[str]]) -> Any:
    """Authors by their keys, one row a paper (CSR) with ones."""
    return _hashed(_NAMES, authors, AUTHOR_COLUMNS)


def category_rows(categories: Sequence[Sequence[str]]) -> Any:
    """Categories, one row a paper (CSR) with ones."""
    return _hashed(_CATEGORIES, categories, CATEGORY_COLUMNS)


def _hashed(hasher: FeatureHasher, values: Sequence[Sequence[str]], columns: int) -> Any:
    return hasher.transform(values) if values else csr_matrix((0, columns), dtype=np.float32)


def word_counts(papers: Sequence[StreamPaper]) -> tuple[Any, Any]:
    """Counts of the words of papers, and of their titles alone, one row a paper (CSR).

    Among all words those of the title count twice, and none more than a few times.
    """
    titles = _counts([paper.title for paper in papers])
    words = _counts([_first_words(paper.abstract) for paper in papers]) + TITLE_WEIGHT * titles
    return _capped(words), _capped(titles)


def _counts(texts: Sequence[str]) -> Any:
    if not texts:
        return csr_matrix((0, COLUMNS), dtype=np.float32)
    return _WORDS.transform(texts)


def _capped(counted: Any) -> Any:
    """The counts, none more than a few times."""
    np.minimum(counted.data, MOST_REPEATS, out=counted.data)
    return counted


def rarity(counted: Any) -> Any:
    """The inverse document frequency of each column among these rows, as float32."""
    frequency = np.bincount(counted.indices, minlength=COLUMNS)
    return (np.log((1 + counted.shape[0]) / (1 + frequency)) + 1).astype(np.float32)


def weighted(counted: Any, idf: Any) -> Any:
    """TF-IDF rows of length 1 with logarithmic counts."""
    rows = counted.copy()
    rows.data = (1 + np.log(rows.data)) * idf[rows.indices]
    return normalize(rows, copy=False) if rows.shape[0] else rows


def word_columns(words: Sequence[str]) -> dict[str, int]:
    """The column of each word; a word that is left out (a number, a stop word) has none."""
    rows = _WORDS.transform(words)
    return {
        word: int(rows.indices[rows.indptr[at]])
        for at, word in enumerate(words)
        if rows.indptr[at + 1] > rows.indptr[at]
    }


def _first_words(abstract: str) -> str:
    """An abstract without the words beyond those that are read; a shorter one as it is."""
    if len(abstract) < 2 * MOST_TERMS:
        return abstract
    words = abstract.split(maxsplit=MOST_TERMS)
    return abstract if len(words) <= MOST_TERMS else " ".join(words[:MOST_TERMS])
