"""Leases: one holder at a time, and the lease of a dead process expires."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from bot.store import Store

NOW = datetime(2025, 12, 1, 9, 0, tzinfo=UTC)
LENGTH = timedelta(seconds=15)


async def take(store: Store, owner: str, now: datetime = NOW, name: str = "a:1") -> bool:
    async with store.admin_session() as admin:
        return await admin.leases.take(name, owner, now, LENGTH)


async def test_a_lease_has_one_holder_until_it_expires_or_is_released(store: Store) -> None:
    assert await take(store, "ada")
    assert not await take(store, "grace")
    assert await take(store, "ada", NOW + timedelta(seconds=10))
    assert not await take(store, "grace", NOW + timedelta(seconds=20))
    assert await take(store, "grace", NOW + timedelta(seconds=26))
    assert not await take(store, "ada", NOW + timedelta(seconds=27))
    async with store.admin_session() as admin:
        await admin.leases.release("grace")
    assert await take(store, "ada", NOW + timedelta(seconds=27))


async def test_one_of_many_concurrent_callers_gets_the_lease(store: Store) -> None:
    assert sum(await asyncio.gather(*(take(store, f"p{n}") for n in range(8)))) == 1


async def test_active_leases_are_listed_by_prefix(store: Store) -> None:
    for owner, name in (("ada", "a:1"), ("grace", "a:2"), ("ada", "b:1"), ("ada", "a_1")):
        assert await take(store, owner, name=name)
    async with store.read_admin_session() as admin:
        assert [(lease.name, lease.owner) for lease in await admin.leases.active("a:", NOW)] == [
            ("a:1", "ada"),
            ("a:2", "grace"),
        ]
        assert await admin.leases.active("a:", NOW + timedelta(seconds=16)) == []
