"""A process of low priority that ranks new papers, so that neither requests nor posts wait for it."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from threading import Thread
from types import TracebackType
from typing import Self

from bot.recommender.ranking import Ranking, rank_with_weights, weights_serve
from bot.recommender.values import StreamPaper, Taste

NICENESS = 10


class ProcessRanker:
    """Ranks in a process of its own, which is started at the first use. Close it, or use it as `with`."""

    def __init__(self, folder: Path) -> None:
        """`folder` is where what was learned is kept, one file a club; it is made if it is missing."""
        self._folder = folder
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the process and abandon a ranking in progress."""
        if self._pool:
            processes = list((getattr(self._pool, "_processes", None) or {}).values())
            self._pool.shutdown(wait=False, cancel_futures=True)
            for process in processes:
                with suppress(ValueError):
                    process.terminate()
            self._pool = None

    async def rank(
        self, papers: Sequence[StreamPaper], taste: Taste, *, now: datetime, limit: int, club_id: int
    ) -> Ranking:
        """The papers that the club would choose first, best first. Raises BrokenProcessPool if the process died."""
        if self._pool is None:
            context = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(1, mp_context=context, initializer=begin_worker)
        path = self._path(club_id)
        work = partial(_rank, tuple(papers), taste, now, limit, path)
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, work)
        except BrokenProcessPool:
            self.close()
            raise

    def learns_anew(self, club_id: int, now: datetime) -> bool:
        """True if there are no weights of the club that serve."""
        return not weights_serve(self._path(club_id), now)

    def _path(self, club_id: int) -> Path:
        return self._folder / f"club-{club_id}.weights"


def _rank(papers: Sequence[StreamPaper], taste: Taste, now: datetime, limit: int, path: Path) -> Ranking:
    path.parent.mkdir(parents=True, exist_ok=True)
    return rank_with_weights(papers, taste, now=now, limit=limit, path=path)


def begin_worker() -> None:
    """Lower the priority of this process, and have it end with the program: one that is killed cannot close it."""
    with suppress(OSError):
        os.nice(NICENESS)
    Thread(target=_end_with_the_program, daemon=True).start()


def _end_with_the_program() -> None:
    if program := multiprocessing.parent_process():
        program.join()
        os._exit(0)
