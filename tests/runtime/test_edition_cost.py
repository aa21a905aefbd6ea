"""The number of statements that an edition costs from its due time until it is out; and what may not be saved."""

from __future__ import annotations

from bot.domain.models import EditionState
from bot.runtime.scheduler import Scheduler
from tests.features.conversation import CLUB
from tests.features.edition_steps import set_up_week
from tests.sent_statements import sent_statements
from tests.stand_ins import Harness

MOST = 340
"""Statements of an edition in five parts, with three looks of every loop. There were 551, then 410, and 314."""


async def due_now(club: Harness) -> Scheduler:
    """A draft of three papers that its deadline publishes, at that time."""
    await set_up_week(club)
    schedule = Scheduler(club.app)
    await schedule.tick()
    club.clock.advance(days=6)
    await schedule.tick()
    await club.delivery_worker.drain()
    club.clock.advance(days=1)
    return schedule


async def test_an_edition_costs_few_statements(club: Harness) -> None:
    schedule = await due_now(club)
    with sent_statements(club.app.store) as sent:
        for _unused in range(3):
            await schedule.tick()
            await club.delivery_worker.drain()
    async with club.app.store.read(CLUB) as db:
        edition = await db.editions.by_number(1)
    assert edition is not None
    assert edition.state == EditionState.PUBLISHED
    planned = [statement for statement in sent if statement.startswith("INSERT INTO delivery")]
    assert len(planned) == 1, "all parts in one statement"
    assert len(sent) <= MOST, "more for each edition, a thousand times on a Monday morning"


async def test_a_channel_that_is_added_while_it_is_posted_gets_all_of_it(club: Harness) -> None:
    schedule = await due_now(club)
    await schedule.tick()
    async with club.app.store.begin(CLUB) as db:
        room = (await db.rooms.with_purpose("digest"))[0]
        await db.rooms.assign(room.workspace_id, "late", "digest", "late")
    for _unused in range(3):
        await schedule.tick()
        await club.delivery_worker.drain()
    posted = [where.room for where, _ in club.gateway.posts]
    assert posted.count("late") == posted.count(room.external_id) == 5
