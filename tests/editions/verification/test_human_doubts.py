"""Doubts about what people write: likely mistakes, ranked, and never ordinary words."""

from __future__ import annotations

import pytest

from bot.editions.verification.human_doubts import HumanTextChecker

SOURCE = """Sorting networks by hand

We train 175 small networks on ImageNet, and each of them learns to sort without any labels at all. Our best network
reaches an accuracy of 87.3% on the test set, which is 4.1 points above the former best one."""


def doubts(text: str) -> list[str]:
    return [doubt.claim.text for doubt in HumanTextChecker(SOURCE).doubts_in(text)]


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("The best network reaches an accuracy of 78.3% on the test set.", "78.3%"),
        ("They train small networks on CIFAR-10 that learn to sort without labels.", "CIFAR-10"),
        ("Each of the 157 small networks learns to sort without any labels.", "157"),
    ],
)
def test_a_figure_or_a_name_that_was_confused_is_doubted(text: str, mistake: str) -> None:
    assert doubts(text) == [mistake]


def test_a_long_quote_is_doubted_wherever_it_stands() -> None:
    made_up = "“each of them learns to sort with a great many labels after all, which took us three years”"
    assert doubts(f"- {made_up}") == [made_up]
    assert doubts("“each of them learns to sort without any labels at all” is the claim.") == []
    assert doubts("It is “the good from the bad” again.") == []


@pytest.mark.parametrize(
    "text",
    [
        "Yes. Popularly, Deep Learning and Neural Networks get the credit; N is large.",
        "Our reading group met 3 times, and 40 people came from Berlin and Paris.",
        "Read it next to GPT-3 and the 2017 paper on attention.",
        "They train 175 small networks on ImageNet.",
    ],
)
def test_ordinary_words_and_other_knowledge_are_not(text: str) -> None:
    assert doubts(text) == []


def test_the_likeliest_mistake_comes_first() -> None:
    near = "The best network reaches an accuracy of 78.3% on the test set."
    far = "On the test set somebody else would have hoped for a far larger accuracy of 99.9% this year."
    assert doubts(f"{far} {near}")[0] == "78.3%"
