"""Papers, who brought them, and what members think and say of them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    ForeignKey,
    Index,
    Text,
    text,
)
from sqlalchemy import UniqueConstraint as Unique
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.domain.links.sites import SiteKind
from bot.domain.models.base import Table, stored_enum
from bot.domain.models.members import UNNAMED, Member, Workspace

stored_enum(SiteKind)


@stored_enum
class SubmissionState(StrEnum):
    """State of a submission: where moderators put it, or that its member took it back."""

    NEW = "new"
    SHORTLISTED = "shortlisted"
    HELD = "held"
    PICKED = "picked"
    DROPPED = "dropped"
    """Taken off the list by a moderator."""
    MERGED = "merged"
    """Goes on as another submission."""
    WITHDRAWN = "withdrawn"
    """Taken back by the member who brought it."""


@stored_enum
class VoteStance(StrEnum):
    """Stance of a member on a submission."""

    VOTE = "vote"
    SKIP = "skip"
    """Not for us: private, never ranks."""


class Paper(Table):
    """One work, whatever its version or the link it came by. Items of other kinds (news, code) are kept here too."""

    __tablename__ = "paper"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    """`arxiv:1706.03762`, `doi:10.1000/182`, or `web:<club>:<url>` for what only one club knows."""
    owner_club_id: Mapped[int | None] = mapped_column(ForeignKey("club.id"))
    kind: Mapped[SiteKind] = mapped_column(default=SiteKind.PAPER)
    url: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    authors: Mapped[list[str]] = mapped_column(default=list)
    abstract: Mapped[str] = mapped_column(Text, default="")
    categories: Mapped[list[str]] = mapped_column(default=list)
    comment: Mapped[str] = mapped_column(Text, default="")
    journal_ref: Mapped[str] = mapped_column(Text, default="")
    doi: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=0)
    published_at: Mapped[datetime | None]
    updated_at: Mapped[datetime | None]
    withdrawn: Mapped[bool] = mapped_column(default=False)
    details_at: Mapped[datetime | None] = mapped_column(index=True)
    """When the source last told us its details; empty while "details to follow"."""
    asked_at: Mapped[datetime | None]
    """When we last tried to ask for them."""

    @property
    def pending(self) -> bool:
        """Whether its details are still to follow."""
        return self.details_at is None


class Topic(Table):
    """A subject the club sorts its papers by."""

    __tablename__ = "topic"
    __table_args__ = (Unique("club_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"))
    name: Mapped[str]


NOT_PROCESSED = text("told_at IS NULL")
"""Submissions whose followers are still to be looked for: few, and looked for all the time."""


class Submission(Table):
    """A paper brought to a club by a member, with its state and its standing."""

    __tablename__ = "submission"
    __table_args__ = (
        Unique("club_id", "paper_id"),
        Unique("club_id", "number"),
        Index("ix_submission_heat", "club_id", "heat"),
        Index("ix_submission_topic", "club_id", "topic_id", "number"),
        Index("ix_submission_votes", "club_id", "votes"),
        Index("ix_submission_recent", "club_id", "submitted_at"),
        Index("ix_submission_state", "club_id", "state", "merged_into_id", "id"),
        Index(
            "ix_submission_news", "club_id", "submitted_at", sqlite_where=NOT_PROCESSED, postgresql_where=NOT_PROCESSED
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"))
    number: Mapped[int]
    paper_id: Mapped[int] = mapped_column(ForeignKey("paper.id"), index=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    anonymous: Mapped[bool] = mapped_column(default=False)
    why: Mapped[str] = mapped_column(Text, default="")
    topic_id: Mapped[int | None] = mapped_column(ForeignKey("topic.id"))
    version: Mapped[int | None]
    """The version that was linked, where the link named one."""
    link: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[SubmissionState] = mapped_column(default=SubmissionState.NEW)
    state_why: Mapped[str] = mapped_column(Text, default="")
    title: Mapped[str] = mapped_column(Text, default="")
    """A moderator's own heading; the paper's title where empty."""
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("submission.id"))
    submitted_at: Mapped[datetime]
    told_at: Mapped[datetime | None]
    """When those who follow what it is about were looked for; empty while that is still to be done."""
    votes: Mapped[int] = mapped_column(default=0)
    """Votes that rank (the submitter's own does not), kept equal to the rows of `vote` in the same transaction."""
    voices: Mapped[int] = mapped_column(default=0)
    """Distinct members who came to discuss."""
    heat: Mapped[float] = mapped_column(default=0.0)
    """`ranking.heat` as of the last change: comparable at any time, so an index can keep the order."""

    paper: Mapped[Paper] = relationship(lazy="joined", innerjoin=True)
    member: Mapped[Member] = relationship(lazy="joined", innerjoin=True)
    topic: Mapped[Topic | None] = relationship(lazy="joined")

    @property
    def heading(self) -> str:
        """What the club calls it."""
        return self.title or self.paper.title

    @property
    def credit(self) -> str:
        """Who brought it, unless they asked not to be named."""
        return UNNAMED if self.anonymous else self.member.name


class CoSubmission(Table):
    """Somebody who brought a paper that was already there: credited, with their own reason."""

    __tablename__ = "seconding"

    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"))
    why: Mapped[str] = mapped_column(Text, default="")
    anonymous: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime]

    member: Mapped[Member] = relationship(lazy="joined", innerjoin=True)

    @property
    def credit(self) -> str:
        """Who brought it too, unless they asked not to be named."""
        return UNNAMED if self.anonymous else self.member.name


class PaperLink(Table):
    """A link that belongs to a submission: its code, a demo, a blog post."""

    __tablename__ = "paper_link"
    __table_args__ = (Unique("submission_id", "url"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"))
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"))
    kind: Mapped[SiteKind]
    url: Mapped[str] = mapped_column(Text)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    at: Mapped[datetime]


class Vote(Table):
    """What a member thinks of a submission now; cast again, it replaces itself."""

    __tablename__ = "vote"
    __table_args__ = (
        Index("ix_vote_window", "club_id", "at", "ranks", "submission_id"),
        Index("ix_vote_member", "member_id", "at"),
    )

    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"))
    stance: Mapped[VoteStance]
    ranks: Mapped[bool]
    """Whether it counts: a vote, and not the submitter's own."""
    at: Mapped[datetime]


class VoteEvent(Table):
    """The vote log: every change of a vote, in order. Replaying it gives the same standing.

    `at` is when the vote was cast that stands after it: what a merge or a linked account carries over keeps its time.
    """

    __tablename__ = "vote_event"
    __table_args__ = (Index("ix_vote_event_log", "club_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"))
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    stance: Mapped[VoteStance | None]
    """The new stance; empty where the vote was taken back."""
    reason: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime]


class DiscussionParticipant(Table):
    """That a member came to discuss a submission, by button, mention or message."""

    __tablename__ = "voice"

    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"))
    at: Mapped[datetime]


class Discussion(Table):
    """The thread of a submission in a workspace."""

    __tablename__ = "discussion"
    __table_args__ = (
        Unique("submission_id", "workspace_id"),
        Index("ix_discussion_thread", "workspace_id", "thread"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"))
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"))
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspace.id"))
    room: Mapped[str]
    thread: Mapped[str]
    url: Mapped[str] = mapped_column(Text, default="")
    replies: Mapped[int] = mapped_column(default=0)
    opened_at: Mapped[datetime]

    workspace: Mapped[Workspace] = relationship(lazy="joined", innerjoin=True)


class ReadingListEntry(Table):
    """A paper on a member's reading list, with what they noted for themselves."""

    __tablename__ = "saved"

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"), primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"))
    at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(Text, default="")
    """Seen by the member alone."""
