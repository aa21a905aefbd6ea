"""What a model's answer must look like, and how it is found in what the model said."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from bot.domain.summary_values import FoundLink

MAX_ANSWER_LENGTH = 20_000
"""Characters of an answer. What is asked for has at most a third of that."""

_THOUGHT = re.compile(r"<(think|thinking|reasoning)>.*?</\1>", re.DOTALL | re.IGNORECASE)
_THOUGHT_CLOSED = re.compile(r"\A.*</(?:think|thinking|reasoning)>", re.DOTALL | re.IGNORECASE)
_UNSUPPORTED = frozenset(
    ("minLength", "maxLength", "minItems", "maxItems", "minimum", "maximum", "default", "title", "pattern")
)

Answer = TypeVar("Shape", bound=BaseModel)
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=15, max_length=600)]


class ModelFailed(Exception):
    """The model gave nothing that could be used; `reason` says why in a few words, without secrets or addresses.

    Tokens are counted also where they were spent in vain.
    """

    def __init__(self, reason: str, tokens_in: int = 0, tokens_out: int = 0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.tokens_in = tokens_in
        self.tokens_out = tokens_out


class UnusableResponse(ModelFailed):
    """The model answered, but not as it was asked to; asked something else it may."""


class ModelLink(BaseModel):
    """A link that the model says it found."""

    model_config = ConfigDict(frozen=True)

    kind: Annotated[str, Field(max_length=40)]
    url: Annotated[str, Field(max_length=300)]


class ModelSummary(BaseModel):
    """What is asked for of a whole paper. Lengths are strict: who says ten times as much has not understood."""

    model_config = ConfigDict(frozen=True, title="Summary")

    why: Annotated[str, StringConstraints(strip_whitespace=True, min_length=15, max_length=700)]
    insights: Annotated[tuple[Line, ...], Field(min_length=2, max_length=5)]
    quotes: Annotated[tuple[Annotated[str, Field(max_length=700)], ...], Field(max_length=6)] = ()
    links: Annotated[tuple[ModelLink, ...], Field(max_length=10)] = ()
    theme: Annotated[str, Field(max_length=60)] = ""
    confidence: Annotated[float, Field(ge=0, le=1)] | None = None


class SectionNotes(BaseModel):
    """What is asked for of one part of a long paper."""

    model_config = ConfigDict(frozen=True, title="Notes")

    notes: Annotated[tuple[Line, ...], Field(min_length=1, max_length=10)]
    quotes: Annotated[tuple[Annotated[str, Field(max_length=700)], ...], Field(max_length=4)] = ()


@dataclass(frozen=True, slots=True)
class ModelDraft:
    """What a model wrote about a paper, in the right shape but not yet held against the paper."""

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
        """The draft that an answer is, with what it took to write it."""
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


def read(said: str, shape: type[Answer]) -> Answer:
    """The JSON object of this shape in what the model said. Raises Unusable.

    Models think aloud, put fences around JSON and add a friendly word: all that is passed over.
    """
    if not said.strip():
        raise UnusableResponse("the answer is empty")
    if len(said) > MAX_ANSWER_LENGTH:
        raise UnusableResponse(f"the answer is far too long ({len(said):,} characters)")
    try:
        return shape.model_validate(_first_json_object(said))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the answer"
        raise UnusableResponse(f"the answer is not as asked for: {where}: {first['msg']}") from None


def schema(shape: type[BaseModel]) -> dict[str, Any]:
    """The JSON schema of a shape, in the part of the language that strict structured output knows.

    Every property is required, none may be added, and limits of length are left out; they are checked when the answer
    is read (https://platform.openai.com/docs/guides/structured-outputs#supported-schemas).
    """
    strict: dict[str, Any] = _strict(shape.model_json_schema())
    return strict


def schema_name(shape: type[BaseModel]) -> str:
    """The name under which a server is told of a shape: its title in small letters, whatever the class is called."""
    return str(shape.model_config.get("title", shape.__name__)).lower()


def _first_json_object(said: str) -> Any:
    """The first JSON object in the text that is whole."""
    text = _THOUGHT_CLOSED.sub("", _THOUGHT.sub("", said))
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
        return [_strict(one) for one in part]
    if not isinstance(part, dict):
        return part
    kept = {key: _strict(value) for key, value in part.items() if key not in _UNSUPPORTED}
    if "properties" in part:
        kept["properties"] = {name: _strict(value) for name, value in part["properties"].items()}
        kept["required"] = list(part["properties"])
        kept["additionalProperties"] = False
    return kept
