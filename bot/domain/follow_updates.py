"""What there is to tell of a followed paper, and when whoever follows it is told: pure rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, time, timedelta
from typing import Any, Literal, Self
from zoneinfo import ZoneInfo

from bot.domain.edition_calendar import PublicationTime, to_utc, next_due

Frequency = Literal["home", "instant", "daily", "weekly"]
"""How a member hears of what they follow: on their home alone, or by direct message too."""

FASTEST_FIRST: tuple[Frequency, ...] = ("instant", "daily", "weekly", "home")

UpdateKind = Literal["new", "picked", "published", "merged", "version", "withdrawn"]
"""A new paper that fits; or what has become of a paper that is followed itself."""

DAILY_TIME = time(9, 0)
"""When a day's or a week's news is told, in the member's time; a week's on Monday."""


@dataclass(frozen=True, slots=True)
class FollowState:
    """How a paper stands, as far as its followers want to hear of it."""

    picked: bool = False
    edition: int = 0
    """The number of the published edition it is in; 0 where it is in none."""
    into: int = 0
    """The number of what it was merged into; 0 where it is itself."""
    version: int = 0
    withdrawn: bool = False

    def to_json(self) -> dict[str, Any]:
        """As plain JSON values."""
        return asdict(self)

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Self:
        """Read back what `to_json` gave."""
        return cls(**kept)


def updates_between(before: FollowState, now: FollowState) -> list[tuple[UpdateKind, str]]:
    """What is to be told of a paper: each piece of news with a mark that tells it from others of its kind.

    Of what came to nothing meanwhile nothing is told. A paper that was merged goes on as the other one, whose past is
    no news; and one that has come out need not be called picked any more.
    """
    if now.into and now.into != before.into:
        return [("merged", str(now.into))]
    if now.into != before.into:
        return []
    found: list[tuple[UpdateKind, str]] = []
    if now.edition and now.edition != before.edition:
        found.append(("published", str(now.edition)))
    elif now.picked and not before.picked and not now.edition:
        found.append(("picked", ""))
    if 0 < before.version < now.version:
        found.append(("version", str(now.version)))
    if now.withdrawn and not before.withdrawn:
        found.append(("withdrawn", ""))
    return found


def next_notification_at(how: Frequency, zone: ZoneInfo, since: datetime) -> datetime:
    """When news that came at a moment is told: at once, the next morning, or on the next Monday's."""
    if how == "weekly":
        return next_due(PublicationTime(0, DAILY_TIME), "weekly", zone, since).at
    if how == "daily":
        today = since.astimezone(zone).date()
        mornings = (to_utc(today + timedelta(days=ahead), DAILY_TIME, zone) for ahead in range(3))
        return next(morning for morning in mornings if morning > since)
    return since
