"""Section of an edition about new papers that nobody picked."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from tests.features.stream.conftest import Reading
from tests.features.stream.test_shortlist import add_source, with_a_pick
from tests.sources.stream.recorded import recorded_week
from tests.stand_ins import words


async def sections_of_draft(reading: Reading) -> list[Any]:
    answer = await reading.club.say("Mod", "/edition draft", moderator=True)
    assert not answer.failed, answer.card
    async with reading.club.app.store.read(1) as db:
        current = await db.editions.current()
    assert current is not None
    return list(current.document["sections"])


async def test_an_edition_lists_what_is_also_new_only_where_a_club_wants_it_and_says_who_chose(
    reading: Reading,
) -> None:
    reading.club.clock.at = datetime(2025, 12, 1, 9, tzinfo=UTC)
    await with_a_pick(reading)
    await add_source(reading)
    await reading.pass_time(minutes=1)
    assert not [section for section in await sections_of_draft(reading) if section["title"].startswith("Also new")]

    await reading.club.say("Root", "/clubadmin settings also_new 3", admin=True)
    await reading.pass_time(minutes=20)
    [section] = [found for found in await sections_of_draft(reading) if found["title"] == "Also new this week"]
    assert len(section["items"]) == 3
    assert "A Benchmark for Procedural Memory Retrieval in Language Agents" in {i["title"] for i in section["items"]}
    assert not [item for item in section["items"] if item["title"].startswith("Goal-Directed Search")], "it is picked"
    assert section["intro"] == ["Chosen by the program from 36 new papers. Nobody in the club has picked these."]
    shown = words(await reading.club.say("Mod", "/edition preview markdown", moderator=True))
    assert "Also new this week" in shown
    assert "Chosen by the program" in shown


async def test_new_papers_like_one_are_shown_with_it(reading: Reading) -> None:
    reading.club.clock.at = datetime(2025, 11, 27, 9, tzinfo=UTC)
    reading.club.paper_source.put(*(record for _, record in recorded_week()))
    await add_source(reading)
    await reading.pass_time(minutes=1)
    assert not (await reading.club.say("Ada", "/paper submit 2511.20677")).failed
    shown = words(await reading.club.say("Ada", "/paper similar 1"))
    assert "SCARE: A Benchmark for SQL Correction" in shown.partition("New in the club’s sources")[2]
    assert not (await reading.club.say("Ada", "/paper submit 2511.17559")).failed
    assert "New in the club’s sources" not in words(await reading.club.say("Ada", "/paper similar 1")), "it has it now"
