"""Dates, numbers and lists as a locale writes them, from the Unicode CLDR by way of Babel."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.lists import format_list
from babel.numbers import format_decimal


def long_date(day: date, locale: str) -> str:
    """A day with its month in full: "23 November 2026"."""
    return format_date(day, "long", locale=locale)


def short_date(day: date, locale: str) -> str:
    """A day in small print: "23 Nov 2026"."""
    return format_skeleton("yMMMd", day, locale=locale)


def day_of_month(day: date, locale: str) -> str:
    """A day without its year, as the axis of a chart has it: "23 Nov"."""
    return format_skeleton("MMMd", day, locale=locale)


def weekday(day: date, locale: str) -> str:
    """The name of a day of the week: "Thursday"."""
    return format_date(day, "EEEE", locale=locale)


def long_month(day: date, locale: str) -> str:
    """A month in full: "November 2026"."""
    return format_skeleton("yMMMM", day, locale=locale)


def short_month(day: date, locale: str) -> str:
    """A month as the axis of a chart has it: "Nov 2026"."""
    return format_skeleton("yMMM", day, locale=locale)


def period(first: date, last: date, locale: str) -> str:
    """A range of dates without repeated parts: "16–23 November 2026"."""
    if first == last:
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
