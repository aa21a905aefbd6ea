"""Parameters that the commands of meetings share, with the conversion of their words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from bot.app import Context
from bot.chat.parameters import ParameterHint
from bot.chat.rich_text import Link
from bot.errors import UserError
from bot.features.shared.field_checks import check_meeting
from bot.features.shared.meetings.meeting_lookup import MEETING, by_meeting
from bot.locale.current import _, formatted

MAX_MINUTES = 12 * 60
MAX_PLACES = 10_000

MeetingParameter = Annotated[str, ParameterHint(MEETING, suggest=by_meeting, check=check_meeting, strict=True)]
"""Meeting that a command is about; the next one if it is left out."""
NamedMeetingParameter = Annotated[
    str, ParameterHint("the meeting’s number", suggest=by_meeting, check=check_meeting, strict=True)
]
"""Meeting that has to be named, since a command that changes much must not pick it itself."""
TitleParameter = Annotated[str | None, ParameterHint("its title", most=200, clears=True)]
PlaceParameter = Annotated[str | None, ParameterHint("a room, a channel", most=200, clears=True)]


def parse_link(word: str) -> str:
    """An address to join a meeting; "none" is empty. Raises UserError for anything but http(s)."""
    if word.strip().lower() == "none":
        return ""
    if not Link("", word.strip()).is_safe:
        raise UserError(_("A link starts with https:// and has no spaces."))
    return word.strip()


def check_numbers(size: int | None, minutes: int | None) -> None:
    """Raises UserError for a size that is no number of places, or a duration beyond 5 minutes to 12 hours."""
    if size is not None and not 0 <= size <= MAX_PLACES:
        raise UserError(
            _(
                "The size is a number of seats up to {max_places}; 0 is no limit.",
                max_places=formatted(MAX_PLACES, ","),
            ),
            field="size",
        )
    if minutes is not None and not 5 <= minutes <= MAX_MINUTES:
        raise UserError(_("A meeting lasts 5 to {max_minutes} minutes.", max_minutes=MAX_MINUTES), field="minutes")


async def _check_size(ctx: Context, word: str, given: Mapping[str, str]) -> None:
    check_numbers(int(word.removeprefix("#")), None)


async def _check_minutes(ctx: Context, word: str, given: Mapping[str, str]) -> None:
    check_numbers(None, int(word.removeprefix("#")))


LinkParameter = Annotated[
    str | None, ParameterHint("a link to join; `none` removes it", most=500, clears=True, parse=parse_link)
]
SizeParameter = Annotated[int | None, ParameterHint("the number of seats; 0 for no limit", check=_check_size)]
MinutesParameter = Annotated[int | None, ParameterHint("how many minutes it lasts", check=_check_minutes)]
