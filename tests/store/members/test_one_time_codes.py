"""One-time codes work once, in time, for their purpose and club; inbox events are handled once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.domain.models import CodePurpose, InboxEvent, InboxState, OneTimeCode
from bot.store import Store
from tests.stand_ins import open_store

NOW = datetime(2025, 12, 1, 9, 0, tzinfo=UTC)
UNTIL = NOW + timedelta(minutes=10)
INSTANT = timedelta(microseconds=1)


@dataclass(slots=True)
class Codes:
    store: Store
    mine: int
    other: int
    ada: int

    async def give(self, digest: str, purpose: CodePurpose = CodePurpose.LINK_ACCOUNT, until: datetime = UNTIL) -> None:
        async with self.store.begin(self.mine) as db:
            await db.codes.issue(digest, purpose, self.ada, NOW, until)

    async def use(
        self, digest: str, purpose: CodePurpose = CodePurpose.LINK_ACCOUNT, now: datetime = NOW, club: int = 0
    ) -> int | None:
        """Use it up in a club, as a member who links an account does."""
        async with self.store.begin(club or self.mine) as db:
            return await db.codes.redeem(digest, purpose, now)

    async def anywhere(self, digest: str, purpose: CodePurpose = CodePurpose.LINK_ACCOUNT, now: datetime = NOW) -> bool:
        """Use it up in whichever club it is of, as a workspace that is connected does."""
        async with self.store.admin_session() as admin:
            return await admin.redeem_code(digest, purpose, now) is not None


@pytest.fixture
async def codes(url: str) -> AsyncIterator[Codes]:
    store = open_store(url)
    async with store.admin_session() as admin:
        mine, other = [(await admin.directory.create_club(name, "UTC", NOW)).id for name in ("Readers", "Others")]
    async with store.begin(mine) as db:
        ada = (await db.members.get_or_create("slack", "U1", "Ada", "T1", NOW)).id
    yield Codes(store, mine, other, ada)
    await store.close()


async def test_a_code_works_once_before_it_expires_for_its_purpose_and_club(codes: Codes) -> None:
    await codes.give("h1")
    assert await codes.use("h2") is None
    assert await codes.use("h1", CodePurpose.CONNECT_WORKSPACE) is None
    assert await codes.use("h1", now=UNTIL) is None
    assert await codes.use("h1", club=codes.other) is None
    assert await codes.use("h1", now=UNTIL - INSTANT) == codes.ada
    assert await codes.use("h1") is None
    assert not await codes.anywhere("h1")


async def test_a_workspace_code_works_once_before_it_expires_for_its_purpose(codes: Codes) -> None:
    await codes.give("h1")
    assert not await codes.anywhere("h2")
    assert not await codes.anywhere("h1", CodePurpose.CONNECT_WORKSPACE)
    assert not await codes.anywhere("h1", now=UNTIL)
    assert await codes.anywhere("h1", now=UNTIL - INSTANT)
    assert not await codes.anywhere("h1")
    assert await codes.use("h1") is None


async def test_one_of_many_concurrent_uses_of_a_code_succeeds(codes: Codes) -> None:
    await codes.give("h1")
    used = await asyncio.gather(*(codes.use("h1") for _ in range(6)))
    assert sorted(used, key=str) == [codes.ada] + [None] * 5


async def test_a_new_code_replaces_only_an_earlier_one_for_the_same_purpose(codes: Codes) -> None:
    await codes.give("h1")
    await codes.give("h2")
    await codes.give("h3", CodePurpose.CONNECT_WORKSPACE)
    assert await codes.use("h1") is None
    assert await codes.use("h2") == codes.ada
    assert await codes.use("h3", CodePurpose.CONNECT_WORKSPACE) == codes.ada


async def test_a_new_code_ends_no_code_of_others_but_those_that_have_expired(codes: Codes) -> None:
    async with codes.store.begin(codes.mine) as db:
        bob = (await db.members.get_or_create("slack", "U2", "Bob", "T1", NOW)).id
        await db.codes.issue("bob", CodePurpose.LINK_ACCOUNT, bob, NOW, UNTIL)
        await db.codes.issue("connect", CodePurpose.CONNECT_WORKSPACE, codes.ada, NOW, UNTIL)
    async with codes.store.begin(codes.other) as db:
        await db.codes.issue("theirs", CodePurpose.LINK_ACCOUNT, codes.ada, NOW, UNTIL)
        cy = (await db.members.get_or_create("slack", "U3", "Cy", "T2", NOW)).id
        await db.codes.issue("old, theirs", CodePurpose.LINK_ACCOUNT, cy, NOW, NOW - INSTANT)

    async def stored() -> set[str]:
        async with codes.store.read_admin_session() as admin:
            return set((await admin._session.scalars(select(OneTimeCode.hash))).all())

    await codes.give("mine")
    others = {"bob", "connect", "theirs", "old, theirs"}
    assert await stored() == {"mine", *others}
    async with codes.store.begin(codes.mine) as db:
        await db.codes.issue("newer", CodePurpose.LINK_ACCOUNT, codes.ada, UNTIL, UNTIL + INSTANT)
    assert await stored() == {"newer", *others}, "the code of Bob expires just now"
    async with codes.store.begin(codes.mine) as db:
        await db.codes.issue("newest", CodePurpose.LINK_ACCOUNT, codes.ada, UNTIL + INSTANT, UNTIL + 2 * INSTANT)
    assert await stored() == {"newest", *others} - {"bob"}


async def test_a_used_code_says_when_and_whose_it_was(codes: Codes) -> None:
    await codes.give("h1")
    await codes.give("h2", CodePurpose.CONNECT_WORKSPACE)
    async with codes.store.admin_session() as admin:
        used = await admin.redeem_code("h1", CodePurpose.LINK_ACCOUNT, NOW)
        assert used is not None
        assert (used.hash, used.club_id, used.member_id, used.used_at) == ("h1", codes.mine, codes.ada, NOW)
    assert await codes.anywhere("h2", CodePurpose.CONNECT_WORKSPACE), "it was not used up with the other"


async def test_fifty_events_are_taken_up_at_a_time_oldest_first_and_each_by_itself(codes: Codes) -> None:
    async with codes.store.admin_session() as admin:
        for number in reversed(range(55)):
            await admin.events.receive(f"e{number:02}", "slack", {"of": number}, NOW + number * INSTANT)
        await admin.events.receive("d", "discord", {}, NOW)
    async with codes.store.admin_session() as admin:
        waiting = await admin.events.unhandled("slack", UNTIL)
        assert [one.key for one in waiting] == [f"e{number:02}" for number in range(50)]
        assert {one.tries for one in waiting} == {0}
        assert len(await admin.events.unhandled("slack", UNTIL, limit=3)) == 3
        assert await admin.events.claim(InboxEvent(key="e00", tries=0), UNTIL)
        assert not await admin.events.claim(InboxEvent(key="e01", tries=1), UNTIL), "as it is not any more"
        await admin.events.mark_handled("e02")
        await admin.events.mark_handled("e03", InboxState.FAILED)
    async with codes.store.admin_session() as admin:
        rows = {one.key: one for one in (await admin._session.scalars(select(InboxEvent))).all()}
        assert [(rows[f"e0{n}"].tries, rows[f"e0{n}"].state, rows[f"e0{n}"].payload) for n in range(5)] == [
            (1, "new", {"of": 0}),
            (0, "new", {"of": 1}),
            (0, "done", {}),
            (0, "failed", {"of": 3}),
            (0, "new", {"of": 4}),
        ]
        assert not await admin.events.claim(InboxEvent(key="e03", tries=0), UNTIL)
        assert await admin.events.unhandled("slack", NOW + 5 * INSTANT) == [rows["e01"], rows["e04"]]
        await admin.events.delete_before("slack", NOW + 54 * INSTANT)
    async with codes.store.admin_session() as admin:
        left = (await admin._session.scalars(select(InboxEvent.key).order_by(InboxEvent.key))).all()
        assert left == ["d", "e00", "e54"], "what came later, or was tried again later"


async def test_one_process_claims_an_unhandled_event(codes: Codes) -> None:
    async with codes.store.admin_session() as admin:
        assert await admin.events.receive("e1", "slack", {"a": 1}, NOW)
        assert not await admin.events.receive("e1", "slack", {"a": 2}, NOW), "it came before"
        assert list(await admin.events.unhandled("slack", NOW)) == []
        assert list(await admin.events.unhandled("discord", NOW + INSTANT)) == []
        (seen,) = await admin.events.unhandled("slack", NOW + INSTANT)

    async def take() -> bool:
        async with codes.store.admin_session() as admin:
            return await admin.events.claim(InboxEvent(key=seen.key, tries=seen.tries), NOW + INSTANT)

    assert sum(await asyncio.gather(*(take() for _ in range(4)))) == 1
    async with codes.store.admin_session() as admin:
        assert list(await admin.events.unhandled("slack", NOW + INSTANT)) == [], "it is under way again"
        (again,) = await admin.events.unhandled("slack", NOW + 2 * INSTANT)
        assert (again.tries, again.payload) == (1, {"a": 1})
        await admin.events.mark_handled("e1")
        assert list(await admin.events.unhandled("slack", UNTIL)) == []
        assert not await admin.events.claim(again, UNTIL), "it is done"
        assert not await admin.events.receive("e1", "slack", {"a": 1}, UNTIL)


async def test_old_events_are_deleted_and_failed_ones_keep_their_payload(codes: Codes) -> None:
    async with codes.store.admin_session() as admin:
        for key, platform in (("e1", "slack"), ("e2", "discord"), ("e3", "slack")):
            await admin.events.receive(key, platform, {"of": key}, NOW if key != "e3" else UNTIL)
        await admin.events.mark_handled("e3", InboxState.FAILED)
        await admin.events.delete_before("slack", UNTIL)
    async with codes.store.admin_session() as admin:
        left = {one.key: one for one in (await admin._session.scalars(select(InboxEvent))).all()}
        assert set(left) == {"e2", "e3"}
        assert (left["e3"].state, left["e3"].payload) == ("failed", {"of": "e3"})
        await admin.events.mark_handled("e2")
        await admin._session.refresh(left["e2"])
        assert (left["e2"].state, left["e2"].payload) == ("done", {})
