"""Deliveries: planned once, claimed by one process under a lease, settled by the holder of the claim."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.domain.models import Club, Delivery, DeliveryKind, Room
from bot.store import Store
from bot.store.admin.restored_database import BACKED_UP_AT
from bot.store.delivery.claims import DueKind
from tests.stand_ins import open_store

NOW = datetime(2025, 12, 1, 9, 0, tzinfo=UTC)
LEASE = timedelta(minutes=2)
INSTANT = timedelta(microseconds=1)
CARD = {"title": "A card"}


@dataclass(slots=True)
class Posts:
    """Two clubs on one database, each with a Slack workspace and rooms."""

    store: Store
    club: Club
    other: Club
    rooms: dict[str, Room]

    async def plan(self, *parts: int, room: str = "digest", subject: int = 1, now: datetime = NOW) -> list[bool]:
        place = self.rooms[room]
        async with self.store.begin(place.club_id) as db:
            return [
                await db.deliveries.plan(DeliveryKind.SKIP_NOTICE, subject, place, now, part=n, card=CARD)
                for n in parts
            ]

    async def take(
        self,
        what: str = "claim_ready",
        owner: str = "one",
        now: datetime = NOW,
        busy_rooms: Collection[int] = (),
        on: str = "slack",
    ) -> list[tuple[int, int]]:
        """Claim deliveries. Returns room and part of each."""
        return [(row.room_id, row.part) for row in await self.rows(what, owner, now, busy_rooms, on)]

    async def rows(
        self,
        what: str = "claim_ready",
        owner: str = "one",
        now: datetime = NOW,
        busy_rooms: Collection[int] = (),
        on: str = "slack",
    ) -> Sequence[Delivery]:
        async with self.store.admin_session() as admin:
            found: Sequence[Delivery] = await getattr(admin.claims, what)([on], owner, now, LEASE, busy_rooms)
            return found

    async def all(self, subject: int = 1, club: Club | None = None) -> list[Delivery]:
        async with self.store.read((club or self.club).id) as db:
            return list(await db.deliveries.by_subject(DeliveryKind.SKIP_NOTICE, subject))

    async def settle(self, row: Delivery, holder: str, **values: Any) -> bool:
        async with self.store.begin(row.club_id) as db:
            return await db.deliveries.settle(row.id, holder, **values)

    async def change(self, row: Delivery, **values: Any) -> None:
        """Change a row, whoever holds it."""
        async with self.store.admin_session() as admin:
            found = await admin._session.get_one(Delivery, row.id)
            for name, value in values.items():
                setattr(found, name, value)

    def id(self, room: str = "digest") -> int:
        return self.rooms[room].id


@pytest.fixture
async def posts(url: str) -> AsyncIterator[Posts]:
    store = open_store(url)
    async with store.admin_session() as admin:
        club, other = [await admin.directory.create_club(name, "UTC", NOW) for name in ("Readers", "Others")]
        workspaces = {c.id: await admin.directory.join(c, "slack", f"T{c.id}", c.name) for c in (club, other)}
    rooms = {}
    for name, of in (("digest", club), ("papers", club), ("theirs", other)):
        async with store.begin(of.id) as db:
            rooms[name] = await db.rooms.assign(workspaces[of.id].id, f"C-{name}", "digest", name)
    yield Posts(store, club, other, rooms)
    await store.close()


async def test_a_part_is_planned_once_for_a_room(posts: Posts) -> None:
    assert await posts.plan(0, 1, 0) == [True, True, False]
    assert await posts.plan(0, room="papers") == [True], "another room is another post"
    assert await posts.plan(0, subject=2) == [True]
    assert len(await posts.all()) == 3


async def test_a_claimed_delivery_is_marked_as_sending(posts: Posts) -> None:
    await posts.plan(0)
    (row,) = await posts.rows()
    assert (row.state, row.owner, row.lease_until, row.attempts) == ("sending", "one", NOW + LEASE, 1)
    assert (row.first_tried_at, row.last_tried_at) == (NOW, NOW)
    assert await posts.take(owner="two", now=NOW + timedelta(days=1)) == [], "what may be under way is never taken"


async def test_a_second_attempt_keeps_the_time_of_the_first(posts: Posts) -> None:
    await posts.plan(0)
    (row,) = await posts.rows()
    assert await posts.settle(row, "one", state="ready")
    (again,) = await posts.rows(now=NOW + LEASE)
    assert (again.first_tried_at, again.last_tried_at, again.attempts) == (NOW, NOW + LEASE, 2)


async def test_no_delivery_is_claimed_before_its_time(posts: Posts) -> None:
    await posts.plan(0, now=NOW + INSTANT)
    assert await posts.take() == []
    assert await posts.take(now=NOW + INSTANT) == [(posts.id(), 0)]


async def test_each_room_gets_one_part_at_a_time_in_order(posts: Posts) -> None:
    await posts.plan(0, 1, 2)
    await posts.plan(0, room="papers")
    await posts.plan(0, room="theirs")
    assert await posts.take() == [(posts.id(), 0), (posts.id("papers"), 0), (posts.id("theirs"), 0)]
    assert await posts.take() == [], "the next part waits for the first"
    first = (await posts.all())[0]
    await posts.change(first, state="sent", lease_until=None)
    assert await posts.take() == [(posts.id(), 1)]


async def test_a_part_of_unknown_outcome_delays_no_other(posts: Posts) -> None:
    await posts.plan(0, 1)
    await posts.change((await posts.all())[0], state="unknown")
    assert await posts.take() == [(posts.id(), 1)], "people are asked about the first; the rest goes on"


@pytest.mark.parametrize("state", ["failed", "skipped", "sent"])
async def test_a_settled_part_delays_no_other(posts: Posts, state: str) -> None:
    await posts.plan(0, 1)
    await posts.change((await posts.all())[0], state=state)
    assert await posts.take() == [(posts.id(), 1)]


async def test_a_part_delays_only_its_own_post_in_its_own_room(posts: Posts) -> None:
    await posts.plan(0)
    await posts.plan(1, room="papers")
    await posts.plan(1, subject=2)
    await posts.plan(1, room="theirs")
    await posts.change((await posts.all())[0], state="unknown")
    assert sorted(await posts.take()) == [(posts.id(), 1), (posts.id("papers"), 1), (posts.id("theirs"), 1)]


async def test_unreachable_and_busy_rooms_are_skipped(posts: Posts) -> None:
    await posts.plan(0)
    assert await posts.take(on="discord") == []
    assert await posts.take(busy_rooms=[posts.id()]) == []
    for active, found in ((False, []), (True, [(posts.id(), 0)])):
        async with posts.store.admin_session() as admin:
            (await admin._session.get_one(Room, posts.id())).active = active
        assert await posts.take() == found
    await posts.change((await posts.all())[0], state="ready", lease_until=None)
    async with posts.store.admin_session() as admin:
        assert await admin.directory.leave("slack", f"T{posts.club.id}", "removed", NOW)
        assert not await admin.directory.leave("slack", f"T{posts.club.id}", "removed", NOW), "that is no news"
        assert not await admin.directory.leave("slack", "T99", "removed", NOW)
    assert await posts.take() == []


async def test_only_the_owner_of_a_claim_stores_the_result(posts: Posts) -> None:
    await posts.plan(0)
    (row,) = await posts.rows()
    assert not await posts.settle(row, "two", state="sent", message="m2")
    row.club_id = posts.other.id
    assert not await posts.settle(row, "one", state="sent", message="m3"), "another club's"
    row.club_id = posts.club.id
    assert await posts.settle(row, "one", state="sent", message="m1")
    (now,) = await posts.all()
    assert (now.state, now.message, now.lease_until) == ("sent", "m1", None)


async def test_a_post_of_a_dead_process_gets_an_unknown_outcome(posts: Posts) -> None:
    await posts.plan(0)
    await posts.rows()
    async with posts.store.admin_session() as admin:
        assert await admin.claims.release_expired(NOW + LEASE) == 0
        assert await admin.claims.due_kinds(NOW + LEASE + INSTANT)
        assert await admin.claims.release_expired(NOW + LEASE + INSTANT) == 1
        assert await admin.claims.release_expired(NOW + LEASE + INSTANT) == 0
        assert await admin.claims.doubtful_since() == NOW
    (row,) = await posts.all()
    assert (row.state, row.had_unknown, row.lease_until, row.looks) == ("unknown", True, None, 0)
    assert "stopped" in row.error
    assert await posts.take() == [], "it is not posted again blindly"


async def test_one_process_at_a_time_checks_a_doubtful_post(posts: Posts) -> None:
    await posts.plan(0)
    await posts.change((await posts.all())[0], state="unknown")
    assert await posts.take("claim_unknown") == [(posts.id(), 0)]
    assert await posts.take("claim_unknown", "two", NOW + LEASE) == []
    assert await posts.take("claim_unknown", "two", NOW + LEASE + INSTANT) == [(posts.id(), 0)]
    (row,) = await posts.all()
    assert (row.state, row.owner) == ("unknown", "two")


async def test_one_process_updates_a_stale_post_and_its_mark_is_cleared(posts: Posts) -> None:
    await posts.plan(0)
    await posts.change((await posts.all())[0], state="sent", message="m1", stale=True)
    (row,) = await posts.rows("claim_stale")
    assert (row.stale, row.owner, row.lease_until) == (False, "one", NOW + LEASE)
    await posts.change(row, stale=True)
    assert await posts.take("claim_stale", "two") == [], "it is changed again, but the first is still drawing it"
    await posts.change(row, stale=False)
    async with posts.store.admin_session() as admin:
        assert await admin.claims.release_expired(NOW + LEASE + INSTANT) == 1
    assert await posts.take("claim_stale", "two", NOW + LEASE + INSTANT) == [(posts.id(), 0)]


async def test_the_longest_waiting_stale_post_of_a_room_is_first(posts: Posts) -> None:
    await posts.plan(0, now=NOW + INSTANT)
    await posts.plan(0, subject=2)
    for subject in (1, 2):
        await posts.change((await posts.all(subject))[0], state="sent", message="m1", stale=True)
    (row,) = await posts.rows("claim_stale", now=NOW + INSTANT)
    assert row.subject_id == 2


async def test_there_is_work_only_while_a_delivery_is_due(posts: Posts) -> None:
    async def due_kinds(now: datetime = NOW) -> frozenset[str]:
        async with posts.store.admin_session() as admin:
            return await admin.claims.due_kinds(now)

    async def has_work(now: datetime = NOW) -> bool:
        return bool(await due_kinds(now))

    assert not await has_work()
    await posts.plan(0, now=NOW + INSTANT)
    assert not await has_work()
    assert await due_kinds(NOW + INSTANT) == {"ready"}
    (row,) = await posts.all()
    for state, stale, kinds in (("unknown", False, {"unknown"}), ("sent", True, {"stale"}), ("sent", False, set())):
        await posts.change(row, state=state, stale=stale)
        assert await due_kinds(NOW + INSTANT) == kinds, state
    await posts.change(row, state="sending", lease_until=NOW)
    assert await due_kinds(NOW + INSTANT) == frozenset(DueKind), "what is let go may be due in another kind"
    await posts.change(row, lease_until=None)
    for state in ("failed", "skipped"):
        await posts.change(row, state=state, stale=True)
        assert not await has_work(NOW + INSTANT), state


async def test_a_club_sees_and_changes_only_its_own_posts(posts: Posts) -> None:
    await posts.plan(0)
    await posts.plan(0, room="theirs")
    async with posts.store.begin(posts.other.id) as db:
        assert await db.deliveries.replace_card(DeliveryKind.SKIP_NOTICE, 1, {"title": "Theirs"})
        await db.deliveries.replace_part_card(DeliveryKind.SKIP_NOTICE, 1, 0, {"title": "Theirs"})
        assert await db.deliveries.give_up(DeliveryKind.SKIP_NOTICE, 1, "too late") == 1
        assert [row.room_id for row in await db.deliveries.unfinished(DeliveryKind.SKIP_NOTICE, 1)] == []
    (mine,) = await posts.all()
    (theirs,) = await posts.all(club=posts.other)
    assert (mine.card, mine.state, mine.stale) == (CARD, "ready", False)
    assert (theirs.card, theirs.state, theirs.error, theirs.stale) == ({"title": "Theirs"}, "skipped", "too late", True)
    await posts.change(mine, state="failed")
    async with posts.store.begin(posts.other.id) as db:
        assert await db.deliveries.retry(NOW) == 0
        assert await db.deliveries.count_unfinished() == {}
        assert await db.deliveries.problems() == []
    async with posts.store.begin(posts.club.id) as db:
        assert await db.deliveries.count_unfinished() == {"failed": 1}
        assert len(await db.deliveries.problems()) == 1
        assert await db.deliveries.retry(NOW) == 1
    assert (await posts.all())[0].state == "ready"


async def test_a_retry_leaves_posts_of_unknown_outcome_alone(posts: Posts) -> None:
    await posts.plan(0, 1, 2)
    for row, state in zip(await posts.all(), ("unknown", "sending", "sent"), strict=True):
        await posts.change(row, state=state)
    async with posts.store.begin(posts.club.id) as db:
        assert await db.deliveries.retry(NOW) == 0
        assert await db.deliveries.give_up(DeliveryKind.SKIP_NOTICE, 1, "too late") == 0
        assert [row.part for row in await db.deliveries.unfinished(DeliveryKind.SKIP_NOTICE, 1)] == [0, 1]
    assert [row.state for row in await posts.all()] == ["unknown", "sending", "sent"]


async def test_a_replaced_card_changes_only_its_own_part(posts: Posts) -> None:
    await posts.plan(0, 1)
    await posts.plan(0, subject=2)
    async with posts.store.begin(posts.club.id) as db:
        await db.deliveries.replace_part_card(DeliveryKind.SKIP_NOTICE, 1, 1, {"title": "New"})
        assert not await db.deliveries.replace_card(DeliveryKind.SKIP_NOTICE, 3, {"title": "New"})
    assert [row.card for row in await posts.all()] == [CARD, {"title": "New"}]
    assert [row.card for row in await posts.all(2)] == [CARD]


async def test_a_message_is_found_in_its_own_room_and_club_only(posts: Posts) -> None:
    await posts.plan(0)
    (row,) = await posts.all()
    await posts.change(row, state="sent", message="m1")
    workspace = posts.rooms["digest"].workspace_id
    async with posts.store.read(posts.club.id) as db:
        found = await db.deliveries.by_message(workspace, "C-digest", "m1")
        assert found is not None
        assert found.id == row.id
        assert await db.deliveries.by_message(workspace, "C-papers", "m1") is None
        assert await db.deliveries.by_message(workspace, "C-digest", "m2") is None
        assert await db.deliveries.by_message(workspace + 1, "C-digest", "m1") is None
    async with posts.store.read(posts.other.id) as db:
        assert await db.deliveries.by_message(workspace, "C-digest", "m1") is None


async def test_a_key_names_its_database_and_rows_of_earlier_releases_keep_theirs(posts: Posts) -> None:
    await posts.plan(0, subject=1)
    async with posts.store.admin_session() as admin:
        assert not await admin.restored.prepare(NOW)
        assert not await admin.restored.prepare(NOW), "a start changes nothing"
    await posts.plan(0, subject=2)
    async with posts.store.admin_session() as admin:
        await admin.facts.store(BACKED_UP_AT, NOW.isoformat())
    async with posts.store.admin_session() as admin:
        assert await admin.restored.prepare(NOW)
        assert not await admin.restored.prepare(NOW), "once"
    await posts.plan(0, subject=3)
    async with posts.store.read(posts.club.id) as db:
        old, first, restored = [
            (await db.deliveries.by_subject(DeliveryKind.SKIP_NOTICE, subject))[0] for subject in (1, 2, 3)
        ]
    assert old.key == f"jc{old.id}"
    assert first.key != restored.key.replace(f"-{restored.id}", f"-{first.id}")
    assert first.key_prefix[:6] == restored.key_prefix[:6], "the installation is the same"
    assert Delivery(id=10**11 - 1, key_prefix=first.key_prefix).key.startswith("jc")
    assert len(Delivery(id=10**11 - 1, key_prefix=first.key_prefix).key) == 25, "as much as Discord's nonce takes"
    assert (old.state, restored.state) == ("unknown", "ready")


async def test_a_lease_is_renewed_without_waiting_for_a_row_that_is_being_changed(posts: Posts) -> None:
    """Else two transactions that change the same posts in another order deadlock on PostgreSQL."""
    if not posts.store.is_exclusive:
        await posts.plan(0, room="digest")
        await posts.plan(0, room="papers", subject=1)
        rows = await posts.rows()
        assert len(rows) == 2
        later = NOW + 2 * LEASE
        async with posts.store.begin(posts.club.id) as db:
            assert await db.unknown_outcomes.get(rows[0].id, lock=True)
            async with posts.store.admin_session() as admin, asyncio.timeout(30):
                held = await admin.claims.renew("one", [row.id for row in rows], later)
        assert held == {rows[0].id: NOW + LEASE, rows[1].id: later}, "the locked one is renewed the next time"
        async with posts.store.admin_session() as admin:
            assert await admin.claims.renew("two", [row.id for row in rows], later) == {}
