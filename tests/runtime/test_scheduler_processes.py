"""Editions of several schedules on one database, and of programs that stop half-way: each is made once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.features.editions.draft import draft_pipeline, material
from bot.features.editions.publishing import publish
from bot.features.editions.review import approval
from bot.runtime.scheduler import Scheduler
from bot.store import Store
from bot.store.admin.scheduled_tasks import ScheduledTasks
from bot.store.admin.slot_claims import SlotClaims
from bot.store.database.migrate import migrate
from tests.features.conversation import ATTENTION, CLUB
from tests.runtime.schedule_steps import PARTS, editions, slots, started, states, tick
from tests.stand_ins import Harness, open_harness, words
from tests.thinning import thinned


async def test_three_schedules_on_one_database_make_one_edition(club: Harness) -> None:
    await started(club)
    schedules = [Scheduler(club.app) for _ in range(3)]
    for passed in (timedelta(days=6), timedelta(days=1), timedelta(minutes=1)):
        club.clock.at += passed
        await asyncio.gather(*(schedule.tick() for schedule in schedules))
        await club.delivery_worker.drain()
    await asyncio.gather(*(schedule.tick() for schedule in schedules))
    assert len(await editions(club)) == 1
    assert len(club.gateway.cards("digest")) == PARTS
    assert words(club.gateway.cards("mods")).count("Draft to review") == 1


async def test_three_schedules_on_postgresql_make_one_edition(tmp_path: Path, url: str) -> None:
    migrate(url)
    async with open_harness(tmp_path, url=url) as club:
        await started(club)
        apps = [Scheduler(club.app) for _ in range(3)]
        for passed in (timedelta(days=6), timedelta(days=1), timedelta(minutes=1)):
            club.clock.at += passed
            await asyncio.gather(*(schedule.tick() for schedule in apps))
            await club.delivery_worker.drain()
        assert [made.number for made in await editions(club)] == [1]
        assert len(club.gateway.cards("digest")) == PARTS


class SimulatedFailure(Exception):
    """The program stops here."""


STEPS: list[tuple[Any, str, int]] = [
    *((ScheduledTasks, "may_have_due", nth) for nth in range(1, 6)),
    *((ScheduledTasks, "claim", nth) for nth in range(1, 5)),
    *((ScheduledTasks, "release", nth) for nth in range(1, 5)),
    (SlotClaims, "claim", 1),
    (draft_pipeline, "load_details", 1),
    (draft_pipeline, "_save_draft", 1),
    (draft_pipeline, "show_draft", 1),
    (approval, "_freeze", 1),
    (approval, "show_draft", 1),
    (approval, "sha256", 1),
    (publish, "show_draft", 1),
    (publish, "sha256", 1),
    (publish, "to_json", 1),
    (publish, "to_json", PARTS),
    (publish, "submissions", 1),
    (SlotClaims, "release", 1),
    *((Store, "begin", nth) for nth in range(1, 10)),
    *((Store, "admin_session", nth) for nth in range(1, 4)),
]
"""Where the program stops: at which call of what."""


@pytest.mark.parametrize(
    ("owner", "name", "nth"),
    thinned(STEPS, every=4, name=lambda step: f"{step[0].__name__.rpartition('.')[2]}-{step[1]}-{step[2]}"),
)
async def test_what_stops_half_way_is_finished_once(
    club: Harness, monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, nth: int
) -> None:
    """The program stops at the nth call of a step; another process, after the lease, finishes the edition."""
    await started(club)
    real: Callable[..., Any] = getattr(owner, name)
    calls = 0

    def struck(*args: Any, **given: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == nth:
            raise SimulatedFailure(name)
        return real(*args, **given)

    with monkeypatch.context() as patch:
        patch.setattr(owner, name, struck)
        club.clock.advance(days=7)
        for _ in range(3):
            await _survive(Scheduler(club.app).tick())
            await _survive(club.delivery_worker.drain())
        assert calls >= nth, "it never came to that"
    await tick(club, minutes=16)
    await tick(club, minutes=1)
    assert [made.number for made in await editions(club)] == [1]
    assert len(club.gateway.cards("digest")) == PARTS
    assert (await states(club))["2025-W50"] == "done"


async def _survive(doing: Awaitable[None]) -> None:
    """What a crash leaves behind is in the rows; the exception goes with the process."""
    try:
        await doing
    except SimulatedFailure:
        return


async def test_trouble_in_one_club_keeps_no_other_waiting(club: Harness, monkeypatch: pytest.MonkeyPatch) -> None:
    await started(club)
    await club.say("Eve", "/clubadmin channels digest digest", admin=True, workspace="W2")
    await club.say("Eve", f"/paper submit {ATTENTION}", workspace="W2", room="papers")
    await tick(club)
    real = material.gather_material

    async def struck(app: Any, club_id: int, *args: Any) -> Any:
        if club_id == CLUB:
            raise SimulatedFailure("gather")
        return await real(app, club_id, *args)

    monkeypatch.setattr(draft_pipeline, "gather_material", struck)
    await tick(club, days=7)
    assert len([1 for where, _ in club.gateway.posts if (where.workspace, where.room) == ("W2", "digest")]) == 3
    [mine, *_] = await slots(club)
    assert "SimulatedFailure" in mine.trouble
