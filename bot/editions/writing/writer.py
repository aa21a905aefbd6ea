"""Who writes: the abstract's own sentences, or a model whose every statement is held against the paper.

Both fill the same port, and neither ever fails: where a model is no help the extractive writer takes its place, and the
checks say why.
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
from bot.editions.verification.paper_links import found_links
from bot.editions.verification.quotes import QuoteFinder
from bot.editions.writing.draft_checker import CheckedDraft, DraftChecker, without_injections
from bot.editions.writing.extractive import VERSION, extract
from bot.ports import Writer
from bot.settings import LlmSettings
from bot.sources.llm import ModelClient, ModelDraft, ModelFailed
from bot.sources.llm.chunks import count

log = logging.getLogger(__name__)

EXTRACTIVE_NAME = "extractive"
MODEL_TIMEOUT = timedelta(seconds=90)
"""How long one paper may take with a model: two drafts of 30 s, with a repeat. Each further part of a long paper may
take a third of that."""
MIN_LENGTH_FOR_THREAD = 20_000
"""Characters of a source that is made ready in a thread: a whole paper takes half a second."""


class DraftModel(Protocol):
    """A model that drafts: `bot.sources.llm.Model`."""

    name: str

    @property
    def prompt(self) -> str:
        """The version of what it is told."""

    async def draft(self, source: SummarySource, complaints: Sequence[str] = ()) -> ModelDraft:
        """A draft, better than the one complained of. Raises ModelFailed."""


class ExtractiveWriter:
    """Writes with the source's own sentences: no model, no network, nothing that is not in the paper."""

    name = prompt = ""
    """Its texts are free, so none is stored to be used again."""

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
        drawn = extract(source.title, read.text)
        ledger = QuoteFinder(source.passages)
        quotes = tuple(quote for words in drawn.quotes if (quote := ledger.find(words)))
        return WrittenSummary(
            why=drawn.why,
            insights=drawn.insights,
            quotes=quotes,
            links=found_links(without_injections(source).text),
            theme="",
            confidence=None,
            writer=EXTRACTIVE_NAME,
            prompt=VERSION,
            source=replace(source, passages=(read,)).label,
            at=self._now(),
            checks=(Check("quotes", len(quotes) == len(drawn.quotes)),),
        )


class CheckedModelWriter:
    """Has a model write, holds what it wrote against the paper, and falls back on the paper's own sentences.

    A draft that says what the paper does not goes back once, with what was wrong; of the second draft such sentences
    are cut. Anything at all that goes wrong, and `deadline` passing, ends in the extractive writer's text.
    """

    def __init__(
        self,
        model: DraftModel,
        extractive: Writer,
        now: Callable[[], datetime] = utc_now,
        deadline: timedelta = MODEL_TIMEOUT,
        *,
        second_try: bool = True,
    ) -> None:
        self.name = model.name
        self.prompt = model.prompt
        self._model = model
        self._extractive = extractive
        self._now = now
        self._deadline = deadline
        self._second_try = second_try

    async def write(self, source: SummarySource) -> WrittenSummary:
        """Why, key insights and quotes of one paper; `writer` and `checks` tell who wrote them in the end, and why."""
        bill = _TokenTotals()
        deadline = self._deadline.total_seconds() * (1 + (count(source) - 1) / 3)
        try:
            async with asyncio.timeout(deadline):
                written = await self._write_with_model(source, bill)
        except ModelFailed as error:
            written = await self._write_fallback(source, error.reason)
        except TimeoutError:
            written = await self._write_fallback(source, f"not done within {deadline:g} s")
        except Exception as error:
            log.exception("writing about %s with %s failed", source.key, self.name)
            written = await self._write_fallback(source, f"an unforeseen fault ({type(error).__name__})")
        return replace(written, tokens_in=bill.tokens_in, tokens_out=bill.tokens_out)

    def for_club(self, club_id: int) -> CheckedModelWriter:
        """Itself: accounts are kept by `budget.BudgetedWriter`."""
        return self

    def cost(self, tokens_in: int, tokens_out: int) -> None:
        """None: prices are known to `budget.BudgetedWriter`."""

    async def _write_fallback(self, source: SummarySource, reason: str) -> WrittenSummary:
        log.warning("%s did not write about %s: %s", self.name, source.key, reason)
        written = await self._extractive.write(source)
        return replace(written, checks=(*written.checks, Check("model", False, f"{self.name}: {reason}")))

    async def _write_with_model(self, source: SummarySource, bill: _TokenTotals) -> WrittenSummary:
        examiner = await asyncio.to_thread(DraftChecker, source) if len(source.text) > MIN_LENGTH_FOR_THREAD else DraftChecker(source)
        if not any(passage.text for passage in examiner.safe.passages):
            raise ModelFailed("there is no text to write from")
        examined = await self._checked_draft(examiner, bill)
        return WrittenSummary(
            why=examined.why,
            insights=examined.insights,
            quotes=examined.quotes,
            links=examined.links,
            theme=examined.theme,
            confidence=examined.confidence,
            writer=self.name,
            prompt=self.prompt,
            source=source.label,
            at=self._now(),
            checks=examined.checks,
        )

    async def _checked_draft(self, examiner: DraftChecker, bill: _TokenTotals) -> CheckedDraft:
        """What can be shown of the better of at most two drafts. Raises ModelFailed if nothing can."""
        first = await self._draft(examiner, bill)
        kept: CheckedDraft | None = None
        try:
            kept = examiner.check(first)
            complaints = kept.faults
        except ModelFailed as error:
            if not self._second_try:
                raise
            complaints = (error.reason,)
        if kept and not (complaints and self._second_try):
            return kept
        try:
            return examiner.check(await self._draft(examiner, bill, complaints))
        except ModelFailed:
            if kept is None:
                raise
            return kept

    async def _draft(self, examiner: DraftChecker, bill: _TokenTotals, complaints: Sequence[str] = ()) -> ModelDraft:
        try:
            draft = await self._model.draft(examiner.safe, complaints)
        except ModelFailed as error:
            bill.add(error.tokens_in, error.tokens_out)
            raise
        bill.add(draft.tokens_in, draft.tokens_out)
        return draft


class _TokenTotals:
    """Tokens that one text has taken, those spent in vain included."""

    def __init__(self) -> None:
        self.tokens_in = 0
        self.tokens_out = 0

    def add(self, tokens_in: int, tokens_out: int) -> None:
        """Count one draft, or one failure."""
        self.tokens_in += tokens_in
        self.tokens_out += tokens_out


async def checked_model_writer(settings: LlmSettings, stack: AsyncExitStack) -> CheckedModelWriter:
    """The writer of an installation that has a model. Its connections are closed with the stack."""
    model = ModelClient(
        api_key=settings.api_key.get_secret_value(),
        model=settings.model,
        base_url=settings.base_url,
        api=settings.api,
        timeout=settings.timeout,
    )
    stack.push_async_callback(model.aclose)
    return CheckedModelWriter(model, ExtractiveWriter(), deadline=timedelta(seconds=3 * settings.timeout))
