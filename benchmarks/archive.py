"""How long a page of the archive takes with 1,000 editions of 10 papers: `python -m benchmarks.archive [EDITIONS]`.

Asked for over HTTP on this machine, one after the other, on SQLite and on PostgreSQL. "First" is the first request
after a start, when the catalogue of all editions is read; every other figure is of a server that has been asked before.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager
from statistics import median
from time import perf_counter

from aiohttp import ClientSession

from adapters.web.app import serve, web_app
from adapters.web.archive import archive
from benchmarks import databases
from benchmarks.table import machine, percentile, table
from benchmarks.years import fill
from bot.app import App, Home
from bot.domain.records import Record
from bot.editions.writing.writer import ExtractiveWriter
from bot.features import commands
from bot.store import Store

GOAL = 100.0
"""Milliseconds a page may take."""
ROUNDS = 15


class Nobody:
    """A library that is never asked: the archive shows what is kept."""

    async def records(self, ids: Sequence[str]) -> dict[str, Record]:
        """Nothing."""
        return {}

    async def search(self, words: str, *, limit: int = 10) -> list[Record]:
        """Nothing."""
        return []


def pages(last: int) -> dict[str, str]:
    """What is asked for, by what it is called in the table."""
    return {
        "front page": "",
        "a year (52 editions)": "/years/2024",
        "an edition": f"/editions/{last // 2}",
        "an edition as e-mail": f"/editions/{last // 2}.mail.html",
        "an edition as BibTeX": f"/editions/{last // 2}.bib",
        "a paper": f"/papers/{last * 5}",
        "all themes": "/themes",
        "the largest theme": "/themes/computer-vision",
        "statistics with three charts": "/statistics",
        "search, one word": "/search?q=transformers",
        "search, four words": "/search?q=large+language+model+reasoning",
        "search, nothing found": "/search?q=zzzz",
        "feed of editions, Atom": "/editions.atom",
        "feed of items, JSON": "/items.json",
        "not modified (304)": "",
    }


async def measure(url: str, club: int, last: int) -> tuple[float, dict[str, tuple[int, list[float]]]]:
    """The first request, then for each page its bytes and how long it took each time, in milliseconds."""
    store = Store.open(url)
    app = App(
        commands=commands, store=store, library=Nobody(), writer=ExtractiveWriter(), home=Home("https://club.test")
    )
    served = web_app({})
    served.add_routes(archive(app))
    found: dict[str, tuple[int, list[float]]] = {}
    try:
        async with serve(served) as address, ClientSession() as client:
            root = f"{address.url}/clubs/{club}"
            first, _, tag = await _ask(client, root)
            for name, path in pages(last).items():
                known = {"If-None-Match": tag} if "304" in name else {}
                times, size = [], 0
                for _ in range(ROUNDS + 1):
                    taken, size, _ = await _ask(client, root + path, known)
                    times.append(taken)
                found[name] = size, times[1:]
    finally:
        await store.close()
    return first, found


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
    head = ("page", "KB", *(f"{name}, {what}" for name in found for what in ("median", "worst")), f"≤ {GOAL:g} ms")
    rows = []
    for name in pages(editions):
        measured = [by_page[name] for _, by_page in found.values()]
        times = [f"{figure(taken):.1f} ms" for _, taken in measured for figure in (median, max)]
        verdict = "yes" if all(percentile(taken, 0.95) <= GOAL for _, taken in measured) else "no"
        rows.append((name, f"{measured[0][0] / 1024:.0f}", *times, verdict))
    print(table(head, rows))
    firsts = ", ".join(f"{first / 1000:.2f} s on {name}" for name, (first, _) in found.items())
    print(f"\nFirst request after a start: {firsts}.")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
