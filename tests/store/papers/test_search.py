"""Search results follow the rules after any changes, by scan and by index."""

from __future__ import annotations

import asyncio
import itertools
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, event

from bot.domain.models import SearchEntry, Submission, SubmissionState
from bot.domain.paper_record import PaperRecord
from bot.errors import UserError
from bot.store import Store, UnitOfWork
from bot.store.base.search_folding import fold, forms
from bot.store.database.migrate import migrate
from tests.stand_ins import fresh_sqlite
from tests.store.papers.test_votes import founded, opened

NOW = datetime(2025, 12, 1, 9, 0, tzinfo=UTC)
HOSTILE = (
    '"',
    "'",
    "''",
    '"*',
    "*",
    "AND",
    "NEAR(a",
    "a:b",
    "-a",
    "^a",
    "\\",
    "\\'",
    "%",
    "_",
    "(",
    "&",
    "|",
    "!a",
    ":*",
)
WORDS = (
    "graph",
    "Graphs",
    "GPT-4",
    "C++",
    "H2O",
    "Größe",
    "ΣΟΦΟΣ",
    "神经网络",
    "deepMind",
    "(a)",
    "x_y",
    "50%",
    *HOSTILE,
)
SAID = st.lists(st.sampled_from(WORDS), max_size=4).map(" ".join)
TYPED = SAID | st.sampled_from((*WORDS, "raph", "rap", "4", "σοφοσ", "网", "mind", "ö", "+", "ada", "lovelace"))
NAMES = st.lists(st.sampled_from(["Ada Lovelace", "Grace O'Neill", "Lace Graph", "王 小云"]), max_size=2)


@dataclass(frozen=True)
class SearchedText:
    """Searched fields of a paper."""

    title: str
    abstract: str
    authors: list[str]
    why: str = ""
    heading: str = ""

    def has(self, typed: str, *, title_only: bool = False) -> bool:
        """Independent, simple implementation of the rules."""
        titled = " ".join(form for text in (self.title, self.heading) for form in forms(text)).casefold()
        texts = " ".join(form for text in (self.abstract, self.why, *self.authors) for form in forms(text))
        return all(
            any(word in other for other in titled.split())
            or (not title_only and any(word_begins(word, other) for other in texts.split()))
            for word in fold(typed).casefold().split()
        )


def word_begins(word: str, other: str) -> bool:
    """True if one text occurs in the other from a word start."""
    kinds = [_kind(letter) for letter in other]
    begins = [at == 0 or kinds[at] in "中" or _turns(kinds[at - 1], kinds[at]) for at in range(len(other))]
    return any(begin and other[at:].casefold().startswith(word) for at, begin in enumerate(begins))


def _kind(letter: str) -> str:
    if letter >= "一":
        return "中"
    if letter.isalpha():
        return "A" if letter.isupper() else "a"
    return "1" if letter.isdigit() else "."


def _turns(before: str, now: str) -> bool:
    if {before, now} <= {"A", "a", "中"}:
        return (before, now) == ("a", "A")
    return before != now


PAPERS = st.lists(st.builds(SearchedText, SAID, SAID, NAMES, SAID), min_size=5, max_size=5)
CHANGES = st.lists(
    st.tuples(st.integers(0, 4), st.sampled_from(["learn", "heading", "why", "drop", "merge", "forget"]), SAID),
    max_size=6,
)


@contextmanager
def small_scan(near: int) -> Iterator[None]:
    """Context in which few papers are scanned, as in a large club."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bot.store.papers.search.SCAN_FIRST", near)
        yield


@pytest.mark.parametrize("examples", [3, pytest.param(100, marks=pytest.mark.stress)])
def test_a_search_follows_the_rules_after_any_changes(url: str, examples: int) -> None:
    numbers = itertools.count()

    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))
    @given(PAPERS, CHANGES, st.lists(TYPED, min_size=4, max_size=4))
    def check(papers: list[SearchedText], changes: list[tuple[int, str, str]], typed: list[str]) -> None:
        runner.run(play(store, f"{next(numbers):04d}", papers, changes, typed))

    with asyncio.Runner() as runner:
        store = Store.open(url)
        try:
            check()
        finally:
            runner.run(store.close())


async def play(
    store: Store, year: str, papers: list[SearchedText], changes: list[tuple[int, str, str]], typed: list[str]
) -> None:
    """Two clubs that read the same papers, one of which says more about them."""
    told = [record(f"{year}.{number:05d}", words) for number, words in enumerate(papers)]
    club, other = [(await founded(store, members=1, papers=0))[0].id for _ in range(2)]
    await bring(store, club, [SubmittedPaper(it, words.why) for it, words in zip(told, papers, strict=True)])
    await bring(store, other, [SubmittedPaper(it, "sesame") for it in told])
    listed, merged = set(range(5)), set[int]()
    async with store.begin(club) as db:
        for at, change, said in changes:
            row = await db.submissions.by_number(at + 1)
            assert row is not None
            papers[at] = await make(db, row, change, said, papers[at])
            if change == "forget":
                papers = [replace(words, why="") for words in papers]
            elif change == "drop":
                listed.discard(at)
            elif change == "merge" and at != 4:
                merged.add(at)
                row.merged_into_id = (await numbered(db, 5)).id
    async with store.read(club) as db:
        for near, words in itertools.product((1, 400), typed):
            with small_scan(near):
                right = [n for n in reversed(range(5)) if n in listed - merged and papers[n].has(words)]
                assert [s.number - 1 for s in await db.search.papers(words)] == right, (near, words)
                right = [n for n in range(5) if n not in merged and papers[n].has(words, title_only=True)]
                assert sorted(s.number - 1 for s in await db.search.by_title(words)) == right, (near, words)
        assert await db.search.papers("sesame") == []


async def make(db: UnitOfWork, row: Submission, change: str, said: str, words: SearchedText) -> SearchedText:
    """Make one change, and say what the paper is found by then."""
    if change == "learn":
        words = replace(words, title=said, abstract="anew", authors=["Ada Lovelace"])
        await db.papers.save_record(record(row.paper.key.removeprefix("arxiv:"), words), now=NOW)
    elif change == "heading":
        row.title, words = said, replace(words, heading=said)
    elif change == "why":
        row.why, words = said, replace(words, why=said)
    elif change == "drop":
        row.state = SubmissionState.DROPPED
    elif change == "forget":
        await db.personal_data.delete(row.member_id, NOW)
    return words


def record(id: str, words: SearchedText) -> PaperRecord:
    """Record of a paper from its source."""
    return PaperRecord(
        key=f"arxiv:{id}",
        version=1,
        title=words.title,
        authors=tuple(words.authors),
        abstract=words.abstract,
        categories=(),
        published=NOW,
        updated=NOW,
    )


@dataclass(frozen=True)
class SubmittedPaper:
    """A paper and its submission."""

    told: PaperRecord
    why: str = ""
    days: int = 0
    topic: int | None = None


async def bring(store: Store, club: int, all_of: list[SubmittedPaper]) -> None:
    async with store.begin(club) as db:
        who = (await db.members.get_or_create("wall", "u0", "Ada", "W1", NOW)).id
        for it in all_of:
            paper = await db.papers.save_record(it.told, now=NOW)
            row = Submission(paper_id=paper.id, member_id=who, submitted_at=NOW + timedelta(days=it.days), why=it.why)
            row.topic_id = it.topic
            await db.submissions.add(row)


async def numbered(db: UnitOfWork, number: int) -> Submission:
    found = await db.submissions.by_number(number)
    assert found is not None
    return found


@pytest.mark.parametrize("near", [1, 3, 400])
async def test_filters_by_topic_day_and_author_and_pages(url: str, near: int) -> None:
    async with opened(url) as store:
        club = (await founded(store, papers=0))[0].id
        async with store.begin(club) as db:
            topic = (await db.topics.add("Theory")).id
        told = [SearchedText("On graphs", "", ["Grace O'Neill" if n % 3 else "Ada de Lovelace"]) for n in range(8)]
        all_of = [SubmittedPaper(record(f"2501.{n:05d}", told[n]), "", n, topic if n % 2 else None) for n in range(8)]
        await bring(store, club, all_of)

        async def found(words: str, **rest: Any) -> list[int]:
            return [s.number for s in await db.search.papers(words, **rest)]

        with small_scan(near):
            async with store.read(club) as db:
                assert await found("graph", limit=3) == [8, 7, 6]
                assert await found("graph", limit=3, skip=3) == [5, 4, 3]
                assert await found("graph", limit=3, skip=6) == [2, 1]
                assert await found("graph", topic="theory") == [8, 6, 4, 2]
                assert await found("graph", topic="none") == []
                assert await found("graph", since=NOW + timedelta(days=5)) == [8, 7, 6]
                assert await found("graph", since=NOW + timedelta(days=9)) == []
                assert await found("graph", author="ada DE lo") == [7, 4, 1]
                assert await found("", author="lovelace", topic="Theory", since=NOW + timedelta(days=1)) == [4]
                assert await found("graph", author="ada lovelace") == []
                assert await found("graph lace") == []
                assert await found("o'neill on", limit=2) == [8, 6]


async def test_a_changed_paper_is_found_by_its_new_words_only(url: str) -> None:
    async with opened(url) as store:
        club = (await founded(store, papers=0))[0].id
        told = record("2501.00001", SearchedText("Trees", "Bark.", ["Ada Lovelace"]))
        await bring(store, club, [SubmittedPaper(told, "because")])
        async with store.begin(club) as db:
            row = await numbered(db, 1)
            row.title = "Woods"
            assert [len(await db.search.papers(words)) for words in ("trees woods", "bark", "because")] == [1, 1, 1]
            await db.papers.save_record(
                record("2501.00001", SearchedText("Graphs", "Edges.", ["Grace O'Neill"])), now=NOW
            )
            await db.personal_data.delete(row.member_id, NOW)
        for near in (1, 400):
            with small_scan(near):
                async with store.read(club) as db:
                    for words in ("graph woods", "edge", "grace"):
                        assert len(await db.search.papers(words)) == 1, words
                    for words in ("trees", "bark", "because", "ada"):
                        assert await db.search.papers(words) == [], words


async def test_another_rules_version_rebuilds_the_index_once(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened(url) as store:
        club = (await founded(store, papers=3))[0].id
        for rule, there in (("1", 3), ("1", 0), ("2", 3)):
            async with store.begin(club) as db:
                await db.search._session.execute(delete(SearchEntry))
            monkeypatch.setattr("bot.store.sessions.INDEX_VERSION", rule)
            await store.rebuild_search_index()
            with small_scan(1):
                async with store.read(club) as db:
                    assert len(await db.search.papers("post")) == there
                    assert len(await db.search.by_title("ost 1")) == bool(there)


async def test_sqlite_never_scans_the_whole_club(tmp_path: Path) -> None:
    asked: list[tuple[str, Any]] = []
    async with opened(fresh_sqlite(tmp_path / "club.db")) as store:
        club = (await founded(store, papers=60))[0].id
        await store.analyze()
        async with store.read(club) as db:
            connection = await db.search._session.connection()
            line = connection.sync_connection
            assert line is not None
            keep: Callable[..., None] = lambda *told: asked.append((told[2], told[3]))  # noqa: E731
            event.listen(line, "before_cursor_execute", keep)
            with small_scan(4):
                await db.search.papers("7")
                await db.search.by_title("7")
            event.remove(line, "before_cursor_execute", keep)
            plans = [
                "\n".join(
                    str(tuple(step)[3])
                    for step in await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {said}", given)
                )
                for said, given in asked
            ]
    read = "\n\n".join(plans)
    assert len(plans) == 6, "the near ones, the index, and the papers themselves; twice"
    assert "SCAN lookup\n" not in read
    assert "SCAN submission" not in read
    assert "lookup_index VIRTUAL TABLE INDEX" in read, read


def test_an_sqlite_without_full_text_search_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class ConnectionWithoutFts(sqlite3.Connection):
        """A connection to an SQLite that was built without FTS5."""

        def execute(self, *said: Any) -> sqlite3.Cursor:
            raise sqlite3.OperationalError("no such module: fts5")

    whole = sqlite3.connect
    monkeypatch.setattr("sqlite3.connect", lambda path: whole(path, factory=ConnectionWithoutFts))
    for opens in (Store.open, migrate):
        with pytest.raises(UserError, match="cannot search texts"):
            opens(f"sqlite:///{tmp_path}/club.db")
    assert list(tmp_path.iterdir()) == []
