"""Claims of due slots: one process at a time, under a lease."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.edition_calendar import DueDate
from bot.domain.models import Slot, SlotState
from bot.store import Store

NOW = datetime(2025, 12, 1, 9, 0, tzinfo=UTC)
LEASE = timedelta(minutes=10)
INSTANT = timedelta(microseconds=1)


@pytest.fixture
async def slot(store: Store) -> int:
    """Id of a due slot."""
    async with store.admin_session() as admin:
        club = await admin.directory.create_club("Readers", "UTC", NOW)
    async with store.begin(club.id) as db:
        assert await db.slots.plan(DueDate("2025-W49", NOW))
        assert not await db.slots.plan(DueDate("2025-W49", NOW)), "a period has one row"
        due = await db.slots.next()
    assert due is not None
    return due.id


async def claim(store: Store, slot: int, owner: str, now: datetime = NOW) -> bool:
    async with store.admin_session() as admin:
        return await admin.slots.claim(slot, owner, now, LEASE)


async def row(store: Store, slot: int) -> Slot:
    async with store.read_admin_session() as admin:
        found = await admin._session.get(Slot, slot)
    assert found is not None
    return found


async def test_a_claimed_slot_cannot_be_claimed_until_its_lease_expires(store: Store, slot: int) -> None:
    assert await claim(store, slot, "one")
    assert not await claim(store, slot, "two")
    assert await claim(store, slot, "one"), "its own may be taken up again"
    assert not await claim(store, slot, "two", NOW + LEASE)
    assert await claim(store, slot, "two", NOW + LEASE + INSTANT)
    held = await row(store, slot)
    assert (held.owner, held.tries, held.lease_until) == ("two", 3, NOW + 2 * LEASE + INSTANT)


async def test_one_of_many_concurrent_claims_succeeds(store: Store, slot: int) -> None:
    assert sum(await asyncio.gather(*(claim(store, slot, f"p{n}") for n in range(8)))) == 1
    assert (await row(store, slot)).tries == 1


async def test_an_owner_who_lost_a_slot_cannot_release_it(store: Store, slot: int) -> None:
    await claim(store, slot, "one")
    await claim(store, slot, "two", later := NOW + LEASE + INSTANT)
    async with store.admin_session() as admin:
        await admin.slots.release(slot, "one", "I was asleep")
    assert not await claim(store, slot, "three", later)
    async with store.admin_session() as admin:
        await admin.slots.release(slot, "two", "the writer is down")
    assert (await row(store, slot)).trouble == "the writer is down"
    assert await claim(store, slot, "three", later)


@pytest.mark.parametrize("state", [SlotState.DONE, SlotState.SKIPPED])
async def test_a_finished_slot_cannot_be_claimed(store: Store, slot: int, state: SlotState) -> None:
    async with store.admin_session() as admin:
        found = await admin._session.get_one(Slot, slot)
        found.state = state
    assert not await claim(store, slot, "one")
