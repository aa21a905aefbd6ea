"""Models of papers, submissions, votes, discussions and reading lists."""

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
from bot.domain.publication_date import DatePrecision, iso_date
from bot.locale.current import _

stored_enum(SiteKind)
stored_enum(DatePrecision)


@stored_enum
class SubmissionState(StrEnum):
    """State of a submission."""

    NEW = "new"
    SHORTLISTED = "shortlisted"
    HELD = "held"
    PICKED = "picked"
    DROPPED = "dropped"
    """Removed from the list by a moderator."""
    MERGED = "merged"
    """Continued as another submission."""
    WITHDRAWN = "withdrawn"
    """Withdrawn by its submitter."""
    READ = "read"
    """Read by the club before it had this program: found and counted as known, but on no list and in no rank."""


@stored_enum
class VoteStance(StrEnum):
    """Stance of a member on a submission."""

    VOTE = "vote"
    SKIP = "skip"
    """The member is not interested: private, and never ranks."""


class Paper(Table):
    """One work in all its versions. Items of other kinds (news, code) are stored here too."""

    __tablename__ = "paper"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    """`arxiv:1706.03762`, `doi:10.1000/182`, or `web:<club>:<url>` for an item of one club."""
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
    published_precision: Mapped[DatePrecision] = mapped_column(
        default=DatePrecision.DAY, server_default=DatePrecision.DAY.value
    )
    """Known part of `published_at`; the rest is the beginning of its month or year."""
    updated_at: Mapped[datetime | None]
    withdrawn: Mapped[bool] = mapped_column(default=False)
    details_at: Mapped[datetime | None] = mapped_column(index=True)
    """Time of the source's last answer; empty while the details are not known."""
    asked_at: Mapped[datetime | None]
    """Time of the last request to the source."""

    @property
    def pending(self) -> bool:
        """True while the details are not known."""
        return self.details_at is None

    @property
    def published_iso(self) -> str:
        """Date of publication as an ISO text, as far as it is known: `2017-06`; "" if unknown."""
        return iso_date(self.published_at, self.published_precision or DatePrecision.DAY)


class PaperRelation(Table):
    """Another record of the same work, as a paper's source names it: its preprint, its published paper."""

    __tablename__ = "paper_relation"

    paper_id: Mapped[int] = mapped_column(ForeignKey("paper.id"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True, index=True)
    """Key of the other record, which need not be known: `doi:10.1000/182`."""
    learned_at: Mapped[datetime] = mapped_column(index=True)


class PaperVersion(Table):
    """An earlier version of a paper, as it was known before its source had a newer one."""

    __tablename__ = "paper_version"

    paper_id: Mapped[int] = mapped_column(ForeignKey("paper.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(Text)
    authors: Mapped[list[str]] = mapped_column(default=list)
    abstract: Mapped[str] = mapped_column(Text, default="")
    updated_at: Mapped[datetime | None]


class Topic(Table):
    """A topic by which a club sorts its papers."""

    __tablename__ = "topic"
    __table_args__ = (Unique("club_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"))
    name: Mapped[str]


NOT_PROCESSED = text("told_at IS NULL")
"""Condition of an index: submissions whose followers were not looked up yet, which are few and queried often."""


class Submission(Table):
    """A paper submitted to a club, with its state and its rank."""

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
    """Version that the link named; empty if it named none."""
    link: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[SubmissionState] = mapped_column(default=SubmissionState.NEW)
    state_why: Mapped[str] = mapped_column(Text, default="")
    title: Mapped[str] = mapped_column(Text, default="")
    """Heading by a moderator; empty for the paper's title."""
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("submission.id"))
    submitted_at: Mapped[datetime]
    follows_matched_at: Mapped[datetime | None] = mapped_column("told_at")
    """Time at which the followers were looked up; empty until then."""
    votes: Mapped[int] = mapped_column(default=0)
    """Votes that rank (without the submitter's own), always equal to the rows of `vote`."""
    voices: Mapped[int] = mapped_column(default=0)
    """Members who joined the discussion."""
    heat: Mapped[float] = mapped_column(default=0.0)
    """Score of `bot.domain.vote_ranking.Terms` as of the last change.

    Scores are comparable at any time, so that an index can order by them.
    """

    paper: Mapped[Paper] = relationship(lazy="joined", innerjoin=True)
    member: Mapped[Member] = relationship(lazy="joined", innerjoin=True)
    topic: Mapped[Topic | None] = relationship(lazy="joined")

    @property
    def heading(self) -> str:
        """Title that the club shows."""
        return self.title or self.paper.title

    @property
    def credit(self) -> str:
        """Name of the submitter, unless they asked not to be named."""
        return _(UNNAMED) if self.anonymous else self.member.shown_name


class CoSubmission(Table):
    """A member who submitted a paper that was already submitted: credited, with a reason of their own."""

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
        """Name of the co-submitter, unless they asked not to be named."""
        return _(UNNAMED) if self.anonymous else self.member.shown_name


class PaperLink(Table):
    """A link of a submission: its code, a demo, a blog post."""

    __tablename__ = "paper_link"
    __table_args__ = (Unique("submission_id", "url"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"))
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"))
    kind: Mapped[SiteKind]
    url: Mapped[str] = mapped_column(Text)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    at: Mapped[datetime]


WAITING = text("counts_from IS NOT NULL")
"""Condition of an index: votes that do not count yet."""


class Vote(Table):
    """Current stance of a member on a submission."""

    __tablename__ = "vote"
    __table_args__ = (
        Index("ix_vote_window", "club_id", "at", "ranks", "submission_id"),
        Index("ix_vote_member", "member_id", "at"),
        # The few votes of new members that do not count yet, which the scheduler looks for all the time.
        Index("ix_vote_waiting", "counts_from", sqlite_where=WAITING, postgresql_where=WAITING),
    )

    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"))
    stance: Mapped[VoteStance]
    ranks: Mapped[bool]
    """True if it counts in the ranking: a vote, not the submitter's own, not waiting, and of no excluded member."""
    at: Mapped[datetime]
    counts_from: Mapped[datetime | None]
    """Time from which the vote of a new member counts; empty if it does already."""


class VoteEvent(Table):
    """Vote log: every change of a vote, in order. A replay gives the same votes.

    `at` is the time of the vote that results: a merge or a linked account keeps the original time.
    """

    __tablename__ = "vote_event"
    __table_args__ = (Index("ix_vote_event_log", "club_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"))
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    stance: Mapped[VoteStance | None]
    """New stance; empty if the vote was taken back."""
    reason: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime]


class DiscussionParticipant(Table):
    """A member who joined the discussion of a submission, by button, mention or message."""

    __tablename__ = "voice"

    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"))
    at: Mapped[datetime]


class Discussion(Table):
    """Thread of a submission in a workspace."""

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
    """A paper on a member's reading list, with a private note."""

    __tablename__ = "saved"

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"), primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"))
    at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(Text, default="")
    """Visible to the member only."""
