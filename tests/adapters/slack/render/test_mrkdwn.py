"""Text for Slack: nothing that somebody wrote becomes a mention, a link or a format."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given, settings

from adapters.slack.render.mrkdwn import ZERO_WIDTH, escape, escape_code, escape_url, mrkdwn, rich, shown_text
from bot.chat.rich_text import Bold, InlineCode, Italic, Link, Words
from bot.chat.text import clean
from tests.adapters.slack import random_cards

LIVE = re.compile(
    rf"(?<!{ZERO_WIDTH})[*~`]|(?<![A-Za-z0-9{ZERO_WIDTH}])_|(?<!{ZERO_WIDTH})_(?![A-Za-z0-9])"
    r"|<|>|&(?!amp;|lt;|gt;)|^\s*&gt;",
    re.MULTILINE,
)
"""What Slack would read as a format, a mention, a link or a block quote."""


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<!channel>", "&lt;!channel&gt;"),
        ("<@U1|ada>", "&lt;@U1|ada&gt;"),
        ("AT&T", "AT&amp;T"),
        ("&lt;", "&amp;lt;"),
        ("a*b*", f"a{ZERO_WIDTH}*b{ZERO_WIDTH}*"),
        ("show_voters yes", "show_voters yes"),
        ("_a_ b_", f"{ZERO_WIDTH}_a{ZERO_WIDTH}_ b{ZERO_WIDTH}_"),
        ("字_字_", f"字{ZERO_WIDTH}_字{ZERO_WIDTH}_"),
        ("> quoted\n > again", f"{ZERO_WIDTH}&gt; quoted\n {ZERO_WIDTH}&gt; again"),
        ("1 > 0", "1 &gt; 0"),
        ("plain", "plain"),
    ],
)
def test_marks_are_escaped_and_other_text_is_left_alone(text: str, shown: str) -> None:
    assert escape(text) == shown


@settings(max_examples=300)
@given(random_cards.hostile)
def test_what_is_read_is_what_was_written(text: str) -> None:
    drawn = mrkdwn((text,), 100_000)
    assert html.unescape(drawn.replace(ZERO_WIDTH, "")) == clean(text)
    assert not LIVE.search(drawn)


@settings(max_examples=200)
@given(random_cards.words)
def test_words_fit_whatever_they_are(words: Words) -> None:
    for limit in (0, 1, 7, 60, 3000):
        assert len(mrkdwn(words, limit)) <= limit
        assert limit == 0 or sum(len(shown_text(element)) for element in rich(words, limit)) <= limit


@pytest.mark.parametrize(
    ("span", "drawn"),
    [
        (Bold("two\nlines"), "*two lines*"),
        (Italic(" x "), "_x_"),
        (Bold(" "), ""),
        (InlineCode('fri_day="a" <x> `y`'), '`fri_day="a" &lt;x&gt; ˋyˋ`'),
        (Link("Paper", "https://a.test/?a=1&b=2"), "<https://a.test/?a=1&amp;b=2|Paper>"),
        (Link("a|b>c", "https://a.test/"), "<https://a.test/|a|b&gt;c>"),
        (Link("x", "javascript:alert(1)"), "x"),
        (Link("x", "https://a.test/" + "a" * 3000), "x"),
        (Link("", "https://a.test/"), ""),
        (Link("arxiv.org", "https://evil.test/"), "<https://evil.test/|(evil.test) arxiv.org>"),
    ],
)
def test_each_kind_of_span(span: Bold | Italic | InlineCode | Link, drawn: str) -> None:
    assert mrkdwn((span,), 4000) == drawn


def test_what_is_shown_to_be_typed_can_be_copied() -> None:
    typed = '/clubadmin setup digest_at="fri 16:00"'
    assert ZERO_WIDTH not in mrkdwn((InlineCode(typed),), 200)
    assert rich((InlineCode(typed),), 200) == [{"type": "text", "text": typed, "style": {"code": True}}]


def test_rich_text_keeps_text_as_text() -> None:
    words: Words = ("<!channel> *a*", Bold("b"), "", Link("c", "https://c.test"), Link("d", "ftp://d.test"))
    assert rich(words, 100) == [
        {"type": "text", "text": "<!channel> *a*"},
        {"type": "text", "text": "b", "style": {"bold": True}},
        {"type": "link", "url": "https://c.test", "text": "c"},
        {"type": "text", "text": "d"},
    ]
    assert rich((), 100) == [{"type": "text", "text": " "}], "Slack refuses a section without elements"


@pytest.mark.parametrize("limit", range(1, 12))
def test_an_entity_is_never_cut_in_two(limit: int) -> None:
    assert html.unescape(mrkdwn(("&" * 5,), limit)).strip("&…") == ""
    assert html.unescape(escape_code("&" * limit)) == "&" * limit


def test_an_address_cannot_end_its_link() -> None:
    assert escape_url("https://a.test/?a=<b>|c&d") == "https://a.test/?a=%3Cb%3E%7Cc&amp;d"


@pytest.mark.parametrize(
    ("span", "least"),
    [(Bold("abcdef"), 4), (Italic("abcdef"), 4), (InlineCode("abcdef"), 4), (Link("abcdefgh", "h"), 1)],
)
def test_a_mark_without_room_for_a_word_is_left_out(span: Bold | Italic | InlineCode | Link, least: int) -> None:
    assert mrkdwn((span,), least - 1) == ""
    assert 0 < len(mrkdwn((span,), least)) <= least


def test_a_link_is_drawn_from_room_for_eight_characters_on() -> None:
    link = Link("a label", "https://a.test")
    assert mrkdwn((link,), 14 + 3 + 8) == "<https://a.test|a label>"
    assert mrkdwn((link,), 14 + 3 + 7) == "a label"
