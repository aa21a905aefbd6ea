"""Claims that no source supports, as a person reads them."""

from __future__ import annotations

from typing import get_args

from bot.editions.verification.claim_texts import CLAIM_TEXTS, claim_text
from bot.editions.verification.grounding import ClaimKind, UngroundedClaim
from bot.locale.current import in_language


def test_every_kind_of_claim_is_named_in_the_language_of_its_reader() -> None:
    for kind in get_args(ClaimKind):
        assert claim_text(str(UngroundedClaim(kind, "GPT-17", 0, 6))) == f"{kind} “GPT-17”"
    assert claim_text("citation “[9]”") == "citation “[9]” without a reference"
    with in_language("German"):
        shown = {kind: claim_text(f"{kind} “two\nlines”") for kind in CLAIM_TEXTS}
    assert shown["number"] == "Zahl „two\nlines“"
    assert shown["citation"] == "Verweis „two\nlines“ ohne Literaturangabe"
    assert all("“two" not in words for words in shown.values())


def test_words_that_are_no_claim_are_shown_as_they_are() -> None:
    for words in ("attention is all you need", "fish “GPT-17”", ""):
        assert claim_text(words) == words
