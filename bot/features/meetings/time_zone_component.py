"""VTIMEZONE components (RFC 5545, 3.6.5) of the zones of meetings.

Each change of the offset is stated with its local time by the offset before it, as the RFC wants it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

STEP = timedelta(days=7)
"""Step of the search for changes. Two changes within it that cancel each other out would be missed; none do."""


def time_zone(zone: ZoneInfo, since: datetime, until: datetime) -> Timezone:
    """Definition of a zone, valid for the times between two."""
    made = Timezone()
    made.add("tzid", zone.key)
    first = since.astimezone(zone)
    offset, name = first.utcoffset() or timedelta(0), first.tzname() or zone.key
    groups: dict[tuple[timedelta, timedelta, str, bool], list[datetime]] = {}
    groups[offset, offset, name, bool(first.dst())] = [_local(since, offset)]
    for at in changes(zone.key, since, until):
        before, after = (at - timedelta(seconds=1)).astimezone(zone), at.astimezone(zone)
        old, new = before.utcoffset() or timedelta(0), after.utcoffset() or timedelta(0)
        groups.setdefault((old, new, after.tzname() or zone.key, bool(after.dst())), []).append(_local(at, old))
    for (old, new, name, is_daylight), times in groups.items():
        part = TimezoneDaylight() if is_daylight else TimezoneStandard()
        part.add("dtstart", times[0])
        part.add("tzoffsetfrom", old)
        part.add("tzoffsetto", new)
        part.add("tzname", name)
        if len(times) > 1:
            part.add("rdate", times[1:])
        made.add_component(part)
    return made


@lru_cache(256)
def changes(zone_name: str, since: datetime, until: datetime) -> tuple[datetime, ...]:
    """Times at which the zone's offset changes, in UTC."""
    return tuple(_changes(ZoneInfo(zone_name), since.astimezone(UTC), until.astimezone(UTC)))


def _changes(zone: ZoneInfo, since: datetime, until: datetime) -> Iterator[datetime]:
    at = since
    while at < until:
        later = at + STEP
        if at.astimezone(zone).utcoffset() != later.astimezone(zone).utcoffset():
            low, high = at, later
            while high - low > timedelta(seconds=1):
                middle = low + timedelta(seconds=int((high - low).total_seconds() // 2))
                same = middle.astimezone(zone).utcoffset() == at.astimezone(zone).utcoffset()
                low, high = (middle, high) if same else (low, middle)
            yield high
        at = later


def _local(at: datetime, offset: timedelta) -> datetime:
    """Local time without a zone."""
    return (at.astimezone(UTC) + offset).replace(tzinfo=None)
