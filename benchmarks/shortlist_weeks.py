"""One table of features for each real week, made from that week's past alone."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from multiprocessing import get_context
from typing import Any, Literal

import numpy as np
from scipy.sparse import vstack
from sklearn.svm import LinearSVC

from benchmarks.stream_weeks import Data, moment
from bot.recommender.evidence import MOST_VOTE_WEIGHT, VOTE_WEIGHT
from bot.recommender.learned import base_models
from bot.recommender.learned.features import FEATURES, feature_table
from bot.recommender.learned.text_rows import rarity, word_counts
from bot.recommender.learned.training_data import LearningSet, PaperArrays, as_arrays, day_number, joined

Target = Literal["picks", "crowd", "club"]
"""People whose choices are to be foreseen: the curators, many voters, or a simulated club."""
SUMMARY_WEIGHT = 0.3
"""Weight of an earlier pick of which only the curators' own words are known."""
LONGEST_WINDOW, BACKGROUND_DAYS = 14, 200
LIKED_BY_CROWD = 20
FIRST_REFERENCES = 20_000
"""Papers, the earliest ones, from which the rarity of words is read."""


@dataclass(frozen=True)
class Week:
    """Candidates of a week: features, days since their announcement, which were chosen, and other methods' scores."""

    end: date
    table: Any
    ages: Any
    relevant: Any
    rivals: Mapping[str, Any]


@dataclass(frozen=True)
class Liking:
    """For each paper of the stream: the weight of what was said for it, and whether a list should have it."""

    weights: Any
    wanted: Any


class WeekTables:
    """Makes the tables; texts are turned into rows once."""

    def __init__(self, data: Data) -> None:
        self._data = data
        counted, _ = word_counts(data.stream[:FIRST_REFERENCES])
        idf = rarity(counted)
        self._stream, _ = as_arrays(data.stream, idf)
        self._row = {paper.key: at for at, paper in enumerate(data.stream)}
        self._listed, _ = as_arrays(data.listed, idf)
        listed_votes = [data.votes[paper.key] for paper in data.listed]
        self._listed = replace(self._listed, votes=np.array([votes for _, votes in listed_votes]))
        self._picks, _ = as_arrays([pick.paper for pick in data.picks], idf)
        self._pick_ends = np.array([day_number(moment(pick.week_end)) for pick in data.picks])
        self._pick_rows = np.array([self._row[pick.paper.key] if pick.in_stream else -1 for pick in data.picks])
        self._vote_days = np.full(len(data.stream), np.inf)
        self._votes = np.full(len(data.stream), -1.0)
        for key, (day, votes) in data.votes.items():
            if key in self._row:
                self._vote_days[self._row[key]] = day_number(moment(day))
                self._votes[self._row[key]] = votes
        self._liking = {"crowd": Liking((self._votes >= LIKED_BY_CROWD) * 1.0, self._votes >= LIKED_BY_CROWD)}

    def add_club(self, points: Mapping[str, float], least: float) -> None:
        """Add the target `club`: points by key, given on the day of the votes; `least` make a paper wanted."""
        given = np.array([points.get(paper.key, 0.0) for paper in self._data.stream])
        self._liking["club"] = Liking(np.minimum(MOST_VOTE_WEIGHT, VOTE_WEIGHT * given), given >= least)

    def week(self, end: date, target: Target, *, picked_weeks: int | None = None) -> Week | None:
        """The table of a week, from picks of at most `picked_weeks` weeks before it; None without a chosen paper."""
        today = day_number(moment(end))
        start = today - 6
        chosen_rows = self._chosen_before(start, target)
        listed = self._stream.days
        candidates = np.flatnonzero((listed > today - LONGEST_WINDOW) & (listed <= today))
        candidates = np.setdiff1d(candidates, chosen_rows if target == "picks" else [])
        relevant = np.isin(candidates, self._chosen_in(start, today, target))
        learning = self._learning(start, today, target, picked_weeks)
        if learning is None or not relevant.any():
            return None
        papers = self._stream.only(candidates)
        known = self._vote_days[candidates] <= (today if target == "picks" else start - 1)
        papers = replace(papers, votes=np.where(known, self._votes[candidates], -1.0))
        table = feature_table(base_models.fit(learning, today), papers, today)
        return Week(end, table, np.floor(today - papers.days), relevant, self._rivals(learning, papers, table))

    def _chosen_before(self, start: float, target: Target) -> Any:
        if target == "picks":
            rows = self._pick_rows[self._pick_ends < start]
            return np.unique(rows[rows >= 0])
        return np.flatnonzero((self._vote_days < start) & (self._liking[target].weights > 0))

    def _chosen_in(self, start: float, today: float, target: Target) -> Any:
        if target == "picks":
            return self._pick_rows[self._pick_ends == today]
        days = (self._vote_days >= start) & (self._vote_days <= today)
        return np.flatnonzero(days & self._liking[target].wanted)

    def _learning(self, start: float, today: float, target: Target, picked_weeks: int | None) -> LearningSet | None:
        chosen_rows = self._chosen_before(start, target)
        days = self._stream.days
        others = np.flatnonzero((days <= today - LONGEST_WINDOW) & (days > today - LONGEST_WINDOW - BACKGROUND_DAYS))
        others = np.setdiff1d(others, chosen_rows)
        beside = self._stream.only(others)
        beside = replace(beside, votes=np.where(self._vote_days[others] < start, self._votes[others], -1.0))
        popular = self._listed.only(np.flatnonzero(self._listed.days < start))
        if target != "picks":
            if not len(chosen_rows):
                return None
            chosen = replace(self._stream.only(chosen_rows), days=self._vote_days[chosen_rows])
            keys = [self._data.stream[at].key for at in chosen_rows]
            weights = self._liking[target].weights[chosen_rows]
            if target == "crowd":
                older = np.flatnonzero(popular.votes >= LIKED_BY_CROWD)
                chosen, weights = joined(chosen, popular.only(older)), np.concatenate([weights, np.ones(len(older))])
                keys += [self._data.listed[at].key for at in older]
            return LearningSet(chosen, weights, keys, beside, popular)
        earliest = -np.inf if picked_weeks is None else today - 7 * picked_weeks - 1
        picks: Any = np.flatnonzero((self._pick_ends < start) & (self._pick_ends >= earliest))
        if not len(picks):
            return None
        chosen = replace(self._picks.only(picks), days=self._pick_ends[picks])
        weights = np.array([1.0 if self._data.picks[at].is_whole else SUMMARY_WEIGHT for at in picks])
        return LearningSet(chosen, weights, [self._data.picks[at].paper.key for at in picks], beside, popular)

    def _rivals(self, learning: LearningSet, papers: PaperArrays, table: Any) -> dict[str, Any]:
        """Scores of the usual methods: a linear SVM on picks (as arxiv-sanity does), authors, votes, and their sum."""
        full = learning.weights >= 0.5
        chosen = learning.chosen.text[np.flatnonzero(full)]
        against = learning.others.text[: base_models.MOST_OTHERS]
        svm = papers.text @ _balanced_svm(chosen, against) if full.any() else np.zeros(len(papers))
        authors = table[:, FEATURES.index("authors_sum")]
        number = np.log(table[:, FEATURES.index("authors")])
        scale = svm.std() or 1.0
        return {
            "SVM on earlier choices": svm,
            "authors of earlier choices": authors,
            "votes on Hugging Face": papers.votes,
            "SVM + authors + number of authors": svm / scale + authors + 0.5 * number / (number.std() or 1.0),
        }


def _balanced_svm(chosen: Any, against: Any) -> Any:

    model = LinearSVC(C=0.01, class_weight="balanced", max_iter=300, tol=1e-3, random_state=0)
    model.fit(vstack([chosen, against]), [1] * chosen.shape[0] + [0] * against.shape[0])
    return model.coef_[0]


def all_weeks(
    tables: WeekTables, ends: Sequence[date], target: Target, *, picked_weeks: int | None = None
) -> list[Week]:
    """The tables of these weeks, made in processes of their own."""
    global _shared
    _shared = tables
    arguments = [(end, target, picked_weeks) for end in ends]
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("fork")) as workers:
        return [week for week in workers.map(_make, arguments) if week]


_shared: WeekTables | None = None


def _make(arguments: tuple[date, Target, int | None]) -> Week | None:
    assert _shared
    end, target, picked_weeks = arguments
    return _shared.week(end, target, picked_weeks=picked_weeks)
