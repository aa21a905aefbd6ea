"""Texts that were copied from a PDF are read as their readers read them."""

from __future__ import annotations

import pytest

from bot.domain.summary_values import Passage
from bot.editions.text_analysis.broken_lines import unbroken
from bot.editions.verification.quotes import find


@pytest.mark.parametrize(
    ("copied", "meant"),
    [
        ("the net-\nwork is trained", "the network is trained"),
        ("the net\u00ad\n  work is trained", "the network is trained"),
        ("models that are pre-\ntrained on text", "models that are pre-trained on text"),
        ("pretrained models that are pre-\ntrained on text", "pretrained models that are pretrained on text"),
        ("a trans-former here, a trans-\nformer there", "a trans-former here, a trans-former there"),
        ("of Gauss-\nNewton steps", "of Gauss-Newton steps"),
        ("from 3-\n4 steps", "from 3-\n4 steps"),
        ("the network is trained\n\n12\n\non large sets", "the network is trained\non large sets"),
        ("It is done.\n\n12\n\nThe next page.", "It is done.\n\nThe next page."),
        ("| 1 |\n12\n13", "| 1 |\n12\n13"),
        ("no line is broken", "no line is broken"),
    ],
)
def test_broken_words_and_pages_are_whole(copied: str, meant: str) -> None:
    assert unbroken(copied) == meant


def test_the_heads_of_pages_are_taken_out_of_sentences() -> None:
    sets = ("images", "words", "sounds of birds", "moves")
    between = "\n\n{n}\nJournal of Nets {n}\n\n"
    pages = [f"We train it for {name}{between.format(n=n)}and {name} alone." for n, name in enumerate(sets)]
    text = unbroken("\n".join(pages))
    assert "Journal" not in text
    assert find((Passage("text", text),), "We train it for sounds of birds and sounds of birds alone.") is not None


@pytest.mark.slow
def test_hostile_texts_are_read_in_linear_time() -> None:
    for piece in ("a-\n", "1\n\n", "\n", "ab-\ncd", "12\nhead\n"):
        assert unbroken(piece * 50_000)
