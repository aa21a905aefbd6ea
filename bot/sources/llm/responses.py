"""Schemas of a model's answers, and their extraction from its output."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from bot.domain.summary_values import FoundLink

MAX_ANSWER_LENGTH = 20_000
"""Maximum length of an answer in characters, three times what a valid one needs."""

_THOUGHT_CLOSED = re.compile(r"</(?:think|thinking|reasoning)>", re.IGNORECASE)
_UNSUPPORTED = frozenset(
    ("minLength", "maxLength", "minItems", "maxItems", "minimum", "maximum", "default", "title", "pattern")
)

Answer = TypeVar("Answer", bound=BaseModel)
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=15, max_length=600)]


class ModelFailed(Exception):
    """The model gave no usable answer; `reason` is a short explanation without secrets or addresses.

    Tokens of failed requests are counted, too.
    """

    def __init__(self, reason: str, tokens_in: int = 0, tokens_out: int = 0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.tokens_in = tokens_in
        self.tokens_out = tokens_out


class UnusableResponse(ModelFailed):
    """The model's answer does not have the required form; another question may succeed."""


class ResponseTooLarge(Exception):
    """The server says more than it may; raised while it still speaks."""


class ModelLink(BaseModel):
    """A link reported by the model."""

    model_config = ConfigDict(frozen=True)

    kind: Annotated[str, Field(max_length=40)]
    url: Annotated[str, Field(max_length=300)]


class ModelSummary(BaseModel):
    """Schema of a summary of a whole paper. Lengths are strict: a far longer answer did not follow the prompt."""

    model_config = ConfigDict(frozen=True, title="Summary")

    why: Annotated[str, StringConstraints(strip_whitespace=True, min_length=15, max_length=700)]
    insights: Annotated[tuple[Line, ...], Field(min_length=2, max_length=5)]
    quotes: Annotated[tuple[Annotated[str, Field(max_length=700)], ...], Field(max_length=6)] = ()
    links: Annotated[tuple[ModelLink, ...], Field(max_length=10)] = ()
    theme: Annotated[str, Field(max_length=60)] = ""
    confidence: Annotated[float, Field(ge=0, le=1)] | None = None


class SectionNotes(BaseModel):
    """Schema of the notes on one part of a long paper."""

    model_config = ConfigDict(frozen=True, title="Notes")

    notes: Annotated[tuple[Line, ...], Field(min_length=1, max_length=10)]
    quotes: Annotated[tuple[Annotated[str, Field(max_length=700)], ...], Field(max_length=4)] = ()


Quote = Annotated[str, Field(max_length=700)]


class ModelSentence(BaseModel):
    """One sentence of an answer, with quotes that support it."""

    model_config = ConfigDict(frozen=True)

    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=500)]
    quotes: Annotated[tuple[Quote, ...], Field(max_length=3)] = ()


class ModelAnswer(BaseModel):
    """Schema of the answer to a question about a paper."""

    model_config = ConfigDict(frozen=True, title="Answer")

    found: bool
    sentences: Annotated[tuple[ModelSentence, ...], Field(max_length=6)] = ()


class ModelStarter(BaseModel):
    """One question for a discussion, with the quote that it is drawn from."""

    model_config = ConfigDict(frozen=True)

    question: Annotated[str, StringConstraints(strip_whitespace=True, min_length=10, max_length=300)]
    quote: Quote


class ModelStarters(BaseModel):
    """Schema of questions for a discussion."""

    model_config = ConfigDict(frozen=True, title="Starters")

    questions: Annotated[tuple[ModelStarter, ...], Field(max_length=6)]


class ModelDoubt(BaseModel):
    """A sentence that the text does not support, by its number from 1, and the words of it that are wrong."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sentence: Annotated[int, Field(strict=True)]
    words: Annotated[str, Field(max_length=600)]


class ModelReading(BaseModel):
    """Schema of a second reading of a summary. It is strict: an answer of another form is no reading."""

    model_config = ConfigDict(frozen=True, extra="forbid", title="Reading")

    unsupported: Annotated[tuple[ModelDoubt, ...], Field(max_length=60)]


@dataclass(frozen=True, slots=True)
class ModelDraft:
    """A model's text about a paper, valid in form but not yet checked against the paper."""

    why: str
    insights: tuple[str, ...]
    quotes: tuple[str, ...] = ()
    links: tuple[FoundLink, ...] = ()
    theme: str = ""
    confidence: float | None = None
    tokens_in: int = 0
    tokens_out: int = 0

    @classmethod
    def of(cls, answer: ModelSummary, tokens_in: int, tokens_out: int) -> ModelDraft:
        """The draft in a valid answer, with the number of tokens used."""
        links = tuple(FoundLink(link.kind, link.url) for link in answer.links)
        return cls(
            answer.why,
            answer.insights,
            answer.quotes,
            links,
            answer.theme,
            answer.confidence,
            tokens_in,
            tokens_out,
        )


def read(output: str, answer_type: type[Answer]) -> Answer:
    """Extract the JSON object of this schema from the model's output. Raises UnusableResponse.

    Reasoning, code fences and surrounding text are skipped.
    """
    if not output.strip():
        raise UnusableResponse("the answer is empty")
    if len(output) > MAX_ANSWER_LENGTH:
        raise UnusableResponse(f"the answer is far too long ({len(output):,} characters)")
    try:
        return answer_type.model_validate(_first_json_object(output))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the answer"
        raise UnusableResponse(f"the answer is not as asked for: {where}: {first['msg']}") from None


def schema(answer_type: type[BaseModel]) -> dict[str, Any]:
    """JSON schema of a model class, limited to what strict structured output supports.

    All properties are required, additional ones are forbidden, and length limits are omitted; they are checked when the
    answer is parsed (https://platform.openai.com/docs/guides/structured-outputs#supported-schemas).
    """
    strict: dict[str, Any] = _strict(answer_type.model_json_schema())
    return strict


def schema_name(answer_type: type[BaseModel]) -> str:
    """Name of the schema for the server: its title in lower case, independent of the class name."""
    return str(answer_type.model_config.get("title", answer_type.__name__)).lower()


def _first_json_object(output: str) -> Any:
    """The first complete JSON object in the text."""
    text = _THOUGHT_CLOSED.split(output)[-1]
    decoder = json.JSONDecoder()
    start = text.find("{")
    if start < 0:
        raise UnusableResponse("the answer is HTML" if text.lstrip().startswith("<") else "the answer is no JSON")
    try:
        return decoder.raw_decode(text, start)[0]
    except (json.JSONDecodeError, RecursionError):
        whole = text.rstrip().removesuffix("```").rstrip().endswith("}")
        raise UnusableResponse("the answer is broken JSON" if whole else "the answer was cut off") from None


def _strict(part: Any) -> Any:
    if isinstance(part, list):
        return [_strict(entry) for entry in part]
    if not isinstance(part, dict):
        return part
    supported = {key: _strict(value) for key, value in part.items() if key not in _UNSUPPORTED}
    if "properties" in part:
        supported["properties"] = {name: _strict(value) for name, value in part["properties"].items()}
        supported["required"] = list(part["properties"])
        supported["additionalProperties"] = False
    return supported
