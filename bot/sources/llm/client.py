"""A language model that writes about a paper: OpenAI, or any server that speaks its language.

Nothing of `openai` is loaded before the first question: it takes a second and 40 MB.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Literal, TypeVar
from urllib.parse import urlsplit

from pydantic import BaseModel

from bot.domain.clock import utc_now
from bot.domain.summary_values import SummarySource
from bot.sources.http_client import retry_after
from bot.sources.llm.api_formats import ANSWER_FORMATS, AnswerFormat, TokenUsage, call_chat_completions, call_responses, reason
from bot.sources.llm.chunks import chunks, frame_as_data
from bot.sources.llm.prompt_loader import Prompt, prompt
from bot.sources.llm.responses import ModelDraft, ModelFailed, ModelSummary, SectionNotes, UnusableResponse, read

if TYPE_CHECKING:
    import httpx2
    from openai import AsyncOpenAI

log = logging.getLogger(__name__)

Api = Literal["auto", "responses", "chat"]
Answer = TypeVar("Shape", bound=BaseModel)

MAX_RETRY_AFTER = 10.0
"""Seconds of Retry-After that are waited for. An edition cannot wait longer; the extractive writer takes over."""
NOTES_CACHE_SIZE = 64
"""Long papers whose notes are kept for the second draft: as many as are written about at a time."""

_COMPLAINTS_HEADER = "An earlier answer had this in it, which does not stand in the text. Leave it out this time:"


class ModelClient:
    """Asks one model. Every way in which that can go wrong is a ModelFailed.

    `timeout` is in seconds and bounds each request, from connecting to the last byte. A request is repeated up to
    `max_retries` times where that can help: too many requests, a server error, no connection; never for a stall, which
    has used up the time already, nor for a spent quota. `transport` takes the place of the network in tests.
    """

    def __init__(
        self,
        *,
        api_key: str,
        model: str,
        base_url: str = "https://api.openai.com/v1",
        api: Api = "auto",
        timeout: float = 30,
        max_retries: int = 1,
        transport: httpx2.AsyncBaseTransport | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.name = model
        self._api_key = api_key
        self._base_url = base_url
        official = urlsplit(base_url).hostname == "api.openai.com"
        self._api: Api = ("responses" if official else "chat") if api == "auto" else api
        self._timeout = timeout
        self._max_retries = max_retries
        self._transport = transport
        self._sleep = sleep
        self._form = 0
        self._client: AsyncOpenAI | None = None
        self._loading = asyncio.Lock()
        self._noted: OrderedDict[str, str] = OrderedDict()

    @property
    def prompt(self) -> str:
        """The versions of what the model is told: about a paper, and about a part of one."""
        return f"{prompt('summary').version}.{prompt('notes').version}"

    async def draft(self, source: SummarySource, complaints: Sequence[str] = ()) -> ModelDraft:
        """Have a draft written about a paper. Raises ModelFailed, and nothing else but CancelledError.

        `complaints` are what was wrong with an earlier draft. Of a long text each part is read first, and the draft is
        made from the notes; quotes are still of the text itself, which is for the caller to check.
        """
        spent = TokenUsage()
        try:
            pieces = chunks(source)
            text = pieces[0] if len(pieces) == 1 else await self._notes(source, pieces, spent)
            question = frame_as_data(source, text)
            if complaints:
                wrong = "\n".join(f"- {complaint}" for complaint in complaints)
                question += f"\n\n{_COMPLAINTS_HEADER}\n{wrong}"
            answer = await self._ask_parsed(prompt("summary"), question, ModelSummary, spent)
        except ModelFailed as error:
            raise ModelFailed(error.reason, spent.read, spent.written) from error
        return ModelDraft.of(answer, spent.read, spent.written)

    async def aclose(self) -> None:
        """Close the connections. The model may be asked again afterwards; it opens new ones."""
        if self._client is not None:
            await self._client.close()
            self._client = None

    async def _notes(self, source: SummarySource, pieces: Sequence[str], spent: TokenUsage) -> str:
        """What matters in each part, one after the other, as the text that the draft is made from.

        A second draft is made from the same notes: to read the paper again would cost as much again. A part of which
        no notes come is passed over, unless it is every part.
        """
        if known := self._noted.pop(source.digest, ""):
            self._noted[source.digest] = known
            return known
        found: list[str] = []
        for piece in pieces:
            try:
                notes = await self._ask_parsed(prompt("notes"), frame_as_data(source, piece), SectionNotes, spent)
            except UnusableResponse as error:
                log.info("no notes of a part of %s: %s", source.key, error.reason)
                failed = error
            else:
                found += [*notes.notes, *notes.quotes]
        if not found:
            raise failed
        self._noted[source.digest] = "\n".join(found)
        if len(self._noted) > NOTES_CACHE_SIZE:
            self._noted.popitem(last=False)
        return self._noted[source.digest]

    async def _ask_parsed(self, told: Prompt, question: str, shape: type[Answer], spent: TokenUsage) -> Answer:
        """One question, and the answer read; in a plainer form where the server does not know the strict one."""
        while True:
            form = self._form
            try:
                return read(await self._ask_with_retries(told, question, shape, ANSWER_FORMATS[form], spent), shape)
            except _FormatNotSupported as error:
                if form + 1 == len(ANSWER_FORMATS):
                    raise ModelFailed(error.reason) from None
                log.info("the model's server does not take %s; asking by %s", ANSWER_FORMATS[form], ANSWER_FORMATS[form + 1])
                self._form = max(self._form, form + 1)

    async def _ask_with_retries(
        self, told: Prompt, question: str, shape: type[BaseModel], form: AnswerFormat, spent: TokenUsage
    ) -> str:
        """What the model says, asked again where that can help."""
        client = await self._connected()
        for left in reversed(range(self._max_retries + 1)):
            try:
                async with asyncio.timeout(self._timeout):
                    return await self._ask_once(client, told, question, shape, form, spent)
            except TimeoutError:
                raise ModelFailed(f"no answer within {self._timeout:g} s") from None
            except ModelFailed:
                raise
            except Exception as error:
                wait = await self._retry_delay(error, form)
                if not left or wait is None:
                    raise ModelFailed(reason(error)) from error
                await self._sleep(wait)
        raise AssertionError("a range of at least one ends in a return or a raise")

    async def _ask_once(
        self,
        client: AsyncOpenAI,
        told: Prompt,
        question: str,
        shape: type[BaseModel],
        form: AnswerFormat,
        spent: TokenUsage,
    ) -> str:
        ask = call_responses if self._api == "responses" else call_chat_completions
        return await ask(client, self.name, told, question, shape, form, spent)

    async def _retry_delay(self, error: Exception, form: AnswerFormat) -> float | None:
        """Seconds after which asking again can help; None if it cannot. Raises _FormRefused if the form is at fault."""
        import openai

        if isinstance(error, openai.BadRequestError | openai.UnprocessableEntityError) and form != "text":
            raise _FormatNotSupported(reason(error)) from error
        if isinstance(error, openai.RateLimitError):
            return None if error.code == "insufficient_quota" else _wait(error.response.headers.get("retry-after"))
        if isinstance(error, openai.InternalServerError | openai.ConflictError):
            return _wait(error.response.headers.get("retry-after"))
        return 1.0 if isinstance(error, openai.APIConnectionError) else None

    async def _connected(self) -> AsyncOpenAI:
        async with self._loading:
            if self._client is None:
                self._client = await asyncio.to_thread(self._open)
            return self._client

    def _open(self) -> AsyncOpenAI:
        """Load the library and make a client, in a thread: the chat must not stand still meanwhile."""
        import httpx2
        import openai

        http = httpx2.AsyncClient(transport=self._transport, follow_redirects=False) if self._transport else None
        client = openai.AsyncOpenAI(
            api_key=self._api_key,
            base_url=self._base_url,
            timeout=self._timeout,
            max_retries=0,  # repeated here, since the client repeats a spent quota too and waits up to 120 s
            http_client=http,
        )
        _ = client.responses, client.chat.completions  # what they need is loaded when they are first named
        return client


class _FormatNotSupported(Exception):
    """The server refused the request, perhaps for the form in which it asks for JSON."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def _wait(asked: str | None) -> float | None:
    """Seconds to wait, if the server's own wish is not beyond all patience."""
    wait = retry_after(asked, utc_now(), default=timedelta(seconds=1), longest=timedelta(days=1))
    return wait.total_seconds() if wait.total_seconds() <= MAX_RETRY_AFTER else None
