"""Texts that are one quotation as a whole, in the marks of several languages."""

from __future__ import annotations

import pytest

from bot.editions.text_analysis.quotation_marks import count_words, marked_quote


@pytest.mark.parametrize(
    ("text", "words", "credit"),
    [
        ("“It is “so” named.”", "It is “so” named.", ""),
        ("„Sie „haben“ es“ — Abs. 2", "Sie „haben“ es", "Abs. 2"),
        ("« Nous avons »", "Nous avons", ""),
        ("»Wir haben es«", "Wir haben es", ""),
        ("‘It’s ours’ -- Ada", "It’s ours", "Ada"),
        ("”Vi har det”", "Vi har det", ""),
        ("「私たちは『新しい』方法を」", "私たちは『新しい』方法を", ""),
        ("“我们提出了‘新’的方法”——作者", "我们提出了‘新’的方法", "作者"),
        ('"It is so".', "It is so", ""),
        ("“It is so” (emphasis mine).", "It is so", ""),
        ("„Es ist so“ (Hervorhebung von mir)", "Es ist so", ""),
        ("“It is so,” section 4.1", "It is so,", "section 4.1"),
        ("„Es ist so“, Abstract", "Es ist so", "Abstract"),
        ("'It's so'", "It's so", ""),
        ("'It is so' (p. 3)", "It is so", "p. 3"),
        ("“It is so” (Hu and Li, 2021, p. 3)", "It is so", "Hu and Li, 2021, p. 3"),
        ("Hu et al. (2021): “It is so.”", "It is so.", "Hu et al. (2021)"),
        ("The authors: “It is so.”", "It is so.", "The authors"),
    ],
)
def test_a_quotation_and_its_credit_are_read(text: str, words: str, credit: str) -> None:
    found = marked_quote(text)
    assert found is not None
    assert (found.words, found.credit) == (words, credit)


@pytest.mark.parametrize(
    "text",
    ["'tis so, they say, in the '90s'", "“It is so”, they say", "Ada Lovelace: “It is so.”",
     "", "“", "“”", '"', "plain", "“Yes,” they say, “it is so.”", '"foo" and "bar"', "‘Attention’ is what ‘they’ say",
     '"a 5" thing"', "“one” — “two”", "“never closed"],
)  # fmt: skip
def test_other_texts_are_no_quotation(text: str) -> None:
    assert marked_quote(text) is None


def test_words_are_counted_without_spaces_too() -> None:
    assert count_words("state-of-the-art models aren’t new") == 4
    assert count_words("我们提出了一种新的方法") == 6
