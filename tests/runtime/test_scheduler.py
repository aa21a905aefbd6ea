"""Editions come when they are due: once, whatever the clocks, the outages and the other processes do."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.chat.gateway import NotSent, OutcomeUnknown
from bot.domain.edition_calendar import DAYS, to_utc
from bot.domain.models import TaskKind
from bot.errors import Unavailable
from bot.features.shared.papers import metadata_backfill
from bot.runtime.scheduler import Scheduler
from bot.store.admin.scheduled_tasks import ScheduledTasks
from tests.features.conversation import ATTENTION, CLUB, DISTILLATION, SAFE, press, submission_numbered, submit_papers
from tests.features.edition_steps import (
    THEOREMS,
    document_of,
    edition_numbered,
    say_as_moderator,
    set_up_week,
    submission_numbers,
)
from tests.runtime.schedule_steps import PARTS, slots, started, states, tick
from tests.stand_ins import MONDAY, Harness, open_harness, words


async def test_a_week_from_draft_to_published(club: Harness) -> None:
    await started(club)
    assert await states(club) == {"2025-W50": "due"}
    await tick(club, days=6, minutes=-1)
    assert "Draft to review" not in words(club.gateway.cards("mods"))
    await tick(club, minutes=1)
    assert "Draft to review" in words(club.gateway.cards("mods"))
    assert (await edition_numbered(club)).state == "draft"
    await say_as_moderator(club, "/edition approve")
    await tick(club, hours=23, minutes=59)
    assert club.gateway.cards("digest") == []
    await tick(club, minutes=1)
    assert len(club.gateway.cards("digest")) == PARTS
    assert (await edition_numbered(club)).state == "published"
    assert await states(club) == {"2025-W50": "done", "2025-W51": "due"}
    await tick(club, minutes=1)
    assert len(club.gateway.cards("digest")) == PARTS


@pytest.mark.parametrize(
    ("rule", "state", "posts"),
    [("publish", "published", PARTS), ("hold", "draft", 0), ("skip", "skipped", 1)],
)
async def test_what_nobody_approved_goes_by_the_clubs_rule(club: Harness, rule: str, state: str, posts: int) -> None:
    await started(club)
    await club.say("Root", f"/clubadmin settings at_deadline {rule}", admin=True)
    await tick(club, days=6)
    await tick(club, days=1)
    assert len(club.gateway.cards("digest")) == posts
    async with club.app.store.read(CLUB) as db:
        made = await db.editions.get(1)
    assert made is not None
    assert made.state == state


async def test_a_held_draft_goes_out_as_soon_as_it_is_approved(club: Harness) -> None:
    await started(club)
    await club.say("Root", "/clubadmin settings at_deadline hold", admin=True)
    await tick(club, days=6)
    await tick(club, days=4)
    await say_as_moderator(club, "/edition approve")
    await tick(club)
    assert (await edition_numbered(club)).state == "published"


async def test_a_draft_held_for_a_week_is_taken_over_by_the_next(club: Harness) -> None:
    await started(club)
    await club.say("Root", "/clubadmin settings at_deadline hold", admin=True)
    await tick(club, days=6)
    await submit_papers(club, "Ada", THEOREMS)
    await tick(club, days=7)
    assert await states(club) == {"2025-W50": "skipped", "2025-W51": "due"}
    assert sorted(submission_numbers(await document_of(club))) == [1, 2, 3, 4]
    assert club.gateway.cards("digest") == []


async def test_a_quiet_week_posts_a_notice_once(club: Harness) -> None:
    await club.say("Root", "/clubadmin setup papers=papers digest=digest moderators=mods", admin=True)
    await tick(club)
    await tick(club, days=7)
    await tick(club, minutes=1)
    assert [card.title for card in club.gateway.cards("digest")] == ["A quiet week"]
    await club.say("Root", "/clubadmin settings empty silence", admin=True)
    await tick(club, days=7)
    assert len(club.gateway.cards("digest")) == 1
    assert list((await states(club)).values()) == ["done", "done", "due"]


async def test_what_an_hour_of_outage_missed_is_caught_up_with(club: Harness) -> None:
    await started(club)
    await tick(club, days=7, hours=1)
    assert (await edition_numbered(club)).state == "published"


async def test_what_three_days_of_outage_missed_is_given_up_with_a_notice(club: Harness) -> None:
    await started(club)
    await tick(club, days=10)
    assert [card.title for card in club.gateway.cards("digest")] == ["No edition this time"]
    assert await states(club) == {"2025-W50": "skipped", "2025-W51": "due"}


async def test_an_approved_edition_is_not_posted_days_too_late(club: Harness) -> None:
    await started(club)
    await tick(club, days=6)
    await say_as_moderator(club, "/edition approve")
    await tick(club, days=4)
    assert [card.title for card in club.gateway.cards("digest")] == ["No edition this time"]
    await tick(club, days=3)
    assert sorted(submission_numbers(await document_of(club))) == [1, 2, 3], "its papers are in the next"


async def test_after_a_month_of_outage_only_one_notice_is_posted(club: Harness) -> None:
    await started(club)
    await tick(club, days=31)
    assert len(club.gateway.cards("digest")) == 1
    assert await states(club) == {"2025-W50": "skipped", "2026-W01": "skipped", "2026-W02": "due"}


async def test_parts_that_no_room_would_take_in_time_are_left_out(club: Harness) -> None:
    await started(club)
    await tick(club, days=6)
    await say_as_moderator(club, "/edition approve")
    club.gateway.fails = [NotSent("down", retry_after=90_000) for _ in range(40)]
    await tick(club, days=1)
    assert (await edition_numbered(club)).state == "approved"
    await tick(club, hours=25)
    assert (await edition_numbered(club)).state == "published"
    assert club.gateway.cards("digest") == []


async def test_a_workspace_that_is_gone_keeps_nothing_waiting(club: Harness) -> None:
    await started(club)
    await tick(club, days=6)
    await say_as_moderator(club, "/edition approve")
    club.clock.advance(days=1)
    await Scheduler(club.app).tick()
    async with club.app.store.admin_session() as rows:
        await rows.directory.leave("wall", "W1", "removed", club.clock())
    await tick(club)
    assert (await edition_numbered(club)).state == "published"


async def test_changed_rules_move_the_due_time(club: Harness) -> None:
    await started(club)
    [slot] = await slots(club)
    assert slot.due_at == MONDAY + timedelta(days=7)
    await club.say("Root", "/clubadmin settings digest_at fri 17:00", admin=True)
    await tick(club)
    assert [(s.key, s.due_at) for s in await slots(club)] == [("2025-W49", datetime(2025, 12, 5, 17, tzinfo=UTC))]
    await club.say("Root", "/clubadmin settings cadence monthly", admin=True)
    await tick(club)
    assert [(s.key, s.due_at) for s in await slots(club)] == [("2025-12", datetime(2025, 12, 5, 17, tzinfo=UTC))]


async def test_a_period_that_is_done_is_not_due_again_on_another_day(club: Harness) -> None:
    await started(club)
    await tick(club, days=7)
    await club.say("Root", "/clubadmin settings digest_at fri 17:00", admin=True)
    await tick(club)
    assert [(s.key, s.due_at.day) for s in await slots(club)] == [("2025-W50", 8), ("2025-W51", 19)]


@pytest.mark.parametrize(("cadence", "skips", "after"), [("weekly", 12, "2026-W10"), ("monthly", 5, "2026-06")])
async def test_however_many_are_skipped_ahead_the_next_is_planned(
    club: Harness, cadence: str, skips: int, after: str
) -> None:
    await started(club)
    await club.say("Root", f"/clubadmin settings cadence {cadence}", admin=True)
    await tick(club)
    assert not (await club.say("Mo", "/edition skip summer", moderator=True)).failed
    await tick(club)
    again = await club.say("Mo", "/edition skip summer", moderator=True)
    assert again.failed, "said twice it skips no further edition"
    assert "is already skipped" in again.card.title
    for _ in range(skips - 1):
        assert not (await press(club, again, "Skip it, too", "Mo", moderator=True)).failed
        await tick(club)
        again = await club.say("Mo", "/edition skip summer", moderator=True)
    await tick(club)
    assert {key for key, state in (await states(club)).items() if state == "due"} == {after}


async def test_a_paused_club_is_left_alone(club: Harness) -> None:
    await started(club)
    async with club.app.store.admin_session() as rows:
        paused = await rows.directory.club(CLUB)
        assert paused is not None
        paused.paused_at = club.clock()
    await tick(club, days=7)
    assert club.gateway.cards("digest") == []


CHANGES = [
    ("Europe/Berlin", datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
    ("Europe/Berlin", datetime(2026, 10, 25, 1, 0, tzinfo=UTC)),
    ("America/New_York", datetime(2026, 11, 1, 6, 0, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2026, 4, 4, 15, 0, tzinfo=UTC)),  # by half an hour
    ("America/Santiago", datetime(2026, 9, 6, 4, 0, tzinfo=UTC)),  # at midnight
    ("Africa/Cairo", datetime(2026, 4, 23, 22, 0, tzinfo=UTC)),  # on a Friday, at midnight
]
"""Nights when clocks change, by zone: on, off, by half an hour, at midnight."""


@pytest.mark.parametrize(("zone", "night"), CHANGES, ids=[f"{zone}-{night:%m}" for zone, night in CHANGES])
async def test_a_night_when_clocks_change_has_one_edition(tmp_path: Path, zone: str, night: datetime) -> None:
    """The edition is due in the very hour that is left out or comes twice; a look every quarter of an hour."""
    where = ZoneInfo(zone)
    before, after = (night + timedelta(minutes=m) for m in (-1, 0))
    assert before.astimezone(where).utcoffset() != after.astimezone(where).utcoffset()
    due = (night + timedelta(minutes=15)).astimezone(where).replace(fold=0)
    rhythm = f"{DAYS[due.weekday()]} {due:%H:%M}"
    async with open_harness(tmp_path) as club:
        club.clock.at = night - timedelta(days=5)
        await club.say("Root", f"/clubadmin settings digest_at {rhythm}", admin=True)
        async with club.app.store.admin_session() as rows:
            founded = await rows.directory.club(CLUB)
            assert founded is not None
            founded.timezone = zone
        schedule = Scheduler(club.app)
        await schedule.tick()
        for look in range(-8, 13):
            club.clock.at = night + timedelta(minutes=15 * look)
            await schedule.tick()
        done = [slot for slot in await slots(club) if slot.state == "done"]
        assert [slot.due_at for slot in done] == [to_utc(due.date(), due.time(), where)]
        [ahead] = [slot for slot in await slots(club) if slot.state == "due"]
        later = ahead.due_at.astimezone(where)
        assert (later.date() - due.date(), later.time()) == (timedelta(days=7), due.time())


async def test_details_follow_when_arxiv_answers_again(club: Harness) -> None:
    await club.say("Root", "/clubadmin setup papers=papers digest=digest moderators=mods", admin=True)
    club.paper_source.error = Unavailable("arXiv cannot be asked right now.")
    await submit_papers(club, "Ada", ATTENTION, DISTILLATION, SAFE, "2509.99999")
    asked = len(club.paper_source.asked)
    await tick(club, minutes=6)
    assert len(club.paper_source.asked) == asked + 4
    await tick(club, minutes=1)
    assert len(club.paper_source.asked) == asked + 4, "a source that is down is left alone for a while"
    club.paper_source.error = None
    await tick(club, minutes=6)
    assert [(await submission_numbered(club, n)).paper.pending for n in (1, 2, 3, 4)] == [False, False, False, True]
    assert (await submission_numbered(club, 4)).state == "dropped"
    assert "Attention Is All You Need" in words(club.gateway.edits)


async def test_details_are_asked_for_once_by_many_processes(club: Harness) -> None:
    club.paper_source.error = Unavailable("arXiv cannot be asked right now.")
    await submit_papers(club, "Ada", ATTENTION, DISTILLATION)
    club.paper_source.error = None
    club.paper_source.asked.clear()
    club.clock.advance(minutes=6)
    filled = await asyncio.gather(*(metadata_backfill.backfill(club.app, CLUB) for _ in range(4)))
    assert sorted(filled) == [0, 0, 0, 2]
    assert sorted(club.paper_source.asked) == [ATTENTION, DISTILLATION]


async def test_the_schedule_looks_at_once_and_stops_when_told(club: Harness) -> None:
    await set_up_week(club)
    planned = asyncio.Event()
    club.app.store.commit_listeners.subscribe(TaskKind.EDITION, planned.set)
    running = asyncio.create_task(Scheduler(club.app).run())
    async with asyncio.timeout(20):
        await planned.wait()
    assert await slots(club)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


async def test_a_look_that_fails_is_not_the_last(club: Harness, monkeypatch: pytest.MonkeyPatch) -> None:
    await set_up_week(club)
    planned, failed = asyncio.Event(), asyncio.Event()
    real = ScheduledTasks.claim

    async def fails_once(self: ScheduledTasks, *args: Any, **given: Any) -> Any:
        if failed.is_set():
            return await real(self, *args, **given)
        failed.set()
        raise RuntimeError("claim")

    monkeypatch.setattr(ScheduledTasks, "claim", fails_once)
    running = asyncio.create_task(Scheduler(club.app).run())
    async with asyncio.timeout(20):
        await failed.wait()
        club.app.store.commit_listeners.subscribe(TaskKind.EDITION, planned.set)
        while not planned.is_set():
            club.app.store.commit_listeners.notify([TaskKind.PLAN])
            await asyncio.sleep(0)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


async def test_a_club_that_wakes_begins_with_the_next_and_says_nothing_of_those_it_slept_through(club: Harness) -> None:
    await started(club)
    await club.say("Root", "/clubadmin pause summer", admin=True)
    await tick(club, days=24, hours=2)
    await club.say("Root", "/clubadmin resume", admin=True)
    await tick(club)
    assert club.gateway.cards("digest") == []
    [coming] = [slot for slot in await slots(club) if slot.state == "due"]
    assert coming.due_at > club.clock()
    await tick(club, days=3)
    await tick(club, days=1)
    assert len(club.gateway.cards("digest")) == PARTS


async def test_what_is_late_and_what_is_doubtful_is_measured(club: Harness) -> None:
    def measured(name: str) -> float | None:
        return club.app.metrics.registry.get_sample_value(f"journalclub_{name}")

    await started(club)
    assert (measured("digest_late_seconds"), measured("unknown_age_seconds")) == (0, 0)
    club.clock.advance(days=7, hours=1)
    async with club.app.store.admin_session() as rows:
        [slot] = await slots(club)
        assert await rows.slots.claim(slot.id, "another", club.clock(), timedelta(hours=1))
    club.gateway.fails = [OutcomeUnknown("silence")]
    await club.say("Root", "/clubadmin test moderators", admin=True)
    club.clock.advance(minutes=5)
    await Scheduler(club.app).tick()
    assert measured("digest_late_seconds") == 3600 + 300
    assert measured("unknown_age_seconds") == 300
