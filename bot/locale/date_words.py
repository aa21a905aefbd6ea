"""Dates and times as people type them in English or German, brought into one short English form.

"do 10 Uhr" becomes "thursday 10:00", "3 pm" becomes "15:00", "14. November 2026" becomes "2026-11-14", "alle zwei
Wochen donnerstags um 16 Uhr" becomes "every 2 weeks thursday 16:00". What is not recognized stays as it was typed.
"""

from __future__ import annotations

import re
from calendar import monthrange
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
_MONTH_NAMES = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "sept", "october",
    "november", "december", "januar", "jänner", "februar", "märz", "mrz", "mai", "juni", "juli", "oktober", "dezember",
)  # fmt: skip
_NUMBERS = {
    "einem": 1, "einer": 1, "ein": 1, "zwei": 2, "drei": 3, "vier": 4, "fünf": 5, "sechs": 6, "sieben": 7, "acht": 8,
    "a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
}  # fmt: skip
_ANY_WEEKDAY = "|".join(_WEEKDAYS)
_ANY_MONTH = "|".join(_MONTHS)
_ANY_NUMBER = rf"\d{{1,3}}|{'|'.join(_NUMBERS)}"

_CLOCK = re.compile(r"\b(\d{1,2})(?:[:.](\d{2}))? ?(?:uhr|h)\b(?: ?(\d{2})\b)?")
_HOUR_MINUTES = re.compile(
    r"\b([01]?\d|2[0-3])h([0-5]\d)\b|(?:(?<=day )|(?<=tomorrow )|(?<=days )|(?<=-\d\d )|(?<=\bat )|(?<=\bum )"
    r"|(?<=\b(?:mon|tue|wed|thu|fri|sat|sun) ))([01]\d|2[0-3])([0-5]\d)(?: ?(?:h|uhr|hrs))?\Z"
)
"""Times without a colon: 16h30, and 1630 at the end."""
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
_DOTTED = re.compile(
    r"(?<!\d)(?<!\d\.)(\d{1,2})\. ?(\d{1,2})\.(?: ?(\d{4})(?![\d:])|(\d{2})(?!\d|[:.]\d| ?(?:uhr|h|[ap]\.?m)\b))?"
)
_SLASHED = re.compile(r"(?<![\d/])(\d{4})/(\d{1,2})/(\d{1,2})(?![\d/])|(?<![\d/])(\d{1,2})/(\d{1,2})/(\d{4})(?!\d)")
"""Dates with slashes: 2026/12/03; 12/25/2026 and 25/12/2026, which can only be one day."""
_END_OF_MONTH = re.compile(rf"\b(?:the )?(?:end of|ende) ({_ANY_MONTH})[a-zä]*\b\.?(?: (\d{{4}})(?![\d:]))?")
_DAY_MONTH = re.compile(rf"(?<!\d)(\d{{1,2}})(?:\.|st|nd|rd|th)? ({_ANY_MONTH})[a-zä]*\b\.?,?(?: (\d{{4}})(?![\d:]))?")
_MONTH_DAY = re.compile(rf"\b({_ANY_MONTH})[a-zä]* (\d{{1,2}})(?:st|nd|rd|th)?(?![\d:])(?:,? (\d{{4}})(?![\d:]))?")
_AHEAD = re.compile(rf"\bin ({_ANY_NUMBER}) (tage?n?|days?|wochen?|weeks?)\b")
_MINUTES_AHEAD = re.compile(rf"\bin ({_ANY_NUMBER}|an) (hours?|stunden?|min(?:ute)?n?s?)\b")
_PLURAL_DAY = re.compile(r"\b((?:mon|tues|wednes|thurs|fri|satur|sun)day)s\b")
_TONIGHT = re.compile(
    r"\b(?:tonight|this (?:afternoon|evening)|heute (?:abend|nachmittag)),? (?=(?:at |um )?(?:1[2-9]|2\d):)"
)
_EVERY_WEEKS = re.compile(rf"\balle ({_ANY_NUMBER}) wochen\b")
_EVERY_MONTHS = re.compile(rf"\b(?:alle|every) ({_ANY_NUMBER}) monate?n?\b")
_DAY_OF_MONTH = re.compile(r"\b(?:every )?(\d{1,2})\. of the month\b")
_ON_EVERY_DAY = re.compile(
    rf"\b(?:{'|'.join(word for words in _WEEKDAYS.values() for word in words.split('|') if len(word) > 2)})s\b"
)
_SERIES = re.compile(r"\b(?:every|first|second|third|fourth|last|daily|weekdays|each|bi-?weekly|fortnightly)\b")

_WORDS = {
    r"jetzt|sofort": "now",
    r"(?:in der )?(?:nächste[rnms]?|kommende[rnms]?) woche|the week after|the coming week": "next week",
    r"(?:im )?(?:nächste[nrms]?|kommende[nrms]?) monat|the coming month": "next month",
    r"(?:the )?(?:end of (?:the|this) year|year[’']?s end)|(?:ende des jahres|jahresende)": "--12-31",
    r"heute": "today",
    r"übermorgen|(?:the )?day after tomorrow": "in 2 days",
    r"morgen": "tomorrow",
    r"gestern": "yesterday",
    r"(?:im|in jedem|jedes|jeden|des|pro) monats?": "of the month",
    r"monatlich|monthly": "",
    r"quarterly|every quarter|each quarter|vierteljährlich|quartalsweise|(?:in )?jede[sm] quartal": "every 3 months",
    r"(?:in )?jede[nm] zweiten monat|every (?:second|other) month|bi-?monthly": "every 2 months",
    r"(?:in )?jede[nm] dritten monat|every third month": "every 3 months",
    r"(?:second|next)(?:-| )to(?:-| )last|second last|last but one|vorletzte[nrs]?": "penultimate",
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
_TIME_FIRST = re.compile(r"\A(?:at )?(\d{1,2}:\d{2}),? (?:on )?(?!.*\d:\d\d)(\S.*)\Z")
"""A time before its day: "17:30 on friday", "16:00 every thursday"."""
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
    text = _SLASHED.sub(_slashed, text)
    text = _DOTTED.sub(
        lambda found: _iso(found[0], found[3] or (f"20{found[4]}" if found[4] else None), found[2], found[1]), text
    )
    text = _END_OF_MONTH.sub(_last_of_month, text)
    text = _DAY_MONTH.sub(lambda found: _iso(found[0], found[3], _month(found[2]), found[1]), text)
    text = _MONTH_DAY.sub(lambda found: _iso(found[0], found[3], _month(found[1]), found[2]), text)
    text = _HOUR_MINUTES.sub(lambda found: f"{found[1] or found[3]}:{found[2] or found[4]}", text)
    text = _TONIGHT.sub("today ", text)
    series = bool(_ON_EVERY_DAY.search(text) or _PLURAL_DAY.search(text))
    text = _PLURAL_DAY.sub(r"\1", text)
    text = _EVERY_MONTHS.sub(lambda found: f"every {_number(found[1])} months", text)
    text = _EVERY_WEEKS.sub(lambda found: f"every {_number(found[1])} weeks", text)
    for pattern, english in _REPLACED:
        text = pattern.sub(english, text)
    text = _AHEAD.sub(lambda found: f"in {_number(found[1]) * (7 if found[2][0] == 'w' else 1)} days", text)
    text = _MINUTES_AHEAD.sub(_in_minutes, text)
    text = _COMING.sub("", " ".join(text.split()))
    text = _NUMBERED.sub(lambda found: f"{_NUMERALS[int(found[1]) - 1]} ", text)
    text = _REPEATED.sub(r"\1", text)
    text = _DAY_OF_MONTH.sub(lambda found: f"the {found[1]}th of the month", text)
    text = _TIME_FIRST.sub(r"\2 \1", text)
    return f"every {text.removeprefix('on ')}" if series and not _SERIES.search(text) else text


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


def _in_minutes(found: re.Match[str]) -> str:
    """A match of `_MINUTES_AHEAD` in minutes: "in 2 hours" is "in 120 minutes"."""
    count = 1 if found[1] == "an" else _number(found[1])
    return f"in {count * (1 if found[2].startswith('min') else 60)} minutes"


def _slashed(found: re.Match[str]) -> str:
    """A match of `_SLASHED` in ISO form; as it was typed if month and day could be either."""
    if found[1]:
        return _iso(found[0], found[1], found[2], found[3])
    first, second = int(found[4]), int(found[5])
    if first != second and first <= 12 and second <= 12:
        return found[0]
    month, day = (first, second) if first <= 12 else (second, first)
    return _iso(found[0], found[6], month, str(day))


def _last_of_month(found: re.Match[str]) -> str:
    """The last day of the month of a match of `_END_OF_MONTH`, without its year if none was typed."""
    month = _month(found[1])
    return _iso(found[0], found[2], month, str(monthrange(int(found[2] or 2025), month)[1]))


def number_of(word: str) -> int | None:
    """The number of a numeral or of a word such as "two" or "zwei"; None if it is none."""
    return int(word) if word.isdecimal() and len(word) < 6 else 1 if word == "an" else _HOURS.get(word)


def month_number(word: str) -> int | None:
    """The number of a month from its English or German name, or its first letters, three at least; else None."""
    found = re.fullmatch(rf"({_ANY_MONTH})[a-zä]*", word)
    return _month(found[1]) if found and _is_month(word) else None


def _is_month(word: str) -> bool:
    """True for a beginning of a month's name: "nov" and "november", not "novel"."""
    return any(name.startswith(word) for name in _MONTH_NAMES)


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
