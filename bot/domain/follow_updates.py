"""Rules for news of followed papers and for the time of notifications."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, time, timedelta
from typing import Any, Literal, Self
from zoneinfo import ZoneInfo

from bot.domain.edition_calendar import PublicationTime, next_due, to_utc

Frequency = Literal["home", "instant", "daily", "weekly"]
"""Frequency of notifications about a follow: on the member's home only, or by direct message too."""

FASTEST_FIRST: tuple[Frequency, ...] = ("instant", "daily", "weekly", "home")

UpdateKind = Literal["new", "picked", "published", "merged", "version", "withdrawn", "decision"]
"""Kind of news: a new paper that matches, a change of a paper that is followed itself, or a decision of moderators
about a paper that the member submitted, which is a message of its own."""

DAILY_TIME = time(9, 0)
"""Local time of daily notifications; weekly ones are sent on Monday."""


@dataclass(frozen=True, slots=True)
class FollowState:
    """State of a followed paper, as far as it is news."""

    picked: bool = False
    edition: int = 0
    """Number of the published edition that it is in; 0 if none."""
    into: int = 0
    """Number of the submission that it was merged into; 0 if none."""
    version: int = 0
    withdrawn: bool = False

    def to_json(self) -> dict[str, Any]:
        """JSON values."""
        return asdict(self)

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Self:
        """State from the values of `to_json`. Raises TypeError for other keys."""
        return cls(**stored)


def updates_between(before: FollowState, now: FollowState) -> list[tuple[UpdateKind, str]]:
    """News between two states of a paper, each with a mark that tells it from others of its kind.

    A change that was undone is no news. Of a merged paper only the merge is news, and a published paper is not reported
    as picked.
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
    """Time of the notification about news at a time: at once, the next morning, or the next Monday morning."""
    if how == "weekly":
        return next_due(PublicationTime(0, DAILY_TIME), "weekly", zone, since).at
    if how == "daily":
        today = since.astimezone(zone).date()
        mornings = (to_utc(today + timedelta(days=ahead), DAILY_TIME, zone) for ahead in range(3))
        return next(morning for morning in mornings if morning > since)
    return since
