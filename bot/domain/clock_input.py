"""Times of day as people type them: with an end or a duration, seconds, and a time zone.

"Thu 4-5:30 pm CET" is "Thu 16:00" for 90 minutes in the zone CET. What is left is read as before: the day, or the rule.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta, timezone, tzinfo
from functools import cache
from zoneinfo import ZoneInfo

from bot.domain.club_settings import zone_names
from bot.errors import UserError
from bot.locale.current import _

LONGEST = timedelta(hours=12)
"""Longest time between a start and an end; more is a mistake."""

ABBREVIATIONS = {
    **dict.fromkeys(("utc", "gmt", "z"), "UTC"),
    **dict.fromkeys(("cet", "cest", "mez", "mesz"), "CET"),
    **dict.fromkeys(("eet", "eest", "oez", "oesz"), "EET"),
    **dict.fromkeys(("wet", "west"), "WET"),
    "bst": "Europe/London",
    **dict.fromkeys(("et", "est", "edt"), "America/New_York"),
    **dict.fromkeys(("ct", "cdt"), "America/Chicago"),
    **dict.fromkeys(("mt", "mst", "mdt"), "America/Denver"),
    **dict.fromkeys(("pt", "pst", "pdt"), "America/Los_Angeles"),
    "jst": "Asia/Tokyo",
    "kst": "Asia/Seoul",
    **dict.fromkeys(("aest", "aedt"), "Australia/Sydney"),
    **dict.fromkeys(("nzst", "nzdt"), "Pacific/Auckland"),
}
"""Abbreviations with one usual meaning. CST and IST have several, so they are not understood."""

_HALF = r"(?:uhr|h|[ap]\.?m\.?)"
_CLOCK = rf"\d{{1,2}}(?:[:.]\d{{2}})?(?:\ ?{_HALF})?"
_MONTHS = "jan|feb|m[aä]r|apr|ma[iy]|jun|jul|aug|sep|o[ck]t|nov|de[cz]"
_SECONDS = re.compile(r"(?<![\d:.])(\d{1,2}:\d{2}):\d{2}(?:\.\d+)?(?![\d:])")
_SPAN = re.compile(
    rf"""(?<![\d.:/-]) (?:(?:from|between|von|zwischen)\ )?
    (?P<start>{_CLOCK}) \ ?(?:-|to\b|till?\b|until\b|bis\b|and\b|und\b)\ ?
    (?P<end>{_CLOCK}) (?![\d:./-]|\w|\ (?:{_MONTHS})[a-z]*\b)""",
    re.VERBOSE,
)
_DURATION = re.compile(
    r"""[, ]*(?:\(|\bfor\ |\bfür\ |(?<=\d)\ (?=\d{1,3}\ ?min))
    (?P<number>\d{1,3}(?:[.,]5)?|an?|one|two|eine?|zwei|half\ an) \ ?
    (?P<unit>min(?:ute)?s?|minuten?|hours?|hrs?|h|stunden?)\b \.? \)?""",
    re.VERBOSE,
)
_NUMBERS = {"half an": 0.5, "a": 1, "an": 1, "one": 1, "ein": 1, "eine": 1, "two": 2, "zwei": 2}
_OFFSET = r"(?:utc|gmt)\ ?[+-]\d{1,2}(?::?\d{2})?|\ ?\+\d{1,2}:?(?:\d{2})?"
_ZONE = re.compile(
    rf"""(?P<clock>{_CLOCK}) (?:\ ?\( | \ | (?=[z+]))
    (?P<zone>{_OFFSET}|[a-z]+(?:/[a-z_+-]+)+|[a-z]+(?:[ _][a-z]+){{0,2}}?)
    (?:\ time)?\ ?\)? (?=$|,|\ (?:until|till|from|starting|bis|ab|every|on|for|für|weekly)\b|\ \d)""",
    re.VERBOSE,
)
_ISO_OFFSET = re.compile(r"(?P<clock>\d{4}-\d{2}-\d{2}t\d{2}:\d{2})(?P<zone>[+-]\d{2}:?\d{2})$")


@dataclass(frozen=True, slots=True)
class ClockInput:
    """A typed date or rule whose times are one start; its duration and its zone, if they were typed."""

    text: str
    minutes: int | None = None
    zone: tzinfo | None = None
    """A `ZoneInfo`, or a fixed offset such as +02:00."""

    @classmethod
    def read(cls, typed: str) -> ClockInput:
        """Take the end, the duration and the zone out of a text. Raises UserError if the end is before the start."""
        text = " ".join(typed.split()).lower()
        if "freq=" in text:
            return cls._of_rule(typed)
        text = re.sub(r" ?[–—−] ?", "-", text)
        text = re.sub(r"(?<=\d) - (?=\d)", "-", text)
        text = _SECONDS.sub(r"\1", text)
        text, zone = _without_zone(text)
        text, minutes = _without_duration(text)
        if minutes is not None and not 0 < minutes <= LONGEST.total_seconds() / 60:
            raise UserError(
                _("“{typed}” ends before it starts, or lasts longer than 12 hours.", typed=typed.strip()[:60])
            )
        if zone is None and minutes is None:
            return cls(_SECONDS.sub(r"\1", typed))
        return cls(" ".join(text.split()), minutes, zone)

    @classmethod
    def _of_rule(cls, typed: str) -> ClockInput:
        """The same for an RRULE, of which only a zone at the end is taken."""
        text = " ".join(typed.split())
        before, _unused, last = text.rpartition(" ")
        return cls(before, zone=zone) if before.count(" ") and (zone := _zone(last.lower())) else cls(text)

    @property
    def named_zone(self) -> ZoneInfo | None:
        """The zone, if it has a name and so knows when its clocks change."""
        return self.zone if isinstance(self.zone, ZoneInfo) else None


def _without_zone(text: str) -> tuple[str, tzinfo | None]:
    """The text without the zone behind its time of day, and that zone."""
    for pattern in (_ISO_OFFSET, _ZONE):
        for found in pattern.finditer(text):
            if zone := _zone(found["zone"]):
                return f"{text[: found.start()]}{found['clock']}{text[found.end() :]}", zone
    return text, None


def _without_duration(text: str) -> tuple[str, int | None]:
    """The text with a start alone, and the minutes until the end."""
    if (found := _SPAN.search(text)) and (span := _span(found["start"], found["end"])):
        return f"{text[: found.start()]}{span[0]}{text[found.end() :]}", span[1]
    if found := _DURATION.search(text):
        number = found["number"].replace(",", ".")
        count = _NUMBERS[number] if number in _NUMBERS else float(number)
        minutes = round(count * (1 if found["unit"].startswith("min") else 60))
        return f"{text[: found.start()]}{text[found.end() :]}", minutes
    return text, None


def _span(start: str, end: str) -> tuple[str, int] | None:
    """The start as 16:00, and the minutes until the end; None if these are no times of day."""
    first, last = _parts(start), _parts(end)
    if first is None or last is None:
        return None
    (hour, minute, half), (end_hour, end_minute, end_half) = first, last
    if half and not end_half and end_hour <= 12:
        end_hour = _in_24_hours(end_hour, half)
        end_hour += 12 if end_hour * 60 + end_minute <= _in_24_hours(hour, half) * 60 + minute < 720 else 0
    elif end_half and not half and hour <= 12:
        later = _in_24_hours(hour, end_half)
        end_at = _in_24_hours(end_hour, end_half) * 60 + end_minute
        hour = later if later * 60 + minute < end_at else later - 12 if later >= 12 else later
        end_hour = _in_24_hours(end_hour, end_half)
    else:
        end_hour = _in_24_hours(end_hour, end_half) if end_half else end_hour
    hour = _in_24_hours(hour, half) if half else hour
    if hour > 23 or end_hour > 24 or minute > 59 or end_minute > 59:
        return None
    return f"{hour:02}:{minute:02}", (end_hour * 60 + end_minute - hour * 60 - minute) % (24 * 60)


def _parts(clock: str) -> tuple[int, int, str] | None:
    """Hour, minute, and "a" or "p" or nothing."""
    found = re.fullmatch(r"(\d{1,2})(?:[:.](\d{2}))? ?(?:uhr|h|([ap])\.?m\.?)?", clock)
    return (int(found[1]), int(found[2] or 0), found[3] or "") if found else None


def _in_24_hours(hour: int, half: str) -> int:
    return hour % 12 + (12 if half == "p" else 0)


def _zone(typed: str) -> tzinfo | None:
    """The zone of a name, an abbreviation, an offset, or a city; None if it is none."""
    word = typed.strip().removesuffix(" time")
    if word in ABBREVIATIONS:
        return ZoneInfo(ABBREVIATIONS[word])
    if found := re.fullmatch(r"(?:utc|gmt)? ?([+-])(\d{1,2})(?::?(\d{2}))?", word):
        hours, minutes = int(found[2]), int(found[3] or 0)
        if hours > 14 or minutes > 59:
            return None
        offset = timedelta(hours=hours, minutes=minutes)
        return timezone(offset if found[1] == "+" else -offset)
    name = _zones_by_word().get(word.replace(" ", "_"))
    return ZoneInfo(name) if name else None


@cache
def _zones_by_word() -> dict[str, str]:
    """Names of zones by their small letters, and by their city alone where one zone has it."""
    names = sorted(name for name in zone_names() if "/" in name)
    cities: dict[str, list[str]] = {}
    for name in names:
        if not name.startswith(("Etc/", "US/", "Canada/", "Brazil/", "Mexico/", "Chile/", "posix/", "right/")):
            cities.setdefault(name.rpartition("/")[2].lower(), []).append(name)
    unique = {city: found[0] for city, found in cities.items() if len(found) == 1}
    return unique | {name.lower(): name for name in names}
