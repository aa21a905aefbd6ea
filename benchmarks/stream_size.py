"""A stream of half a million papers: `python -m benchmarks.stream_size DATA [--papers N] [--database postgresql]`.

Real papers of the folder (`stream_*`, `large_extra`) are stored as a reader stores them, 50 in a transaction, and then
searched as members do: several frequent words at once, a word with an author, one with a category, and similar papers.
Times are those of the processor; PostgreSQL's server is not counted in them.
Where the folder has too few, they are stored again under other keys.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from time import process_time
from typing import Any

from benchmarks.databases import postgres, sqlite
from benchmarks.stream_weeks import rows
from benchmarks.table import machine, percentile, table
from bot.domain.streams.addresses import StreamSourceKind
from bot.domain.streams.items import StreamItem
from bot.shortlist.similar import distinctive, most_similar, profile
from bot.store import Store

NOW = datetime(2026, 1, 2, 9, tzinfo=UTC)
TOGETHER, READ_TOGETHER = 50, 1_000
LOOKS = 100
FREQUENT = ("learning", "model", "data", "training", "language", "models", "performance", "tasks", "neural", "methods")


def items(folder: Path) -> Iterator[StreamItem]:
    """Papers of the folder, oldest first in each file, over the last 180 days; again under other keys at the end."""
    turn = 0
    while True:
        for row in rows(folder, "stream_"):
            yield _item(f"{row['id']}", turn, row["title"], row["abstract"], row["authors"], row["categories"] or ())
        for row in rows(folder, "large_extra"):
            yield _item(row["id"], turn, row["t"], row["a"], ("Ann Example",), (row["c"],))
        turn += 1


def _item(
    id: str, turn: int, title: str, abstract: str, authors: tuple[str, ...], categories: tuple[str, ...]
) -> StreamItem:
    key = f"arxiv:{id}" + (f".{turn}" if turn else "")
    title = f"{title} ({turn})" if turn else title
    days = sum(map(ord, id)) % 180
    return StreamItem(
        key=key, title=title, url=f"https://arxiv.org/abs/{id}", published=NOW - timedelta(days=days),
        authors=tuple(authors), abstract=abstract or "", categories=tuple(categories),
    )  # fmt: skip


async def store_all(store: Store, papers: Iterator[StreamItem]) -> float:
    """Store the papers in transactions of the usual size; seconds of the processor."""
    async with store.begin(1) as db:
        await db.sources.add(StreamSourceKind.ARXIV, "cs.LG", (), NOW)
    async with store.read(1) as db:
        asked = [(await db.sources.all())[0].source]
    began = process_time()
    while part := list(islice(papers, READ_TOGETHER)):
        async with store.admin_session() as admin:
            for start in range(0, len(part), TOGETHER):
                await admin.stream.store(asked, part[start : start + TOGETHER], NOW, oldest=NOW - timedelta(days=400))
    return process_time() - began


async def timed(look: Callable[[int], Awaitable[object]]) -> list[float]:
    """Milliseconds of the processor for each of the looks; the first ones warm up."""
    found = []
    for number in range(-5, LOOKS):
        began = process_time()
        await look(number)
        found.append((process_time() - began) * 1000)
    return found[5:]


async def measure(url: str, folder: Path, number: int) -> list[list[str]]:
    """The table's rows for one database."""
    store = Store.open(url)
    chance = random.Random(5)
    some = list(islice(items(folder), 0, 40_000, 400))
    async with store.admin_session() as admin:
        await admin.directory.create_club("Readers", "UTC", NOW)
    seconds = await store_all(store, islice(items(folder), number))
    await store.analyze()

    async def find(words: str, **given: Any) -> None:
        async with store.read(1) as db:
            await db.stream_search.find(words, limit=10, **given)

    async def similar(at: int) -> None:
        words = profile(some[at].title, some[at].abstract)
        async with store.read(1) as db:
            entries = await db.stream_search.sharing(distinctive(words))
        most_similar(words, [(entry.id, entry.title, entry.abstract) for entry in entries], 5)

    words = [" ".join(chance.sample(FREQUENT, 3)) for _ in range(LOOKS)]
    looks: dict[str, Callable[[int], Awaitable[object]]] = {
        "three frequent words": lambda at: find(words[at]),
        "a frequent word and an author": lambda at: find("learning", author=some[at].authors[0]),
        "a frequent word and a category": lambda _: find("learning", categories=("cs.CL",)),
        "similar papers": similar,
    }
    result = [["stored, CPU a paper", f"{seconds * 1000 / number:.2f} ms", ""]]
    for name, look in looks.items():
        found = await timed(look)
        result.append([name, f"{percentile(found, 0.5):.1f} ms", f"{percentile(found, 0.95):.1f} ms"])
    await store.close()
    return result


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--papers", type=int, default=500_000)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    options = parser.parse_args()
    with (sqlite if options.database == "sqlite" else postgres)() as url:
        found = asyncio.run(measure(url, options.data, options.papers))
    print(f"On {machine()}. {options.papers:,} papers, {options.database}.\n")
    print(table(["", "median", "95 %"], found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
