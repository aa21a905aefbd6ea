"""Faults while an edition is made and posted: `python -m benchmarks.kills.faults`.

Lost answers, storms of rate limits, 5xx, stalls, broken connections, and a platform that is away for an hour of the
program's time. After each the messages that stand are held against the rows; how late the edition was is what the
database says, in the program's own time.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.kills.fast_time import FastTime, SharedSeconds
from benchmarks.kills.places import PLACES, TITLES, DiscordPlace, Place, PlaceName, SlackPlace
from benchmarks.kills.trials import DatabaseName, Trial, opened_trial
from benchmarks.table import machine, table
from tests.protocol.slack_server import faults

POST, CREATE, THREADS = (
    "chat.postMessage",
    "POST /channels/{channel_id}/messages",
    "POST /channels/{channel_id}/threads",
)
ALWAYS = 10**9
HOUR, STALL = 3600.0, 25.0
"""Seconds of the program's time."""
LATE = "SELECT slot.due_at, edition.published_at FROM edition JOIN slot ON slot.id = edition.slot_id WHERE slot.key = ?"
HEAD = ("while an edition is posted", "place", "database", "late", "lost", "doubles", "asked and removed", "out")

Trouble = Callable[[Place, float], object]
"""Scripts what goes wrong; its second argument is how fast the program's time runs."""


def _each(slack: Callable[[SlackPlace, float], object], discord: Callable[[Any, str, float], object]) -> Trouble:
    """A trouble on either platform; on Discord in channels and in forums."""

    def script(place: Place, speed: float) -> None:
        if isinstance(place, SlackPlace):
            slack(place, speed)
        elif isinstance(place, DiscordPlace):
            for route in (CREATE, THREADS):
                discord(place.discord.faults, route, speed)

    return script


def _on_slack(fault: Callable[[float], Any], times: int) -> Callable[[SlackPlace, float], object]:
    return lambda place, speed: place.slack.faults.add(POST, fault(speed), times=times, skip=1)


TROUBLES: dict[str, Trouble] = {
    "three answers are lost after they took effect": _each(
        _on_slack(lambda _: faults.lost_reply(), 3), lambda them, route, _: them.lose(route, times=3)
    ),
    "three connections break before": _each(
        _on_slack(lambda _: faults.reset(), 3), lambda them, route, _: them.reset(route, applied=False, times=3)
    ),
    "a storm of 12 rate limits": _each(
        _on_slack(lambda _: faults.rate_limited(3), 12), lambda them, route, _: them.rate_limit(route, 0.4, times=12)
    ),
    "three 503 that took effect": _each(
        _on_slack(lambda _: faults.server_error(503, applied=True), 3),
        lambda them, route, _: them.fail(route, 503, applied=True, times=3),
    ),
    "three 503 that did not": _each(
        _on_slack(lambda _: faults.server_error(503), 3),
        lambda them, route, _: them.fail(route, 503, applied=False, times=3),
    ),
    "three stalls of 25 s": _each(
        _on_slack(lambda speed: faults.slow(STALL / speed, applied=True), 3),
        lambda them, route, speed: them.slow(route, STALL / speed, times=3),
    ),
}
TROUBLES["the channel refuses four times"] = _each(
    _on_slack(lambda _: faults.refuse("is_archived"), 4), lambda them, route, _: them.refuse(route, 50013, times=4)
)
CUT = "the database cuts all connections, twenty times"
CUTS, CUT_INTERVAL = 20, 0.2
"""Number of times that the database cuts its connections, and seconds of the program's time between two of them."""
TERMINATE = """SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
WHERE pid <> pg_backend_pid() AND datname = current_database()"""
AWAY = "the platform is away for an hour"


async def trial_of(name: str, place: PlaceName, database: DatabaseName, speed: float) -> tuple[object, ...]:
    """One edition with one trouble; a row of the table."""
    with tempfile.TemporaryDirectory(prefix="journalclub-faults-") as folder:
        fast = FastTime(time.time(), speed, SharedSeconds(Path(folder, "seconds")))
        async with opened_trial(place, database, 1, Path(folder), fast, Random(1), papers=9) as trial:
            await trial.club.found()
            key = await trial.club.begin_round(0)
            if name == AWAY:
                await _away(trial)
            elif name == CUT:
                await trial.programs.start()
                for _unused in range(CUTS):
                    await fast.sleep(CUT_INTERVAL)
                    trial.database.rows(TERMINATE)
            else:
                TROUBLES[name](trial.place, speed)
                await trial.programs.start()
            out = await trial.wait(key, 0)
            await trial.compare(0, [name])
            late = _late(trial.database.rows(LATE, key))
            result = trial.result
            title = "SQLite" if database == "sqlite" else "PostgreSQL"
            if not out:
                print(trial.programs.log.read_text()[-3000:], flush=True)
            return (name, TITLES[place], title, late, result.lost, result.doubles, result.asked, "yes" if out else "no")


async def _away(trial: Trial) -> None:
    """Let the platform answer nothing from before the start until an hour has passed."""
    place = trial.place
    if isinstance(place, SlackPlace):
        place.slack.faults.add("*", faults.server_error(503), times=ALWAYS)
    elif isinstance(place, DiscordPlace):
        place.discord.faults.fail("*", 503, applied=False, times=ALWAYS)
    await trial.programs.start()
    await trial.club.fast.sleep(HOUR)
    if isinstance(place, SlackPlace):
        place.slack.faults.clear()
    elif isinstance(place, DiscordPlace):
        place.discord.faults.clear()


def _databases(name: str, asked: Sequence[DatabaseName]) -> Sequence[DatabaseName]:
    """Databases on which a trouble is tried: an hour takes its time, and a SQLite file cuts nobody off."""
    return [each for each in asked if each == "postgresql"] if name == CUT else asked[:1] if name == AWAY else asked


def _late(rows: Any) -> str:
    if not rows or rows[0][1] is None:
        return "not out"
    due, out = (datetime.fromisoformat(at) if isinstance(at, str) else at for at in rows[0])
    return f"{(out - due) / timedelta(seconds=1):,.0f} s"


def main() -> int:
    """Try all of them, and print the table; 1 if anything was lost, doubled or is not out."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--speed", type=float, default=5.0)
    parser.add_argument("--places", nargs="*", choices=PLACES, default=PLACES)
    parser.add_argument("--databases", nargs="*", choices=["sqlite", "postgresql"], default=["sqlite", "postgresql"])
    parser.add_argument("--only", default="", help="troubles with these words")
    given = parser.parse_args()
    logging.disable(logging.CRITICAL)
    rows = []
    for name in [name for name in (*TROUBLES, CUT, AWAY) if given.only in name]:
        for place in given.places:
            for database in _databases(name, given.databases):
                rows.append(asyncio.run(trial_of(name, place, database, given.speed * (3 if name == AWAY else 1))))
                print(" | ".join(map(str, rows[-1])), flush=True)
    print(f"\n{machine()}; load {os.getloadavg()[0]:.0f}\n")
    print(table(HEAD, rows))
    return 1 if any(row[4] or row[5] or row[7] == "no" for row in rows) else 0


if __name__ == "__main__":
    raise SystemExit(main())
