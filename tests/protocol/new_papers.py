"""Local hosts of new papers for the real program: arXiv with a recorded week, Hugging Face's lists, Crossref, bioRxiv.

The week is dated to the days before now, and its last day is announced when a test says so.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.domain.paper_record import PaperRecord
from bot.sources.recorded_arxiv import RecordedArxiv, recorded_papers
from tests.protocol.program import stamp, write
from tests.sources.stream.recorded import recorded_week

ANNOUNCED, NEXT = datetime(2025, 12, 2, 1, tzinfo=UTC), datetime(2025, 12, 3, 1, tzinfo=UTC)
"""Times of the recorded week: all up to the first is there from the start, what follows up to the other is the next
day's."""
MEMORY, MEMORY_TITLE = "2511.21726", "Goal-Directed Search"
"""A paper of an earlier day that the club picks, and the beginning of its title."""
ESG, CLOSE_TO_ESG = "2511.21712", "EvalCards"
"""A new paper, and the beginning of the title of the one most like it."""
ISSN, ARTICLE = "0028-0836", "A journal article on the memory of agents"
PREPRINT = "Made-up neurons that remember"


class AnnouncingArxiv(RecordedArxiv):
    """arXiv with the recorded papers and a week of new ones."""

    def __init__(self) -> None:
        super().__init__((*recorded_papers(), *_dated(None, ANNOUNCED)))

    def announce(self) -> int:
        """Announce the papers of the next day. Returns how many of them are in cs.CL."""
        new = list(_dated(ANNOUNCED, NEXT))
        self._papers |= {paper.arxiv_id: paper for paper in new}
        return sum("cs.CL" in paper.categories for paper in new)


def _dated(after: datetime | None, until: datetime) -> Iterator[PaperRecord]:
    """The papers announced in a part of the recorded week, as if its present had been an hour ago."""
    later = datetime.now(UTC) - timedelta(hours=1) - ANNOUNCED
    for at, record in recorded_week():
        if at <= until and (after is None or at > after) and record.published:
            moment = min(record.published + later, datetime.now(UTC) - timedelta(minutes=5))
            yield replace(record, published=moment, updated=moment)


@dataclass(slots=True)
class NewPapers:
    """The local hosts, and the settings that lead to them."""

    arxiv: AnnouncingArxiv
    settings: dict[str, Any]
    voted: PaperRecord
    """Paper of arXiv's week that has 41 votes at Hugging Face."""


@asynccontextmanager
async def new_papers() -> AsyncIterator[NewPapers]:
    """The hosts, as long as they are needed."""
    yesterday = f"{datetime.now(UTC) - timedelta(days=1):%Y-%m-%d}"
    voted = next(paper for paper in _dated(None, ANNOUNCED) if "Procedural Memory" in paper.title)

    async def daily_papers(request: web.Request) -> web.Response:
        paper = {"id": voted.arxiv_id, "title": voted.title, "summary": voted.abstract, "upvotes": 41}
        there = request.query["date"] == yesterday
        return web.json_response([{"paper": paper | {"publishedAt": f"{yesterday}T00:00:00.000Z"}}] if there else [])

    async def journal(request: web.Request) -> web.Response:
        if request.match_info["issn"] != ISSN:
            return web.Response(status=404, text="Resource not found.")
        return web.json_response({"message-type": "work-list", "message": {"total-results": 1, "items": [_article()]}})

    async def work(request: web.Request) -> web.Response:
        return web.json_response({"message-type": "work", "message": _article()})

    async def preprints(request: web.Request) -> web.Response:
        day = request.match_info["first"]
        rows = [_preprint(day)] if day == yesterday else []
        return web.json_response({"messages": [{"status": "ok", "total": len(rows)}], "collection": rows})

    app = web.Application()
    app.router.add_get("/api/daily_papers", daily_papers)
    app.router.add_get("/journals/{issn}/works", journal)
    app.router.add_get("/works/{doi:.+}", work)
    app.router.add_get("/details/{server}/{first}/{last}/{read}", preprints)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        base = f"http://127.0.0.1:{runner.addresses[0][1]}"
        async with AnnouncingArxiv() as arxiv:
            settings = {
                "ARXIV__BASE_URL": arxiv.url,
                "STREAM__HUGGINGFACE_URL": base,
                "STREAM__BIORXIV_URL": base,
                "CROSSREF__ENABLED": "yes",
                "CROSSREF__BASE_URL": base,
            }
            yield NewPapers(arxiv, settings, voted)
    finally:
        await runner.cleanup()


def _article() -> dict[str, object]:
    today = datetime.now(UTC)
    date = {"date-parts": [[today.year, today.month, today.day]]}
    return {
        "DOI": "10.1000/example.1", "type": "journal-article", "title": [ARTICLE], "created": date, "published": date,
        "author": [{"given": "Ann", "family": "Example"}], "abstract": "<jats:p>Made up.</jats:p>",
        "container-title": ["Journal of Examples"], "URL": "https://doi.org/10.1000/example.1",
    }  # fmt: skip


def _preprint(day: str) -> dict[str, object]:
    return {
        "title": PREPRINT, "authors": "Example, A.; Sample, B.", "doi": "10.1101/2025.12.01.000001", "date": day,
        "version": "1", "category": "neuroscience", "abstract": "Made up.",
    }  # fmt: skip


def noon_zone() -> str:
    """A time zone in which it is around noon now, so that a morning's post is due on whatever hour the tests run."""
    offset = 12 - datetime.now(UTC).hour
    return "Etc/GMT" if not offset else f"Etc/GMT{-offset:+d}"


def pass_a_day(database: Path) -> None:
    """Let a day pass for the stopped program: what it read, ranked and posted was a day ago."""
    yesterday = datetime.now(UTC) - timedelta(days=1)
    now = stamp(datetime.now(UTC))
    write(database, "UPDATE stream_source SET read_until = ?, next_at = ?", stamp(yesterday), now)
    write(database, "UPDATE shortlist_run SET at = ?", stamp(yesterday))
    write(database, "UPDATE shortlist_post SET period = ? || id", "before ")
