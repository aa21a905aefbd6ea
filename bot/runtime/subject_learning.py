"""Words of subjects, learned in a process of low priority that ends afterwards, and kept in a file."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

from bot.editions.compose.subject_words import (
    LEAST_PAPERS,
    LabeledText,
    SubjectWords,
    from_bytes,
    learn_subject_words,
    to_bytes,
)
from bot.runtime.ranking_process import begin_worker

LEARNED_FOR, AGAIN_AFTER = timedelta(days=7), timedelta(days=1)
"""Time for which words serve, and time until the next try where papers were too few."""
FILE = "subject-words.json.gz"


class FileSubjectLearner:
    """Learns words of subjects and keeps them in a folder, which all processes of an installation share."""

    def __init__(self, folder: Path) -> None:
        """`folder` is made if it is missing."""
        self._path = folder / FILE

    def is_due(self, now: datetime) -> bool:
        """True if words are a week old, or the last try a day where papers were too few then."""
        try:
            file = self._path.stat()
        except FileNotFoundError:
            return True
        age = timedelta(seconds=now.timestamp() - file.st_mtime)
        return not timedelta() <= age < (LEARNED_FOR if file.st_size else AGAIN_AFTER)

    async def learn(self, papers: Sequence[LabeledText], now: datetime) -> bool:
        """Learn from papers. False, and nothing is known any more, if they are too few."""
        if len(papers) < LEAST_PAPERS:
            return await asyncio.to_thread(_learn, (), now, self._path)
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(1, mp_context=context, initializer=begin_worker) as pool:
            return await asyncio.get_running_loop().run_in_executor(pool, _learn, tuple(papers), now, self._path)

    def words(self) -> SubjectWords | None:
        """Words that were learned last; None if there are none, or if another version wrote them."""
        try:
            return from_bytes(self._path.read_bytes())
        except OSError:
            return None


def _learn(papers: Sequence[LabeledText], now: datetime, path: Path) -> bool:
    learned = learn_subject_words(papers, now)
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.part")
    unfinished.write_bytes(to_bytes(learned) if learned else b"")
    os.utime(unfinished, (now.timestamp(), now.timestamp()))
    os.replace(unfinished, path)
    return learned is not None
