"""Models of choosing what to read next: nominations, ballots and what members chose."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Text, text
from sqlalchemy import UniqueConstraint as Unique
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.domain.models.base import Table, stored_enum
from bot.domain.models.members import UNNAMED, Member
from bot.domain.models.papers import Submission
from bot.locale.current import _

IS_OPEN = text("state = 'open'")
IS_WAITING = text("ballot_id IS NULL")


@stored_enum
class BallotMethod(StrEnum):
    """Method by which the next paper is chosen."""

    APPROVAL = "approval"
    RANKED = "ranked"
    RUNNING_LIST = "list"
    """The top of the club's list, without a ballot."""
    MODERATOR = "moderator"
    """A moderator's choice, without a ballot."""


@stored_enum
class BallotState(StrEnum):
    """State of a ballot."""

    OPEN = "open"
    CLOSED = "closed"
    CANCELED = "canceled"


class Ballot(Table):
    """One decision on what the club reads next: a ballot of members, or a choice without one."""

    __tablename__ = "ballot"
    __table_args__ = (
        Unique("club_id", "number"),
        # One ballot at a time, whatever two moderators do at once.
        Index("uq_ballot_open", "club_id", unique=True, sqlite_where=IS_OPEN, postgresql_where=IS_OPEN),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"))
    number: Mapped[int]
    method: Mapped[BallotMethod]
    state: Mapped[BallotState] = mapped_column(default=BallotState.OPEN)
    quorum: Mapped[int] = mapped_column(default=0)
    """Fewest ballots that decide."""
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    """Moderator who opened it, or decided."""
    why: Mapped[str] = mapped_column(Text, default="")
    opened_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    winner_id: Mapped[int | None] = mapped_column(ForeignKey("submission.id"))
    result: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Values of `bot.domain.ballot_results.BallotResult`; empty until it is closed, and without a ballot."""
    meeting_id: Mapped[int | None]
    """Meeting that reads the winner; empty until one does."""

    winner: Mapped[Submission | None] = relationship(lazy="joined")


class Nomination(Table):
    """A paper that a member nominated: for the next ballot, or on a ballot."""

    __tablename__ = "nomination"
    __table_args__ = (
        Unique("ballot_id", "submission_id"),
        Index(
            "uq_nomination_waiting",
            "club_id",
            "submission_id",
            unique=True,
            sqlite_where=IS_WAITING,
            postgresql_where=IS_WAITING,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"))
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    ballot_id: Mapped[int | None] = mapped_column(ForeignKey("ballot.id"))
    """Empty while it waits for the next ballot."""
    anonymous: Mapped[bool] = mapped_column(default=False)
    why: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime]

    submission: Mapped[Submission] = relationship(lazy="joined", innerjoin=True)
    member: Mapped[Member] = relationship(lazy="joined", innerjoin=True)

    @property
    def credit(self) -> str:
        """Name of the member, unless they asked not to be named."""
        return _(UNNAMED) if self.anonymous else self.member.shown_name


class CastBallot(Table):
    """Choices of one member on one ballot: one row a person, whatever the platform. Nobody else may see it."""

    __tablename__ = "cast_ballot"

    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballot.id"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"))
    choices: Mapped[list[int]] = mapped_column(JSON)
    """Ids of submissions; in ranked choice the best first."""
    at: Mapped[datetime]
