"""Client of a language model: OpenAI, or any server with a compatible API.

`openai` is imported on first use: it takes a second and 40 MB.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Literal, TypeVar
from urllib.parse import urlsplit

from pydantic import BaseModel

from bot.domain.clock import utc_now
from bot.domain.summary_values import SummarySource
from bot.sources.http_client import retry_after
from bot.sources.llm.api_formats import TokenUsage, call_chat_completions, call_responses, reason
from bot.sources.llm.chunks import MAX_CHUNK_LENGTH, MIN_CHUNK_LENGTH, chunks, frame_as_data
from bot.sources.llm.prompt_loader import Prompt, prompt
from bot.sources.llm.request_shape import ANSWER_FORMATS, TOKEN_LIMITS, RequestShape, is_overflow, next_shape
from bot.sources.llm.responses import (
    ModelDraft,
    ModelFailed,
    ModelSummary,
    ResponseTooLarge,
    SectionNotes,
    UnusableResponse,
    read,
)

if TYPE_CHECKING:
    import ssl

    import httpx2
    import openai
    from openai import AsyncOpenAI

log = logging.getLogger(__name__)

Api = Literal["auto", "responses", "chat"]
Answer = TypeVar("Answer", bound=BaseModel)

MAX_RETRY_AFTER = 10.0
"""Maximum Retry-After in seconds that is waited for. After that, the extractive writer is used."""
NOTES_CACHE_SIZE = 64
"""Number of long papers whose notes are cached for a second draft: as many as are written in parallel."""

_COMPLAINTS_HEADER = (
    "An earlier answer had this in it, which does not stand in the text, or not in its words. Leave it out this time:"
)


class ModelClient:
    """Client of one model. Every failure raises ModelFailed.

    `timeout` in seconds limits each request. A request is retried up to `max_retries` times after rate limiting, server
    errors and connection errors, but not after a timeout or an exhausted quota. `max_tokens` limits an answer, its
    reasoning included; `effort` is the reasoning effort, "" for the model's own. `transport` replaces the network in
    tests. With `close_wording` the model is told to keep the words of the paper.
    """

    def __init__(
        self,
        *,
        api_key: str,
        model: str,
        base_url: str = "https://api.openai.com/v1",
        api: Api = "auto",
        timeout: float = 30,
        max_tokens: int = 4_000,
        effort: str = "",
        close_wording: bool = False,
        max_retries: int = 1,
        transport: httpx2.AsyncBaseTransport | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.name = model
        self._summary_prompt = "close_summary" if close_wording else "summary"
        self._api_key = api_key
        self._base_url = base_url
        official = urlsplit(base_url).hostname == "api.openai.com"
        self._api: Api = ("responses" if official else "chat") if api == "auto" else api
        self._timeout = timeout
        self._max_retries = max_retries
        self._transport = transport
        self._sleep = sleep
        self._max_tokens = max_tokens
        self._shape = RequestShape(ANSWER_FORMATS[0], TOKEN_LIMITS[self._api_name][0], effort)
        self._chunk_length = MAX_CHUNK_LENGTH
        self._client: AsyncOpenAI | None = None
        self._loading = asyncio.Lock()
        self._notes_cache: OrderedDict[str, str] = OrderedDict()

    @property
    def _api_name(self) -> str:
        return "responses" if self._api == "responses" else "chat"

    @property
    def prompt(self) -> str:
        """Versions of the prompts for a paper and for a part of one. The two for a paper never have the same."""
        return f"{prompt(self._summary_prompt).version}.{prompt('notes').version}"

    @property
    def chunk_length(self) -> int:
        """Characters of a text that the model takes at once, as far as is known."""
        return self._chunk_length

    async def draft(self, source: SummarySource, complaints: Sequence[str] = ()) -> ModelDraft:
        """Write a draft about a paper. Raises only ModelFailed and CancelledError.

        `complaints` are the faults of an earlier draft. A long text is first read in parts, and the draft is written
        from notes on them; quotes must still be verbatim in the text, which the caller checks.
        """
        usage = TokenUsage()
        try:
            answer = await self._draft_in_fitting_parts(source, complaints, usage)
        except ModelFailed as error:
            raise ModelFailed(error.reason, usage.read, usage.written) from error
        return ModelDraft.of(answer, usage.read, usage.written)

    async def _draft_in_fitting_parts(
        self, source: SummarySource, complaints: Sequence[str], usage: TokenUsage
    ) -> ModelSummary:
        """A draft; parts that are too long for the model are halved, and stay so for later papers."""
        while True:
            length = self._chunk_length
            pieces = chunks(source, length)
            try:
                text = pieces[0] if len(pieces) == 1 else await self._notes(source, pieces, usage)
                question = frame_as_data(source, text)
                if complaints:
                    complaint_list = "\n".join(f"- {complaint}" for complaint in complaints)
                    question += f"\n\n{_COMPLAINTS_HEADER}\n{complaint_list}"
                return await self.ask_parsed(prompt(self._summary_prompt), question, ModelSummary, usage)
            except TextTooLong:
                if length // 2 < MIN_CHUNK_LENGTH:
                    raise
                log.info("the model takes no parts of %s characters; trying shorter ones", length)
                self._chunk_length = min(self._chunk_length, length // 2)

    async def aclose(self) -> None:
        """Close the connections. A later request opens new ones."""
        if self._client is not None:
            await self._client.close()
            self._client = None

    async def _notes(self, source: SummarySource, pieces: Sequence[str], usage: TokenUsage) -> str:
        """Notes on the parts of a paper, as the text from which the draft is written.

        The notes are cached for a second draft, because reading the paper again would double the cost. A part without
        usable notes is skipped, unless all are.
        """
        if cached := self._notes_cache.pop(source.digest, ""):
            self._notes_cache[source.digest] = cached
            return cached
        found: list[str] = []
        for piece in pieces:
            try:
                notes = await self.ask_parsed(prompt("notes"), frame_as_data(source, piece), SectionNotes, usage)
            except UnusableResponse as error:
                log.info("no notes of a part of %s: %s", source.key, error.reason)
                failed = error
            else:
                found += [*notes.notes, *notes.quotes]
        if not found:
            raise failed
        self._notes_cache[source.digest] = "\n".join(found)
        if len(self._notes_cache) > NOTES_CACHE_SIZE:
            self._notes_cache.popitem(last=False)
        return self._notes_cache[source.digest]

    async def ask_parsed(
        self, instructions: Prompt, question: str, answer_type: type[Answer], usage: TokenUsage
    ) -> Answer:
        """Send one question and parse the answer; what the server refuses is left out, and kept out if that helps."""
        shape, tried = self._shape, frozenset[RequestShape]()
        while True:
            try:
                output = await self._ask_with_retries(instructions, question, answer_type, shape, usage)
            except _Rejected as error:
                tried |= {shape}
                simpler = next_shape(shape, error.message, self._api_name, tried)
                if is_overflow(error.message):
                    raise TextTooLong("the text is too long for the model") from None
                if simpler is None:
                    raise ModelFailed(error.reason) from None
                log.info("the model's server refuses %s; asking by %s", shape, simpler)
                shape = simpler
            else:
                if tried:
                    self._shape = shape
                return read(output, answer_type)

    async def _ask_with_retries(
        self,
        instructions: Prompt,
        question: str,
        answer_type: type[BaseModel],
        shape: RequestShape,
        usage: TokenUsage,
    ) -> str:
        """The model's answer, with retries after temporary failures."""
        client = await self._connected()
        for retries_left in reversed(range(self._max_retries + 1)):
            try:
                async with asyncio.timeout(self._timeout):
                    return await self._ask_once(client, instructions, question, answer_type, shape, usage)
            except TimeoutError:
                raise ModelFailed(f"no answer within {self._timeout:g} s") from None
            except ModelFailed:
                raise
            except Exception as error:
                wait = await self._retry_delay(error)
                if not retries_left or wait is None:
                    raise ModelFailed(reason(error)) from error
                await self._sleep(wait)
        raise AssertionError("a range of at least one ends in a return or a raise")

    async def _ask_once(
        self,
        client: AsyncOpenAI,
        instructions: Prompt,
        question: str,
        answer_type: type[BaseModel],
        shape: RequestShape,
        usage: TokenUsage,
    ) -> str:
        call = call_responses if self._api == "responses" else call_chat_completions
        return await call(client, self.name, instructions, question, answer_type, shape, self._max_tokens, usage)

    async def _retry_delay(self, error: Exception) -> float | None:
        """Seconds to wait before a retry; None if a retry would not help.

        Raises _Rejected if the shape of the request may be the cause.
        """
        import openai

        if isinstance(error, openai.BadRequestError | openai.UnprocessableEntityError) or (
            isinstance(error, openai.APIStatusError) and error.status_code == 413
        ):
            raise _Rejected(reason(error), _message(error)) from error
        if isinstance(error, openai.RateLimitError):
            return None if error.code == "insufficient_quota" else _wait(error.response.headers.get("retry-after"))
        if isinstance(error, openai.InternalServerError | openai.ConflictError):
            return _wait(error.response.headers.get("retry-after"))
        if ResponseTooLarge in (type(error), type(error.__cause__)):
            return None
        return 1.0 if isinstance(error, openai.APIConnectionError) else None

    async def _connected(self) -> AsyncOpenAI:
        async with self._loading:
            if self._client is None:
                self._client = await asyncio.to_thread(self._open)
            return self._client

    def _open(self) -> AsyncOpenAI:
        """Import the library and create a client, in a thread so that the event loop is not blocked."""
        import httpx2
        import openai

        from bot.sources.llm.response_limit import LimitedTransport  # loads httpx2

        inner = self._transport or httpx2.AsyncHTTPTransport(
            verify=_tls_context(), limits=openai.DEFAULT_CONNECTION_LIMITS
        )
        http = httpx2.AsyncClient(transport=LimitedTransport(inner), follow_redirects=False)
        client = openai.AsyncOpenAI(
            api_key=self._api_key,
            base_url=self._base_url,
            timeout=self._timeout,
            max_retries=0,  # repeated here, since the client repeats a spent quota too and waits up to 120 s
            http_client=http,
        )
        _ = client.responses, client.chat.completions  # accessing them imports their modules
        return client


@cache
def _tls_context() -> ssl.SSLContext:
    """Certificates that servers are checked against, read once for all clients: it takes 50 ms of a processor."""
    import httpx2

    return httpx2.create_ssl_context()


class _Rejected(Exception):
    """The server refused the request. Its message is only searched for the parameter it names, never shown."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.message = message


class TextTooLong(ModelFailed):
    """The text of the request is too long for the model."""


def _message(error: openai.APIStatusError) -> str:
    """All that the server says of its refusal."""
    return f"{error.message} {error.code or ''} {error.param or ''} {error.body or ''}"[:4_000]


def _wait(header: str | None) -> float | None:
    """Seconds to wait according to Retry-After; None if that is more than `MAX_RETRY_AFTER`."""
    wait = retry_after(header, utc_now(), default=timedelta(seconds=1), longest=timedelta(days=1))
    return wait.total_seconds() if wait.total_seconds() <= MAX_RETRY_AFTER else None
