"""The two APIs of model servers, Responses and Chat Completions, and their error messages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from bot.sources.llm.prompt_loader import Prompt
from bot.sources.llm.request_shape import AnswerFormat, RequestShape
from bot.sources.llm.responses import ModelFailed, schema, schema_name

if TYPE_CHECKING:
    from openai import AsyncOpenAI
    from openai.types.chat.completion_create_params import ResponseFormat
    from openai.types.responses import ResponseFormatTextConfigParam


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
    shape: RequestShape,
    max_tokens: int,
    usage: TokenUsage,
) -> str:
    """The model's answer by the Responses API. Raises ModelFailed if it is not usable."""
    answer = await client.responses.create(
        model=model,
        instructions=prompt.text,
        input=question,
        text={"format": _text_format(answer_type, shape.answer_format)},
        store=False,
        extra_body=_parameters(shape, max_tokens, {"reasoning": {"effort": shape.effort}}),
    )
    if getattr(answer, "output", None) is None:  # a page of HTML, or JSON of something else
        raise ModelFailed("the answer is not from a model (is the base URL right?)")
    if answer.usage:
        usage.read += answer.usage.input_tokens or 0
        usage.written += answer.usage.output_tokens or 0
    parts = [part for item in answer.output if item.type == "message" for part in item.content or ()]
    if any(part.type == "refusal" for part in parts):
        raise ModelFailed("the model refused to write about it")
    if answer.status == "incomplete":
        why = answer.incomplete_details.reason if answer.incomplete_details else ""
        raise ModelFailed("the model's filter stopped it" if why == "content_filter" else "the answer was cut off")
    if answer.error is not None:
        raise ModelFailed("the server says that writing failed")
    return _joined_text(parts)


async def call_chat_completions(
    client: AsyncOpenAI,
    model: str,
    prompt: Prompt,
    question: str,
    answer_type: type[BaseModel],
    shape: RequestShape,
    max_tokens: int,
    usage: TokenUsage,
) -> str:
    """The model's answer by Chat Completions. Raises ModelFailed if it is not usable."""
    answer = await client.chat.completions.create(
        model=model,
        messages=[{"role": "system", "content": prompt.text}, {"role": "user", "content": question}],
        response_format=_response_format(answer_type, shape.answer_format),
        extra_body=_parameters(shape, max_tokens, {"reasoning_effort": shape.effort}),
    )
    if getattr(answer, "choices", None) is None:  # a page of HTML, or JSON of something else
        raise ModelFailed("the answer is not from a model (is the base URL right?)")
    if answer.usage:
        usage.read += answer.usage.prompt_tokens or 0
        usage.written += answer.usage.completion_tokens or 0
    if not answer.choices:
        raise ModelFailed("the answer is empty")
    choice = answer.choices[0]
    if choice.message is None:
        raise ModelFailed("the answer is empty")
    if getattr(choice.message, "refusal", None):
        raise ModelFailed("the model refused to write about it")
    if choice.finish_reason == "length":
        raise ModelFailed("the answer was cut off")
    if choice.finish_reason == "content_filter":
        raise ModelFailed("the model's filter stopped it")
    return _joined_text(choice.message.content)


def _parameters(shape: RequestShape, max_tokens: int, effort: dict[str, Any]) -> dict[str, Any]:
    """Parameters whose names or existence differ between servers, as they are sent."""
    limit: dict[str, Any] = {shape.token_limit: max_tokens}
    limit.pop("none", None)
    return limit | (effort if shape.effort else {})


def _joined_text(content: object) -> str:
    """Text of an answer: a plain text, or parts of which those with a text count and thoughts do not."""
    if isinstance(content, str):
        return content
    found = []
    for part in content if isinstance(content, Sequence) else ():
        fields = part if isinstance(part, dict) else getattr(part, "__dict__", {})
        if fields.get("type") in ("text", "output_text") and isinstance(fields.get("text"), str):
            found.append(fields["text"])
    return "".join(found)


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
