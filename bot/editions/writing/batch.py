"""Writing about many papers in time: some at once, and all of them by the deadline."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

from bot.domain.summary_values import SummarySource, WrittenSummary

Write = Callable[[SummarySource], Awaitable[WrittenSummary]]
"""Writes about one paper, such as `Writer.write`."""

Progress = Callable[[int, int], Awaitable[None]]
"""Told how many are written, and of how many."""


async def write_all(
    write: Write,
    sources: Sequence[SummarySource],
    *,
    rest: Write,
    parallel: int,
    deadline: timedelta,
    progress: Progress | None = None,
) -> list[WrittenSummary]:
    """Write about every source, `parallel` at a time, in the order of the sources.

    What is not written when `deadline` has passed is written by `rest`, which must be quick: the extractive writer.
    `progress` is told after each. Cancelling ends all that is under way.
    """
    done: dict[int, WrittenSummary] = {}
    waiting = iter(enumerate(sources))

    async def keep(place: int, written: WrittenSummary) -> None:
        done[place] = written
        if progress:
            await progress(len(done), len(sources))

    async def work() -> None:
        for place, source in waiting:
            await keep(place, await write(source))

    try:
        async with asyncio.timeout(deadline.total_seconds()), asyncio.TaskGroup() as group:
            for _ in range(min(parallel, len(sources))):
                group.create_task(work())
    except TimeoutError:
        for place, source in enumerate(sources):
            if place not in done:
                await keep(place, await rest(source))
    return [done[place] for place in range(len(sources))]
