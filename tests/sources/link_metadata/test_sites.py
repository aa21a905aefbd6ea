"""The APIs of single sites, and the reader that falls back to the page itself."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.page_details import PageDetails
from bot.domain.publication_date import PublicationDate
from bot.sources.json_host import SourceMalformed, SourceUnavailable
from bot.sources.link_metadata.fetch import FetchedPage, PageFetcher, PageNotRead
from bot.sources.link_metadata.github import GitHubClient
from bot.sources.link_metadata.huggingface import HuggingFaceClient
from bot.sources.link_metadata.openreview import OpenReviewClient
from bot.sources.link_metadata.page_reader import PageSources
from bot.sources.link_metadata.pubmed import PubMedClient
from bot.sources.link_metadata.youtube import YouTubeClient
from tests.sources import faulty
from tests.sources.clock import START, Clock
from tests.sources.faulty import FaultyArxiv, answer_with, too_many_requests
from tests.sources.local_rate_gate import LocalRateGate

HERE = Path(__file__).parent.parent
VIDEO, REPOSITORY, FORUM = (
    "https://www.youtube.com/watch?v=dQw4w9WgXcQ",
    "https://github.com/octocat/hello-world",
    ("https://openreview.net/forum?id=AbCdEf1234"),
)
MODEL = "https://huggingface.co/example/small-model"
ARTICLE = "https://pubmed.ncbi.nlm.nih.gov/12345678/"
CASES = [
    (YouTubeClient, "www.youtube.com", VIDEO, PageDetails("A talk & its questions", ("Example Channel",))),
    (
        GitHubClient,
        "api.github.com",
        REPOSITORY,
        PageDetails("octocat/hello-world: A first repository", description="A first repository"),
    ),
    (
        OpenReviewClient,
        "api2.openreview.net",
        FORUM,
        PageDetails(
            "A submission with $x^2$",
            ("Ada Lee", "Bo Chen"),
            "We submit.",
            "ICLR 2024 poster",
            published=PublicationDate(datetime(2024, 1, 15, tzinfo=UTC)),
        ),
    ),
    (
        HuggingFaceClient,
        "huggingface.co",
        MODEL,
        PageDetails(
            "example/small-model: A model for examples", ("example",), published=PublicationDate.of_iso("2022-03-02")
        ),
    ),
    (
        PubMedClient,
        "eutils.ncbi.nlm.nih.gov",
        ARTICLE,
        PageDetails(
            "An article about examples",
            ("Lee A", "Example Group"),
            venue="Journal of Examples",
            doi="10.1000/ex.1",
            published=PublicationDate.of_iso("2001-05"),
        ),
    ),
]
PATHS = {
    YouTubeClient: ("/oembed", {"url": VIDEO, "format": "json"}),
    GitHubClient: ("/repos/octocat/hello-world", {}),
    OpenReviewClient: ("/notes", {"id": "AbCdEf1234"}),
    HuggingFaceClient: ("/api/models/example/small-model", {}),
    PubMedClient: (
        "/esummary.fcgi",
        {"db": "pubmed", "id": "12345678", "retmode": "json", "tool": "journalclub", "email": "c@example.org"},
    ),
}
each = pytest.mark.parametrize(("kind", "host", "url", "details"), CASES)
Opener = Callable[[Any], Any]


@pytest.fixture
async def open_site(server: FaultyArxiv, clock: Clock) -> AsyncIterator[Opener]:
    opened = []

    def open_one(kind: Any) -> Any:
        base = server.url.removesuffix("/api/query")
        gate = LocalRateGate(clock.monotonic, clock.sleep)
        site = kind(gate, base_url=base, contact="c@example.org", now=clock.now, sleep=clock.sleep, chance=lambda: 0.5)
        opened.append(site)
        return site

    yield open_one
    for site in opened:
        await site.close()


@each
async def test_each_site_describes_its_page(
    open_site: Opener, server: FaultyArxiv, kind: Any, host: str, url: str, details: PageDetails
) -> None:
    server.plan = [answer_with((HERE / host / "documented.json").read_bytes(), kind="application/json")]
    site = open_site(kind)
    assert site.knows(url)
    assert await site.details(url) == details
    assert (server.paths[0], server.ledger[0].query) == PATHS[kind]


@each
@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (too_many_requests(429, Retry_After="300"), SourceUnavailable),
        (too_many_requests(403), SourceUnavailable),
        (answer_with(faulty.HTML, kind="text/html"), SourceMalformed),
        (answer_with("[]", kind="application/json"), SourceMalformed),
        (faulty.endless_body, SourceMalformed),
    ],
)
async def test_each_fault_names_the_site(
    open_site: Opener, server: FaultyArxiv, kind: Any, host: str, url: str, details: object, fault: Any, error: Any
) -> None:
    server.plan = [fault]
    with pytest.raises(error, match=kind.label):
        await open_site(kind).details(url)


@each
async def test_a_wrong_or_odd_record_is_never_taken(
    open_site: Opener, server: FaultyArxiv, kind: Any, host: str, url: str, details: PageDetails
) -> None:
    odd: dict[str, Any] = {
        "title": 7, "full_name": [], "notes": [{"id": "other", "content": []}], "result": {"12345678": {"uid": "9"}},
    }  # fmt: skip
    server.plan = [answer_with(json.dumps(odd), kind="application/json")]
    with pytest.raises(SourceMalformed):
        await open_site(kind).details(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/watch?v=dQw4w9WgXcQ",
        "https://github.com/octocat",
        "https://github.com/octocat/hello/issues/1",
        "https://github.com/../x",
        "https://gitlab.com/a/b",
        "https://openreview.net/group?id=ICLR",
        "https://pubmed.ncbi.nlm.nih.gov/?term=x",
        "https://evil.example.org/https://pubmed.ncbi.nlm.nih.gov/12345678/",
        "http://[::1",
        "",
    ],
)
def test_other_pages_are_not_the_sites(open_site: Opener, url: str) -> None:
    assert not any(open_site(kind).knows(url) for kind, *_ in CASES)


class RecordedFetcher(PageFetcher):
    """Fetcher with one page; `error`, if set, is raised."""

    def __init__(self, body: bytes) -> None:
        self.body, self.asked = body, list[str]()
        self.error: PageNotRead | None = None

    async def fetch(self, url: str) -> FetchedPage:
        self.asked.append(url)
        if self.error:
            raise self.error
        return FetchedPage(url, self.body)


class SlowSite:
    """Site whose API never answers."""

    label = "Slow"

    def knows(self, url: str) -> bool:
        return True

    async def details(self, url: str) -> PageDetails | None:
        await asyncio.Event().wait()
        return None


async def test_a_site_that_fails_gives_way_to_the_page(open_site: Opener, server: FaultyArxiv) -> None:
    server.plan = [too_many_requests(403)]
    fetcher = RecordedFetcher(b"<title>The page's own title</title>")
    found = await PageSources(fetcher, [open_site(OpenReviewClient)]).details(FORUM)
    assert found == PageDetails("The page's own title")
    slow = PageSources(fetcher, [SlowSite()], site_timeout=0.01)
    assert await slow.details("https://example.org/") == PageDetails("The page's own title")


async def test_answers_and_failures_are_kept_for_a_while() -> None:
    now = [START]
    fetcher = RecordedFetcher(b"<title>T</title>")
    reader = PageSources(fetcher, now=lambda: now[0])
    fetcher.error = PageNotRead("it is not an HTML page")
    assert [await reader.details("https://example.org/") for _ in range(2)] == [None, None]
    assert len(fetcher.asked) == 1
    fetcher.error = None
    now[0] += timedelta(minutes=11)
    assert await reader.details("https://example.org/") == PageDetails("T")
    assert await PageSources(None).details("https://example.org/") is None


@pytest.mark.parametrize(
    ("path", "known"),
    [
        ("example/small-model", True),
        ("datasets/example/set", True),
        ("spaces/example/demo", True),
        ("papers/1706.03762", False),
        ("example", False),
        ("example/small-model/tree/main", False),
        ("docs/transformers", False),
    ],
)
def test_only_front_pages_of_hugging_face_are_asked_about(path: str, known: bool) -> None:
    client = HuggingFaceClient(LocalRateGate(), base_url="https://huggingface.co")
    assert client.knows(f"https://huggingface.co/{path}") is known
