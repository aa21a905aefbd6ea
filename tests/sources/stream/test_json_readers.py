"""Readers of the JSON APIs, with answers in the form that each API documents, and with broken ones."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.domain.stream.items import StreamItem
from bot.errors import Unavailable
from bot.sources.json_host import JsonSource
from bot.sources.stream.biorxiv import MedrxivServer, PreprintServer
from bot.sources.stream.huggingface import DailyPapersReader
from bot.sources.stream.journals import JournalReader
from bot.sources.stream.openreview import VenueReader
from tests.sources.clock import Clock
from tests.sources.faulty import FaultyArxiv, answer_with, too_many_requests
from tests.sources.local_rate_gate import LocalRateGate

DOCUMENTED: dict[str, Any] = json.loads(Path(__file__).with_name("documented.json").read_text("utf-8"))
NOW = datetime(2025, 12, 1, 9, tzinfo=UTC)

Open = Callable[[type[JsonSource]], Awaitable[Any]]


@pytest.fixture
async def reader(server: FaultyArxiv, clock: Clock) -> AsyncIterator[Open]:
    async with AsyncExitStack() as stack:

        async def opened(kind: type[JsonSource]) -> Any:
            gate = LocalRateGate(clock.monotonic, clock.sleep)
            base = server.url.removesuffix("/api/query")
            client = kind(gate, base_url=base, now=clock.now, sleep=clock.sleep, chance=lambda: 0.5)
            return await stack.enter_async_context(client)

        yield opened


def answer(name: str, **changes: Any) -> Any:
    found = DOCUMENTED[name]
    return answer_with(json.dumps({**found, **changes} if changes else found), kind="application/json")


async def test_biorxiv_gives_first_versions_of_one_subject_day_by_day(reader: Open, server: FaultyArxiv) -> None:
    biorxiv = await reader(PreprintServer)
    assert biorxiv.start(None, NOW) == "2025-11-24"
    assert biorxiv.start(NOW, NOW) == "2025-11-29", "two days back, since preprints are late"
    server.plan = [answer("biorxiv")]
    page = await biorxiv.read(["neuroscience"], "2025-11-30", NOW)
    assert page.items == (
        StreamItem(
            key="doi:10.1101/2025.12.01.000001",
            url="https://doi.org/10.1101/2025.12.01.000001",
            title="Example cells & their noise",
            published=datetime(2025, 12, 1, tzinfo=UTC),
            abstract="We made this up.",
            authors=("A. Example", "B. C. Sample"),
            categories=("neuroscience",),
            doi="10.1101/2025.12.01.000001",
        ),
    )
    assert page.position == "2025-12-01"
    assert server.paths[-1] == "/details/biorxiv/2025-11-30/2025-11-30/0"
    server.plan = [answer("biorxiv", messages=[{"status": "ok", "total": 130}])]
    page = await biorxiv.read(["neuroscience"], "2025-12-01/30", NOW)
    assert page.position == "2025-12-01/33", "the day goes on"
    server.plan = [answer("biorxiv", messages=[{"status": "no posts found"}], collection=[])]
    assert (await biorxiv.read(["neuroscience"], "2025-12-01/33", NOW)).position == "", "today is the last day"
    server.plan = [answer("biorxiv")]
    await (await reader(MedrxivServer)).read(["oncology"], "2025-12-01", NOW)
    assert server.paths[-1].startswith("/details/medrxiv/")


async def test_crossref_gives_a_journals_articles_since_the_last_reading(reader: Open, server: FaultyArxiv) -> None:
    journals = await reader(JournalReader)
    server.plan = [answer("crossref")]
    page = await journals.read(["0028-0836"], "2025-11-24", NOW)
    (item,) = page.items
    assert (item.key, item.title, item.abstract) == ("doi:10.1000/example.1", "An example: made up", "Nothing real.")
    assert item.authors == ("Ann Example", "The Sample Group")
    assert page.position == ""
    assert server.paths[-1] == "/journals/0028-0836/works"
    assert "from-created-date:2025-11-24,until-created-date:2025-12-01" in server.ledger[-1].query["filter"]
    message = {**DOCUMENTED["crossref"]["message"], "total-results": 5}
    server.plan = [answer("crossref", message=message)]
    assert (await journals.read(["0028-0836"], "2025-11-24/3", NOW)).position == "2025-11-24/4"
    assert server.ledger[-1].query["offset"] == "3"
    server.plan = [answer_with("Resource not found.", status=404, kind="text/plain")]
    with pytest.raises(Unavailable, match="has no journal"):
        await journals.read(["0000-0000"], "2025-11-24", NOW)


async def test_openreview_gives_new_public_submissions_and_stops_at_old_ones(reader: Open, server: FaultyArxiv) -> None:
    venues = await reader(VenueReader)
    server.plan = [answer("openreview")]
    page = await venues.read(["ICLR.cc/2026/Conference"], venues.start(None, NOW), NOW)
    (item,) = page.items
    assert item.key == "web:https://openreview.net/forum?id=AbCdEf1234"
    assert item.authors == (), "nobody is named under double-blind review"
    assert page.position == ""
    assert server.ledger[-1].query["content.venueid"] == "ICLR.cc/2026/Conference"
    full = [DOCUMENTED["openreview"]["notes"][0]] * 100
    server.plan = [answer("openreview", notes=full)]
    assert (await venues.read(["X.cc/2026"], "2025-11-24T00:00:00+00:00/0", NOW)).position.endswith("/100")
    server.plan = [answer("openreview", notes=full)]
    last = await venues.read(["X.cc/2026"], "2025-11-24T00:00:00+00:00/4900", NOW)
    assert (last.position, str(last.remark)) == ("", "There were more than 5,000 submissions; the rest was left out.")


async def test_hugging_face_gives_votes_and_goes_back_for_later_ones(reader: Open, server: FaultyArxiv) -> None:
    daily = await reader(DailyPapersReader)
    server.plan = [answer("huggingface")]
    page = await daily.read(["daily"], "2025-12-01", NOW)
    (item,) = page.items
    assert (item.key, item.title, item.votes) == ("arxiv:2511.00001", "An example of voting", 41)
    assert server.ledger[-1].query["date"] == "2025-12-01"
    assert daily.start(NOW, NOW) == "2025-11-28"


async def test_what_no_database_can_store_is_left_out_of_texts(reader: Open, server: FaultyArxiv) -> None:
    odd = "An odd \ud83d title \x00 with\x1f marks \udfff"
    preprint = {**DOCUMENTED["biorxiv"]["collection"][0], "title": odd, "abstract": f"<i>{odd}</i>", "authors": odd}
    server.plan = [answer("biorxiv", collection=[preprint])]
    found = [*(await (await reader(PreprintServer)).read(["neuroscience"], "2025-11-30", NOW)).items]
    work = {**DOCUMENTED["crossref"]["message"]["items"][0], "title": [odd], "author": [{"name": odd}], "subtitle": []}
    server.plan = [answer("crossref", message={**DOCUMENTED["crossref"]["message"], "items": [work]})]
    found += (await (await reader(JournalReader)).read(["0028-0836"], "2025-11-24", NOW)).items
    content = {name: {"value": value} for name, value in (("title", odd), ("abstract", odd), ("authors", [odd]))}
    note = {**DOCUMENTED["openreview"]["notes"][0], "forum": f"a{odd}", "content": content}
    server.plan = [answer("openreview", notes=[note])]
    found += (await (await reader(VenueReader)).read(["X.cc"], "2025-11-24T00:00:00+00:00/0", NOW)).items
    paper = {"id": "2511.00001", "title": odd, "summary": odd, "authors": [{"name": odd}], "upvotes": 4}
    server.plan = [answer_with(json.dumps([{"paper": paper}]), kind="application/json")]
    found += (await (await reader(DailyPapersReader)).read(["daily"], "2025-11-30", NOW)).items
    assert [item.title for item in found] == ["An odd title with marks"] * 4
    for item in found:
        written = "".join((item.key, item.url, item.title, item.abstract, *item.authors))
        assert "\x00" not in written
        assert written.encode()


WRONG_DATES = (None, "soon", "2025-13-45", "1970-01-01", "2099-01-01", "0000-00-00", 5, ["x"])


@pytest.mark.parametrize("date", WRONG_DATES)
async def test_a_date_that_is_none_hides_nothing(date: Any, reader: Open, server: FaultyArxiv) -> None:
    rows = [{**row, "date": date} for row in DOCUMENTED["biorxiv"]["collection"]]
    server.plan = [answer("biorxiv", collection=rows)]
    (preprint,) = (await (await reader(PreprintServer)).read(["neuroscience"], "2025-11-30", NOW)).items
    assert preprint.published == datetime(2025, 11, 30, 12, tzinfo=UTC), "the day that was asked for"
    (entry,) = (one for one in DOCUMENTED["huggingface"] if one.get("paper", {}).get("upvotes") == 41)
    paper = {**entry, "paper": {**entry["paper"], "publishedAt": date}}
    server.plan = [answer_with(json.dumps([paper]), kind="application/json")]
    (voted,) = (await (await reader(DailyPapersReader)).read(["daily"], "2025-11-30", NOW)).items
    assert voted.published == datetime(2025, 11, 30, 12, tzinfo=UTC)
    all_parts: tuple[Any, ...] = (date, [[1]], [[2025, 13, 45]], [[2099, 1, 1]], [[]])
    for parts in all_parts:
        works = [{**work, "created": {"date-parts": parts}} for work in DOCUMENTED["crossref"]["message"]["items"]]
        server.plan = [answer("crossref", message={**DOCUMENTED["crossref"]["message"], "items": works})]
        (article,) = (await (await reader(JournalReader)).read(["0028-0836"], "2025-11-24", NOW)).items
        assert article.published == NOW, "it was registered since the day that was asked for"
    note = DOCUMENTED["openreview"]["notes"][0]
    dates = (1764496800000, date, -1, True, 10**18, 99999999999999, 1764496800000)
    notes = [{**note, "id": f"n{n}", "forum": f"n{n}", "pdate": None, "cdate": at} for n, at in enumerate(dates)]
    server.plan = [answer("openreview", notes=notes)]
    found = (await (await reader(VenueReader)).read(["X.cc"], "2025-11-24T00:00:00+00:00/0", NOW)).items
    assert [item.published for item in found] == [datetime(2025, 11, 30, 10, tzinfo=UTC)] * len(dates)


@pytest.mark.parametrize("kind", [PreprintServer, JournalReader, VenueReader, DailyPapersReader])
@pytest.mark.parametrize(
    "body", ["<html>Please log in</html>", "null", "[1, {}]", '{"notes": 3}', '{"message": []}', "{"]
)
async def test_an_answer_that_is_none_is_an_error_and_never_no_papers(
    kind: Any, body: str, reader: Open, server: FaultyArxiv
) -> None:
    source = await reader(kind)
    server.plan = [answer_with(body, kind="application/json")]
    if kind is DailyPapersReader and body.startswith("["):
        assert (await source.read(["daily"], "2025-12-01", NOW)).items == ()
        return
    with pytest.raises(Unavailable):
        await source.read(["x"], source.start(None, NOW), NOW)


async def test_a_busy_host_says_when_to_come_again(reader: Open, server: FaultyArxiv, clock: Clock) -> None:
    daily = await reader(DailyPapersReader)
    server.plan = [too_many_requests(Retry_After="500")]
    with pytest.raises(Unavailable) as caught:
        await daily.read(["daily"], "2025-12-01", NOW)
    assert caught.value.retry_at is not None  # type: ignore[attr-defined]
