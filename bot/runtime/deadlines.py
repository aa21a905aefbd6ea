"""Deadlines: what becomes of a draft that nobody approved in time, by the club's own rule."""

from __future__ import annotations

from datetime import datetime
from typing import assert_never

from bot.app import App
from bot.domain import edition_calendar
from bot.domain.club_settings import ClubSettings, zone
from bot.domain.models import Club, Edition
from bot.features.editions.review import approval, skipping
from bot.locale.current import _, _n, mark_text

NOT_APPROVED = mark_text("It was not approved in time.")


async def decide_alone(app: App, edition: Edition, rules: ClubSettings) -> None:
    """Do what the club wants with a draft that a moderator has set to go out by itself, without a due time."""
    match rules.at_deadline:
        case "publish":
            await approval.freeze(app, edition.club_id, edition.id)
        case "skip":
            await skipping.skip(app, edition.club_id, _(NOT_APPROVED), by=None)
        case "hold":
            await approval.remind(app, edition.club_id, edition.id)
        case _:
            assert_never(rules.at_deadline)


def too_late(club: Club, due: datetime) -> str:
    """Reason, as a sentence, for giving up an edition that could not be posted within the club's longest delay."""
    hours = _n("{n} hour", "{n} hours", ClubSettings.of(club.settings).stale_hours)
    when = edition_calendar.format_moment(due, zone(club.timezone))
    return _(
        "It was due {when} and could not be posted within {hours}, the longest delay that this club allows.",
        when=when,
        hours=hours,
    )
