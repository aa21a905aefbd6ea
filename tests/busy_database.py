"""A database that is busy for a moment, as another process's backup or a restart leaves it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from bot.store.database import outage


def make_busy(
    monkeypatch: pytest.MonkeyPatch, repository: type[object], method: str, times: int = 2
) -> list[OperationalError]:
    """Have the next calls of a repository's method fail as if the database were locked. Returns what is left to raise.

    What is written until it is stored is written again at once.
    """
    busy = sqlite3.OperationalError("database is locked")
    busy.sqlite_errorcode = sqlite3.SQLITE_BUSY
    failures = [OperationalError("UPDATE", {}, busy) for _ in range(times)]
    call: Callable[..., Any] = getattr(repository, method)

    async def call_later(*given: Any, **values: Any) -> Any:
        if failures:
            raise failures.pop()
        return await call(*given, **values)

    monkeypatch.setattr(repository, method, call_later)
    monkeypatch.setattr(outage, "PAUSES", (0.0,))
    return failures
