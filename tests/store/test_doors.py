"""Events, installations and consent: what is written down once, taken once, and forgotten in time."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from bot.domain.links import Kind
from bot.domain.models import Edition, EditionState, InboxState, Installation, Paper, Saying, Submission
from bot.store import Store
from tests.stand_ins import open_store

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)


@pytest.fixture
async def store(url: str) -> AsyncIterator[Store]:
    opened = open_store(url)
    yield opened
    await opened.close()


async def test_an_event_is_received_once_and_handled_once(store: Store) -> None:
    async with store.house() as house:
        assert await house.events.receive("slack:Ev1", "slack", {"a": 1}, NOW)
        assert not await house.events.receive("slack:Ev1", "slack", {"a": 2}, NOW)
        assert await house.events.receive("slack:Ev2", "slack", {}, NOW, state=InboxState.DONE)
    async with store.look() as house:
        assert await house.events.unhandled("slack", NOW) == [], "it may be handled at this moment"
        (left,) = await house.events.unhandled("slack", LATER)
        assert left.payload == {"a": 1}
    async with store.house() as house:
        assert await house.events.take(left, LATER)
    async with store.house() as house:
        assert not await house.events.take(left, LATER), "another process was quicker"
        await house.events.handled("slack:Ev1")
    async with store.look() as house:
        assert await house.events.unhandled("slack", LATER + timedelta(days=1)) == []


async def test_a_handled_event_keeps_its_key_but_not_its_text_until_it_is_forgotten(store: Store) -> None:
    async with store.house() as house:
        await house.events.receive("a", "slack", {"text": "private"}, NOW)
        await house.events.receive("b", "slack", {"text": "broken"}, NOW)
        await house.events.handled("a")
        await house.events.handled("b", InboxState.FAILED)
        assert not await house.events.receive("a", "slack", {"text": "again"}, LATER)
        await house.events.forget("slack", LATER)
        assert await house.events.receive("a", "slack", {}, LATER)


def installation(team: str, token: str) -> Installation:
    return Installation(
        platform="slack", external_id=team, name="", token=token, bot_user="U0", bot_id="B0", scopes=["a"],
        installed_by="U1", at=NOW,
    )  # fmt: skip


async def test_the_newest_installation_of_a_workspace_stands(store: Store) -> None:
    async with store.house() as house:
        await house.installing.save(installation("T1", "one"))
        await house.installing.save(installation("T1", "two"))
        await house.installing.save(installation("T2", "three"))
    async with store.house() as house:
        first = await house.installing.of("slack", "T1")
        assert first is not None
        assert first.token == "two"
        await house.installing.renew(first.id, "one", "stale")
        await house.installing.renew(first.id, "two", "encrypted anew")
        await house.installing.end("slack", "T2")
    async with store.look() as house:
        assert [i.token for i in await house.installing.all("slack")] == ["encrypted anew"]
        assert await house.installing.of("slack", "T2") is None


async def test_a_visit_to_the_install_page_counts_once_in_its_own_browser_and_in_time(store: Store) -> None:
    async with store.house() as house:
        await house.installing.set_out("state", "cookie", NOW, LATER)
        assert not await house.installing.come_back("state", "another", NOW)
        assert not await house.installing.come_back("another", "cookie", NOW)
        assert not await house.installing.come_back("state", "cookie", LATER), "too late"
        assert await house.installing.come_back("state", "cookie", NOW)
        assert not await house.installing.come_back("state", "cookie", NOW), "used"


async def test_only_what_members_agreed_to_is_quoted_until_they_take_it_back(store: Store) -> None:
    async with store.house() as house:
        club = await house.found("Readers", "UTC", NOW)
        other = await house.found("Others", "UTC", NOW)
    async with store.begin(club.id) as db:
        ada = await db.members.arrive("slack", "U1", "Ada", "T1", NOW)
        paper = await db.papers.own("web:1:a", "https://a.test", Kind.NEWS, "A title", now=NOW)
        assert isinstance(paper, Paper)
        brought = await db.submissions.add(Submission(paper_id=paper.id, member_id=ada.id, submitted_at=NOW))
        said = await db.sayings.agree(_saying(ada.id, brought.id, "Ada"))
    async with store.begin(club.id) as db:
        again = await db.sayings.agree(_saying(ada.id, brought.id, ""))
        assert (again.id, again.credit) == (said.id, ""), "the newest consent stands"
        assert [s.text for s in await db.sayings.about([brought.id])] == ["It reads well."]
    async with store.read(other.id) as db:
        assert await db.sayings.about([brought.id]) == [], "no club sees another's"
        assert await db.sayings.get(said.id) is None
    async with store.begin(club.id) as db:
        kept = await db.sayings.get(said.id)
        assert kept is not None
        await db.sayings.revoke(kept, LATER)
    async with store.read(club.id) as db:
        assert await db.sayings.about([brought.id]) == []
        assert await db.sayings.by_member(ada.id) == []


def _saying(member: int, submission: int, credit: str) -> Saying:
    return Saying(member_id=member, submission_id=submission, text="It reads well.", credit=credit, at=NOW)


async def test_a_clock_that_was_ahead_keeps_no_turn_waiting(store: Store) -> None:
    gap = timedelta(seconds=3)
    async with store.house() as house:
        assert await house.take_turn("arxiv", gap, NOW + timedelta(days=1)) == NOW + timedelta(days=1)
    async with store.house() as house:
        assert await house.take_turn("arxiv", gap, NOW) == NOW, "the clock was put right"
        waits = [await house.take_turn("arxiv", gap, NOW) for _ in range(150)]
        assert waits[-1] == NOW + 150 * gap, "a long queue is no wrong clock"


async def test_a_club_makes_one_edition_at_a_time(store: Store) -> None:
    async with store.house() as house:
        club = await house.found("Readers", "UTC", NOW)

    async def draft(number: int) -> None:
        async with store.begin(club.id) as db:
            await db.editions.add(
                Edition(
                    number=number,
                    template="weekly-update",
                    title="News",
                    since=NOW,
                    until=LATER,
                    drafted_at=NOW,
                    document={},
                )
            )

    await draft(1)
    with pytest.raises(IntegrityError):  # two processes may each have found none, and the second another number
        await draft(2)
    async with store.begin(club.id) as db:
        made = await db.editions.current(lock=True)
        assert made is not None
        made.state = EditionState.PUBLISHED
    await draft(2)
