"""Days and spans of days as people type them: "2026-12-24, 2026-12-28..2027-01-03"."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta

from bot.errors import UserError
from bot.locale.current import _, formatted
from bot.locale.date_words import plain_date_words

LONGEST_SPAN = timedelta(days=366)
"""Longest span of days."""


def parse_days(typed: str) -> frozenset[date]:
    """The days of a text. Raises UserError for anything but days and spans of at most a year."""
    days: set[date] = set()
    text = re.sub(r" until | to | ?[–—] ?", "..", plain_date_words(typed.replace("…", "..")))
    for word in re.split(r"[,;\s]+", text.strip(",; \n")[:400]):
        start, _unused, end = word.partition("..")
        try:
            first, last = date.fromisoformat(start[:20]), date.fromisoformat((end or start)[:20])
        except ValueError:
            raise UserError(
                _("“{word}” is not a date. Write it like 2026-12-24, or 2026-12-24..2027-01-03.", word=word[:40])
            ) from None
        if not timedelta(0) <= last - first <= LONGEST_SPAN:
            raise UserError(_("“{word}” must begin with the earlier day, and last at most a year.", word=word[:40]))
        days |= {first + timedelta(days=n) for n in range((last - first).days + 1)}
    return frozenset(days)


def parse_day(typed: str) -> date:
    """The day of a text such as 2026-12-24 or "24. Dezember 2026". Raises UserError for anything else."""
    try:
        return date.fromisoformat(plain_date_words(typed))
    except ValueError:
        raise UserError(_("“{typed}” is not a date. Write it like `2026-01-31`.", typed=typed.strip()[:40])) from None


def format_days(days: Iterable[date]) -> str:
    """The days in order as they are stored, with spans written as `first..last`."""
    return ", ".join(f"{first}" if first == last else f"{first}..{last}" for first, last in _spans(days))


def days_text(days: Iterable[date]) -> str:
    """The days in order for people, in the language in use: "24 Dec 2026 – 3 Jan 2027, 1 May 2027"."""
    return ", ".join(
        _shown(first) if first == last else f"{_shown(first)} – {_shown(last)}" for first, last in _spans(days)
    )


def _shown(day: date) -> str:
    return formatted(day, "%-d %b %Y")


def _spans(days: Iterable[date]) -> list[list[date]]:
    """First and last day of each run of consecutive days, in order."""
    spans: list[list[date]] = []
    for day in sorted(days):
        if spans and day - spans[-1][1] == timedelta(days=1):
            spans[-1][1] = day
        else:
            spans.append([day, day])
    return spans
