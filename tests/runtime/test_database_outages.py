"""What was done while the database was away is written down when it is back."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from bot.domain.models import TaskKind
from bot.runtime.scheduler import Scheduler
from bot.store.admin.scheduled_tasks import ScheduledTasks
from bot.store.database import outage
from bot.store.delivery.deliveries import Deliveries
from tests.features.conversation import ATTENTION, CLUB, submit_papers
from tests.features.edition_steps import set_up_week
from tests.runtime.schedule_steps import scheduled_task
from tests.stand_ins import Harness


class Away(Exception):
    """What the driver raises while the server restarts."""

    sqlstate = "57P01"


def database_away() -> OperationalError:
    return OperationalError("UPDATE", {}, Away("terminating connection due to administrator command"))


async def test_a_post_that_succeeded_is_written_down_when_the_database_is_back(
    club: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outage, "PAUSES", (0.0,))
    await club.say("Root", "/clubadmin setup papers=papers", admin=True)
    real, failures = Deliveries.settle, iter([database_away()] * 3)

    async def settle(self: Deliveries, *args: Any, **values: Any) -> bool:
        if error := next(failures, None):
            raise error
        return await real(self, *args, **values)

    monkeypatch.setattr(Deliveries, "settle", settle)
    await submit_papers(club, "Ada", ATTENTION)
    assert len(club.gateway.cards("papers")) == 1
    async with club.app.store.read(CLUB) as db:
        [card] = await db.deliveries.cards(1)
    assert (card.state, card.message, card.had_unknown) == ("sent", "m1", False)


async def test_a_task_that_is_done_is_let_go_when_the_database_is_back(
    club: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outage, "PAUSES", (0.0,))
    await set_up_week(club)
    real, failures = ScheduledTasks.release, iter([database_away()] * 2)

    async def release(self: ScheduledTasks, *args: Any) -> bool:
        if error := next(failures, None):
            raise error
        return await real(self, *args)

    monkeypatch.setattr(ScheduledTasks, "release", release)
    await Scheduler(club.app).tick()
    for kind in (TaskKind.PLAN, TaskKind.EDITION, TaskKind.PUBLISH):
        assert (await scheduled_task(club.app, kind)).lease_until is None


async def test_what_is_no_outage_is_raised_at_once() -> None:
    async def wrong() -> None:
        raise ValueError("not the database")

    with pytest.raises(ValueError, match="not the database"):
        await outage.write_until_stored("a thing", wrong)
