"""Meetings are found by their words, exported, and give their papers the day on which the club read them."""

from __future__ import annotations

import csv
import io
import json

from aiohttp import ClientSession

from adapters.web.archive import archive
from adapters.web.server import serve, web_app
from bot.chat.cards import File
from tests.features.conversation import CLUB, set_moderators_channel, submit_papers
from tests.stand_ins import Harness, words


async def held(club: Harness) -> None:
    """Two meetings took place, a third is to come; the first read paper 1 and has notes."""
    await set_moderators_channel(club)
    await submit_papers(club, "Ada", "1706.03762", "2012.12877")
    for line in (
        "plan 2025-12-02 23:30 paper=1 timezone=Asia/Tokyo",
        'plan 2025-12-03 16:00 title="Planning the spring"',
        "plan 2025-12-18 16:00 paper=2",
    ):
        answer = await club.say("Mod", f"/curate meeting {line}", moderator=True)
        assert not answer.failed, answer.card
    await club.say("Ada", "/club present 1")
    club.clock.at = club.clock.at.replace(day=5)
    await club.say("Mod", '/club notes 1 "=Eight heads [are] enough, said nobody"', moderator=True)
    await club.say("Mod", "/curate meeting record 1 slides=https://example.org/s", moderator=True)


async def exported(club: Harness, line: str) -> str:
    answer = await club.say("Root", f"/clubadmin export {line}", admin=True)
    assert not answer.failed, answer.card
    [file] = [part for part in answer.card.parts if isinstance(part, File)]
    return file.content


async def test_meetings_are_found_by_their_words(club: Harness) -> None:
    await held(club)
    found = words(await club.say("Bob", "/club meetings words=heads"))
    assert "Meeting 1: Attention" in found
    assert "Meeting 2" not in found
    assert "Meeting 2: Planning" in words(await club.say("Bob", "/club meetings words=spring"))
    assert "Meeting 3" in words(await club.say("Bob", "/club meetings words=meeting 3")), "also those to come"
    assert "No meeting contains all" in words(await club.say("Bob", "/club meetings words=penguins"))
    papers = words(await club.say("Bob", "/paper find attention"))
    assert "Meetings with these words" in papers
    assert "Meeting 1: Attention" in papers
    assert "Meetings with these words" not in words(await club.say("Bob", "/paper find vision author=Touvron"))
    spring = words(await club.say("Bob", "/paper find planning"))
    assert "No paper here matches" in spring
    assert "Meeting 2: Planning the spring" in spring


async def test_the_search_of_the_archive_finds_meetings_that_took_place(club: Harness) -> None:
    await held(club)
    await club.say("Root", "/clubadmin settings public yes", admin=True)
    app = web_app({})
    app.add_routes(archive(club.app))
    async with serve(app) as address, ClientSession(address.url) as client:

        async def search(asked: str) -> str:
            async with client.get(f"/clubs/{CLUB}/search", params={"q": asked}) as response:
                return await response.text()

        assert f"/clubs/{CLUB}/meetings/1" in await search("heads enough")
        assert f"/clubs/{CLUB}/meetings/2" in await search("SPRING")
        assert "/meetings/3" not in await search("meeting 3"), "it is not over"
        assert "/meetings/1" not in await search("ada"), "a presenter who is not listed"


async def test_meetings_are_exported_without_names(club: Harness) -> None:
    empty = await club.say("Root", "/clubadmin export which=meetings", admin=True)
    assert "no meetings to export" in words(empty)
    await held(club)
    whole = json.loads(await exported(club, "which=meetings"))
    assert (whole["format"], len(whole["meetings"])) == ("journalclub-meetings", 3)
    first = whole["meetings"][0]
    assert first["starts"] == "2025-12-02T23:30:00+09:00"
    assert first["paper"] == "Attention Is All You Need"
    assert first["notes"].startswith("=Eight heads")
    assert "ada" not in json.dumps(whole).lower().replace("metadata", "")
    rows = list(csv.DictReader(io.StringIO(await exported(club, "csv which=meetings"))))
    assert rows[0]["notes"].startswith("'="), "no formula of a spreadsheet"
    assert "Eight heads \\[are\\] enough" in await exported(club, "markdown which=meetings")
    assert "exported as json, csv, markdown" in words(
        await club.say("Root", "/clubadmin export bibtex which=meetings", admin=True)
    )


async def test_a_paper_was_read_on_the_day_of_its_meeting(club: Harness) -> None:
    await held(club)
    papers = json.loads(await exported(club, "json which=read"))["papers"]
    assert [(paper["title"], paper["read"]) for paper in papers] == [("Attention Is All You Need", "2025-12-02")]
    assert "## 2025-12-02" in await exported(club, "markdown")
