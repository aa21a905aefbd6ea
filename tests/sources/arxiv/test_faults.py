"""Faults of arXiv: each raises its exception with a message, and none is reported as "no such paper"."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from bot.errors import Unavailable
from bot.sources.arxiv import ArxivClient, ArxivMalformed, ArxivUnavailable, BadQuery
from bot.sources.http_client import RequestPolicy
from tests.sources import faulty
from tests.sources.clock import START, Clock
from tests.sources.conftest import client
from tests.sources.faulty import Fault, FaultyArxiv, answer_with, error_feed, feed, too_many_requests

SOUND = feed()
NONSENSE: dict[str, tuple[Fault, str]] = {
    "a web page": (answer_with(faulty.HTML, kind="text/html"), "it is a web page"),
    "a bare web page": (answer_with("  <html><p>Hello</html>", kind="text/html"), "it is a web page"),
    "rate exceeded": (answer_with("Rate exceeded.", kind="text/plain"), "it is plain text"),
    "nothing": (answer_with(""), "it is plain text"),
    "truncated": (answer_with(SOUND[: len(SOUND) // 2]), "it is broken XML"),
    "another XML": (answer_with("<rss><channel/></rss>"), "it is not an Atom feed"),
    "an entity bomb": (answer_with(faulty.BOMB), "it declares a document type"),
    "an entity of a file": (answer_with(faulty.FILE), "it declares a document type"),
    "bytes of another alphabet": (answer_with(SOUND.encode("utf-16")), "it is plain text"),
    "broken UTF-8": (answer_with(SOUND.encode().replace(b"recorded", b"\xff\xfe")), "it is broken XML"),
    "no published": (answer_with(SOUND.replace("published>", "x>")), "an entry in it has no published date"),
    "no updated": (answer_with(SOUND.replace("1990-04-01T00:00:00Z</up", "soon</up")), "has no updated date"),
    "no title": (answer_with(SOUND.replace("A note on digitized angles", " ")), "an entry in it is not a paper"),
    "no id": (answer_with(SOUND.replace("http://arxiv.org/abs/cs/9301112v1", "")), "an entry in it is not a paper"),
    "an id elsewhere": (
        answer_with(SOUND.replace("http://arxiv.org/abs/", "http://arxiv.org.example/abs/")),
        "an entry in it is not a paper",
    ),
    "no total": (answer_with(SOUND.replace("totalResults", "results")), "it lacks its totalResults"),
    "a total of words": (answer_with(SOUND.replace("totalResults>1<", "totalResults>one<")), "lacks its totalResults"),
    "more promised": (
        answer_with(feed(total=2, count=1)),
        "it announced 2 papers from number 0 on, but sent 1 from number 0 on",
    ),
    "an empty page": (
        answer_with(feed(total=7, count=0)),
        "it announced 2 papers from number 0 on, but sent 0 from number 0 on",
    ),
    "more sent": (
        answer_with(feed(total=0, count=1)),
        "it announced 0 papers from number 0 on, but sent 1 from number 0 on",
    ),
    "another page": (
        answer_with(feed(total=1, start=5)),
        "it announced 1 papers from number 0 on, but sent 1 from number 5 on",
    ),
    "other papers": (answer_with(feed(count=2)), "it is about papers that were not asked for"),
    "a redirect": (answer_with("", status=302, Location="http://169.254.169.254/latest"), "it is a redirect"),
    "a redirect home": (answer_with("", status=301, Location="/api/query?id_list=1706.03762"), "it is a redirect"),
    "too much": (faulty.endless_body, "it is more than 10,485,760 bytes"),
    "too much, packed": (faulty.gzip_bomb, "it is more than 10,485,760 bytes"),
    "a refusal without a word": (answer_with(SOUND, status=400), "does not say why"),
    "a refusal in HTML": (answer_with(faulty.HTML, status=400, kind="text/html"), "it is a web page"),
}


@pytest.mark.parametrize("fault", NONSENSE)
async def test_nonsense_is_named_and_not_asked_twice(arxiv: ArxivClient, server: FaultyArxiv, fault: str) -> None:
    answer, reason = NONSENSE[fault]
    server.plan = [answer]
    ids = ["1706.03762", "2106.09685"]
    with pytest.raises(ArxivMalformed) as caught:
        await arxiv.records(ids)
    assert reason in str(caught.value)
    assert "sent an answer that I cannot read" in str(caught.value)
    assert isinstance(caught.value, Unavailable)
    assert len(server.ledger) == 1
    assert set(await arxiv.records(ids)) == set(ids), "and the next question is answered"


BROKEN = {
    "a date that is none": lambda page: page.replace("1990-04-01T00:00:00Z</published", "soon</published", 1),
    "no date of its last version": lambda page: page.replace("<updated>1990-04-01T00:00:00Z</updated>", "", 1),
    "no title": lambda page: page.replace("A note on digitized angles", " ", 1),
    "a day of February that is none": lambda page: page.replace("1990-04-01", "1990-02-30", 1),
}


@pytest.mark.parametrize("fault", BROKEN)
async def test_one_broken_entry_of_a_listing_is_named_and_the_others_are_kept(
    arxiv: ArxivClient, server: FaultyArxiv, fault: str
) -> None:
    since, until = datetime(2025, 10, 6, tzinfo=UTC), datetime(2025, 10, 9, tzinfo=UTC)
    page = feed(total=3, count=3)
    server.plan = [answer_with(BROKEN[fault](page))]
    found = await arxiv.listed(["cs.LG"], since, until, limit=3)
    [name] = found.left_out
    assert name in page
    assert len(found.records) == 2
    assert name not in {record.arxiv_id for record in found.records}
    server.plan = [answer_with(page.replace("published>", "x>"))]
    assert len((await arxiv.listed(["cs.LG"], since, until, limit=3)).left_out) == 3
    server.plan = [answer_with(feed(total=100, count=100).replace("published>", "x>"))]
    with pytest.raises(ArxivMalformed, match="an entry in it has no published date"):
        await arxiv.listed(["cs.LG"], since, until, limit=100)


@pytest.mark.parametrize("status", [200, 400])
async def test_an_error_feed_is_no_paper(arxiv: ArxivClient, server: FaultyArxiv, status: int) -> None:
    server.plan = [error_feed("max_results must be non-negative", status=status)]
    with pytest.raises(BadQuery) as caught:
        await arxiv.search("attention")
    assert str(caught.value) == "arXiv cannot be asked that: max_results must be non-negative."
    assert len(server.ledger) == 1, "400 is never asked again"


async def test_an_entry_titled_error_never_becomes_a_paper(arxiv: ArxivClient, server: FaultyArxiv) -> None:
    server.plan = [answer_with(SOUND.replace("A note on digitized angles", "Error"))]
    with pytest.raises(BadQuery):
        await arxiv.search("angles", limit=1)


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
async def test_what_may_pass_is_asked_three_times(
    arxiv: ArxivClient, server: FaultyArxiv, clock: Clock, status: int
) -> None:
    server.plan = [too_many_requests(status)] * 2
    assert set(await arxiv.records(["1706.03762"])) == {"1706.03762"}
    assert [asked.at for asked in server.ledger] == [0, 3, 9], "backoff 3 s, then 6 s"

    server.plan = [too_many_requests(status)] * 3
    with pytest.raises(ArxivUnavailable) as caught:
        await arxiv.records(["1706.03762"])
    assert str(caught.value) == (
        f"arXiv is not answering right now (HTTP {status}). Please try again in a few minutes."
    )
    assert len(server.ledger) == 6


@pytest.mark.parametrize("fault", [faulty.dropped, faulty.cut_off])
async def test_a_broken_connection_is_tried_again(arxiv: ArxivClient, server: FaultyArxiv, fault: Fault) -> None:
    server.plan = [fault]
    assert set(await arxiv.records(["1706.03762"])) == {"1706.03762"}
    server.plan = [fault] * 3
    with pytest.raises(ArxivUnavailable, match="the connection failed"):
        await arxiv.records(["1706.03762"])
    assert len(server.ledger) == 5


async def test_nobody_at_home(clock: Clock) -> None:
    async with FaultyArxiv() as server:
        gone = server.url
    async with client(gone, clock) as arxiv:
        with pytest.raises(ArxivUnavailable, match="the connection failed"):
            await arxiv.records(["1706.03762"])


@pytest.mark.parametrize("status", [401, 403, 404, 418])
async def test_other_refusals_are_not_tried_again(arxiv: ArxivClient, server: FaultyArxiv, status: int) -> None:
    server.plan = [too_many_requests(status)]
    with pytest.raises(ArxivUnavailable, match=f"HTTP {status}"):
        await arxiv.records(["1706.03762"])
    assert len(server.ledger) == 1


@pytest.mark.parametrize("fault", [faulty.stalled, faulty.slow_body])
async def test_silence_and_a_drip_end_in_time(
    server: FaultyArxiv, clock: Clock, hurried: RequestPolicy, fault: Fault
) -> None:
    server.plan = [fault]
    async with client(server.url, clock, hurried) as arxiv:
        with pytest.raises(ArxivUnavailable, match=r"no answer within 0\.2 seconds"):
            await arxiv.records(["1706.03762"])
    assert len(server.ledger) == 1, "who has waited that long is not made to wait again"


RETRY_AFTER = {
    "20": 20,
    "0": 3,  # our own backoff is the minimum
    "Fri, 20 Nov 2026 12:00:25 GMT": 25,
    "Fri, 20 Nov 2026 11:00:00 GMT": 3,
    "Friday, 20-Nov-26 12:00:25 GMT": 25,
    "Fri Nov 20 12:00:25 2026": 25,
    "soon": 3,
    "-5": 3,
    "1e3": 3,
    "٢٠": 3,
    "20, 30": 3,
    "9" * 500: 3,
}


@pytest.mark.parametrize(("header", "pause"), RETRY_AFTER.items())
async def test_retry_after_is_obeyed_and_garbage_ignored(
    arxiv: ArxivClient, server: FaultyArxiv, header: str, pause: float
) -> None:
    server.plan = [too_many_requests(429, Retry_After=header)]
    assert set(await arxiv.records(["1706.03762"])) == {"1706.03762"}
    assert [asked.at for asked in server.ledger] == [0, pause]


async def test_a_long_rest_is_told_and_kept(arxiv: ArxivClient, server: FaultyArxiv, clock: Clock) -> None:
    server.plan = [too_many_requests(503, Retry_After="120")]
    with pytest.raises(ArxivUnavailable, match="HTTP 503") as caught:
        await arxiv.records(["1706.03762"])
    assert caught.value.retry_at is not None
    assert (caught.value.retry_at - START).total_seconds() == 120

    with pytest.raises(ArxivUnavailable, match="it asked us to wait"):
        await arxiv.search("attention")
    assert len(server.ledger) == 1, "arXiv is left alone"

    clock.seconds = 100
    assert set(await arxiv.records(["1706.03762"])) == {"1706.03762"}
    assert server.ledger[-1].at == 120, "the last twenty seconds are waited for"


async def test_nobody_sends_us_away_for_ever(arxiv: ArxivClient, server: FaultyArxiv, clock: Clock) -> None:
    server.plan = [too_many_requests(429, Retry_After="999999999")]
    with pytest.raises(ArxivUnavailable) as caught:
        await arxiv.records(["1706.03762"])
    assert caught.value.retry_at is not None
    assert (caught.value.retry_at - START).total_seconds() == 600


async def test_a_second_page_that_fails_fails_the_listing(arxiv: ArxivClient, server: FaultyArxiv) -> None:
    server.plan = [server.no_fault, answer_with(feed(total=400, start=100, count=0))]
    with pytest.raises(ArxivMalformed, match="it announced 100 papers from number 100 on, but sent 0"):
        await arxiv.search("learning", limit=200)


async def test_a_list_that_shrinks_while_it_is_read_fails(arxiv: ArxivClient, server: FaultyArxiv) -> None:
    server.plan = [answer_with(feed(total=150, count=100)), answer_with(feed(total=100, start=100, count=0))]
    with pytest.raises(ArxivMalformed, match="a page of it is empty"):
        await arxiv.search("learning", limit=200)


async def test_what_is_not_even_http(clock: Clock) -> None:
    async def mumble(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.example ESMTP\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(mumble, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, client(f"http://127.0.0.1:{port}/api/query", clock) as arxiv:
        with pytest.raises(ArxivMalformed, match="it is not valid HTTP"):
            await arxiv.records(["1706.03762"])
