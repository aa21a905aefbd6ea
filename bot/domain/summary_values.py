"""What is written about a paper, and what it was written from: values, without a clock, a model or a database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of a source under its own name: the abstract, a section of the full text. The text is kept as it came."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class SummarySource:
    """All that a writer may know about one version of a paper. Whatever it says must be found in here."""

    key: str
    version: int
    title: str
    passages: tuple[Passage, ...]

    @property
    def text(self) -> str:
        """The title and every passage, one paragraph each."""
        return "\n\n".join([self.title, *(passage.text for passage in self.passages)])

    @property
    def label(self) -> str:
        """What it is, for the reader: `abstract v2`, `full text v1`."""
        alone = len(self.passages) <= 1
        what = "full text" if not alone else self.passages[0].name if self.passages else "abstract"
        return f"{what} v{self.version}" if self.version else what

    @property
    def digest(self) -> str:
        """A hash of title and passages: the same text is never paid for twice, a changed one is read anew."""
        parts = [self.title, *(part for passage in self.passages for part in (passage.name, passage.text))]
        return sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()


@dataclass(frozen=True, slots=True)
class SourceQuote:
    """Words of the source, and where they stand: code points `start` to `end` of the passage's text as it came.

    `text` is that stretch made readable; a quote of several pieces has `[…]` where words were left out, and its place
    is from the first piece to the last.
    """

    text: str
    passage: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class FoundLink:
    """A link that stands in the source: to code, a demo, data, a project page."""

    kind: str
    url: str


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at before a reader sees the text, and what came of it, in words."""

    name: str
    passed: bool
    detail: str = ""


@dataclass(frozen=True, slots=True)
class WrittenSummary:
    """What was written about one version of a paper, with where it comes from."""

    why: str
    insights: tuple[str, ...]
    quotes: tuple[SourceQuote, ...]
    links: tuple[FoundLink, ...]
    theme: str
    confidence: float | None
    """How sure the model says it is, from 0 to 1; nothing where no model wrote."""
    writer: str
    """`extractive`, or the name of the model."""
    prompt: str
    """The version of the prompt, or of the extractive rules: with the writer's name it tells one way of writing."""
    source: str
    at: datetime
    checks: tuple[Check, ...] = ()
    tokens_in: int = 0
    tokens_out: int = 0

    def to_json(self) -> dict[str, Any]:
        """As plain JSON values; the time as ISO 8601."""
        return asdict(self) | {"at": self.at.isoformat()}

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> Self:
        """Read back what `to_json` gave, also through JSON. Raises KeyError or TypeError on anything else."""
        return cls(
            **{
                **body,
                "insights": tuple(body["insights"]),
                "quotes": tuple(SourceQuote(**quote) for quote in body["quotes"]),
                "links": tuple(FoundLink(**link) for link in body["links"]),
                "checks": tuple(Check(**check) for check in body["checks"]),
                "at": datetime.fromisoformat(body["at"]),
            }
        )
