"""Quotes of a paper as parts of a card."""

from __future__ import annotations

from bot.chat.cards import QuotePart
from bot.domain.summary_values import SourceQuote
from bot.editions.model.translation import words_in_use
from bot.editions.render import captions


def source_quote(quote: SourceQuote) -> QuotePart:
    """A quote of a paper, with where it is in the paper in the language in use: "abstract", "section 4.1"."""
    return QuotePart(quote.text, captions.passage(quote.passage, words_in_use()))
