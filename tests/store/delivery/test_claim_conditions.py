"""Claims of deliveries: what holds one back and what does not, and what is reported as late, waiting or in doubt."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.domain.models import Delivery, DeliveryKind, DeliveryState, Quarantine, Room
from bot.store.delivery.claims import DeliveryClaims, DueKind
from tests.store.delivery.test_deliveries import INSTANT, LEASE, NOW, Posts, posts
from tests.store.delivery.test_neighboring_rows import NOTICE, add

__all__ = ["posts"]

pytestmark = pytest.mark.parametrize("url", ["sqlite"], indirect=True)
TOMORROW = NOW + timedelta(days=1)


async def claimed(
    posts: Posts, what: str = "claim_ready", now: datetime = NOW, platform: str = "slack", owner: str = "one"
) -> list[int]:
    """Ids of the rows that are claimed."""
    return [row.id for row in await posts.rows(what, owner, now, on=platform)]


async def quarantine(posts: Posts, club_id: int) -> None:
    async with posts.store.admin_session() as admin:
        admin._session.add(Quarantine(club_id=club_id, backed_up_at=NOW, entered_at=NOW))


async def change_room(posts: Posts, room: str = "digest", **values: Any) -> None:
    async with posts.store.admin_session() as admin:
        found = await admin._session.get_one(Room, posts.id(room))
        for name, value in values.items():
            setattr(found, name, value)


@pytest.mark.parametrize("state", ["ready", "sending"])
async def test_a_part_waits_for_an_earlier_one_of_its_own_post_alone(posts: Posts, state: str) -> None:
    mine = await add(posts, part=1)
    early: dict[str, Any] = {"state": state, "not_before": TOMORROW}
    for change in (
        {"club_id": posts.other.id},
        {"kind": DeliveryKind.DRAFT},
        {"subject_id": 2},
        {"room_id": posts.id("papers")},
        {"part": 2},
        {"part": 0, "reposted_at": NOW},
    ):
        await add(posts, **(early | change))
    assert await claimed(posts) == [mine], "what is posted again after nobody answered delays nothing"
    await posts.change(Delivery(id=mine), state="ready", lease_until=None, part=5)
    await add(posts, part=3, **early)
    assert await claimed(posts) == []


@pytest.mark.parametrize(
    ("header", "in_thread", "waits"),
    [("unknown", True, True), ("unknown", False, False), ("sent", True, False), ("failed", True, False)],
)
async def test_a_reply_waits_for_a_header_that_may_not_be_there(
    posts: Posts, header: str, in_thread: bool, waits: bool
) -> None:
    await add(posts, state=header, not_before=TOMORROW)
    reply = await add(posts, part=2, in_thread=in_thread)
    assert await claimed(posts) == ([] if waits else [reply])


async def test_a_reply_waits_for_no_other_reply_of_unknown_outcome(posts: Posts) -> None:
    await add(posts, state="sent")
    await add(posts, state="unknown", part=1, not_before=TOMORROW, in_thread=True)
    reply = await add(posts, part=2, in_thread=True)
    assert await claimed(posts) == [reply]


async def test_of_a_club_in_quarantine_only_the_question_about_it_is_posted(posts: Posts) -> None:
    await add(posts)
    question = await add(posts, kind=DeliveryKind.RESTORED, part=1)
    theirs = await add(posts, club_id=posts.other.id, room_id=posts.id("theirs"))
    await quarantine(posts, posts.club.id)
    assert await claimed(posts) == [question, theirs]
    async with posts.store.read_admin_session() as admin:
        assert await admin.claims.waiting("slack") == {}


async def test_fifty_rooms_are_served_in_a_round_those_that_wait_longest_first(posts: Posts) -> None:
    workspace = posts.rooms["digest"].workspace_id
    async with posts.store.admin_session() as admin:
        rooms = [
            Room(club_id=posts.club.id, workspace_id=workspace, external_id=f"R{n}", purpose="digest", name="")
            for n in range(55)
        ]
        admin._session.add_all(rooms)
        await admin._session.flush()
        for room in reversed(rooms):
            admin._session.add(
                Delivery(club_id=posts.club.id, room_id=room.id, kind=NOTICE, subject_id=1, card={}, not_before=NOW)
            )
            await admin._session.flush()
    first, second = await posts.rows(), await posts.rows()
    assert [row.room_id for row in first] == [room.id for room in reversed(rooms[5:])]
    assert [row.room_id for row in second] == [room.id for room in reversed(rooms[:5])]


async def test_a_channel_in_trouble_is_tried_with_its_oldest_failed_post(posts: Posts) -> None:
    await add(posts, state="sent")
    await add(posts, state="failed", part=1, not_before=NOW + INSTANT)
    oldest, newer = await add(posts, state="failed", part=2), await add(posts, state="failed", part=3)

    async def due(now: datetime = NOW) -> frozenset[DueKind]:
        async with posts.store.read_admin_session() as admin:
            return await admin.claims.due_kinds(now)

    assert DueKind.PROBE not in await due()
    assert await claimed(posts, "claim_probes") == [], "the channel is well: what failed there failed for itself"
    await change_room(posts, trouble="invite me", active=False)
    assert DueKind.PROBE not in await due()
    assert await claimed(posts, "claim_probes") == []
    await change_room(posts, active=True)
    assert await due() == {DueKind.PROBE}
    assert await due(NOW - INSTANT) == frozenset()
    (row,) = await posts.rows("claim_probes")
    assert (row.id, row.state, row.attempts) == (oldest, "sending", 1)
    await posts.change(row, state="sent", lease_until=None)
    assert await claimed(posts, "claim_probes") == [newer]
    await change_room(posts, "papers", trouble="invite me")
    await add(posts, state="sent", room_id=posts.id("papers"))
    assert await claimed(posts, "claim_probes") == []


async def test_doubtful_posts_of_others_are_passed_by_until_their_lease_has_ended(posts: Posts) -> None:
    held = await add(posts, state="unknown", lease_until=NOW + LEASE, owner="two")
    free = await add(posts, state="unknown", part=1)
    last = await add(posts, state="unknown", part=2)
    assert await claimed(posts, "claim_unknown") == [free]
    assert await claimed(posts, "claim_unknown", NOW + LEASE) == [last], "they are still held"
    assert await claimed(posts, "claim_unknown", NOW + LEASE + INSTANT) == [held]
    (row,) = [row for row in await posts.all() if row.id == held]
    assert (row.owner, row.lease_until) == ("one", NOW + 2 * LEASE + INSTANT)


async def test_outdated_posts_that_cannot_be_drawn_anew_hold_back_no_other(posts: Posts) -> None:
    stale: dict[str, Any] = {"state": "sent", "stale": True}
    await add(posts, **stale)
    await add(posts, part=1, message="m1", lease_until=NOW + LEASE, **stale)
    await add(posts, part=2, message="m2", state="sent")
    mine = await add(posts, part=3, message="m3", **stale)
    await change_room(posts, trouble="invite me")
    assert await claimed(posts, "claim_stale") == []
    async with posts.store.read_admin_session() as admin:
        assert DueKind.STALE not in await admin.claims.due_kinds(NOW)
    await change_room(posts, trouble="")
    assert await claimed(posts, "claim_stale") == [mine]


async def test_what_changed_after_it_was_chosen_is_not_claimed(posts: Posts, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another process may have been quicker: what is claimed is still as it was when it was chosen."""
    after = NOW + INSTANT
    kinds: list[dict[str, Any]] = [
        {"state": "ready"},
        {"state": "failed"},
        {"state": "unknown"},
        {"state": "unknown", "lease_until": after},
        {"state": "unknown", "lease_until": NOW},
        {"state": "sending", "lease_until": NOW},
        {"state": "sending", "lease_until": after},
        {"state": "sending", "lease_until": None},
        {"state": "sent", "lease_until": NOW, "message": "m"},
        {"state": "sent", "lease_until": after, "message": "m"},
        {"state": "sent", "stale": True, "message": "m"},
        {"state": "skipped", "stale": True, "message": "m"},
    ]
    ids = [await add(posts, part=part, **values) for part, values in enumerate(kinds)]
    left_out = await add(posts, part=50), await add(posts, part=51, state="unknown")

    async def every(*_: Any, **__: Any) -> list[int]:
        return ids

    monkeypatch.setattr(DeliveryClaims, "_ids", every)
    assert await claimed(posts, "claim_unknown", after) == [ids[2], ids[4]]
    assert await claimed(posts, "claim_stale", after) == [ids[10]]
    async with posts.store.admin_session() as admin:
        assert await admin.claims.release_expired(after) == 2
        rows = {row.id: row for row in (await admin._session.scalars(select(Delivery))).all()}
        lost, drawn = rows[ids[5]], rows[ids[8]]
        assert (lost.state, lost.had_unknown, lost.lease_until, lost.looks) == ("unknown", True, None, 0)
        assert (drawn.state, drawn.stale, drawn.lease_until) == ("sent", True, None)
        assert [rows[id].state for id in left_out] == ["ready", "unknown"]
    assert await claimed(posts, "claim_ready", after) == [ids[0]]
    assert await claimed(posts, "claim_probes", after) == [ids[1]]


async def test_a_post_and_a_copy_of_a_dead_process_are_counted_both(posts: Posts) -> None:
    await add(posts, state="sending", lease_until=NOW, looks=3)
    await add(posts, state="sent", lease_until=NOW, part=1)
    async with posts.store.admin_session() as admin:
        assert DueKind.EXPIRED not in await admin.claims.due_kinds(NOW)
        assert await admin.claims.release_expired(NOW) == 0
        assert await admin.claims.due_kinds(NOW + INSTANT) == frozenset(DueKind)
        assert await admin.claims.release_expired(NOW + INSTANT) == 2
    assert [(row.state, row.looks) for row in await posts.all()] == [("unknown", 0), ("sent", 0)]


async def test_a_process_renews_what_it_holds_of_what_it_names(posts: Posts) -> None:
    until, later = NOW + LEASE, NOW + 3 * LEASE
    held: dict[str, Any] = {"state": "sending", "lease_until": until}
    mine = await add(posts, owner="one", **held)
    unnamed = await add(posts, owner="one", part=1, **held)
    theirs = await add(posts, owner="two", part=2, **held)
    released = await add(posts, owner="one", part=3, state="sent")
    async with posts.store.admin_session() as admin:
        assert await admin.claims.renew("one", [mine, theirs, released], later) == {mine: later}
    leases = {row.id: row.lease_until for row in await posts.all()}
    assert leases == {mine: later, unnamed: until, theirs: until, released: None}


async def test_posts_that_nobody_works_on_are_late_by_platform(posts: Posts) -> None:
    async with posts.store.admin_session() as admin:
        guild = await admin.directory.join(posts.other, "discord", "G1", "Others")
    async with posts.store.begin(posts.other.id) as db:
        posts.rooms["guild"] = await db.rooms.assign(guild.id, "D1", "digest", "digest")

    async def overdue(before: datetime = NOW) -> dict[str, tuple[datetime, int]]:
        async with posts.store.read_admin_session() as admin:
            return await admin.claims.overdue(before)

    early, earlier = NOW - INSTANT, NOW - timedelta(minutes=5)
    await add(posts)
    assert await overdue() == {}, "it is due just now"
    first = await add(posts, part=0, subject_id=2, not_before=early)
    await add(posts, part=1, subject_id=2, not_before=earlier)
    await add(posts, subject_id=3, not_before=earlier, state="sent")
    assert await overdue() == {"slack": (early, 1)}, "the part after it waits for it"
    await add(posts, subject_id=4, not_before=earlier, room_id=posts.id("papers"))
    await add(posts, not_before=earlier, club_id=posts.other.id, room_id=posts.id("guild"))
    assert await overdue() == {"slack": (earlier, 2), "discord": (earlier, 1)}
    async with posts.store.read_admin_session() as admin:
        assert await admin.claims.waiting("slack") == {posts.club.id: 4}
        assert await admin.claims.waiting("discord") == {posts.other.id: 1}
    await posts.change(Delivery(id=first), last_tried_at=NOW)
    assert await overdue() == {"slack": (earlier, 1), "discord": (earlier, 1)}, "somebody is at work in that channel"
    await posts.change(Delivery(id=first), last_tried_at=early)
    assert (await overdue())["slack"] == (earlier, 2)
    await change_room(posts, active=False)
    assert (await overdue())["slack"] == (earlier, 1)
    async with posts.store.read_admin_session() as admin:
        assert await admin.claims.waiting("slack") == {posts.club.id: 1}
    await quarantine(posts, posts.other.id)
    assert await overdue() == {"slack": (earlier, 1)}
    async with posts.store.admin_session() as admin:
        assert await admin.claims.waiting("discord") == {}
        assert await admin.directory.leave("slack", f"T{posts.club.id}", "removed", NOW)
        assert await admin.claims.overdue(NOW) == {}
        assert await admin.claims.waiting("slack") == {}


async def test_the_longest_doubt_is_of_a_post_that_is_in_doubt_now(posts: Posts) -> None:
    async with posts.store.read_admin_session() as admin:
        assert await admin.claims.doubtful_since() is None
    for part, (state, hours) in enumerate((("sent", 1), ("unknown", 3), ("unknown", 2))):
        await add(posts, part=part, state=state, last_tried_at=NOW + timedelta(hours=hours))
    async with posts.store.read_admin_session() as admin:
        assert await admin.claims.doubtful_since() == NOW + timedelta(hours=2)


async def test_nothing_is_due_before_its_time_whatever_it_is(posts: Posts) -> None:
    async def due(now: datetime) -> frozenset[DueKind]:
        async with posts.store.read_admin_session() as admin:
            return await admin.claims.due_kinds(now)

    row = Delivery(id=await add(posts))
    for state, kind in ((DeliveryState.READY, DueKind.READY), (DeliveryState.UNKNOWN, DueKind.UNKNOWN)):
        await posts.change(row, state=state)
        assert await due(NOW - INSTANT) == frozenset(), state
        assert await due(NOW) == {kind}
    await posts.change(row, state="sent", stale=True, not_before=TOMORROW)
    assert await due(NOW) == frozenset(), "it is drawn anew no sooner than its platform said"
    assert await claimed(posts, "claim_stale") == []
    assert await due(TOMORROW) == {DueKind.STALE}
