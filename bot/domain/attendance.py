"""Attendance of a meeting: who has a place, who waits for one, and which reminders are due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from bot.domain.models import Meeting, MeetingResponse, MeetingState, Member

ReminderKind = Literal["day", "hour"]
LEAD: dict[ReminderKind, timedelta] = {"day": timedelta(hours=24), "hour": timedelta(hours=1)}
"""Time of each reminder before the start."""
LATEST: dict[ReminderKind, timedelta] = {"day": timedelta(hours=2), "hour": timedelta(0)}
"""Time before the start from which a late reminder is no longer sent: the next one follows, or it has begun."""


@dataclass(frozen=True, slots=True)
class Attendance:
    """Answers to a meeting, each list in the order of the answers."""

    going: tuple[Member, ...] = ()
    waiting: tuple[Member, ...] = ()
    maybe: tuple[Member, ...] = ()
    declined: tuple[Member, ...] = ()

    @classmethod
    def of(cls, responses: Sequence[MeetingResponse], size: int, presenter_id: int | None = None) -> Attendance:
        """Attendance from the answers, with `size` places; 0 for no limit. A presenter who comes never waits."""
        ordered = sorted(responses, key=lambda response: (response.at, response.member_id))
        by_answer = {
            answer: tuple(response.member for response in ordered if response.answer == answer)
            for answer in ("yes", "maybe", "no")
        }
        yes = by_answer["yes"]
        places = size or len(yes)
        going = tuple(member for at, member in enumerate(yes) if at < places or member.id == presenter_id)
        waiting = tuple(member for member in yes if member not in going)
        return cls(going, waiting, by_answer["maybe"], by_answer["no"])

    def place_in_line(self, member_id: int) -> int:
        """Position on the waiting list, from 1; 0 if the member does not wait."""
        return next((place for place, member in enumerate(self.waiting, 1) if member.id == member_id), 0)


def moved_up(before: Attendance, after: Attendance) -> tuple[Member, ...]:
    """Members who waited before and have a place after."""
    waited = {member.id for member in before.waiting}
    return tuple(member for member in after.going if member.id in waited)


def due_reminders(meeting: Meeting, now: datetime) -> list[ReminderKind]:
    """Kinds of reminders of a meeting that are due now, and not too late."""
    if meeting.state != MeetingState.PLANNED:
        return []
    return [kind for kind in LEAD if LATEST[kind] < meeting.starts_at - now <= LEAD[kind]]


def is_reminded(response: MeetingResponse, meeting: Meeting, kind: ReminderKind, waiting: bool) -> bool:
    """True if a member who answered gets a reminder: not of a meeting that they just answered, or have no place at."""
    return response.answer != "no" and not waiting and response.at <= meeting.starts_at - LEAD[kind]
