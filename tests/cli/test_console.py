"""`journalclub console`: what is due is done between the lines, and its troubles do not end the talk."""

from __future__ import annotations

import logging
import sqlite3

import pytest
from sqlalchemy.exc import OperationalError

from bot.cli.console import attempted


async def test_a_full_disk_leaves_due_work_for_the_next_line(caplog: pytest.LogCaptureFixture) -> None:
    full = sqlite3.OperationalError("database or disk is full")
    full.sqlite_errorcode = sqlite3.SQLITE_FULL
    errors: list[Exception | None] = [OperationalError("INSERT", {}, full)] * 2 + [None, ValueError("a fault of ours")]
    done = 0

    async def due() -> None:
        nonlocal done
        if error := errors.pop(0):
            raise error
        done += 1

    job = attempted(due)
    with caplog.at_level(logging.WARNING, "bot.cli.console"):
        for _line in range(3):
            await job()
    assert done == 1
    assert [record.message for record in caplog.records] == [
        "what is due is tried again with the next line (My database’s disk is full: database or disk is full)"
    ]
    with pytest.raises(ValueError, match="ours"):
        await job()
