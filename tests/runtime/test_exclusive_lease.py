"""Work of one process at a time: held while it goes on, and taken up within half a minute of its process's death."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest

from bot.runtime import heartbeat
from bot.runtime.composition import prepare_database
from bot.runtime.exclusive_lease import LEASE, exclusive_lease
from bot.store.admin.coordination import Leases
from tests.stand_ins import Harness


async def takes(club: Harness, owner: str) -> bool:
    async with exclusive_lease(club.app, "stream", owner) as mine:
        return mine


async def test_it_is_renewed_while_the_work_goes_on_and_given_back_at_its_end(
    club: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heartbeat, "BEAT", 0.01)
    renewed, take = asyncio.Event(), Leases.take

    async def watched(self: Leases, name: str, owner: str, now: datetime, length: timedelta) -> bool:
        taken = await take(self, name, owner, now, length)
        if taken and owner == "one" and now == club.clock():
            renewed.set()
        return taken

    monkeypatch.setattr(Leases, "take", watched)
    async with exclusive_lease(club.app, "stream", "one") as mine:
        assert mine
        for _ in range(3):
            club.clock.at += LEASE - timedelta(seconds=1)
            renewed.clear()
            async with asyncio.timeout(30):
                await renewed.wait()
            assert not await takes(club, "two")
    assert await takes(club, "two")


async def test_another_process_goes_on_within_half_a_minute_of_a_death(club: Harness) -> None:
    async with club.app.store.admin_session() as admin:
        assert await admin.leases.take("stream", "dead", club.clock(), LEASE)
    club.clock.advance(seconds=29)
    assert not await takes(club, "two")
    club.clock.advance(seconds=2)
    assert await takes(club, "two")


async def test_on_sqlite_leases_end_with_their_process(club: Harness) -> None:
    async with club.app.store.admin_session() as admin:
        assert await admin.leases.take("stream", "dead", club.clock(), timedelta(hours=1))
    assert not await takes(club, "two")
    await prepare_database(club.app.store)
    assert await takes(club, "two")
