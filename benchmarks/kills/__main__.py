"""`make stress KILLS=200`, or `python -m benchmarks.kills --kills 200`: kill the program and count what is lost.

The kills are spread over {Slack with its default manifest, Slack with history scopes, Discord, a Discord forum} and
{SQLite, PostgreSQL with one process and with three}. Where programs die is swept point by point (before and after each
commit and each request), and drawn at random; every third round one also dies at some moment. After each round the
messages that stand on the local platform are held against the rows of the database. With `--portions FILE` each
run adds to the ones before.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import tempfile
import time
from collections import Counter
from pathlib import Path
from random import Random
from time import monotonic

from benchmarks.kills.fast_time import FastTime, SharedSeconds
from benchmarks.kills.places import PLACES, TITLES, PlaceName
from benchmarks.kills.portions import append, sums
from benchmarks.kills.trials import DatabaseName, Result, opened_trial
from benchmarks.table import machine, table

KINDS: dict[str, tuple[DatabaseName, int]] = {
    "sqlite": ("sqlite", 1),
    "postgresql": ("postgresql", 1),
    "postgresql-3": ("postgresql", 3),
}
HEAD = (
    "place",
    "database",
    "processes",
    "editions",
    "kills",
    "lost",
    "doubles",
    "asked and removed",
    "questions twice",
    "stuck",
    "a kill",
)


async def trial(
    place: PlaceName,
    kind: str,
    kills: int,
    speed: float,
    chance: Random,
    until: float,
    next_point: int,
    portions: Path | None,
) -> Result:
    """All kills of one kind in one portion, which is added to the file; the sweep goes on at that point."""
    with tempfile.TemporaryDirectory(prefix="journalclub-kills-") as folder:
        fast = FastTime(time.time(), speed, SharedSeconds(Path(folder, "seconds")))
        async with opened_trial(place, *KINDS[kind], Path(folder), fast, chance, papers=3 * (kills + 50)) as opened:
            opened.result.next_point = next_point
            try:
                await opened.run(kills, until=until)
            finally:  # also where it is interrupted
                if portions:
                    append(portions, _cell(place, kind), opened.result)
                if opened.result.stuck or opened.result.lost or opened.result.doubles:
                    print(opened.programs.log.read_text()[-4000:], flush=True)
            if broken := opened.place.faults():
                print(f"  ! {broken} rules of the platform were broken", flush=True)
            return opened.result


def main() -> int:
    """Run what is asked for and print the table; 1 if anything was lost, doubled or stuck."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200, help="0 to print the table of the portions alone")
    parser.add_argument("--minutes", type=float, default=0, help="stop after that time; 0 for no limit")
    parser.add_argument("--speed", type=float, default=10.0, help="how much faster the program's time runs")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--places", nargs="*", choices=PLACES, default=PLACES)
    parser.add_argument("--kinds", nargs="*", choices=KINDS, default=list(KINDS))
    parser.add_argument(
        "--portions", type=Path, help="file to which this portion is added; the table is of all of them"
    )
    given = parser.parse_args()
    logging.disable(logging.CRITICAL)
    cells = [(place, name) for name in given.kinds for place in given.places]
    began = monotonic()
    before = sums(given.portions) if given.portions else {}
    results: dict[str, Result] = {}
    for at, (place, name) in enumerate(cells if given.kills else []):
        share = given.minutes * 60 / len(cells)
        until = began + (at + 1) * share if share else float("inf")
        each = -(-given.kills // len(cells))
        cell = _cell(place, name)
        earlier = before.get(cell, Result())
        chance = Random(f"{given.seed} {place} {KINDS[name]} {earlier.rounds}")
        result = asyncio.run(trial(place, name, each, given.speed, chance, until, earlier.next_point, given.portions))
        results[cell] = result
        print(" | ".join(map(str, _row(place, name, result))), flush=True)
    print(f"\n{machine()}; {(monotonic() - began) / 60:.0f} minutes; load {os.getloadavg()[0]:.0f}\n")
    shown = sums(given.portions) if given.portions else results
    rows = [_row(place, name, shown[_cell(place, name)]) for place, name in cells if _cell(place, name) in shown]
    print(table(HEAD, rows))
    points = sum((result.points for result in shown.values()), start=Counter[str]())
    print("\nKilled", points.total(), "times:", ", ".join(f"{name} {count}" for name, count in points.most_common()))
    return 1 if any(result.lost or result.doubles or result.stuck for result in shown.values()) else 0


def _cell(place: PlaceName, kind: str) -> str:
    return f"{place} {kind}"


def _row(place: PlaceName, name: str, result: Result) -> tuple[object, ...]:
    kind = KINDS[name]
    counts = (result.rounds, result.kills, result.lost, result.doubles, result.asked, result.questions, result.stuck)
    database = "SQLite" if kind[0] == "sqlite" else "PostgreSQL"
    return (TITLES[place], database, kind[1], *counts, f"{result.seconds / max(result.kills, 1):.1f} s")


if __name__ == "__main__":
    raise SystemExit(main())
