"""Time to write an edition: `python -m benchmarks.writing`.

A club drafts an edition of thirty recorded papers with a model that takes two seconds a call, eight in parallel, on a
local server (`tests.llm_server`), compared with the ideal: four rounds of two seconds. Then it drafts the same edition
again, with a model that reads its texts a second time, and once more extractively. All work of the club is included:
the command, the checks, the database.
"""

from __future__ import annotations

import asyncio
import logging
from math import ceil
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from benchmarks.table import machine, table
from bot.domain.summary_values import Passage, SummarySource
from bot.editions.model.document import Document, from_json
from bot.editions.writing.budget import BudgetedWriter, Prices
from bot.editions.writing.writer import CheckedModelWriter, ExtractiveWriter
from bot.sources.llm import ModelClient
from bot.sources.llm.second_reading import SecondReader
from bot.sources.recorded_arxiv import recorded_papers
from tests.llm_server import LlmServer
from tests.stand_ins import Harness, open_harness

PAPERS, PARALLEL, SECONDS = 30, 8, 2.0
GOAL = 1.25
CLUB = 1


FIRST = "Reading lists grow faster than readers read. We introduce Shelf, a way to order them. It saves much time."


async def no_spending(club: int) -> tuple[float, float]:
    """Return no costs."""
    return 0.0, 0.0


async def measure() -> None:
    """Draft four times and print one table."""
    with TemporaryDirectory() as folder:
        async with LlmServer() as server:
            model = ModelClient(api_key="none", model="local", base_url=server.url)
            careful = CheckedModelWriter(model, ExtractiveWriter())
            writer = BudgetedWriter(careful, ExtractiveWriter(), no_spending, Prices(), PARALLEL)
            async with open_harness(Path(folder), writer=writer) as club:
                await _submit_papers(club)
                await careful.write(
                    SummarySource("arxiv:1", 1, "Shelves", (Passage("abstract", FIRST),))
                )  # loads the client library, once in the life of the program
                server.ledger.clear()
                server.delay = SECONDS
                rows = [
                    ("a model", *await _draft_edition(club, server)),
                    ("a model, again", *await _draft_edition(club, server)),
                ]
                reading = CheckedModelWriter(model, ExtractiveWriter(), reader=SecondReader(model))
                club.change(writer=BudgetedWriter(reading, ExtractiveWriter(), no_spending, Prices(), PARALLEL))
                rows.append(("a model that reads its texts again", *await _draft_edition(club, server)))
                await club.say("Root", "/clubadmin settings writer extractive", admin=True)
                rows.append(("the papers' own sentences", *await _draft_edition(club, server)))
            await model.aclose()
    ideal = ceil(PAPERS / PARALLEL) * SECONDS
    head = (f"{PAPERS} papers written by", "calls", "at once", "seconds", "ideal", "times the ideal", "goal")
    print(machine())
    print(
        table(
            head,
            [
                (*rows[0], f"{ideal:.1f}", f"{float(rows[0][3]) / ideal:.2f}", GOAL),
                (*rows[1], "", "", "no call"),
                (*rows[2], f"{2 * ideal:.1f}", f"{float(rows[2][3]) / ideal / 2:.2f}", GOAL),
                (*rows[3], "", "", "under 2 s"),
            ],
        )
    )


async def _submit_papers(club: Harness) -> None:
    """Create the club and submit thirty papers."""
    await club.say("Root", "/clubadmin setup papers=papers digest=digest moderators=mods", admin=True)
    await club.say("Root", f"/clubadmin settings items {PAPERS}", admin=True)
    papers = [record for record in recorded_papers() if len(record.abstract) > 600][:PAPERS]
    for place, paper in enumerate(papers):
        said = await club.say(f"Reader {place % 10}", f"/paper submit {paper.arxiv_id}")
        assert not said.failed, said.card


async def _draft_edition(club: Harness, server: LlmServer) -> tuple[int, int, str]:
    """Draft the edition; return the number of model calls, the maximum in parallel, and the seconds it took."""
    before, server.most_at_once = len(server.ledger), 0
    began = perf_counter()
    said = await club.say("Mo", "/edition draft", moderator=True)
    took = perf_counter() - began
    assert not said.failed, said.card
    document = await _document(club)
    assert len(document.items) == PAPERS
    assert all(item.why for item in document.items)
    return len(server.ledger) - before, server.most_at_once, f"{took:.2f}"


async def _document(club: Harness) -> Document:
    async with club.app.store.read(CLUB) as db:
        edition = await db.editions.current()
    assert edition is not None
    return from_json(edition.document)


if __name__ == "__main__":
    logging.disable(logging.INFO)
    asyncio.run(measure())
