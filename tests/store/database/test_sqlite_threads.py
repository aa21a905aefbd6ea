"""Long queries on SQLite: they run beside the event loop, and end when nobody waits for them any more."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.store.database.engine import open_engines
from bot.store.database.sqlite_threads import LoadedCursor
from tests.stand_ins import fresh_sqlite

COUNT = "WITH RECURSIVE a(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM a LIMIT {}) SELECT {} FROM a"
LONG = text(COUNT.format(50_000_000, "count(*)"))
"""Ten seconds at least, unless it is interrupted."""


@pytest.fixture
async def reader(tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    engines = open_engines(fresh_sqlite(tmp_path / "club.db"))
    yield engines.reader
    await engines.dispose()


async def test_the_loop_goes_on_while_one_runs_and_its_end_ends_it(reader: AsyncEngine) -> None:
    async with reader.connect() as connection:
        asked = asyncio.create_task(connection.execute(LONG))
        for _ in range(3):
            async with reader.connect() as other:
                assert await other.scalar(text("SELECT 1")) == 1
        assert not asked.done()
        asked.cancel()
        await asyncio.wait([asked])
        assert asked.cancelled()
    async with reader.connect() as connection:
        assert await connection.scalar(text("SELECT 2")) == 2


async def test_a_query_that_is_cancelled_before_its_thread_begins_it_is_interrupted(
    reader: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_hand, may_begin, ends, load = threading.Event(), threading.Event(), list[str](), LoadedCursor.load

    def late(cursor: LoadedCursor, statement: str, parameters: Any) -> None:
        if statement == "BEGIN":
            load(cursor, statement, parameters)
            return
        at_hand.set()
        may_begin.wait()
        try:
            load(cursor, statement, parameters)
        except sqlite3.OperationalError as error:
            ends.append(str(error))
            raise

    monkeypatch.setattr(LoadedCursor, "load", late)
    async with reader.connect() as connection:
        asked = asyncio.create_task(connection.execute(LONG))
        await asyncio.to_thread(at_hand.wait)
        asked.cancel()
        for _ in range(5):
            await asyncio.sleep(0)
        may_begin.set()
        await asyncio.wait([asked])
        assert asked.cancelled()
    assert ends == ["interrupted"]


async def test_rows_come_one_by_one_some_or_all(reader: AsyncEngine) -> None:
    async with reader.connect() as connection:
        found = await connection.execute(text(COUNT.format(7, "n")))
        assert found.fetchone() == (1,)
        assert found.fetchmany(2) == [(2,), (3,)]
        assert found.scalars().all() == [4, 5, 6, 7]
        assert (await connection.execute(text(COUNT.format(7, "n")))).first() == (1,)


async def test_what_sqlite_refuses_is_an_error_and_nothing_can_be_written(reader: AsyncEngine) -> None:
    async with reader.connect() as connection:
        with pytest.raises(OperationalError, match="no such table"):
            await connection.execute(text("SELECT * FROM nowhere"))
        with pytest.raises(OperationalError, match="readonly"):
            await connection.execute(text("DELETE FROM club"))
