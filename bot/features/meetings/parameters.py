"""Parameters that the commands of meetings share, with the conversion of their words."""

from __future__ import annotations

from typing import Annotated

from bot.chat.parameters import ParameterHint
from bot.chat.rich_text import Link
from bot.errors import UserError
from bot.features.shared.meeting_lookup import MEETING, by_meeting

MAX_MINUTES = 12 * 60
MAX_PLACES = 10_000

MeetingParameter = Annotated[str, ParameterHint(MEETING, suggest=by_meeting)]
TitleParameter = Annotated[str | None, ParameterHint("its title", most=200)]
PlaceParameter = Annotated[str | None, ParameterHint("its place: a room, a channel", most=200)]


def parse_link(word: str) -> str:
    """An address to join a meeting; "none" is empty. Raises UserError for anything but http(s)."""
    if word.strip().lower() == "none":
        return ""
    if not Link("", word.strip()).is_safe:
        raise UserError("A link starts with https:// and has no spaces.")
    return word.strip()


def parse_places(word: str) -> int:
    """Number of places; "none" is 0, no limit. Raises UserError if it is no such number."""
    if word.strip().lower() == "none":
        return 0
    if not word.isdecimal() or not 0 <= int(word[:9]) <= MAX_PLACES:
        raise UserError(f"The size is a number of places up to {MAX_PLACES:,}, or none.")
    return int(word)


def parse_minutes(word: str) -> int:
    """Duration in minutes. Raises UserError if it is not from 5 minutes to 12 hours."""
    if not word.isdecimal() or not 5 <= int(word[:9]) <= MAX_MINUTES:
        raise UserError(f"A meeting lasts 5 to {MAX_MINUTES} minutes.")
    return int(word)


LinkParameter = Annotated[str | None, ParameterHint("a link to join; none for no link", most=500, parse=parse_link)]
SizeParameter = Annotated[int | None, ParameterHint("the number of places; none for no limit", parse=parse_places)]
MinutesParameter = Annotated[int | None, ParameterHint("how many minutes it lasts", parse=parse_minutes)]
