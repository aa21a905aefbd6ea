"""Dates of feeds' entries as they are written: RFC 822, ISO 8601, and what feeds give in their place."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from bot.domain.bibliography.entry import parse_day
from bot.domain.paper_record import fold_whitespace
from bot.sources.stream.days import FIRST_YEAR

MOST_SIGNS = 80
_SECONDS, _MILLISECONDS = re.compile(r"\d{9,10}"), re.compile(r"\d{12,13}")
_ZONE = re.compile(r"(?<=[\d ])[+-]\d{2}:?\d{2}$")
_TIME = re.compile(r"[T ]+\d{1,2}:\d{2}.*$")
_WEEKDAY = re.compile(r"^[^\W\d_]+\.?,\s*")
_CHINESE_MARKS = str.maketrans("年月日", "-- ")


def feed_moment(written: str) -> datetime | None:
    """The moment of a date, UTC; a time without a zone is taken for UTC. None for no date and before `FIRST_YEAR`."""
    text = fold_whitespace(unicodedata.normalize("NFKC", written[:MOST_SIGNS]).translate(_CHINESE_MARKS))
    found = _of_number(text) or _of_standard(text) or _of_standard(_ZONE.sub("", text)) or _of_day(text)
    if found is None:
        return None
    try:
        moment = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except OverflowError:
        return None
    return moment if moment.year >= FIRST_YEAR else None


def _of_number(text: str) -> datetime | None:
    """The moment of seconds or milliseconds since 1970."""
    if _SECONDS.fullmatch(text):
        return datetime.fromtimestamp(int(text), UTC)
    return datetime.fromtimestamp(int(text) / 1000, UTC) if _MILLISECONDS.fullmatch(text) else None


def _of_standard(text: str) -> datetime | None:
    """The moment of an ISO 8601 or RFC 822 date."""
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            return read(text)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    return None


def _of_day(text: str) -> datetime | None:
    """The beginning of a day written with a month's name or as 30.11.2025; a choice of day and month is none."""
    day = parse_day(_TIME.sub("", _WEEKDAY.sub("", text)))
    return datetime.fromisoformat(day) if len(day) == len("2025-11-30") else None
