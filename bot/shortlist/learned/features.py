"""Features of candidates: a table with one row a paper, the same for training and for ranking."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from bot.shortlist.learned.author_tables import AUTHOR_DAYS
from bot.shortlist.learned.base_models import MIXES, BaseModels
from bot.shortlist.learned.company import company_rows
from bot.shortlist.learned.evidence import PaperArrays

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
    similar.sort(axis=1)
    return {
        "recent": papers.text @ models.words["recent"],
        "lasting": papers.text @ models.words["lasting"],
        "full": papers.text @ models.words["full"],
        "title": papers.title_text @ models.words["title"],
        "crowd_text": papers.text @ models.words["crowd"],
        "centroid": papers.text @ models.centroid,
        "nearest": similar[:, -1],
        "nearest_five": similar[:, -NEAREST:].mean(axis=1),
    }


def _mixed_columns(models: BaseModels, papers: PaperArrays) -> Columns:
    company = company_rows(papers.author_rows, models.known)
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
    picks, crowd, papers_of = tables.picks, tables.crowd, tables.papers
    number = np.array([max(1, len(names)) for names in papers.authors], dtype=float)
    recent = _by_author(papers.authors, tables.recent, sum)
    crowd_sum = _by_author(papers.authors, crowd, _sum_of_logarithms)
    return {
        "authors_sum": _by_author(papers.authors, picks, _sum_of_logarithms),
        "authors_most": _by_author(papers.authors, picks, max),
        "authors_first": _by_author(papers.authors, picks, lambda points: points[0]),
        "authors_last": _by_author(papers.authors, picks, lambda points: points[-1]),
        "authors_recent": recent,
        "authors_mean": recent / number,
        "authors_share": _shares(papers.authors, picks, papers_of, 1.0),
        "crowd_sum": crowd_sum,
        "crowd_most": _by_author(papers.authors, crowd, max),
        "crowd_first": _by_author(papers.authors, crowd, lambda points: points[0]),
        "crowd_last": _by_author(papers.authors, crowd, lambda points: points[-1]),
        "crowd_mean": crowd_sum / number,
        "crowd_share": _shares(papers.authors, crowd, papers_of, 2.0),
        **_nearness_columns(models, papers, number),
        "papers_sum": _by_author(papers.authors, papers_of, _sum_of_logarithms),
        "papers_most": _by_author(papers.authors, papers_of, max),
        "authors": number,
    }


def _nearness_columns(models: BaseModels, papers: PaperArrays, number: Any) -> Columns:
    near, crowd = models.authors.near, models.authors.crowd_near
    return {
        "near_mean": _by_author(papers.authors, near, sum) / number,
        "near_sum": _by_author(papers.authors, near, _sum_of_logarithms),
        "near_last": _by_author(papers.authors, near, lambda points: points[-1]),
        "near_most": _by_author(papers.authors, near, max),
        "crowd_near_mean": _by_author(papers.authors, crowd, sum) / number,
        "crowd_near_sum": _by_author(papers.authors, crowd, _sum_of_logarithms),
    }


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


def _by_author(
    authors: Sequence[tuple[str, ...]], points: Mapping[str, float], reduce: Callable[[list[float]], float]
) -> Any:
    return np.array([reduce([points.get(name, 0.0) for name in names] or [0.0]) for names in authors], dtype=float)


def _sum_of_logarithms(points: list[float]) -> float:
    return sum(map(math.log1p, points))


def _shares(
    authors: Sequence[tuple[str, ...]], points: Mapping[str, float], papers: Mapping[str, float], doubt: float
) -> Any:
    """The sum over the authors of the part of their papers that was liked; `doubt` papers more are assumed."""
    return np.array(
        [
            sum(points[name] / (doubt + max(points[name], papers.get(name, 0.0))) for name in names if name in points)
            for names in authors
        ],
        dtype=float,
    )


def _standardized(values: Any) -> Any:
    values = np.asarray(values, dtype=float)
    deviation = values.std()
    if deviation < 1e-9:
        return np.zeros_like(values)
    return (values - values.mean()) / deviation
