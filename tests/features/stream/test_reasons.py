"""Reasons for new papers say what really happened, and agree with what `/paper similar` shows."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from bot.features.shared.papers.similar_papers import most_similar_new
from tests.features.conversation import press
from tests.features.stream.conftest import Reading
from tests.features.stream.test_shortlist import add_source
from tests.sources.stream.recorded import recorded_week
from tests.stand_ins import words

SUBMITTED = ("2511.21726", "2511.20677", "2511.21712", "2511.17559")
"""Papers of the week: on memory, on SQL, on reports of companies (to which one other is close), on SQL again."""


async def reasons_of(reading: Reading) -> dict[str, list[str]]:
    """The reasons for the papers of the shortlist, by title."""
    async with reading.club.app.store.read(1) as db:
        return {found.entry.title: list(found.reasons) for found in await db.shortlists.entries()}


async def test_a_paper_is_like_another_only_if_similar_papers_say_so_too(reading: Reading) -> None:
    reading.club.clock.at = datetime(2025, 12, 1, 9, tzinfo=UTC)
    reading.club.paper_source.put(*(record for _, record in recorded_week()))
    for number, paper in enumerate(SUBMITTED, 1):
        assert not (await reading.club.say("Ada", f"/paper submit {paper}")).failed
        assert not (await reading.club.say("Mod", f"/curate pick {number}", moderator=True)).failed
    for source in ("cs.CL", "cs.LG", "cs.AI"):
        await add_source(reading, source)
    await reading.pass_time(minutes=1)
    said = await reasons_of(reading)
    like = {title: number for title, why in said.items() for one in why for number in re.findall(r"^like #(\d+)$", one)}
    assert like == {"EvalCards: A Framework for Standardized Evaluation Reporting": "3"}
    async with reading.club.app.store.read(1) as db:
        for number in range(1, len(SUBMITTED) + 1):
            chosen = await db.submissions.by_number(number)
            assert chosen is not None
            similar = {entry.title for entry in await most_similar_new(db, chosen, 1_000)}
            assert {title for title, named in like.items() if int(named) == number} <= similar
    assert len(said) == 50
    assert sum("it shares words (" in one for why in said.values() for one in why) > 10, "not near, but of the field"


async def test_reasons_say_what_was_done_with_the_papers_they_name(reading: Reading) -> None:
    club = reading.club
    club.clock.at = datetime(2025, 12, 1, 9, tzinfo=UTC)
    club.paper_source.put(*(record for _, record in recorded_week()))
    await club.say("Ada", "/paper submit 2511.21726")
    await add_source(reading)
    await reading.pass_time(minutes=1)

    async def all_reasons() -> str:
        await reading.pass_time(hours=21)
        return "; ".join(one for why in (await reasons_of(reading)).values() for one in why)

    said = await all_reasons()
    assert "with papers on the club’s list" in said
    assert "picked" not in said
    assert "chose" not in said
    assert not (await club.say("Bob", "/paper vote 1")).failed
    assert "with papers members voted for" in await all_reasons()
    assert not (await club.say("Mod", "/curate pick 1", moderator=True)).failed
    said = await all_reasons()
    assert "with papers that were picked" in said
    assert "members voted for" not in said
    await club.say("Bob", "/my papers on")
    own = words(await club.say("Bob", "/my papers"))
    assert "with papers that were picked" not in own
    assert "papers you voted for, saved or submitted" in own or "like #1" in own


async def test_a_change_of_sources_or_excluded_words_counts_at_the_next_look(reading: Reading) -> None:
    club = reading.club
    club.clock.at = datetime(2025, 12, 1, 9, tzinfo=UTC)
    club.paper_source.put(*(record for _, record in recorded_week()))
    await club.say("Ada", "/paper submit 2511.21726")

    async def listed() -> str:
        return words(await club.say("Mod", "/curate candidates", moderator=True))

    for source in ("cs.CL", "cs.LG"):
        await add_source(reading, source)
    await reading.pass_time(minutes=1)
    both = int(re.findall(r"(\d+) new papers from", await listed())[0])
    excluded = await club.say("Root", '/clubadmin sources exclude words="language"', admin=True)
    assert " is opened." in words(excluded)
    fewer = await listed()
    assert int(re.findall(r"(\d+) new papers? from", fewer)[0]) < both
    assert "language" not in fewer.lower().replace("excluded", "")
    removed = await club.say("Root", "/clubadmin sources remove cs.CL", admin=True)
    assert "new papers are not suggested any more" in words(removed)
    rest = int(re.findall(r"(\d+) new papers? from", await listed())[0])
    assert rest < both
    again = await club.say("Root", "/clubadmin sources add cs.CL", admin=True)
    assert "was read before, so its new papers are suggested at once" in words(again)
    assert int(re.findall(r"(\d+) new papers? from", await listed())[0]) > rest, "read before: there at once"
    shown = await club.say("Mod", "/curate candidates", moderator=True)
    assert "Made at" not in words(shown)
    await press(club, shown, "Less like this", "Mod", moderator=True)
    remark = (
        "This list was made at 09:01. After 09:11 you can get a new one, based on the newest papers and on what you "
        "pressed."
    )
    assert remark in await listed()
