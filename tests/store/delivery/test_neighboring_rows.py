"""Statements about deliveries: each reaches the rows that it means, though others differ in one column only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.domain.links.identify import SiteKind
from bot.domain.models import (
    AuditEntry,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Room,
    ScheduledTask,
    Submission,
    TaskKind,
)
from tests.store.delivery.test_deliveries import CARD, INSTANT, LEASE, NOW, Posts, posts

__all__ = ["posts"]

pytestmark = pytest.mark.parametrize("url", ["sqlite"], indirect=True)
"""What differs between the databases is tested beside; these conditions do not."""

NOTICE = DeliveryKind.SKIP_NOTICE
NEW: dict[str, Any] = {"title": "New"}


async def add(posts: Posts, **values: Any) -> int:
    """Add a row of the digest's channel, of any club. Returns its id."""
    row: dict[str, Any] = {
        "club_id": posts.club.id, "room_id": posts.id(), "kind": NOTICE, "subject_id": 1, "part": 0, "card": CARD,
        "not_before": NOW,
    }  # fmt: skip
    async with posts.store.admin_session() as admin:
        added = Delivery(**(row | values))
        admin._session.add(added)
        await admin._session.flush()
        return added.id


@dataclass(slots=True)
class Neighbors:
    """One row, and others that each differ from it in the column that they are called after."""

    posts: Posts
    ids: dict[str, int]

    async def named(self, rows: Sequence[Delivery]) -> list[str]:
        names = {id: name for name, id in self.ids.items()}
        return [names[row.id] for row in rows]

    async def where(self, **values: Any) -> set[str]:
        """The rows that have all of these values now."""
        async with self.posts.store.read_admin_session() as admin:
            rows = (await admin._session.scalars(select(Delivery).order_by(Delivery.id))).all()
        matching = [row for row in rows if all(getattr(row, name) == value for name, value in values.items())]
        return set(await self.named(matching))


async def neighbors(posts: Posts, **values: Any) -> Neighbors:
    """Rows whose order by id is neither that of rooms nor that of parts."""
    differing: dict[str, dict[str, Any]] = {
        "club": {"club_id": posts.other.id},
        "kind": {"kind": DeliveryKind.DRAFT},
        "subject": {"subject_id": 2},
        "room": {"room_id": posts.id("papers")},
        "part": {"part": 1},
        "mine": {},
    }
    return Neighbors(posts, {name: await add(posts, **(values | change)) for name, change in differing.items()})


async def test_the_posts_of_a_subject_are_of_its_kind_and_club_by_room_and_part(posts: Posts) -> None:
    rows = await neighbors(posts)
    async with posts.store.read(posts.club.id) as db:
        assert await rows.named(await db.deliveries.by_subject(NOTICE, 1)) == ["mine", "part", "room"]
        assert await rows.named(await db.deliveries.unfinished(NOTICE, 1)) == ["room", "part", "mine"], "oldest first"
        assert await db.deliveries.cards(1) == []


async def test_a_card_is_replaced_in_the_posts_of_its_subject_alone(posts: Posts) -> None:
    rows = await neighbors(posts)
    async with posts.store.begin(posts.club.id) as db:
        await db.deliveries.replace_part_card(NOTICE, 1, 0, NEW)
    assert await rows.where(card=NEW, stale=True) == {"mine", "room"}
    assert await rows.where(card=CARD, stale=False) == {"club", "kind", "subject", "part"}
    async with posts.store.begin(posts.club.id) as db:
        assert await db.deliveries.replace_card(NOTICE, 1, {"title": "Newer"})
    assert await rows.where(card={"title": "Newer"}, stale=True) == {"mine", "room", "part"}


async def test_only_the_posts_of_a_subject_that_are_ready_are_given_up(posts: Posts) -> None:
    rows = await neighbors(posts)
    async with posts.store.begin(posts.club.id) as db:
        assert await db.deliveries.give_up(NOTICE, 1, "too late") == 3
    assert await rows.where(state="skipped", error="too late") == {"mine", "room", "part"}


async def test_what_its_channel_refused_is_given_up_when_that_is_asked(posts: Posts) -> None:
    rows = await neighbors(posts, state="failed", error="refused")
    async with posts.store.begin(posts.club.id) as db:
        assert await db.deliveries.give_up(NOTICE, 1, "recalled") == 0
        assert await db.deliveries.give_up(NOTICE, 1, "recalled", part=1, failed=True) == 1
        assert await db.deliveries.give_up(NOTICE, 1, "recalled", failed=True) == 2
    assert await rows.where(state="skipped", error="recalled") == {"mine", "room", "part"}
    assert await rows.where(state="failed", error="refused") == {"club", "kind", "subject"}


async def test_what_failed_is_tried_again_in_one_channel_or_in_all_of_a_club(posts: Posts) -> None:
    rows = await neighbors(posts, state="failed", attempts=5, first_tried_at=NOW, error="refused")
    other_state = await add(posts, part=7, state="unknown", attempts=5)
    rows.ids["state"] = other_state
    later = NOW + LEASE
    async with posts.store.begin(posts.club.id) as db:
        assert await rows.named(await db.deliveries.in_room(posts.id("papers"), [DeliveryState.FAILED])) == ["room"]
        assert await rows.named(await db.deliveries.in_room(posts.id(), [DeliveryState.FAILED])) == [
            "kind", "subject", "part", "mine"
        ]  # fmt: skip
        assert await db.deliveries.retry(later, room_id=posts.id("papers")) == 1
    assert await rows.where(state="ready", attempts=0, not_before=later, first_tried_at=None, error="") == {"room"}
    async with posts.store.begin(posts.club.id) as db:
        assert await db.deliveries.retry(later) == 4
    assert await rows.where(state="failed") == {"club"}
    assert await rows.where(state="unknown", attempts=5) == {"state"}


async def test_what_is_unfinished_is_counted_and_what_is_in_trouble_listed_newest_first(posts: Posts) -> None:
    ids = [await add(posts, part=part, state=state) for part, state in enumerate(DeliveryState)]
    await add(posts, club_id=posts.other.id, state="failed")
    by_state = dict(zip(DeliveryState, ids, strict=True))
    async with posts.store.read(posts.club.id) as db:
        assert await db.deliveries.count_unfinished() == {"ready": 1, "sending": 1, "unknown": 1, "failed": 1}
        found = [row.id for row in await db.deliveries.problems()]
        assert found == sorted((by_state[DeliveryState.FAILED], by_state[DeliveryState.UNKNOWN]), reverse=True)
    for part in range(20, 30):
        await add(posts, part=part, state="failed")
    async with posts.store.read(posts.club.id) as db:
        assert [row.part for row in await db.deliveries.problems()] == list(range(29, 19, -1)), "ten, the newest"
        assert [row.part for row in await db.deliveries.problems(limit=2)] == [29, 28]


async def test_a_message_is_known_by_its_workspace_and_channel(posts: Posts) -> None:
    rows = await neighbors(posts, message="m1")
    async with posts.store.admin_session() as admin:
        elsewhere = await admin.directory.join(posts.club, "discord", "G1", "Readers")
    async with posts.store.begin(posts.club.id) as db:
        theirs = await db.rooms.assign(elsewhere.id, "C-digest", "digest", "digest")
    rows.ids["workspace"] = await add(posts, message="m1", room_id=theirs.id)
    rows.ids["message"] = await add(posts, message="m2", part=5)
    async with posts.store.read(posts.club.id) as db:
        places = ((elsewhere.id, "C-digest"), (posts.rooms["papers"].workspace_id, "C-papers"))
        for (workspace, room), name in zip(places, ("workspace", "room"), strict=True):
            found = await db.deliveries.by_message(workspace, room, "m1")
            assert found is not None
            assert await rows.named([found]) == [name]
    async with posts.store.read(posts.other.id) as db:
        found = await db.deliveries.by_message(posts.rooms["digest"].workspace_id, "C-digest", "m1")
        assert found is not None
        assert await rows.named([found]) == ["club"]


async def test_a_reply_goes_to_its_own_header_and_the_thread_that_is_known_of_it(posts: Posts) -> None:
    rows = await neighbors(posts, thread="another")
    mine = rows.ids["mine"]
    reply = Delivery(club_id=posts.club.id, room_id=posts.id(), kind=NOTICE, subject_id=1, part=4, in_thread=True)

    async def header() -> tuple[int, str]:
        async with posts.store.read(posts.club.id) as db:
            found, plain = await db.deliveries.thread_header(reply), await db.deliveries.first_part(reply)
        assert found is not None
        assert plain is not None
        assert found.post.id == plain.id
        return found.post.id, found.thread

    assert await header() == (mine, "another")
    await posts.change(Delivery(id=mine), thread="")
    assert await header() == (mine, ""), "a part that stands in the channel is in another thread, if in any"
    await add(posts, part=4, in_thread=True, thread="")
    await add(posts, part=3, in_thread=True, thread="t3")
    await add(posts, part=2, in_thread=True, thread="t2")
    assert await header() == (mine, "t2"), "as the first reply that is posted has it"
    await posts.change(Delivery(id=mine), thread="t0")
    assert await header() == (mine, "t0")
    async with posts.store.read(posts.club.id) as db:
        lost = Delivery(club_id=posts.club.id, room_id=posts.id(), kind=NOTICE, subject_id=9, part=1)
        assert await db.deliveries.thread_header(lost) is None
    await add(posts, subject_id=9, part=1)
    async with posts.store.read(posts.club.id) as db:
        assert (await db.deliveries.thread_header(lost), await db.deliveries.first_part(lost)) == (None, None)


async def test_a_result_is_stored_in_one_row(posts: Posts) -> None:
    rows = await neighbors(posts, state="sending", owner="one", lease_until=NOW + LEASE)
    async with posts.store.begin(posts.club.id) as db:
        assert not await db.deliveries.settle(rows.ids["mine"], "two", state=DeliveryState.SENT)
        assert not await db.deliveries.settle(rows.ids["club"], "one", state=DeliveryState.SENT)
        assert await db.deliveries.settle(rows.ids["mine"], "one", state=DeliveryState.SENT)
    assert await rows.where(state="sent", lease_until=None) == {"mine"}
    assert await rows.where(state="sending", lease_until=NOW + LEASE) == {"club", "kind", "subject", "room", "part"}


async def test_cards_are_drawn_anew_when_an_edition_took_their_papers(posts: Posts) -> None:
    async with posts.store.begin(posts.club.id) as db:
        ada = await db.members.get_or_create("slack", "U1", "Ada", "T1", NOW)
        taken, left = [
            (
                await db.submissions.add(
                    Submission(
                        paper_id=(
                            await db.papers.get_or_create_own(
                                f"web:{n}", f"https://{n}.test", SiteKind.BLOG, n, now=NOW
                            )
                        ).id,
                        member_id=ada.id,
                        submitted_at=NOW,
                    )
                )
            ).id
            for n in ("a", "b")
        ]
    rows = Neighbors(posts, {
        "club": await add(posts, state="sent", submission_id=taken, club_id=posts.other.id),
        "submission": await add(posts, state="sent", submission_id=left, part=1),
        "none": await add(posts, state="sent", part=2),
        "state": await add(posts, state="unknown", submission_id=taken, part=3),
        "edition": await add(posts, state="sent", submission_id=taken, kind=DeliveryKind.EDITION),
        "mine": await add(posts, state="sent", submission_id=taken),
    })  # fmt: skip
    async with posts.store.begin(posts.club.id) as db:
        await db.deliveries.mark_published([taken])
    assert await rows.where(stale=True) == {"mine"}
    async with posts.store.begin(posts.club.id) as db:
        await db.deliveries.mark_stale(taken)
    assert await rows.where(stale=True) == {"mine", "edition"}


async def test_the_last_message_of_acts_is_found_by_its_first_act(posts: Posts) -> None:
    async with posts.store.admin_session() as admin:
        acts = [
            AuditEntry(club_id=posts.club.id, verb="pick", at=NOW + minutes * timedelta(minutes=1))
            for minutes in (0, 5, 10, 15)
        ]
        admin._session.add_all(acts)
        await admin._session.flush()
        first, second, third, unposted = [act.id for act in acts]
    audit = DeliveryKind.AUDIT
    await add(posts, kind=audit, subject_id=second, room_id=posts.id("papers"))
    await add(posts, kind=audit, subject_id=second)
    await add(posts, kind=audit, subject_id=first)
    await add(posts, kind=audit, subject_id=third, club_id=posts.other.id)
    await add(posts, kind=DeliveryKind.REPORT, subject_id=unposted)
    await add(posts, kind=audit, subject_id=10_000, part=3)

    async def last(**which: Any) -> tuple[int, int] | None:
        async with posts.store.begin(posts.club.id) as db:
            found = await db.deliveries.last_audit_post(**which)
            return (found.subject_id, found.room_id) if found else None

    newest = (second, posts.id("papers"))
    assert await last() == newest, "of the messages in two channels the one that was planned first"
    assert await last(since=NOW) == newest
    assert await last(since=NOW + timedelta(minutes=5) - INSTANT) == newest
    assert await last(since=NOW + timedelta(minutes=5)) is None
    assert await last(up_to=second) == newest
    assert await last(up_to=second - 1) == (first, posts.id())
    assert await last(up_to=first - 1) is None


async def test_an_edition_is_looked_at_when_the_last_of_its_parts_is_settled(posts: Posts) -> None:
    """Its task is woken then and not before, since a look costs something."""

    async def woken() -> bool:
        async with posts.store.admin_session() as admin:
            task = await admin._session.get_one(ScheduledTask, (posts.club.id, TaskKind.PUBLISH))
            was, task.due_at = task.due_at is not None, None
        return was

    async def settle(id: int, club: int = posts.club.id, **values: Any) -> None:
        async with posts.store.begin(club) as db:
            await db.deliveries.settle(id, "one", **values)

    edition = {"kind": DeliveryKind.EDITION, "state": "sending", "owner": "one"}
    first, second, third = [await add(posts, part=part, **edition) for part in range(3)]
    notice = await add(posts, state="sending", owner="one", subject_id=8)
    await woken()
    await settle(first, state=DeliveryState.SENT)
    assert not await woken(), "two parts are to come"
    await settle(second, state=DeliveryState.UNKNOWN)
    await settle(third, state=DeliveryState.SENT)
    assert not await woken(), "one part is to be looked for"
    await settle(second, looks=1)
    assert not await woken(), "it is not settled"
    await settle(second, asked_at=NOW)
    assert await woken(), "a person can say more of it, nobody else"
    await settle(second, error="no answer")
    assert not await woken(), "nothing has changed"
    await settle(notice, state=DeliveryState.SENT)
    await settle(10_000, state=DeliveryState.SENT)
    assert not await woken()


@pytest.mark.parametrize("gone", ["room", "workspace"])
async def test_nothing_waits_for_a_channel_that_the_bot_cannot_reach(posts: Posts, gone: str) -> None:
    await add(posts)
    for part, (state, asked) in enumerate((("unknown", None), ("unknown", NOW), ("sent", None), ("sending", NOW)), 1):
        await add(posts, part=part, state=state, asked_at=asked)

    async def parts() -> list[int]:
        async with posts.store.read(posts.club.id) as db:
            return [row.part for row in await db.deliveries.unfinished(NOTICE, 1)]

    assert await parts() == [0, 1, 4], "what only a person can settle is left out"
    async with posts.store.admin_session() as admin:
        if gone == "room":
            (await admin._session.get_one(Room, posts.id())).active = False
        else:
            assert await admin.directory.leave("slack", f"T{posts.club.id}", "removed", NOW)
    assert await parts() == []


async def test_a_planned_part_is_as_new(posts: Posts) -> None:
    room = posts.rooms["digest"]
    async with posts.store.begin(posts.club.id) as db:
        assert await db.deliveries.plan_parts(NOTICE, 1, [], NOW) == 0
        assert await db.deliveries.plan(NOTICE, 1, room, NOW, card=CARD)
        assert await db.deliveries.plan(NOTICE, 1, room, NOW, part=2, thread="t1", in_thread=True)
    first, second = await posts.all()
    assert (first.part, first.card, first.submission_id, first.thread, first.in_thread) == (0, CARD, None, "", False)
    assert (second.part, second.card, second.thread, second.in_thread) == (2, None, "t1", True)
    for row in (first, second):
        assert (row.state, row.attempts, row.not_before, row.owner, row.looks) == ("ready", 0, NOW, "", 0)
        assert (row.had_unknown, row.stale, row.message, row.url, row.error, row.double) == (
            False,
            False,
            "",
            "",
            "",
            "",
        )
