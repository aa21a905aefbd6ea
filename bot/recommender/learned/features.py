"""Features of candidates: a table with one row a paper, the same for training and for ranking."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from bot.recommender.learned.author_tables import AUTHOR_DAYS
from bot.recommender.learned.base_models import MIXES, BaseModels
from bot.recommender.learned.coauthors import coauthor_rows
from bot.recommender.learned.training_data import PaperArrays

NEAREST = 5
_SURVEY = re.compile(r"survey|review|guide|roadmap|position|tutorial", re.IGNORECASE)

Columns = dict[str, Any]

TEXT = (
    "recent",
    "lasting",
    "full",
    "title",
    "nearest",
    "nearest_five",
    "centroid",
    "mixed",
    "mixed_recent",
    "mixed_certain",
)
AUTHORS = (
    "authors_sum", "authors_most", "authors_first", "authors_last", "authors_recent", "authors_share", "authors_mean",
    "near_mean", "near_sum", "near_last", "near_most", "company",
)  # fmt: skip
CROWD = (
    "crowd_text", "crowd_sum", "crowd_most", "crowd_first", "crowd_last", "crowd_mean", "crowd_share",
    "crowd_near_mean", "crowd_near_sum",
)  # fmt: skip
CATEGORIES = ("category_odds", "first_category_odds")
OTHERS = (
    "papers_sum",
    "papers_most",
    "authors",
    "age",
    "votes",
    "title_words",
    "abstract_words",
    "colon",
    "question",
    "categories",
)
STANDARDIZED = (*TEXT, *AUTHORS, *CROWD, *CATEGORIES)
"""Features whose size depends on the club's history: they are compared within the window, in standard deviations."""
FEATURES = (*STANDARDIZED, *OTHERS, "survey")


def feature_table(models: BaseModels, papers: PaperArrays, today: float) -> Any:
    """One row a candidate, one column for each of `FEATURES`."""
    found = {
        **_text_columns(models, papers),
        **_mixed_columns(models, papers),
        **_author_columns(models, papers),
        **_category_columns(models, papers),
        **_plain_columns(papers, today),
    }
    columns = [_standardized(found[name]) if name in STANDARDIZED else found[name] for name in FEATURES]
    return np.column_stack(columns).astype(float)


def _text_columns(models: BaseModels, papers: PaperArrays) -> Columns:
    similar = (papers.text @ models.liked.T).toarray() * (0.5 ** (models.liked_ages / AUTHOR_DAYS))[None, :]
    nearest = np.partition(similar, -NEAREST, axis=1)[:, -NEAREST:] if similar.shape[1] > NEAREST else similar
    return {
        "recent": papers.text @ models.words["recent"],
        "lasting": papers.text @ models.words["lasting"],
        "full": papers.text @ models.words["full"],
        "title": papers.title_text @ models.words["title"],
        "crowd_text": papers.text @ models.words["crowd"],
        "centroid": papers.text @ models.centroid,
        "nearest": nearest.max(axis=1),
        "nearest_five": nearest.mean(axis=1),
    }


def _mixed_columns(models: BaseModels, papers: PaperArrays) -> Columns:
    company = coauthor_rows(papers.author_rows, models.known)
    return {name: mix.rows(papers, company) @ models.mixed[name] for name, mix in MIXES.items()}


def _category_columns(models: BaseModels, papers: PaperArrays) -> Columns:
    odds = [[models.category_odds.get(name, 0.0) for name in names] for names in papers.categories]
    return {
        "category_odds": np.array([sum(one) for one in odds], dtype=float),
        "first_category_odds": np.array([one[0] if one else 0.0 for one in odds], dtype=float),
        "categories": np.array([len(one) for one in odds], dtype=float),
    }


def _author_columns(models: BaseModels, papers: PaperArrays) -> Columns:
    tables = models.authors
    names = _Names(papers.authors)
    number = np.array([max(1, len(one)) for one in papers.authors], dtype=float)
    picks, crowd, papers_of = names.points(tables.picks), names.points(tables.crowd), names.points(tables.papers)
    near, crowd_near = names.points(tables.near), names.points(tables.crowd_near)
    recent = names.sums(names.points(tables.recent))
    crowd_sum = names.sums(np.log1p(crowd))
    return {
        "authors_sum": names.sums(np.log1p(picks)),
        "authors_most": names.most(picks),
        "authors_first": names.first(picks),
        "authors_last": names.last(picks),
        "authors_recent": recent,
        "authors_mean": recent / number,
        "authors_share": names.sums(_shares(picks, papers_of, 1.0)),
        "crowd_sum": crowd_sum,
        "crowd_most": names.most(crowd),
        "crowd_first": names.first(crowd),
        "crowd_last": names.last(crowd),
        "crowd_mean": crowd_sum / number,
        "crowd_share": names.sums(_shares(crowd, papers_of, 2.0)),
        "near_mean": names.sums(near) / number,
        "near_sum": names.sums(np.log1p(near)),
        "near_last": names.last(near),
        "near_most": names.most(near),
        "crowd_near_mean": names.sums(crowd_near) / number,
        "crowd_near_sum": names.sums(np.log1p(crowd_near)),
        "papers_sum": names.sums(np.log1p(papers_of)),
        "papers_most": names.most(papers_of),
        "authors": number,
    }


class _Names:
    """The authors of papers in one row, to read a table of points once and reduce it paper by paper."""

    def __init__(self, authors: Sequence[tuple[str, ...]]) -> None:
        self._names = [name for names in authors for name in names]
        sizes = np.array([len(names) for names in authors], dtype=int)
        self._papers = len(sizes)
        self._has_authors = np.flatnonzero(sizes)
        ends = np.cumsum(sizes)[self._has_authors]
        self._first = ends - sizes[self._has_authors]
        self._last = ends - 1

    def points(self, table: Mapping[str, float]) -> Any:
        """The points of each author, in the order of the row; 0 for one whom the table lacks."""
        return np.array([table.get(name, 0.0) for name in self._names], dtype=float)

    def sums(self, points: Any) -> Any:
        """The sum of each paper's authors; 0 without any."""
        return self._of_papers(np.add.reduceat(points, self._first) if len(points) else points)

    def most(self, points: Any) -> Any:
        """The most that an author of each paper has."""
        return self._of_papers(np.maximum.reduceat(points, self._first) if len(points) else points)

    def first(self, points: Any) -> Any:
        """The points of each paper's first author."""
        return self._of_papers(points[self._first])

    def last(self, points: Any) -> Any:
        """The points of each paper's last author."""
        return self._of_papers(points[self._last])

    def _of_papers(self, values: Any) -> Any:
        found = np.zeros(self._papers)
        found[self._has_authors] = values
        return found


def _shares(points: Any, papers: Any, doubt: float) -> Any:
    """The part of each author's papers that was liked; `doubt` papers more are assumed."""
    return points / (doubt + np.maximum(points, papers))


def _plain_columns(papers: PaperArrays, today: float) -> Columns:
    return {
        "age": np.floor(np.maximum(0.0, today - papers.days)),
        "votes": np.where(papers.votes < 0, -1.0, np.log1p(np.maximum(papers.votes, 0))),
        "title_words": np.array([len(title.split()) for title in papers.titles], dtype=float),
        "abstract_words": papers.abstract_words,
        "colon": np.array([title.find(":") for title in papers.titles], dtype=float),
        "question": np.array(["?" in title for title in papers.titles], dtype=float),
        "survey": np.array([bool(_SURVEY.search(title)) for title in papers.titles], dtype=float),
    }


def _standardized(values: Any) -> Any:
    values = np.asarray(values, dtype=float)
    deviation = values.std()
    if deviation < 1e-9:
        return np.zeros_like(values)
    return (values - values.mean()) / deviation
