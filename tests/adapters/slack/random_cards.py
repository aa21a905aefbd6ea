"""Text as nobody should write it, and cards full of it."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from bot.chat.calls import Call
from bot.chat.cards import (
    Button,
    Buttons,
    Card,
    Divider,
    Facts,
    File,
    Heading,
    LinkRow,
    ListEntry,
    Note,
    Part,
    Points,
    QuotePart,
    Style,
    Text,
    Tone,
)
from bot.chat.rich_text import Bold, InlineCode, Italic, Link, Span, Words
from bot.features.shared.local_times import local_time

PIECES = (
    *(
        "<!channel>",
        "<!here|here>",
        "<!everyone>",
        "<@U1>",
        "<@U1|ada>",
        "<#C1|papers>",
        "<!subteam^S1>",
        "<!date^1^x|y>",
    ),
    *("<https://evil.test|arxiv.org>", "[x](https://evil.test)", "https://evil.test", "arxiv.org", "mailto:a@b.test"),
    *("*bold*", "_it_", "~gone~", "`code`", "```", ">>> ", "> ", "&lt;!channel&gt;", "&", "&amp;", "<", ">", "|", "\\"),
    *(
        ":fire:",
        "@here",
        "#papers",
        "•",
        "- ",
        "1. ",
        "\n",
        "\r\n",
        "\t",
        "\x00",
        "\x1b[2J",
        "\ud800",
        "\u202e",
        "\u200b",
    ),
    *(
        "👩‍🔬",
        "🇺🇳",
        "e\u0301" * 9,
        "क्षि",
        "ﷺ",
        "𝒳",
        r"$\alpha^{2}$",
        r"\href{javascript:x}{y}",
        "word",
        " ",
        '"',
        "“",
        "=",
    ),
)

hostile = st.lists(st.sampled_from(PIECES) | st.text(max_size=20), max_size=12).map("".join)
urls = st.sampled_from(
    ("https://arxiv.org/abs/1706.03762", "https://evil.test/?a=1&b=<x>", "javascript:alert(1)", "https://e.test/|x", "")
) | hostile.map(lambda text: f"https://a.test/{text}")
moments = st.integers(0, 4_000_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
times = st.builds(
    local_time, moments, st.sampled_from((ZoneInfo("UTC"), ZoneInfo("Asia/Kolkata"))), st.none() | moments
)
spans: st.SearchStrategy[Span] = st.one_of(
    hostile, hostile.map(Bold), hostile.map(Italic), hostile.map(InlineCode), st.builds(Link, hostile, urls), times
)
words: st.SearchStrategy[Words] = st.lists(spans, max_size=6).map(tuple)
calls = st.builds(Call, st.just("paper show"), st.lists(hostile, max_size=3).map(tuple))
buttons = st.builds(Button, hostile, calls, st.sampled_from(Style), hostile)
parts: st.SearchStrategy[Part] = st.one_of(
    st.builds(Heading, hostile),
    st.builds(Text, words),
    st.builds(QuotePart, hostile, hostile),
    st.builds(Points, st.lists(words, max_size=8).map(tuple), st.booleans()),
    st.builds(Facts, st.lists(st.tuples(hostile, hostile), max_size=8).map(tuple)),
    st.builds(Note, words),
    st.builds(ListEntry, words, words, st.none() | buttons),
    st.builds(Buttons, st.lists(buttons, max_size=5).map(tuple), st.lists(buttons, max_size=9).map(tuple)),
    st.builds(LinkRow, st.lists(st.builds(Link, hostile, urls), max_size=4).map(tuple)),
    st.just(Divider()),
    st.builds(File, hostile, hostile),
)
cards = st.builds(Card, hostile, st.lists(parts, max_size=12).map(tuple), st.sampled_from(Tone), st.just("") | urls)


class Dice:
    """The same kinds of cards, thrown quickly and from a seed: for a million of them Hypothesis takes too long."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self.strings = 0

    def text(self) -> str:
        """One hostile string; now and then a very long one."""
        self.strings += 1
        pick = self._random
        made = "".join(
            pick.choice(PIECES) if pick.random() < 0.8 else chr(pick.randrange(0x3000))
            for _ in range(pick.randrange(12))
        )
        return made * 400 if pick.random() < 0.01 else made

    def url(self) -> str:
        """An address, or what pretends to be one."""
        return self._random.choice(("https://a.test/", "http://arxiv.org/", "javascript:", "")) + self.text()

    def words(self) -> Words:
        """A few spans of each kind."""
        kinds: tuple[Callable[[], Span], ...] = (
            self.text,
            lambda: Bold(self.text()),
            lambda: Italic(self.text()),
            lambda: InlineCode(self.text()),
            lambda: Link(self.text(), self.url()),
        )
        return tuple(self._random.choice(kinds)() for _ in range(self._random.randrange(5)))

    def button(self) -> Button:
        """A button with anything on it and behind it."""
        return Button(self.text(), Call("paper show", (self.text(),)), self._random.choice(list(Style)), self.text())

    def card(self) -> Card:
        """A card with a part of every kind."""
        some = self._random.randrange
        made: list[Part] = [
            Heading(self.text()),
            Text(self.words()),
            QuotePart(self.text(), self.text()),
            Points(tuple(self.words() for _ in range(some(4))), numbered=bool(some(2))),
            Facts(tuple((self.text(), self.text()) for _ in range(some(4)))),
            Note(self.words()),
            ListEntry(self.words(), self.words(), self.button()),
            Buttons(tuple(self.button() for _ in range(some(4))), tuple(self.button() for _ in range(some(7)))),
            LinkRow(tuple(Link(self.text(), self.url()) for _ in range(some(3)))),
        ]
        self._random.shuffle(made)
        return Card(self.text(), tuple(made), url=self.url() if some(2) else "")
