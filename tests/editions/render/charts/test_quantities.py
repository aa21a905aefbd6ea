"""Localized numbers: decimals, thousands, singular and plural."""

from __future__ import annotations

import pytest

from bot.editions.model.translation import DOMAIN, IN_ENGLISH
from bot.editions.render.charts import quantities
from bot.locale import translator


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
    assert quantities.decimals_for(values) == decimals


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
        (-0.001, 1, "%", "−0.001%"),
        (0.004, 2, "s", "0.004 s"),
        (0.006, 2, "s", "0.01 s"),
        (1e9, 0, "papers", "1,000,000,000 papers"),
    ],
)
def test_a_number_goes_with_its_unit(value: float, decimals: int, unit: str, said: str) -> None:
    assert quantities.with_unit(value, decimals, unit, IN_ENGLISH) == said


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
    assert quantities.axis_label(value, step, top, IN_ENGLISH) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [(9_999, "9,999"), (12_340, "12.3k"), (1_250_000, "1.25M"), (-3e6, "−3M"), (231e9, "231bn"), (999_999, "1,000k")],
)
def test_on_a_column_a_large_number_has_three_digits(value: float, said: str) -> None:
    assert quantities.short_value(value, 0, IN_ENGLISH) == said


@pytest.mark.parametrize(
    ("code", "value", "decimals", "unit", "said"),
    [
        ("de", 1680, 0, "Papers", "1.680 Papers"),
        ("de", 1, 0, "Papers", "1 Paper"),
        ("de", -2.5, 1, "%", "−2,5%"),
        ("de", 1, 0, "Autos", "1 Autos"),
        ("fr", 0, 0, "articles", "0 article"),
        ("fr", 1, 0, "heures", "1 heure"),
        ("es", 1.5, 1, "votos", "1,5 votos"),
        ("pt", 1, 0, "artigos", "1 artigo"),
        ("it", 1, 0, "voti", "1 voto"),
        ("nl", 2, 0, "stemmen", "2 stemmen"),
    ],
)
def test_each_language_has_its_own_marks_and_plurals(
    code: str, value: float, decimals: int, unit: str, said: str
) -> None:
    assert quantities.with_unit(value, decimals, unit, translator(DOMAIN, code)) == said


@pytest.mark.parametrize(
    ("code", "value", "said"),
    [
        ("de", 12_340, "12,3 Tsd."),
        ("fr", 1_250_000, "1,25 M"),
        ("es", 2.5e9, "2,5 mil M"),
        ("pt", 12_000, "12 mil"),
        ("it", -3e6, "−3 Mln"),
        ("nl", 4e12, "4 bln."),
    ],
)
def test_each_language_has_its_own_short_forms(code: str, value: float, said: str) -> None:
    words = translator(DOMAIN, code)
    assert quantities.short_value(value, 0, words) == said


def test_beside_an_axis_numbers_are_short_in_the_language_too() -> None:
    assert quantities.axis_label(150_000, 50_000, 200_000, translator(DOMAIN, "de")) == "150 Tsd."
    assert quantities.axis_label(1_500_000, 500_000, 2_000_000, translator(DOMAIN, "nl")) == "1,5 mln."
