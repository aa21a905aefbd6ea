"""Members' words in queries are escaped, whatever they type."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sources.arxiv import BadQuery, api_ids, query
from bot.sources.recorded_arxiv import search

SAFE = re.compile(r"""all:"[^\W_]+(?:[-'.][^\W_]+)*"(?: AND all:"[^\W_]+(?:[-'.][^\W_]+)*")*""")
HOSTILE = [
    'ti:"x" OR cat:cs.AI',
    "au:vaswani ANDNOT all:transformer",
    'x") OR (all:"y',
    r"back\slash \" quote",
    "submittedDate:[199001010000 TO 203001010000]",
    "a AND OR ANDNOT (((",
    "x&id_list=1706.03762&max_results=2000",
    "x%22%20OR%20y",
    "‘typographic’ “quotes”",
    "*?~^wild[cards]",
    "new\nline\x00nul",
    "ＡＮＤ fullwidth",
]


def _words_or_none(text: str) -> str | None:
    try:
        return query.for_words(text)
    except BadQuery:
        return None


@pytest.mark.parametrize("text", HOSTILE)
def test_no_operator_field_or_quote_gets_through(text: str) -> None:
    assert SAFE.fullmatch(query.for_words(text))


@settings(max_examples=300)
@given(st.text() | st.lists(st.sampled_from(HOSTILE + list('":()[]\\ ')) | st.text(max_size=5)).map("".join))
def test_any_text_is_words_or_a_sentence(text: str) -> None:
    asked = _words_or_none(text)
    if asked is None:
        assert not re.search(r"[^\W_]", text[: query.MAX_LENGTH])
    else:
        assert SAFE.fullmatch(asked)
        assert asked.count(" AND ") < query.MAX_WORDS
        assert len(asked) < 2 * query.MAX_LENGTH + 12 * query.MAX_WORDS


@settings(max_examples=200)
@given(st.text())
def test_what_is_asked_means_words_only_to_a_reader_of_the_language(text: str) -> None:
    """The recorded arXiv parses the query as a conjunction of our words and nothing else."""
    asked = _words_or_none(text)
    if asked is not None:
        words = re.findall(r'all:"([^"]*)"', asked)
        expected = [part for word in words for part in re.findall(r"[^\W_]+", word.casefold())]
        assert list(search.read(asked).words) == expected


def test_words_of_grammar_are_left_out_unless_there_are_no_others() -> None:
    assert query.for_words("Attention is all you need") == (
        'all:"Attention" AND all:"all" AND all:"you" AND all:"need"'
    )
    assert query.for_words("to be or not to be") == 'all:"to" AND all:"be" AND all:"or" AND all:"not"'
    assert query.for_words("GPT-4 isn’t 3.5") == """all:"GPT-4" AND all:"isn't" AND all:"3.5\""""


def test_words_can_be_narrowed_down_to_an_author_and_to_what_is_new() -> None:
    since = datetime(2025, 10, 6, 1, 30, tzinfo=timezone(timedelta(hours=2)))
    asked = query.for_words("agents", author="Zhang, Kai)", since=since, until=datetime(2025, 10, 9, tzinfo=UTC))
    assert asked == 'all:"agents" AND au:"Zhang" AND au:"Kai" AND submittedDate:[202510052330 TO 202510090000]'
    assert search.read(asked)


@pytest.mark.parametrize("text", ["", " ", "()", '"":', "___", "🦜", "\x00"])
def test_no_word_is_said_so(text: str) -> None:
    with pytest.raises(BadQuery, match="it has no word to search for"):
        query.for_words(text)


def test_a_listing_is_asked_in_universal_time() -> None:
    since = datetime(2025, 10, 6, 1, 30, tzinfo=timezone(timedelta(hours=2)))
    asked = query.for_listing(["cs.CL", "stat.ML", "cs.CL"], since, datetime(2025, 10, 7, tzinfo=UTC))
    assert asked == "(cat:cs.CL OR cat:stat.ML) AND submittedDate:[202510052330 TO 202510070000]"


@pytest.mark.parametrize(
    "category", ["hep-th", "cond-mat.mes-hall", "physics.acc-ph", "q-bio.NC", "math.AG", "quant-ph"]
)
def test_real_categories_pass(category: str) -> None:
    since = datetime(2025, 10, 6, tzinfo=UTC)
    assert f"cat:{category})" in query.for_listing([category], since, since)


@pytest.mark.parametrize("category", ["", "cs.*", "cs.CL OR all:x", "CS.CL", "cs.CL)", "cs .CL", "c" * 1000, 'cs."CL"'])
def test_what_is_no_category_is_refused(category: str) -> None:
    since = datetime(2025, 10, 6, tzinfo=UTC)
    with pytest.raises(BadQuery, match="is not an arXiv category"):
        query.for_listing([category], since, since)


def test_a_listing_needs_a_sound_window() -> None:
    now = datetime(2025, 10, 6, tzinfo=UTC)
    with pytest.raises(BadQuery, match="names no category"):
        query.for_listing([], now, now)
    with pytest.raises(ValueError, match="time zone"):
        query.for_listing(["cs.CL"], now.replace(tzinfo=None), now)
    with pytest.raises(ValueError, match="cannot end"):
        query.for_listing(["cs.CL"], now, now - timedelta(minutes=1))


@pytest.mark.parametrize(
    ("asked", "parts"),
    [
        ("1706.03762", ("1706.03762", None)),
        ("1706.03762v7", ("1706.03762", 7)),
        ("0704.0001", ("0704.0001", None)),
        ("hep-th/9901001v2", ("hep-th/9901001", 2)),
        ("math.GT/0309136", ("math.GT/0309136", None)),
        ("cond-mat.mes-hall/0309136", ("cond-mat.mes-hall/0309136", None)),
        ("1700.03762", None),
        ("1706.3", None),
        ("1706.03762v", None),
        ("1706.03762v1000", None),
        ("١٧٠٦.٠٣٧٦٢", None),
        ("hep-th/990100", None),
        ("../../etc/passwd", None),
        ("1706.03762\n", None),
    ],
)
def test_ids_are_split(asked: str, parts: tuple[str, int | None] | None) -> None:
    assert api_ids.split(asked) == parts


def test_no_pattern_is_slow_on_100_kb() -> None:
    began = time.process_time()
    for junk in ("a-" * 50_000, "a" * 100_000, "'a" * 50_000, "1" * 100_000, "a/" * 50_000, '"a" ' * 25_000):
        _words_or_none(junk)
        api_ids.split(junk)
        api_ids.of_entry("http://arxiv.org/abs/" + junk)
        query._WORD.findall(junk)
        query._CATEGORY.fullmatch(junk)
    assert time.process_time() - began < 1
