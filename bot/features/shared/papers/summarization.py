"""Summaries of papers, by the club's writer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from bot.app import App
from bot.domain.club_settings import ClubSettings
from bot.domain.models import Club, Paper
from bot.domain.summary_values import SummarySource, WrittenSummary
from bot.editions.verification.paper_links import without_dead_links
from bot.features.shared.papers import full_text
from bot.features.shared.papers.full_text import FullTextReader, summary_source
from bot.ports import Writer
from bot.store.database.outage import write_until_stored

MAX_PARALLEL = 64
"""Maximum number of papers handed to the writer at a time. The writer limits its requests to a model itself."""


WAIT = 30.0
"""Seconds that a written text waits for a database that is away."""
DEADLINE = timedelta(minutes=8)
"""Time limit for writing one edition; then the abstract's sentences take the place of missing summaries."""


def writer_of(app: App, club: Club) -> Writer | None:
    """Writer of a club, by its settings; None if its members want no summaries."""
    rules = ClubSettings.of(club.settings)
    if rules.writer in ("abstract", "nobody"):
        return None
    if rules.writer == "auto":
        return app.writer.for_club(club.id)
    from bot.editions.writing.writer import ExtractiveWriter  # loaded on use: its word lists are large

    return ExtractiveWriter(now=app.now)


async def write_summaries(
    app: App, club: Club, papers: Sequence[Paper], *, refresh: bool = False, time_limit: timedelta | None = None
) -> AsyncIterator[tuple[int, WrittenSummary]]:
    """Summaries of these papers, by the paper's ID, as they are ready: stored ones first.

    With `refresh`, stored ones are written again. After `time_limit` the abstract's sentences take the place of missing
    ones. Each is stored at once, so that an interrupted draft pays for nothing twice. Papers without an abstract are
    left out.
    """
    writer = writer_of(app, club)
    if writer is None:
        return
    stored = {} if refresh else await stored_summaries(app, club, writer, papers)
    for paper_id, written in stored.items():
        yield paper_id, written
    missing = [paper for paper in papers if paper.abstract and paper.id not in stored]
    results: asyncio.Queue[tuple[int, WrittenSummary] | None] = asyncio.Queue()
    writing = asyncio.create_task(_write(app, club, writer, missing, results, time_limit or DEADLINE))
    try:
        while (result := await results.get()) is not None:
            yield result
        await writing
    finally:
        writing.cancel()


async def _write(
    app: App,
    club: Club,
    writer: Writer,
    papers: Sequence[Paper],
    results: asyncio.Queue[tuple[int, WrittenSummary] | None],
    time_limit: timedelta,
) -> None:
    """Write all summaries, and put each into `results` once stored; None follows the last, also after an error."""
    from bot.editions.writing.batch import write_all
    from bot.editions.writing.writer import ExtractiveWriter

    reader = FullTextReader(app, club) if writer.name else None

    def storing(inner: Writer, reader: FullTextReader | None = None) -> StoringWriter:
        return StoringWriter(app, club, inner, {paper.key: paper for paper in papers}, results, reader, writer.name)

    try:
        await write_all(
            storing(writer, reader).write,
            [summary_source(paper) for paper in papers],
            fallback=storing(ExtractiveWriter(now=app.now)).write,
            parallel=MAX_PARALLEL,
            deadline=time_limit,
        )
    finally:
        results.put_nowait(None)


@dataclass(frozen=True, slots=True)
class StoringWriter:
    """A writer that stores each text and puts it into `results`.

    With a reader it uses full texts, if they are available.
    """

    app: App
    club: Club
    inner: Writer
    papers: Mapping[str, Paper]
    results: asyncio.Queue[tuple[int, WrittenSummary] | None]
    reader: FullTextReader | None = None
    model: str = ""
    """Name of the requested model; empty if none is."""

    async def write(self, source: SummarySource) -> WrittenSummary:
        """Summary by the inner writer, stored."""
        paper = self.papers[source.key]
        if self.reader:
            source = await self.reader.source(paper)
        written = await self.inner.write(source)
        if self.app.link_checker:
            written = await without_dead_links(written, self.app.link_checker)
        store = partial(self._store, paper, source, written, self.app.now())
        await write_until_stored(f"the summary of {source.key}", store, within=WAIT)
        if self.model and written.writer != self.model:
            self.app.metrics.llm_fallback(next((check.name for check in written.checks if not check.passed), "late"))
        self.results.put_nowait((paper.id, written))
        return written

    async def _store(self, paper: Paper, source: SummarySource, written: WrittenSummary, now: datetime) -> None:
        """Keep a text with what it has cost, so that it is paid for once."""
        async with self.app.store.begin(self.club.id) as db:
            await db.summaries.save(
                paper.id,
                paper.version,
                writer=written.writer,
                prompt=written.prompt,
                digest=source.digest,
                body=written.to_json(),
                now=now,
            )
            if written.tokens_in or written.tokens_out:
                cost = self.inner.cost(written.tokens_in, written.tokens_out) or 0.0
                await db.spending_log.add(
                    paper.id,
                    now,
                    model=self.inner.name or written.writer,
                    tokens_in=written.tokens_in,
                    tokens_out=written.tokens_out,
                    cost=cost,
                )


async def stored_summaries(
    app: App, club: Club, writer: Writer, papers: Sequence[Paper]
) -> Mapping[int, WrittenSummary]:
    """Stored summaries by this writer of these very texts; none of a writer without a name, which is free.

    A summary of the full text comes first, then one of the abstract.
    """
    if not writer.name:
        return {}
    with_abstract = [paper for paper in papers if paper.abstract]
    full_texts = await full_text.stored_passages(app, club.id, with_abstract)
    digests = {
        paper.id: [
            summary_source(paper, passages).digest
            for passages in ((full_texts[paper.id].passages, ()) if paper.id in full_texts else ((),))
        ]
        for paper in with_abstract
    }
    async with app.store.read(club.id) as db:
        summaries = await db.summaries.find(
            digests, writer=writer.name, prompt=writer.prompt, digests={d for of in digests.values() for d in of}
        )
    found = ((id, next((summaries[id, d] for d in of if (id, d) in summaries), None)) for id, of in digests.items())
    return {id: WrittenSummary.from_json(body) for id, body in found if body is not None}
