"""The two languages that servers of models speak, and what each says when it does not answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel

from bot.sources.llm.prompt_loader import Prompt
from bot.sources.llm.responses import ModelFailed, schema, schema_name

if TYPE_CHECKING:
    from openai import AsyncOpenAI
    from openai.types.chat.completion_create_params import ResponseFormat
    from openai.types.responses import ResponseFormatTextConfigParam

AnswerFormat = Literal["json_schema", "json_object", "text"]

ANSWER_FORMATS: tuple[AnswerFormat, ...] = ("json_schema", "json_object", "text")
"""Ways to ask for JSON, the strictest first. A server that refuses one is asked by the next from then on."""
MAX_TOKENS = 4_000
"""Tokens that one answer may have, the model's thinking included: the text itself takes 500."""


class TokenUsage:
    """Tokens that one draft has taken so far."""

    def __init__(self) -> None:
        self.read = 0
        self.written = 0


async def call_responses(
    client: AsyncOpenAI,
    model: str,
    told: Prompt,
    question: str,
    shape: type[BaseModel],
    form: AnswerFormat,
    spent: TokenUsage,
) -> str:
    """What the model says, by the Responses API. Raises ModelFailed where it says nothing of use."""
    answer = await client.responses.create(
        model=model,
        instructions=told.text,
        input=question,
        text={"format": _text_format(shape, form)},
        max_output_tokens=MAX_TOKENS,
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


async def call_chat_completions(
    client: AsyncOpenAI,
    model: str,
    told: Prompt,
    question: str,
    shape: type[BaseModel],
    form: AnswerFormat,
    spent: TokenUsage,
) -> str:
    """What the model says, by Chat Completions. Raises ModelFailed where it says nothing of use."""
    answer = await client.chat.completions.create(
        model=model,
        messages=[{"role": "system", "content": told.text}, {"role": "user", "content": question}],
        response_format=_response_format(shape, form),
        max_completion_tokens=MAX_TOKENS,
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


def _text_format(shape: type[BaseModel], form: AnswerFormat) -> ResponseFormatTextConfigParam:
    if form == "json_schema":
        return {"type": "json_schema", "name": schema_name(shape), "schema": schema(shape), "strict": True}
    return {"type": "json_object"} if form == "json_object" else {"type": "text"}


def _response_format(shape: type[BaseModel], form: AnswerFormat) -> ResponseFormat:
    if form == "json_schema":
        asked: dict[str, Any] = schema(shape)
        return {
            "type": "json_schema",
            "json_schema": {"name": schema_name(shape), "schema": asked, "strict": True},
        }
    return {"type": "json_object"} if form == "json_object" else {"type": "text"}


def reason(error: Exception) -> str:
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
