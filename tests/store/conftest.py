"""A store on a fresh database of each kind."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.store import Store
from tests.stand_ins import open_store


@pytest.fixture
async def store(url: str) -> AsyncIterator[Store]:
    """The store on a fresh database: each test runs on SQLite and on PostgreSQL."""
    opened = open_store(url)
    try:
        yield opened
    finally:
        await opened.close()
