"""Query for papers: words, and the limits that narrow them down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from bot.chat.calls import Call
from bot.locale.current import _, formatted


@dataclass(frozen=True, slots=True)
class PaperQuery:
    """A search as a member asked for it. `before` is the end of the last day, `page` counts from 1."""

    words: str
    scope: Literal["club", "new", "arxiv"] = "club"
    topic: str = ""
    category: str = ""
    author: str = ""
    since: datetime | None = None
    before: datetime | None = None
    page: int = 1

    @property
    def until(self) -> datetime | None:
        """A time on the last day."""
        return self.before - timedelta(days=1) if self.before else None

    @property
    def is_narrowed(self) -> bool:
        """True if it has a limit beside its words."""
        return bool(self.topic or self.category or self.author or self.since or self.before)

    @property
    def limits(self) -> str:
        """The limits, as the end of a sentence: " on NLP by Ada since 31 Jan 2026"; empty without any."""
        known = (
            (_(" on {topic}", topic=self.topic), self.topic),
            (_(" in {category}", category=self.category), self.category),
            (_(" by {author}", author=self.author), self.author),
            (_(" since {day}", day=_shown(self.since)), self.since),
            (_(" until {day}", day=_shown(self.until)), self.until),
        )
        return "".join(words for words, limit in known if limit)

    @property
    def call(self) -> Call:
        """The command that asks for this again, without its page."""
        limits = {
            "query": self.words or None,
            "scope": self.scope if self.scope != "club" else None,
            "since": _day(self.since) or None,
            "until": _day(self.until) or None,
            "topic": self.topic or None,
            "category": self.category or None,
            "author": self.author or None,
        }
        return Call.of("paper find", **limits)


def _shown(moment: datetime | None) -> str:
    return formatted(moment, "%-d %b %Y") if moment else ""


def _day(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d}" if moment else ""
