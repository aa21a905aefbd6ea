"""The delivery worker draws changed cards again: once for many changes, and until an edit has arrived."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.chat.gateway import Location, NotSent, OutcomeUnknown, Refused
from bot.domain.models import VoteStance
from bot.features.shared.delivery.channel_recovery import post_missed
from bot.runtime.delivery_attempts import FIRST_REDRAW
from bot.runtime.delivery_worker import LEASE
from tests.runtime.delivery_harness import DeliveryHarness, harness_of, stale
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


async def test_however_many_vote_a_copy_is_drawn_once(club: DeliveryHarness) -> None:
    await stale(club)
    async with club.harness.app.store.begin(club.club.id) as db:
        submission = await db.submissions.get(1, lock=True)
        assert submission is not None
        for name in ("Cy", "Di", "Ed"):
            member = await db.members.get_or_create("wall", name, name, "W1", club.harness.clock())
            await db.votes.set(submission, member.id, VoteStance.VOTE, club.harness.clock())
            await db.deliveries.mark_stale(1)
    await club.delivery_worker.drain()
    assert len(club.wall.edits) == 1
    assert "4" in repr(club.wall.edits[0][1])


async def test_a_change_while_it_is_drawn_is_drawn_too(either: DeliveryHarness) -> None:
    await stale(either)

    async def voted(where: Location) -> None:
        async with either.harness.app.store.begin(either.club.id) as db:
            await db.deliveries.mark_stale(1)

    either.wall.meanwhile = voted
    await either.delivery_worker.drain()
    assert len(either.wall.edits) == 2


async def test_a_copy_whose_drawing_died_is_drawn_again(either: DeliveryHarness) -> None:
    await stale(either)
    either.wall.edit_fails = [asyncio.CancelledError()]
    await either.delivery_worker.drain()
    assert either.wall.edits == []
    await either.later(LEASE + timedelta(seconds=1))
    assert len(either.wall.edits) == 1


@pytest.mark.parametrize("error", [NotSent("slow down", retry_after=45), OutcomeUnknown("no answer")])
async def test_an_edit_that_did_not_arrive_is_made_again(club: DeliveryHarness, error: Exception) -> None:
    await stale(club)
    club.wall.edit_fails = [error]
    await club.delivery_worker.drain()
    assert club.wall.edits == []
    await club.later(timedelta(seconds=45))
    assert len(club.wall.edits) == 1


async def test_a_message_that_may_not_be_edited_is_left_alone(club: DeliveryHarness) -> None:
    await stale(club)
    club.wall.edit_fails = [Refused("it is too old to be edited", of_channel=False)]
    await club.delivery_worker.drain()
    await club.later(timedelta(days=1))
    assert club.wall.edits == []


async def test_a_message_in_an_archived_channel_is_drawn_anew_when_it_may_be_edited_again(
    club: DeliveryHarness,
) -> None:
    await stale(club)
    club.wall.edit_fails = [Refused("the channel is archived")] * 2
    await club.delivery_worker.drain()
    await club.later(timedelta(seconds=FIRST_REDRAW))
    await club.later(timedelta(seconds=FIRST_REDRAW))
    assert (club.wall.edits, club.wall.edit_fails) == ([], []), "longer each time"
    await club.later(timedelta(seconds=FIRST_REDRAW))
    assert len(club.wall.edits) == 1

    card = await stale(club)
    club.wall.edit_fails = [Refused("the channel is archived")]
    await club.delivery_worker.drain()
    assert club.wall.edits == []
    async with club.harness.app.store.begin(club.club.id) as db:
        await post_missed(db, card.room_id, club.harness.clock())
    await club.delivery_worker.drain()
    assert len(club.wall.edits) == 1, "at once where it is known that the channel is back"
