"""Response times of a club with 100,000 papers and 1,000,000 votes: `python -m benchmarks.top [N]`.

The most frequent requests, through the whole request path (`dispatch.answer`), on SQLite and on PostgreSQL; N requests
of each kind (60), one at a time. Figures are milliseconds of wall time.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from functools import partial
from time import perf_counter

from benchmarks.databases import postgres, sqlite
from benchmarks.synthetic_club import NOW, SyntheticClub, load, unique_word
from benchmarks.table import machine, percentile, table
from bot.app import App, Requester
from bot.chat.gateway import Location
from bot.dispatch import answer
from bot.features.registry import all_commands
from bot.features.shared.lookup import by_title
from bot.requester_lookup import identify
from bot.store import Store
from tests.stand_ins import Clock, FirstSentenceWriter, RecordedPaperSource, RecordingGateway

GOAL = 20.0
"""Limit in milliseconds for the 95th percentile of the leaderboard, search and suggestions."""
COMMON = ("learning", "attention", "graph", "model", "language", "diffusion")
ABSENT = ("protein", "quantum", "zzz", "ocean", "tingion", "enzyme")
NAMES = ("Caiming Xiong", "Mostafa Dehghani", "Donald Knuth", "Schölkopf", "Ashish Vaswani", "Zuxin Liu")
SEVERAL = ("reinforcement learning agents", "graph attention", "language model diffusion", "a new model of attention")
"""Queries for `/paper find`: frequent words, absent words, author names, and several words at once."""
LOCATION = Location("wall", "bench", "C1")

Request = Callable[[int], Awaitable[None]]


async def measure(ask: Request, times: int) -> tuple[float, float]:
    """The median and the 95th percentile, in milliseconds; the first few warm up and do not count."""
    for number in range(5):
        await ask(number)
    took = []
    for number in range(times):
        started = perf_counter()
        await ask(number + 5)
        took.append((perf_counter() - started) * 1000)
    return percentile(took, 0.5), percentile(took, 0.95)


def requests(app: App) -> dict[str, Request]:
    """The questions, by name."""

    def said(line: Callable[[int], str]) -> Request:
        async def ask(number: int) -> None:
            _, call = app.commands.find(line(number))
            who = Requester(f"bench-{number % 50}", f"Reader {number % 50}")
            async for given in answer(app, call, who, LOCATION):
                assert "broke" not in given.card.title, given.card

        return ask

    def find(words: Callable[[int], str], filters: str = "") -> Request:
        return said(lambda number: f"/paper find {words(number)} {filters}")

    def suggest(words: Callable[[int], str]) -> Request:
        async def ask(number: int) -> None:
            await by_title(await identify(app, Requester("bench-1", "Reader 1"), LOCATION), words(number))

        return ask

    windows = ("edition", "week", "month", "year", "all")
    tops = {f"/paper top {window}": said(partial(_same, f"/paper top {window}")) for window in windows}
    return tops | {
        "/paper find, common word": find(_one_of(COMMON)),
        "/paper find, rare word": find(_rare),
        "/paper find, absent word": find(_one_of(ABSENT)),
        "/paper find, several words": find(_one_of(SEVERAL)),
        "/paper find, several and an absent one": find(lambda n: f"{_one_of(SEVERAL)(n)} {_one_of(ABSENT)(n)}"),
        "/paper find, first letters": find(lambda n: "abcdeghilmnoprst"[n % 16]),
        "/paper find, an author's name": find(_one_of(NAMES)),
        "/paper find, common, of a topic": find(_one_of(COMMON), "topic=theory"),
        "/paper find, common, since a week": find(_one_of(COMMON), "since=2025-11-24"),
        "/paper find, common, by an author": find(_one_of(COMMON), 'author="Mostafa Dehghani"'),
        "/paper find, rare, of a topic": find(_rare, "topic=theory"),
        "/paper find, absent, all filters": find(_one_of(ABSENT), 'topic=theory since=2024-12-01 author="Huan"'),
        "suggest by title, common word": suggest(_one_of(COMMON)),
        "suggest by title, rare word": suggest(_rare),
        "suggest by title, absent word": suggest(_one_of(ABSENT)),
        "/paper show": said(lambda n: f"/paper show {n * 997 % 90_000 + 1}"),
        "/paper vote": said(lambda n: f"/paper vote {99_000 + n}"),
    }


def _one_of(words: tuple[str, ...]) -> Callable[[int], str]:
    return lambda number: words[number % len(words)]


def _rare(number: int) -> str:
    return unique_word(number * 1_601 % 100_000 + 1)


def _same(line: str, number: int) -> str:
    return line


async def on(url: str, times: int) -> dict[str, tuple[float, float]]:
    """Every question on one database."""
    clock = Clock(NOW)
    store = Store.open(url)
    app = App(
        all_commands,
        store,
        RecordedPaperSource(),
        FirstSentenceWriter(clock),
        now=clock,
        platforms=(lambda _: RecordingGateway(),),
    )
    try:
        await store.analyze()  # as the program does when it starts
        async with store.admin_session() as admin:
            club = (await admin.directory.active_clubs())[0]
            await admin.directory.join(club, "wall", LOCATION.workspace, "Bench")
        return {name: await measure(ask, times) for name, ask in requests(app).items()}
    finally:
        await store.close()


def main(times: int) -> None:
    """Measure on both databases and print the table."""
    found = {}
    databases: dict[str, Callable[[], AbstractContextManager[str]]] = {"SQLite": sqlite, "PostgreSQL": postgres}
    for name, fresh in databases.items():
        with fresh() as url:
            load(url, SyntheticClub())
            found[name] = asyncio.run(on(url, times))
    rows = [(ask, *(f"{value:.1f}" for name in databases for value in found[name][ask])) for ask in found["SQLite"]]
    print(machine())
    print(f"Goal: `/paper top`, `/paper find` and suggestions under {GOAL:g} ms at p95.\n")
    print(table(("ms", "SQLite p50", "p95", "PostgreSQL p50", "p95"), rows))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 60)
