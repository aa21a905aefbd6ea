"""The arXiv client without faults."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.paper_record import PaperRecord
from bot.errors import Unavailable
from bot.sources.arxiv import ArxivClient, BadQuery
from bot.sources.recorded_arxiv import RecordedArxiv, recorded_papers
from tests.sources.clock import Clock
from tests.sources.conftest import client
from tests.sources.faulty import HTML, Fault, FaultyArxiv, answer_with, error_feed, feed, stalled, too_many_requests

KNOWN = [record.arxiv_id for record in recorded_papers()]


async def test_a_record_comes_back_as_it_was_recorded(arxiv: ArxivClient) -> None:
    found = await arxiv.records(KNOWN)
    assert found == {record.arxiv_id: record for record in recorded_papers()}


async def test_ids_are_asked_in_batches_of_a_hundred(arxiv: ArxivClient, server: FaultyArxiv) -> None:
    found = await arxiv.records([*KNOWN[:230], *KNOWN[:230]])
    assert len(found) == 230
    assert [len(asked.query["id_list"].split(",")) for asked in server.ledger] == [100, 100, 30]
    assert [asked.query["max_results"] for asked in server.ledger] == ["100", "100", "30"]


async def test_requests_are_three_seconds_apart(arxiv: ArxivClient, server: FaultyArxiv) -> None:
    await arxiv.records(KNOWN[:350])
    await arxiv.search("attention")
    times = [asked.at for asked in server.ledger]
    assert times == [0, 3, 6, 9, 12]


async def test_questions_at_once_take_turns(arxiv: ArxivClient, server: FaultyArxiv) -> None:
    await asyncio.gather(*(arxiv.records([known]) for known in KNOWN[:5]))
    assert [asked.at for asked in server.ledger] == [0, 3, 6, 9, 12]


async def test_we_say_who_we_are(arxiv: ArxivClient, server: FaultyArxiv) -> None:
    await arxiv.records(["1706.03762"])
    assert server.ledger[0].headers["User-Agent"] == "journalclub (https://example.org/club)"


async def test_an_unknown_id_is_absent_and_the_others_are_there(arxiv: ArxivClient) -> None:
    assert set(await arxiv.records(["1706.03762", "2401.99999", "2106.09685"])) == {"1706.03762", "2106.09685"}
    assert await arxiv.records(["2401.99999"]) == {}


@pytest.mark.parametrize("junk", ["", "abc", "1706", "1713.00001", "1706.03762v0", "x" * 100_000, "1706.03762,x"])
async def test_what_is_no_id_is_not_even_asked(arxiv: ArxivClient, server: FaultyArxiv, junk: str) -> None:
    assert await arxiv.records([junk]) == {}
    assert server.ledger == []


async def test_a_version_is_asked_for_and_the_key_goes_without_it(arxiv: ArxivClient) -> None:
    found = await arxiv.records(["1706.03762v2"])
    assert found["1706.03762"].version == 2
    assert found["1706.03762"].key == "arxiv:1706.03762"


@pytest.mark.parametrize(
    ("asked", "version"),
    [(["v2", "v5"], 5), (["v5", "v2"], 5), (["", "v2"], 7), (["v2", ""], 7), (["v2", "", "v3"], 7)],
)
async def test_of_several_versions_the_newest_wins(arxiv: ArxivClient, asked: list[str], version: int) -> None:
    found = await arxiv.records([f"1706.03762{suffix}" for suffix in asked])
    assert found["1706.03762"].version == version


async def test_old_ids_work_with_and_without_their_subject(arxiv: ArxivClient, server: FaultyArxiv) -> None:
    found = await arxiv.records(["cs/9301112", "cs.GR/9301112v1", "cs/0703134"])
    assert found["cs/9301112"] == found["cs.GR/9301112"]
    assert found["cs/9301112"].key == "arxiv:cs/9301112"
    assert found["cs/9301112"].url == "https://arxiv.org/abs/cs/9301112"
    assert server.ledger[0].query["id_list"] == "cs/9301112,cs/0703134"


async def test_a_withdrawn_paper_is_marked(arxiv: ArxivClient) -> None:
    found = await arxiv.records(["cs/0703134", "0801.2284", "1706.03762"])
    assert {name: record.withdrawn for name, record in found.items()} == {
        "cs/0703134": True,
        "0801.2284": True,
        "1706.03762": False,
    }


async def test_an_id_that_arxiv_cannot_read_does_not_spoil_its_batch(arxiv: ArxivClient, server: FaultyArxiv) -> None:
    server.plan = [error_feed("incorrect id format for 2106.09685v3")]
    assert set(await arxiv.records(["1706.03762", "2106.09685v3"])) == {"1706.03762"}
    assert [asked.query["id_list"] for asked in server.ledger] == ["1706.03762,2106.09685v3", "1706.03762"]


async def test_an_id_that_arxiv_cannot_read_is_unknown(arxiv: ArxivClient, server: FaultyArxiv) -> None:
    server.plan = [error_feed("incorrect id format for 2106.09685")]
    assert await arxiv.records(["2106.09685"]) == {}


async def test_a_complaint_about_no_id_of_ours_is_told(arxiv: ArxivClient, server: FaultyArxiv) -> None:
    server.plan = [error_feed("start must be an integer")]
    with pytest.raises(BadQuery, match="start must be an integer"):
        await arxiv.records(["1706.03762"])


async def test_search_finds_the_best_title_first(arxiv: ArxivClient) -> None:
    found = await arxiv.search("Attention Is All You Need")
    assert found[0].key == "arxiv:1706.03762"
    assert len(await arxiv.search("learning", limit=3)) == 3
    newest = await arxiv.search("agent", since=datetime(2025, 10, 6, tzinfo=UTC), limit=50)
    assert newest
    assert all(found.published and found.published >= datetime(2025, 10, 6, tzinfo=UTC) for found in newest)
    [one] = await arxiv.search("recursive", author="jolicoeur martineau")
    assert one.arxiv_id == "2510.04871"
    assert await arxiv.search("zyzzyva") == []
    assert await arxiv.search("learning", limit=0) == []


async def test_a_listing_goes_over_pages_and_stays_in_its_window(arxiv: ArxivClient, server: FaultyArxiv) -> None:
    since, until = datetime(2025, 10, 6, tzinfo=UTC), datetime(2025, 10, 9, tzinfo=UTC)
    found = (await arxiv.listed(["cs.LG", "cs.CL"], since, until, limit=1000)).records
    expected = {
        record.key
        for record in recorded_papers()
        if {"cs.LG", "cs.CL"} & set(record.categories) and record.published and since <= record.published <= until
    }
    assert {record.key for record in found} == expected
    assert len(found) == len(expected) > 100
    assert [asked.query["start"] for asked in server.ledger] == ["0", "100"]
    days = [record.published for record in found if record.published]
    assert days == sorted(days, reverse=True)
    server.ledger.clear()
    assert await arxiv.count(["cs.LG", "cs.CL"], since, until) == len(expected)
    assert [asked.query["max_results"] for asked in server.ledger] == ["1"]


async def test_what_comes_of_each_question_is_told(server: FaultyArxiv, clock: Clock) -> None:
    told: list[str] = []
    async with client(server.url, clock, tell=told.append) as arxiv:
        await arxiv.records(["1706.03762"])
        for faults in ([answer_with(HTML)], [too_many_requests()] * 3, [too_many_requests(503)] * 3):
            server.plan = list(faults)
            with pytest.raises(Unavailable):
                await arxiv.records(["1706.03762"])
    assert told == ["ok", "odd", "busy", "silent"]


@pytest.mark.parametrize("fault", [too_many_requests(), answer_with(HTML), answer_with(feed(total=5, count=2))])
async def test_a_count_is_a_sound_answer_or_none(arxiv: ArxivClient, server: FaultyArxiv, fault: Fault) -> None:
    server.plan = [fault] * 3
    since = datetime(2025, 10, 6, tzinfo=UTC)
    with pytest.raises(Unavailable):
        await arxiv.count(["cs.LG"], since, since + timedelta(days=1))
    server.plan = []
    with pytest.raises(BadQuery):
        await arxiv.count(["no category"], since, since + timedelta(days=1))


async def test_a_listing_can_be_cut(arxiv: ArxivClient, server: FaultyArxiv) -> None:
    since = datetime(2025, 10, 1, tzinfo=UTC)
    found = (await arxiv.listed(["cs.LG"], since, since + timedelta(days=30), limit=7)).records
    assert len(found) == 7
    assert [asked.query["max_results"] for asked in server.ledger] == ["7"]


async def test_who_gives_up_waiting_frees_the_way(arxiv: ArxivClient, server: FaultyArxiv, clock: Clock) -> None:
    server.plan = [stalled]
    waiting = asyncio.create_task(arxiv.records(["1706.03762"]))
    await server.was_asked.wait()
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    async with asyncio.timeout(30):
        assert set(await arxiv.records(["1706.03762"])) == {"1706.03762"}


async def test_a_closed_client_does_not_ask_any_more(server: FaultyArxiv, clock: Clock) -> None:
    arxiv = client(server.url, clock)
    await arxiv.records(["1706.03762"])
    await arxiv.close()
    with pytest.raises(RuntimeError):
        await arxiv.records(["1706.03762"])
    assert len(server.ledger) == 1


async def test_all_that_a_record_can_hold_comes_through(clock: Clock) -> None:
    full = PaperRecord(
        key="arxiv:2106.00001",
        version=12,
        title=r"On $\mathcal{O}(n^2)$ & <b>bold</b> “claims” — 中文 🦜",
        authors=("Björn Š. O'Neil", "{\\'E}mile"),
        abstract=r"We \emph{show} x < y && z > 1; ]]> is harmless.",
        categories=("stat.ML", "cs.LG"),
        published=datetime(2021, 6, 1, 9, 30, 5, tzinfo=UTC),
        updated=datetime(2022, 1, 2, 3, 4, 5, tzinfo=UTC),
        comment="9 pages; code at https://example.org/?a=1&b=2",
        journal_ref="J. Test 1 (2022) 1-9",
        doi="10.1000/a<b>&c",
    )
    spaced = replace(
        full,
        title=f" {full.title} \n",
        abstract=full.abstract.replace(" ", "\n  "),
        categories=(*full.categories, "68T50; I.2.7", "62H30"),
    )
    async with RecordedArxiv([spaced]) as recorded, client(recorded.url, clock) as arxiv:
        assert await arxiv.records(["2106.00001"]) == {"2106.00001": full}
