"""Rules of series of meetings in words: "every second Thursday at 16:00"."""

from __future__ import annotations

import re
from datetime import date, time, timedelta

from bot.domain.meeting_rules import DAY_CODES
from bot.locale.current import _, _n, formatted, mark_text

NTH = {
    1: mark_text("first"),
    2: mark_text("second"),
    3: mark_text("third"),
    4: mark_text("fourth"),
    -1: mark_text("last"),
    -2: mark_text("second to last"),
}
"""Words for the weeks of a month; the last one is -1."""
MONDAY = date(2024, 1, 1)
"""Any Monday, from which the names of the days are formatted."""


def _day_name(code: str) -> str:
    """A day of the week in the language in use, by its code in a rule."""
    return formatted(MONDAY + timedelta(days=DAY_CODES.index(code)), "%A")


def describe_rule(rule: str, at: time) -> str:
    """A rule in words: "every second Thursday at 16:00, 5 times"; an RRULE without plain words as it is."""
    clock = _(" at {at}", at=formatted(at, "%H:%M"))
    parts = dict(part.partition("=")[::2] for part in rule.split(";"))
    if (count := parts.pop("COUNT", "")) and "BYMONTH" not in parts:
        rest = describe_rule(";".join(f"{name}={value}" for name, value in parts.items()), at)
        return _n("{rest}, {n} time", "{rest}, {n} times", int(count), rest=rest)
    interval, by_day = int(parts.get("INTERVAL", 1)), parts.get("BYDAY", "")
    days = [_day_name(code) for code in by_day.split(",") if code in DAY_CODES]
    plain_parts = parts.keys() <= {"FREQ", "INTERVAL", "BYDAY"}
    if plain_parts and parts["FREQ"] == "WEEKLY" and days and len(days) == len(by_day.split(",")):
        named = _(" and ").join([", ".join(days[:-1]), days[-1]] if days[1:] else days)
        match interval:
            case 1:
                return _("every {named}{clock}", named=named, clock=clock)
            case 2:
                return _("every second {named}{clock}", named=named, clock=clock)
            case 3:
                return _("every third {named}{clock}", named=named, clock=clock)
            case _:
                return _("every {interval} weeks on {named}{clock}", interval=interval, named=named, clock=clock)
    if parts == {"FREQ": "DAILY"}:
        return _("every day{clock}", clock=clock)
    monthly = re.fullmatch(r"(-?\d)([A-Z]{2})(?:,(-?\d)\2)?", by_day)
    plain_monthly = plain_parts and parts["FREQ"] == "MONTHLY"
    if plain_monthly and monthly and all(int(n) in NTH for n in (monthly[1], monthly[3]) if n):
        which = _(" and ").join(_(NTH[int(n)]) for n in (monthly[1], monthly[3]) if n)
        if interval > 1:
            return _(
                "every {interval} months on the {nth} {long_days}{clock}",
                nth=which,
                long_days=_day_name(monthly[2]),
                interval=interval,
                clock=clock,
            )
        return _("the {nth} {long_days} of the month{clock}", nth=which, long_days=_day_name(monthly[2]), clock=clock)
    by_monthday = parts.get("BYMONTHDAY", "")
    if parts.keys() - {"INTERVAL"} == {"FREQ", "BYMONTHDAY"} and parts["FREQ"] == "MONTHLY" and by_monthday.isdecimal():
        if interval > 1:
            return _("every {interval} months on day {day}{clock}", day=by_monthday, interval=interval, clock=clock)
        return _("day {day} of every month{clock}", day=by_monthday, clock=clock)
    return f"{rule}{clock}"
