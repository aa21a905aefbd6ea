"""CPU cost of one `/paper vote`: `python -m benchmarks.votes [N]`.

The club with slack-bolt and with discord.py, each compared with a bare framework that echoes the same payload and
commits one raw SQLite transaction (synchronous=FULL). Requests to the platform are dropped at the HTTP layer, so the
figure is the CPU time of this process (all threads, user and system) per vote. Rounds of the two alternate and the
median counts, so that other load affects both equally.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Awaitable, Callable
from statistics import median
from time import process_time

from benchmarks.ballots import club_on
from benchmarks.discord_ballots import on_discord
from benchmarks.slack_ballots import on_slack
from benchmarks.table import machine, table

ROUNDS = 9
GOAL = 5.0
"""Maximum ratio of a vote's cost to that of the bare framework."""

Vote = Callable[[int], Awaitable[None]]


async def cost(vote: Vote, votes: int, start: int) -> float:
    """CPU milliseconds a vote."""
    before = process_time()
    for number in range(start, start + votes):
        await vote(number)
    return (process_time() - before) * 1000 / votes


async def compare(bare: Vote, ours: Vote, votes: int) -> tuple[float, float]:
    """The medians of both, measured in turns; the first round of each only warms up."""
    found: list[tuple[float, float]] = []
    for round_ in range(ROUNDS + 1):
        start = round_ * votes
        found.append((await cost(bare, votes, start), await cost(ours, votes, start)))
    return median(b for b, _ in found[1:]), median(o for _, o in found[1:])


async def main(votes: int) -> None:
    """Print the table."""
    logging.disable(logging.INFO)
    rows = []
    async with club_on() as club:
        for name, platform in (("Slack", on_slack), ("Discord", on_discord)):
            async with platform(club) as (bare, ours):
                before = await club.vote_count()
                cheap, full = await compare(bare, ours, votes)
                assert await club.vote_count() - before == votes * (ROUNDS + 1), "every vote is written"
            ratio = full / cheap
            verdict = "yes" if ratio <= GOAL else "no"
            rows.append((name, f"{cheap:.2f} ms", f"{full:.2f} ms", f"{ratio:.1f}", verdict))
    print(machine())
    print(table(("CPU per vote", "bare framework + SQLite", "Journal Club", "times", f"≤ {GOAL:g}"), rows))


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 60))
