"""Source texts and chosen quotes: one row each, of one club."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.domain.models import SourceText, StoredQuote
from bot.domain.summary_values import Passage
from bot.store import Store
from tests.stand_ins import open_store

NOW = datetime(2025, 12, 1, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=1)


@dataclass(slots=True)
class TwoClubs:
    store: Store
    mine: int
    other: int
    ada: int


@pytest.fixture
async def clubs(url: str) -> AsyncIterator[TwoClubs]:
    store = open_store(url)
    async with store.admin_session() as admin:
        mine, other = [(await admin.directory.create_club(name, "UTC", NOW)).id for name in ("Readers", "Others")]
    async with store.begin(mine) as db:
        ada = (await db.members.get_or_create("slack", "U1", "Ada", "T1", NOW)).id
    yield TwoClubs(store, mine, other, ada)
    await store.close()


async def test_a_text_replaces_the_earlier_one_of_its_name(clubs: TwoClubs) -> None:
    async with clubs.store.begin(clubs.mine) as db:
        for key, name, text in (("a", "post", "old"), ("a", "talk", "said"), ("b", "post", "theirs")):
            await db.quote_ledger.save_text(key, name, text, clubs.ada, NOW)
        await db.quote_ledger.save_text("a", "post", "new", clubs.ada, LATER)
    async with clubs.store.read(clubs.mine) as db:
        assert await db.quote_ledger.passages(["a"]) == {
            "a": [Passage("post", "new", "Ada"), Passage("talk", "said", "Ada")]
        }
        assert set(await db.quote_ledger.passages(["a", "b", "c"])) == {"a", "b"}
    async with clubs.store.begin(clubs.other) as db:
        assert await db.quote_ledger.passages(["a"]) == {}, "no club quotes from another's texts"


async def test_the_same_text_of_an_item_is_one_quote(clubs: TwoClubs) -> None:
    def quote(text: str, key: str = "a") -> StoredQuote:
        return StoredQuote(
            key=key, text=text, passage="abstract", source="a:v1", start=0, end=3, member_id=clubs.ada, at=NOW
        )

    async with clubs.store.begin(clubs.mine) as db:
        first = await db.quote_ledger.add(quote("one"))
        assert (await db.quote_ledger.add(quote("one"))).id == first.id
        assert (await db.quote_ledger.add(quote("two"))).id != first.id
        assert (await db.quote_ledger.add(quote("one", "b"))).id != first.id
    async with clubs.store.read(clubs.mine) as db:
        assert [kept.text for kept in await db.quote_ledger.quotes("a")] == ["one", "two"]
        assert [kept.key for kept in await db.quote_ledger.quotes("a", "b")] == ["a", "a", "b"]
    async with clubs.store.read(clubs.other) as db:
        assert list(await db.quote_ledger.quotes("a")) == []


async def test_what_two_clubs_have_of_one_paper_is_not_mixed(clubs: TwoClubs) -> None:
    def quote() -> StoredQuote:
        return StoredQuote(
            key="a", text="one", passage="abstract", source="a:v1", start=0, end=3, member_id=clubs.ada, at=NOW
        )

    async with clubs.store.begin(clubs.other) as db:
        await db.quote_ledger.save_text("a", "post", "theirs", clubs.ada, NOW)
        theirs = await db.quote_ledger.add(quote())
    async with clubs.store.begin(clubs.mine) as db:
        await db.quote_ledger.save_text("a", "post", "mine", clubs.ada, LATER)
        mine = await db.quote_ledger.add(quote())
    assert (mine.club_id, theirs.club_id) == (clubs.mine, clubs.other)
    assert mine.id != theirs.id
    async with clubs.store.begin(clubs.other) as db:
        assert await db.quote_ledger.passages(["a"]) == {"a": [Passage("post", "theirs", "Ada")]}
        assert [one.id for one in await db.quote_ledger.quotes("a")] == [theirs.id]
    async with clubs.store.admin_session() as admin:
        rows = (await admin._session.scalars(select(SourceText).order_by(SourceText.id))).all()
        assert [(row.text, row.at, row.member_id) for row in rows] == [
            ("theirs", NOW, clubs.ada), ("mine", LATER, clubs.ada)
        ]  # fmt: skip
    async with clubs.store.read(clubs.mine) as db:
        assert await db.quote_ledger.passages(["a"]) == {"a": [Passage("post", "mine", "Ada")]}
