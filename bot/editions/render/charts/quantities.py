"""Localized numbers of a chart: "1,680 papers", "1 paper", "−2.5%", and short forms for an axis, "1.2M".

Separators, plurals and short forms depend on the language.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import floor, log10

from bot.locale import Translator

MINUS = "−"
MAX_VALUE = 1e15
"""Limit of exact integers in a float (2**53); larger values are cut to it."""
_EPSILON = 1e-9
"""Nearer to zero than this is zero."""
THOUSAND, MILLION, BILLION, TRILLION = 1e3, 1e6, 1e9, 1e12
_SCALES = (TRILLION, BILLION, MILLION, THOUSAND)
_SHORT_AXIS_FROM = 100_000
"""Axes that reach this far have short numbers."""
ATTACHED = ("%", "‰", "°", "×")
"""Units that follow their number without a space, and have no plural."""
_PLURALS_IN_S = ("en", "fr", "es", "pt")
"""Languages whose plurals mostly end in `s`."""
_UNCHANGED = ("ss", "us", "is", "series", "news")
"""Endings of words whose `s` is no plural."""
_JOINING = frozenset({"a", "an", "at", "by", "for", "from", "in", "of", "on", "per", "to", "with"})


def clamped(value: float) -> float:
    """The value within the drawable range: at most `LARGEST`, and 0 if it is negligible or not a number."""
    if value != value or abs(value) < _EPSILON:
        return 0.0
    return min(max(value, -MAX_VALUE), MAX_VALUE)


def decimals_for(values: Iterable[float]) -> int:
    """Number of decimals for all these numbers: as few as possible, at most two after the first significant digit.

    `1.5` and `2` become "1.5" and "2.0", integers have no decimals, and 0.00123 becomes "0.00123".
    """
    magnitudes = [abs(clamped(value)) for value in values]
    largest = max(magnitudes, default=0.0)
    max_decimals = 2 if largest >= 1 or not largest else 2 - floor(log10(largest))
    sufficient = (
        n for n in range(max_decimals) if all(abs(round(value, n) - value) < _EPSILON for value in magnitudes)
    )
    return next(sufficient, max_decimals)


def number(value: float, decimals: int, words: Translator) -> str:
    """The number with the language's marks and a true minus: "1,680", "−0.50".

    One that would round to zero has the decimals of its first digit: beside 12.50, 0.001 is "0.001" and not "0.00".
    """
    value = clamped(value)
    if not value:
        return "0"
    written = words.number(abs(value), decimals)
    if not any(digit in written for digit in "123456789"):
        written = words.number(abs(value), -floor(log10(abs(value))))
    return MINUS + written if value < 0 else written


def with_unit(value: float, decimals: int, unit: str, words: Translator) -> str:
    """The number with its unit, which is given in the plural: "1 paper", "1,680 papers", "12%"."""
    written = number(value, decimals, words)
    if not unit or unit in ATTACHED:
        return written + unit
    value = clamped(value)
    n = round(value) if value >= 0 and not (value and decimals) else 2  # "1.0 papers" and "−1 papers" are plural
    if unit == words.pgettext("unit", "papers"):
        return words.ngettext("{n} paper", "{n} papers", n, n=written)
    if unit == words.pgettext("unit", "votes"):
        return words.ngettext("{n} vote", "{n} votes", n, n=written)
    return f"{written} {singular(unit) if n == 1 and words.language.code in _PLURALS_IN_S else unit}"


def singular(unit: str) -> str:
    """The singular of a plural, used after the number 1. Of several words the last is changed, or the one before "per",
    "of" and the like.

    Only plurals in `s` are known (most in English, French, Spanish and Portuguese); others are returned unchanged.
    """
    words = unit.split(" ")
    at = next((n - 1 for n, word in enumerate(words) if n and word in _JOINING), len(words) - 1)
    words[at] = _singular_word(words[at])
    return " ".join(words)


def axis_label(value: float, step: float, top: float, words: Translator) -> str:
    """A number for an axis with this step and maximum: "250", "2,500", and from 100,000 on "250k"."""
    scale = next((each for each in _SCALES if top >= max(each, _SHORT_AXIS_FROM)), 1.0)
    written = number(value / scale, decimals_for([step / scale]), words)
    return _with_scale_suffix(written, scale, words) if value else written


def short_value(value: float, decimals: int, words: Translator) -> str:
    """A number on a column that has little room: from ten thousand on, three digits of it and its size, "1.25M"."""
    value = clamped(value)
    scale = next((each for each in _SCALES if abs(value) >= each), 1.0)
    if abs(value) < 10_000:
        return number(value, decimals, words)
    digits = decimals_for([round(value / scale, max(2 - floor(log10(abs(value / scale))), 0))])
    return _with_scale_suffix(number(value / scale, digits, words), scale, words)


def _with_scale_suffix(written: str, scale: float, words: Translator) -> str:
    """The number with the short form for thousands, millions, billions or trillions."""
    if scale == THOUSAND:
        # Translators: thousands in a chart, as short as can be understood.
        return words.gettext("{number}k", number=written)
    if scale == MILLION:
        # Translators: millions in a chart, as short as can be understood.
        return words.gettext("{number}M", number=written)
    if scale == BILLION:
        # Translators: thousands of millions in a chart, as short as can be understood.
        return words.gettext("{number}bn", number=written)
    if scale == TRILLION:
        # Translators: millions of millions in a chart, as short as can be understood.
        return words.gettext("{number}tn", number=written)
    return written


def _singular_word(word: str) -> str:
    if len(word) < 4 or not word.endswith("s") or word.endswith(_UNCHANGED):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-2] if word.endswith(("sses", "xes", "ches", "shes")) else word[:-1]
