"""Cards fit whatever their content is, and no text is lost."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.chat.cards import Card, Heading, LinkRow, Note, Part, Points, QuotePart, Text
from bot.chat.rich_text import Bold, Link, Words, plain
from bot.editions.render.card_renderer import render_cards
from bot.editions.render.pagination import CONTINUED, LIMIT, MAX_PARTS, paginate, size
from tests.editions.sample import full, of_items

WORDS = st.text("abc é", min_size=1, max_size=4000)
SPANS = st.one_of(WORDS, WORDS.map(Bold), st.just(Link("label", "https://example.org/" + "x" * 500)))
LINES: st.SearchStrategy[Words] = st.lists(SPANS, min_size=1, max_size=4).map(tuple)
PARTS = st.one_of(
    LINES.map(Text),
    LINES.map(Note),
    WORDS.map(QuotePart),
    st.text("abc", min_size=1, max_size=40).map(Heading),
    st.tuples(st.lists(LINES, min_size=1, max_size=12).map(tuple), st.booleans()).map(lambda pair: Points(*pair)),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(PARTS, max_size=30))
@pytest.mark.slow
def test_every_card_fits_and_no_word_is_lost(parts: list[Part]) -> None:
    cards = paginate("A title", parts, "https://example.org")
    for card in cards:
        assert len(card.title) + sum(map(size, card.parts)) <= LIMIT
        assert len(card.parts) <= MAX_PARTS
    assert _letters(cards) == _letters([Card("A title", tuple(parts))])


def test_a_heading_is_never_the_last_line() -> None:
    filler: list[Part] = [Text(("word " * 270,)) for _ in range(2)]
    cards = paginate("A title", [*filler, Heading("Next"), Text(("word " * 70,))])
    assert [card.title for card in cards] == ["A title", f"A title {CONTINUED}"]
    assert isinstance(cards[1].parts[0], Heading)


def test_a_long_numbered_list_goes_on_counting() -> None:
    rows = tuple((f"point {n} " + "x" * 100,) for n in range(1, 41))
    cards = paginate("A title", [Points(rows, numbered=True)])
    lines = [plain(part.words) for card in cards for part in card.parts if isinstance(part, Text)]
    assert [line.split(".")[0] for line in lines] == [str(n) for n in range(1, 41)]


def test_an_edition_is_a_header_a_post_a_paper_a_post_a_section_and_the_closing() -> None:
    posts = render_cards(full(), url="https://example.org/3")
    assert [post.card.title for post in posts] == [
        "Weekly Update — 23 November 2026",
        "An Empirical Study of Training Self-Supervised Vision Transformers",
        "1. Language Model Cascades",
        "📰 News",
        "👾 Code",
        "🧭 Around the field",
        "✨ Also worth a look",
        "References",
    ]
    assert [post.submission for post in posts] == [0, 11, 12, 0, 0, 0, 0, 0]
    assert posts[0].card.url == "https://example.org/3"


def test_the_closing_leads_to_the_archive_and_its_feed() -> None:
    def web(url: str) -> list[str]:
        parts = [part for part in render_cards(full(), url=url)[-1].card.parts if isinstance(part, LinkRow)]
        return [link.url for part in parts for link in part.row]

    club = "https://example.org/clubs/4"
    assert web(f"{club}/editions/3") == [f"{club}/editions/3", club, f"{club}/editions.atom"]
    assert web("https://example.org/3") == ["https://example.org/3"]
    assert web("") == []


def test_sixty_papers_are_sixty_posts_with_one_tally_each() -> None:
    posts = render_cards(of_items(60))
    assert [post.submission for post in posts if post.submission] == list(range(1, 61))
    for post in posts:
        assert sum(map(size, post.card.parts)) <= LIMIT


def _letters(cards: list[Card]) -> str:
    """Every letter on the cards, without list markers, spaces and "(continued)"."""
    said = []
    for card in cards:
        for part in card.parts:
            match part:
                case Text(words) | Note(words):
                    said.append(plain(words))
                case QuotePart(text):
                    said.append(text)
                case Heading(text):
                    said.append(text)
                case Points(items):
                    said += [plain(item) for item in items]
    return "".join(c for c in "".join(said) if c.isalpha())
