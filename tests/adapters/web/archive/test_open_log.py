"""The log of a club that opens it: a page, one a year, and feeds, with nothing about a person."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from aiohttp import ClientSession
from lxml import etree

from adapters.web.archive import archive, export
from adapters.web.server import serve, web_app
from tests.features.conversation import ATTENTION, CLUB, DISTILLATION, set_moderators_channel
from tests.stand_ins import Harness

Read = Callable[[str], Awaitable[tuple[int, str]]]


@pytest.fixture
async def read(club: Harness) -> AsyncIterator[Read]:
    app = web_app({})
    app.add_routes(archive(club.app))
    async with serve(app) as address, ClientSession(address.url) as client:

        async def get(path: str) -> tuple[int, str]:
            async with client.get(f"/clubs/{CLUB}{path}") as response:
                return response.status, await response.text()

        yield get


async def decide(club: Harness, line: str) -> None:
    answer = await club.say("Katherine", line, moderator=True)
    assert not answer.failed, answer.card


async def test_decisions_are_shown_and_nothing_about_a_person(club: Harness, read: Read, tmp_path: Path) -> None:
    await set_moderators_channel(club)
    for setting in ("public", "anonymous"):
        await club.say("Root", f"/clubadmin settings {setting} yes", admin=True)
    await club.say("Grace", f"/paper submit {ATTENTION} anonymous=yes")
    await club.say("Bob", f"/paper submit {DISTILLATION}")
    await club.say("Bob", "/paper report 1 spam note=my colleague wrote it")
    await decide(club, '/curate drop 1 reason="off <b>topic</b>"')
    await decide(club, "/curate case 1 reject nothing is wrong with it")
    await decide(club, "/curate member Bob note complains often")
    await decide(club, "/curate member Bob exclude voted twice")
    await decide(club, "/curate meeting plan thu 16:00")
    await decide(club, '/curate meeting edit 1 link=https://secret.example place="at Bob\'s" minutes=90')
    await club.say("Grace", "/club present 1")
    await club.say("Grace", "/club present 1 release")
    for path in ("/log", "/log/2025", "/log.atom"):
        assert (await read(path))[0] == 404, "it is not open"
    assert "/log" not in (await read("/meetings"))[1]
    await club.say("Root", "/clubadmin settings open_log yes", admin=True)

    status, page = await read("/log")
    assert status == 200
    assert "A moderator removed #1 from the list" in page
    assert "off &lt;b&gt;topic&lt;/b&gt;" in page
    assert "Attention Is All You Need" in page
    assert "A moderator changed the club’s meetings" in page
    _, atom = await read("/log.atom")
    _, feed = await read("/log.json")
    private_words = ["Grace", "Bob", "Katherine", "colleague", "complains", "twice", "stepped"]
    assert "minutes: 60" in page
    for private in (*private_words, "secret.example", "nothing is wrong"):
        assert private not in page + atom + feed, private
    entries = json.loads(feed)["items"]
    assert len(etree.fromstring(atom.encode()).findall("{*}entry")) == len(entries)
    assert len({entry["id"] for entry in entries}) == len(entries)
    assert (await read("/log/2025"))[1].count("<h2") == page.count("<h2")
    for path in ("/log/2024", "/log/2026", "/log.rss"):
        assert (await read(path))[0] == 404, path
    await club.say("Katherine", "/my prefs web=yes", moderator=True)
    assert "Katherine removed #1 from the list" in (await read("/log"))[1]

    written = {file.relative_to(tmp_path).as_posix() for file in await export(club.app, tmp_path)}
    assert {
        f"clubs/{CLUB}/{name}" for name in ("log/index.html", "log/2025/index.html", "log.atom", "log.json")
    } <= written
    await club.say("Root", "/clubadmin settings open_log no", admin=True)
    assert (await read("/log"))[0] == 404
    again = tmp_path / "again"
    assert not [file for file in await export(club.app, again) if "log" in file.relative_to(again).parts]
