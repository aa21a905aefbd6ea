"""A stream of half a million papers: `python -m benchmarks.stream_size DATA [--papers N] [--database postgresql]`.

Real papers of the folder (`stream_*`, `large_extra`) are stored as a reader stores them, 50 in a transaction, and then
used as the program does: searched with several frequent words, an author, a category or only by category and day;
compared for similar papers; read as a shortlist's candidates and past papers; stored once more; and deleted when old.
Times are those of the processor, a PostgreSQL server's own included.
Where the folder has too few, they are stored again under other keys. `--url` measures a database that is filled.
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
from typing import Any

from benchmarks.databases import Processor, postgres, sqlite
from benchmarks.stream_weeks import rows
from benchmarks.table import machine, percentile, table
from bot.domain.stream.items import StreamItem
from bot.domain.stream.source_kinds import StreamSourceKind
from bot.features.stream.ranking_input import MOST_BACKGROUND, MOST_PAPERS
from bot.features.stream.word_indexing import words_of_entries
from bot.recommender.similar import distinctive, most_similar, profile
from bot.store import Store

NOW = datetime(2026, 1, 2, 9, tzinfo=UTC)
TOGETHER, READ_TOGETHER = 50, 1_000
LOOKS, FEW = 100, 5
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


async def store_all(store: Store, papers: Iterator[StreamItem]) -> None:
    """Store the papers in transactions of the usual size."""
    async with store.begin(1) as db:
        await db.sources.add(StreamSourceKind.ARXIV, "cs.LG", (), NOW)
    async with store.read(1) as db:
        asked = [(await db.sources.all())[0].source]
    while part := list(islice(papers, READ_TOGETHER)):
        async with store.admin_session() as admin:
            for start in range(0, len(part), TOGETHER):
                await admin.stream.store(asked, part[start : start + TOGETHER], NOW, oldest=NOW - timedelta(days=400))


async def index_all(store: Store) -> None:
    """Index the words of what is stored."""
    while True:
        async with store.read_admin_session() as admin:
            waiting = await admin.stream_words.waiting(READ_TOGETHER)
        if not waiting:
            return
        async with store.admin_session() as admin:
            await admin.stream_words.add(words_of_entries(waiting))


async def timed(look: Callable[[int], Awaitable[object]], processor: Processor, looks: int) -> list[float]:
    """Milliseconds of the processor for each of the looks; the first ones warm up."""
    found = []
    for number in range(-2, looks):
        began = processor.seconds()
        await look(number)
        found.append((processor.seconds() - began) * 1000)
    return found[2:]


async def fill(store: Store, folder: Path, number: int, processor: Processor) -> list[list[str]]:
    """Store the papers in a new club; the table's rows for it."""
    async with store.admin_session() as admin:
        await admin.directory.create_club("Readers", "UTC", NOW)
    began = processor.seconds()
    await store_all(store, islice(items(folder), number))
    stored = processor.seconds()
    await index_all(store)
    indexed = processor.seconds()
    await store.analyze()
    return [
        ["stored, a paper", f"{(stored - began) * 1000 / number:.2f} ms", ""],
        ["its words indexed", f"{(indexed - stored) * 1000 / number:.2f} ms", ""],
    ]


async def measure(store: Store, folder: Path, processor: Processor) -> list[list[str]]:
    """The table's rows for a filled database."""
    chance = random.Random(5)
    some = list(islice(items(folder), 0, 40_000, 400))
    since = NOW - timedelta(days=7)

    async def find(words: str, **given: Any) -> None:
        async with store.read(1) as db:
            await db.stream_search.find(words, limit=10, **given)

    async def similar(at: int) -> None:
        words = profile(some[at].title, some[at].abstract)
        async with store.read(1) as db:
            entries = await db.stream_search.sharing(distinctive(words))
        most_similar(words, [(entry.id, entry.title, entry.abstract) for entry in entries], 5)

    async def candidates(_: int) -> None:
        async with store.read(1) as db:
            await db.stream.new(since, limit=MOST_PAPERS)

    async def past(_: int) -> None:
        async with store.read(1) as db:
            await db.stream.background(since, limit=MOST_BACKGROUND)

    async def again(at: int) -> None:
        async with store.read(1) as db:
            asked = [(await db.sources.all())[0].source]
        part = list(islice(items(folder), at * TOGETHER + 200, at * TOGETHER + 200 + TOGETHER))
        async with store.admin_session() as admin:
            await admin.stream.store(asked, part, NOW, oldest=NOW - timedelta(days=400))

    async def delete(at: int) -> None:
        async with store.admin_session() as admin:
            await admin.stream.clean_up(NOW - timedelta(days=178 - at))

    words = [" ".join(chance.sample(FREQUENT, 3)) for _ in range(LOOKS)]
    looks: list[tuple[str, int, Callable[[int], Awaitable[object]]]] = [
        ("three frequent words", LOOKS, lambda at: find(words[at])),
        ("a frequent word and an author", LOOKS, lambda at: find("learning", author=some[at].authors[0])),
        ("a frequent word and a category", LOOKS, lambda _: find("learning", categories=("cs.CL",))),
        ("a category and a day, without words", LOOKS, lambda _: find("", categories=("cs.CL",), since=since)),
        ("a rare category without words", LOOKS, lambda _: find("", categories=("econ.TH",))),
        ("similar papers", LOOKS, similar),
        ("candidates of a week, 8,000 at most", FEW, candidates),
        ("12,000 past papers, spread evenly", FEW, past),
        ("50 papers that are stored already", LOOKS, again),
        ("2,000 old papers deleted", FEW, delete),
    ]
    result = []
    for name, number, look in looks:
        found = await timed(look, processor, number)
        result.append([name, f"{percentile(found, 0.5):.1f} ms", f"{percentile(found, 0.95):.1f} ms"])
        print(*result[-1], sep="  ", flush=True)
    return result


async def run(url: str, folder: Path, number: int, *, filled: bool) -> list[list[str]]:
    """Fill the database unless it is, and measure."""
    store = Store.open(url)
    processor = Processor.of(url)
    rows = [] if filled else await fill(store, folder, number, processor)
    rows += await measure(store, folder, processor)
    await store.close()
    return rows


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--papers", type=int, default=500_000)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--url", default="", help="a database that is filled already; old papers are deleted from it")
    options = parser.parse_args()
    if options.url:
        found = asyncio.run(run(options.url, options.data, options.papers, filled=True))
    else:
        with (sqlite if options.database == "sqlite" else postgres)() as url:
            found = asyncio.run(run(url, options.data, options.papers, filled=False))
    print(f"On {machine()}. {options.papers:,} papers, {options.database}.\n")
    print(table(["", "median", "95 %"], found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
