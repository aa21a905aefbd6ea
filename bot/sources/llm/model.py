"""A language model that writes about a paper: OpenAI, or any server that speaks its language.

Nothing of `openai` is loaded before the first question: it takes a second and 40 MB.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any, Literal, TypeVar
from urllib.parse import urlsplit

from pydantic import BaseModel

from bot.domain.summaries import Source
from bot.sources.llm.answers import Draft, ModelFailed, Notes, Summary, read, schema
from bot.sources.llm.parts import framed, parts
from bot.sources.prompts import Prompt, prompt

if TYPE_CHECKING:
    import httpx2
    from openai import AsyncOpenAI
    from openai.types.chat.completion_create_params import ResponseFormat
    from openai.types.responses import ResponseFormatTextConfigParam

log = logging.getLogger(__name__)

Api = Literal["auto", "responses", "chat"]
Form = Literal["json_schema", "json_object", "text"]
Shape = TypeVar("Shape", bound=BaseModel)

FORMS: tuple[Form, ...] = ("json_schema", "json_object", "text")
"""Ways to ask for JSON, the strictest first. A server that refuses one is asked by the next from then on."""
MOST_TOKENS = 4_000
"""Tokens that one answer may have, the model's thinking included: the text itself takes 500."""
LONGEST_WAIT = 10.0
"""Seconds of Retry-After that are waited for. An edition cannot wait longer; the extractive writer takes over."""
MOST_PARTS = 8
"""Parts of a long paper that are read, of 24,000 characters each: more than most papers have."""

_AGAIN = "An earlier answer had this in it, which does not stand in the text. Leave it out this time:"


class Model:
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

    @property
    def prompt(self) -> str:
        """The version of what the model is told."""
        return prompt("summary").version

    async def draft(self, source: Source, complaints: Sequence[str] = ()) -> Draft:
        """Have a draft written about a paper. Raises ModelFailed, and nothing else but CancelledError.

        `complaints` are what was wrong with an earlier draft. Of a long text each part is read first, and the draft is
        made from the notes; quotes are still of the text itself, which is for the caller to check.
        """
        spent = _Spent()
        try:
            pieces = parts(source)[:MOST_PARTS]
            text = pieces[0] if len(pieces) == 1 else await self._notes(source, pieces, spent)
            question = framed(source, text)
            if complaints:
                wrong = "\n".join(f"- {complaint}" for complaint in complaints)
                question += f"\n\n{_AGAIN}\n{wrong}"
            answer = await self._ask(prompt("summary"), question, Summary, spent)
        except ModelFailed as error:
            raise ModelFailed(error.reason, spent.read, spent.written) from error
        return Draft.of(answer, spent.read, spent.written)

    async def aclose(self) -> None:
        """Close the connections. The model may be asked again afterwards; it opens new ones."""
        if self._client is not None:
            await self._client.close()
            self._client = None

    async def _notes(self, source: Source, pieces: Sequence[str], spent: _Spent) -> str:
        """What matters in each part, one after the other, as the text that the draft is made from."""
        found: list[str] = []
        for piece in pieces:
            notes = await self._ask(prompt("notes"), framed(source, piece), Notes, spent)
            found += [*notes.notes, *notes.quotes]
        return "\n".join(found)

    async def _ask(self, told: Prompt, question: str, shape: type[Shape], spent: _Spent) -> Shape:
        """One question, and the answer read; in a plainer form where the server does not know the strict one."""
        while True:
            form = self._form
            try:
                return read(await self._repeated(told, question, shape, FORMS[form], spent), shape)
            except _FormRefused as error:
                if form + 1 == len(FORMS):
                    raise ModelFailed(error.reason) from None
                log.info("the model's server does not take %s; asking by %s", FORMS[form], FORMS[form + 1])
                self._form = max(self._form, form + 1)

    async def _repeated(self, told: Prompt, question: str, shape: type[BaseModel], form: Form, spent: _Spent) -> str:
        """What the model says, asked again where that can help."""
        client = await self._opened()
        for left in reversed(range(self._max_retries + 1)):
            try:
                async with asyncio.timeout(self._timeout):
                    return await self._once(client, told, question, shape, form, spent)
            except TimeoutError:
                raise ModelFailed(f"no answer within {self._timeout:g} s") from None
            except ModelFailed:
                raise
            except Exception as error:
                wait = await self._fault(error, form)
                if not left or wait is None:
                    raise ModelFailed(_reason(error)) from error
                await self._sleep(wait)
        raise AssertionError("a range of at least one ends in a return or a raise")

    async def _once(
        self, client: AsyncOpenAI, told: Prompt, question: str, shape: type[BaseModel], form: Form, spent: _Spent
    ) -> str:
        if self._api == "responses":
            return await _by_responses(client, self.name, told, question, _text_format(shape, form), spent)
        return await _by_chat(client, self.name, told, question, _response_format(shape, form), spent)

    async def _fault(self, error: Exception, form: Form) -> float | None:
        """Seconds after which asking again can help; None if it cannot. Raises _FormRefused if the form is at fault."""
        import openai

        if isinstance(error, openai.BadRequestError | openai.UnprocessableEntityError) and form != "text":
            raise _FormRefused(_reason(error)) from error
        if isinstance(error, openai.RateLimitError):
            return None if error.code == "insufficient_quota" else _wait(error.response.headers.get("retry-after"))
        if isinstance(error, openai.InternalServerError | openai.ConflictError):
            return _wait(error.response.headers.get("retry-after"))
        return 1.0 if isinstance(error, openai.APIConnectionError) else None

    async def _opened(self) -> AsyncOpenAI:
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


class _Spent:
    """Tokens that one draft has taken so far."""

    def __init__(self) -> None:
        self.read = 0
        self.written = 0


class _FormRefused(Exception):
    """The server refused the request, perhaps for the form in which it asks for JSON."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


async def _by_responses(
    client: AsyncOpenAI, model: str, told: Prompt, question: str, form: ResponseFormatTextConfigParam, spent: _Spent
) -> str:
    answer = await client.responses.create(
        model=model,
        instructions=told.text,
        input=question,
        text={"format": form},
        max_output_tokens=MOST_TOKENS,
        store=False,
    )
    if getattr(answer, "output", None) is None:  # a page of HTML, or JSON of something else
        raise ModelFailed("the answer is not from a model (is the base URL right?)")
    if answer.usage:
        spent.read += answer.usage.input_tokens
        spent.written += answer.usage.output_tokens
    for item in answer.output:
        if item.type == "message" and any(part.type == "refusal" for part in item.content):
            raise ModelFailed("the model refused to write about it")
    if answer.status == "incomplete":
        why = answer.incomplete_details.reason if answer.incomplete_details else ""
        raise ModelFailed("the model's filter stopped it" if why == "content_filter" else "the answer was cut off")
    if answer.error is not None:
        raise ModelFailed("the server says that writing failed")
    return answer.output_text


async def _by_chat(
    client: AsyncOpenAI, model: str, told: Prompt, question: str, form: ResponseFormat, spent: _Spent
) -> str:
    answer = await client.chat.completions.create(
        model=model,
        messages=[{"role": "system", "content": told.text}, {"role": "user", "content": question}],
        response_format=form,
        max_completion_tokens=MOST_TOKENS,
    )
    if getattr(answer, "choices", None) is None:  # a page of HTML, or JSON of something else
        raise ModelFailed("the answer is not from a model (is the base URL right?)")
    if answer.usage:
        spent.read += answer.usage.prompt_tokens
        spent.written += answer.usage.completion_tokens
    if not answer.choices:
        raise ModelFailed("the answer is empty")
    choice = answer.choices[0]
    if choice.message.refusal:
        raise ModelFailed("the model refused to write about it")
    if choice.finish_reason == "length":
        raise ModelFailed("the answer was cut off")
    if choice.finish_reason == "content_filter":
        raise ModelFailed("the model's filter stopped it")
    return choice.message.content or ""


def _text_format(shape: type[BaseModel], form: Form) -> ResponseFormatTextConfigParam:
    if form == "json_schema":
        return {"type": "json_schema", "name": shape.__name__.lower(), "schema": schema(shape), "strict": True}
    return {"type": "json_object"} if form == "json_object" else {"type": "text"}


def _response_format(shape: type[BaseModel], form: Form) -> ResponseFormat:
    if form == "json_schema":
        asked: dict[str, Any] = schema(shape)
        return {
            "type": "json_schema",
            "json_schema": {"name": shape.__name__.lower(), "schema": asked, "strict": True},
        }
    return {"type": "json_object"} if form == "json_object" else {"type": "text"}


def _wait(retry_after: str | None) -> float | None:
    """Seconds to wait, if the server's own wish is not beyond all patience."""
    try:
        seconds = float(retry_after or 1)
    except ValueError:  # an HTTP date: seldom sent, and never worth an edition's time
        seconds = 1.0
    return seconds if 0 <= seconds <= LONGEST_WAIT else None


def _reason(error: Exception) -> str:
    """What went wrong, in a few words of our own: the server's may hold keys, addresses or orders."""
    import openai

    match error:
        case openai.RateLimitError(code="insufficient_quota"):
            return "the quota of the key is spent"
        case openai.RateLimitError():
            return "too many requests (429)"
        case openai.AuthenticationError() | openai.PermissionDeniedError():
            return f"the key was refused ({error.status_code})"
        case openai.NotFoundError():
            return "the server does not know this model or API (404)"
        case openai.APIStatusError():
            return f"the server answered {error.status_code}"
        case openai.APITimeoutError():
            return "no answer in time"
        case openai.APIConnectionError():
            return "the server could not be reached"
    return f"the answer could not be read ({type(error).__name__})"
