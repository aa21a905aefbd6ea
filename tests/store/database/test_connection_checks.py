"""Connections to PostgreSQL: tried before use where they have rested, and asked in one round trip for reading."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from math import inf
from typing import Any

import psycopg
import pytest
from sqlalchemy import text

from bot.store import Store
from bot.store.database import connection_checks
from tests.conftest import NUMBERS, create_database

CUT = """SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
WHERE pid <> pg_backend_pid() AND datname = current_database()"""


@pytest.fixture
async def served(postgres: str) -> AsyncIterator[tuple[Store, str]]:
    """A store, and the URL of its database."""
    url = create_database(postgres, f"pings_{next(NUMBERS)}", template="template_club")
    store = Store.open(url)
    yield store, url
    await store.close()


async def read_and_write(store: Store) -> None:
    """Read, and write, each once."""
    async with store.read_admin_session() as admin:
        await admin.facts.value("probe")
    async with store.admin_session() as admin:
        await admin.facts.store("probe", "ok")


async def test_connections_that_were_cut_while_they_rested_are_replaced(
    served: tuple[Store, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    store, url = served
    monkeypatch.setattr(connection_checks, "REST", 0.0)
    for _ in range(3):
        await read_and_write(store)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(CUT.encode())
    await read_and_write(store)


async def test_a_connection_in_use_is_not_tried_each_time(
    served: tuple[Store, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    store, _ = served
    tried: list[Any] = []
    for engine in (store._engines.reader, store._engines.writer):
        monkeypatch.setattr(engine.sync_engine.dialect, "do_ping", tried.append)
    for rest, times in ((inf, 0), (0.0, 4)):
        monkeypatch.setattr(connection_checks, "REST", rest)
        await read_and_write(store)
        await read_and_write(store)
        assert len(tried) == times


async def test_connections_stay_open_however_many_ask_at_once_and_keep_their_plans(served: tuple[Store, str]) -> None:
    store, url = served
    asked = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    open_after = []
    for _ in range(3):
        await asyncio.gather(*(read_and_write(store) for _ in range(40)))
        with psycopg.connect(url, autocommit=True) as other:
            open_after.append({pid for (pid,) in other.execute(asked).fetchall()})
    assert open_after[0] <= open_after[1] <= open_after[2], "none was closed, to be opened again"
    assert len(open_after[2]) <= 22
    async with store._engines.writer.connect() as connection:
        prepared = await connection.scalar(text("SELECT count(*) FROM pg_prepared_statements"))
    assert prepared


async def test_reading_needs_no_transaction(served: tuple[Store, str]) -> None:
    store, url = served
    async with store._engines.reader.connect() as connection:
        await connection.execute(text("SELECT 1"))
        with psycopg.connect(url, autocommit=True) as other:
            states = other.execute("SELECT state FROM pg_stat_activity WHERE datname = current_database()").fetchall()
    assert ("idle in transaction",) not in states
