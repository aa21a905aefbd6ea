"""Steps of a worker's round that must not end it: a failure is logged, and the next round tries again."""

from __future__ import annotations

import logging
from collections.abc import Awaitable


async def log_failure(log: logging.Logger, what: str, step: Awaitable[object]) -> None:
    """Await a step. An exception is logged with its traceback, as "could not `what`"; a cancellation is raised."""
    try:
        await step
    except Exception:
        log.exception("could not %s; it is tried again", what)
