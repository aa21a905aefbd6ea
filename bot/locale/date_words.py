"""Dates and times as people type them in English or German, brought into one short English form.

"do 10 Uhr" becomes "thursday 10:00", "3 pm" becomes "15:00", "14. November 2026" becomes "2026-11-14", "alle zwei
Wochen donnerstags um 16 Uhr" becomes "every 2 weeks thursday 16:00". What is not recognized stays as it was typed.
"""

from __future__ import annotations

import re
from datetime import date

_WEEKDAYS = {
    "monday": "montag|mo",
    "tuesday": "dienstag|di",
    "wednesday": "mittwoch|mi",
    "thursday": "donnerstag|do",
    "friday": "freitag|fr",
    "saturday": "samstag|sonnabend|sa",
    "sunday": "sonntag|so",
}
_MONTHS = ("jan", "feb", "mar|mär|mrz", "apr", "may|mai", "jun", "jul", "aug", "sep", "oct|okt", "nov", "dec|dez")
_NUMBERS = {
    "einem": 1, "einer": 1, "ein": 1, "zwei": 2, "drei": 3, "vier": 4, "fünf": 5, "sechs": 6, "sieben": 7, "acht": 8,
    "a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
}  # fmt: skip
_ANY_WEEKDAY = "|".join(_WEEKDAYS)
_ANY_MONTH = "|".join(_MONTHS)
_ANY_NUMBER = rf"\d{{1,3}}|{'|'.join(_NUMBERS)}"

_CLOCK = re.compile(r"\b(\d{1,2})(?:[:.](\d{2}))? ?(?:uhr|h)\b(?: ?(\d{2})\b)?")
_HALF_DAY = re.compile(r"(?<![\w:.-])(1[0-2]|0?[1-9])(?:[:.]([0-5]\d))? ?([ap])(?:m|\.m\.)(?!\w)")
_SPOKEN_CLOCK = re.compile(
    r"""(?<!\w)(?: (?:12\ ?)?noon | (?:zu\ )?mittags? | (?P<half>half\ past|halb)\ (?P<hour>1[0-2]|[1-9]|[a-zäöü]+)
    | (?P<whole>1[0-2]|[1-9]|[a-zäöü]+)\ ?o[’']clock )(?!\w)""",
    re.VERBOSE,
)
"""Times in words: "noon", "half past five", "5 o'clock", "mittags", "halb sechs", which is half past five."""
_HOURS = {**_NUMBERS, "neun": 9, "zehn": 10, "elf": 11, "zwölf": 12, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12}
_GERMAN_DAY = re.compile(rf" ?(?:(?:{'|'.join(_WEEKDAYS.values())})\b|\d)")
"""Words after a German "am", as in "12 am Montag", which is noon."""
_DOTTED = re.compile(r"(?<!\d)(?<!\d\.)(\d{1,2})\. ?(\d{1,2})\.(?: ?(\d{4})(?![\d:]))?")
_DAY_MONTH = re.compile(rf"(?<!\d)(\d{{1,2}})(?:\.|st|nd|rd|th)? ({_ANY_MONTH})[a-zä]*\b\.?,?(?: (\d{{4}})(?![\d:]))?")
_MONTH_DAY = re.compile(rf"\b({_ANY_MONTH})[a-zä]* (\d{{1,2}})(?:st|nd|rd|th)?(?![\d:])(?:,? (\d{{4}})(?![\d:]))?")
_AHEAD = re.compile(rf"\bin ({_ANY_NUMBER}) (tage?n?|days?|wochen?|weeks?)\b")
_EVERY_WEEKS = re.compile(rf"\balle ({_ANY_NUMBER}) wochen\b")
_DAY_OF_MONTH = re.compile(r"\b(?:every )?(\d{1,2})\. of the month\b")
_ON_EVERY_DAY = re.compile(
    rf"\b(?:{'|'.join(word for words in _WEEKDAYS.values() for word in words.split('|') if len(word) > 2)})s\b"
)
_SERIES = re.compile(r"\b(?:every|first|second|third|fourth|last|daily|weekdays)\b")

_WORDS = {
    r"jetzt|sofort": "now",
    r"heute": "today",
    r"übermorgen|(?:the )?day after tomorrow": "in 2 days",
    r"morgen": "tomorrow",
    r"gestern": "yesterday",
    r"(?:im|in jedem|jedes|jeden|des|pro) monats?": "of the month",
    r"monatlich|monthly": "",
    r"jede zweite woche": "every 2 weeks",
    r"jede woche|wöchentlich|weekly": "every week",
    r"jeden tag|täglich": "every day",
    r"jeden werktag|werktags|an werktagen": "every weekday",
    r"jede[nrs]?": "every",
    r"erste[nrs]?": "first",
    r"zweite[nrs]?": "second",
    r"dritte[nrs]?": "third",
    r"vierte[nrs]?": "fourth",
    r"letzte[nrs]?": "last",
    r"und": "and",
    r"ab|von": "from",
    r"bis(?: zum)?": "until",
    r"am|um|den|dem|gegen": "",
    **{rf"(?:{words})s?\.?": name for name, words in _WEEKDAYS.items()},
}
_REPLACED = tuple((re.compile(rf"(?<!\w)(?:{words})(?!\w)"), english) for words, english in _WORDS.items())
_COMING = re.compile(rf"\b(?:nächste[nrs]?|kommende[nrs]?|diese[nrs]?|next|this|coming) (?={_ANY_WEEKDAY})")
_NUMBERED = re.compile(rf"\b([1-4])\. (?={_ANY_WEEKDAY})")
_NUMERALS = ("first", "second", "third", "fourth")
_TIME_FIRST = re.compile(
    r"\A(?:at )?(\d{1,2}:\d{2}),? (?:on )?"
    r"((?:mon|tue|wed|thu|fri|sat|sun)[a-z]*|today|tomorrow|in \d{1,3} days|(?:\d{4}|-)-\d\d-\d\d)\Z"
)
"""A time before its day: "17:30 on friday"."""
_REPEATED = re.compile(r"\b(every(?: \w+)? weeks?) every\b")


def plain_date_words(typed: str) -> str:
    """The text in small letters, with German words in English, dates as `2026-12-24` or `--12-24`, and times as 16:00.

    A date without its year begins with `--`, as in ISO 8601.
    """
    text = " ".join(typed.split()).lower()
    if "freq=" in text:
        return text
    text = _SPOKEN_CLOCK.sub(_in_figures, text)
    text = _HALF_DAY.sub(_in_24_hours, text)
    text = _CLOCK.sub(lambda found: f"{found[1]}:{found[2] or found[3] or '00'}", text)
    text = _DOTTED.sub(lambda found: _iso(found[0], found[3], found[2], found[1]), text)
    text = _DAY_MONTH.sub(lambda found: _iso(found[0], found[3], _month(found[2]), found[1]), text)
    text = _MONTH_DAY.sub(lambda found: _iso(found[0], found[3], _month(found[1]), found[2]), text)
    series = bool(_ON_EVERY_DAY.search(text))
    text = _EVERY_WEEKS.sub(lambda found: f"every {_number(found[1])} weeks", text)
    for pattern, english in _REPLACED:
        text = pattern.sub(english, text)
    text = _AHEAD.sub(lambda found: f"in {_number(found[1]) * (7 if found[2][0] == 'w' else 1)} days", text)
    text = _COMING.sub("", " ".join(text.split()))
    text = _NUMBERED.sub(lambda found: f"{_NUMERALS[int(found[1]) - 1]} ", text)
    text = _REPEATED.sub(r"\1", text)
    text = _DAY_OF_MONTH.sub(lambda found: f"the {found[1]}th of the month", text)
    text = _TIME_FIRST.sub(r"\2 \1", text)
    return f"every {text}" if series and not _SERIES.search(text) else text


def _in_24_hours(found: re.Match[str]) -> str:
    """The time of a match of `_HALF_DAY`: "3 pm" is 15:00, and "12 am" midnight, but for a German "12 am Montag"."""
    hour = int(found[1]) % 12
    late = found[3] == "p" or (hour == 0 and _GERMAN_DAY.match(found.string, found.end()))
    return f"{hour + (12 if late else 0):02}:{found[2] or '00'}"


def _in_figures(found: re.Match[str]) -> str:
    """The time of a match of `_SPOKEN_CLOCK` as 17:30; the words themselves if they name no hour."""
    if not (typed := found["hour"] or found["whole"]):
        return "12:00"
    hour = int(typed) if typed.isdigit() else _HOURS.get(typed, 0)
    if not hour:
        return found[0]
    if found["half"] == "halb":
        return f"{(hour - 2) % 12 + 1}:30"
    return f"{hour}:{'30' if found['half'] else '00'}"


def _number(word: str) -> int:
    return _NUMBERS.get(word) or int(word)


def _month(word: str) -> int:
    return next(number for number, names in enumerate(_MONTHS, 1) if word in names.split("|"))


def _iso(typed: str, year: str | None, month: str | int, day: str) -> str:
    """The date in ISO form; as it was typed if there is no such day."""
    try:
        found = date(int(year or 2024), int(month), int(day))
    except ValueError:
        return typed
    return f"{found}" if year else f"--{found:%m-%d}"
