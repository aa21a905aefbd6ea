"""Direction: a sentence taken from a source must not say its opposite."""

from __future__ import annotations

import pytest

from benchmarks.directions import measure
from benchmarks.grounding import shipped
from bot.editions.verification.directions import DirectionChecker

SOURCE = """Mem0 outperforms Zep by a wide margin on LoCoMo dialogues. The method does not need any labels for
training. Accuracy of the tuned model rises from 45.2% to 50.1% on the held-out questions. Our router reduces latency of
long prompts and increases accuracy of short ones. Larger context windows are slower but more reliable in every dialogue
task."""

TRUE = [
    "Mem0 outperforms Zep on LoCoMo, as the authors report.",
    "Zep is outperformed by Mem0 with a wide margin on LoCoMo dialogues.",
    "No labels are needed for training the method.",
    "On the held-out questions accuracy of the model rises from 45.2% to 50.1%.",
    "The router lowers latency of long prompts, and raises accuracy of short ones.",
    "Something else entirely does not improve anything here.",
]
TURNED = [
    "Mem0 underperforms Zep on LoCoMo.",
    "Zep outperforms Mem0 by a wide margin on LoCoMo dialogues.",
    "Mem0 does not outperform Zep on LoCoMo.",
    "The method needs labels for training.",
    "Accuracy of the tuned model rises from 50.1% to 45.2% on the held-out questions.",
    "The router increases latency of long prompts and increases accuracy of short ones.",
    "The router reduces latency of long prompts and reduces accuracy of short ones.",
    "Larger context windows are faster but more reliable in every dialogue task.",
    "Larger context windows are slower but less reliable in every dialogue task.",
]


@pytest.mark.parametrize("sentence", TRUE)
def test_what_the_source_says_may_be_said(sentence: str) -> None:
    assert DirectionChecker(SOURCE).contradictions(sentence) == ()


@pytest.mark.parametrize("sentence", TURNED)
def test_the_opposite_of_the_source_is_reported(sentence: str) -> None:
    assert DirectionChecker(SOURCE).contradictions(sentence)


@pytest.mark.slow
def test_most_turned_sentences_are_reported_and_hardly_a_true_one() -> None:
    tally = measure(shipped()[::6])
    assert tally.made.total() > 100
    assert tally.recall >= 0.8
    assert tally.false_alarms <= 0.02


SHORT_SOURCE = """Accuracy rises from 61.2% to 87.3%, and latency falls by a third. Our model, SortNet, outperforms
GPT-3 but not PaLM. The method needs 4 GPUs and two days."""


@pytest.mark.parametrize(
    ("sentence", "turned"),
    [
        ("SortNet outperforms PaLM but not GPT-3.", True),
        ("SortNet outperforms PaLM.", True),
        ("GPT-3 outperforms SortNet.", True),
        ("SortNet does not outperform GPT-3.", True),
        ("Our model underperforms GPT-3 but not PaLM.", True),
        ("Accuracy rises from 87.3% to 61.2%.", True),
        ("The method does not need 4 GPUs and two days.", True),
        ("SortNet outperforms GPT-3.", False),
        ("SortNet outperforms GPT-3 but not PaLM.", False),
        ("SortNet beats GPT-3.", False),
        ("GPT-3 is outperformed by SortNet.", False),
        ("PaLM is not outperformed.", False),
        ("Accuracy improves from 61.2% to 87.3%.", False),
        ("Latency decreases by a third.", False),
    ],
)
def test_short_sentences_are_compared_too(sentence: str, turned: bool) -> None:
    assert bool(DirectionChecker(SHORT_SOURCE).contradictions(sentence)) is turned


AVOIDING = """The decoder answers in one step, while avoiding explicit planning text between its layers. This is
the first causal explanation of why such decoders fail."""


@pytest.mark.parametrize(
    ("true", "turned"),
    [
        (
            "The decoder avoids explicit planning text between layers.",
            "The decoder writes explicit planning text between layers.",
        ),
        ("The decoder answers without explicit planning text.", "The decoder answers with explicit planning text."),
        (
            "It is the first causal explanation of why decoders fail.",
            "It is the second causal explanation of why decoders fail.",
        ),
    ],
)
def test_what_is_avoided_and_what_comes_first_are_directions(true: str, turned: str) -> None:
    checker = DirectionChecker(AVOIDING)
    assert checker.contradictions(true) == ()
    assert checker.contradictions(turned)


@pytest.mark.parametrize(
    ("source", "sentence", "turned"),
    [
        ("Noise causes overfitting in small networks.", "Overfitting in small networks is caused by noise.", False),
        ("Large batches lead to unstable training.", "Unstable training is caused by large batches.", False),
        ("Overfitting in small networks is caused by noise.", "Noise causes overfitting in small networks.", False),
        ("Noise caused overfitting in small networks.", "Noise was caused by overfitting in small networks.", True),
        ("Overfitting in small networks is caused by noise.", "Overfitting causes noise in small networks.", True),
    ],
)
def test_a_cause_may_be_named_in_the_passive(source: str, sentence: str, turned: bool) -> None:
    assert bool(DirectionChecker(source).contradictions(sentence)) is turned
