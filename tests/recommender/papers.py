"""Made-up papers of two subjects, for the tests of the shortlist."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from bot.recommender.values import StreamPaper

NOW = datetime(2026, 3, 6, 12, tzinfo=UTC)

_WORDS = ["memory", "tool", "reward", "search", "dialogue", "browser", "robot", "code", "proof", "game"]
_SEAS = ["baltic", "arctic", "coastal", "river", "deep", "reef", "tidal", "lake", "estuary", "northern"]


def agents(number: int) -> tuple[str, str]:
    word = _WORDS[number % 10]
    return (
        f"Planning agents with {word}",
        f"Language model agents plan with {word}. Reinforcement learning trains them on tasks of {word} {number}.",
    )


def fish(number: int) -> tuple[str, str]:
    sea = _SEAS[number % 10]
    return (
        f"Salmon migration in {sea} waters",
        f"We count salmon in {sea} waters by sonar. Temperature shifts the migration of fish, survey {number}.",
    )


def paper(
    key: str,
    title: str,
    abstract: str,
    *,
    authors: tuple[str, ...] = (),
    days: float = 0,
    signals: Mapping[str, float] | None = None,
) -> StreamPaper:
    authors = authors or (f"Author of {key}",)
    return StreamPaper(key, title, abstract, authors, ("cs.AI",), NOW - timedelta(days=days), signals or {})


def week(subject: Callable[[int], tuple[str, str]], number: int, *, start: int = 0) -> list[StreamPaper]:
    return [paper(f"{subject.__name__}-{at}", *subject(at), days=at % 5 + start) for at in range(start, start + number)]
