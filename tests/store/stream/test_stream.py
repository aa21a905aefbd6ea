"""Entries of sources: each work once, found by its words, deleted after a time; on both databases."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.models import StreamAppearance, StreamEntry, StreamVerdict
from bot.domain.stream.items import StreamItem
from bot.domain.stream.source_kinds import StreamSourceKind
from bot.store.stream import entries, search, word_index
from bot.store.stream.entries import StreamEntries
from tests.sources.stream.recorded import recorded_week
from tests.stand_ins import Harness, open_harness, words

NOW = datetime(2025, 12, 1, 9, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=400)
CLUB = 1


@pytest.fixture
async def club(url: str, tmp_path: Path) -> AsyncIterator[Harness]:
    async with open_harness(tmp_path, url=url) as club:
        await club.say("Root", "/clubadmin settings", admin=True)
        async with club.app.store.begin(CLUB) as db:
            await db.sources.add(StreamSourceKind.ARXIV, "cs.CL", (), NOW)
            await db.sources.add(StreamSourceKind.JOURNAL, "0028-0836", (), NOW)
        yield club


async def store(club: Harness, *items: StreamItem, source: int = 0, now: datetime = NOW) -> int:
    """Store items of one of the club's sources."""
    async with club.app.store.read(CLUB) as db:
        asked = (await db.sources.all())[source].source
    async with club.app.store.admin_session() as admin:
        return await admin.stream.store([asked], items, now, oldest=LONG_AGO)


def item(key: str, title: str, **values: object) -> StreamItem:
    given = {"url": f"https://example.org/{key}", "published": NOW - timedelta(days=1), "authors": ("Ann Éxample",)}
    return StreamItem(key=key, title=title, **{**given, **values})  # type: ignore[arg-type] # values of fields


async def found(club: Harness, typed: str, **filters: object) -> list[str]:
    async with club.app.store.read(CLUB) as db:
        return [entry.key for entry in await db.stream_search.find(typed, **filters)]  # type: ignore[arg-type]


async def test_one_work_under_several_keys_is_one_entry_of_all_its_sources(club: Harness) -> None:
    preprint = item("arxiv:2512.00001", "On the growth of small plants", doi="10.1000/plants")
    assert await store(club, preprint) == 1
    assert await store(club, preprint) == 0, "the same again is nothing new"
    published = item("doi:10.1000/plants", "On growing plants", doi="10.1000/plants")
    assert await store(club, published, source=1) == 1, "new to the journal's source"
    renamed = item("web:https://x.org/1", "On the Growth of small PLANTS!", authors=("A. Éxample",))
    assert await store(club, renamed, source=1) == 0
    async with club.app.store.read(CLUB) as db:
        (entry,) = await db.stream.new(LONG_AGO, limit=9)
        assert entry.key == "arxiv:2512.00001"
        assert len((await db.stream.sources_of([entry.id]))[entry.id]) == 2
    await store(club, item(preprint.key, preprint.title, votes=12))
    await store(club, item(preprint.key, preprint.title))
    async with club.app.store.read(CLUB) as db:
        assert [entry.hf_votes for entry in await db.stream.new(LONG_AGO, limit=9)] == [12], "votes stay"
    two = [item("doi:10.1000/e1", "Editorial"), item("doi:10.1000/e2", "Editorial")]
    assert await store(club, *two, source=1) == 2, "a short title is no mark of a work"


async def index(club: Harness, limit: int = 99) -> None:
    """Index the next entries by the words of their titles."""
    async with club.app.store.admin_session() as admin:
        waiting = await admin.stream_words.waiting(limit)
        await admin.stream_words.add({id: title.lower().split() for id, title, _ in waiting})


async def test_every_word_must_be_there_in_any_form_and_filters_hold(club: Harness) -> None:
    await store(
        club,
        item("arxiv:1", "Retrieving memories of agents", categories=("cs.CL", "cs.AI")),
        item("arxiv:2", "Memory", abstract="An agent retrieves.", authors=("Bo Third",), categories=("cs.AI",)),
        item("arxiv:3", "Vision of agents"),
    )
    assert await found(club, "agent memory") == ["arxiv:2", "arxiv:1"], "newest first, whatever the form"
    assert await found(club, "agent memory", author="example") == ["arxiv:1"]
    assert await found(club, "agent", author="third") == ["arxiv:2"]
    assert await found(club, "agent", categories=("cs.CL",)) == ["arxiv:1"]
    assert await found(club, "", categories=("cs.",)) == ["arxiv:2", "arxiv:1"], "all of an archive, without words"
    assert await found(club, "agent", categories=("cs.CL", "math.CO")) == ["arxiv:1"]
    assert await found(club, "", categories=("c",)) == []
    assert await found(club, "agents", limit=1, skip=1) == ["arxiv:2"]
    assert await found(club, "agents", before=NOW - timedelta(days=3)) == []
    assert await found(club, "agents", since=NOW + timedelta(days=1)) == []
    for hostile in ('"', "a:b OR", "NEAR(", "*", "-x", "%", "') --", "authors : x", "\\"):
        assert await found(club, hostile) is not None
    async with club.app.store.begin(CLUB) as db:
        for source in await db.sources.all():
            await db.sources.remove(source)
    assert await found(club, "agent") == [], "of sources that the club reads"


async def test_what_shares_the_weightiest_words_is_compared_whatever_its_age(
    club: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "MOST_COMPARED", 2)
    await store(club, item("arxiv:1", "Episodic memory of agents"), item("arxiv:2", "Memory"))
    await store(club, *(item(f"arxiv:{n}", f"Agents {n}") for n in range(3, 9)))
    await store(club, item("arxiv:9", "Episodic memory of agents in another journal"), source=1)
    await index(club)
    async with club.app.store.read(CLUB) as db:
        shared = await db.stream_search.sharing({"episodic": 3.0, "memory": 2.0, "agents": 1.0, "!": 9.0, "": 9.0})
        assert {entry.key for entry in shared} == {"arxiv:1", "arxiv:9"}
        assert await db.stream_search.sharing({"!": 1.0, "": 1.0}) == ()
    async with club.app.store.begin(CLUB) as db:
        await db.sources.remove((await db.sources.all())[1])
    async with club.app.store.read(CLUB) as db:
        shared = await db.stream_search.sharing({"episodic": 3.0, "memory": 2.0, "agents": 1.0})
        assert {entry.key for entry in shared} == {"arxiv:1", "arxiv:2"}, "of the club's sources"


async def test_words_are_indexed_once_in_segments_and_the_newest_entries_with_one_count(
    club: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(word_index, "SEGMENT", 4)
    monkeypatch.setattr(word_index, "MOST_WITH_WORD", 3)
    await store(club, *(item(f"arxiv:{n}", f"Agents {n}", published=LONG_AGO) for n in range(1, 7)))
    for _ in range(2):
        await index(club, limit=4)
    await store(club, *(item(f"arxiv:{n}", f"Agents {n}") for n in range(7, 11)))
    async with club.app.store.read_admin_session() as admin:
        waiting = await admin.stream_words.waiting(limit=9)
        assert [title for _, title, _ in waiting] == [f"Agents {n}" for n in range(7, 11)], "where it stopped"
    for _ in range(2):
        async with club.app.store.admin_session() as admin:
            await admin.stream_words.add({id: ["agents", "x" * 99] for id, _, _ in waiting})
    async with club.app.store.read(CLUB) as db:
        found = await db.stream_search.sharing({"agents": 1.0, "x" * 99: 1.0})
        assert sorted(entry.key for entry in found) == ["arxiv:10", "arxiv:8", "arxiv:9"], "each once, the newest"
        ids = sorted(entry.id for entry in found)
    async with club.app.store.admin_session() as admin:
        assert await admin.stream_words.prune(LONG_AGO - timedelta(days=1)) == 0
        assert await admin.stream_words.prune(NOW - timedelta(days=9)) > 0, "segments of old entries alone go"
        assert await admin.stream_words.waiting(limit=9) == [], "and are not indexed again"
    monkeypatch.setattr(word_index, "MOST_WITH_WORD", 99)
    async with club.app.store.read(CLUB) as db:
        left = await db.stream_search.sharing({"agents": 1.0})
        assert ids[0] in {entry.id for entry in left}
        assert "arxiv:1" not in {entry.key for entry in left}


async def test_what_the_newest_blocks_lack_is_found_in_all_others(
    club: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "FIRST_BLOCKS", (0,))
    rare = {1: ("econ.TH",), 2: ("neuroscience", "Café"), 3: ("cs.CL",)}
    await store(club, *(item(f"arxiv:{n}", f"Agents {n}", categories=rare[n]) for n in rare))
    async with club.app.store.begin(CLUB) as db:
        source_id = (await db.sources.all())[0].source_id
        session = db.stream_search._session
        late = {
            "key": "arxiv:0",
            "url": "https://example.org/0",
            "title": "Agents",
            "categories": ["cs.CL"],
            "published_at": NOW,
            "listed_at": NOW,
        }
        session.add(StreamEntry(id=9_000, **late))
        await session.flush()
        session.add(StreamAppearance(entry_id=9_000, source_id=source_id, at=NOW))
    assert await found(club, "agents", limit=1) == ["arxiv:0"], "the newest block fills the page"
    assert await found(club, "agents") == ["arxiv:0", "arxiv:3", "arxiv:2", "arxiv:1"]
    assert await found(club, "agents", skip=1, limit=1) == ["arxiv:3"]
    assert await found(club, "", limit=1) == ["arxiv:0"]
    assert await found(club, "", skip=1, limit=1) == ["arxiv:3"]
    for rare_name in ("econ.TH", "econ."):
        assert await found(club, "", categories=(rare_name,)) == ["arxiv:1"]
    assert await found(club, "", categories=("Neuroscience", "math.CO")) == ["arxiv:2"]
    assert await found(club, "", categories=("cs.CL",)) == ["arxiv:0", "arxiv:3"]
    assert await found(club, "", categories=("econ.T", "CL")) == []


async def test_what_is_old_is_deleted_unless_it_was_judged(club: Harness) -> None:
    old = NOW - timedelta(days=200)
    await store(club, item("arxiv:1", "Old one", published=old), item("arxiv:2", "Old and judged", published=old))
    await store(club, item("arxiv:3", "New one"))
    async with club.app.store.begin(CLUB) as db:
        judged = {entry.key: entry.id for entry in await db.stream.new(LONG_AGO, limit=9)}["arxiv:2"]
        assert await db.stream.judge(judged, StreamVerdict.LESS, NOW)
        assert not await db.stream.judge(judged, StreamVerdict.LESS, NOW), "the same again"
    async with club.app.store.admin_session() as admin:
        assert await admin.stream.clean_up(NOW - timedelta(days=180)) == 1
        assert await admin.stream.clean_up(NOW - timedelta(days=180)) == 0
    assert await found(club, "old") == ["arxiv:2"]
    assert await found(club, "one") == ["arxiv:3"]
    async with club.app.store.admin_session() as admin:
        asked, other = await admin.stream_reading.due(NOW)
        assert await admin.stream.store([asked], [item("arxiv:1", "Old one", published=old)], NOW, oldest=NOW) == 0
    async with club.app.store.begin(CLUB) as db:
        await db.sources.remove((await db.sources.all())[1])
    async with club.app.store.admin_session() as admin:
        await admin.stream_reading.remove_unused()
        late = item("arxiv:4", "Late one")
        assert await admin.stream.store([other], [late], NOW, oldest=old) == 0, "it was removed while it was read"
        assert await admin.stream.store([asked, other], [late], NOW, oldest=old) == 1


async def test_what_many_voted_for_stays_longer_and_is_learned_from(club: Harness) -> None:
    old, older = NOW - timedelta(days=200), NOW - timedelta(days=1200)
    kept = item("arxiv:1", "Liked", published=old, votes=40)
    few, gone = item("arxiv:2", "Few", published=old, votes=1), item("arxiv:3", "Gone", published=older, votes=90)
    async with club.app.store.read(CLUB) as db:
        asked = (await db.sources.all())[0].source
    async with club.app.store.admin_session() as admin:
        await admin.stream.store([asked], [kept, few, gone], NOW, oldest=older)
        assert await admin.stream.clean_up(NOW - timedelta(days=180)) == 2
    async with club.app.store.read(CLUB) as db:
        assert [entry.key for entry in await db.stream.popular(NOW, limit=9)] == ["arxiv:1"]


async def test_the_background_is_spread_over_all_that_is_stored(club: Harness, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entries, "CHUNK", 4)
    await store(club, *(item(f"arxiv:{n}", "Past", published=NOW - timedelta(days=60 - n)) for n in range(40)))
    async with club.app.store.read(CLUB) as db:
        assert len(await db.stream.background(NOW, limit=99)) == 40
        some = [entry.listed_at for entry in await db.stream.background(NOW, limit=10)]
    assert len(some) == 10
    assert some == sorted(some)
    assert some[-1] - some[0] > timedelta(days=30)


async def test_what_the_club_had_under_another_key_is_known(club: Harness) -> None:
    record = next(record for _, record in recorded_week())
    club.paper_source.put(record)
    assert not (await club.say("Ada", f"/paper submit {record.arxiv_id}")).failed
    await store(club, item("doi:10.1000/other", record.title, authors=record.authors))
    async with club.app.store.read(CLUB) as db:
        works = await db.stream.listed_works()
        (entry,) = await db.stream.new(LONG_AGO, limit=9)
        assert works.have(entry)
        (listed,) = await db.stream.listed_papers(limit=9)
        assert not listed.chosen
    await club.say("Mod", "/curate pick 1", moderator=True)
    async with club.app.store.read(CLUB) as db:
        assert [paper.chosen for paper in await db.stream.listed_papers(limit=9)] == [True]
        assert isinstance(db.stream, StreamEntries)


async def test_another_club_sees_nothing_of_it(club: Harness) -> None:
    await store(club, item("arxiv:1", "On the growth of small plants"))
    other = await club.say("Eve", "/paper find plants scope=new", workspace="W2")
    assert "follows no sources" in words(other)
    async with club.app.store.begin(CLUB) as db:
        (entry,) = await db.stream.new(LONG_AGO, limit=9)
    async with club.app.store.read(2) as db:
        assert await db.stream.get(entry.id) is None
        assert await db.stream.new(LONG_AGO, limit=9) == []
        assert await db.stream_search.find("plants") == []
    said = await club.say("Eve", f"/curate candidates less {entry.id}", workspace="W2", moderator=True)
    assert said.failed


async def test_texts_to_learn_from_are_spread_evenly_and_by_key_only_the_clubs_own_are_found(club: Harness) -> None:
    many = [
        item(f"arxiv:{n}", f"Paper number {n} of many others", abstract="Text.", categories=("cs.CL", "cs.AI"))
        for n in range(1, 41)
    ]
    await store(club, *many, item("arxiv:old", "An old paper on plants", published=NOW - timedelta(days=100)))
    await store(club, item("arxiv:bare", "A paper without an abstract"))
    async with club.app.store.read_admin_session() as admin:
        texts = await admin.stream.texts(NOW - timedelta(days=90), limit=10)
        everything = await admin.stream.texts(NOW - timedelta(days=90), limit=100)
    assert len(everything) == 40, "neither the old one nor the one without an abstract"
    assert 5 <= len(texts) <= 10
    first, last = (int(title.split()[2]) for title in (texts[0][0], texts[-1][0]))
    assert first <= 10 < 30 < last
    assert texts[0][1:] == ("Text.", ("cs.CL", "cs.AI"))
    async with club.app.store.begin(CLUB) as db:
        assert (entry := await db.stream.by_key("arxiv:7"))
        assert entry.title == "Paper number 7 of many others"
        assert await db.stream.by_key("arxiv:999") is None
        mine, _journal = await db.sources.all()
        await db.sources.remove(mine)
        assert await db.stream.by_key("arxiv:7") is None, "announced by no source of the club any more"
