"""The recorded arXiv answers like the real one, and contains what its README lists."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from importlib import resources

import aiohttp
import arxiv as package
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from bot.sources.arxiv import atom_feed
from bot.sources.recorded_arxiv import RecordedArxiv, recorded_papers, search


@pytest.fixture
async def recorded() -> AsyncIterator[RecordedArxiv]:
    async with RecordedArxiv() as recorded:
        yield recorded


async def request(recorded: RecordedArxiv, **query: str) -> tuple[int, bytes]:
    async with aiohttp.ClientSession() as session, session.get(recorded.url, params=query) as response:
        assert response.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
        return response.status, await response.read()


def ids_of(body: bytes) -> list[str]:
    return [str(found.text) for found in etree.fromstring(body).iterfind(f"{atom_feed.ATOM}entry/{atom_feed.ATOM}id")]


def matching(query: str) -> list[str]:
    test = search.read(query)
    return [record.arxiv_id for record in recorded_papers() if test.matches(record)]


def test_there_are_400_sound_records() -> None:
    assert len(recorded_papers()) == len({record.key for record in recorded_papers()}) == 400
    week = [r for r in recorded_papers() if r.published and datetime(2025, 9, 26, tzinfo=UTC) <= r.published]
    assert len(week) == 347
    assert max(r.published for r in week if r.published) == datetime(2025, 10, 10, tzinfo=UTC)
    for record in recorded_papers():
        assert record.title
        assert record.abstract
        assert record.authors
        assert record.categories
        assert record.published


def test_the_package_stays_small() -> None:
    packed = resources.files("bot.sources.recorded_arxiv").joinpath("arxiv.jsonl.gz").read_bytes()
    assert len(packed) < 350_000


async def test_the_arxiv_package_alone_can_read_it(recorded: RecordedArxiv) -> None:
    _, body = await request(recorded, id_list="1706.03762v3,cs/0703134")
    results = package._feed.parse(body).results
    assert [result.get_short_id() for result in results] == ["1706.03762v3", "cs/0703134v1"]
    assert [result.pdf_url for result in results] == ["https://arxiv.org/pdf/1706.03762v3", None]
    assert results[0].primary_category == "cs.CL"
    assert results[0].comment == "15 pages, 5 figures"


async def test_unknown_ids_and_versions_are_silently_absent(recorded: RecordedArxiv) -> None:
    status, body = await request(recorded, id_list="2401.99999,1706.03762v8,1706.03762")
    assert (status, ids_of(body)) == (200, ["http://arxiv.org/abs/1706.03762v7"])
    assert b"<opensearch:totalResults>1<" in body


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({}, "Either a search_query or id_list must be specified"),
        ({"id_list": "abc"}, "incorrect id format for abc"),
        ({"id_list": "1706.03762", "start": "x"}, "start must be an integer"),
        ({"id_list": "1706.03762", "max_results": "-1"}, "max_results must be non-negative"),
        ({"id_list": "1706.03762", "sortBy": "votes"}, "sortBy must be in"),
        ({"search_query": "ti:("}, "search_query cannot be read"),
    ],
)
async def test_errors_are_http_400_with_a_feed(recorded: RecordedArxiv, query: dict[str, str], said: str) -> None:
    status, body = await request(recorded, **query)
    entry = etree.fromstring(body).find(f"{atom_feed.ATOM}entry")
    assert status == 400
    assert entry.findtext(f"{atom_feed.ATOM}title") == "Error"
    assert said in entry.findtext(f"{atom_feed.ATOM}summary")
    assert entry.findtext(f"{atom_feed.ATOM}id").startswith("https://arxiv.org/api/errors#")


async def test_pages_follow_each_other(recorded: RecordedArxiv) -> None:
    whole = ids_of((await request(recorded, search_query="cat:cs.CL", max_results="50"))[1])
    pages = [
        ids_of((await request(recorded, search_query="cat:cs.CL", start=str(start), max_results="20"))[1])
        for start in (0, 20, 40)
    ]
    assert [*pages[0], *pages[1], *pages[2][:10]] == whole
    assert [len(page) for page in pages] == [20, 20, 20]
    assert [asked["start"] for asked in recorded.requests[1:]] == ["0", "20", "40"]


async def test_the_order_can_be_chosen(recorded: RecordedArxiv) -> None:
    query = {"search_query": "all:transformer", "sortBy": "submittedDate", "max_results": "500"}
    falling = ids_of((await request(recorded, **query))[1])
    rising = ids_of((await request(recorded, **query, sortOrder="ascending"))[1])
    by_day = {f"http://arxiv.org/abs/{r.arxiv_id}v{r.version}": r.published for r in recorded_papers()}
    days = [day for day in map(by_day.get, falling) if day]
    assert days == sorted(days, reverse=True)
    assert set(rising) == set(falling)
    assert by_day[rising[0]] == days[-1]


def test_the_query_language() -> None:
    assert matching('ti:"attention is all you need"') == ["1706.03762"]
    assert matching("au:vaswani AND cat:cs.CL") == ["1706.03762"]
    assert matching("au:vaswani ANDNOT cat:cs.CL") == []
    assert matching('co:"15 pages"') == ["1706.03762"]
    assert set(matching("au:vaswani OR au:knuth")) == {"1706.03762", "cs/9301112"}
    assert matching("au:vaswani au:knuth") == matching("au:vaswani OR au:knuth")
    assert matching("submittedDate:[19900101 TO 19991231]") == ["cs/9301112"]
    assert matching("(au:vaswani OR au:knuth) AND submittedDate:[201701010000 TO 201712312359]") == ["1706.03762"]
    assert matching("lastUpdatedDate:[202308020000 TO 202308022359]") == ["1706.03762"]
    assert matching('all:"NEURAL machine Translation"') == matching("all:neural-machine.translation")
    assert matching("digitized") == ["cs/9301112"]


@pytest.mark.parametrize(
    "query", ["", "(", ")", "a AND", "AND a", "a)", "ti:", '"', "ti:()", "submittedDate:[2025 TO 2026]", "(" * 99 + "a",
              "submittedDate:[20251399 TO 20260101]", "a OR OR b"]
)  # fmt: skip
def test_what_is_not_in_the_language_is_refused(query: str) -> None:
    with pytest.raises(search.QuerySyntaxError):
        search.read(query)


@settings(max_examples=300)
@given(
    st.lists(
        st.sampled_from(
            ["(", ")", "AND", "OR", "ANDNOT", "ti:", "cat:cs.CL", '"', "a b", "submittedDate:[20250101 TO 20260101]"]
        )
        | st.text(max_size=4)
    ).map(" ".join)
)
def test_any_query_is_read_or_refused(query: str) -> None:
    try:
        read = search.read(query)
    except search.QuerySyntaxError:
        return
    assert read.matches(recorded_papers()[0]) in {True, False}
    assert read.relevance(recorded_papers()[0]) >= 0
