"""Servers that differ from OpenAI's: a refusal is learned once, and no paper changes it for the next by itself."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.domain.summary_values import Passage, SummarySource
from bot.sources.llm import ModelClient, ModelFailed
from bot.sources.llm.client import Api
from bot.sources.llm.request_shape import RequestShape, next_shape
from tests.llm_server import SECRET, LlmServer
from tests.sources.llm.test_client import BOTH, PAPER

LIMITS = ("max_tokens", "max_completion_tokens", "max_output_tokens")


@pytest.fixture
async def server() -> AsyncIterator[LlmServer]:
    async with LlmServer() as server:
        yield server


async def drafts(server: LlmServer, api: Api, *papers: SummarySource, **options: Any) -> None:
    """Draft these papers with one client."""
    model = ModelClient(api_key=SECRET, model="test", base_url=server.url, api=api, **options)
    try:
        for paper in papers:
            assert (await model.draft(paper)).insights
    finally:
        await model.aclose()


def limits(server: LlmServer) -> list[str]:
    """Name of the token limit in each request."""
    return [next((name for name in LIMITS if name in asked.body), "none") for asked in server.ledger]


async def test_a_server_with_the_old_limit_is_asked_by_it_from_then_on(server: LlmServer) -> None:
    server.mode = "old limit"
    await drafts(server, "chat", PAPER, PAPER)
    assert limits(server) == ["max_completion_tokens", "max_tokens", "max_tokens"]
    assert {asked.form for asked in server.ledger} == {"json_schema"}, "the schema is not given up for it"


@pytest.mark.parametrize(
    ("api", "tried"),
    [
        ("chat", ["max_completion_tokens", "max_tokens", "none", "none"]),
        ("responses", ["max_output_tokens", "none", "none"]),
    ],
)
async def test_a_server_without_any_limit(server: LlmServer, api: Api, tried: list[str]) -> None:
    server.mode = "no limit"
    await drafts(server, api, PAPER, PAPER)
    assert limits(server) == tried


@BOTH
async def test_effort_and_limit_are_sent_as_set(server: LlmServer, api: Api) -> None:
    await drafts(server, api, PAPER, effort="low", max_tokens=9_000)
    (asked,) = server.ledger
    if api == "chat":
        assert (asked.body["reasoning_effort"], asked.body["max_completion_tokens"]) == ("low", 9_000)
    else:
        assert (asked.body["reasoning"], asked.body["max_output_tokens"]) == ({"effort": "low"}, 9_000)


@BOTH
async def test_without_a_setting_no_effort_is_sent(server: LlmServer, api: Api) -> None:
    await drafts(server, api, PAPER)
    assert not {"reasoning", "reasoning_effort"} & set(server.ledger[0].body)


@BOTH
async def test_a_model_without_effort(server: LlmServer, api: Api) -> None:
    server.mode = "no effort"
    await drafts(server, api, PAPER, PAPER, effort="high")
    sent = [bool({"reasoning", "reasoning_effort"} & set(asked.body)) for asked in server.ledger]
    assert sent == [True, False, False]
    assert {asked.form for asked in server.ledger} == {"json_schema"}


@BOTH
async def test_a_text_that_is_too_long_is_read_in_shorter_parts_and_keeps_the_schema(
    server: LlmServer, api: Api
) -> None:
    server.mode = "small context"
    long = SummarySource("arxiv:1", 1, "Long", (Passage("text", "Each shelf holds forty books, all unread. " * 600),))
    await drafts(server, api, long, PAPER)
    assert {asked.form for asked in server.ledger} == {"json_schema"}
    assert max(len(asked.question) for asked in server.ledger[2:]) <= 10_000


@BOTH
async def test_a_refusal_without_a_reason_is_learned_only_from_an_answer(server: LlmServer, api: Api) -> None:
    server.script = ["vague once"]
    server.mode = "vague"
    await drafts(server, api, PAPER, PAPER)
    assert [asked.form for asked in server.ledger] == ["json_schema", "json_object", "text", "text"]


@BOTH
async def test_a_paper_that_is_always_refused_changes_nothing_for_the_next(server: LlmServer, api: Api) -> None:
    model = ModelClient(api_key=SECRET, model="test", base_url=server.url, api=api)
    server.mode = "vague once"
    with pytest.raises(ModelFailed, match="answered 400"):
        await model.draft(PAPER)
    assert len(server.ledger) <= 6
    server.mode = "right"
    server.ledger.clear()
    assert (await model.draft(PAPER)).insights
    assert [asked.form for asked in server.ledger] == ["json_schema"]
    await model.aclose()


@pytest.mark.parametrize("mode", ["content parts", "no usage"])
@BOTH
async def test_other_legal_shapes_are_read(server: LlmServer, api: Api, mode: str) -> None:
    server.mode = mode
    await drafts(server, api, PAPER)


@pytest.mark.parametrize("mode", ["no content", "no message"])
@BOTH
async def test_an_answer_without_content_is_named(server: LlmServer, api: Api, mode: str) -> None:
    server.mode = mode
    with pytest.raises(ModelFailed, match="empty"):
        await drafts(server, api, PAPER)


def test_every_refusal_ends_after_finitely_many_shapes() -> None:
    for message in ("", "max_tokens", "response_format", "reasoning", "max_tokens response_format reasoning"):
        shape: RequestShape | None = RequestShape("json_schema", "max_completion_tokens", "low")
        tried: frozenset[RequestShape] = frozenset()
        while shape is not None:
            tried |= {shape}
            shape = next_shape(shape, message, "chat", tried)
        assert len(tried) <= 6
