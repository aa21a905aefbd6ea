"""Odd papers and a failing model: the edition is published nevertheless, with something true about every paper."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from bot.domain.paper_record import PaperRecord
from bot.editions.model.document import Document, from_json
from bot.editions.render import html_page, markdown
from bot.editions.writing.budget import BudgetedWriter, Prices
from bot.editions.writing.writer import CheckedModelWriter, ExtractiveWriter
from bot.sources.llm import ModelClient
from tests.features.conversation import set_moderators_channel, submit_papers
from tests.features.edition_steps import current_edition, say_as_moderator
from tests.llm_server import LlmServer
from tests.stand_ins import Harness, words

SAID = "We show that shelves can be sorted in a day. On 1,200 books it saves 35% of the time. Everybody liked it."

ODD: dict[str, dict[str, object]] = {
    "2511.00001": {"abstract": ""},
    "2511.00002": {"authors": tuple(f"A. Physicist {n}" for n in range(3000))},
    "2511.00003": {"title": r"$\mathcal{O}(n^{2})$ bounds for \textbf{K\"ahler} $\href{javascript:alert(1)}{x}$"},
    "2511.00004": {
        "title": "על מדפים וספרים",
        "abstract": "אנו מראים כי ניתן למיין מדפים ביום אחד. זה חוסך זמן רב לכולם.",
    },
    "2511.00005": {"withdrawn": True, "comment": "This paper has been withdrawn."},
    "2511.00006": {"title": "x" * 3000, "abstract": "word " * 1000},
    "2511.00007": {},
}


def odd(id: str) -> PaperRecord:
    plain = {
        "title": f"Sorting shelves, part {id[-1]}",
        "abstract": SAID,
        "authors": ("Ada L.",),
        "categories": ("cs.DL",),
    }
    day = datetime(2025, 11, 24, tzinfo=UTC)
    return PaperRecord(**{"key": f"arxiv:{id}", "version": 1, "published": day, "updated": day, **plain, **ODD[id]})  # type: ignore[arg-type] # fields by name


@asynccontextmanager
async def modeled(club: Harness, *script: str) -> AsyncIterator[LlmServer]:
    """Use a model on a scripted server as the club's writer."""

    async def spent(club_id: int) -> tuple[float, float]:
        return 0.0, 0.0

    async def at_once(seconds: float) -> None:
        return None

    async with LlmServer(script=list(script)) as server:
        model = ModelClient(api_key="k", model="test-1", base_url=server.url, timeout=5, sleep=at_once)
        own = ExtractiveWriter(club.clock)
        careful = CheckedModelWriter(model, own, club.clock)
        club.change(writer=BudgetedWriter(careful, own, spent, Prices(), 8))
        yield server
        await model.aclose()


async def made(club: Harness) -> Document:
    await say_as_moderator(club, "/edition draft")
    edition = await current_edition(club)
    assert edition is not None
    return from_json(edition.document)


async def test_odd_papers_make_an_edition_that_can_be_read(club: Harness) -> None:
    club.paper_source.put(*map(odd, ODD))
    await set_moderators_channel(club)
    await submit_papers(club, "Ada", *(id for id in ODD if id != "2511.00005"))
    await club.say("Ada", "/paper submit 2511.00005")
    async with modeled(club):
        document = await made(club)
    by_number = {item.brought: item for item in document.items}
    assert len(by_number) == 6, "all but the one that was withdrawn"
    assert "2511.00005" not in words(document)
    assert by_number[1].why == ()
    assert by_number[1].title
    assert all(item.why for number, item in by_number.items() if number != 1)
    assert by_number[2].authors.endswith("et al.")
    assert "javascript" not in html_page.render(document)
    assert "מדפים" in html_page.render(document)
    assert 'dir="auto"' in html_page.render(document)
    assert "Kähler" in markdown.render(document)


async def test_a_model_that_fails_in_another_way_each_time_costs_no_paper(club: Harness) -> None:
    await set_moderators_channel(club)
    await submit_papers(club, "Ada", "1706.03762", "2012.12877", "2010.11929", "2009.03393", "2012.11538")
    script = (
        "refusal",
        "bad json",
        "html",
        "empty",
        "too long",
        "another language",
        "truncated",
        "made-up number",
        "401",
    )
    async with modeled(club, *script):
        document = await made(club)
    assert len(document.items) == 5
    for item in document.items:
        assert item.why
        assert item.provenance
        assert all(check.passed for check in item.provenance.checks) or item.provenance.writer == "extractive"
    await say_as_moderator(club, "/edition approve now")
