"""Models of meetings: series, meetings, answers to them, presenters, questions, notifications, calendar feeds."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Literal

from sqlalchemy import ForeignKey, Index, Text, false
from sqlalchemy import UniqueConstraint as Unique
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.domain.models.base import Table, stored_enum, stored_literal
from bot.domain.models.follows import NotificationState
from bot.domain.models.members import Member
from bot.domain.models.papers import Submission

RsvpAnswer = Literal["yes", "maybe", "no"]
"""A member's answer to the invitation to a meeting."""

MeetingNotificationKind = Literal[
    "day", "hour", "moved", "cancelled", "restored", "place", "presenter", "named", "offer", "answer"
]
"""Subject of a direct message about a meeting: a reminder a day or an hour before, a change, a free place, a presenter
who is needed or was named or replaced by a moderator, an offer to present, the answer to it.
"""

stored_literal(RsvpAnswer)
stored_literal(MeetingNotificationKind)


@stored_enum
class MeetingState(StrEnum):
    """State of a meeting. A planned one in the past took place."""

    PLANNED = "planned"
    CANCELLED = "cancelled"


@stored_enum
class EventState(StrEnum):
    """State of a meeting's event on a platform."""

    DUE = "due"
    """Event that is still to be created."""
    CREATED = "created"
    UNKNOWN = "unknown"
    """Perhaps there: it is looked for before it is created again."""
    REFUSED = "refused"
    """Event that the platform does not allow."""


class MeetingSeries(Table):
    """A rule by which meetings are planned, in one time zone."""

    __tablename__ = "meeting_series"

    id: Mapped[int] = mapped_column(primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"), index=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    """Moderator who planned it."""
    rule: Mapped[str] = mapped_column(Text)
    """RRULE without UNTIL."""
    first_day: Mapped[str]
    """Local date from which the rule counts, as ISO 8601, like the other dates of a series."""
    last_day: Mapped[str] = mapped_column(default="")
    """Local date after which there is no meeting; empty if it has no end."""
    at: Mapped[str]
    """Local time of day: "16:00"."""
    timezone: Mapped[str]
    title: Mapped[str] = mapped_column(Text, default="")
    place: Mapped[str] = mapped_column(Text, default="")
    link: Mapped[str] = mapped_column(Text, default="")
    size: Mapped[int] = mapped_column(default=0)
    minutes: Mapped[int] = mapped_column(default=60)
    ended_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class Meeting(Table):
    """One meeting of a club."""

    __tablename__ = "meeting"
    __table_args__ = (
        Unique("club_id", "number"),
        Unique("series_id", "occurrence"),
        Index("ix_meeting_time", "state", "starts_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"))
    number: Mapped[int]
    """Number of the meeting in its club, as members type it."""
    series_id: Mapped[int | None] = mapped_column(ForeignKey("meeting_series.id"))
    occurrence: Mapped[str | None]
    """Local date that the rule gave it, also after it was moved; empty for a single meeting."""
    starts_at: Mapped[datetime]
    timezone: Mapped[str]
    minutes: Mapped[int] = mapped_column(default=60)
    title: Mapped[str] = mapped_column(Text, default="")
    place: Mapped[str] = mapped_column(Text, default="")
    link: Mapped[str] = mapped_column(Text, default="")
    size: Mapped[int] = mapped_column(default=0)
    """Number of places; 0 for no limit."""
    submission_id: Mapped[int | None] = mapped_column(ForeignKey("submission.id"), index=True)
    """Paper to be read."""
    chosen_how: Mapped[str] = mapped_column(Text, default="")
    """Way in which the paper was chosen: "by a ballot", "by Ada"; empty if not recorded."""
    presenter_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    volunteers_asked_at: Mapped[datetime | None]
    state: Mapped[MeetingState] = mapped_column(default=MeetingState.PLANNED)
    cancelled_why: Mapped[str] = mapped_column(Text, default="")
    sequence: Mapped[int] = mapped_column(default=0)
    """Number of changes that calendars must take over (RFC 5545, SEQUENCE)."""
    announce_at: Mapped[datetime]
    """Time at which its card is posted."""
    agenda: Mapped[list[list[str]]] = mapped_column(default=list)
    """Points with their minutes: [["Summary", "10"], …]."""
    note_taker_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    notes: Mapped[str] = mapped_column(Text, default="")
    recording: Mapped[str] = mapped_column(Text, default="")
    slides: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]

    submission: Mapped[Submission | None] = relationship(lazy="joined")
    presenter: Mapped[Member | None] = relationship(lazy="joined", foreign_keys=presenter_id)
    note_taker: Mapped[Member | None] = relationship(lazy="joined", foreign_keys=note_taker_id)


class MeetingResponse(Table):
    """A member's answer to a meeting. Places are given in the order of the time of "yes"."""

    __tablename__ = "meeting_response"

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"), index=True)
    answer: Mapped[RsvpAnswer]
    at: Mapped[datetime]

    member: Mapped[Member] = relationship(lazy="joined", innerjoin=True)


class MeetingNotification(Table):
    """One direct message about a meeting to one member, sent once."""

    __tablename__ = "meeting_notice"
    __table_args__ = (Index("ix_meeting_notice_due", "state", "not_before"),)

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    what: Mapped[MeetingNotificationKind] = mapped_column(primary_key=True)
    mark: Mapped[str] = mapped_column(primary_key=True, default="")
    """Identifies the news among others of its kind: the start that it tells, an offer's id."""
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"), index=True)
    state: Mapped[NotificationState] = mapped_column(default=NotificationState.WAITING)
    not_before: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    owner: Mapped[str] = mapped_column(default="")
    lease_until: Mapped[datetime | None]
    told_at: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(Text, default="")


class PresenterOffer(Table):
    """An offer to another member: to take over a meeting, or to swap it for one of theirs."""

    __tablename__ = "presenter_offer"

    id: Mapped[int] = mapped_column(primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"), index=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), index=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    """Presenter who offers it."""
    to_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    for_meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meeting.id"))
    """Meeting that they would present instead; empty if they want to present none."""
    at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    accepted: Mapped[bool] = mapped_column(default=False, server_default=false())


class MeetingQuestion(Table):
    """A question left for a meeting."""

    __tablename__ = "meeting_question"

    id: Mapped[int] = mapped_column(primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"), index=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), index=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    text: Mapped[str] = mapped_column(Text)
    anonymous: Mapped[bool] = mapped_column(default=False, server_default=false())
    at: Mapped[datetime]
    removed_at: Mapped[datetime | None]

    member: Mapped[Member] = relationship(lazy="joined", innerjoin=True)


class QuestionVote(Table):
    """A member's vote for a question."""

    __tablename__ = "question_vote"

    question_id: Mapped[int] = mapped_column(ForeignKey("meeting_question.id"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"), index=True)


class CalendarFeed(Table):
    """A secret address of a calendar: of a club, or of one member."""

    __tablename__ = "calendar_feed"

    id: Mapped[int] = mapped_column(primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"), index=True)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    """Member whose calendar it is; empty for the club's."""
    hash: Mapped[str] = mapped_column(unique=True)
    """SHA-256 of the secret in the address."""
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class MeetingEvent(Table):
    """A meeting's event on a platform that has events, in one workspace."""

    __tablename__ = "meeting_event"

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspace.id"), primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"), index=True)
    state: Mapped[EventState]
    event: Mapped[str] = mapped_column(default="")
    """The platform's id of it; empty if there is none."""
    shown: Mapped[str] = mapped_column(Text, default="")
    """Fingerprint of the meeting that the event shows."""
    not_before: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    owner: Mapped[str] = mapped_column(default="")
    lease_until: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(Text, default="")
