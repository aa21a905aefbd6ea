"""`make mutate`: how many small faults the tests notice, area by area, and which they do not."""

from __future__ import annotations

import json
import random
import sys
import tempfile
import time
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain, zip_longest
from pathlib import Path
from typing import Any

from benchmarks.mutation.areas import AREAS, Area, Plan, load
from benchmarks.mutation.operators import Mutant, mutants
from benchmarks.mutation.tracing import IMPORT
from benchmarks.mutation.workers import OUTPUT, TIMED_OUT, TRACE, Run, Workers
from benchmarks.table import machine, table

GOAL = 85
"""Faults in a hundred that tests should notice."""
NO_TESTS = 5
"""pytest's exit code if it found no tests."""


@dataclass(slots=True)
class Result:
    """Results of the mutants of one area."""

    area: Area
    found: int = 0
    """Faults that the operators can make."""
    sample: list[tuple[str, Mutant]] = field(default_factory=list)
    trace: dict[str, Any] = field(default_factory=dict)
    outcomes: Counter[str] = field(default_factory=Counter)
    survivors: list[tuple[str, Mutant, str]] = field(default_factory=list)

    @property
    def tried(self) -> int:
        """Faults that were put in."""
        return self.outcomes.total()

    @property
    def score(self) -> float:
        """Noticed faults in a hundred."""
        return 100 * (self.tried - self.outcomes["survived"]) / self.tried if self.tried else 0.0


class BaselineFailed(Exception):
    """The tests fail or do not run without a mutant."""


def measure(root: Path, plan: Plan, *, most: int, seed: int, count: int, minutes: float) -> list[Result]:
    """Try up to `most` faults an area, chosen by the seed, for so many minutes at most. Raises Failed."""
    started = time.monotonic()
    results = [Result(area) for area in plan.areas]
    for result in results:
        _sample_mutants(root, result, most, seed)
    with tempfile.TemporaryDirectory(prefix="mutation-") as folder:
        workers = Workers(root, Path(folder), count)
        workers.prepare(plan.preload)
        workers.all(_run_baseline(result, plan.skip) for result in results)
        workers.all(_mutant_runs(results, plan.skip, started + 60 * minutes))
    return results


def _sample_mutants(root: Path, result: Result, most: int, seed: int) -> None:
    every = [(path, one) for path, name in result.area.parts for one in mutants((root / path).read_text(), name)]
    result.found = len(every)
    result.sample = random.Random(f"{seed} {result.area.name}").sample(every, min(most, len(every)))


def _run_baseline(result: Result, skip: Sequence[str]) -> Run:
    """Run the tests of an area without a mutant: they must pass; the lines that each test runs are recorded."""

    def done(code: int, copy: Path) -> None:
        if code:
            printed = (copy / OUTPUT).read_text(errors="replace")[-3000:]
            raise BaselineFailed(f"the tests of {result.area.name!r} do not pass as they are ({code}):\n{printed}")
        result.trace = json.loads((copy / TRACE).read_text())

    return Run(result.area.tests, 600.0, done, traced=[path for path, _ in result.area.parts], skip=skip)


def _mutant_runs(results: Sequence[Result], skip: Sequence[str], until: float) -> Iterator[Run]:
    """Run each mutant, alternating between areas, until the time limit."""
    rows = zip_longest(*([(result, *one) for one in result.sample] for result in results))
    for one in chain.from_iterable(rows):
        if one is None:
            continue
        if time.monotonic() > until:
            return
        result, module, mutant = one
        tests = _tests(result, module, mutant)
        if not tests:
            result.outcomes["survived"] += 1
            result.survivors.append((module, mutant, "no test runs it"))
            continue
        seconds = 15 + 4 * sum(result.trace[test]["seconds"] for test in tests)
        files = tuple(dict.fromkeys(test.partition("::")[0] for test in tests))
        done = partial(_judge, result, module, mutant)
        yield Run(files, seconds, done, chosen=tests, module=module, source=mutant.source, skip=skip)


def _tests(result: Result, module: str, mutant: Mutant) -> list[str]:
    """The tests that run the lines of a mutant, fastest first; for code that runs at import, all tests that use the
    module."""
    ran = {test: set(one["lines"].get(module, ())) for test, one in result.trace.items()}
    lines = set(range(mutant.line, mutant.last_line + 1))
    if ran[IMPORT] & lines:
        lines = set().union(*ran.values())
    seen = [test for test, run in ran.items() if test != IMPORT and run & lines]
    return sorted(seen, key=lambda test: float(result.trace[test]["seconds"]))


def _judge(result: Result, module: str, mutant: Mutant, code: int, copy: Path) -> None:
    if code == NO_TESTS:
        raise BaselineFailed(f"no test ran for a fault in {module}:{mutant.line}")
    outcome = {0: "survived", TIMED_OUT: "timed out"}.get(code, "noticed")
    result.outcomes[outcome] += 1
    if outcome == "survived":
        result.survivors.append((module, mutant, "its tests pass"))
    print(f"{result.area.name:12} {outcome:9} {module}:{mutant.line}", file=sys.stderr, flush=True)


def _report(results: Sequence[Result]) -> str:
    head = ("", "faults possible", "tried", "noticed", "of them timed out", "survived", "score", "goal")
    rows = []
    for result in results:
        noticed, late = result.tried - result.outcomes["survived"], result.outcomes["timed out"]
        met = f"{GOAL} %, {'met' if result.score >= GOAL else 'missed'}"
        figures = (result.found, result.tried, noticed, late, result.outcomes["survived"])
        rows.append((result.area.name, *figures, f"{result.score:.0f} %", met))
    lines = [machine(), "", table(head, rows), ""]
    for result in results:
        for module, one, why in sorted(result.survivors, key=lambda survivor: (survivor[0], survivor[1].line)):
            lines.append(f"{module}:{one.line} ({why}): {_short(one.before)}  ->  {_short(one.after)}")
    return "\n".join(lines)


def _short(code: str, most: int = 110) -> str:
    line = " ".join(code.split())
    return line if len(line) <= most else f"{line[:most]}…"


def main() -> int:
    """Measure and print; return 2 if the plan names missing paths or the tests fail without a mutant."""
    asked = ArgumentParser(prog="python -m benchmarks.mutation", description=__doc__)
    asked.add_argument("areas", nargs="*", help="only these areas")
    asked.add_argument("--most", type=int, default=60, help="faults an area (60)")
    asked.add_argument("--seed", type=int, default=1, help="chooses them (1)")
    asked.add_argument("--workers", type=int, default=2, help="runs at a time (2)")
    asked.add_argument("--minutes", type=float, default=15.0, help="no new fault after so long (15)")
    asked.add_argument("--root", type=Path, default=Path.cwd(), help="the tree to copy (here)")
    asked.add_argument("--plan", type=Path, default=AREAS, help="the file that says what is mutated")
    given = asked.parse_args()
    plan = load(given.plan)
    if missing := plan.missing(given.root):
        print(f"{given.plan} names what is not there: {', '.join(missing)}", file=sys.stderr)
        return 2
    chosen = tuple(area for area in plan.areas if not given.areas or area.name in given.areas)
    plan = Plan(chosen, plan.preload, plan.skip)
    root = given.root.resolve()
    try:
        results = measure(root, plan, most=given.most, seed=given.seed, count=given.workers, minutes=given.minutes)
    except BaselineFailed as error:
        print(error, file=sys.stderr)
        return 2
    print(_report(results))
    return 0


if __name__ == "__main__":
    sys.exit(main())
