"""Words of a series of meetings: its pattern in one of the forms that are read, its first and its last day."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta

from bot.domain.edition_calendar import LONG_DAYS
from bot.errors import UserError
from bot.locale.current import _

_NUMBER_WORDS = {"three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8}
DAYS = "|".join(f"{day.lower()}s?|{day.lower()[:3]}" for day in LONG_DAYS) + "|tues|thur|thurs|weds"
_LAST_WORDS = ("until", "till", "through")
_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_MONTH_NAMES = "|".join(f"{name}|{name[:3]}" for name in _MONTHS) + "|sept"
_BOUND = re.compile(
    r"(?:\A|,?\s+)(?:and )?"
    r"(from|start(?:ing|s)?(?: on| from)?|begin(?:ning|s)?(?: on| from)?|as of|until|till|through)\s+"
    r"(?P<day>(?:\d{4}|-)-\d{2}-\d{2}|today|now|tomorrow|next week|next month|in \d{1,3} days"
    rf"|(?:the )?(?:{DAYS})(?! \d{{1,2}}:)|(?:in )?(?:{_MONTH_NAMES})(?: \d{{4}})?(?! \d{{1,2}}(?!\d|:)))(?=[\s,]|\Z),?"
)
"""The first or the last day of a series: a date, or words for one."""
EVERY_MONTHS = re.compile(
    r"\A(?P<before>.*?) ?\b(?:of )?every (?P<n>\w{1,6}) months?\b"
    r",?(?: on)?(?: the)? ?(?P<after>.*)\Z"
)
"""A rhythm in months, before or behind the day: "every 3 months first monday"."""
_FORTNIGHT = re.compile(r"^(?:biweekly|bi-weekly|fortnightly|every fortnight)(?: on)? (?=\w)")
_RHYTHM_LAST = re.compile(r"\A(.+?),? (every (?:(?:second|other|two|2) )?weeks?|biweekly|fortnightly)\Z")
_WEEKLY = re.compile(r"^(?:weekly(?: on)?|each) (?=\w)")


def split_bounds(plain: str, today: date) -> tuple[str, dict[str, date]]:
    """The words without first and last day, and these days, as far as they are typed: "from", "until".

    A day without a year is the next such day; the last one comes after the first. Raises UserError for no day.
    """
    bounds: dict[str, date] = {}
    for found in sorted(_BOUND.finditer(plain), key=lambda found: found[1] in _LAST_WORDS):
        name = "until" if found[1] in _LAST_WORDS else "from"
        bounds[name] = _bound(found[2], bounds.get("from", today), today, last=name == "until")
    return _RHYTHM_LAST.sub(r"\2 \1", _BOUND.sub("", plain).strip()), bounds


def _bound(word: str, earliest: date, today: date, *, last: bool) -> date:
    """The day of a bound. Of a week or a month it is the first day, or the last one for the end of a series."""
    if word.startswith("--"):
        days = (read_day(f"{year}{word[1:]}") for year in (earliest.year, earliest.year + 1))
        return next(day for day in days if day >= earliest)
    word = word.removeprefix("the ")
    if word in ("today", "now"):
        return today
    if word == "tomorrow":
        return today + timedelta(days=1)
    if word == "next week":
        return today + timedelta(days=(13 if last else 7) - today.weekday())
    if word == "next month":
        return _month_bound(today.year + today.month // 12, today.month % 12 + 1, last=last)
    if ahead := re.fullmatch(r"in (\d{1,3}) days", word):
        return today + timedelta(days=int(ahead[1]))
    if named := re.fullmatch(rf"(?:in )?({_MONTH_NAMES})(?: (\d{{4}}))?", word):
        month = next(number for number, name in enumerate(_MONTHS, 1) if name.startswith(named[1][:3]))
        years = (int(named[2]),) if named[2] else (earliest.year, earliest.year + 1)
        days = (_month_bound(year, month, last=last) for year in years)
        return next((day for day in days if day >= earliest), _month_bound(years[-1], month, last=last))
    if re.fullmatch(DAYS, word):
        weekday = next(number for number, day in enumerate(LONG_DAYS) if day.lower()[:3] == word[:3])
        days_ahead = (weekday - earliest.weekday()) % 7
        return earliest + timedelta(days=days_ahead if last else days_ahead or 7)
    return read_day(word)


def _month_bound(year: int, month: int, *, last: bool) -> date:
    """The first or the last day of a month."""
    return date(year, month, monthrange(year, month)[1] if last else 1)


def read_day(word: str) -> date:
    """The day of an ISO date. Raises UserError for anything else."""
    try:
        return date.fromisoformat(word)
    except ValueError:
        raise UserError(_("“{word}” is not a date.", word=word)) from None


def plain_pattern(words: str) -> str:
    """A pattern as people write it, in the form of the others: "tue/thu" is "every tue and thu"."""
    words = re.sub(rf"(?<=[a-z])\s*[/&+]\s*(?={DAYS})", " and ", words)
    words = re.sub(r"^(weekly|daily|biweekly|fortnightly|every (?:\w+ )?weeks?),? ", r"\1 ", words)
    words = re.sub(r"^every (?:second|other|two) weeks?(?: on)? ", "every 2 weeks ", words)
    words = re.sub(rf"^every ({'|'.join(_NUMBER_WORDS)}) ", lambda found: f"every {_NUMBER_WORDS[found[1]]} ", words)
    words = _WEEKLY.sub("every ", _FORTNIGHT.sub("every second ", words)).replace("every every", "every")
    words = re.sub(r"^(?:on |every month,? (?:on )?)+", "", words)
    if re.fullmatch(rf"(?:{DAYS})(?:(?:, | and )(?:{DAYS}))+", words):
        words = f"every {words}"
    return re.sub(r"^every (\d{1,2}(?:st|nd|rd|th))$", r"the \1", words)
