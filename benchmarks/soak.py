"""A soak: `python -m benchmarks.soak --minutes 60`: five acts a second, and something goes wrong every half minute.

The real program runs against the strict local Slack on PostgreSQL; members vote, press, look, search and submit, and an
edition comes due every four minutes. Requests fail in six ways, lines are cut, and the database cuts its connections.
Memory, descriptors, connections and the rows of every table are looked at every fifteen seconds; their slopes are those
of the last two thirds. In the end the messages that stand are held against the rows.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from random import Random
from time import monotonic

from benchmarks.kills.databases import Database
from benchmarks.kills.fast_time import FastTime
from benchmarks.kills.places import SlackPlace
from benchmarks.kills.trials import QUIET, Trial, opened_trial
from benchmarks.load import RESPONSE_TIMEOUT, SEARCH_TERMS
from benchmarks.table import machine, table
from bot.domain.models import Table
from bot.domain.retention import RETENTION
from bot.store.database.outage import write_until_stored
from tests.protocol.slack_server import faults

RATE, FAULT_INTERVAL, EDITION_INTERVAL, LOOK_INTERVAL = 5, 30.0, 240.0, 15.0
"""Acts a second, and seconds between two faults, two editions and two looks."""
PEOPLE = 200
MEMORY = "memory, MiB"
WARM, LATE = 1 / 3, 2 / 3
"""Share of the looks that warm up, and that no slope is drawn from; and where the last third begins."""
TERMINATE = (
    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = ?"
)
CONNECTIONS = "SELECT count(*) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()"
MIX = (("vote", 30), ("click", 25), ("show", 20), ("find", 10), ("top", 10), ("submit", 5))
"""Acts of members with their share, in percent."""


@dataclass(frozen=True, slots=True)
class Look:
    """Measurements at one time: hours since the start, and figures by name."""

    hours: float
    figures: dict[str, float]


@dataclass(slots=True)
class Soak:
    """A run, with what it counted."""

    trial: Trial
    place: SlackPlace
    pid: int
    chance: Random
    looks: list[Look] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    failures: Counter[str] = field(default_factory=Counter)
    """Slack's words for why acts were not taken: `not_connected` while a line was cut, or `operation_timeout`."""
    submitted: int = 0
    editions: int = 0
    begun: float = field(default_factory=monotonic)

    async def run(self, minutes: float) -> None:
        """Act for so long; then wait until nothing is under way."""
        end = monotonic() + 60 * minutes
        helpers = [
            asyncio.create_task(self._every(LOOK_INTERVAL, self._look)),
            asyncio.create_task(self._every(FAULT_INTERVAL, self._disturb)),
            asyncio.create_task(self._every(EDITION_INTERVAL, self._edition_due)),
        ]
        begun, acts = monotonic(), list[asyncio.Task[None]]()
        for number in range(int(60 * minutes * RATE)):
            await asyncio.sleep(begun + number / RATE - monotonic())
            acts.append(asyncio.create_task(self._act()))
            if monotonic() > end:
                break
        for failure in await asyncio.gather(*acts, return_exceptions=True):
            if failure:
                self.counts[f"{type(failure).__name__}: {failure}"[:80]] += 1
        for helper in helpers:
            helper.cancel()
        for error in await asyncio.gather(*helpers, return_exceptions=True):
            if not isinstance(error, asyncio.CancelledError):
                raise error or AssertionError("a helper ended")
        self.place.slack.faults.clear()
        deadline = monotonic() + 300
        while self.trial.database.rows(QUIET)[0][0] and monotonic() < deadline:  # noqa: ASYNC110  another process works
            await asyncio.sleep(1)
        self._look()
        await self.trial.compare(self.editions, [])

    async def _every(self, seconds: float, do: Callable[[], object]) -> None:
        while True:
            result = do()
            if asyncio.iscoroutine(result):
                await result
            await asyncio.sleep(seconds)

    async def _act(self) -> None:
        """Something that a member does, and its answer."""
        kinds, weights = zip(*MIX, strict=True)
        kind = self.chance.choices(kinds, weights)[0]
        slack, papers = self.place.slack, self.place.channels["papers"]
        person = slack.user(f"Reader {self.chance.randrange(PEOPLE)}")
        number = self.chance.randint(1, max(self.submitted, 1))
        cards = [card for card in slack.messages(papers, bot=True)[-20:] if "Vote" in card.labels]
        if kind == "submit" or not cards:
            self.submitted += 1
            line = f"submit {self.trial.club.papers[self.submitted].arxiv_id} to be read"
        else:
            line = {"find": f"find {self.chance.choice(SEARCH_TERMS)}", "top": "top"}.get(kind, f"{kind} {number}")
        if kind == "click" and cards:
            seen = await person.click(self.chance.choice(cards), "Vote")
        else:
            seen = await person.command("/paper", line, channel=papers)
        self.counts["acts"] += 1
        if seen.ack is None or not seen.ack.ok:
            self.counts["not taken"] += 1
            self.failures[seen.ack.failure if seen.ack else "no answer"] += 1
            return
        try:
            await seen.until(lambda s: s.anything, RESPONSE_TIMEOUT)
        except TimeoutError:
            self.counts["not answered"] += 1

    async def _disturb(self) -> None:
        """Have one thing go wrong."""
        slack, post = self.place.slack, "chat.postMessage"
        kinds: dict[str, Callable[[], object]] = {
            "503": lambda: slack.faults.add(post, faults.server_error(503)),
            "503 after it took effect": lambda: slack.faults.add(post, faults.server_error(503, applied=True)),
            "answer lost": lambda: slack.faults.add(post, faults.lost_reply()),
            "reset": lambda: slack.faults.add(post, faults.reset()),
            "rate limits": lambda: slack.faults.add(post, faults.rate_limited(2), times=3),
            "slow": lambda: slack.faults.add("*", faults.slow(5.0, applied=True), times=5),
            "line cut": slack.sockets.drop,
            "database cut": lambda: self.trial.database.rows(TERMINATE, _name(self.trial.database)),
        }
        name = self.chance.choice(list(kinds))
        self.faults[name] += 1
        kinds[name]()

    async def _edition_due(self) -> None:
        self.editions += 1
        due = partial(self.trial.club.edition_due, f"soak-{self.editions}")
        await write_until_stored("an edition that is due", due)  # its connection may be the one that is cut

    def _look(self) -> None:
        figures = {
            MEMORY: int(_status(self.pid, "VmRSS")) / 1024,
            "descriptors": len(os.listdir(f"/proc/{self.pid}/fd")),
            "threads": int(_status(self.pid, "Threads")),
            "connections to the database": self.trial.database.rows(CONNECTIONS)[0][0],
        }
        for name in Table.metadata.tables:
            figures[name] = self.trial.database.rows(f"SELECT count(*) FROM {name}")[0][0]
        self.looks.append(Look((monotonic() - self.begun) / 3600, figures))


def slope(looks: Sequence[Look], name: str) -> float:
    """Growth of a figure in an hour: of the straight line that fits best."""
    points = [(look.hours, look.figures[name]) for look in looks]
    mean_x, mean_y = (sum(values) / len(points) for values in zip(*points, strict=True))
    spread = sum((x - mean_x) ** 2 for x, _ in points)
    return sum((x - mean_x) * (y - mean_y) for x, y in points) / spread if spread else 0.0


async def soak(minutes: float, seed: int) -> int:
    """Run and print the tables; 1 if anything was lost or doubled."""
    with tempfile.TemporaryDirectory(prefix="journalclub-soak-") as folder:
        fast, chance = FastTime(time.time(), 1.0), Random(seed)
        papers = int(minutes * 60 * RATE * 0.1) + 200
        async with opened_trial("slack-history", "postgresql", 1, Path(folder), fast, chance, papers=papers) as trial:
            assert isinstance(trial.place, SlackPlace)
            await trial.club.found()
            pid = await trial.programs.start()
            await trial.place.slack.sockets.connected(patience=60)
            running = Soak(trial, trial.place, pid, chance)
            await running.run(minutes)
            report(running, minutes)
            result = trial.result
            broken = [str(breach) for breach in trial.place.slack.violations]
            print(f"\nLost {result.lost}, doubled {result.doubles}; rules of Slack broken: {len(broken)} {broken[:3]}")
            if trial.programs.ended:
                print("The program ended:", trial.programs.log.read_text()[-3000:])
            return 1 if result.lost or result.doubles or broken or trial.programs.ended else 0


def report(run: Soak, minutes: float) -> None:
    """Print what was counted, and the slopes."""
    looks = run.looks[int(len(run.looks) * WARM) :]
    print(f"{machine()}; {minutes:g} minutes; load {os.getloadavg()[0]:.0f}\n")
    print(f"{run.counts['acts']:,} acts, {run.counts['not taken']} not taken {dict(run.failures)},", end=" ")
    print(f"{run.counts['not answered']} not answered; {run.editions} editions; faults: {dict(run.faults)}\n")
    share = sum(map(int, Path(f"/proc/{run.pid}/stat").read_text().rpartition(")")[2].split()[11:13]))
    share_of_core = share / os.sysconf("SC_CLK_TCK") / (monotonic() - run.begun)
    print(f"The program got {share_of_core:.2f} of a core.\n")
    if others := {name: count for name, count in run.counts.items() if ":" in name}:
        print(f"Acts that could not be made: {others}\n")
    pruned = {mapped.__tablename__ for rule in RETENTION if rule.after for mapped in rule.tables}
    rows = []
    for name in looks[0].figures:
        first, last, growth = run.looks[0].figures[name], looks[-1].figures[name], slope(looks, name)
        if name not in Table.metadata.tables or abs(growth) >= 1:
            retention = "" if name not in Table.metadata.tables else "yes" if name in pruned else "no"
            rows.append(
                (name, f"{first:,.0f}", f"{looks[0].figures[name]:,.0f}", f"{last:,.0f}", f"{growth:+,.1f}", retention)
            )
    print(table(("", "start", "after a third", "end", "an hour", "pruned"), rows))
    every = max(1, len(run.looks) // 12)
    print(
        "\nMemory, MiB, by minutes:",
        ", ".join(f"{60 * look.hours:.0f}: {look.figures[MEMORY]:.0f}" for look in run.looks[::every]),
    )
    late = run.looks[int(len(run.looks) * LATE) :]
    print(f"In the last third it grew by {slope(late, MEMORY):+.1f} MiB an hour.")


def _name(database: Database) -> str:
    return str(database.rows("SELECT current_database()")[0][0])


def _status(pid: int, field_name: str) -> str:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(line.split()[1] for line in lines if line.startswith(f"{field_name}:"))


def main() -> int:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    logging.disable(logging.CRITICAL)
    return asyncio.run(soak(given.minutes, given.seed))


if __name__ == "__main__":
    raise SystemExit(main())
