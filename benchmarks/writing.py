"""How long writing an edition takes: `python -m benchmarks.writing`.

Thirty recorded papers with a model that takes two seconds a call, eight at a time, on a server of this machine
(`tests.llm_server`), beside the ideal: four rounds of two seconds and no time for anything else. And thirty papers in
their own sentences.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from math import ceil
from time import perf_counter

from bot.domain.summaries import Passage, Source
from bot.editions.writing.batch import write_all
from bot.editions.writing.writer import CarefulWriter, ExtractiveWriter
from bot.sources.llm import Model
from bot.sources.recorded import records
from tests.llm_server import LlmServer

PAPERS, PARALLEL, SECONDS = 30, 8, 2.0


async def measure() -> None:
    """Write thirty papers both ways and print one table."""
    papers = [record for record in records() if len(record.abstract) > 600][:PAPERS]
    sources = [Source(paper.key, 1, paper.title, (Passage("abstract", paper.abstract),)) for paper in papers]
    extractive = ExtractiveWriter()
    began = perf_counter()
    for source in sources:
        await extractive.write(source)
    extracted = perf_counter() - began
    async with LlmServer() as server:
        model = Model(api_key="none", model="local", base_url=server.url)
        writer = CarefulWriter(model, extractive)
        await writer.write(sources[0])  # loads the client library, once in the life of the program
        server.ledger.clear()
        server.delay = SECONDS
        began = perf_counter()
        texts = await write_all(writer, sources, rest=extractive, parallel=PARALLEL, deadline=timedelta(minutes=5))
        took = perf_counter() - began
        calls = len(server.ledger)
        await model.aclose()
    ideal = ceil(PAPERS / PARALLEL) * SECONDS
    by_model = sum(text.writer == "local" for text in texts)
    print("| thirty papers | seconds | ideal | times the ideal | goal |\n|---|---|---|---|---|")
    by = f"by a model, {by_model} of {PAPERS} in {calls} calls"
    print(f"| {by} | {took:.1f} | {ideal:.1f} | {took / ideal:.2f} | 1.25 |")
    print(f"| extractive | {extracted:.2f} | | | under 2 s |")


if __name__ == "__main__":
    asyncio.run(measure())
