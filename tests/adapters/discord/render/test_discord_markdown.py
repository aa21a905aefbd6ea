"""Text for Discord: nothing that somebody wrote becomes a mention, a link or a format."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.discord.render.discord_markdown import (
    HAIR_SPACE,
    code_block,
    escape,
    escape_url,
    label,
    markdown,
    utf16_length,
)
from bot.chat.rich_text import Bold, InlineCode, Italic, Link
from bot.chat.text import clean

PLAIN_AGAIN = re.compile(r"\\([^0-9A-Za-z\s])")
"""How Discord's clients read a backslash (simple-markdown's rule `escape`)."""
LIVE = re.compile(r"(?<!\\)(?:\\\\)*(?:[*_~|`<>@\[\]]|:(?=//)|(?:^|(?<=\n))[^\S\n]*(?:[-+#]|\d+[.)]\s))")
"""A mark that Discord would read as a format: with no backslash, or an even number of them, before it."""

PIECES = (
    *("@everyone", "<@1>", "<@&2>", "<#3>", "<:a:4>", "</x:5>", "<t:0>", "[a](http://evil.test)", "https://evil.test"),
    *("**", "__", "~~", "||", "`", "```", "\\", "> ", ">>> ", "# ", "-# ", "- ", "1. ", "\n", "\u202e", "\u200b"),
    *("👩‍🔬", "e\u0301", "\ud800", "\x00", "é", "word", " "),
)
HOSTILE = st.lists(st.sampled_from(PIECES) | st.text(max_size=20), max_size=12).map("".join)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("@everyone", r"\@everyone"),
        ("<@123>", r"\<\@123\>"),
        ("[arxiv.org](http://evil.test)", r"\[arxiv.org\](http\://evil.test)"),
        ("# Title", r"\# Title"),
        ("C# and F#", "C# and F#"),
        ("a\n- b", "a\n\\- b"),
        ("-# small", r"\-# small"),
        ("1. one", r"1\. one"),
        ("in 2017 (v1.2)", "in 2017 (v1.2)"),
        ("see: this", "see: this"),
        (r"\*", r"\\\*"),
    ],
)
def test_marks_are_escaped_and_other_text_is_left_alone(text: str, shown: str) -> None:
    assert escape(text) == shown


@settings(max_examples=500)
@given(HOSTILE)
def test_what_is_read_is_what_was_written(text: str) -> None:
    drawn = markdown((text,), 100_000)
    assert PLAIN_AGAIN.sub(r"\1", drawn) == clean(text)
    assert not LIVE.search(drawn)


@settings(max_examples=150)
@given(st.lists(st.sampled_from([str, Bold, Italic, InlineCode]).flatmap(lambda kind: HOSTILE.map(kind)), max_size=6))
def test_words_fit_whatever_they_are(words: list[str | Bold | Italic | InlineCode]) -> None:
    for limit in (0, 1, 7, 60, 4000):
        assert utf16_length(markdown(tuple(words), limit)) <= limit


def test_emphasised_words_that_touch_stay_two() -> None:
    assert markdown((Bold("a"), Italic("b")), 100) == f"**a**{HAIR_SPACE}*b*"


def test_code_holds_no_backtick_and_no_line_break() -> None:
    assert markdown((InlineCode("a`b\nc"),), 100) == "`aˋb c`"


def test_a_block_of_code_keeps_its_lines_and_backticks_but_cannot_end_its_fence() -> None:
    assert code_block("{\\`e}\n``` @everyone", 100) == "```\n{\\`e}\nˋˋˋ @everyone\n```"
    assert code_block("a\n" * 100, 20) == "```\n" + "a\n" * 5 + "a…\n```"
    assert code_block("\n", 100) == ""


def test_a_link_cannot_be_left_by_what_is_in_it() -> None:
    drawn = markdown((Link("a](http://evil.test)", "https://arxiv.org/abs/1(2)"),), 200)
    assert drawn == r"[(arxiv.org) a\](http\://evil.test)](https://arxiv.org/abs/1%282%29)", (
        "the true host stands before it"
    )


def test_a_link_with_an_unsafe_or_too_long_address_is_its_label() -> None:
    assert markdown((Link("here", "javascript:alert(1)"),), 100) == "here"
    assert markdown((Link("here", "https://a.test/" + "x" * 100),), 50) == "here"


def test_a_name_is_cut_at_a_whole_character_and_is_never_empty() -> None:
    assert label("a\nb", 10) == "a b"
    assert label("👩‍🔬" * 30, 12).endswith("…")
    assert label("\u200b", 10) == "…"


def test_an_address_cannot_end_its_link_or_begin_a_format() -> None:
    assert escape_url("https://a.test/(b)[c]*d@e") == "https://a.test/%28b%29%5Bc%5D%2Ad%40e"


@pytest.mark.parametrize(("span", "least"), [(Bold("abcdef"), 6), (Italic("abcdef"), 4), (InlineCode("abcdef"), 4)])
def test_a_mark_without_room_for_a_word_is_left_out(span: Bold | Italic | InlineCode, least: int) -> None:
    assert markdown((span,), least - 1) == ""
    assert 0 < len(markdown((span,), least)) <= least


@pytest.mark.parametrize("kind", [Bold, Italic, InlineCode])
def test_marks_around_nothing_are_left_out(kind: type[Bold] | type[Italic] | type[InlineCode]) -> None:
    assert markdown((kind(""),), 100) == ""


def test_a_link_is_drawn_from_room_for_eight_characters_on() -> None:
    link = Link("a label", "https://a.test")
    assert markdown((link,), 14 + 4 + 8) == "[a label](https://a.test)"
    assert markdown((link,), 14 + 4 + 7) == "a label"
    assert markdown((Link("", "https://a.test"),), 100) == "[…](https://a.test)"


def test_spaces_stay_outside_of_the_marks() -> None:
    assert markdown((Bold(" a "), "b"), 100) == " **a** b"
