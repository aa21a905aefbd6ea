"""arXiv for tests: the real client, a local server, and a clock without waiting."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import timedelta

import pytest

from bot.sources.arxiv import ArxivClient
from bot.sources.arxiv.client import REQUEST_POLICY
from bot.sources.http_client import RequestPolicy
from tests.sources.clock import Clock
from tests.sources.faulty import FaultyArxiv
from tests.sources.local_rate_gate import LocalRateGate


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def server(clock: Clock) -> AsyncIterator[FaultyArxiv]:
    async with FaultyArxiv(clock=clock.monotonic) as server:
        yield server


@pytest.fixture
def policy() -> RequestPolicy:
    return REQUEST_POLICY


@pytest.fixture
def hurried() -> RequestPolicy:
    """Request policy with a total timeout of 0.2 s, for servers that never finish."""
    return RequestPolicy(min_interval=timedelta(seconds=3), total=timedelta(milliseconds=200))


@pytest.fixture
async def arxiv(server: FaultyArxiv, clock: Clock, policy: RequestPolicy) -> AsyncIterator[ArxivClient]:
    async with client(server.url, clock, policy) as arxiv:
        yield arxiv


def client(
    url: str, clock: Clock, policy: RequestPolicy = REQUEST_POLICY, tell: Callable[[str], None] | None = None
) -> ArxivClient:
    """The real client with a local server; the random factor is 0.5, so that backoff has its nominal length."""
    return ArxivClient(
        LocalRateGate(clock.monotonic, clock.sleep),
        contact="https://example.org/club",
        base_url=url,
        policy=policy,
        now=clock.now,
        sleep=clock.sleep,
        chance=lambda: 0.5,
        on_outcome=tell,
    )
