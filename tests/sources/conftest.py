"""arXiv for the tests: the real client, a server on this machine, and a clock that nobody waits for."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import timedelta

import pytest

from bot.sources.arxiv import Arxiv
from bot.sources.arxiv.client import MANNERS
from bot.sources.fetch import Manners
from tests.sources.clock import Clock
from tests.sources.faulty import FaultyArxiv
from tests.sources.local_turns import LocalTurns


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def server(clock: Clock) -> AsyncIterator[FaultyArxiv]:
    async with FaultyArxiv(clock=clock.monotonic) as server:
        yield server


@pytest.fixture
def manners() -> Manners:
    return MANNERS


@pytest.fixture
def hurried() -> Manners:
    """Manners of a client that waits a fifth of a second in all: for servers that never end."""
    return Manners(gap=timedelta(seconds=3), total=timedelta(milliseconds=200))


@pytest.fixture
async def arxiv(server: FaultyArxiv, clock: Clock, manners: Manners) -> AsyncIterator[Arxiv]:
    async with client(server.url, clock, manners) as arxiv:
        yield arxiv


def client(url: str, clock: Clock, manners: Manners = MANNERS, tell: Callable[[str], None] | None = None) -> Arxiv:
    """The real client against a server of ours; chance is a half, so that backoff is as long as written."""
    return Arxiv(
        LocalTurns(clock.monotonic, clock.sleep),
        contact="https://example.org/club",
        base_url=url,
        manners=manners,
        now=clock.now,
        sleep=clock.sleep,
        chance=lambda: 0.5,
        tell=tell,
    )
