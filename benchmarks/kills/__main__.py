"""`make stress KILLS=200`, or `python -m benchmarks.kills --kills 200`: kill the program and count what is lost.

The kills are spread over {Slack with its default manifest, Slack with history scopes, Discord, a Discord forum} and
{SQLite, PostgreSQL with one process and with three}. Where programs die is swept point by point (before and after each
commit and each request), and drawn at random; every third round one also dies at some moment. After each round the
messages that stand on the local platform are held against the rows of the database.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import tempfile
import time
from pathlib import Path
from random import Random
from time import monotonic

from benchmarks.kills.fast_time import FastTime
from benchmarks.kills.places import PLACES, TITLES, PlaceName
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
    place: PlaceName, kind: tuple[DatabaseName, int], kills: int, fast: FastTime, seed: int, until: float
) -> Result:
    """All kills of one kind."""
    with tempfile.TemporaryDirectory(prefix="journalclub-kills-") as folder:
        chance = Random(f"{seed} {place} {kind}")
        async with opened_trial(place, *kind, Path(folder), fast, chance, papers=3 * (kills + 50)) as opened:
            try:
                await opened.run(kills, until=until)
            finally:
                if opened.result.stuck or opened.result.lost or opened.result.doubles:
                    print(opened.programs.log.read_text()[-4000:], flush=True)
            if broken := opened.place.faults():
                print(f"  ! {broken} rules of the platform were broken", flush=True)
            return opened.result


def main() -> int:
    """Run what is asked for and print the table; 1 if anything was lost, doubled or stuck."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--minutes", type=float, default=0, help="stop after that time; 0 for no limit")
    parser.add_argument("--speed", type=float, default=10.0, help="how much faster the program's time runs")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--places", nargs="*", choices=PLACES, default=PLACES)
    parser.add_argument("--kinds", nargs="*", choices=KINDS)
    given = parser.parse_args()
    logging.disable(logging.CRITICAL)
    kinds = [KINDS[name] for name in given.kinds or KINDS]
    cells = [(place, kind) for kind in kinds for place in given.places]
    fast = FastTime(time.time(), given.speed)
    began = monotonic()
    results: list[Result] = []
    rows: list[tuple[object, ...]] = []
    for at, (place, kind) in enumerate(cells):
        share = given.minutes * 60 / len(cells)
        until = began + (at + 1) * share if share else float("inf")
        each = -(-given.kills // len(cells))
        result = asyncio.run(trial(place, kind, each, fast, given.seed, until))
        results.append(result)
        rows.append(_row(place, kind, result))
        print(" | ".join(map(str, rows[-1])), flush=True)
    print(f"\n{machine()}; {(monotonic() - began) / 60:.0f} minutes; load {os.getloadavg()[0]:.0f}\n")
    print(table(HEAD, rows))
    points = sum((result.points for result in results), start=type(results[0].points)())
    print("\nKilled", ", ".join(f"{name} {count}" for name, count in points.most_common()))
    return 1 if any(result.lost or result.doubles or result.stuck for result in results) else 0


def _row(place: PlaceName, kind: tuple[DatabaseName, int], result: Result) -> tuple[object, ...]:
    counts = (result.rounds, result.kills, result.lost, result.doubles, result.asked, result.questions, result.stuck)
    database = "SQLite" if kind[0] == "sqlite" else "PostgreSQL"
    return (TITLES[place], database, kind[1], *counts, f"{result.seconds / max(result.kills, 1):.1f} s")


if __name__ == "__main__":
    raise SystemExit(main())
