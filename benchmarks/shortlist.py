"""Share of the papers that people chose which a shortlist would have held: `python -m benchmarks.shortlist DATA`.

Each week is foreseen from its past alone: the models of words and authors, and the second stage that weighs them, are
fitted to earlier weeks. Needs the extras `shortlist` and `bench`.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from benchmarks.fit_shortlist import FIRST_WEEK, fit_stack
from benchmarks.shortlist_recall import LENGTHS, difference, hits, recall
from benchmarks.shortlist_weeks import LIKED_BY_CROWD, Week, WeekTables, all_weeks
from benchmarks.simulated_club import club_votes
from benchmarks.stream_weeks import Data, moment, read
from benchmarks.table import machine, table
from bot.recommender.learned.second_stage import to_json
from bot.recommender.plain import rank_plainly
from bot.recommender.values import Taste

OURS = "Journal Club, learned"
LEAST_CLUB_VOTES = 3
INTERESTS = ("language model", "agent", "reasoning", "LLM")
"""A plain interest, for a club without picks."""


def learned_scores(weeks: Sequence[Week], first: date) -> list[tuple[Week, Any]]:
    """The weeks from a day on, scored by a stack that was fitted to the weeks before each."""
    return [
        (week, fit_stack([earlier for earlier in weeks if earlier.end < week.end]).score(week.table))
        for week in weeks
        if week.end > first
    ]


def compare(scored: Sequence[tuple[Week, Any]], days: int, *, least: str = "SVM on earlier choices") -> str:
    """A table of all methods on one window, with the gain over one of them."""
    found: dict[str, list[list[int]]] = {name: [] for name in (*scored[0][0].rivals, OURS)}
    random_order = []
    for week, scores in scored:
        for name, rival in week.rivals.items():
            found[name].append(hits(week, rival, days))
        found[OURS].append(hits(week, scores, days))
        inside = int((week.ages < days).sum())
        chosen = found[OURS][-1][0]
        random_order.append([chosen, *(chosen * min(1.0, length / inside) for length in LENGTHS)])
    rows = [_row("any order", random_order)] + [_row(name, counts) for name, counts in found.items()]
    low, high = difference(found[OURS], found[least], 50)
    total = sum(counts[0] for counts in found[OURS])
    gain = f"Over the SVM at 50: {low:+.3f} to {high:+.3f} (95 %, weeks drawn again)."
    return f"{len(scored)} weeks, {total} chosen papers.\n\n{table(_head(), rows)}\n\n{gain}"


def cold_start(data: Data, tables: WeekTables, stack: Any, ends: Sequence[date], days: int) -> str:
    """Recall where a club has only a few weeks of picks, of the learned and of the plain ranker."""
    rows = [_row("0 weeks, no words, plain", [plain_hits(data, end, 0, days, words=()) for end in ends])]
    for weeks in (0, 1, 3, 10):
        if weeks:
            made = all_weeks(tables, ends, "picks", picked_weeks=weeks)
            rows.append(_row(f"{weeks} weeks, learned", [hits(week, stack.score(week.table), days) for week in made]))
        rows.append(_row(f"{weeks} weeks, plain", [plain_hits(data, end, weeks, days) for end in ends]))
    return table(_head(), rows)


def plain_hits(data: Data, end: date, weeks: int | None, days: int, *, words: Sequence[str] = INTERESTS) -> list[int]:
    """The same counts for the plain ranker, caps and all, with a plain interest if there are no picks."""
    now = moment(end) + timedelta(hours=6)
    oldest = date.min if weeks is None else end - timedelta(days=7 * weeks + 1)
    earlier = [pick.paper for pick in data.picks if oldest < pick.week_end < end]
    had = {pick.paper.key for pick in data.picks if pick.week_end < end}
    papers = [
        paper for paper in data.stream if now - timedelta(days=days) < paper.published <= now and paper.key not in had
    ]
    votes = {key: {"hf_votes": count} for key, (day, count) in data.votes.items() if day <= end}
    papers = [replace(paper, signals=votes.get(paper.key, {})) for paper in papers]
    taste = Taste(picked=tuple(earlier), words=() if earlier else tuple(words), seen=frozenset(had))
    ranked = rank_plainly(papers, taste, now=now, limit=max(LENGTHS))
    wanted = {pick.paper.key for pick in data.picks if pick.week_end == end} & {paper.key for paper in papers}
    order = [one.paper.key in wanted for one in ranked]
    return [len(wanted), *(sum(order[:length]) for length in LENGTHS)]


def simulated(data: Data, tables: WeekTables, ends: Sequence[date], stack: Any) -> str:
    """The table for a simulated club whose votes are the only teacher, with a second stage that a crowd taught."""
    tables.add_club(club_votes(data, FIRST_WEEK + timedelta(days=60)), LEAST_CLUB_VOTES)
    return compare([(week, stack.score(week.table)) for week in all_weeks(tables, ends, "club")], 14)


def _row(name: str, counts: Sequence[Sequence[float]]) -> list[str]:
    return [name, *(f"{value:.3f}" for value in recall(counts))]  # type: ignore[arg-type]


def _head() -> list[str]:
    return ["recall at", *map(str, LENGTHS)]


def main() -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--first", type=date.fromisoformat, default=date(2025, 5, 19), help="first week to foresee")
    parser.add_argument("--every", type=int, default=1, help="foresee every n-th week of the votes, to save time")
    parser.add_argument("--stack", type=Path, help="write a second stage that is fitted to all weeks of picks")
    options = parser.parse_args()
    began = time.process_time()
    data = read(options.data)
    tables = WeekTables(data)
    ends = data.weeks(FIRST_WEEK)
    measured = [end for end in ends if end > options.first]
    few = measured[:: max(5, options.every)]
    print(f"On {machine()}.", flush=True)
    picks = all_weeks(tables, ends, "picks")
    scored = learned_scores(picks, options.first)
    for days in (7, 14):
        print(f"\nCurators' picks, papers of {days} days: {compare(scored, days)}", flush=True)
        plain = [plain_hits(data, end, None, days) for end in few]
        same = [hits(week, scores, days) for week, scores in scored if week.end in few]
        print(f"\nOf them {len(few)} weeks:\n\n{table(_head(), [_row('plain', plain), _row(OURS, same)])}", flush=True)
    if options.stack:
        options.stack.write_text(to_json(fit_stack(picks, fitted=ends[-1].isoformat())) + "\n", "utf-8")
    stack = fit_stack([week for week in picks if week.end <= options.first])
    print(f"\nFew weeks of picks, papers of 7 days, {len(few)} weeks:\n\n{cold_start(data, tables, stack, few, 7)}")
    thinned: list[Any] = [end for end in ends if end <= options.first or end in measured[:: options.every]]
    few_ends = measured[:: options.every]
    voted = all_weeks(tables, thinned, "crowd")
    crowd = compare(learned_scores(voted, options.first), 14)
    print(f"\nPapers with {LIKED_BY_CROWD} votes on Hugging Face, papers of 14 days: {crowd}", flush=True)
    crowd_stack = fit_stack([week for week in voted if week.end <= options.first])
    print(f"\nA simulated club, papers of 14 days: {simulated(data, tables, few_ends, crowd_stack)}")
    print(f"\n{time.process_time() - began:.0f} s of a processor, without the workers'.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
