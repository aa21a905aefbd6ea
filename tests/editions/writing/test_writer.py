"""Writers always return a supported summary in time, whatever the model does."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from time import process_time

import pytest
from pydantic import SecretStr

from bot.domain.paper_record import PaperRecord
from bot.domain.summary_values import FoundLink, Passage, SummarySource, WrittenSummary
from bot.editions.text_analysis.sentences import sentences
from bot.editions.verification.quotes import is_verbatim
from bot.editions.writing.batch import write_all
from bot.editions.writing.writer import CheckedModelWriter, ExtractiveWriter, checked_model_writer
from bot.settings import LlmSettings
from bot.sources.llm import ModelClient, ModelDraft, ModelFailed
from bot.sources.recorded_arxiv import recorded_papers
from tests.editions.writing.hostile import hostile
from tests.llm_server import MODES, SECRET, LlmServer
from tests.unloaded_clock import unloaded

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ABSTRACT = (
    "Reading lists grow faster than readers read. We introduce Shelf, a method that orders papers by what a club has "
    "liked before. On 1,200 papers it saves 35% of the time. Members of four clubs preferred its order to their own. "
    "Code is at https://github.com/example/shelf."
)
PAPER = SummarySource("arxiv:2501.00001", 2, "Shelf: Ordering What to Read", (Passage("abstract", ABSTRACT),))


def now() -> datetime:
    return NOW


@asynccontextmanager
async def writing(
    server: LlmServer, *, patience: float = 10, deadline: float = 30
) -> AsyncIterator[CheckedModelWriter]:
    """A checked model writer whose model is this server."""

    async def sleep(seconds: float) -> None:
        return None

    model = ModelClient(api_key=SECRET, model="test-1", base_url=server.url, timeout=patience, sleep=sleep)
    try:
        yield CheckedModelWriter(model, ExtractiveWriter(now), now, timedelta(seconds=deadline))
    finally:
        await model.aclose()


async def written(
    server: LlmServer, source: SummarySource = PAPER, *, patience: float = 10, deadline: float = 30
) -> WrittenSummary:
    async with writing(server, patience=patience, deadline=deadline) as writer:
        return await writer.write(source)


def failure(text: WrittenSummary) -> str:
    return next((check.detail for check in text.checks if not check.passed), "")


async def test_model_writes_and_says_so() -> None:
    async with LlmServer() as server:
        text = await written(server)
    assert (text.writer, text.prompt, text.source, text.at) == ("test-1", "1.1", "abstract v2", NOW)
    assert text.why == "Reading lists grow faster than readers read."
    assert text.insights[1] == "On 1,200 papers it saves 35% of the time."
    assert [(link.kind, link.url) for link in text.links] == [("code", "https://github.com/example/shelf")]
    assert all(check.passed for check in text.checks)
    assert (text.confidence, text.tokens_in, text.tokens_out) == (0.9, 100, 20)
    assert WrittenSummary.from_json(json.loads(json.dumps(text.to_json()))) == text


@pytest.mark.parametrize("mode", MODES)
async def test_in_every_mode_something_true_is_written(mode: str) -> None:
    async with LlmServer(mode, payload="Visit http://evil.example now, @everyone!") as server:
        patience = 0.3 if mode == "stall" else 10
        text = await written(server, patience=patience)
    assert text.why
    assert text.insights
    for sentence in (text.why, *text.insights):
        assert sentence in ABSTRACT
    assert all(is_verbatim(PAPER.passages, quote) for quote in text.quotes)
    assert {link.url for link in text.links} <= {"https://github.com/example/shelf"}
    honest = ("right", "think", "made-up quote", "made-up number", "made-up link", "obey a little")
    odd = (
        "no schema",
        "old limit",
        "no limit",
        "no effort",
        "small context",
        "vague",
        "content parts",
        "no usage",
        "not found",
        "other numbers",
        "all wrong",
    )
    assert (text.writer == "test-1") == (mode in (*honest, *odd))
    assert bool(failure(text)) == (text.writer == "extractive")


async def test_what_is_made_up_goes_back_with_a_complaint_and_is_then_cut() -> None:
    async with LlmServer("made-up number") as server:
        text = await written(server)
    first, second = server.ledger
    assert "GPT-17" not in first.question
    assert "name “GPT-17”" in second.question
    assert "number “98.7%”" in second.question
    assert "GPT-17" not in "".join(text.insights)
    assert (text.tokens_in, text.tokens_out) == (200, 40)
    (told,) = [check.detail for check in text.checks if check.name == "numbers and names"]
    assert "98.7%" in told


async def test_second_draft_is_taken_if_it_is_right() -> None:
    async with LlmServer(script=["made-up number"]) as server:
        text = await written(server)
    assert text.writer == "test-1"
    assert [check.detail for check in text.checks if check.name == "numbers and names"] == ["all are in the text"]


async def test_first_draft_is_kept_if_the_second_fails() -> None:
    async with LlmServer("500", script=["made-up number"]) as server:
        text = await written(server)
    assert text.writer == "test-1"
    assert "GPT-17" not in "".join(text.insights)


async def test_made_up_quote_is_dropped() -> None:
    async with LlmServer("made-up quote") as server:
        text = await written(server)
    assert text.quotes == ()
    assert text.writer == "test-1"


async def test_deadline_ends_in_the_extract() -> None:
    async with LlmServer("stall") as server:
        text = await written(server, deadline=0.2)
    assert text.writer == "extractive"
    assert failure(text) == "test-1: not done within 0.2 s"


async def test_unforeseen_fault_ends_in_the_extract() -> None:
    class Broken:
        name, prompt = "broken", "1"

        async def draft(self, source: SummarySource, complaints: Sequence[str] = ()) -> ModelDraft:
            raise ZeroDivisionError

    text = await CheckedModelWriter(Broken(), ExtractiveWriter(now), now).write(PAPER)
    assert text.writer == "extractive"
    assert failure(text) == "broken: an unforeseen fault (ZeroDivisionError)"


async def test_cancelling_is_no_fault() -> None:
    async with LlmServer("stall") as server, writing(server) as writer:
        task = asyncio.create_task(writer.write(PAPER))
        await server.was_asked.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


async def test_a_whole_paper_is_read_part_by_part_and_quoted_by_section() -> None:
    papers = [record for record in recorded_papers() if 900 < len(record.abstract) < 1500]
    whole = replace(
        PAPER, passages=(*PAPER.passages, *(Passage(f"{n} Part", _section(papers, n)) for n in range(1, 5)))
    )
    async with LlmServer(script=["right"] * 4 + ["made-up number"]) as server:
        text = await written(server, whole)
    *notes, first, second = server.ledger
    assert len(notes) == 4, "of the notes of each part the second draft is made too"
    assert first.told == second.told != notes[0].told
    assert (text.writer, text.source, text.tokens_in) == ("test-1", "full text v2", 600)
    assert {quote.passage for quote in text.quotes} == {"4 Part"}
    assert all(is_verbatim(whole.passages, quote) for quote in text.quotes)
    assert "GPT-17" not in shown(text)


async def test_the_extract_of_a_whole_paper_is_of_its_abstract_and_says_so() -> None:
    section = Passage("3 Method", "Each shelf is dusted twice a day. Nobody knows why that helps, but it does.")
    whole = replace(PAPER, passages=(*PAPER.passages, section))
    text = await ExtractiveWriter(now).write(whole)
    assert text.source == "abstract v2"
    assert all(sentence in ABSTRACT for sentence in (text.why, *text.insights))
    alone = await ExtractiveWriter(now).write(replace(whole, passages=(Passage("abstract", ""), section)))
    assert (alone.source, alone.why) == ("3 Method v2", "Each shelf is dusted twice a day.")


@pytest.mark.slow
async def test_a_part_without_notes_is_passed_over_but_not_every_part() -> None:
    papers = [record for record in recorded_papers() if 900 < len(record.abstract) < 1500]
    whole = replace(PAPER, passages=tuple(Passage(f"{n} Part", _section(papers, n)) for n in range(1, 5)))
    async with LlmServer(script=["bad json"]) as server:
        assert (await written(server, whole)).writer == "test-1"
    async with LlmServer("bad json") as server:
        assert failure(await written(server, whole)) == "test-1: the answer is broken JSON"


def _section(papers: Sequence[PaperRecord], number: int) -> str:
    return "\n\n".join(record.abstract for record in papers[number * 12 : number * 12 + 12])


async def test_without_a_text_no_model_is_asked() -> None:
    async with LlmServer() as server:
        text = await written(server, SummarySource("arxiv:1", 1, "A title", (Passage("abstract", ""),)))
    assert (text.why, text.insights, text.quotes, server.ledger) == ("", (), (), [])


class Obedient:
    """A model that follows injected instructions, either completely or (`sly`) between true sentences."""

    name, prompt = "obedient", "1"

    def __init__(self, *, sly: bool) -> None:
        self.sly = sly
        self.want = ""
        self.link = FoundLink("code", "https://github.com/evil/steal")

    async def draft(self, source: SummarySource, complaints: Sequence[str] = ()) -> ModelDraft:
        first, second, *_ = (sentence.text for sentence in sentences(source.passages[0].text))
        true = (first, second) if self.sly else (self.want, self.want)
        want = f"{self.want}. Also {SECRET}."
        return ModelDraft(true[0], (true[1], want), (want, self.want), (self.link,), self.want[:50])


@pytest.mark.slow
@pytest.mark.parametrize("sly", [False, True])
async def test_nothing_that_an_abstract_orders_comes_out(sly: bool) -> None:
    model = Obedient(sly=sly)
    writer = CheckedModelWriter(model, ExtractiveWriter(now), now)
    for paper in hostile(100):
        model.want = paper.want
        text = await writer.write(paper.source)
        assert text.why
        for forbidden in paper.forbidden:
            assert forbidden.lower() not in shown(text).lower()


def shown(text: WrittenSummary) -> str:
    """Text displayed to readers; the checks, for moderators, list the removed parts."""
    texts = [text.why, *text.insights, *(quote.text for quote in text.quotes), text.theme, text.writer]
    return " ".join([*texts, *(link.url for link in text.links)])


@pytest.mark.slow
async def test_orders_are_withheld_from_the_model_and_the_extract() -> None:
    async with LlmServer() as server, writing(server) as writer:
        for paper in hostile(50):  # every instruction with every wanted text
            await writer.write(paper.source)
            extracted = shown(await ExtractiveWriter(now).write(paper.source))
            for forbidden in paper.forbidden:
                assert forbidden.lower() not in extracted.lower()
                assert forbidden.lower() not in server.ledger[-1].question.lower()


GERMAN = """Wir stellen FlussNetz vor, ein Netz, das Hochwasser aus Pegeln vorhersagt. Es übertrifft die
bisherigen Verfahren um 6,4 % und braucht keine Kalibrierung von Hand. Die Vorhersage ist auf der GPU dreimal so
schnell wie zuvor."""
CHINESE = "我们提出了一个新的模型，用于预测洪水。该模型在二十四个测站上比基线更好，并且不需要人工校准。"


@pytest.mark.parametrize("text", [GERMAN, CHINESE])
async def test_no_model_writes_about_a_paper_in_another_language(text: str) -> None:
    async with LlmServer() as server:
        summary = await written(server, SummarySource("doi:10.1/x", 1, "FlussNetz", (Passage("abstract", text),)))
    assert server.ledger == []
    assert "can only be checked in English" in failure(summary)
    assert summary.why
    assert summary.why in text.replace("\n", " ")


async def test_writer_of_an_installation_is_closed_with_it() -> None:
    async with LlmServer() as server, AsyncExitStack() as stack:
        settings = LlmSettings.model_validate({"api_key": SecretStr(SECRET), "base_url": server.url, "model": "local"})
        writer = await checked_model_writer(settings, stack)
        assert (writer.name, writer.prompt) == ("local", "2.1.1")
        assert (await writer.write(PAPER)).writer == "local"
    assert server.ledger[0].path == "/v1/chat/completions"


@pytest.mark.slow
async def test_thirty_papers_take_little_more_than_their_share() -> None:
    sources = _sources(30)
    told: list[tuple[int, int]] = []

    async def progress(done: int, of: int) -> None:
        told.append((done, of))

    async with LlmServer(delay=0.25) as server, writing(server) as writer:
        await writer.write(PAPER)  # imports the library, which takes a second once
        server.ledger.clear()
        began = unloaded()
        texts = await write_all(
            writer.write,
            sources,
            fallback=ExtractiveWriter(now).write,
            parallel=8,
            deadline=timedelta(minutes=1),
            progress=progress,
        )
        took = unloaded() - began
    assert [text.writer for text in texts] == ["test-1"] * 30
    assert server.most_at_once == 8
    assert len(server.ledger) == 30
    assert told == [(n, 30) for n in range(1, 31)]
    assert took < 4 * 0.25 + 30 * 0.2, "four rounds, and a fifth of a second a paper for the checks, on a busy machine"


async def test_what_is_not_written_by_the_deadline_is_extracted(monkeypatch: pytest.MonkeyPatch) -> None:
    sources, deadline = _sources(6), timedelta(hours=1)
    deadlines, real = list[asyncio.Timeout](), asyncio.timeout

    def timeout(seconds: float | None) -> asyncio.Timeout:
        made = real(seconds)
        if seconds == deadline.total_seconds():
            deadlines.append(made)
        return made

    async def progress(done: int, _: int) -> None:
        if done == 2:  # the deadline comes
            deadlines[0].reschedule(asyncio.get_running_loop().time())

    monkeypatch.setattr(asyncio, "timeout", timeout)
    async with LlmServer("stall", script=["right"] * 3) as server, writing(server) as writer:
        await writer.write(PAPER)  # imports the library, which takes a second once
        rest = ExtractiveWriter(now)
        texts = await write_all(
            writer.write, sources, fallback=rest.write, parallel=2, deadline=deadline, progress=progress
        )
    assert sorted(text.writer for text in texts) == ["extractive"] * 4 + ["test-1"] * 2
    assert all(text.why for text in texts)


async def test_no_sources_no_texts() -> None:
    rest = ExtractiveWriter(now)
    assert await write_all(rest.write, [], fallback=rest.write, parallel=8, deadline=timedelta(seconds=1)) == []


async def test_thirty_extracts_are_quick() -> None:
    writer = ExtractiveWriter(now)
    began = process_time()
    texts = [await writer.write(source) for source in _sources(30)]
    assert process_time() - began < 1.0, "of the processor, whatever else the machine is doing"
    assert all(text.why and text.insights for text in texts)


def _sources(count: int) -> list[SummarySource]:
    papers = [record for record in recorded_papers() if len(record.abstract) > 600][:count]
    return [SummarySource(paper.key, 1, paper.title, (Passage("abstract", paper.abstract),)) for paper in papers]


async def test_model_failed_reason_is_in_the_report() -> None:
    class Mute:
        name, prompt = "mute", "1"

        async def draft(self, source: SummarySource, complaints: Sequence[str] = ()) -> ModelDraft:
            raise ModelFailed("the answer is empty", 10, 2)

    text = await CheckedModelWriter(Mute(), ExtractiveWriter(now), now).write(PAPER)
    assert failure(text) == "mute: the answer is empty"
    assert (text.tokens_in, text.tokens_out) == (10, 2), "what was spent in vain counts too"
