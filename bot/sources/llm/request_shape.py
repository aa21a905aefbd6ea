"""Shape of the requests that a model's server accepts: answer format, name of the token limit, reasoning effort.

Servers with OpenAI's API differ in these. What a server refuses is left out of the next attempt, and the shape is kept
once an attempt has been answered, so that one refused request never changes the later ones by itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

AnswerFormat = Literal["json_schema", "json_object", "text"]
TokenLimit = Literal["max_output_tokens", "max_completion_tokens", "max_tokens", "none"]

ANSWER_FORMATS: tuple[AnswerFormat, ...] = ("json_schema", "json_object", "text")
"""Answer formats in order of strictness."""
TOKEN_LIMITS: dict[str, tuple[TokenLimit, ...]] = {
    "responses": ("max_output_tokens", "none"),
    "chat": ("max_completion_tokens", "max_tokens", "none"),
}
"""Names of the token limit in each API, in the order in which they are tried."""

_FORMAT_WORDS = ("response_format", "json_schema", "json_object", "text.format", "structured output", "json mode")
_LIMIT_WORDS = ("max_completion_tokens", "max_tokens", "max_output_tokens")
_EFFORT_WORDS = ("reasoning",)
_OVERFLOW_WORDS = (
    "context_length", "context length", "context window", "maximum context", "too many tokens", "prompt is too long",
    "input is too long", "exceeds the maximum number of tokens", "exceed_context_size",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class RequestShape:
    """One combination of parameters; `effort` is "" if the reasoning effort is not sent."""

    answer_format: AnswerFormat
    token_limit: TokenLimit
    effort: str = ""


def is_overflow(message: str) -> bool:
    """True if a server's refusal says that the text is too long for the model."""
    return any(words in message.lower() for words in _OVERFLOW_WORDS)


def next_shape(shape: RequestShape, message: str, api: str, tried: frozenset[RequestShape]) -> RequestShape | None:
    """The shape for the next attempt after a refusal: without what the message names, else a step simpler.

    None if nothing is left to try.
    """
    return next((other for other in _simpler(shape, message.lower(), api) if other not in tried), None)


def _simpler(shape: RequestShape, message: str, api: str) -> Iterator[RequestShape]:
    by_limit, by_format = list(_other_limits(shape, api)), list(_other_formats(shape))
    by_effort = [replace(shape, effort="")] if shape.effort else []
    if any(words in message for words in _LIMIT_WORDS):
        yield from by_limit
    if any(words in message for words in _EFFORT_WORDS):
        yield from by_effort
    if any(words in message for words in _FORMAT_WORDS):
        yield from by_format
    yield from (*by_format, *by_effort, *by_limit)


def _other_limits(shape: RequestShape, api: str) -> Iterator[RequestShape]:
    names = TOKEN_LIMITS[api]
    return (replace(shape, token_limit=name) for name in names[names.index(shape.token_limit) + 1 :])


def _other_formats(shape: RequestShape) -> Iterator[RequestShape]:
    later = ANSWER_FORMATS[ANSWER_FORMATS.index(shape.answer_format) + 1 :]
    return (replace(shape, answer_format=name) for name in later)
