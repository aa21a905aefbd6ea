"""T13: what is typed into a search is words: no operator, no column, no wildcard, and nothing of another club."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.domain.models.search_index import quoted
from bot.domain.stream.items import StreamItem
from bot.domain.stream.source_kinds import StreamSourceKind
from bot.store.base.search_rules import MAX_TERMS, MAX_WORDS, query_terms
from tests.features.conversation import ATTENTION, CLUB, DISTILLATION, submit_papers
from tests.features.conversation import set_moderators_channel as set_up
from tests.stand_ins import Harness, open_harness, words

TYPED = (
    '"', "'", "title:attention", "NEAR(a, b)", "-attention", "attention AND", "attention OR", "NOT attention", "a*",
    "^a", "attention) OR (1=1",
    "'; DROP TABLE submission; --", "%", "_", "%%%_", "\\", "\x00attention", '"attention', "((((",
    "{attention}", "attention NEAR/3 need",
    "::", "a:b:c", "🙂", "\u202e", "' UNION SELECT token FROM installation --",
    "x" * 5_000, " ".join(f"w{n}" for n in range(400)),
)  # fmt: skip


async def test_every_odd_search_is_answered(club: Harness) -> None:
    await set_up(club)
    await submit_papers(club, "Ada", ATTENTION, DISTILLATION)
    for typed in TYPED:
        for line in (f"/paper find {typed}", f"/paper show {typed}", f"/curate log who={typed}"):
            answer = await club.say("Ada", line, moderator=True)
            assert "on our side" not in words(answer), line
    assert "Attention" in words(await club.say("Ada", "/paper find attention"))
    for everything in ("%", "_", "a*", "' OR 1=1 --"):
        assert "Attention" not in words(await club.say("Ada", f"/paper find {everything}")), everything


async def test_no_search_finds_another_clubs_papers(club: Harness) -> None:
    await set_up(club)
    await submit_papers(club, "Ada", ATTENTION)
    for typed in ("attention", "attention) OR (1=1", "author:vaswani", '" OR club_id:1 "'):
        answer = await club.say("Eve", f"/paper find {typed}", workspace="W2")
        assert "Attention Is" not in words(answer), typed


@pytest.fixture
async def indexed(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Harness]:
    """A club in which every search goes by the database's own index, as in a large one, with a paper of a source."""
    monkeypatch.setattr("bot.store.papers.search.SCAN_FIRST", 0)
    async with open_harness(tmp_path, url=url) as opened:
        await set_up(opened)
        await submit_papers(opened, "Ada", f"{ATTENTION} it's O'Brien's idea", DISTILLATION)
        now = datetime(2025, 12, 1, 9, tzinfo=UTC)
        async with opened.app.store.begin(CLUB) as db:
            await db.sources.add(StreamSourceKind.ARXIV, "cs.CL", (), now)
        async with opened.app.store.read(CLUB) as db:
            [asked] = [row.source for row in await db.sources.all()]
        news = StreamItem(
            key="arxiv:2512.00001",
            title="News of attention",
            url="https://x.org",
            published=now,
            authors=("Ann Other",),
            categories=("cs.CL",),
        )
        async with opened.app.store.admin_session() as admin:
            await admin.stream.store([asked], [news], now, oldest=now)
        yield opened


NOWHERE = (
    "zzz OR attention",
    'zzz" OR "attention',
    "zzz' | 'attention",
    "!zzz",
    "-zzz",
    "zzz\\' | 'attention",
    "{title}: zzz",
    "zzz*",
)
"""Typed words that would find papers if they were read as operators: one of them is in no paper."""


def test_an_entry_ends_where_its_quotation_marks_do() -> None:
    assert quoted("a' | 'b\\") == "'a'' | ''b\\\\'"


async def test_a_club_finds_its_own_papers_alone_and_no_query_is_endless(indexed: Harness) -> None:
    answer = await indexed.say("Eve", "/paper find attention", workspace="W2")
    assert "Attention Is" not in words(answer)
    typed = " ".join(f"{'w' * 30}-{number}" for number in range(2_000))
    assert len(query_terms(typed)) == MAX_TERMS
    assert len(query_terms("w " * 2_000)) == MAX_WORDS
    async with indexed.app.store.read(CLUB) as db:
        assert list(await db.stream_search.find(typed)) == []


async def test_no_odd_search_reaches_the_language_of_an_index(indexed: Harness) -> None:
    async with indexed.app.store.read(CLUB) as db:
        for typed in (*TYPED, "attention\\", "o'brien", "''", "attention:*", "<->", "\\'"):
            await db.search.papers(typed)
            await db.search.papers("", author=typed)
            await db.search.by_title(typed)
            await db.stream_search.find(typed, author=typed)
            await db.stream_search.find("", categories=(typed,))
        for typed in NOWHERE:
            assert list(await db.search.papers(typed)) == [], typed
            assert list(await db.search.by_title(typed)) == [], typed
            assert list(await db.stream_search.find(typed)) == [], typed
        for typed in ("%", "_", "cs", "s.C"):
            assert list(await db.stream_search.find("", categories=(typed,))) == [], typed
        assert len(await db.stream_search.find("", categories=("cs.CL",))) == 1
        assert [row.number for row in await db.search.papers("attention need")] == [1]
        assert [row.number for row in await db.search.papers("o'brien")] == [1]
        assert len(await db.stream_search.find("attention news", author="other")) == 1
