"""Values of a summary and of its source, without a clock, a model or a database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Self

from bot.locale.current import _

GAP = "⟦missing⟧"
"""Mark of a word, unit or formula that the page of a full text has lost. Sentences with it are not relied on."""

MAX_FULL_TEXT = 180_000
"""Characters of a full text that are stored: as much as a model reads (`bot.sources.llm.chunks`)."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A named part of a source: the abstract, or a section of the full text. The text is unchanged, with `GAP`s."""

    name: str
    text: str
    given_by: str = ""
    """Name of the moderator who gave it; empty if the club read it itself."""


@dataclass(frozen=True, slots=True)
class SummarySource:
    """Text of one version of a paper that a writer may use. A summary may state nothing else."""

    key: str
    version: int
    title: str
    passages: tuple[Passage, ...]

    @property
    def text(self) -> str:
        """Title and passages, one paragraph each."""
        return "\n\n".join([self.title, *(passage.text for passage in self.passages)])

    @property
    def label(self) -> str:
        """Name of the source for readers: `abstract v2`, `full text v1`."""
        single = len(self.passages) <= 1
        kind = _("full text") if not single else self.passages[0].name if self.passages else "abstract"
        return f"{kind} v{self.version}" if self.version else kind

    @property
    def digest(self) -> str:
        """Hash of title and passages, so that the same text is paid for once and a changed one is summarized again."""
        parts = [self.title, *(part for passage in self.passages for part in (passage.name, passage.text))]
        return sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()


@dataclass(frozen=True, slots=True)
class SourceQuote:
    """A quote and its position: code points `start` to `end` of the unchanged passage.

    `text` is the readable form of that part; in a quote of several pieces `[…]` marks omissions, and the position is
    from the first piece to the last.
    """

    text: str
    passage: str
    start: int
    end: int
    given_by: str = ""
    """Name of the moderator who gave the passage; empty if the club read it itself."""


@dataclass(frozen=True, slots=True)
class FoundLink:
    """A link in the source: to code, a demo, data, a project page."""

    kind: str
    url: str


SECOND_READING = "second reading"
"""Name of the check that says what a model's second reading of its text has found, or why there was none."""
NOT_READ_AGAIN = "not read a second time: "
"""Beginning of that check's detail where there was no second reading; the reason follows."""

WORDING = "wording"
"""Name of the check that says how many sentences of the paper stand in the place of a model's."""


@dataclass(frozen=True, slots=True)
class Check:
    """One check of a summary and its result, in words."""

    name: str
    passed: bool
    detail: str = ""


@dataclass(frozen=True, slots=True)
class WrittenSummary:
    """Summary of one version of a paper, and its origin."""

    why: str
    insights: tuple[str, ...]
    quotes: tuple[SourceQuote, ...]
    links: tuple[FoundLink, ...]
    theme: str
    confidence: float | None
    """The model's own confidence, from 0 to 1; None if no model wrote it."""
    writer: str
    """`extractive`, or the name of the model."""
    prompt: str
    """Version of the prompt, or of the extractive rules."""
    source: str
    at: datetime
    checks: tuple[Check, ...] = ()
    tokens_in: int = 0
    tokens_out: int = 0
    second_reading_tokens_in: int = 0
    """Those of `tokens_in` that the second reading took; likewise below."""
    second_reading_tokens_out: int = 0
    own_sentences: tuple[str, ...] = ()
    """Sentences of Why and insights that are the paper's own, in the place of a model's that was not in its words."""

    def to_json(self) -> dict[str, Any]:
        """JSON values; the time as ISO 8601."""
        return asdict(self) | {"at": self.at.isoformat()}

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> Self:
        """Summary from the values of `to_json`. Raises KeyError or TypeError for anything else."""
        return cls(
            **{
                **body,
                "insights": tuple(body["insights"]),
                "quotes": tuple(SourceQuote(**quote) for quote in body["quotes"]),
                "links": tuple(FoundLink(**link) for link in body["links"]),
                "checks": tuple(Check(**check) for check in body["checks"]),
                "at": datetime.fromisoformat(body["at"]),
                "own_sentences": tuple(body.get("own_sentences", ())),
            }
        )
