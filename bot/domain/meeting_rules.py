"""Rules of meetings: one date or a series as people type it, and the dates of a series.

A rule is an RRULE (RFC 5545) over local dates; the time of day is apart, so that a change of the clocks moves no
meeting. A local time that does not exist is read with the offset before the gap, as for editions; of one that exists
twice the first is used.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import takewhile
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

from bot.domain.clock_input import ClockInput
from bot.domain.date_input import TypedDate
from bot.domain.edition_calendar import LONG_DAYS, to_utc
from bot.domain.series_words import DAYS, EVERY_MONTHS, plain_pattern, read_day, split_bounds
from bot.errors import UserError
from bot.locale.current import _, formatted, mark_text
from bot.locale.date_words import number_of, plain_date_words

DAY_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
"""Days of the week in an RRULE, from Monday on."""
ORDINALS = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4} | {
    "last": -1,
    "penultimate": -2,
}
"""Weeks of a month by the words for them; the last one is -1, the one before it -2."""
_LONGER = {"other": 2, "fifth": 5, "5th": 5, "sixth": 6, "6th": 6}
INTERVALS = {word: weeks for word, weeks in ORDINALS.items() if weeks > 0} | _LONGER
"""Weeks between two meetings by the words for them: "every second Thursday"."""

SEARCH_YEARS = 9
"""Years in which a rule must have a date. The 29th of February may be eight years away."""
MAX_AHEAD = timedelta(days=732)
"""Longest time until a single meeting, or the first of a series."""
CALENDAR_CYCLE = 400
"""Years after which the Gregorian calendar repeats, weekdays included."""
PARTS = {
    "DAILY": {"INTERVAL", "COUNT", "WKST"},
    "WEEKLY": {"INTERVAL", "COUNT", "WKST", "BYDAY"},
    "MONTHLY": {"INTERVAL", "COUNT", "WKST", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS"},
    "YEARLY": {"INTERVAL", "COUNT", "WKST", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS"},
}
"""Parts of an RRULE that each frequency may have, beside UNTIL."""

FORMS = mark_text(
    "Write a date (`2026-12-03 16:00`, `tomorrow 16:00`, `thu 16:00`), or a series (`every "
    "Thursday 16:00`, `every second Thursday 16:00`, `first Monday 17:30`, `last Friday "
    "15:00`, `FREQ=WEEKLY;INTERVAL=3;BYDAY=TU 12:00`)."
)

_TIME = re.compile(r"(?:^|\s)(?:at\s+)?(\d{1,2})(?:[:.](\d{2}))?(?:\s*(?:h|o’clock|o'clock|uhr))?\s*$", re.IGNORECASE)
_COUNT = re.compile(
    r",?\s+(?:(?:for|für)\s+(?P<weeks>\d{1,2})\s+(?:weeks?|wochen?)"
    r"|(?:for\s+)?(?P<n>\d{1,3})(?:\s+|-)?(?:times|x|meetings|sessions|mal|treffen))(?=\s|$)",
    re.IGNORECASE,
)
_EVERY = re.compile(rf"every(?: (?P<n>\w{{1,6}}))? (?P<days>(?:{DAYS})(?:(?:, | and )(?:{DAYS}))*)")
_WEEKS = re.compile(rf"every(?: (?P<n>\d{{1,2}}))? weeks?(?: on)? (?P<days>(?:{DAYS})(?:(?:, | and )(?:{DAYS}))*)")
_MONTHLY = re.compile(
    rf"(?:every |the )*(?P<nth>\w{{3,11}}(?:(?:, | and )(?:the )?\w{{3,11}})*) (?P<day>{DAYS})"
    "(?: of (?:the|each|every) month)?"
)
_MONTHDAY = re.compile(r"(?:every month on )?the (?P<day>\d{1,2})(?:st|nd|rd|th)(?: of (?:the|each|every) month)?")


@dataclass(frozen=True, slots=True)
class MeetingTime:
    """One date, or a series of dates, with a local time. Without a rule it is the one date `first`."""

    first: date
    """Date from which a series counts, or the one date."""
    at: time
    rule: str = ""
    """RRULE without UNTIL, in capitals; empty for one date."""
    until: date | None = None
    minutes: int | None = None
    """Duration, if an end or a duration was typed."""
    zone: ZoneInfo | None = None
    """Zone of the time, if one was typed."""

    def in_zone(self, zone: ZoneInfo) -> MeetingTime:
        """One date in another zone, if its own was typed."""
        if self.zone is None or self.zone.key == zone.key:
            return self
        local = to_utc(self.first, self.at, self.zone).astimezone(zone)
        return replace(self, first=local.date(), at=local.time(), zone=zone)

    def dates(self, after: date) -> Iterator[date]:
        """Local dates after a day, in order; those of a series until its end, or for some hundred years."""
        if not self.rule:
            yield from (self.first,) if self.first > after else ()
            return
        last = self.until or date.max
        yield from takewhile(lambda day: day <= last, (day for day in _evaluate(self.rule, self.first) if day > after))


def read_meeting_time(typed: str, now: datetime, zone: ZoneInfo) -> MeetingTime:
    """The date or series that a text means, in a zone.

    Raises UserError, with the accepted forms, for anything else, for a date in the past, for a time that the clocks
    skip, and for a rule that never happens.
    """
    text = " ".join(typed.replace("RRULE:", "").split())[:200]
    clock = ClockInput.read(text)
    plain = plain_date_words(clock.text)
    zone = clock.named_zone or zone
    today = now.astimezone(zone).date()
    words, bounds = split_bounds(plain, today)
    count = _COUNT.search(words) if _is_series(words) else None
    words = words[: count.start()] + words[count.end() :] if count else words
    at = _TIME.search(words)
    pattern = f"{words[: at.start()]} {words[at.end() :]}".strip(" ,") if at else words
    rule = _rule(pattern)
    if rule and not at:
        raise UserError(_("At what time? Add it: `{text} 16:00`.", text=text[:80]))
    if rule and at:
        if clock.zone and not clock.named_zone:
            raise UserError(_("A series needs a time zone with a name, such as `timezone=Europe/Berlin`."))
        rule = _counted(rule, int(count["n"] or count["weeks"]), weeks=bool(count["weeks"])) if count else rule
        meeting_time = _series(text, rule, _time(at), bounds, now, zone)
    elif bounds:
        raise UserError(_("“{text}” is not a series. {forms}", text=text[:80], forms=_(FORMS)))
    else:
        meeting_time = _single(text, clock, now, zone)
    return replace(meeting_time, minutes=clock.minutes, zone=clock.named_zone)


def _series(typed: str, rule: str, at: time, bounds: dict[str, date], now: datetime, zone: ZoneInfo) -> MeetingTime:
    parts = dict(part.partition("=")[::2] for part in rule.split(";"))
    until = bounds.get("until")
    if stated := parts.pop("UNTIL", ""):
        until = read_day(f"{stated[:4]}-{stated[4:6]}-{stated[6:8]}")
    today = now.astimezone(zone).date()
    first = bounds.get("from") or (today if to_utc(today, at, zone) > now else today + timedelta(days=1))
    if first < today:
        raise UserError(
            _("{first} is in the past. A series starts today or later.", first=formatted(first, "%-d %b %Y"))
        )
    if until and until < today:
        raise UserError(_("{resolved} is in the past.", resolved=formatted(until, "%-d %b %Y")))
    if "from" not in bounds and "INTERVAL" in parts:  # it counts from the first meeting, not from this week
        often = ";".join(f"{name}={value}" for name, value in parts.items() if name not in ("INTERVAL", "COUNT"))
        first = next(iter(MeetingTime(first, at, often, until).dates(first - timedelta(days=1))), first)
    series = MeetingTime(first, at, ";".join(f"{name}={value}" for name, value in parts.items()), until)
    start = next(iter(series.dates(first - timedelta(days=1))), None)
    if start is None or start.year > first.year + SEARCH_YEARS:
        raise UserError(
            _("“{rule}” ends before its first date. Nothing was planned.", rule=typed[:80])
            if until
            else _("“{rule}” never happens. Nothing was planned.", rule=typed[:80])
        )
    if start - today > MAX_AHEAD:
        raise UserError(
            _(
                "The first date would be {start}, which is more than two years away.",
                start=formatted(start, "%-d %b %Y"),
            )
        )
    return MeetingTime(start, at, series.rule, until)


def _single(text: str, clock: ClockInput, now: datetime, zone: ZoneInfo) -> MeetingTime:
    try:
        typed = replace(TypedDate.read(clock.text), zone=clock.zone)
    except UserError:
        raise UserError(
            _("“{text}” is not a date or a series that I understand. {forms}", text=text[:80], forms=_(FORMS))
        ) from None
    if typed.minutes_ahead is not None or (clock.zone and not clock.named_zone and typed.at):
        local = typed.resolve(now, zone).astimezone(zone)
        return MeetingTime(local.date(), local.time())
    if typed.weekday is None and not typed.names_day:
        raise UserError(_("A meeting needs a date. {forms}", forms=_(FORMS)))
    wanted = typed.at
    if wanted is None:
        raise UserError(_("A meeting needs a time of day. {forms}", forms=_(FORMS)))
    if typed.day and (to_utc(typed.day, wanted, zone) - now) > MAX_AHEAD:
        raise UserError(_("{day} is more than two years away.", day=formatted(typed.day, "%-d %b %Y")))
    if typed.day and to_utc(typed.day, wanted, zone) - now > timedelta(days=366):
        start = to_utc(typed.day, wanted, zone)
    else:
        start = typed.resolve(now, zone)
    local = start.astimezone(zone)
    if local.time() != wanted:
        day = typed.day or local.date()
        raise UserError(
            _(
                "{wanted} does not exist on {day} in {key}: the clocks go forward then. Choose another "
                "time, such as {local}.",
                wanted=formatted(wanted, "%H:%M"),
                day=formatted(day, "%-d %b %Y"),
                key=zone.key,
                local=formatted(local, "%H:%M"),
            )
        )
    return MeetingTime(local.date(), wanted)


def _rule(text: str) -> str:
    """RRULE of a pattern without its time; empty if it is no series. Raises UserError for a bad RRULE."""
    if "FREQ=" in text.upper():
        return _checked_rule(text.upper().replace(" ", ""))
    words = text.lower().removesuffix(" at").strip()
    if found := EVERY_MONTHS.fullmatch(words):
        interval = _interval(found["n"]) or number_of(found["n"]) or 0
        day = f"{found['before']} {found['after']}".strip(" ,")
        if not day:
            raise UserError(_("On which day? Add it: `{text} first Monday 16:00`.", text=words[:80]))
        monthly = _monthly(plain_pattern(re.sub(r"\A(?=\d)", "the ", day)))
        return f"{monthly};INTERVAL={interval}" if monthly and 1 < interval <= 24 else monthly
    words = plain_pattern(re.sub(r"\A(?=\d{1,2}\w\w of (?:the|each|every) month)", "the ", words))
    if words in ("every day", "daily"):
        return "FREQ=DAILY"
    if words in ("every weekday", "weekdays"):
        return "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"
    if (found := _EVERY.fullmatch(words)) and (interval := _interval(found["n"])):
        return _weekly(interval, found["days"])
    if (found := _WEEKS.fullmatch(words)) and (interval := _interval(found["n"])):
        return _weekly(interval, found["days"])
    return _monthly(words)


def _monthly(words: str) -> str:
    """RRULE of a day of every month, "first monday" or "the 15th"; empty for other words."""
    if found := _MONTHLY.fullmatch(words):
        nth = [ORDINALS.get(word.removeprefix("the ")) for word in re.split(r", | and ", found["nth"])]
        if all(nth):
            code = DAY_CODES[_weekday(found["day"])]
            return f"FREQ=MONTHLY;BYDAY={','.join(f'{n}{code}' for n in nth)}"
    if (found := _MONTHDAY.fullmatch(words)) and 1 <= int(found["day"]) <= 31:
        return f"FREQ=MONTHLY;BYMONTHDAY={int(found['day'])}"
    return ""


def _is_series(words: str) -> bool:
    """True for words that begin like a series: "in 2 weeks" is a date."""
    return not words.lower().startswith(("in ", "freq=")) and not words[:1].isdigit()


def _counted(rule: str, count: int, *, weeks: bool) -> str:
    """A rule that ends after so many meetings, or after so many weeks. Raises UserError for none."""
    parts = dict(part.partition("=")[::2] for part in rule.split(";"))
    if weeks and parts["FREQ"] == "WEEKLY":
        count = -(-count // int(parts.get("INTERVAL", 1))) * len(parts["BYDAY"].split(","))
    elif weeks and parts["FREQ"] == "DAILY":
        count *= 7
    elif weeks:
        raise UserError(_("Say how many meetings: `5 times`."))
    return _checked_rule(f"{rule};COUNT={count}")


def _weekly(interval: int, days: str) -> str:
    codes = sorted({_weekday(day) for day in re.split(r", | and ", days)})
    every = f";INTERVAL={interval}" if interval > 1 else ""
    return f"FREQ=WEEKLY{every};BYDAY={','.join(DAY_CODES[day] for day in codes)}"


def _interval(word: str | None) -> int:
    """Number of weeks that "second", "other" or "3" means; 0 if it means none."""
    if word is None:
        return 1
    return INTERVALS.get(word, 0) or (int(word) if word.isdecimal() and 0 < int(word) <= 52 else 0)


def _weekday(word: str) -> int:
    return next(i for i, day in enumerate(LONG_DAYS) if day.lower()[:3] == word[:3])


def _checked_rule(rule: str) -> str:
    """An RRULE that people typed. Raises UserError if it has parts that meetings do not take."""
    parts = dict(part.partition("=")[::2] for part in rule.strip(";").split(";"))
    frequency = parts.get("FREQ", "")
    if frequency not in PARTS:
        raise UserError(_("A series is DAILY, WEEKLY, MONTHLY or YEARLY, not “{frequency}”.", frequency=frequency[:20]))
    if unknown := [name for name in parts if name not in {"FREQ", "UNTIL", *PARTS[frequency]}]:
        raise UserError(
            _(
                "A {frequency} series of meetings has no part `{unknown}`.",
                frequency=frequency.lower(),
                unknown=unknown[0][:20],
            )
        )
    for name, most in (("INTERVAL", 99), ("COUNT", 999)):
        if name in parts and not (parts[name].isdecimal() and 1 <= int(parts[name]) <= most):
            raise UserError(
                _("`{name}` is a number from 1 to {most}, not “{parts}”.", name=name, most=most, parts=parts[name][:20])
            )
    if "UNTIL" in parts and not re.fullmatch(r"\d{8}(T\d{6}Z?)?", parts["UNTIL"]):
        raise UserError(_("`UNTIL` is a date such as 20270630, not “{until}”.", until=parts["UNTIL"][:20]))
    try:
        rrulestr(
            ";".join(f"{n}={v}" for n, v in parts.items() if n != "UNTIL"), dtstart=datetime(2026, 1, 1, tzinfo=UTC)
        )
    except (ValueError, KeyError, IndexError, TypeError) as error:
        raise UserError(_("“{rule}” is not a valid RRULE. {forms}", rule=rule[:80], forms=_(FORMS))) from error
    return ";".join(f"{name}={value}" for name, value in parts.items())


def _evaluate(rule: str, first: date) -> Iterator[date]:
    """Dates of an RRULE from a first date, in order.

    dateutil searches for the next date until the year 9999. The rule is therefore evaluated as late as possible, in
    the same year of a later cycle of the calendar: a rule that never happens ends after some hundred years, not
    thousands.
    """
    shift = (9999 - first.year) // CALENDAR_CYCLE * CALENDAR_CYCLE
    start = datetime(first.year + shift, first.month, first.day, tzinfo=UTC)
    for found in rrulestr(rule, dtstart=start):
        yield date(found.year - shift, found.month, found.day)


def _time(found: re.Match[str]) -> time:
    try:
        return time(int(found[1]), int(found[2] or 0))
    except ValueError:
        raise UserError(_("“{found}” is not a time.", found=found[0].strip())) from None


def starts_at(day: date, at: time, zone: ZoneInfo) -> datetime:
    """Start of a meeting of a series on a local day, in UTC."""
    return to_utc(day, at, zone)
