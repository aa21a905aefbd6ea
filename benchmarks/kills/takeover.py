"""Time until another process continues: `python -m benchmarks.kills.takeover`, at the program's true pace.

A program is killed while a post is being sent, and while it drafts. On PostgreSQL another one runs beside it; on SQLite
one is started at once. The times are from the kill.
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
from benchmarks.kills.places import PLACES, TITLES, PlaceName, SlackPlace
from benchmarks.kills.trials import OUT, DatabaseName, Trial, opened_trial
from benchmarks.table import machine, table
from tests.protocol.slack_server import faults

PATIENCE = 300.0
POST = "chat.postMessage"
SENDING = "SELECT count(*) FROM delivery WHERE kind = 'edition' AND state = 'sending'"
DRAFTING = "SELECT count(*) FROM slot WHERE state = 'due' AND lease_until IS NOT NULL AND owner <> ''"
OWNER = "SELECT owner FROM slot WHERE key = ?"
STILL_OWNED = "SELECT count(*) FROM slot WHERE key = ? AND owner = ?"
SETTLED = "SELECT count(*) FROM delivery WHERE kind = 'edition' AND state IN ('ready', 'sending')"
HEAD = ("killed while", "place", "database", "work goes on after", "edition is out after")


async def killed_while_posting(trial: Trial, number: int) -> tuple[float, float]:
    """Seconds from the kill until the part is taken up, and until the edition is out."""
    assert isinstance(trial.place, SlackPlace)
    digest, slack = trial.place.channels["digest"], trial.place.slack
    slack.faults.add(POST, faults.slow(PATIENCE), skip=1, when=lambda args: args.get("channel") == digest)
    key = await trial.club.begin_round(number)
    first = await trial.programs.start()
    await slack.wait_for(lambda: sum(call.fault == "slow" for call in slack.ledger.asked) > number, PATIENCE)
    return await _until_out(trial, key, first, SENDING)


async def killed_while_drafting(trial: Trial, number: int) -> tuple[float, float]:
    """Seconds from the kill until the edition is made, and until it is out."""
    key = await trial.club.begin_round(number)
    await trial.club.age_papers()
    trial.arxiv.answers.clear()
    trial.arxiv.asked.clear()
    first = await trial.programs.start()
    async with asyncio.timeout(PATIENCE):
        await trial.arxiv.asked.wait()
    await _wait_for_draft(trial)
    owner = trial.database.rows(OWNER, key)[0][0]
    return await _until_out(trial, key, first, STILL_OWNED, key, owner)


async def _wait_for_draft(trial: Trial) -> None:
    """Wait until it is the draft that waits, and not only the check for new versions."""
    async with asyncio.timeout(PATIENCE):
        while not trial.database.rows(DRAFTING)[0][0]:  # noqa: ASYNC110  another process works
            await asyncio.sleep(0.05)


async def _until_out(trial: Trial, key: str, first: int, taken: str, *given: object) -> tuple[float, float]:
    """Kill the first program. Seconds until nothing is as it left it (`taken` counts what is), and until all is out."""
    if trial.database.shared:
        await trial.programs.start()
        await asyncio.sleep(4)
    await trial.programs.kill(first)
    killed = monotonic()
    trial.arxiv.answers.set()
    if not trial.database.shared:
        await trial.programs.start()
    goes_on = None
    while monotonic() - killed < PATIENCE:
        edition = trial.database.rows(OUT, key)
        if goes_on is None and not trial.database.rows(taken, *given)[0][0]:
            goes_on = monotonic() - killed
        if edition and edition[0][0] == "published" and not trial.database.rows(SETTLED)[0][0]:
            out = monotonic() - killed
            await trial.programs.kill_all()
            return goes_on or out, out
        await asyncio.sleep(0.05)
    raise TimeoutError(f"{key} is not out: {trial.programs.log.read_text()[-2000:]}")


WAYS = {"sends a post": killed_while_posting, "drafts": killed_while_drafting}


async def measure(place: PlaceName, database: DatabaseName, times: int) -> list[tuple[str, ...]]:
    """A row for each way, of the longest times."""
    rows = []
    for name, way in WAYS.items():
        found = []
        with tempfile.TemporaryDirectory(prefix="journalclub-takeover-") as folder:
            fast = FastTime(time.time(), 1.0)
            async with opened_trial(place, database, 2, Path(folder), fast, Random(1), papers=3 * times + 3) as trial:
                await trial.club.found()
                for number in range(times):
                    found.append(await way(trial, number))
                    print(name, place, database, *(f"{seconds:.1f}" for seconds in found[-1]), flush=True)
        cells = (" to ".join(f"{f(seconds):.1f}" for f in (min, max)) + " s" for seconds in zip(*found, strict=True))
        rows.append((name, TITLES[place], "SQLite" if database == "sqlite" else "PostgreSQL", *cells))
    return rows


def main() -> int:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--places", nargs="*", choices=PLACES[:2], default=PLACES[:2])
    parser.add_argument("--databases", nargs="*", choices=["sqlite", "postgresql"], default=["sqlite", "postgresql"])
    given = parser.parse_args()
    logging.disable(logging.CRITICAL)
    rows = []
    for place in given.places:
        for database in given.databases:
            rows += asyncio.run(measure(place, database, given.times))
    print(f"\n{machine()}; load {os.getloadavg()[0]:.0f}\n")
    print(table(HEAD, rows))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
