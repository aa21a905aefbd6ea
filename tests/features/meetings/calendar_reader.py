"""A second, strict reader of calendars, by RFC 5545 alone: what it cannot read breaks a rule.

Time zones are read by dateutil, so that neither the text nor the zones are read by the library that wrote them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from io import StringIO

from dateutil.tz import tzical

MAX_OCTETS = 75
NAME = re.compile(r"[A-Z0-9-]+")
PARAMETER = re.compile(r';([A-Z0-9-]+)=("[^"\x00-\x1f]*"|[^";:,\x00-\x1f]*)')
ESCAPED = {"\\n": "\n", "\\N": "\n", "\\,": ",", "\\;": ";", "\\\\": "\\"}
REQUIRED = {"VCALENDAR": {"PRODID", "VERSION"}, "VEVENT": {"UID", "DTSTAMP"}, "VTIMEZONE": {"TZID"}}
ONCE = {"UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "STATUS", "SEQUENCE", "LOCATION", "URL", "DESCRIPTION"}


@dataclass(slots=True)
class Line:
    """A property: its parameters and its value, still escaped."""

    parameters: dict[str, str]
    value: str

    @property
    def text(self) -> str:
        """The value as a text."""
        bare = re.sub(r"\\[nN,;\\]", "", self.value)
        assert not re.search(r"[\\,;]", bare), f"not escaped: {self.value}"
        return re.sub(r"\\[nN,;\\]", lambda found: ESCAPED[found[0]], self.value)


@dataclass(slots=True)
class Component:
    """A component with its properties and what is inside it."""

    name: str
    lines: dict[str, list[Line]] = field(default_factory=dict)
    inside: list[Component] = field(default_factory=list)

    def text(self, name: str) -> str:
        """The text of a property that is there once; "" if it is missing."""
        found = self.lines.get(name, [])
        assert len(found) <= 1, f"{name} more than once"
        return found[0].text if found else ""


def read_calendar(content: bytes) -> Component:
    """The calendar of a file. Raises AssertionError if it breaks a rule."""
    assert content.endswith(b"\r\n")
    raw = content.split(b"\r\n")[:-1]
    assert all(b"\n" not in line and b"\r" not in line for line in raw), "lines end in CRLF"
    assert all(len(line) <= MAX_OCTETS for line in raw), "lines have 75 octets at most"
    assert [octets.decode() for octets in raw], "no character is divided by a fold"
    unfolded = content.decode().replace("\r\n ", "").replace("\r\n\t", "").split("\r\n")[:-1]
    stack: list[Component] = []
    done: list[Component] = []
    for line in unfolded:
        name, found = _line(line)
        if name == "BEGIN":
            stack.append(Component(found.value))
        elif name == "END":
            ended = stack.pop()
            assert ended.name == found.value
            assert REQUIRED.get(ended.name, set()) <= ended.lines.keys(), ended.name
            assert all(len(lines) == 1 for name, lines in ended.lines.items() if name in ONCE), ended.name
            (stack[-1].inside if stack else done).append(ended)
        else:
            stack[-1].lines.setdefault(name, []).append(found)
    [calendar] = done
    assert (calendar.name, calendar.text("VERSION")) == ("VCALENDAR", "2.0")
    assert not stack
    return calendar


def events(content: bytes) -> list[tuple[Component, datetime, datetime]]:
    """Events of a file, each with its start and end in UTC, by the time zones that the file itself defines."""
    calendar = read_calendar(content)
    defined = {zone.text("TZID") for zone in calendar.inside if zone.name == "VTIMEZONE"}
    zones = tzical(StringIO(content.decode().replace("\r\n ", ""))) if defined else None
    found = []
    for event in calendar.inside:
        if event.name == "VEVENT":
            assert event.text("STATUS") in ("TENTATIVE", "CONFIRMED", "CANCELLED")
            moments = []
            for [line] in (event.lines["DTSTART"], event.lines["DTEND"]):
                zone: tzinfo | None = UTC
                if "TZID" in line.parameters:
                    assert line.parameters["TZID"] in defined, "a zone that is not defined"
                    assert zones is not None
                    zone = zones.get(line.parameters["TZID"])
                assert line.value.endswith("Z") == ("TZID" not in line.parameters)
                moments.append(
                    datetime.strptime(line.value.removesuffix("Z"), "%Y%m%dT%H%M%S")
                    .replace(tzinfo=zone)
                    .astimezone(UTC)
                )
            assert moments[0] < moments[1]
            found.append((event, moments[0], moments[1]))
    return found


def _line(line: str) -> tuple[str, Line]:
    name = NAME.match(line)
    assert name, f"no name: {line}"
    at, parameters = name.end(), dict[str, str]()
    while found := PARAMETER.match(line, at):
        parameters[found[1]] = found[2].strip('"')
        at = found.end()
    assert line[at : at + 1] == ":", f"no value: {line}"
    value = line[at + 1 :]
    assert not re.search(r"[\x00-\x08\x0a-\x1f\x7f]", value), f"a control character: {line!r}"
    return name[0], Line(parameters, value)
