"""Small facts, shared leases and rate gates, and due times of editions over all clubs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from bot.domain.edition_calendar import DueDate
from bot.domain.models import AT_ONCE, Club, Edition, EditionState, Quarantine, RateGateState, Slot, SlotState
from bot.store import Store

NOW = datetime(2025, 12, 1, 9, 0, tzinfo=UTC)
INSTANT = timedelta(microseconds=1)
LEASE = timedelta(minutes=10)
HOUR = timedelta(hours=1)


async def test_a_fact_is_found_by_its_name_and_replaced_and_forgotten_alone(store: Store) -> None:
    async with store.admin_session() as admin:
        for name in ("a:1", "a:2", "a_2", "b:1"):
            await admin.facts.store(name, f"value of {name}")
        await admin.facts.store("a:2", "newer")
    async with store.admin_session() as admin:
        assert [await admin.facts.value(name) for name in ("b:1", "a:1", "c")] == ["value of b:1", "value of a:1", ""]
        assert await admin.facts.values(["a:2", "b:1", "c"]) == {"a:2": "newer", "b:1": "value of b:1"}
        assert await admin.facts.beginning("a_") == {"a_2": "value of a_2"}, "a line stands for itself"
        await admin.facts.forget("a:1")
        await admin.facts.forget("c")
        assert await admin.facts.values(["a:1", "a:2", "a_2"]) == {"a:2": "newer", "a_2": "value of a_2"}


async def test_a_fact_that_an_earlier_release_stored_under_another_name_is_found_until_it_is_counted_anew(
    store: Store,
) -> None:
    name, other = "arxiv volume cs.CL 2026-01", "arxiv volume cs.CL 2026-02"
    async with store.admin_session() as admin:
        await admin.facts.store("outpour cs.CL 2026-01", "4210")
        assert await admin.facts.value(name) == "4210"
        assert await admin.facts.values([name, other]) == {name: "4210"}
        await admin.facts.store(name, "4211")
        await admin.facts.store(other, "17")
        assert await admin.facts.values([name, other]) == {name: "4211", other: "17"}


async def test_a_lease_is_taken_released_and_listed_apart_from_others(store: Store) -> None:
    until = NOW + LEASE
    async with store.admin_session() as admin:
        for name, owner in (("a:2", "grace"), ("a_1", "ada"), ("a:1", "ada"), ("b:1", "grace")):
            assert await admin.leases.take(name, owner, NOW, LEASE)
        assert not await admin.leases.take("a:1", "grace", until, LEASE), "it runs to its very end"
        assert await admin.leases.take("a:1", "grace", until + INSTANT, LEASE)
        assert [one.name for one in await admin.leases.active("a_", NOW)] == ["a_1"], "a line stands for itself"
        assert [one.name for one in await admin.leases.active("", until)] == ["a:1", "a:2", "a_1", "b:1"]
        assert [(one.name, one.until) for one in await admin.leases.active("", until + INSTANT)] == [
            ("a:1", until + INSTANT + LEASE)
        ]
        await admin.leases.release("grace")
        assert [(one.name, one.owner) for one in await admin.leases.active("", NOW)] == [("a_1", "ada")]
        assert await admin.leases.take("c:1", "ada", NOW, LEASE)
        assert await admin.leases.free_all() == 2
        assert await admin.leases.active("", NOW) == []


async def test_five_hundred_requests_may_be_ahead_and_a_time_beyond_comes_from_a_wrong_clock(store: Store) -> None:
    gap = timedelta(seconds=3)

    async def reserved(next_at: datetime) -> tuple[datetime, datetime]:
        async with store.admin_session() as admin:
            (await admin._session.get_one(RateGateState, "arxiv")).next_at = next_at
            await admin._session.flush()
            at = await admin.rate_gates.reserve("arxiv", gap, NOW)
        async with store.read_admin_session() as admin:
            return at, (await admin._session.get_one(RateGateState, "arxiv")).next_at

    async with store.admin_session() as admin:
        assert await admin.rate_gates.reserve("arxiv", gap, NOW) == NOW
        assert await admin.rate_gates.reserve("another", gap, NOW) == NOW
    ahead = NOW + 500 * gap
    assert await reserved(ahead) == (ahead, ahead + gap)
    assert await reserved(ahead + INSTANT) == (NOW, NOW + gap)
    assert await reserved(NOW - gap) == (NOW, NOW + gap)


async def found_club(store: Store, *due: datetime) -> tuple[Club, list[int]]:
    """A club, and the ids of its slots that are due at these times."""
    async with store.admin_session() as admin:
        club = await admin.directory.create_club("Readers", "UTC", NOW)
    async with store.begin(club.id) as db:
        for number, at in enumerate(due):
            assert await db.slots.plan(DueDate(f"2025-W{40 + number}", at))
    async with store.read_admin_session() as admin:
        rows = (await admin._session.scalars(select(Slot).where(Slot.club_id == club.id).order_by(Slot.id))).all()
    return club, [row.id for row in rows]


async def change(store: Store, kind: type[Any], id: int, **values: Any) -> None:
    async with store.admin_session() as admin:
        row = await admin._session.get_one(kind, id)
        for name, value in values.items():
            setattr(row, name, value)


async def add_edition(store: Store, club: Club, slot: int | None = None, **values: Any) -> int:
    async with store.begin(club.id) as db:
        made = await db.editions.add(
            Edition(
                number=values.pop("number", 1), template="weekly", title="News", since=NOW, until=NOW, drafted_at=NOW,
                document={}, slot_id=slot, **values,
            )
        )  # fmt: skip
    return made.id


async def test_the_most_overdue_edition_is_one_that_waits_for_nobody(store: Store) -> None:
    async def oldest(now: datetime = NOW) -> datetime | None:
        async with store.read_admin_session() as admin:
            return await admin.slots.oldest_overdue(now)

    assert await oldest() is None
    _, (first, second) = await found_club(store, NOW - 2 * HOUR, NOW)
    other, (theirs,) = await found_club(store, NOW - 3 * HOUR)
    assert await oldest() == NOW - 3 * HOUR
    await change(store, Club, other.id, paused_at=NOW)
    assert await oldest() == NOW - 2 * HOUR
    await change(store, Club, other.id, paused_at=None)
    edition = await add_edition(store, other, theirs)
    assert await oldest() == NOW - 2 * HOUR, "it waits for a person"
    await change(store, Edition, edition, state=EditionState.APPROVED)
    assert await oldest() == NOW - 3 * HOUR
    async with store.admin_session() as admin:
        admin._session.add(Quarantine(club_id=other.id, backed_up_at=NOW, entered_at=NOW))
    assert await oldest() == NOW - 2 * HOUR
    await change(store, Slot, first, state=SlotState.DONE)
    assert await oldest() == NOW
    assert await oldest(NOW - INSTANT) is None
    await change(store, Slot, second, state=SlotState.SKIPPED)
    assert await oldest() is None


async def test_approved_editions_that_should_be_out_are_late_the_latest_first(store: Store) -> None:
    async def late(before: datetime = NOW) -> list[tuple[int, int]]:
        async with store.read_admin_session() as admin:
            return list(await admin.slots.late_editions(before))

    club, (slot,) = await found_club(store, NOW - HOUR)
    other, _ = await found_club(store)
    third, (planned,) = await found_club(store, NOW - 5 * HOUR)
    of_slot = await add_edition(store, club, slot, state=EditionState.APPROVED)
    own_time = await add_edition(store, other, state=EditionState.APPROVED, publish_at=NOW - 2 * HOUR)
    draft = await add_edition(store, third, planned, state=EditionState.DRAFT)
    assert await late() == [(other.id, own_time), (club.id, of_slot)]
    assert await late(NOW - HOUR) == [(other.id, own_time)]
    assert await late(NOW - HOUR + INSTANT) == [(other.id, own_time), (club.id, of_slot)]
    await change(store, Edition, draft, state=EditionState.PUBLISHED)
    assert await late() == [(other.id, own_time), (club.id, of_slot)]
    await change(store, Edition, draft, state=EditionState.APPROVED, publish_at=NOW + HOUR)
    assert await late() == [(other.id, own_time), (club.id, of_slot)], "it was put off"


async def test_a_slot_is_claimed_renewed_and_released_without_others(store: Store) -> None:
    _, (mine, next_one, theirs) = await found_club(store, NOW, NOW, NOW)
    later = NOW + 5 * LEASE

    async def leases() -> list[tuple[str, datetime | None, int, str]]:
        async with store.read_admin_session() as admin:
            rows = [await admin._session.get_one(Slot, id) for id in (mine, next_one, theirs)]
        return [(row.owner, row.lease_until, row.tries, row.trouble) for row in rows]

    async with store.admin_session() as admin:
        assert await admin.slots.claim(mine, "one", NOW, LEASE)
        assert await admin.slots.claim(theirs, "two", NOW, LEASE)
        await admin.slots.renew("one", later)
    assert await leases() == [("one", later, 1, ""), ("", None, 0, ""), ("two", NOW + LEASE, 1, "")]
    async with store.admin_session() as admin:
        assert await admin.slots.claim(next_one, "one", NOW, LEASE)
        await admin.slots.release(mine, "one", "the writer is down")
        await admin.slots.release(theirs, "one", "not its own")
        await admin.slots.renew("one", later)
    assert await leases() == [
        ("one", None, 1, "the writer is down"), ("one", later, 1, ""), ("two", NOW + LEASE, 1, "")
    ], "what was let go is not taken again by renewing"  # fmt: skip
    async with store.admin_session() as admin:
        await admin.slots.free_all()
    assert [lease for _, lease, _, _ in await leases()] == [None, AT_ONCE, AT_ONCE]
    async with store.admin_session() as admin:
        assert await admin.slots.claim(theirs, "three", NOW, LEASE)
