"""Answers to questions about a paper, without a clock, a model or a database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Self

from bot.domain.summary_values import SourceQuote


class SearchedText(StrEnum):
    """Part of a paper that was searched for an answer."""

    ABSTRACT = "abstract"
    BEGINNING = "beginning"
    """The full text up to the length that is stored."""
    WHOLE = "whole"


@dataclass(frozen=True, slots=True)
class AnswerSentence:
    """One sentence of a model's answer, with the quotes that support it. There is at least one."""

    text: str
    quotes: tuple[SourceQuote, ...]


@dataclass(frozen=True, slots=True)
class PaperAnswer:
    """Answer to a question. Everything in it is quoted from the paper, or supported by quotes."""

    found: bool
    """False if no answer was found; `passages` are then the closest ones, if any."""
    sentences: tuple[AnswerSentence, ...] = ()
    """A model's sentences; empty without a model."""
    passages: tuple[SourceQuote, ...] = ()
    """Best passages, word for word, when there are no sentences."""
    writer: str = ""
    """Name of the model that wrote the sentences; empty without one."""
    source: str = ""
    """Name of the searched text: `abstract v2`, `full text v1`."""
    searched: SearchedText = SearchedText.ABSTRACT
    """Part of the paper that was searched. Only of the whole it can be said that the paper does not say it."""
    other_language: bool = False
    """True if the question seems to be in another language than the paper, so that its words cannot be found."""
    tokens_in: int = 0
    tokens_out: int = 0

    def to_json(self) -> dict[str, Any]:
        """JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """Answer from the values of `to_json`. Raises KeyError or TypeError for anything else."""
        sentences = tuple(
            AnswerSentence(one["text"], tuple(SourceQuote(**quote) for quote in one["quotes"]))
            for one in stored["sentences"]
        )
        passages = tuple(SourceQuote(**quote) for quote in stored["passages"])
        searched = SearchedText(stored.get("searched", SearchedText.ABSTRACT))
        return cls(**{**stored, "sentences": sentences, "passages": passages, "searched": searched})


@dataclass(frozen=True, slots=True)
class DiscussionStarter:
    """A question for a discussion, with the passage that it is drawn from."""

    question: str
    quote: SourceQuote


@dataclass(frozen=True, slots=True)
class Starters:
    """Discussion starters of a paper, and what they cost."""

    questions: tuple[DiscussionStarter, ...]
    writer: str = ""
    """Name of the model that wrote them; empty without one."""
    tokens_in: int = 0
    tokens_out: int = 0
