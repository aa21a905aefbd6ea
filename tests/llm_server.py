"""OpenAI-compatible model server for the tests, with configurable answers (`tests.llm_answers`).

It implements the Responses API and Chat Completions, and records its requests.
"""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Self

from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.llm_answers import Asked, said

MODES = (
    "right",
    "refusal",  # the API's own way of refusing
    "bad json",  # a comma too few
    "truncated",  # the tokens ran out, and the API says so
    "cut",  # the tokens ran out, and nobody says so
    "wrong shape",  # JSON of something else
    "made-up quote",
    "made-up number",
    "made-up link",
    "obey",  # says what `payload` wants, and little else
    "obey a little",  # slips it in between right answers
    "another language",
    "another paper",
    "not found",  # says that the paper does not answer a question
    "other numbers",  # a second reading that names sentences that do not exist, and words of another sentence
    "all wrong",  # a second reading that finds nothing supported
    "think",  # thinks aloud first, then answers rightly between fences
    "empty",
    "no choices",
    "too long",  # ten times
    "429",
    "quota",
    "401",
    "404",
    "500",
    "html",
    "odd json",  # 200 and JSON, but of no API
    "endless",  # an answer that does not end
    "bomb",  # a small packed answer that is huge when it is opened
    "stall",
    "hang up",
    "no schema",  # 400 to structured output; plain requests are answered
    "old limit",  # 422 to max_completion_tokens, as servers that know max_tokens only
    "no limit",  # 400 to any limit of tokens
    "no effort",  # 400 to a reasoning effort
    "small context",  # 400 to a request of more than 10,000 characters
    "vague",  # 400 without a reason to structured output
    "vague once",  # 400 without a reason
    "content parts",  # the text as a list of parts, thoughts among them
    "no content",  # a message whose content is null
    "no message",  # a choice, or an item of output, without its content
    "no usage",  # an answer that does not say what it cost
)
"""What the server can be told to do."""

SECRET = "sk-canary-0123456789abcdef"  # what a model that obeys gives away, if it knew


@dataclass(slots=True)
class LlmServer:
    """Server that answers by `script`, one mode per request, then by `mode`, after `delay` seconds."""

    mode: str = "right"
    script: list[str] = field(default_factory=list)
    payload: str = ""
    delay: float = 0.0
    retry_after: str = "1"
    ledger: list[Asked] = field(default_factory=list)
    was_asked: asyncio.Event = field(default_factory=asyncio.Event)
    sent: int = 0
    """Bytes of answers that do not end."""
    at_once: int = 0
    most_at_once: int = 0
    _server: TestServer | None = None
    _stalled: asyncio.Event = field(default_factory=asyncio.Event)

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=10 * 1024 * 1024)
        app.router.add_post("/v1/responses", self._answer)
        app.router.add_post("/v1/chat/completions", self._answer)
        self._server = TestServer(app, host="127.0.0.1")
        await self._server.start_server()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._stalled.set()
        if self._server:
            await self._server.close()

    @property
    def url(self) -> str:
        """Base URL for clients."""
        assert self._server is not None
        return str(self._server.make_url("/v1"))

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        mode = self.script.pop(0) if self.script else self.mode
        asked = _asked(request, body, mode)
        self.ledger.append(asked)
        self.was_asked.set()
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            if self.delay:
                await asyncio.sleep(self.delay)
            return await self._as(mode, request, asked)
        finally:
            self.at_once -= 1

    async def _as(self, mode: str, request: web.Request, asked: Asked) -> web.StreamResponse:
        if mode not in MODES:
            raise ValueError(f"no such mode: {mode}")
        if mode == "stall":
            await self._stalled.wait()
        if mode == "hang up":
            assert request.transport is not None
            request.transport.abort()
        if mode == "no schema":
            if asked.form != "text":
                return _error(400, f"response_format {asked.form} is not supported", "invalid_request_error")
            mode = "right"
        if refusal := _refusal_of_parameter(mode, asked):
            return refusal
        if mode in _ERRORS:
            status, message, code = _ERRORS[mode]
            headers = {"Retry-After": self.retry_after} if mode in ("429", "500") else {}
            return _error(status, message, code, headers)
        if mode == "endless":
            return await self._endless(request)
        if mode == "bomb":
            return web.Response(body=bomb(), headers={"Content-Encoding": "gzip", "Content-Type": "application/json"})
        if mode == "html":
            return web.Response(text="<html><body>Welcome to nginx!</body></html>", content_type="text/html")
        if mode == "odd json":
            return web.json_response({"hello": "world"})
        chat = request.path.endswith("/chat/completions")
        return web.json_response(_chat(asked, mode, self) if chat else _response(asked, mode, self))

    async def _endless(self, request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse(headers={"Content-Type": "application/json"})
        await answer.prepare(request)
        with suppress(ConnectionError):
            while True:
                await answer.write(b" " * 65_536)
                self.sent += 65_536
        return answer


def _refusal_of_parameter(mode: str, asked: Asked) -> web.Response | None:
    """The refusal of a server that does not know one of the request's parameters; None if it takes them all."""
    body = asked.body
    limits = [name for name in ("max_tokens", "max_completion_tokens", "max_output_tokens") if name in body]
    if mode == "old limit" and "max_completion_tokens" in body:
        detail = {"type": "extra_forbidden", "loc": ["body", "max_completion_tokens"], "msg": "Extra inputs"}
        return web.json_response({"detail": [detail]}, status=422)
    if mode == "no limit" and limits:
        return _error(400, f"Unsupported parameter: '{limits[0]}'", "unsupported_parameter")
    if mode == "no effort" and ("reasoning" in body or "reasoning_effort" in body):
        return _error(400, "this model has no reasoning_effort", "unsupported_parameter")
    if mode == "small context" and len(asked.question) > 10_000:
        return _error(400, "This model's maximum context length is 4096 tokens", "context_length_exceeded")
    if mode == "vague once" or (mode == "vague" and asked.form != "text"):
        return _error(400, "Bad request", "invalid_request_error")
    return None


_ERRORS = {
    "429": (429, "Rate limit reached", "rate_limit_exceeded"),
    "quota": (429, "You exceeded your current quota", "insufficient_quota"),
    "401": (401, f"Incorrect API key provided: {SECRET}", "invalid_api_key"),
    "404": (404, "The model does not exist", "model_not_found"),
    "500": (500, "The server had an error", "server_error"),
}


@cache
def bomb() -> bytes:
    """A small packed answer that has 200 MB when it is opened."""
    return gzip.compress(b" " * 200_000_000, 1)


def _error(status: int, message: str, code: str, headers: dict[str, str] | None = None) -> web.Response:
    error = {"message": message, "type": code, "param": None, "code": code}
    return web.json_response({"error": error}, status=status, headers=headers)


def _asked(request: web.Request, body: dict[str, Any], mode: str) -> Asked:
    key = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if "messages" in body:
        told, question = (message["content"] for message in body["messages"])
        form = body["response_format"]["type"]
    else:
        told, question, form = body["instructions"], body["input"], body["text"]["format"]["type"]
    return Asked(request.path, told, question, form, key, mode, body)


def _chat(asked: Asked, mode: str, server: LlmServer) -> dict[str, Any]:
    text = said(asked, mode, server.payload)
    message: dict[str, Any] = {"role": "assistant", "content": text, "refusal": None}
    if mode == "refusal":
        message |= {"content": None, "refusal": "I cannot help with that."}
    if mode == "content parts":
        message["content"] = [
            {"type": "thinking", "thinking": [{"type": "text", "text": "{hm}"}]},
            {"type": "text", "text": text},
        ]
    if mode == "no content":
        message = {"role": "assistant", "content": None, "reasoning_content": "hm"}
    reason = "length" if mode == "truncated" else "stop"
    choice: dict[str, Any] = {"index": 0, "message": None if mode == "no message" else message, "finish_reason": reason}
    choices = [] if mode == "no choices" else [choice]
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": "test",
        "choices": choices,
        "usage": None if mode == "no usage" else {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120},
    }


def _response(asked: Asked, mode: str, server: LlmServer) -> dict[str, Any]:
    part: dict[str, Any] = {
        "type": "output_text",
        "text": said(asked, mode, server.payload),
        "annotations": [],
    }
    if mode == "refusal":
        part = {"type": "refusal", "refusal": "I cannot help with that."}
    message: dict[str, Any] = {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "status": "completed",
        "content": [part],
    }
    if mode == "content parts":
        half = len(part["text"]) // 2
        message["content"] = [part | {"text": part["text"][:half]}, part | {"text": part["text"][half:]}]
    if mode in ("no content", "no message"):
        message["content"] = None
    output: Sequence[dict[str, Any]] = () if mode == "no choices" else (message,)
    return {
        "id": "resp_1",
        "object": "response",
        "created_at": 1,
        "status": "incomplete" if mode == "truncated" else "completed",
        "incomplete_details": {"reason": "max_output_tokens"} if mode == "truncated" else None,
        "error": None,
        "instructions": None,
        "metadata": {},
        "model": "test",
        "output": list(output),
        "parallel_tool_calls": True,
        "tool_choice": "auto",
        "tools": [],
        "usage": None
        if mode == "no usage"
        else {
            "input_tokens": 100,
            "input_tokens_details": {"cached_tokens": 0},
            "output_tokens": 20,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": 120,
        },
    }
