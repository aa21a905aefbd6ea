"""Steps of a worker whose failure is logged."""

from __future__ import annotations

import asyncio
import logging

import pytest

from bot.runtime.logged_failures import log_failure

log = logging.getLogger(__name__)


async def test_a_failure_is_logged_with_its_cause_and_a_cancellation_is_raised(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def step(error: BaseException) -> None:
        raise error

    await log_failure(log, "rank papers", step(ValueError("no taste")))
    (record,) = caplog.records
    assert record.getMessage() == "could not rank papers; it is tried again"
    assert "no taste" in (record.exc_text or "")
    with pytest.raises(asyncio.CancelledError):
        await log_failure(log, "rank papers", step(asyncio.CancelledError()))
    assert len(caplog.records) == 1
