"""Figures of the benchmarks on a smaller scale: they may not decrease unnoticed."""

from __future__ import annotations

from importlib.util import find_spec

import pytest

from benchmarks import grounding
from benchmarks.fit_extractive import ridge
from benchmarks.rouge import rouge, words

needs_rouge = pytest.mark.skipif(find_spec("rouge_score") is None, reason="rouge-score is not here: install .[bench]")


@pytest.mark.slow
def test_guard_is_right_as_often_as_it_must_be() -> None:
    by_rule = grounding.measure(grounding.shipped()[:40])
    by_hand = grounding.measure(grounding.paraphrased()[:25])
    for tally in (by_rule, by_hand):
        assert tally.recall >= 0.98, tally.notes
        assert tally.precision >= 0.95, tally.notes


@pytest.mark.parametrize(
    ("word", "root"),
    [
        ("caresses", "caress"), ("ponies", "poni"), ("agreed", "agre"), ("plastered", "plaster"), ("hopping", "hop"),
        ("falling", "fall"), ("filing", "file"), ("happy", "happi"), ("relational", "relat"), ("digitizer", "digit"),
        ("electricity", "electr"), ("adjustment", "adjust"), ("adoption", "adopt"), ("probate", "probat"),
        ("controlling", "control"), ("generalizations", "gener"), ("sky", "sky"), ("was", "was"),
    ],
)  # fmt: skip
def test_stems_are_porters(word: str, root: str) -> None:
    assert words(word) == [root]


@needs_rouge
def test_rouge_of_the_same_is_one_and_of_nothing_is_nought() -> None:
    same = rouge("The models were trained twice.", "the MODELS were training twice")
    assert (same.one, same.two, same.longest) == (1.0, 1.0, 1.0)
    none = rouge("", "something")
    assert (none.one, none.two, none.longest) == (0.0, 0.0, 0.0)


@needs_rouge
def test_rouge_by_hand() -> None:
    found = rouge("the cat sat on a mat", "the cat lay on the mat")
    assert found.one == pytest.approx(2 * 4 / 12)  # the, cat, on, mat
    assert found.two == pytest.approx(2 * 1 / 10)  # the cat
    assert found.longest == pytest.approx(2 * 4 / 12)


def test_words_are_letters_and_digits() -> None:
    assert words("State-of-the-art GPT-4's") == ["state", "of", "the", "art", "gpt", "4", "s"]


def test_ridge_finds_a_line() -> None:
    rows = [(float(x), float(x * x % 7)) for x in range(20)]
    slope, other, base = ridge(rows, [3 * x + 2 for x, _ in rows], [1.0] * 20, 1e-9)
    assert [slope, other, base] == pytest.approx([3, 0, 2], abs=1e-6)
