"""Work that one process at a time does: under a short lease that is renewed meanwhile, so that another goes on soon."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from datetime import timedelta

from bot.app import App
from bot.runtime.heartbeat import Heartbeat

LEASE = timedelta(seconds=30)
"""Time for which a dead process's work rests. SQLite's leases end with their process: see `prepare_database`."""


@asynccontextmanager
async def exclusive_lease(app: App, name: str, owner: str) -> AsyncIterator[bool]:
    """Hold the lease of this name while the block lasts; False where another process holds it.

    A lease that is lost while the database is away ends no work: whatever is done under one is safe to do twice.
    """

    async def renew(names: Collection[str]) -> Collection[str]:
        async with app.store.admin_session() as admin:
            return [each for each in names if await admin.leases.take(each, owner, app.now(), LEASE)]

    async with app.store.admin_session() as admin:
        mine = await admin.leases.take(name, owner, app.now(), LEASE)
    if not mine:
        yield False
        return
    heartbeat = Heartbeat[str](renew, lambda _: None)
    try:
        with heartbeat.holding(name):
            async with heartbeat.beating():
                yield True
    finally:
        async with app.store.admin_session() as admin:
            await admin.leases.release(owner)
