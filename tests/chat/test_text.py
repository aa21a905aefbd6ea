"""Text: invisible characters are removed, truncation is between graphemes, escaped text fits."""

from __future__ import annotations

import unicodedata
from html import escape

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.chat.text import MAX_MARKS, clean, cut_escaped, join_names, one_line, plural, truncate

ODD = (
    "aé <&>\"'\n\t\r\u0301\u0323\u0344\u200d\u200c\u200b\u202e\ufe0f\U000e0100\U000e0067\x00\ud800"
    + "👩🔬🏽🇫🇷क\u094dمی"
)
wild = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from(ODD),
    ),
    max_size=60,
)


@pytest.mark.parametrize(
    ("dirty", "tidy"),
    [
        ("plain", "plain"),
        ("a\r\nb\rc\u2028d\x0be", "a\nb\nc\nd\ne"),
        ("a\tb", "a b"),
        ("a\x00b\x07c\x9fd", "abcd"),
        ("\u202eevil\u202c \u2066x\u2069 \u200e\u200f\u061c", "evil x "),
        ("ex\u200bam\u2060ple\ufeff\u00ad", "example"),
        ("\ud800a\udfff", "a"),
        ("hi\U000e0069\U000e0067\U000e006e", "hi"),
        ("e\u0301", "é"),
        ("👩\u200d🔬", "👩\u200d🔬"),
        ("🏳️\u200d🌈 👍🏽 1️⃣ ❤️", "🏳️\u200d🌈 👍🏽 1️⃣ ❤️"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("क\u094d\u200dष", "क\u094d\u200dष"),
        ("a\u200d\u200cb", "ab"),
        ("\u200d👩\u200d", "👩"),
        ("\ufe0fa\ufe0f\ufe0f", "a\ufe0f"),
        ("\u3164\u115f", ""),
    ],
)
def test_invisible_characters_are_removed_and_joiners_stay(dirty: str, tidy: str) -> None:
    assert clean(dirty) == tidy


def test_the_number_of_combining_marks_is_limited() -> None:
    tower = clean("a" + "\u0301\u0323" * 50_000)
    assert sum(map(bool, map(unicodedata.combining, tower))) <= MAX_MARKS
    assert clean("ཧྐྵྨླྺྼྻྂ") == unicodedata.normalize("NFC", "ཧྐྵྨླྺྼྻྂ"), "the tallest earnest stack is left alone"


@settings(max_examples=500, deadline=None)
@given(wild)
def test_cleaning_again_changes_nothing(text: str) -> None:
    tidy = clean(text)
    assert clean(tidy) == tidy
    assert unicodedata.is_normalized("NFC", tidy)
    assert not regex.search(r"[\p{Cs}\u202A-\u202E\u2066-\u2069\u200E\u200F\u200B\U000E0000-\U000E007F]", tidy)
    assert all(character == "\n" or unicodedata.category(character) != "Cc" for character in tidy)


def test_one_line_has_no_line_breaks() -> None:
    assert one_line("  Attention Is\n  All\tYou\u00a0Need\u200b ") == "Attention Is All You Need"


@pytest.mark.parametrize(
    ("text", "limit", "short"),
    [
        ("Attention", 9, "Attention"),
        ("Attention", 8, "Attenti…"),
        ("All you need", 5, "All…"),
        ("👩\u200d🔬👩\u200d🔬", 5, "👩\u200d🔬…"),
        ("👩\u200d🔬👩\u200d🔬", 3, "…"),
        ("🇫🇷🇩🇪", 3, "🇫🇷…"),
        ("e\u0323\u0304e\u0323\u0304", 5, "e\u0323\u0304…"),
        ("Attention", 1, "…"),
        ("Attention", 0, ""),
        ("", 0, ""),
    ],
)
def test_text_is_truncated_between_graphemes(text: str, limit: int, short: str) -> None:
    assert truncate(text, limit) == short


@settings(max_examples=400, deadline=None)
@given(wild, st.integers(0, 40))
def test_a_truncated_text_fits_and_splits_no_grapheme(text: str, limit: int) -> None:
    short = truncate(text, limit)
    assert len(short) <= limit
    if short != text and short:
        kept = short.removesuffix("…")
        rest = text[len(kept) :]
        assert text.startswith(kept)
        whole = regex.findall(r"\X", text)
        spaced = [len("".join(whole[:count]).rstrip()) for count in range(len(whole) + 1)]
        assert len(kept) in spaced, f"{rest!r} begins in the middle of a character"


def test_a_truncated_text_keeps_as_much_as_fits() -> None:
    assert truncate("ééééé", 7, measure=lambda text: len(text.encode())) == "éé…"


@settings(max_examples=400, deadline=None)
@given(wild, st.integers(0, 60))
def test_escaped_text_fits_and_has_whole_entities(text: str, limit: int) -> None:
    short = cut_escaped(text, limit, escape)
    assert len(short) <= limit
    assert not regex.search(r"&(?!(?:amp|lt|gt|quot|\#x27);)", short)


def test_text_that_grows_fivefold_by_escaping_fits() -> None:
    assert cut_escaped("&" * 3_000, 3_000, escape) == "&amp;" * 599 + "…"
    assert cut_escaped("a<b", 100, escape) == "a&lt;b"


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (plural(1, "vote"), "1 vote"),
        (plural(0, "vote"), "0 votes"),
        (plural(1204, "vote"), "1,204 votes"),
        (plural(2, "entry", "entries"), "2 entries"),
        (join_names([]), ""),
        (join_names(["Ada Lovelace", "Alan Turing"]), "Ada Lovelace, Alan Turing"),
        (join_names(["Ada Lovelace", "Alan Turing", "Grace Hopper"]), "Ada Lovelace, Alan Turing, Grace Hopper"),
        (
            join_names(["Ada Lovelace", "Alan Turing", "Grace Hopper", "Emmy Noether"]),
            "Ada Lovelace, Alan Turing et al.",
        ),
        (join_names(["Ada Lovelace", "Alan Turing"], max_names=1), "Ada Lovelace et al."),
    ],
)
def test_numbers_and_names_are_formatted(said: str, expected: str) -> None:
    assert said == expected
