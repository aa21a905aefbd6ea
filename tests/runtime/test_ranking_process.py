"""The ranking process gives the list that this process would give, and ends with the program."""

from __future__ import annotations

import asyncio
import os
import sys
from concurrent.futures.process import BrokenProcessPool
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.app import ThreadRanker
from bot.recommender.values import StreamPaper, Taste
from bot.runtime.ranking_process import ProcessRanker
from tests.sources.stream.recorded import recorded_week

NOW = datetime(2025, 12, 1, 9, tzinfo=UTC)
ROOT = str(Path(__file__).parents[2])


def papers() -> list[StreamPaper]:
    return [
        StreamPaper(record.key, record.title, record.abstract, record.authors, record.categories, at)
        for at, record in recorded_week()[:40]
    ]


async def test_the_process_ranks_as_a_thread_does_while_the_program_goes_on(tmp_path: Path) -> None:
    first, *others = papers()
    taste = Taste(picked=(first,))
    with ProcessRanker(tmp_path / "shortlist") as ranker:
        ranking = asyncio.create_task(ranker.rank(others, taste, now=NOW, limit=5, club_id=1))
        turns = 0
        while not ranking.done():
            await asyncio.sleep(0.01)
            turns += 1
        assert turns > 3, "the event loop turned meanwhile"
        here = await ThreadRanker().rank(others, taste, now=NOW, limit=5, club_id=1)
        assert (await ranking).papers == here.papers
        pool = ranker._pool
        assert pool is not None
        (process,) = pool._processes.values()
    await asyncio.to_thread(process.join)
    with pytest.raises(ProcessLookupError):  # `is_alive` is mistaken where the pool has reaped it first
        os.kill(process.pid or 0, 0)


PROGRAM = """
import asyncio, sys
from pathlib import Path
from tests.runtime.test_ranking_process import NOW, papers
from bot.runtime.ranking_process import ProcessRanker
from bot.recommender.values import Taste

async def main():
    ranker = ProcessRanker(Path(sys.argv[1]))
    await ranker.rank(papers()[:3], Taste(), now=NOW, limit=5, club_id=1)
    print("ranked", flush=True)
    await asyncio.sleep(600)

if __name__ == "__main__":
    asyncio.run(main())
"""


async def test_the_process_ends_with_a_program_that_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "program.py"
    script.write_text(PROGRAM, "utf-8")
    program = await asyncio.create_subprocess_exec(
        sys.executable, script, tmp_path, stdout=asyncio.subprocess.PIPE, env=os.environ | {"PYTHONPATH": ROOT}
    )
    assert program.stdout is not None
    assert await program.stdout.readline() == b"ranked\n"
    program.kill()
    async with asyncio.timeout(20):
        assert await program.stdout.read() == b"", "nobody holds its output any more"
    await program.wait()


async def test_a_process_that_dies_is_started_again(tmp_path: Path) -> None:
    with ProcessRanker(tmp_path) as ranker:
        await ranker.rank(papers()[:3], Taste(), now=NOW, limit=5, club_id=1)
        pool = ranker._pool
        assert pool is not None
        for process in pool._processes.values():
            process.kill()
            await asyncio.to_thread(process.join)
        with pytest.raises(BrokenProcessPool):
            await ranker.rank(papers()[:3], Taste(), now=NOW, limit=5, club_id=1)
        assert len((await ranker.rank(papers()[:3], Taste(), now=NOW, limit=5, club_id=1)).papers) == 3
