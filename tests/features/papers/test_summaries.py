"""Summaries of a paper: by the writer, with its sources, or in its authors' own words."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.chat.cards import Card, Note, QuotePart
from bot.chat.rich_text import plain
from bot.domain.summary_values import FoundLink, Passage, SummarySource, WrittenSummary
from bot.editions.model.document import from_json
from bot.editions.verification.paper_links import without_dead_links
from bot.errors import Unavailable
from bot.features.shared.papers import summarization
from tests.features.conversation import ATTENTION, CLUB, DISTILLATION, press, submit_papers
from tests.features.edition_steps import cards_shown
from tests.stand_ins import FirstSentenceWriter, Harness, words


class NamedWriter(FirstSentenceWriter):
    """A writer whose texts are stored under a name."""

    name, prompt = "first-sentence", "1"


def small_print(card: Card) -> str:
    """Small print of a card."""
    return " ".join(plain(part.words) for part in card.parts if isinstance(part, Note))


async def test_it_is_written_once_and_says_by_whom_and_from_what(club: Harness) -> None:
    paid = NamedWriter(club.clock)
    club.change(writer=paid)
    await submit_papers(club, "Ada", ATTENTION)
    first = await cards_shown(club, "/paper summary 1")
    assert [card.title for card in first] == ["Attention Is All You Need"] * 2
    assert "Reading it" in words(first[0])
    assert small_print(first[-1]) == "Written by first-sentence from the abstract v7 on 1 Dec 2025"
    [again] = await cards_shown(club, "/paper summary 1")
    assert again == first[-1]
    assert len(paid.asked) == 1


async def test_a_new_version_is_read_anew(club: Harness) -> None:
    paid = NamedWriter(club.clock)
    club.change(writer=paid)
    await submit_papers(club, "Ada", ATTENTION)
    await club.say("Ada", "/paper summary 1")
    async with club.app.store.begin(CLUB) as db:
        submission = await db.submissions.by_number(1)
        assert submission is not None
        submission.paper.abstract, submission.paper.version = "Now it says something else. It does.", 8
    assert "Now it says something else" in words(await club.say("Ada", "/paper summary 1"))
    assert [source.version for source in paid.asked] == [7, 8]


async def test_what_a_model_does_not_write_in_time_is_written_from_the_abstract(
    club: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(summarization, "DEADLINE", timedelta(seconds=0))
    club.change(writer=StalledWriter(club.clock))
    await submit_papers(club, "Ada", ATTENTION, DISTILLATION)
    answer = await club.say("Ada", "/paper summary 1")
    assert small_print(answer.card).startswith("Sentences of the abstract v7, chosen on 1 Dec 2025")
    assert not (await club.say("Mo", "/edition draft", moderator=True)).failed
    counted = club.app.metrics.registry.get_sample_value("journalclub_llm_fallback_total", {"reason": "late"})
    assert counted == 3, "once for the summary, twice for the draft"


class StalledWriter(NamedWriter):
    """A writer that never finishes."""

    async def write(self, source: SummarySource) -> WrittenSummary:
        await asyncio.Event().wait()
        return await super().write(source)


async def test_the_abstract_is_a_button_away_and_back(club: Harness) -> None:
    await submit_papers(club, "Ada", ATTENTION)
    summary = await club.say("Ada", "/paper summary 1")
    abstract = await press(club, summary, "Read the abstract", "Ada")
    [quote] = [part for part in abstract.card.parts if isinstance(part, QuotePart)]
    assert quote.text.startswith("The dominant sequence transduction models")
    assert quote.source == "the abstract of version 7"
    assert (await press(club, abstract, "Summarize", "Ada")).card == summary.card


async def test_who_wants_abstracts_alone_gets_them(club: Harness) -> None:
    await submit_papers(club, "Ada", ATTENTION)
    assert not (await club.say("Ada", "/my prefs summaries=abstract")).failed
    assert "dominant sequence transduction" in words(await club.say("Ada", "/paper summary 1"))
    assert "Key insights" not in words(await club.say("Ada", "/paper summary 1"))
    assert "Key insights" in words(await club.say("Ada", "/paper summary 1 view=ai"))


async def test_a_club_may_want_no_writer_or_the_abstracts_sentences_only(club: Harness) -> None:
    await submit_papers(club, "Ada", ATTENTION)
    await club.say("Root", "/clubadmin settings writer abstract", admin=True)
    assert "Key insights" not in words(await club.say("Ada", "/paper summary 1 view=ai"))
    await club.say("Root", "/clubadmin settings writer extractive", admin=True)
    answer = await club.say("Ada", "/paper summary 1")
    assert small_print(answer.card).startswith("Sentences of the abstract v7, chosen on 1 Dec 2025")


async def test_what_has_no_text_yet_cannot_be_summed_up(club: Harness) -> None:
    club.paper_source.error = Unavailable("arXiv cannot be asked right now.")
    await submit_papers(club, "Ada", ATTENTION)
    answer = await club.say("Ada", "/paper summary 1")
    assert answer.failed
    assert "details are not there yet" in words(answer)
    await club.say("Ada", "/paper submit https://example.org/post A post")
    assert "has no abstract" in words(await club.say("Ada", "/paper summary 2"))
    assert "no paper #9" in words(await club.say("Ada", "/paper summary 9"))


SECTION = Passage("1 Introduction", "Attention replaces recurrence altogether in this work. It trains in a day.")


class ArxivPages:
    """Stand-in for arXiv's web pages: the first paper has one. `down` is the exception that a request raises."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, int]] = []
        self.down: Exception | None = None

    async def text(self, arxiv_id: str, version: int) -> tuple[Passage, ...]:
        self.asked.append((arxiv_id, version))
        if self.down:
            raise self.down
        return (SECTION,) if arxiv_id == "1706.03762" else ()


class PricedWriter(NamedWriter):
    """A writer that costs a cent a text, accounted by club."""

    def for_club(self, club_id: int) -> PricedWriter:
        assert club_id == CLUB
        return self

    def cost(self, tokens_in: int, tokens_out: int) -> float:
        return (tokens_in + tokens_out) / 10_000

    async def write(self, source: SummarySource) -> WrittenSummary:
        return replace(await super().write(source), tokens_in=90, tokens_out=10)


@pytest.fixture
def model(club: Harness) -> PricedWriter:
    model = PricedWriter(club.clock)
    club.change(writer=model)
    return model


@pytest.fixture
def pages(club: Harness) -> ArxivPages:
    pages = ArxivPages()
    club.change(full_text_source=pages)
    return pages


async def test_a_model_reads_the_whole_paper_where_there_is_a_page_of_it(
    club: Harness, model: PricedWriter, pages: ArxivPages
) -> None:
    await submit_papers(club, "Ada", ATTENTION, DISTILLATION)
    await club.say("Ada", "/paper summary 1")
    await club.say("Ada", "/paper summary 2")
    whole, abstract = model.asked
    assert whole.passages[1:] == (SECTION,)
    assert whole.label == "full text v7"
    assert len(abstract.passages) == 1
    for _ in range(2):
        await club.say("Ada", "/paper summary 1")
        assert not (await club.say("Mo", "/edition draft", moderator=True)).failed
    assert (len(model.asked), len(pages.asked)) == (2, 2), "what is kept is neither read nor paid for again"


async def test_a_page_that_comes_later_does_not_change_what_was_written(
    club: Harness, model: PricedWriter, pages: ArxivPages
) -> None:
    pages.down = Unavailable("arXiv cannot be asked right now.")
    await submit_papers(club, "Ada", ATTENTION, DISTILLATION)
    assert not (await club.say("Mo", "/edition draft", moderator=True)).failed
    assert len(pages.asked) == 1, "once arXiv has failed, abstracts must do"
    assert [len(source.passages) for source in model.asked] == [1, 1]
    pages.down = None
    await club.say("Ada", "/paper summary 1")
    assert len(model.asked) == 2


async def test_what_a_model_costs_is_written_down_for_the_club(club: Harness, model: PricedWriter) -> None:
    await submit_papers(club, "Ada", ATTENTION, DISTILLATION)
    await club.say("Ada", "/paper summary 1")
    await club.say("Ada", "/paper summary 2")
    await club.say("Ada", "/paper summary 2")
    async with club.app.store.read(CLUB) as db:
        [first, second] = await db.spending_log.since(club.clock.at - timedelta(days=1))
        assert not await db.spending_log.since(club.clock.at + timedelta(seconds=1))
    assert (first.model, first.tokens_in, first.tokens_out, first.cost) == ("first-sentence", 90, 10, 0.01)
    assert first.paper_id != second.paper_id
    doctor = words(await club.say("Root", "/clubadmin doctor", admin=True))
    assert "2 texts for this club used 200 tokens this month, at a price of 0.02" in doctor
    async with club.app.store.read_admin_session() as admin:
        assert await admin.spending_since(CLUB, club.clock.at) == (0.02, 0.02)
        assert await admin.spending_since(CLUB + 1, club.clock.at) == (0.02, 0.0)


async def test_the_extractive_writer_needs_no_page(club: Harness, pages: ArxivPages) -> None:
    await submit_papers(club, "Ada", ATTENTION)
    await club.say("Root", "/clubadmin settings writer extractive", admin=True)
    await club.say("Ada", "/paper summary 1")
    assert pages.asked == []


class DeadLinkChecker:
    """A link checker that finds every link dead."""

    async def missing(self, urls: Sequence[str]) -> frozenset[str]:
        return frozenset(urls)


async def test_a_link_that_leads_nowhere_is_left_out_and_said_so(club: Harness) -> None:
    link = FoundLink("code", "https://github.com/nobody/nothing")
    written = replace(
        await FirstSentenceWriter(club.clock).write(SummarySource("k", 1, "T", (SECTION,))), links=(link,)
    )
    stored = await without_dead_links(written, DeadLinkChecker())
    assert stored.links == ()
    assert stored.checks[-1].detail == "left out, since nothing is there: https://github.com/nobody/nothing"
    assert await without_dead_links(replace(written, links=()), DeadLinkChecker()) == replace(written, links=())
    await submit_papers(club, "Ada", "2106.09685")
    await club.say("Root", "/clubadmin settings writer extractive", admin=True)
    for link_checker, existing in ((None, True), (DeadLinkChecker(), False)):
        club.change(link_checker=link_checker)
        await club.say("Mo", "/edition draft", moderator=True)
        async with club.app.store.read(CLUB) as db:
            edition = await db.editions.current()
            assert edition is not None
            badges = from_json(edition.document).items[0].badges
        assert any("github.com/microsoft/LoRA" in badge.url for badge in badges) == existing
