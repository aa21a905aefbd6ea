"""Events, installations and consent: stored once, claimed once, deleted in time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from bot.domain.links.identify import SiteKind
from bot.domain.models import Edition, EditionState, InboxState, Installation, MemberQuote, Paper, Submission
from bot.store import Store

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)


async def test_an_event_is_received_once_and_handled_once(store: Store) -> None:
    async with store.admin_session() as admin:
        assert await admin.events.receive("slack:Ev1", "slack", {"a": 1}, NOW)
        assert not await admin.events.receive("slack:Ev1", "slack", {"a": 2}, NOW)
        assert await admin.events.receive("slack:Ev2", "slack", {}, NOW, state=InboxState.DONE)
    async with store.read_admin_session() as admin:
        assert await admin.events.unhandled("slack", NOW) == [], "it may be handled at this moment"
        (left,) = await admin.events.unhandled("slack", LATER)
        assert left.payload == {"a": 1}
    async with store.admin_session() as admin:
        assert await admin.events.claim(left, LATER)
    async with store.admin_session() as admin:
        assert not await admin.events.claim(left, LATER), "another process was quicker"
        await admin.events.mark_handled("slack:Ev1")
    async with store.read_admin_session() as admin:
        assert await admin.events.unhandled("slack", LATER + timedelta(days=1)) == []


async def test_a_handled_event_keeps_its_key_but_not_its_payload(store: Store) -> None:
    async with store.admin_session() as admin:
        await admin.events.receive("a", "slack", {"text": "private"}, NOW)
        await admin.events.receive("b", "slack", {"text": "broken"}, NOW)
        await admin.events.mark_handled("a")
        await admin.events.mark_handled("b", InboxState.FAILED)
        assert not await admin.events.receive("a", "slack", {"text": "again"}, LATER)
        await admin.events.delete_before("slack", LATER)
        assert await admin.events.receive("a", "slack", {}, LATER)


def installation(team: str, token: str) -> Installation:
    return Installation(
        platform="slack", external_id=team, name="", token=token, bot_user="U0", bot_id="B0", scopes=["a"],
        installed_by="U1", at=NOW,
    )  # fmt: skip


async def test_a_newer_installation_replaces_the_earlier_one(store: Store) -> None:
    async with store.admin_session() as admin:
        await admin.installations.save(installation("T1", "one"))
        await admin.installations.save(installation("T1", "two"))
        await admin.installations.save(installation("T2", "three"))
    async with store.admin_session() as admin:
        first = await admin.installations.get("slack", "T1")
        assert first is not None
        assert first.token == "two"
        await admin.installations.replace_token(first.id, "one", "stale")
        await admin.installations.replace_token(first.id, "two", "encrypted anew")
        await admin.installations.delete_token("slack", "T2")
    async with store.read_admin_session() as admin:
        assert [i.token for i in await admin.installations.all("slack")] == ["encrypted anew"]
        assert await admin.installations.get("slack", "T2") is None


async def test_an_install_attempt_works_once_in_its_browser_before_it_expires(store: Store) -> None:
    async with store.admin_session() as admin:
        await admin.installations.start_attempt("state", "cookie", NOW, LATER)
        assert not await admin.installations.finish_attempt("state", "another", NOW)
        assert not await admin.installations.finish_attempt("another", "cookie", NOW)
        assert not await admin.installations.finish_attempt("state", "cookie", LATER), "too late"
        assert await admin.installations.finish_attempt("state", "cookie", NOW)
        assert not await admin.installations.finish_attempt("state", "cookie", NOW), "used"


async def test_only_quotes_with_consent_are_listed_until_revoked(store: Store) -> None:
    async with store.admin_session() as admin:
        club = await admin.directory.create_club("Readers", "UTC", NOW)
        other = await admin.directory.create_club("Others", "UTC", NOW)
    async with store.begin(club.id) as db:
        ada = await db.members.get_or_create("slack", "U1", "Ada", "T1", NOW)
        paper = await db.papers.get_or_create_own("web:1:a", "https://a.test", SiteKind.NEWS, "A title", now=NOW)
        assert isinstance(paper, Paper)
        brought = await db.submissions.add(Submission(paper_id=paper.id, member_id=ada.id, submitted_at=NOW))
        said = await db.member_quotes.add(_quote(ada.id, brought.id, "Ada"))
    async with store.begin(club.id) as db:
        again = await db.member_quotes.add(_quote(ada.id, brought.id, ""))
        assert (again.id, again.credit) == (said.id, ""), "the newest consent stands"
        assert [s.text for s in await db.member_quotes.about([brought.id])] == ["It reads well."]
    async with store.read(other.id) as db:
        assert await db.member_quotes.about([brought.id]) == [], "no club sees another's"
        assert await db.member_quotes.get(said.id) is None
    async with store.begin(club.id) as db:
        kept = await db.member_quotes.get(said.id)
        assert kept is not None
        await db.member_quotes.revoke(kept, LATER)
    async with store.read(club.id) as db:
        assert await db.member_quotes.about([brought.id]) == []
        assert await db.member_quotes.by_member(ada.id) == []


def _quote(member: int, submission: int, credit: str) -> MemberQuote:
    return MemberQuote(member_id=member, submission_id=submission, text="It reads well.", credit=credit, at=NOW)


async def test_a_time_from_a_wrong_clock_delays_no_request(store: Store) -> None:
    gap = timedelta(seconds=3)
    async with store.admin_session() as admin:
        assert await admin.rate_gates.reserve("arxiv", gap, NOW + timedelta(days=1)) == NOW + timedelta(days=1)
    async with store.admin_session() as admin:
        assert await admin.rate_gates.reserve("arxiv", gap, NOW) == NOW, "the clock was put right"
        waits = [await admin.rate_gates.reserve("arxiv", gap, NOW) for _ in range(150)]
        assert waits[-1] == NOW + 150 * gap, "a long queue is no wrong clock"


async def test_a_club_makes_one_edition_at_a_time(store: Store) -> None:
    async with store.admin_session() as admin:
        club = await admin.directory.create_club("Readers", "UTC", NOW)

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
