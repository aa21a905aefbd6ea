"""Writing what must not be lost while the database is away for a moment."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from time import monotonic
from typing import TypeVar

from bot.store.database.database_errors import DAMAGED, database_trouble

log = logging.getLogger(__name__)

Result = TypeVar("Result")

PAUSES: Sequence[float] = (0.2, 0.5, 1.0, 2.0, 5.0)
"""Seconds between two attempts; the last is repeated."""


async def write_until_stored(
    what: str, write: Callable[[], Awaitable[Result]], *, within: float = float("inf")
) -> Result:
    """Carry a write out; while the database is away, again and again, for so many seconds at most.

    The write must be safe to repeat: of an attempt whose answer was lost nobody knows whether it was carried out.
    Whatever is no trouble of the database is raised at once.
    """
    began, attempt = monotonic(), 0
    while True:
        try:
            return await write()
        except Exception as error:
            trouble = database_trouble(error)
            if trouble is None or trouble is DAMAGED or monotonic() - began > within:
                raise
            if attempt == 0:
                log.warning("%s cannot be written down yet (%s); it is written again", what, trouble.title)
            await asyncio.sleep(PAUSES[min(attempt, len(PAUSES) - 1)])
            attempt += 1
