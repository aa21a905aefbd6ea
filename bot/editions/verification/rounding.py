"""Honest rounding: 87.34 may be told as 87.3 or 87, and 12,345 as "about 12,000"."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction

from bot.editions.verification.numbers import Amount, Meaning

_FIGURES = re.compile(r"(?<![\d.,])(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d+))?")
_APPROXIMATE = re.compile(
    r"(?:\b(?:about|around|roughly|approximately|nearly|almost|some|over|more than|up to|close to|ca\.?|circa)|[~≈])\s?"
    r"[$€£]?\Z",
    re.IGNORECASE,
)
_MIN_DIGITS = 2
"""Significant digits that a rounded number keeps."""
_MAX_DIGITS = 60
"""Significant digits of a number that can be a rounded one; no measurement has more."""


def is_rounded(amount: Amount, text: str, known: Iterable[Meaning]) -> bool:
    """Return True if the amount is a known number of the same unit, rounded to fewer digits.

    At least two significant digits remain. Whole tens, hundreds and thousands need a word such as "about".
    """
    figures = _FIGURES.search(text, amount.start, amount.end)
    if figures is None:
        return False
    whole, decimals = figures[1].replace(",", "").lstrip("0"), figures[2] or ""
    digits = (whole + decimals).lstrip("0")
    if not _MIN_DIGITS <= len(digits) <= _MAX_DIGITS or len(decimals) > _MAX_DIGITS:
        return False
    step = Fraction(1, 10 ** len(decimals))
    if not decimals and _APPROXIMATE.search(text, max(0, amount.start - 20), amount.start):
        step = Fraction(10 ** min(len(whole) - len(whole.rstrip("0")), len(whole) - _MIN_DIGITS))
    stated = Fraction(f"{whole or 0}.{decimals or 0}")
    if not stated:
        return False
    return any(
        unit == known_unit and value >= stated and known_value != value and _rounds(known_value, value, stated, step)
        for value, unit in amount.meanings
        for known_value, known_unit in known
    )


def _rounds(known: Fraction, value: Fraction, stated: Fraction, step: Fraction) -> bool:
    """Return True if the known value is within half a step of the stated one and has more digits than it."""
    scale = value / stated
    steps = known / scale / step
    return abs(known / scale - stated) * 2 <= step and steps.denominator != 1 and _is_decimal(known / scale)


def _is_decimal(value: Fraction) -> bool:
    """Return True if the value is written with few decimals, as a measured number is; thirds are not."""
    return (value * 10**6).denominator == 1
