"""Writing about many papers in time: some at once, and all of them by the deadline."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

from bot.domain.summary_values import SummarySource, WrittenSummary

Write = Callable[[SummarySource], Awaitable[WrittenSummary]]
"""Writes about one paper, such as `Writer.write`."""

Progress = Callable[[int, int], Awaitable[None]]
"""Callback with the number of finished summaries and the total."""


async def write_all(
    write: Write,
    sources: Sequence[SummarySource],
    *,
    fallback: Write,
    parallel: int,
    deadline: timedelta,
    progress: Progress | None = None,
) -> list[WrittenSummary]:
    """Write summaries of all sources, `parallel` at a time; the result is in the order of the sources.

    Sources that are unfinished at `deadline` are written by `rest`, which must be fast (the extractive writer).
    `progress` is called after each summary. Cancelling the call cancels all running tasks.
    """
    done: dict[int, WrittenSummary] = {}
    pending = iter(enumerate(sources))

    async def keep(index: int, written: WrittenSummary) -> None:
        done[index] = written
        if progress:
            await progress(len(done), len(sources))

    async def work() -> None:
        for index, source in pending:
            await keep(index, await write(source))

    try:
        async with asyncio.timeout(deadline.total_seconds()), asyncio.TaskGroup() as group:
            for _ in range(min(parallel, len(sources))):
                group.create_task(work())
    except TimeoutError:
        for index, source in enumerate(sources):
            if index not in done:
                await keep(index, await fallback(source))
    return [done[index] for index in range(len(sources))]
