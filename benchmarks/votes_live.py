"""CPU cost of one `/paper vote` in the running program: `python -m benchmarks.votes_live [SECONDS]`.

The real program in a process of its own (delivery worker, scheduler and log included), with a club of 100,000 papers,
connected to a local Slack and a local Discord over HTTP and a websocket; compared with slack-bolt or discord.py alone,
which commits one raw SQLite transaction and echoes. They alternate at fifty votes a second, and the figure is the CPU
time of their processes, user and system. `benchmarks.votes` measures the same without HTTP.
"""

from __future__ import annotations

import asyncio
import sqlite3
import sys
import tempfile
from contextlib import AsyncExitStack, closing
from pathlib import Path

from benchmarks import load_discord, load_slack
from benchmarks.load import ROUNDS, Side, member_actions
from benchmarks.table import machine, table
from benchmarks.votes import GOAL


async def on_slack(stack: AsyncExitStack, folder: Path) -> tuple[Side, Side]:
    """The bare framework and the club, each before a Slack of its own."""
    ours = await stack.enter_async_context(load_slack.club(folder))
    return await stack.enter_async_context(load_slack.echo(ours)), ours


async def on_discord(stack: AsyncExitStack, folder: Path) -> tuple[Side, Side]:
    """The bare framework and the club, each before a Discord of its own."""
    ours = await stack.enter_async_context(load_discord.club(folder))
    return await stack.enter_async_context(load_discord.echo()), ours


def vote_count(folder: Path) -> int:
    """Number of votes in the club's database."""
    with closing(sqlite3.connect(folder / "data" / "journalclub.db")) as connection:
        return int(connection.execute("SELECT count(*) FROM vote_event").fetchone()[0])


async def main(seconds: float) -> int:
    """Print the table; 1 if a goal is missed."""
    rows, good = [], True
    for name, platform in (("Slack", on_slack), ("Discord", on_discord)):
        with tempfile.TemporaryDirectory(prefix="journalclub-") as folder:
            async with AsyncExitStack() as stack:
                bare, ours = await platform(stack, Path(folder))
                before = vote_count(Path(folder))
                for side in (bare, ours):
                    side.todo = (act for act in member_actions() if act.line.startswith("/paper vote"))
                    await side.round(1)  # warms up
                    side.run.cpu, side.run.timings = 0.0, []
                for side in (bare, ours) * ROUNDS:
                    await side.round(seconds)
                said = len(ours.run.timings)
                assert not bare.run.lost_count + ours.run.lost_count, "every vote is answered"
                assert vote_count(Path(folder)) - before >= said * 0.99, "and written, but for the few who say it twice"
        cheap, full = (side.run.cpu * 1000 / len(side.run.timings) for side in (bare, ours))
        good = good and full / cheap <= GOAL
        rows.append((name, f"{said:,}", f"{cheap:.2f} ms", f"{full:.2f} ms", f"{full / cheap:.1f}"))
    print(machine())
    print(table(("CPU per vote, live", "votes", "bare framework + SQLite", "Journal Club", "times"), rows))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main(float(sys.argv[1]) if len(sys.argv) > 1 else 10)))
