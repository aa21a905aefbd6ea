"""DataCite, OpenAlex, and the registry that asks one source after the other."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.paper_record import PaperRecord
from bot.domain.publication_date import iso_date
from bot.errors import Unavailable
from bot.sources import datacite, openalex
from bot.sources.crossref import CrossrefClient
from bot.sources.datacite import DataCiteClient
from bot.sources.doi_sources import DoiSources
from bot.sources.json_host import JsonSource, SourceMalformed, SourceUnavailable
from bot.sources.openalex import OpenAlexClient
from tests.sources import faulty
from tests.sources.clock import Clock
from tests.sources.faulty import Fault, FaultyArxiv, answer_with, stalled, too_many_requests
from tests.sources.local_rate_gate import LocalRateGate

HERE = Path(__file__).parent
DATACITE: dict[str, Any] = json.loads((HERE / "api.datacite.org/documented.json").read_text())
OPENALEX: dict[str, Any] = json.loads((HERE / "api.openalex.org/documented.json").read_text())
ZENODO, OPEN = "10.5281/zenodo.1000001", "10.1000/open.1"
UNKNOWN_AT_CROSSREF = answer_with("Resource not found.", status=404, kind="text/plain")
UNKNOWN = answer_with('{"errors": [{"status": "404"}]}', status=404, kind="application/json")

Opener = Callable[[type[JsonSource]], Any]


@pytest.fixture
async def open_source(server: FaultyArxiv, clock: Clock) -> AsyncIterator[Opener]:
    gate, opened = LocalRateGate(clock.monotonic, clock.sleep), []

    def open_one(kind: type[JsonSource]) -> JsonSource:
        base = server.url.removesuffix("/api/query")
        source = kind(
            gate, base_url=base, contact="c@example.org", now=clock.now, sleep=clock.sleep, chance=lambda: 0.5
        )
        opened.append(source)
        return source

    yield open_one
    for source in opened:
        await source.close()


def as_json(answer: object) -> Fault:
    return answer_with(json.dumps(answer), kind="application/json")


async def test_a_work_at_datacite(open_source: Opener, server: FaultyArxiv) -> None:
    server.plan = [as_json(DATACITE)]
    assert await open_source(DataCiteClient).record(ZENODO) == PaperRecord(
        key=f"doi:{ZENODO}",
        version=1,
        title="A small set of examples",
        authors=("Ada Lee", "The Example Collaboration"),
        abstract="Examples of many kinds.",
        categories=(),
        published=datetime(2018, 5, 4, tzinfo=UTC),
        updated=datetime(2020, 7, 25, tzinfo=UTC),
        journal_ref="Zenodo",
        doi=ZENODO,
        same_work=("doi:10.5281/zenodo.1000000", "arxiv:1801.00001"),
    )
    assert server.paths == [f"/dois/{ZENODO}"]
    assert server.ledger[0].headers["User-Agent"] == "journalclub (mailto:c@example.org)"


async def test_a_work_at_openalex(open_source: Opener, server: FaultyArxiv) -> None:
    server.plan = [as_json(OPENALEX), as_json(OPENALEX | {"is_retracted": True})]
    client = open_source(OpenAlexClient)
    client.api_key = "key"
    record = await client.record(OPEN)
    assert (record.title, record.authors) == ("An open work", ("Ada Lee", "The Example Group"))
    assert (record.abstract, record.journal_ref) == ("Some words and words", "Journal of Examples")
    assert record.published == datetime(2019, 2, 3, tzinfo=UTC)
    assert record.same_work == ("arxiv:1801.00001", "doi:10.1000/preprint.1")
    assert not record.withdrawn
    assert server.ledger[0].query == {"mailto": "c@example.org", "api_key": "key"}
    assert (await client.record(OPEN)).withdrawn


@pytest.mark.parametrize(
    ("client", "right", "doi"), [(DataCiteClient, DATACITE, ZENODO), (OpenAlexClient, OPENALEX, OPEN)]
)
@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (answer_with(faulty.HTML, kind="text/html"), SourceMalformed),
        (answer_with("[1]", kind="application/json"), SourceMalformed),
        (answer_with("{}", kind="application/json"), SourceMalformed),
        (answer_with("[" * 100_000, kind="application/json"), SourceMalformed),
        (faulty.endless_body, SourceMalformed),
        (too_many_requests(429, Retry_After="300"), SourceUnavailable),
        (too_many_requests(403), SourceUnavailable),
    ],
)
async def test_each_fault_names_the_source(
    open_source: Opener,
    server: FaultyArxiv,
    clock: Clock,
    client: Any,
    right: object,
    doi: str,
    fault: Fault,
    error: type[Exception],
) -> None:
    server.plan = [fault]
    source = open_source(client)
    with pytest.raises(error, match=client.label):
        await source.record(doi)
    clock.seconds += 400
    server.plan = [as_json(right), UNKNOWN]
    with pytest.raises((SourceMalformed, SourceUnavailable)):
        await source.record("10.1000/another")  # the answer is about another work
    assert await source.record(doi) is None


async def test_openalex_finds_works_by_page_and_title(open_source: Opener, server: FaultyArxiv) -> None:
    preprint = {"title": "Only a preprint", "doi": None, "locations": OPENALEX["locations"][1:2]}
    nothing: dict[str, Any] = {"title": "Neither", "doi": None, "locations": []}
    untitled = {"doi": "https://doi.org/10.1000/x"}
    found = as_json({"results": [OPENALEX, preprint, nothing, untitled, "odd"]})
    server.plan = [found, found, as_json({"results": []}), as_json([1])]
    client = open_source(OpenAlexClient)
    at_page = await client.at_url("https://repository.example.org/1")
    assert [(record.key, record.title) for record in at_page] == [
        (f"doi:{OPEN}", "An open work"), ("arxiv:1801.00001", "Only a preprint"),
    ]  # fmt: skip
    assert await client.titled('An open, "work": (x|y)!') == at_page
    assert await client.titled("unknown") == []
    assert await client.at_url("https://example.org/a,b|c") == []
    assert await client.titled(" , ") == []
    with pytest.raises(SourceMalformed):
        await client.titled("odd")
    asked = [entry.query["filter"] for entry in server.ledger]
    assert asked[:2] == ["locations.landing_page_url:https://repository.example.org/1", "title.search:An open work x y"]


@pytest.mark.parametrize(
    ("client", "work", "published"),
    [
        (OpenAlexClient, OPENALEX | {"publication_date": "2019-01-01"}, "2019"),
        (OpenAlexClient, OPENALEX | {"publication_date": None}, "2019"),
        (DataCiteClient, DATACITE, "2018-05-04"),
        (DataCiteClient, {"data": {"attributes": DATACITE["data"]["attributes"] | {"dates": []}}}, "2018"),
    ],
)
async def test_a_year_alone_is_no_day(
    open_source: Opener, server: FaultyArxiv, client: Any, work: object, published: str
) -> None:
    server.plan = [as_json(work)]
    record = await open_source(client).record(OPEN if client is OpenAlexClient else ZENODO)
    assert iso_date(record.published, record.published_precision) == published


async def test_a_doi_is_looked_up_until_a_source_knows_it(
    open_source: Opener, server: FaultyArxiv, clock: Clock
) -> None:
    registry = DoiSources([open_source(CrossrefClient), open_source(DataCiteClient)], now=clock.now)
    server.plan = [UNKNOWN_AT_CROSSREF, as_json(DATACITE)]
    first = await registry.record(ZENODO)
    assert first is not None
    assert await registry.record(ZENODO.upper()) == first
    assert len(server.paths) == 2, "the second answer is cached"
    clock.seconds += 301
    server.plan = [UNKNOWN_AT_CROSSREF, UNKNOWN]
    assert await registry.record(ZENODO) is None


async def test_a_source_that_is_down_does_not_hide_the_next(open_source: Opener, server: FaultyArxiv) -> None:
    registry = DoiSources([open_source(CrossrefClient), open_source(DataCiteClient)])
    server.plan = [too_many_requests(403), as_json(DATACITE)]
    assert await registry.record(ZENODO) is not None


async def test_no_answer_is_not_read_as_no_paper(open_source: Opener, server: FaultyArxiv) -> None:
    registry = DoiSources([open_source(CrossrefClient), open_source(DataCiteClient)])
    server.plan = [too_many_requests(403), UNKNOWN]
    with pytest.raises(Unavailable, match="Crossref"):
        await registry.record(ZENODO)


async def test_a_slow_source_is_given_up(open_source: Opener, server: FaultyArxiv) -> None:
    registry = DoiSources([open_source(CrossrefClient)], timeout=0.05)
    server.plan = [stalled]
    with pytest.raises(SourceUnavailable, match="Crossref is not answering right now"):
        await registry.record(ZENODO)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["title", "name", "author", "dateType", "relationType", "source"]), inner)
    ),
    max_leaves=8,
)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from([*DATACITE["data"]["attributes"]]), JSON))
def test_any_shape_at_datacite_is_a_record_or_nonsense(changes: dict[str, Any]) -> None:
    try:
        record = datacite._record(ZENODO, {"data": {"attributes": DATACITE["data"]["attributes"] | changes}})
    except SourceMalformed:
        return
    assert record.title
    assert all(record.authors)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from([*OPENALEX]), JSON))
def test_any_shape_at_openalex_is_a_record_or_nonsense(changes: dict[str, Any]) -> None:
    try:
        record = openalex._record(OPEN, OPENALEX | changes)
    except SourceMalformed:
        return
    assert record.title
    assert all(record.authors)
