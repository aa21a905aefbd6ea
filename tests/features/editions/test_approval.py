"""Approval, scheduling and skipping of a draft."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.editions.model.document import from_json, sha256
from bot.features.editions.publishing import publish as publishing
from bot.runtime.scheduler import Scheduler
from tests.features.conversation import (
    CLUB,
    press,
    submission_numbered,
)
from tests.features.edition_steps import (
    current_edition,
    document_of,
    draft_cards,
    edition_numbered,
    paragraphs,
    say_as_moderator,
    set_up_week,
    submission_numbers,
)
from tests.stand_ins import Harness, words


async def test_two_approvals_if_the_club_wants_two(club: Harness) -> None:
    await set_up_week(club)
    await club.say("Root", "/clubadmin settings approvals 2", admin=True)
    await say_as_moderator(club, "/edition draft")
    assert "1 more" in words(await say_as_moderator(club, "/edition approve now"))
    assert "1 more" in words(await say_as_moderator(club, "/edition approve now")), "the same moderator counts once"
    assert (await edition_numbered(club)).state == "draft"
    await club.say("Root", "/clubadmin settings name The Slow Readers", admin=True)
    await say_as_moderator(club, "/edition approve now", name="Nia")
    made = await edition_numbered(club)
    assert (made.state, made.sha) == ("approved", sha256(made.document))
    assert from_json(made.document).club == "The Slow Readers", "its name when it goes out"
    assert {i.provenance.reviewer for i in from_json(made.document).items if i.provenance} == {"Mo, Nia"}


@pytest.mark.parametrize("planned", [True, False])
@pytest.mark.parametrize("again", ["Mo", "Nia"])
async def test_now_before_the_last_approval_publishes_nothing(club: Harness, planned: bool, again: str) -> None:
    await set_up_week(club)
    await club.say("Root", "/clubadmin settings approvals 3", admin=True)
    schedule = Scheduler(club.app)
    if planned:
        await schedule.tick()
    await say_as_moderator(club, "/edition draft")
    for name in ("Mo", again):
        club.clock.advance(minutes=1)
        shown = words(await say_as_moderator(club, "/edition approve now", name=name))
        assert "more needed" in shown
        assert "was changed" not in shown
        for _ in range(2):
            club.clock.advance(minutes=1)
            await schedule.tick()
            await club.delivery_worker.drain()
        assert (await edition_numbered(club)).state == "draft"
    assert club.gateway.cards("digest") == []
    for name in ("Nia", "Ola"):
        await say_as_moderator(club, "/edition approve now", name=name)
    await schedule.tick()
    assert (await edition_numbered(club)).state == "published"


@pytest.mark.parametrize("planned", [True, False])
@pytest.mark.parametrize("command", ["approve", "schedule"])
async def test_an_earlier_time_passes_no_missing_approval_by(club: Harness, planned: bool, command: str) -> None:
    """One moderator could set a time two minutes ahead, when the club's rule published what nobody else approved."""
    await set_up_week(club)
    await club.say("Root", "/clubadmin settings approvals 2", admin=True)
    schedule = Scheduler(club.app)
    if planned:
        await schedule.tick()
    await say_as_moderator(club, "/edition draft")
    soon = f"{club.clock.at + timedelta(minutes=2):%Y-%m-%d %H:%M}"
    shown = words((await club.say("Mo", f"/edition {command} {soon}", moderator=True)).card)
    assert "1 more needed" in shown if command == "approve" else "needs 2 more approvals" in shown
    assert "was changed" not in shown
    for _ in range(4):
        club.clock.advance(minutes=1)
        await schedule.tick()
        await club.delivery_worker.drain()
    assert (await edition_numbered(club)).state == "draft"
    assert club.gateway.cards("digest") == []
    later = f"{club.clock.at + timedelta(minutes=2):%Y-%m-%d %H:%M}"
    if command == "schedule":
        await say_as_moderator(club, f"/edition approve {later}")
    assert "is approved" in words(await say_as_moderator(club, f"/edition approve {later}", name="Nia"))
    club.clock.advance(minutes=3)
    await schedule.tick()
    await club.delivery_worker.drain()
    await schedule.tick()
    assert (await edition_numbered(club)).state == "published"


async def test_an_approval_is_complete_when_the_club_comes_to_want_fewer(club: Harness) -> None:
    await set_up_week(club)
    await club.say("Root", "/clubadmin settings approvals 2", admin=True)
    await Scheduler(club.app).tick()
    await say_as_moderator(club, "/edition draft")
    assert "1 more" in words(await say_as_moderator(club, "/edition approve"))
    await club.say("Root", "/clubadmin settings approvals 1", admin=True)
    assert "No. 1 is approved" in words(await say_as_moderator(club, "/edition approve"))
    assert (await edition_numbered(club)).state == "approved"


@pytest.mark.parametrize("leaves", ["no moderator", "data deleted"])
async def test_the_approval_of_who_no_longer_moderates_does_not_count(club: Harness, leaves: str) -> None:
    await set_up_week(club)
    await club.say("Root", "/clubadmin settings approvals 2", admin=True)
    await Scheduler(club.app).tick()
    for name in ("Mia", "Nia", "Ola"):
        await club.say(name, "/my home")
        await club.say("Root", f"/clubadmin roles moderator {name}", admin=True)
    await say_as_moderator(club, "/edition draft")
    assert "1 more" in words(await club.say("Mia", "/edition approve"))
    assert "(Mia)" in words(draft_cards(club)[-1]) + words(club.gateway.edits)
    if leaves == "no moderator":
        removed = await club.say("Root", "/clubadmin roles moderator Mia remove=yes", admin=True)
        assert "Their approval of No. 1 was withdrawn" in words(removed)
    else:
        await club.say("Mia", "/my data delete sure=yes")
    assert "0 of 2 approvals" in words(club.gateway.edits[-1][1])
    assert "1 more" in words(await club.say("Nia", "/edition approve"))
    assert "No. 1 is approved" in words(await club.say("Ola", "/edition approve"))
    removed = await club.say("Root", "/clubadmin roles moderator Nia remove=yes", admin=True)
    assert "approval" not in words(removed), "the edition was approved while she moderated"
    assert (await edition_numbered(club)).state == "approved"


async def test_a_draft_made_anew_must_be_approved_anew(club: Harness) -> None:
    await set_up_week(club)
    await club.say("Root", "/clubadmin settings approvals 2", admin=True)
    await say_as_moderator(club, "/edition draft")
    await say_as_moderator(club, "/edition approve now")
    await say_as_moderator(club, "/edition draft")
    assert "1 more" in words(await say_as_moderator(club, "/edition approve now", name="Nia"))


async def test_an_approval_can_be_taken_back_before_anything_is_posted(club: Harness) -> None:
    await set_up_week(club)
    await Scheduler(club.app).tick()
    await say_as_moderator(club, "/edition draft")
    await say_as_moderator(club, "/edition approve")
    assert (await edition_numbered(club)).state == "approved"
    await say_as_moderator(club, "/edition unapprove")
    made = await edition_numbered(club)
    assert (made.state, made.sha) == ("draft", "")
    async with club.app.store.read(CLUB) as db:
        assert await db.submissions.edition_item((await submission_numbered(club, 1)).id) is None
    await say_as_moderator(club, "/edition approve now")
    assert len(club.gateway.cards("digest")) == 5
    answer = await club.say("Mo", "/edition unapprove", moderator=True)
    assert answer.failed
    assert "being posted" in words(answer)


@pytest.mark.parametrize(
    ("line", "why"),
    [("/curate drop 1 off topic", "#1 is removed from the list"), ("/curate merge 1 2", "#1 was merged into another")],
)
async def test_a_paper_that_left_since_the_draft_stops_the_approval(club: Harness, line: str, why: str) -> None:
    await set_up_week(club)
    await say_as_moderator(club, "/edition draft")
    await say_as_moderator(club, line)
    if "merge" in line:
        await say_as_moderator(club, f"{line} sure=yes")
    assert "✗" in words(await say_as_moderator(club, "/edition preview"))
    answer = await club.say("Mo", "/edition approve now", moderator=True)
    assert answer.failed
    assert why in words(answer)
    await say_as_moderator(club, "/edition draft")
    assert submission_numbers(await document_of(club)) == [2, 3]
    await say_as_moderator(club, "/edition approve now")


async def test_it_goes_out_when_it_is_scheduled(club: Harness) -> None:
    await set_up_week(club)
    await say_as_moderator(club, "/edition draft")
    assert "Tue 2 Dec 2025, 10:00" in words(await say_as_moderator(club, "/edition schedule tue 10:00"))
    await say_as_moderator(club, "/edition approve")
    schedule = Scheduler(club.app)
    await schedule.tick()
    assert club.gateway.cards("digest") == []
    club.clock.advance(days=1, hours=1)
    await schedule.tick()
    await club.delivery_worker.drain()
    assert len(club.gateway.cards("digest")) == 5


async def test_now_dates_an_edition_today_and_leaves_the_next_due_time_as_it_is(club: Harness) -> None:
    await set_up_week(club)
    schedule = Scheduler(club.app)
    await schedule.tick()
    await say_as_moderator(club, "/edition draft")
    assert (await document_of(club)).issued == datetime(2025, 12, 8, 9, tzinfo=UTC), "it is made for the next due time"
    await say_as_moderator(club, "/edition approve now")
    await schedule.tick()
    made = await document_of(club)
    assert (await edition_numbered(club)).state == "published"
    assert (made.issued, made.title) == (club.clock(), "Weekly Update — 1 December 2025")
    async with club.app.store.read(CLUB) as db:
        slot = await db.slots.next()
    assert slot
    assert (slot.state, slot.key) == ("due", "2025-W50")
    club.clock.advance(days=7)
    await schedule.tick()
    await club.delivery_worker.drain()
    notice = club.gateway.cards("digest")[-1]
    assert "Nobody submitted a paper since No. 1 came out" in words(notice)


@pytest.mark.parametrize("rule", ["publish", "hold", "skip"])
async def test_now_on_a_draft_that_nobody_approved_asks_for_approval_whatever_the_clubs_rule(
    club: Harness, rule: str
) -> None:
    await set_up_week(club)
    schedule = Scheduler(club.app)
    await schedule.tick()
    await club.say("Root", f"/clubadmin settings at_deadline {rule}", admin=True)
    await say_as_moderator(club, "/edition draft")
    refused = await club.say("Mo", "/edition schedule now", moderator=True)
    assert refused.failed
    assert "not approved yet" in words(refused)
    for state in ("draft", "published"):
        for _ in range(3):
            await schedule.tick()
            await club.delivery_worker.drain()
        async with club.app.store.read(CLUB) as db:
            made = await db.editions.get(1)
            slot = await db.slots.next()
        assert made
        assert made.state == state
        if state == "draft":
            await press(club, refused, "Approve and publish now", "Mo", moderator=True)
    assert slot
    assert slot.key == "2025-W50"


async def test_what_was_approved_is_what_goes_out_or_nothing_does(club: Harness) -> None:
    await set_up_week(club)
    await say_as_moderator(club, "/edition draft")
    await say_as_moderator(club, "/edition schedule tue 10:00")
    await say_as_moderator(club, "/edition approve")
    async with club.app.store.begin(CLUB) as db:
        changed = await db.editions.current(lock=True)
        assert changed is not None
        changed.document = changed.document | {"headline": "Changed behind everyone's back"}
    club.clock.advance(days=2)
    with pytest.raises(RuntimeError, match="not what was approved"):
        await publishing.publish(club.app, CLUB, 1)
    assert club.gateway.cards("digest") == []


async def test_a_skipped_edition_says_so_and_leaves_its_number_and_papers(club: Harness) -> None:
    await set_up_week(club)
    await Scheduler(club.app).tick()
    await say_as_moderator(club, "/edition draft")
    await say_as_moderator(club, "/edition skip a holiday week")
    [notice] = club.gateway.cards("digest")
    assert (notice.title, paragraphs(notice)) == ("No edition this time", "a holiday week")
    assert await current_edition(club) is None
    assert words(club.gateway.edits[-1]).count("Canceled")
    await say_as_moderator(club, "/edition draft")
    assert submission_numbers(await document_of(club, 1)) == [2, 3, 1]
    assert len(draft_cards(club)) == 2, "a new draft is a new post"
