"""Response time of archive pages with 1,000 editions of 10 papers: `python -m benchmarks.archive [EDITIONS]`.

Pages are requested over HTTP on this machine, one after another, on SQLite and on PostgreSQL. "CPU" is the processor
time of server and client together, independent of other load. The first request after a start, which loads the
catalogue of editions, is reported separately, and so is the first request for the statistics, which are then cached for
a minute.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from time import perf_counter, process_time

from aiohttp import ClientSession

from adapters.web.archive import archive
from adapters.web.server import serve, web_app
from benchmarks import databases
from benchmarks.table import machine, table
from benchmarks.years import fill
from bot.app import App, InstallationInfo
from bot.domain.paper_record import PaperRecord
from bot.editions.writing.writer import ExtractiveWriter
from bot.features.registry import all_commands
from bot.store import Store

GOAL = 100.0
"""Milliseconds a page may take."""
ROUNDS = 15
STATISTICS_PAGE = "statistics with three charts"


class UnusedLibrary:
    """A library that is never used: the archive only displays stored data."""

    async def records(self, ids: Sequence[str]) -> dict[str, PaperRecord]:
        """Return no records."""
        return {}

    async def search(
        self, words: str, *, author: str = "", since: datetime | None = None, limit: int = 10
    ) -> list[PaperRecord]:
        """Return no records."""
        return []


def pages(last: int) -> dict[str, str]:
    """Paths to request, by their label in the table."""
    return {
        "front page": "",
        "a year (52 editions)": "/years/2024",
        "an edition": f"/editions/{last // 2}",
        "an edition as e-mail": f"/editions/{last // 2}.mail.html",
        "an edition as BibTeX": f"/editions/{last // 2}.bib",
        "a paper": f"/papers/{last * 5}",
        "all themes": "/themes",
        "the largest theme": "/themes/computer-vision",
        STATISTICS_PAGE: "/statistics",
        "search, one word": "/search?q=transformers",
        "search, four words": "/search?q=large+language+model+reasoning",
        "search, nothing found": "/search?q=zzzz",
        "feed of editions, Atom": "/editions.atom",
        "feed of items, JSON": "/items.json",
        "not modified (304)": "",
    }


@dataclass(frozen=True, slots=True)
class PageTiming:
    """Measurements of a page: size in bytes, first and later response times, and CPU time of a later one, in
    milliseconds."""

    size: int
    first: float
    times: list[float]
    cpu: float


async def measure(url: str, club: int, last: int) -> tuple[float, dict[str, PageTiming]]:
    """Measure the first response time in milliseconds, then each page."""
    store = Store.open(url)
    app = App(
        commands=all_commands,
        store=store,
        paper_source=UnusedLibrary(),
        writer=ExtractiveWriter(),
        installation=InstallationInfo("https://club.test"),
    )
    served = web_app({})
    served.add_routes(archive(app))
    timings: dict[str, PageTiming] = {}
    try:
        async with serve(served) as address, ClientSession() as client:
            root = f"{address.url}/clubs/{club}"
            first, _, tag = await _ask(client, root)
            for name, path in pages(last).items():
                known = {"If-None-Match": tag} if "304" in name else {}
                once, size, _ = await _ask(client, root + path, known)
                before = process_time()
                times = [(await _ask(client, root + path, known))[0] for _ in range(ROUNDS)]
                timings[name] = PageTiming(size, once, times, (process_time() - before) * 1000 / ROUNDS)
    finally:
        await store.close()
    return first, timings


async def _ask(client: ClientSession, url: str, headers: dict[str, str] | None = None) -> tuple[float, int, str]:
    start = perf_counter()
    async with client.get(url, headers=headers) as answer:
        body = await answer.read()
        assert answer.status in (200, 304), url
    return (perf_counter() - start) * 1000, len(body), answer.headers["ETag"]


def main(editions: int) -> None:
    """Print the table."""
    logging.disable(logging.INFO)
    found = {}
    kinds: dict[str, AbstractContextManager[str]] = {"SQLite": databases.sqlite(), "PostgreSQL": databases.postgres()}
    for name, opened in kinds.items():
        with opened as url:
            club = fill(url, editions=editions)
            found[name] = asyncio.run(measure(url, club, editions))
    print(f"{machine()}; {editions:,} editions, {editions * 10:,} papers")
    head = ("page", "KB", *(f"{name}, {what}" for name in found for what in ("median", "CPU")), f"≤ {GOAL:g} ms")
    rows = []
    for name in pages(editions):
        measured = [by_page[name] for _, by_page in found.values()]
        figures = [f"{figure:.0f} ms" for taken in measured for figure in (median(taken.times), taken.cpu)]
        verdict = "yes" if all(median(taken.times) <= GOAL for taken in measured) else "no"
        rows.append((name, f"{measured[0].size / 1024:.0f}", *figures, verdict))
    print(table(head, rows))
    for name, (first, by_page) in found.items():
        counted = by_page[STATISTICS_PAGE].first
        print(f"On {name} the first request after a start took {first / 1000:.1f} s, the first count {counted:.0f} ms.")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
