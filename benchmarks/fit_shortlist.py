"""Fit the second stage of the learned ranker: `python -m benchmarks.fit_shortlist DATA` writes both files.

One is fitted to what curators picked, the other to what a crowd voted for (Hugging Face's lists).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import lightgbm
import numpy as np
from sklearn.linear_model import LogisticRegression

from benchmarks.shortlist_weeks import Target, Week, WeekTables, all_weeks
from benchmarks.stream_weeks import read
from bot.recommender.learned.features import FEATURES
from bot.recommender.learned.second_stage import MOST_DEVIATIONS, Stack, Teacher, Tree, file_name, to_json

FIRST_WEEK = date(2025, 1, 6)
HARD, EASY = 300, 400
"""Papers of a week that are learned from beside the chosen ones: the best by first impression, and a sample of the
rest, which stands for all of it."""
ROUNDS, SEEDS = 120, 3
"""Trees of one fit, and fits with other draws of features that are added, since one alone is partly chance."""
TREES = {
    "objective": "binary", "num_leaves": 7, "learning_rate": 0.05, "feature_fraction": 0.4, "lambda_l2": 20,
    "min_data_in_leaf": 20, "max_bin": 63, "num_threads": 1, "verbose": -1, "deterministic": True,
}  # fmt: skip
REGULARIZATION = 0.003
FIRST_IMPRESSION = ("recent", "lasting", "authors_sum")


def fit_stack(weeks: Sequence[Week], *, fitted: str = "") -> Stack:
    """The stack that these weeks teach."""
    samples = [_sample(week) for week in weeks]
    table = np.vstack([week.table[rows] for week, (rows, _) in zip(weeks, samples, strict=True)])
    labels = np.concatenate([week.relevant[rows] for week, (rows, _) in zip(weeks, samples, strict=True)]).astype(int)
    weights = np.concatenate([weight for _, weight in samples])
    means = np.average(table, axis=0, weights=weights)
    deviations = np.sqrt(np.average((table - means) ** 2, axis=0, weights=weights)) + 1e-9
    standard = np.clip((table - means) / deviations, -MOST_DEVIATIONS, MOST_DEVIATIONS)
    linear = LogisticRegression(C=REGULARIZATION, max_iter=300).fit(standard, labels, sample_weight=weights)
    trees = []
    for seed in range(SEEDS):
        booster = lightgbm.train(TREES | {"seed": seed}, lightgbm.Dataset(table, labels, weight=weights), ROUNDS)
        trees += [_tree(info["tree_structure"]) for info in booster.dump_model()["tree_info"]]
    return Stack(_short(means), _short(deviations), _short(linear.coef_[0]), trees, fitted)


def _sample(week: Week) -> tuple[Any, Any]:
    impression = sum(week.table[:, FEATURES.index(name)] for name in FIRST_IMPRESSION)
    order = np.argsort(-impression, kind="stable")
    hard = order[:HARD]
    rest = order[HARD:][~week.relevant[order[HARD:]]]
    easy = np.random.default_rng(week.end.toordinal()).permutation(rest)[:EASY]
    chosen = np.setdiff1d(np.flatnonzero(week.relevant), hard)
    rows = np.concatenate([hard, chosen, easy])
    return rows, np.concatenate([np.ones(len(hard) + len(chosen)), np.full(len(easy), len(rest) / max(1, len(easy)))])


def _tree(root: dict[str, Any]) -> Tree:
    features: list[int] = []
    thresholds: list[float] = []
    left: list[int] = []
    right: list[int] = []
    values: list[float] = []

    def add(node: dict[str, Any]) -> int:
        if "leaf_value" in node:
            values.append(round(node["leaf_value"], 6))
            return ~(len(values) - 1)
        at = len(features)
        features.append(node["split_feature"])
        thresholds.append(node["threshold"])
        left.append(0)
        right.append(0)
        left[at] = add(node["left_child"])
        right[at] = add(node["right_child"])
        return at

    add(root)
    return Tree(features, thresholds, left, right, values)


def _short(values: Any) -> list[float]:
    return [float(f"{value:.6g}") for value in values]


def main() -> int:
    """Fit to all weeks of the folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    data = read(parser.parse_args().data)
    ends = data.weeks(FIRST_WEEK)
    tables = WeekTables(data)
    targets: dict[Teacher, Target] = {Teacher.CURATORS: "picks", Teacher.CROWD: "crowd"}
    for teacher, target in targets.items():
        weeks = all_weeks(tables, ends, target)
        path = Path("bot/recommender/learned", file_name(teacher))
        path.write_text(to_json(fit_stack(weeks, fitted=ends[-1].isoformat())) + "\n", "utf-8")
        chosen = sum(int(week.relevant.sum()) for week in weeks)
        print(f"{path}: {len(weeks)} weeks, {chosen} chosen papers", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
