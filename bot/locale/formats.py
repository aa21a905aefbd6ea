"""Dates, numbers and lists as a locale writes them, from the Unicode CLDR by way of Babel."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, time

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.lists import format_list
from babel.numbers import format_decimal, get_decimal_symbol, get_group_symbol


def _skeleton(fields: str, day: date, locale: str) -> str:
    """A day in the locale's order, with only these fields. English months have three letters everywhere: of all, the
    British data has four for September alone.
    """
    written = format_skeleton(fields, day, locale=locale)
    return re.sub(r"\bSept\b", "Sep", written) if locale.startswith("en") else written


def long_date(day: date, locale: str) -> str:
    """A day with its month in full: "23 November 2026"."""
    return format_date(day, "long", locale=locale)


def short_date(day: date, locale: str) -> str:
    """A day in small print: "23 Nov 2026"."""
    return _skeleton("yMMMd", day, locale)


def day_of_month(day: date, locale: str) -> str:
    """A day without its year, as the axis of a chart has it: "23 Nov"."""
    return _skeleton("MMMd", day, locale)


def weekday(day: date, locale: str) -> str:
    """The name of a day of the week: "Thursday"."""
    return format_date(day, "EEEE", locale=locale)


def long_month(day: date, locale: str) -> str:
    """A month in full: "November 2026"."""
    return format_skeleton("yMMMM", day, locale=locale)


def short_month(day: date, locale: str) -> str:
    """A month as the axis of a chart has it: "Nov 2026"."""
    return _skeleton("yMMM", day, locale)


def period(first: date, last: date, locale: str) -> str:
    """A range of dates without repeated parts: "16–23 November 2026"."""
    if (first.year, first.month, first.day) == (last.year, last.month, last.day):
        return long_date(first, locale)
    intervals = Locale.parse(locale).interval_formats
    patterns = intervals.get("yMMMMd") or intervals["yMMMd"]
    first_pattern, last_pattern = patterns[
        "y" if first.year != last.year else "M" if first.month != last.month else "d"
    ]
    written = (
        format_date(day, _in_full(pattern), locale=locale)
        for day, pattern in ((first, first_pattern), (last, last_pattern))
    )
    return "".join(written).replace("\u2009", " ")


def _in_full(pattern: str) -> str:
    """The pattern with the month in full and the day without a leading zero: most locales have the short one only."""
    return pattern.replace("MMMM", "MMM").replace("MMM", "MMMM").replace("dd", "d")


def number(value: float, locale: str, decimals: int | None = None) -> str:
    """A number with the locale's marks: "1,204". It has so many decimals, or up to three as they are needed."""
    if decimals is None:
        return format_decimal(value, locale=locale)
    pattern = "#,##0." + "0" * decimals if decimals else "#,##0"
    return format_decimal(value, format=pattern, locale=locale)


def names(people: Sequence[str], locale: str) -> str:
    """Names in a sentence: "Ada, Ben and Cy"."""
    return format_list(list(people), locale=locale) if people else ""


_SKELETONS = {
    "%Y": "y", "%b": "MMM", "%B": "MMMM", "%a": "E", "%A": "EEEE", "%-d": "d", "%d": "dd", "%H:%M": "Hm",
}  # fmt: skip
"""Fields of a CLDR skeleton, by their directive of `strftime`."""


def formatted(value: float | date | time, locale: str, pattern: str) -> str:
    """A number or time in a format of `format()`, with the locale's marks, names and order.

    A format with directives that the locale data has no field for (`%Y-%m-%d` is the same everywhere) is kept.
    """
    if isinstance(value, time):
        return format(value, pattern)
    if not isinstance(value, date):
        marks = get_decimal_symbol(locale), get_group_symbol(locale)
        return format(value, pattern).translate(str.maketrans(".,", "".join(marks)))
    directives = re.findall(r"%H:%M|%-?[a-zA-Z]", pattern)
    if not directives or any(directive not in _SKELETONS for directive in directives) or "%Y-%m-%d" in pattern:
        return format(value, pattern)
    parts: list[str] = []
    if directives == ["%A"]:
        return format_date(value, "EEEE", locale=locale)
    if fields := [_SKELETONS[directive] for directive in directives if directive != "%H:%M"]:
        parts.append(_skeleton("".join(sorted(fields, key=list(_SKELETONS.values()).index)), value, locale))
    if "%H:%M" in directives:
        parts.append(format(value, "%H:%M"))
    written = ", ".join(parts)
    return written + pattern[pattern.rfind("%M") + 2 :] if "%M" in pattern else written
