"""The catalogue: right after every change, read again only where something changed, whole where one edition is not."""

from __future__ import annotations

import asyncio
import logging
import re
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.web.archive import catalogue as module
from adapters.web.archive.catalogue import Catalogues
from benchmarks.years import fill
from bot.domain.archive_urls import file_path, relative_file_path, slug
from bot.editions.compose.arxiv_themes import OTHER
from bot.store.editions.published import PublishedEdition
from tests.adapters.web.archive.conftest import LATEST, NOW, Site
from tests.stand_ins import open_store


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The numbers of the editions that were read, as they are."""
    seen: list[int] = []
    real = module.readable_index

    def spy(issue: PublishedEdition, value: object) -> module.CatalogueEdition | None:
        seen.append(issue.number)
        return real(issue, value)

    monkeypatch.setattr(module, "readable_index", spy)
    return seen


async def test_an_edition_is_read_once_and_again_when_it_changes(site: Site, read: list[int]) -> None:
    catalogues = Catalogues(site.harness.app.store)
    first = await catalogues.of(1)
    assert sorted(read) == list(range(1, LATEST + 1))
    assert await catalogues.of(1) is first
    read.clear()
    await site.edit(2, replace(await site.document(2), headline="Another"))
    assert (await catalogues.of(1)).by_number[2].headline == "Another"
    assert read == [2]
    await site.edit(3, state="recalled")
    now = await catalogues.of(1)
    assert sorted(now.by_number) == [1, 2, 4, 5, 6]
    assert set(now.recalled) == {3}
    assert read == [2]


async def test_many_at_once_read_it_once(site: Site, read: list[int]) -> None:
    catalogues = Catalogues(site.harness.app.store)
    found = await asyncio.gather(*(catalogues.of(1) for _ in range(20)))
    assert len(read) == LATEST
    assert all(one is found[0] for one in found)


async def test_one_broken_edition_hides_no_other(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    async with site.harness.app.store.begin(1) as db:
        edition = await db.editions.by_number(2)
        assert edition is not None
        edition.document, edition.sha = {"format": 99}, "x"
    with caplog.at_level(logging.ERROR):
        found = await Catalogues(site.harness.app.store).of(1)
    assert sorted(found.by_number) == [1, 3, 4, 5, 6]
    assert "cannot be read" in caplog.text


async def test_only_the_clubs_asked_for_last_are_kept(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_CLUBS", 2)
    catalogues = Catalogues(site.harness.app.store)
    first = await catalogues.of(1)
    await catalogues.of(77)
    assert await catalogues.of(1) is first
    await catalogues.of(78)
    assert await catalogues.of(1) is first
    await catalogues.of(79)
    await catalogues.of(80)
    assert await catalogues.of(1) is not first


async def test_both_databases_tell_the_same(url: str, tmp_path: Path) -> None:
    club = fill(url, editions=3, papers=2, until=NOW)
    store = open_store(url)
    try:
        found = await Catalogues(store).of(club)
        async with store.begin(club) as db:
            for name in ("Grace", "Ada"):
                (member,) = await db.members.search(name)
                await db.members.set_prefs(member, web=True)
            (member,) = await db.members.search("Alan")
            await db.members.set_prefs(member, web=False)
        async with store.read(club) as db:
            people = await db.published.listed_members()
            totals = await db.published.totals()
            best = await db.published.most_voted(limit=3)
            papers = await db.published.publication_counts()
            all_papers = [await db.submissions.by_number(number) for number in range(1, 7)]
            brought = await db.published.submission_times(NOW.replace(year=2025, month=1))
            votes = await db.published.vote_times(NOW.replace(year=2025, month=1))
    finally:
        await store.close()
    out_in = {(s.paper.published_at.year, s.paper.published_at.month) for s in all_papers if s and s.paper.published_at}
    assert [issued.number for issued in found.editions] == [3, 2, 1]
    assert found.editions[0].published == NOW
    assert (totals.submissions, totals.votes, len(brought), len(votes)) == (6, len(votes), 6, totals.votes)
    assert [name for _, name in people] == ["Ada", "Grace"]
    assert len(best) == 3
    assert best == sorted(best, key=lambda pair: -pair[1])
    assert sum(out.count for out in papers) == 6
    assert {(out.year, out.month) for out in papers} == out_in
    assert all(re.fullmatch(r"[a-z-]+(\.[A-Za-z-]+)?", out.category) for out in papers)


async def test_themes_gather_what_was_published_under_them(site: Site) -> None:
    document = await site.document(LATEST)
    sections = tuple(replace(section, title="Graphs & Co") for section in document.sections)
    await site.edit(LATEST, replace(document, sections=sections))
    before = await site.document(1)
    sections = tuple(replace(section, title="graphs, co") for section in before.sections)
    await site.edit(1, replace(before, sections=sections))
    found = (await Catalogues(site.harness.app.store).of(1)).themes["graphs-co"]
    assert found.name == "Graphs & Co"
    assert {entry.edition for entry in found.entries} == {1, LATEST}
    assert len(found.entries) == len(document.items) + len(before.items)


async def test_papers_in_one_row_have_the_theme_of_their_category(tmp_path: Path, site: Site) -> None:
    document = await site.document(1)
    row = replace(document.sections[0], title="Research", items=document.items)
    await site.edit(1, replace(document, template="best-of", sections=(row,)))
    entries = (await Catalogues(site.harness.app.store).of(1)).by_number[1].entries
    assert all(entry.theme not in ("Research", OTHER) for entry in entries)
    assert any(entry.theme for entry in entries)


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("Natural language processing", "natural-language-processing"),
        ("C++ & Rust!", "c-rust"),
        ("自然言語処理", "自然言語処理"),
        ("  --x--  ", "x"),
        ("../../etc/passwd", "etc-passwd"),
        ("🔬", "1f52c"),
        ("", "none"),
        ("x" * 300, "x" * 60),
    ],
)
def test_a_theme_has_an_address(name: str, made: str) -> None:
    assert slug(name) == made


def test_links_between_files_are_relative() -> None:
    link = relative_file_path("/clubs/1/editions/3")
    assert link("/clubs/1") == "../../index.html"
    assert link("/clubs/1/editions/3.bib") == "../3.bib"
    assert link("/clubs/1/papers/7#x") == "../../papers/7/index.html#x"
    assert relative_file_path("/")("/clubs/1") == "clubs/1/index.html"
    assert file_path("/") == "/index.html"
