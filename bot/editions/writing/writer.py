"""Writers of summaries: extractive, and by a model with every statement checked against the paper.

Both implement the `Writer` port and never fail: if the model is not usable, the extractive writer is used and the
checks give the reason.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from bot.domain.clock import utc_now
from bot.domain.summary_values import Check, Passage, SummarySource, WrittenSummary
from bot.editions.text_analysis.gaps import without_gaps
from bot.editions.verification.paper_links import found_links
from bot.editions.verification.quotes import QuoteFinder
from bot.editions.writing.draft_checker import CheckedDraft, DraftChecker, Wording, without_injections
from bot.editions.writing.extractive import VERSION, extract
from bot.editions.writing.second_reading import ReadingModel, read_again
from bot.ports import Writer
from bot.settings import LlmSettings
from bot.sources.llm import ModelClient, ModelDraft, ModelFailed
from bot.sources.llm.chunks import count
from bot.sources.llm.second_reading import SecondReader

log = logging.getLogger(__name__)

EXTRACTIVE_NAME = "extractive"
MODEL_TIMEOUT = timedelta(seconds=90)
"""Time limit for one paper with a model: two drafts of 30 s, one of them repeated. Each further part of a long paper
adds a third of it. A second reading has a third more."""
MIN_LENGTH_FOR_THREAD = 20_000
"""Length in characters from which a source is prepared in a thread: a whole paper takes half a second."""


class DraftModel(Protocol):
    """A model that drafts: `bot.sources.llm.Model`."""

    name: str

    @property
    def prompt(self) -> str:
        """Version of the prompt."""

    async def draft(self, source: SummarySource, complaints: Sequence[str] = ()) -> ModelDraft:
        """A draft, better than the one complained of. Raises ModelFailed."""


class ExtractiveWriter:
    """Writes summaries from the source's own sentences: no model, no network."""

    name = prompt = ""
    """Empty, so that its texts are not stored for reuse: they cost nothing."""

    def __init__(self, now: Callable[[], datetime] = utc_now) -> None:
        self._now = now

    def for_club(self, club_id: int) -> ExtractiveWriter:
        """Itself: it has no accounts."""
        return self

    def cost(self, tokens_in: int, tokens_out: int) -> None:
        """None: it uses no tokens."""

    async def write(self, source: SummarySource) -> WrittenSummary:
        """Why, key insights and quotes of one paper, from its abstract; all empty where there is no text."""
        read = next((p for p in source.passages if p.name == "abstract" and p.text), None)
        read = read or next((p for p in source.passages if p.text), Passage("abstract", ""))
        summary = extract(source.title, without_gaps(read.text))
        quote_finder = QuoteFinder(source.passages)
        quotes = tuple(quote for words in summary.quotes if (quote := quote_finder.find(words)))
        return WrittenSummary(
            why=summary.why,
            insights=summary.insights,
            quotes=quotes,
            links=found_links(without_injections(source).text),
            theme="",
            confidence=None,
            writer=EXTRACTIVE_NAME,
            prompt=VERSION,
            source=replace(source, passages=(read,)).label,
            at=self._now(),
            checks=(Check("quotes", len(quotes) == len(summary.quotes)),),
        )


class CheckedModelWriter:
    """Writes with a model, checks the draft against the paper, and falls back on the extractive writer.

    A draft with unsupported claims is returned to the model once, with its faults; in the second draft such sentences
    are removed. Any other failure, and exceeding `deadline`, results in the extractive writer's text. With a `reader`,
    what is left is read a second time, within a third of the deadline; what that finds unsupported is cut too. With
    close wording, sentences of the paper take the place of those that are not in its words.
    """

    def __init__(
        self,
        model: DraftModel,
        extractive: Writer,
        now: Callable[[], datetime] = utc_now,
        deadline: timedelta = MODEL_TIMEOUT,
        *,
        wording: Wording = "close",
        second_try: bool = True,
        reader: ReadingModel | None = None,
    ) -> None:
        self.name = model.name
        self.prompt = f"{model.prompt}.{reader.prompt}" if reader else model.prompt
        self._model = model
        self._extractive = extractive
        self._now = now
        self._deadline = deadline
        self._wording = wording
        self._second_try = second_try
        self._reader = reader

    async def write(self, source: SummarySource) -> WrittenSummary:
        """A summary of one paper; `writer` and `checks` state who wrote it in the end, and why."""
        totals = _TokenTotals()
        deadline = self._deadline.total_seconds() * (1 + (count(source) - 1) / 3)
        try:
            async with asyncio.timeout(deadline):
                checker, checked = await self._write_with_model(source, totals)
            written = await self._read_again(checker, checked, totals)
        except ModelFailed as error:
            written = await self._write_fallback(source, error.reason)
        except TimeoutError:
            written = await self._write_fallback(source, f"not done within {deadline:g} s")
        except Exception as error:
            log.exception("writing about %s with %s failed", source.key, self.name)
            written = await self._write_fallback(source, f"an unforeseen fault ({type(error).__name__})")
        return replace(
            written,
            tokens_in=totals.tokens_in,
            tokens_out=totals.tokens_out,
            second_reading_tokens_in=totals.second_reading[0],
            second_reading_tokens_out=totals.second_reading[1],
        )

    def for_club(self, club_id: int) -> CheckedModelWriter:
        """Itself: `budget.BudgetedWriter` keeps accounts."""
        return self

    def cost(self, tokens_in: int, tokens_out: int) -> None:
        """None: `budget.BudgetedWriter` has the prices."""

    async def _write_fallback(self, source: SummarySource, reason: str) -> WrittenSummary:
        log.warning("%s did not write about %s: %s", self.name, source.key, reason)
        written = await self._extractive.write(source)
        return replace(written, checks=(*written.checks, Check("model", False, f"{self.name}: {reason}")))

    async def _write_with_model(self, source: SummarySource, totals: _TokenTotals) -> tuple[DraftChecker, CheckedDraft]:
        checker = (
            await asyncio.to_thread(DraftChecker, source, self._wording)
            if len(source.text) > MIN_LENGTH_FOR_THREAD
            else DraftChecker(source, self._wording)
        )
        if not any(passage.text for passage in checker.safe.passages):
            raise ModelFailed("there is no text to write from")
        checker.require_english()
        return checker, await self._checked_draft(checker, totals)

    async def _read_again(self, checker: DraftChecker, checked: CheckedDraft, totals: _TokenTotals) -> WrittenSummary:
        """The summary, after a second reading if there is a reader. Raises ModelFailed if that leaves too little."""
        if self._reader:
            reading = await read_again(self._reader, checker.safe, checked, self._deadline / 3)
            totals.add_second_reading(reading.tokens_in, reading.tokens_out)
            checked = reading.draft
            if not (checked.why and checked.insights):
                raise ModelFailed(f"its second reading left too little: {checked.checks[-1].detail}")
        return WrittenSummary(
            why=checked.why,
            insights=checked.insights,
            quotes=checked.quotes,
            links=checked.links,
            theme=checked.theme,
            confidence=checked.confidence,
            writer=self.name,
            prompt=self.prompt,
            source=checker.source.label,
            at=self._now(),
            checks=checked.checks,
            own_sentences=checked.own_sentences,
        )

    async def _checked_draft(self, checker: DraftChecker, totals: _TokenTotals) -> CheckedDraft:
        """The better of at most two drafts, checked. Raises ModelFailed if neither is usable."""
        first = await self._draft(checker, totals)
        first_checked: CheckedDraft | None = None
        try:
            first_checked = await asyncio.to_thread(checker.check, first)
            complaints = first_checked.faults
        except ModelFailed as error:
            if not self._second_try:
                raise
            complaints = (error.reason,)
        if first_checked and not (complaints and self._second_try):
            return first_checked
        try:
            second = await asyncio.to_thread(checker.check, await self._draft(checker, totals, complaints))
        except ModelFailed:
            if first_checked is None:
                raise
            return first_checked
        return first_checked if first_checked and first_checked.lost < second.lost else second

    async def _draft(self, checker: DraftChecker, totals: _TokenTotals, complaints: Sequence[str] = ()) -> ModelDraft:
        try:
            draft = await self._model.draft(checker.safe, complaints)
        except ModelFailed as error:
            totals.add(error.tokens_in, error.tokens_out)
            raise
        totals.add(draft.tokens_in, draft.tokens_out)
        return draft


class _TokenTotals:
    """Tokens used for one text, including failed requests."""

    def __init__(self) -> None:
        self.tokens_in = 0
        self.tokens_out = 0
        self.second_reading = (0, 0)

    def add(self, tokens_in: int, tokens_out: int) -> None:
        """Count one draft, or one failure."""
        self.tokens_in += tokens_in
        self.tokens_out += tokens_out

    def add_second_reading(self, tokens_in: int, tokens_out: int) -> None:
        """Count the second reading, or its failure."""
        self.add(tokens_in, tokens_out)
        self.second_reading = (tokens_in, tokens_out)


def open_model(settings: LlmSettings, stack: AsyncExitStack) -> ModelClient:
    """Client of the configured model. Its connections are closed with the stack."""
    model = ModelClient(
        api_key=settings.api_key.get_secret_value(),
        model=settings.model,
        base_url=settings.base_url,
        api=settings.api,
        timeout=settings.timeout,
        max_tokens=settings.max_output_tokens,
        effort="" if settings.reasoning_effort == "default" else settings.reasoning_effort,
        close_wording=settings.wording == "close",
    )
    stack.push_async_callback(model.aclose)
    return model


async def checked_model_writer(settings: LlmSettings, stack: AsyncExitStack) -> CheckedModelWriter:
    """The writer of an installation that has a model."""
    model = open_model(settings, stack)
    reader = SecondReader(model) if settings.second_reading else None
    return CheckedModelWriter(
        model,
        ExtractiveWriter(),
        deadline=timedelta(seconds=3 * settings.timeout),
        wording=settings.wording,
        reader=reader,
    )
