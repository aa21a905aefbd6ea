"""New papers come to the club by themselves, as the same days on every platform."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.domain.stream.source_kinds import StreamSourceKind
from bot.runtime.stream_worker import StreamWorker
from bot.sources.stream.arxiv_listing import ArxivStreamReader
from tests.scenarios.conftest import STAGES
from tests.scenarios.stages import Stage
from tests.sources.stream.recorded import RecordedListing, recorded_week
from tests.stand_ins import Harness, open_harness


@dataclass(slots=True)
class Week:
    """A platform whose club can read the recorded arXiv."""

    stage: Stage
    harness: Harness

    async def pass_time(self, **duration: float) -> None:
        """Advance the clock, read what is due, and deliver."""
        self.harness.clock.advance(**duration)
        await StreamWorker(self.harness.app).round()
        await self.stage.settle()

    async def member_id(self, name: str) -> int:
        async with self.harness.app.store.read(1) as db:
            [found] = await db.members.search(name)
        return found.id

    async def pressed(self) -> tuple[str, str]:
        """Titles of the paper that was added, and of the one of which less was wanted."""
        async with self.harness.app.store.read(1) as db:
            [(less, _)] = await db.stream.judged(limit=9)
            added = await db.submissions.by_number(2)
        assert added is not None
        return added.paper.title, less.title


@pytest.fixture(params=sorted(STAGES))
async def week(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Week]:
    async with open_harness(tmp_path) as harness:
        listing = RecordedListing(harness.clock)
        harness.paper_source.put(*(record for _, record in recorded_week()))
        harness.change(platforms=(), stream_readers={StreamSourceKind.ARXIV: ArxivStreamReader(listing)})
        async with STAGES[request.param](harness) as stage:
            yield Week(stage, harness)
            stage.check()


@pytest.mark.stress  # tests/protocol walks the same way with the real program on each platform
async def test_sources_are_set_a_day_passes_and_the_shortlist_learns_from_what_is_pressed(week: Week) -> None:
    stage = week.stage
    olga, barbara = await stage.enter("Olga", "admin"), await stage.enter("Barbara", "moderator")
    ada = await stage.enter("Ada")
    assert "No sources yet" in await barbara.say("/curate candidates")
    assert "Did you mean" in await olga.say("/clubadmin sources add cs.CLL")
    assert "Source added" in await olga.say("/clubadmin sources add cs.CL")
    assert "The source works" in await olga.say("/clubadmin sources test cs.LG")
    await olga.say("/clubadmin settings shortlist daily")
    if stage.name == "console":
        await olga.say("/clubadmin setup papers=papers digest=digest moderators=moderators")
    await ada.say("/paper submit 2511.21726 memory for agents")
    await barbara.say("/curate pick 1")

    await week.pass_time(minutes=1)
    posted = await stage.channel_text("moderators")
    assert "5 new papers for the club" in posted
    assert "Why this" in posted
    first = await barbara.say("/curate candidates")
    assert "36 new papers from the last 7 days" in first
    assert "with papers that were picked" in first
    assert "Procedural Memory Retrieval" in first
    assert "is on the list" in await barbara.press("Add")
    await barbara.say("/curate candidates")
    assert "fewer papers like it" in await barbara.press("Less like this")

    await week.pass_time(days=1)
    second = await barbara.say("/curate candidates")
    added, less = await week.pressed()
    for title in (added, less, "Goal-Directed Search"):
        assert title not in second, "neither what was added, nor what was dismissed, nor what the club had"
    assert "40 new papers" in second, "Tuesday's are there"
    posts = re.findall("5 new papers for the club(?!: updated)", await stage.channel_text("moderators"))
    assert len(posts) == 2, "a post a day"
    assert "read Tue 2 Dec 2025" in await olga.say("/clubadmin sources")
    assert "Cacheback" in await ada.say("/paper find speculative decoding scope=new")


async def test_new_papers_are_narrowed_down_by_category_author_and_day(week: Week) -> None:
    stage = week.stage
    olga, barbara = await stage.enter("Olga", "admin"), await stage.enter("Barbara", "moderator")
    assert "“survey” after the source cs.CL" in await olga.say("/clubadmin sources add cs.CL survey")
    assert "turned off in this installation" in await olga.say("/clubadmin sources add hugging face")
    assert "Source added" in await olga.say("/clubadmin sources add arXiv: cs.CL")
    await week.pass_time(minutes=1)
    await week.pass_time(days=1)
    monday = await barbara.say("/paper find scope=new category=cs.cl since=2025-12-01 until=2025-12-01")
    assert "New papers in cs.cl since 1 Dec 2025 until 1 Dec 2025" in monday
    assert "Procedural Memory Retrieval" in await barbara.say("/paper find memory retrieval scope=new category=cs")
    assert "No new paper matches these filters" in await barbara.say("/paper find memory scope=new category=math.CO")
    assert "No new paper matches these filters" in await barbara.say("/paper find memory scope=new until=2025-11-01")
    record = next(record for _, record in recorded_week() if "Procedural Memory" in record.title)
    by_author = await barbara.say(f'/paper find scope=new author="{record.authors[0]}"')
    assert "Procedural Memory Retrieval" in by_author
    assert "is on the list" in await barbara.press("Submit this")
    assert "#1" in await barbara.say("/paper find memory until=2025-12-02")
    assert "memory” until 1 Dec 2025" in await barbara.say("/paper find memory until=2025-12-01")
    assert "is before" in await barbara.say("/paper find memory scope=new since=2025-12-02 until=2025-12-01")
    assert "scope=new" in await barbara.say("/paper find memory category=cs.CL")


@pytest.mark.slow
async def test_three_papers_of_the_week_are_ones_own_once_one_wants_them(week: Week) -> None:
    stage = week.stage
    olga, grace, ada = await stage.enter("Olga", "admin"), await stage.enter("Grace"), await stage.enter("Ada")
    await olga.say("/clubadmin sources add cs.CL")
    await week.pass_time(minutes=1)
    assert "three papers per week for you" in await grace.say("/my papers")
    assert "Vote for a paper" in await grace.press("Turn on"), "nothing is known of her yet"
    await ada.say("/paper submit 2511.21726 memory for agents")
    await grace.say("/paper vote 1")
    await grace.say("/my follow keyword language")
    first = await grace.say("/my papers")
    assert first.count("Why this") == 3
    assert "keywords: language" in first
    assert "with papers you voted for, saved or submitted" in first
    assert "Procedural Memory Retrieval" in first
    assert first.count("Goal-Directed Search") == 0, "what she voted for is not shown to her"
    said = await grace.press("Less like this")
    assert "will not be shown again" in said
    async with week.harness.app.store.read(1) as db:
        [unwanted] = await db.recommendations.unwanted(await week.member_id("Grace"))
    assert unwanted.title not in (await grace.say("/my papers")).replace(f"fewer papers like “{unwanted.title}”", "")
    assert "papers you marked “Less like this”: 1" in await grace.say("/my data")
    assert "Papers for you" in await grace.say("/my home")
    assert "Papers for you" not in await ada.say("/my home"), "only who wants it"

    await grace.say("/my follow keyword speculative")
    await grace.say("/my follow keyword dysfluency how=daily")
    await week.pass_time(days=1)
    await week.pass_time(days=1)
    assert (await grace.direct_messages()).count("you follow the keyword “dysfluency”") == 1
    assert "Cacheback" in await grace.say("/my follows"), "a follow reads the stream too"
    before = await grace.direct_messages()
    await week.pass_time(days=5)
    monday = (await grace.direct_messages()).removeprefix(before)
    assert monday.count("Why this") == 3, "on Monday, though the program was down since Wednesday"
    assert "Papers for you" not in await ada.direct_messages()
    await grace.say("/my papers off")
    assert "Papers for you" not in await grace.say("/my home")
    await grace.say("/my data delete sure=yes")
    async with week.harness.app.store.read(1) as db:
        assert await db.recommendations.messages() == {}
