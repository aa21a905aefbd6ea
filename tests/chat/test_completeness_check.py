"""Check that a payload contains all words of its card."""

from __future__ import annotations

import pytest

from adapters.discord.render.components import render as discord
from adapters.discord.render.custom_ids import CustomIdSigner
from adapters.slack.render.block_kit import message
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Facts, ListEntry, Points, QuotePart, note, text
from bot.chat.completeness_check import missing_words
from bot.chat.rich_text import Bold, InlineCode, Link

WHOLE = Card(
    "A title_with *signs*",
    (
        text("Plain & <odd> words, ", Bold("bold"), " and ", Link("a link", "https://example.org")),
        QuotePart("Said `so`", "somebody"),
        Points((("one",), ("two",))),
        Facts((("Votes", "3"),)),
        ListEntry(("a row",), ("small print",)),
        note(InlineCode("/paper show 1")),
        Buttons((Button("Press", Call.of("paper show", 1)),), (Button("More", Call.of("paper why", 1)),)),
    ),
)


def given(platform: str, card: Card) -> object:
    if platform == "slack":
        return message(card)
    return [item.to_component_dict() for item in discord(card, CustomIdSigner(b"s" * 32, "1")).children]


@pytest.mark.parametrize("platform", ["slack", "discord"])
def test_a_card_that_fits_loses_nothing(platform: str) -> None:
    assert missing_words(WHOLE, given(platform, WHOLE)) == []


@pytest.mark.parametrize("platform", ["slack", "discord"])
def test_truncated_words_are_listed(platform: str) -> None:
    many = " ".join(f"word{number}" for number in range(4000))
    card = Card("Long", (text(many),))
    gone = missing_words(card, given(platform, card))
    assert "word3999" in gone
    assert "word0" not in gone, "what is there is not lost"
