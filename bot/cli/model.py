"""Subcommand `model`: have the configured model write about one paper, and show what the checks make of it."""

from __future__ import annotations

import argparse
from contextlib import AsyncExitStack
from textwrap import fill
from time import monotonic

from bot.cli.parser import configure_logs
from bot.domain.summary_values import Passage, SummarySource, WrittenSummary
from bot.editions.writing.budget import Prices
from bot.editions.writing.writer import checked_model_writer
from bot.settings import Settings, load
from bot.sources.recorded_arxiv import recorded_papers

PAPER = "1706.03762"
"""The paper that it writes about: its abstract comes with the program."""
OFF = (
    "There is no model: editions use sentences of the papers' abstracts, which is fine. To use one, set\n"
    "JOURNALCLUB_LLM__API_KEY and JOURNALCLUB_LLM__MODEL; for your own server also JOURNALCLUB_LLM__BASE_URL."
)


async def test_model(given: argparse.Namespace) -> int:
    """Have the model write once, as for an edition. Returns the exit code: 1 if it could not be used."""
    settings = load()
    configure_logs(settings, "error")
    if not settings.llm.on:
        print(OFF)
        return 1
    server = f" at {settings.llm.base_url}" if settings.llm.base_url else ""
    print(f"Asking {settings.llm.model}{server} to write about an abstract that comes with the program …\n", flush=True)
    async with AsyncExitStack() as stack:
        writer = await checked_model_writer(settings.llm, stack)
        began = monotonic()
        written = await writer.write(_sample())
        seconds = monotonic() - began
    failed = [check for check in written.checks if check.name == "model"]
    if failed:
        print(f"It failed after {seconds:.1f} s: {failed[0].detail.partition(': ')[2] or failed[0].detail}.")
        print("Editions would use the abstract's own sentences instead.")
    else:
        print("\n".join(_shown(written)))
    if not failed or written.tokens_in + written.tokens_out:  # else nothing is known to have been used
        print(f"\n{_bill(settings, written)}" + ("" if failed else f", in {seconds:.1f} s"))
    return 1 if failed else 0


def _sample() -> SummarySource:
    record = next(record for record in recorded_papers() if record.arxiv_id == PAPER)
    return SummarySource(record.key, record.version, record.title, (Passage("abstract", record.abstract),))


def _shown(written: WrittenSummary) -> list[str]:
    """Lines that show the texts of a summary and the results of its checks."""
    lines = [_wrapped("Why", written.why)]
    lines += [_wrapped("Insight", insight) for insight in written.insights]
    lines += [_wrapped("Quote", f"“{quote.text}”") for quote in written.quotes]
    lines.append("")
    for check in written.checks:
        detail = f": {check.detail}" if check.detail else ""
        lines.append(_wrapped("ok" if check.passed else "fix", f"{check.name}{detail}"))
    return lines


def _wrapped(label: str, words: str) -> str:
    return fill(f"{label:8}{words}", 100, subsequent_indent=" " * 8)


def _bill(settings: Settings, written: WrittenSummary) -> str:
    """Sentence about the cost of a summary, in tokens and, where prices are set, in money."""
    llm = settings.llm
    again = (written.second_reading_tokens_in, written.second_reading_tokens_out)
    tokens = f"{written.tokens_in:,} tokens read, {written.tokens_out:,} written"
    if any(again):
        tokens += f" (the second reading {again[0]:,} and {again[1]:,})"
    if not written.tokens_in + written.tokens_out:
        return "The server did not say how many tokens it used"
    if not llm.input_price + llm.output_price:
        return f"{tokens}; no price is set (JOURNALCLUB_LLM__INPUT_PRICE, …__OUTPUT_PRICE)"
    prices = Prices(tokens_in=llm.input_price, tokens_out=llm.output_price)
    cost = prices.cost(written.tokens_in, written.tokens_out)
    of_it = f"; {prices.cost(*again):.4f} of it for the second reading" if any(again) else ""
    return f"{tokens}: {cost:.4f} at your prices{of_it}; thirty papers are about {30 * cost:.2f}"
