"""Clubs with a delivery worker, on SQLite or on each database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.runtime.delivery_harness import DeliveryHarness, harness_of
from tests.stand_ins import open_harness


@pytest.fixture
async def club(tmp_path: Path) -> AsyncIterator[DeliveryHarness]:
    async with open_harness(tmp_path) as opened:
        yield await harness_of(opened)


@pytest.fixture
async def either(url: str, tmp_path: Path) -> AsyncIterator[DeliveryHarness]:
    """A club on SQLite, and one on PostgreSQL."""
    async with open_harness(tmp_path, url=url) as opened:
        yield replace(await harness_of(opened), url=url)
