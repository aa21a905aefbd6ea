"""Summary values: labels of sources, and the round trip through JSON."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from bot.domain.summary_values import Check, FoundLink, Passage, SourceQuote, SummarySource, WrittenSummary

WRITTEN = WrittenSummary(
    why="Because.",
    insights=("One.", "Two."),
    quotes=(SourceQuote("Words", "abstract", 3, 8),),
    links=(FoundLink("code", "https://github.com/a/b"),),
    theme="Reading",
    confidence=0.5,
    writer="extractive",
    prompt="1",
    source="abstract v1",
    at=datetime(2026, 11, 23, tzinfo=UTC),
    checks=(Check("quotes", True, "1 quote"),),
    tokens_in=3,
    tokens_out=4,
)


def test_written_survives_json() -> None:
    assert WrittenSummary.from_json(json.loads(json.dumps(WRITTEN.to_json()))) == WRITTEN


@pytest.mark.parametrize("body", [{}, {"why": ""}, WRITTEN.to_json() | {"more": 1}])
def test_anything_else_is_refused(body: dict[str, object]) -> None:
    with pytest.raises((KeyError, TypeError)):
        WrittenSummary.from_json(body)


def test_a_source_says_what_it_is() -> None:
    abstract = SummarySource("k", 2, "T", (Passage("abstract", "x"),))
    full = SummarySource("k", 1, "T", (Passage("abstract", "x"), Passage("1 Introduction", "y")))
    assert (abstract.label, full.label, SummarySource("k", 0, "T", ()).label) == (
        "abstract v2",
        "full text v1",
        "abstract",
    )
    assert full.text == "T\n\nx\n\ny"


def test_the_digest_changes_with_every_part() -> None:
    sources = [
        SummarySource("k", 1, "T", (Passage("a", "bc"),)),
        SummarySource("k", 1, "T", (Passage("ab", "c"),)),
        SummarySource("k", 1, "U", (Passage("a", "bc"),)),
        SummarySource("k", 1, "T", (Passage("a", "bd"),)),
    ]
    assert len({source.digest for source in sources}) == 4
    assert sources[0].digest == SummarySource("other", 9, "T", (Passage("a", "bc"),)).digest, (
        "the same text, the same digest"
    )
