"""What is said about one paper: by the writer, with where it comes from, or by its authors in the abstract."""

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
from bot.features.shared import full_text
from bot.features.shared.full_text import FullTextReader, source_of
from bot.ports import Writer
from bot.store.database.outage import write_until_stored

AT_ONCE = 64
"""Papers handed to the writer at a time. How many of them a model is asked about at once is the writer's own limit."""


WAIT = 30.0
"""Seconds that a written text waits for a database that is away."""
DEADLINE = timedelta(minutes=8)
"""How long the writing of one edition may take: what a model has not written by then is the abstract's sentences."""


def writer_of(app: App, club: Club) -> Writer | None:
    """Who writes for a club: as its settings say; None where its members want the abstracts alone."""
    rules = ClubSettings.of(club.settings)
    if rules.writer == "abstract":
        return None
    if rules.writer == "auto":
        return app.writer.for_club(club.id)
    from bot.editions.writing.writer import ExtractiveWriter  # its word lists are loaded by who needs them

    return ExtractiveWriter(now=app.now)


async def write_summaries(
    app: App, club: Club, papers: Sequence[Paper], *, anew: bool = False, within: timedelta | None = None
) -> AsyncIterator[tuple[int, WrittenSummary]]:
    """What is written about each of these papers, by the paper's row, as it is ready: what is kept already first.

    `anew` asks the writer again for what is kept. What is not written `within` this time is the abstract's sentences.
    Each is kept as soon as it is written, so that a draft that is cut off pays for nothing twice. Papers without an
    abstract are left out.
    """
    writer = writer_of(app, club)
    if writer is None:
        return
    known = {} if anew else await _stored_summaries(app, club, writer, papers)
    for paper_id, written in known.items():
        yield paper_id, written
    missing = [paper for paper in papers if paper.abstract and paper.id not in known]
    told: asyncio.Queue[tuple[int, WrittenSummary] | None] = asyncio.Queue()
    writing = asyncio.create_task(_write(app, club, writer, missing, told, within or DEADLINE))
    try:
        while (one := await told.get()) is not None:
            yield one
        await writing
    finally:
        writing.cancel()


async def _write(
    app: App,
    club: Club,
    writer: Writer,
    papers: Sequence[Paper],
    told: asyncio.Queue[tuple[int, WrittenSummary] | None],
    within: timedelta,
) -> None:
    """Have all of them written, each kept and told as it is ready; None is told at the end, however it came."""
    from bot.editions.writing.batch import write_all
    from bot.editions.writing.writer import ExtractiveWriter

    reader = FullTextReader(app, club) if writer.name else None

    def keeping(inner: Writer, reader: FullTextReader | None = None) -> StoringWriter:
        return StoringWriter(app, club, inner, {paper.key: paper for paper in papers}, told, reader, writer.name)

    try:
        await write_all(
            keeping(writer, reader).write,
            [source_of(paper) for paper in papers],
            rest=keeping(ExtractiveWriter(now=app.now)).write,
            parallel=AT_ONCE,
            deadline=within,
        )
    finally:
        told.put_nowait(None)


@dataclass(frozen=True, slots=True)
class StoringWriter:
    """A writer whose texts are kept in the store, and told, as soon as they are written.

    With a reader it writes from whole papers, where they can be had.
    """

    app: App
    club: Club
    inner: Writer
    papers: Mapping[str, Paper]
    told: asyncio.Queue[tuple[int, WrittenSummary] | None]
    reader: FullTextReader | None = None
    asked: str = ""
    """The name of the model that is to write; empty where none is asked."""

    async def write(self, source: SummarySource) -> WrittenSummary:
        """What the inner writer makes of it."""
        paper = self.papers[source.key]
        if self.reader:
            source = await self.reader.source(paper)
        written = await self.inner.write(source)
        if self.app.link_checker:
            written = await without_dead_links(written, self.app.link_checker)
        store = partial(self._store, paper, source, written, self.app.now())
        await write_until_stored(f"the summary of {source.key}", store, within=WAIT)
        if self.asked and written.writer != self.asked:
            self.app.metrics.llm_fallback(next((check.name for check in written.checks if not check.passed), "late"))
        self.told.put_nowait((paper.id, written))
        return written

    async def _store(self, paper: Paper, source: SummarySource, written: WrittenSummary, now: datetime) -> None:
        """Keep a text with what it has cost, so that it is paid for once."""
        async with self.app.store.begin(self.club.id) as db:
            await db.summaries.keep(
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
                await db.spendings.note(
                    paper.id,
                    now,
                    model=self.inner.name or written.writer,
                    tokens_in=written.tokens_in,
                    tokens_out=written.tokens_out,
                    cost=cost,
                )


async def _stored_summaries(
    app: App, club: Club, writer: Writer, papers: Sequence[Paper]
) -> Mapping[int, WrittenSummary]:
    """What this writer has made of these very texts already. One without a name is free, and is asked anew.

    What was made of the whole paper comes first, then what was made of its abstract when there was no more to be had.
    """
    if not writer.name:
        return {}
    with_abstract = [paper for paper in papers if paper.abstract]
    whole = await full_text.stored_passages(app, club.id, with_abstract)
    digests = {
        paper.id: [
            source_of(paper, passages).digest
            for passages in ((whole[paper.id].passages, ()) if paper.id in whole else ((),))
        ]
        for paper in with_abstract
    }
    async with app.store.read(club.id) as db:
        made = await db.summaries.written(
            digests, writer=writer.name, prompt=writer.prompt, digests={d for of in digests.values() for d in of}
        )
    found = ((id, next((made[id, d] for d in of if (id, d) in made), None)) for id, of in digests.items())
    return {id: WrittenSummary.from_json(body) for id, body in found if body is not None}
