"""Light markup in text that people write, and text that must not be parsed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.rich_text import Bold, InlineCode, Italic, Link
from bot.editions.model.prose import Citation, Prose, plain, read, words


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("plain words", ("plain words",)),
        ("see [the code](https://github.com/a/b)!", ("see ", Link("the code", "https://github.com/a/b"), "!")),
        ("https://example.org/a.", (Link("https://example.org/a", "https://example.org/a"), ".")),
        ("(https://example.org/a)", ("(", Link("https://example.org/a", "https://example.org/a"), ")")),
        ("a **bold** and *soft* `word`", ("a ", Bold("bold"), " and ", Italic("soft"), " ", InlineCode("word"))),
        ("2 * 3 * 4", ("2 * 3 * 4",)),
        ("as shown [2], not [9]", ("as shown ", Citation(2), ", not [9]")),
        ("see [2, p. 4]", ("see ", Citation(2), " (p. 4)")),
        ("see [2, Section 3.1] or [9, p. 4]", ("see ", Citation(2), " (Section 3.1)", " or [9, p. 4]")),
        ("see [2, spades]", ("see [2, spades]",)),
        ("[x](javascript:alert(1))", ("[x](javascript:alert(1))",)),
        ("", ()),
    ],
)
def test_marks_become_values(typed: str, meant: Prose) -> None:
    assert read(typed, cited=frozenset({2})) == meant


def test_a_citation_on_a_card_is_its_number() -> None:
    assert words(("as in ", Citation(3))) == ("as in ", "[3]")
    assert plain(("as in ", Citation(3))) == "as in [3]"


@given(st.text(max_size=300))
def test_any_text_can_be_read(typed: str) -> None:
    assert all(span != "" for span in read(typed))
