"""T19: a model's server cannot fill the memory: its answer is read with a cap, counted as it is unpacked."""

from __future__ import annotations

import tracemalloc

import pytest

from bot.domain.summary_values import Passage, SummarySource
from bot.sources.llm import ModelClient, ModelFailed
from bot.sources.llm.response_limit import LARGEST
from tests.llm_server import LlmServer, bomb

PAPER = SummarySource(
    "arxiv:1",
    1,
    "Shelf",
    (Passage("abstract", "We order the papers of a club. It saves readers much time. Members like what they get."),),
)


@pytest.mark.parametrize("mode", ["endless", "bomb"])
async def test_too_large_an_answer_is_ended(mode: str) -> None:
    async with LlmServer(mode=mode) as server:
        model = ModelClient(api_key="none", model="local", base_url=server.url, timeout=20)
        try:
            with pytest.raises(ModelFailed, match="far too large"):
                await model.draft(PAPER)
        finally:
            await model.aclose()
        assert len(server.ledger) == 1, "it is not asked again"
        assert server.sent < 64 * LARGEST


async def test_a_packed_bomb_takes_no_memory() -> None:
    async with LlmServer(mode="right") as server:
        model = ModelClient(api_key="none", model="local", base_url=server.url, timeout=20)
        await model.draft(PAPER)  # loads the library
        server.mode = "bomb"
        bomb()
        tracemalloc.start()
        try:
            with pytest.raises(ModelFailed):
                await model.draft(PAPER)
            most = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
            await model.aclose()
    assert most < 20_000_000
