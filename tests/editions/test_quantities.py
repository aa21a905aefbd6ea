"""Numbers as people write them: one rule for decimals, for thousands, for one and many."""

from __future__ import annotations

import pytest

from bot.editions import quantities


@pytest.mark.parametrize(
    ("values", "decimals"),
    [
        ((), 0),
        ((0, 3, 1e9), 0),
        ((1.5, 2), 1),
        ((12.345, 1), 2),
        ((0.1 + 0.2,), 1),
        ((0.00123, 0.1), 3),
        ((0.00123,), 5),
        ((1e-300,), 0),
        ((float("nan"), float("inf")), 0),
    ],
)
def test_decimals_are_as_few_as_show_all_numbers(values: tuple[float, ...], decimals: int) -> None:
    assert quantities.places(values) == decimals


@pytest.mark.parametrize(
    ("value", "decimals", "unit", "said"),
    [
        (1, 0, "papers", "1 paper"),
        (-1, 0, "papers", "−1 papers"),
        (1680, 0, "papers", "1,680 papers"),
        (0, 2, "votes", "0 votes"),
        (1, 1, "hours", "1.0 hours"),
        (1, 0, "entries", "1 entry"),
        (1, 0, "boxes", "1 box"),
        (1, 0, "new papers on arXiv", "1 new paper on arXiv"),
        (1, 0, "hours per week", "1 hour per week"),
        (1, 0, "Artikel", "1 Artikel"),
        (1, 0, "loss", "1 loss"),
        (1, 0, "GPUs", "1 GPU"),
        (1, 0, "series", "1 series"),
        (1, 0, "", "1"),
        (-2.5, 1, "%", "−2.5%"),
        (-0.001, 1, "%", "0.0%"),
        (1e9, 0, "papers", "1,000,000,000 papers"),
    ],
)
def test_a_number_goes_with_its_unit(value: float, decimals: int, unit: str, said: str) -> None:
    assert quantities.counted(value, decimals, unit) == said


@pytest.mark.parametrize(
    ("value", "step", "top", "said"),
    [
        (0, 0.5, 2, "0"),
        (1, 0.5, 2, "1.0"),
        (2500, 500, 3000, "2,500"),
        (50_000, 50_000, 200_000, "50k"),
        (-1_500_000, 500_000, 2_000_000, "−1.5M"),
        (2e9, 1e9, 4e9, "2bn"),
        (1e15, 2e14, 1e15, "1,000tn"),
    ],
)
def test_beside_an_axis_large_numbers_are_short(value: float, step: float, top: float, said: str) -> None:
    assert quantities.short(value, step, top) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [(9_999, "9,999"), (12_340, "12.3k"), (1_250_000, "1.25M"), (-3e6, "−3M"), (231e9, "231bn"), (999_999, "1,000k")],
)
def test_on_a_column_a_large_number_has_three_digits(value: float, said: str) -> None:
    assert quantities.brief(value, 0) == said
