"""Fit the taste of a club that has chosen nothing yet: `python -m benchmarks.fit_prior DATA` writes its words.

It first prints how many of the papers with 20 votes a list of 50 holds in each field, in the weeks after September
2025, by words that were learned before them, as if no votes were known. Needs the extra `shortlist`.
"""

from __future__ import annotations

import argparse
import gzip
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.feature_extraction import DictVectorizer

from benchmarks.shortlist_weeks import LIKED_BY_CROWD
from benchmarks.stream_weeks import Data, read
from benchmarks.table import machine, table
from bot.recommender import similar
from bot.recommender.learned.linear import fit_linear
from bot.recommender.prior import AUTHOR_COUNT_WEIGHT, FILE
from bot.recommender.values import StreamPaper

CUT = date(2025, 9, 1)
MEASURED = ("cs.CL", "cs.CV", "cs.LG", "cs.AI")
LENGTH, WINDOW, STEP = 50, 14, 7
MOST_OTHERS, MOST_WORDS, LEAST_PAPERS = 9_000, 6_000, 3


def learned_words(papers: Sequence[StreamPaper], liked: Any) -> dict[str, float]:
    """Weights of the words by which liked papers are told from a sample of the others, the largest ones."""
    rows = np.flatnonzero(~liked)
    others = np.random.default_rng(0).permutation(rows)[:MOST_OTHERS]
    chosen = np.flatnonzero(liked)
    profiles = [similar.profile(papers[at].title, papers[at].abstract) for at in (*chosen, *others)]
    vectors = DictVectorizer(dtype=np.float32)
    table_of_words = vectors.fit_transform(profiles)
    often = np.asarray((table_of_words > 0).sum(axis=0)).ravel() >= LEAST_PAPERS
    mine, theirs = table_of_words[: len(chosen)], table_of_words[len(chosen) :]
    ones = np.ones(len(chosen))
    weights = fit_linear(mine, ones.astype(bool), ones, theirs) * often
    names = vectors.get_feature_names_out()
    best = np.argsort(-np.abs(weights), kind="stable")[:MOST_WORDS]
    return {str(names[at]): float(weights[at]) for at in best if weights[at]}


def measure(data: Data, liked: Any) -> str:
    """The table of recall at `LENGTH` by field."""
    papers = data.stream
    days = np.array([paper.published.date().toordinal() for paper in papers])
    fields = np.array([paper.categories[0] if paper.categories else "" for paper in papers])
    before = np.flatnonzero(days < CUT.toordinal())
    known = learned_words([papers[at] for at in before], liked[before])
    rows = []
    for field in MEASURED:
        inside = np.flatnonzero((fields == field) & (days >= CUT.toordinal()))
        scores = np.array([_words_score(papers[at], known) for at in inside])
        authors = np.array([np.log(max(1, len(papers[at].authors))) for at in inside])
        orders = {
            "newest": days[inside].astype(float),
            "authors": authors,
            "words": scores,
            "both": _standard(scores) + AUTHOR_COUNT_WEIGHT * _standard(authors),
        }
        found, wanted, chance = dict.fromkeys(orders, 0), 0, 0.0
        for end in range(CUT.toordinal() + WINDOW, int(days.max()) + 1, STEP):
            at = np.flatnonzero((days[inside] > end - WINDOW) & (days[inside] <= end))
            number = int(liked[inside[at]].sum())
            wanted += number
            chance += number * min(1.0, LENGTH / max(1, len(at)))
            for name, order in orders.items():
                first = at[np.argsort(-order[at], kind="stable")[:LENGTH]]
                found[name] += int(liked[inside[first]].sum())
        rows.append([field, str(wanted), f"{chance / wanted:.3f}", *(f"{n / wanted:.3f}" for n in found.values())])
    return table(["", "papers", "any order", "the newest", "number of authors", "words", "both"], rows)


def _words_score(paper: StreamPaper, known: dict[str, float]) -> float:
    found = similar.profile(paper.title, paper.abstract)
    return sum(amount * known[word] for word, amount in found.items() if word in known)


def _standard(values: Any) -> Any:
    return (values - values.mean()) / (values.std() or 1.0)


def main() -> int:
    """Measure, then fit to all weeks and write the words."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    data = read(parser.parse_args().data)
    liked = np.array([data.votes.get(paper.key, (CUT, 0.0))[1] >= LIKED_BY_CROWD for paper in data.stream])
    print(f"On {machine()}.\n\n{measure(data, liked)}\n", flush=True)
    words = learned_words(data.stream, liked)
    path = Path("bot/recommender", FILE)
    lines = "".join(f"{word} {weight:.4g}\n" for word, weight in sorted(words.items()))
    path.write_bytes(gzip.compress(lines.encode(), mtime=0))
    print(f"{path}: {len(words):,} words, {path.stat().st_size:,} bytes, from {int(liked.sum())} papers")
    return 0


if __name__ == "__main__":
    sys.exit(main())
