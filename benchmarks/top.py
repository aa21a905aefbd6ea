"""A club of 100,000 papers and 1,000,000 votes: `python -m benchmarks.top [N]`.

What members ask most, through the whole way in (`dispatch.answer`), on SQLite and on PostgreSQL; N questions of each
kind (60). Milliseconds of wall time, one question at a time.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from functools import partial
from time import perf_counter

from benchmarks.crowd import NOW, Crowd, load
from benchmarks.databases import postgres, sqlite
from benchmarks.table import machine, percentile, table
from bot.app import App, Who
from bot.chat.gateway import Where
from bot.dispatch import answer, enter
from bot.features import commands
from bot.features.finding import by_title
from bot.store import Store
from tests.stand_ins import Clock, FirstSentence, Shelf, Wall

GOAL = 20.0
"""Milliseconds that 95 of 100 askers of `/paper top` wait at most."""
WHERE = Where("wall", "bench", "C1")

Ask = Callable[[int], Awaitable[None]]


async def measured(ask: Ask, times: int) -> tuple[float, float]:
    """The median and the 95th percentile, in milliseconds; the first few warm up and do not count."""
    for number in range(5):
        await ask(number)
    took = []
    for number in range(times):
        started = perf_counter()
        await ask(number + 5)
        took.append((perf_counter() - started) * 1000)
    return percentile(took, 0.5), percentile(took, 0.95)


def asks(app: App) -> dict[str, Ask]:
    """The questions, by name."""

    def said(line: Callable[[int], str]) -> Ask:
        async def ask(number: int) -> None:
            _, call = app.commands.find(line(number))
            who = Who(f"bench-{number % 50}", f"Reader {number % 50}")
            async for given in answer(app, call, who, WHERE):
                assert "broke" not in given.card.title, given.card

        return ask

    async def complete(number: int) -> None:
        context = await enter(app, Who("bench-1", "Reader 1"), WHERE)
        await by_title(context, ("learning", "attention", "graph", "zzz")[number % 4])

    windows = ("edition", "week", "month", "year", "all")
    tops = {f"/paper top {window}": said(partial(_same, f"/paper top {window}")) for window in windows}
    return tops | {
        "/paper find": said(lambda n: f"/paper find {('learning', 'attention', 'graph', 'zzz')[n % 4]}"),
        "suggest by title": complete,
        "/paper show": said(lambda n: f"/paper show {n * 997 % 90_000 + 1}"),
        "/paper vote": said(lambda n: f"/paper vote {99_000 + n}"),
    }


def _same(line: str, number: int) -> str:
    return line


async def on(url: str, times: int) -> dict[str, tuple[float, float]]:
    """Every question on one database."""
    clock = Clock(NOW)
    store = Store.open(url)
    app = App(commands, store, Shelf(), FirstSentence(clock), now=clock, gateways={"wall": Wall()})
    try:
        await store.take_stock()  # as the program does when it starts
        async with store.house() as house:
            club = (await house.clubs())[0]
            await house.join(club, "wall", WHERE.workspace, "Bench")
        return {name: await measured(ask, times) for name, ask in asks(app).items()}
    finally:
        await store.close()


def main(times: int) -> None:
    """Measure on both databases and print the table."""
    found = {}
    databases: dict[str, Callable[[], AbstractContextManager[str]]] = {"SQLite": sqlite, "PostgreSQL": postgres}
    for name, fresh in databases.items():
        with fresh() as url:
            load(url, Crowd())
            found[name] = asyncio.run(on(url, times))
    rows = [(ask, *(f"{value:.1f}" for name in databases for value in found[name][ask])) for ask in found["SQLite"]]
    print(machine())
    print(f"Goal: `/paper top` under {GOAL:g} ms at p95.\n")
    print(table(("ms", "SQLite p50", "p95", "PostgreSQL p50", "p95"), rows))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 60)
