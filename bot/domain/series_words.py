"""Words of a series of meetings: its pattern in one of the forms that are read, its first and its last day."""

from __future__ import annotations

import re
from datetime import date

from bot.domain.edition_calendar import LONG_DAYS
from bot.errors import UserError
from bot.locale.current import _

_NUMBER_WORDS = {"three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8}
DAYS = "|".join(f"{day.lower()}s?|{day.lower()[:3]}" for day in LONG_DAYS) + "|tues|thur|thurs|weds"
_LAST_WORDS = ("until", "till", "through")
_BOUND = re.compile(
    r",?\s+(?:and )?(from|starting(?: on| from)?|beginning|until|till|through)\s+((?:\d{4}|-)-\d{2}-\d{2})(?=[\s,]|$)"
)
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
        bounds[name] = _bound(found[2], bounds.get("from", today))
    return _RHYTHM_LAST.sub(r"\2 \1", _BOUND.sub("", plain)), bounds


def _bound(word: str, earliest: date) -> date:
    if not word.startswith("--"):
        return read_day(word)
    days = (read_day(f"{year}{word[1:]}") for year in (earliest.year, earliest.year + 1))
    return next(day for day in days if day >= earliest)


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
