"""The two APIs of model servers, Responses and Chat Completions, and their error messages."""

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
"""Response formats in order of strictness. If a server rejects one, the next is used from then on."""
MAX_TOKENS = 4_000
"""Maximum number of tokens of an answer, including reasoning: the text itself takes 500."""


class TokenUsage:
    """Tokens that one draft has taken so far."""

    def __init__(self) -> None:
        self.read = 0
        self.written = 0


async def call_responses(
    client: AsyncOpenAI,
    model: str,
    prompt: Prompt,
    question: str,
    answer_type: type[BaseModel],
    answer_format: AnswerFormat,
    usage: TokenUsage,
) -> str:
    """The model's answer by the Responses API. Raises ModelFailed if it is not usable."""
    answer = await client.responses.create(
        model=model,
        instructions=prompt.text,
        input=question,
        text={"format": _text_format(answer_type, answer_format)},
        max_output_tokens=MAX_TOKENS,
        store=False,
    )
    if getattr(answer, "output", None) is None:  # a page of HTML, or JSON of something else
        raise ModelFailed("the answer is not from a model (is the base URL right?)")
    if answer.usage:
        usage.read += answer.usage.input_tokens
        usage.written += answer.usage.output_tokens
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
    prompt: Prompt,
    question: str,
    answer_type: type[BaseModel],
    answer_format: AnswerFormat,
    usage: TokenUsage,
) -> str:
    """The model's answer by Chat Completions. Raises ModelFailed if it is not usable."""
    answer = await client.chat.completions.create(
        model=model,
        messages=[{"role": "system", "content": prompt.text}, {"role": "user", "content": question}],
        response_format=_response_format(answer_type, answer_format),
        max_completion_tokens=MAX_TOKENS,
    )
    if getattr(answer, "choices", None) is None:  # a page of HTML, or JSON of something else
        raise ModelFailed("the answer is not from a model (is the base URL right?)")
    if answer.usage:
        usage.read += answer.usage.prompt_tokens
        usage.written += answer.usage.completion_tokens
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


def _text_format(answer_type: type[BaseModel], answer_format: AnswerFormat) -> ResponseFormatTextConfigParam:
    if answer_format == "json_schema":
        return {"type": "json_schema", "name": schema_name(answer_type), "schema": schema(answer_type), "strict": True}
    return {"type": "json_object"} if answer_format == "json_object" else {"type": "text"}


def _response_format(answer_type: type[BaseModel], answer_format: AnswerFormat) -> ResponseFormat:
    if answer_format == "json_schema":
        answer_schema: dict[str, Any] = schema(answer_type)
        return {
            "type": "json_schema",
            "json_schema": {"name": schema_name(answer_type), "schema": answer_schema, "strict": True},
        }
    return {"type": "json_object"} if answer_format == "json_object" else {"type": "text"}


def reason(error: Exception) -> str:
    """A short description of the error. The server's message is not used: it may contain keys, addresses or
    instructions."""
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
