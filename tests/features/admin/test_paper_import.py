"""`/clubadmin import` and `/clubadmin export`: large lists, damaged ones, stops, and other clubs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.domain.bibliography.reading import read_bibliography
from bot.errors import UserError
from bot.features.admin import paper_import
from bot.features.admin.import_undo import LoggedImport
from bot.features.shared.papers.metadata_backfill import backfill
from bot.features.stream.ranking_input import load_ranking_rows, ranking_input
from tests.features.conversation import ATTENTION, CLUB, submission_numbered, submit_papers
from tests.stand_ins import Harness, open_harness, words

LIST = """title,authors,abstract,doi,url,topic,read
A Long Title of a First Paper,Ada Lovelace; Alan Turing,It has words.,10.1234/a.1,,NLP,2020-02-29
A Long Title of a Second Paper,Alan Turing;,,,https://example.org/second,,2021-01-01
A Long Title of a Third Paper,,,,,,03/04/2021
"""


async def import_file(club: Harness, name: str, content: bytes, *, sure: bool = True) -> str:
    club.gateway.files[name] = content
    return words(await club.say("Root", f"/clubadmin import {name}{' sure=yes' if sure else ''}", admin=True))


async def test_a_file_is_added_once_whatever_its_format(club: Harness) -> None:
    shown = await import_file(club, "list.csv", LIST.encode(), sure=False)
    assert "New: 2, 2 of them with the date on which they were read" in shown
    assert "line 4: I cannot tell which day “03/04/2021” is. Write it like 2024-05-31." in shown
    assert "Imported: 2 papers" in await import_file(club, "list.csv", LIST.encode())
    for form in ("bibtex", "ris", "csl-json", "csv", "json", "markdown"):
        answer = await club.say("Root", f"/clubadmin export {form}", admin=True)
        file = next(part for part in answer.card.parts if part.kind == "file")
        assert "Already here: 2" in await import_file(club, file.name, file.content.encode())


@pytest.mark.parametrize(
    "pasted",
    [
        '@misc{k, title={A Fine Work of Some Length}, author="Ken Batcher", year=1968}',
        "TY  - CONF\nTI  - A Fine Work of Some Length\nAU  - Batcher, Ken\nPY  - 1968\nER  - ",
        "TY  - CONF TI  - A Fine Work of Some Length AU  - Batcher, Ken PY  - 1968 ER  - ",
        '[{"title": "A Fine Work of Some Length", "issued": {"date-parts": [[1968]]}}]',
        "title,published\nA Fine Work of Some Length,1968",
    ],
)
async def test_a_list_may_be_pasted_behind_the_command(club: Harness, pasted: str) -> None:
    shown = await club.say("Root", f"/clubadmin import {pasted}", admin=True)
    assert "Add 1 paper from" in words(shown)
    assert "Imported: 1 paper" in words(await club.say("Root", f"/clubadmin import {pasted} sure=yes", admin=True))
    card = words(await club.say("Ada", "/paper show 1"))
    assert "A Fine Work of Some Length" in card
    assert "1968" in card
    assert "1 Jan 1968" not in card
    assert "1968-01" not in words(await club.say("Root", "/clubadmin export csv", admin=True))


async def test_what_was_exported_is_the_same_in_another_club(club: Harness, tmp_path: Path) -> None:
    await import_file(club, "list.csv", LIST.encode())
    await submit_papers(club, "Ada", ATTENTION)
    answer = await club.say("Root", "/clubadmin export", admin=True)
    content = next(part.content for part in answer.card.parts if part.kind == "file")
    (tmp_path / "other").mkdir()
    async with open_harness(tmp_path / "other") as other:
        assert "Imported: 3 papers" in await import_file(other, "papers.json", content.encode())
        again = await other.say("Root", "/clubadmin export", admin=True)
        assert json.loads(next(part.content for part in again.card.parts if part.kind == "file")) == json.loads(content)


async def test_an_import_that_stops_goes_on_where_it_stopped(club: Harness, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paper_import, "BATCH", 100)
    monkeypatch.setattr(paper_import, "PROGRESS_EVERY", -1.0)
    entries = [f"@misc{{k{n}, title={{A Fine Work with the Number {n}}}, year=1999}}" for n in range(450)]
    content = "\n".join(entries).encode()
    real, added = paper_import._add, 0

    async def fail_third(*given: object) -> LoggedImport:
        nonlocal added
        added += 1
        if added == 3:
            raise RuntimeError("the power is gone")
        return await real(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(paper_import, "_add", fail_third)
    await import_file(club, "big.bib", content)
    monkeypatch.setattr(paper_import, "_add", real)
    assert "Already here: 200" in await import_file(club, "big.bib", content, sure=False)
    assert "Imported: 250 papers" in await import_file(club, "big.bib", content)
    async with club.app.store.read(CLUB) as db:
        assert await db.reading_history.count() == (450, 450)


async def test_read_papers_teach_taste_and_are_on_no_list(club: Harness) -> None:
    await import_file(club, "list.csv", LIST.encode())
    async with club.app.store.read(CLUB) as db:
        rows = await load_ranking_rows(db, club.clock(), with_past=True)
        assert not await db.submissions.most_voted(since=None)
    assert {paper.title for paper in ranking_input(rows).taste.picked} == {
        "A Long Title of a First Paper", "A Long Title of a Second Paper",
    }  # fmt: skip
    await club.delivery_worker.drain()
    assert not club.gateway.posts
    assert "so you cannot vote for it" in words(await club.say("Ada", "/paper vote 1"))
    card = words(await club.say("Ada", "/paper show 1"))
    assert "by the club on 29 Feb 2020" in card


async def test_details_of_an_id_follow_from_its_source(club: Harness) -> None:
    await import_file(club, "list.md", f"- [My own words](https://arxiv.org/abs/{ATTENTION}) 2018-01-02".encode())
    assert (await submission_numbered(club, 1)).paper.pending
    await backfill(club.app, CLUB)
    paper = (await submission_numbered(club, 1)).paper
    assert paper.title == "Attention Is All You Need"
    assert "The club read it on 2 Jan 2018" in words(await club.say("Ada", f"/paper submit {ATTENTION} again!"))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"<!DOCTYPE html><html><body>Sign in</body></html>", "That is a web page"),
        (b'[{"title": "A"', "The JSON is damaged"),
        (b'{"format": "journalclub-papers", "version": 9, "papers": []}', "newer version"),
        (b'{"a": 1}', "not a list of papers"),
        (b"\xff\x00\x00\x01", "not"),
        ("Исследование".encode("cp1251"), "not UTF-8"),
        (b"", "There are no papers in that"),
        (b"hello there", "There are no papers in that"),
    ],
)
async def test_what_is_no_list_gets_a_sentence(club: Harness, content: bytes, sentence: str) -> None:
    assert sentence in await import_file(club, "file", content)
    async with club.app.store.read(CLUB) as db:
        assert await db.reading_history.count() == (0, 0)


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"])
async def test_a_list_in_the_encoding_of_an_older_program(club: Harness, encoding: str) -> None:
    listed = "title;authors;read\nÜber große Möbiusbänder für Anfänger;Müller, Jörg;3.5.2024\n"
    assert "Imported: 1 paper" in await import_file(club, "old.csv", listed.encode(encoding))
    assert "Über große Möbiusbänder" in words(await club.say("Ada", "/paper find Möbius"))


async def test_a_title_that_the_club_has_is_asked_about_when_no_author_says_more(club: Harness) -> None:
    await submit_papers(club, "Ada", ATTENTION)
    listed = b"@article{a, title={Attention is all you need}, doi={10.5555/3295222.3295349}}"
    assert "has the same title as #1. Is it the same paper?" in await import_file(club, "a.bib", listed)
    signed = listed.replace(b"doi=", b"author={Vaswani, Ashish}, doi=")
    assert "Nothing new" in await import_file(club, "b.bib", signed)


async def test_only_admins_import_and_export(club: Harness) -> None:
    for command in ("import text='- a fine old paper'", "export"):
        assert "admin" in words(await club.say("Ada", f"/clubadmin {command}")).lower()


async def test_wild_records_are_taken_with_bearable_length(club: Harness) -> None:
    authors = " and ".join(f"Person{n}, A." for n in range(5_000))
    title = "word " * 2_000
    content = f"@article{{a, title={{{title}}}, author={{{authors}}}}}\n"
    content += "@article{b, title={unclosed\n@misc{c, title={Fine}}"
    found = read_bibliography(content)
    assert [len(entry.title) for entry in found.entries] == [1_999, 4]
    assert len(found.entries[0].authors) == 5_000
    assert [problem.place for problem in found.problems] == ["line 2"]
    assert "Imported: 2 papers" in await import_file(club, "wild.bib", content.encode())
    with pytest.raises(UserError, match="no papers"):
        read_bibliography("@comment{nothing}")
