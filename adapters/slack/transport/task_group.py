"""Background tasks after the acknowledgement: each is referenced until it ends, and its errors are logged."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from time import monotonic
from typing import Any

log = logging.getLogger(__name__)


class TaskGroup:
    """The tasks in progress. The event loop itself keeps only weak references, so that a task could vanish midway."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    def __len__(self) -> int:
        return len(self._tasks)

    def start(self, work: Coroutine[Any, Any, Any], name: str) -> asyncio.Task[Any]:
        """Start a task. `name` identifies it in the log."""
        task = asyncio.get_running_loop().create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._on_done)
        return task

    async def finish(self, limit: float) -> None:
        """Wait until all tasks have ended, and those that they start; those that have not after `limit` seconds are
        cancelled.
        """
        deadline = monotonic() + limit
        while self._tasks and (left := deadline - monotonic()) > 0:
            await asyncio.wait(self._tasks, timeout=left)
        late = list(self._tasks)
        for task in late:
            log.warning("stopped in the middle: %s", task.get_name())
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    def _on_done(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("%s failed", task.get_name(), exc_info=error)
