"""The things the club keeps: one mapped class for each, with its keys.

Everything that belongs to a club carries `club_id`; only `Paper` without an owner (a public record) is shared.
What must happen once has a unique key here, so that the database, not the program's luck, keeps it so.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Text,
    TypeDecorator,
    text,
)
from sqlalchemy import UniqueConstraint as Unique
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


UNNAMED = "a member"
"""What somebody is called who asked not to be named."""


class Utc(TypeDecorator[datetime]):
    """Aware in, aware out, also on SQLite, which forgets the zone. A naive time is a mistake and refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Store UTC."""
        if value is not None and value.tzinfo is None:
            raise ValueError(f"a time without a zone: {value}")
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Give UTC back, aware."""
        return value.replace(tzinfo=UTC) if value and value.tzinfo is None else value


class Table(DeclarativeBase):
    """The base of every mapped class."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: Utc(),
        dict[str, Any]: JSON(),
        list[str]: JSON(),
        list[list[str]]: JSON(),
        int: BigInteger().with_variant(Integer, "sqlite"),
    }


class Club(Table):
    """One community: the tenant. No query crosses clubs."""

    __tablename__ = "club"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    timezone: Mapped[str] = mapped_column(default="UTC")
    settings: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime]
    paused_at: Mapped[datetime | None]
    next_number: Mapped[int] = mapped_column(default=1)
    """The number that the next submission gets: what people type."""


class Workspace(Table):
    """A Slack workspace, a Discord guild or a terminal that belongs to a club."""

    __tablename__ = "workspace"
    __table_args__ = (Unique("platform", "external_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"), index=True)
    platform: Mapped[str]
    external_id: Mapped[str]
    name: Mapped[str] = mapped_column(default="")
    left_at: Mapped[datetime | None]
    """When the bot was removed, or its token revoked; the data stays until purged."""
    left_why: Mapped[str] = mapped_column(default="")


class Member(Table):
    """A person in a club. Linked accounts are one member with one ballot."""

    __tablename__ = "member"

    id: Mapped[int] = mapped_column(primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"), index=True)
    name: Mapped[str]
    role: Mapped[str] = mapped_column(default="member")
    prefs: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime]


class Account(Table):
    """An identity of a member on a platform."""

    __tablename__ = "account"
    __table_args__ = (Unique("club_id", "platform", "external_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    platform: Mapped[str]
    external_id: Mapped[str]
    workspace: Mapped[str] = mapped_column(default="")
    """Where the person was last seen: a direct message needs a workspace to go through."""
    name: Mapped[str]


class RoleGrant(Table):
    """Who moderates or administers: a platform's role or user group, or one account."""

    __tablename__ = "role_grant"
    __table_args__ = (Unique("club_id", "platform", "external_id", "role"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"))
    platform: Mapped[str]
    external_id: Mapped[str]
    role: Mapped[str]
    label: Mapped[str] = mapped_column(default="")


class Room(Table):
    """A channel and what it is for: papers, digest or moderators."""

    __tablename__ = "room"
    __table_args__ = (Unique("workspace_id", "external_id", "purpose"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"), index=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspace.id"))
    external_id: Mapped[str]
    purpose: Mapped[str]
    name: Mapped[str] = mapped_column(default="")
    trouble: Mapped[str] = mapped_column(default="")
    """Why nothing can be posted here at present; empty where all is well."""
    active: Mapped[bool] = mapped_column(default=True)
    """Whether it still serves its purpose. The row stays, since what was posted points at it."""

    workspace: Mapped[Workspace] = relationship(lazy="joined", innerjoin=True)


class Paper(Table):
    """One work, whatever its version or the link it came by. Items of other kinds (news, code) are kept here too."""

    __tablename__ = "paper"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    """`arxiv:1706.03762`, `doi:10.1000/182`, or `web:<club>:<url>` for what only one club knows."""
    owner_club_id: Mapped[int | None] = mapped_column(ForeignKey("club.id"))
    kind: Mapped[str] = mapped_column(default="paper")
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


class Submission(Table):
    """A paper brought to a club by a member, with its state and its standing."""

    __tablename__ = "submission"
    __table_args__ = (
        Unique("club_id", "paper_id"),
        Unique("club_id", "number"),
        Index("ix_submission_heat", "club_id", "heat"),
        Index("ix_submission_votes", "club_id", "votes"),
        Index("ix_submission_recent", "club_id", "submitted_at"),
        Index("ix_submission_state", "club_id", "state", "merged_into_id", "id"),
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
    state: Mapped[str] = mapped_column(default="new")
    state_why: Mapped[str] = mapped_column(Text, default="")
    title: Mapped[str] = mapped_column(Text, default="")
    """A moderator's own heading; the paper's title where empty."""
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("submission.id"))
    submitted_at: Mapped[datetime]
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
    def by(self) -> str:
        """Who brought it, unless they asked not to be named."""
        return UNNAMED if self.anonymous else self.member.name


class Seconding(Table):
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
    def by(self) -> str:
        """Who brought it too, unless they asked not to be named."""
        return UNNAMED if self.anonymous else self.member.name


class PaperLink(Table):
    """A link that belongs to a submission: its code, a demo, a blog post."""

    __tablename__ = "paper_link"
    __table_args__ = (Unique("submission_id", "url"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"))
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"))
    kind: Mapped[str]
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
    stance: Mapped[str]
    """`vote`, or `skip` ("not for us": private, never ranks)."""
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
    stance: Mapped[str | None]
    """The new stance; empty where the vote was taken back."""
    reason: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime]


class Voice(Table):
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


class Saved(Table):
    """A paper on a member's reading list."""

    __tablename__ = "saved"

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"), primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"))
    at: Mapped[datetime]
    done_at: Mapped[datetime | None]


class Pick(Table):
    """A moderator's choice for an edition: place, theme, why, note."""

    __tablename__ = "pick"

    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"), primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"), index=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    place: Mapped[int | None]
    theme: Mapped[str] = mapped_column(default="")
    why: Mapped[str] = mapped_column(Text, default="")
    note: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime]


class Act(Table):
    """The moderators' log: who did what to what, when and why, and what was before."""

    __tablename__ = "act"
    __table_args__ = (Index("ix_act_log", "club_id", "id"), Index("ix_act_subject", "submission_id", "id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"))
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    """Empty where the club did it by itself, such as publishing at the deadline."""
    verb: Mapped[str]
    submission_id: Mapped[int | None] = mapped_column(ForeignKey("submission.id"))
    edition_id: Mapped[int | None] = mapped_column(ForeignKey("edition.id"))
    why: Mapped[str] = mapped_column(Text, default="")
    before: Mapped[dict[str, Any]] = mapped_column(default=dict)
    after: Mapped[dict[str, Any]] = mapped_column(default=dict)
    at: Mapped[datetime]

    member: Mapped[Member | None] = relationship(lazy="joined")


class Report(Table):
    """Somebody says that something is wrong with a paper's entry."""

    __tablename__ = "report"

    id: Mapped[int] = mapped_column(primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"), index=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    what: Mapped[str]
    note: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(default="open")
    at: Mapped[datetime]
    answer: Mapped[str] = mapped_column(Text, default="")

    submission: Mapped[Submission] = relationship(lazy="joined", innerjoin=True)
    member: Mapped[Member] = relationship(lazy="joined", innerjoin=True)


class Suggestion(Table):
    """News, code or a theme that a member suggests for the next edition."""

    __tablename__ = "suggestion"
    __table_args__ = (Index("ix_suggestion_club_id_state", "club_id", "state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    section: Mapped[str]
    kind: Mapped[str] = mapped_column(default="")
    title: Mapped[str] = mapped_column(Text, default="")
    url: Mapped[str] = mapped_column(Text, default="")
    note: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(default="new")
    edition_id: Mapped[int | None] = mapped_column(ForeignKey("edition.id"))
    at: Mapped[datetime]

    member: Mapped[Member] = relationship(lazy="joined", innerjoin=True)


class Saying(Table):
    """What a member said about a paper and lets be quoted, until they take it back. Without a row nobody is quoted."""

    __tablename__ = "saying"
    __table_args__ = (Index("ix_saying_submission", "submission_id", "revoked_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"), index=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"))
    text: Mapped[str] = mapped_column(Text)
    credit: Mapped[str] = mapped_column(default="")
    """The name they chose to stand under; empty for none."""
    url: Mapped[str] = mapped_column(Text, default="")
    """Where they said it."""
    at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    submission: Mapped[Submission] = relationship(lazy="joined", innerjoin=True)


class SourceText(Table):
    """A text that moderators quote from and no source tells: a blog post, a section of a paper; as they gave it."""

    __tablename__ = "source_text"
    __table_args__ = (Unique("club_id", "key", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"))
    key: Mapped[str]
    """Of the item it is the text of: `arxiv:1706.03762`, `suggestion:7`."""
    name: Mapped[str]
    """Which text of it: `section 4.1`."""
    text: Mapped[str] = mapped_column(Text)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    at: Mapped[datetime]


class LedgerQuote(Table):
    """A quote that a moderator chose: an exact piece of a text, with where in it it stands."""

    __tablename__ = "ledger_quote"
    __table_args__ = (Index("ix_ledger_quote_item", "club_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"))
    key: Mapped[str]
    text: Mapped[str] = mapped_column(Text)
    passage: Mapped[str]
    source: Mapped[str]
    """The text it stands in, with its version: `arxiv:1706.03762v5`."""
    start: Mapped[int]
    end: Mapped[int]
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    at: Mapped[datetime]


class Summary(Table):
    """What was written about one version of a paper, by whom or which model, from which source."""

    __tablename__ = "summary"
    __table_args__ = (Unique("paper_id", "version", "writer", "prompt", "digest"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    paper_id: Mapped[int] = mapped_column(ForeignKey("paper.id"))
    version: Mapped[int]
    writer: Mapped[str]
    prompt: Mapped[str]
    digest: Mapped[str]
    """A hash of the source text: the same text is never paid for twice, a changed one is read anew."""
    body: Mapped[dict[str, Any]]
    at: Mapped[datetime]


class PaperText(Table):
    """The whole text of one version of a paper, section by section, as it was read from arXiv's web page."""

    __tablename__ = "paper_text"
    __table_args__ = (Unique("paper_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    paper_id: Mapped[int] = mapped_column(ForeignKey("paper.id"))
    version: Mapped[int]
    passages: Mapped[list[list[str]]]
    """Pairs of heading and text; empty where there was no page to read."""
    at: Mapped[datetime]


class Spending(Table):
    """What one text by a model took, for the club that asked for it: tokens, and their price on that day."""

    __tablename__ = "spending"
    __table_args__ = (Index("ix_spending_at", "at", "club_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"))
    paper_id: Mapped[int] = mapped_column(ForeignKey("paper.id"))
    at: Mapped[datetime]
    model: Mapped[str]
    tokens_in: Mapped[int]
    tokens_out: Mapped[int]
    cost: Mapped[float]
    """In the currency of the prices that were set."""


class Slot(Table):
    """One edition's due time. Unique for a club and a period: the row is the truth, the ticker only looks."""

    __tablename__ = "slot"
    __table_args__ = (Unique("club_id", "key"), Index("ix_slot_due", "state", "due_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"))
    key: Mapped[str]
    """The local period, such as `2026-W47` or `2026-11`; not the time at which it fired."""
    due_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(default="due")
    """`due`, `done`, or `skipped`."""
    owner: Mapped[str] = mapped_column(default="")
    lease_until: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    trouble: Mapped[str] = mapped_column(Text, default="")
    why: Mapped[str] = mapped_column(Text, default="")


class Edition(Table):
    """One issue of the club's digest; frozen when approved."""

    __tablename__ = "edition"
    __table_args__ = (Unique("club_id", "number"), Index("ix_edition_state", "club_id", "state"))

    id: Mapped[int] = mapped_column(primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"))
    number: Mapped[int]
    slot_id: Mapped[int | None] = mapped_column(ForeignKey("slot.id"), unique=True)
    template: Mapped[str]
    title: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(default="draft")
    """`draft`, `approved` (frozen), `published`, `recalled`, or `skipped`: given up, its number free again."""
    since: Mapped[datetime]
    until: Mapped[datetime]
    sha: Mapped[str] = mapped_column(String(64), default="")
    """SHA-256 of the frozen document, so that a changed byte shows."""
    drafted_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    drafted_at: Mapped[datetime]
    approved_at: Mapped[datetime | None]
    publish_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(default=0)
    making: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """What a draft is made of: the document as it was composed, and the moderators' changes. Empty once it is out."""
    document: Mapped[dict[str, Any]]
    """Last of the columns: SQLite reads a row from its beginning, and lists of editions need not read all of each."""


class EditionVersion(Table):
    """The frozen document of an edition as it was before a correction: no byte that was approved is ever lost."""

    __tablename__ = "edition_version"

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"))
    sha: Mapped[str] = mapped_column(String(64))
    until: Mapped[datetime]
    """When it was corrected."""
    document: Mapped[dict[str, Any]]


class Approval(Table):
    """That a moderator has approved an edition as it stood."""

    __tablename__ = "approval"

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"))
    at: Mapped[datetime]


class EditionItem(Table):
    """That a submission was in an edition: so it is in no later one."""

    __tablename__ = "edition_item"

    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"), primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), index=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"))
    place: Mapped[int]


FEW_STALE: dict[str, Any] = {"sqlite_where": text("stale = 1"), "postgresql_where": text("stale")}
"""An index of the few posts that are to be drawn anew: the courier looks for them all the time, among all there are."""


class Delivery(Table):
    """One part of something posted to one room: the row that makes posting happen once, and is remembered."""

    __tablename__ = "delivery"
    __table_args__ = (
        Unique("club_id", "kind", "subject_id", "room_id", "part"),
        Index("ix_delivery_state", "state", "not_before"),
        Index("ix_delivery_message", "room_id", "message"),
        Index(
            "ix_delivery_stale", "state", "not_before", sqlite_where=text("stale = 1"), postgresql_where=text("stale")
        ),
        Index("ix_delivery_lease", "lease_until"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"))
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id"))
    kind: Mapped[str]
    """`card` (a submission), `edition`, `draft` (for the moderators) or `notice`."""
    subject_id: Mapped[int]
    part: Mapped[int] = mapped_column(default=0)
    submission_id: Mapped[int | None] = mapped_column(ForeignKey("submission.id"), index=True)
    """The submission whose tally it shows, if it shows one."""
    card: Mapped[dict[str, Any] | None]
    """The frozen card; empty where it is drawn from the submission as it now stands."""
    state: Mapped[str] = mapped_column(default="ready")
    """`ready`, `sending`, `sent`, `unknown`, `failed` or `skipped`."""
    attempts: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[datetime]
    owner: Mapped[str] = mapped_column(default="")
    lease_until: Mapped[datetime | None]
    """Until when its owner is at work on it: posting, looking for it or drawing it again."""
    first_tried_at: Mapped[datetime | None]
    last_tried_at: Mapped[datetime | None]
    had_unknown: Mapped[bool] = mapped_column(default=False)
    looks: Mapped[int] = mapped_column(default=0)
    """How often it was looked for in vain since its outcome became unknown."""
    message: Mapped[str] = mapped_column(default="")
    thread: Mapped[str] = mapped_column(default="")
    url: Mapped[str] = mapped_column(Text, default="")
    error: Mapped[str] = mapped_column(Text, default="")
    stale: Mapped[bool] = mapped_column(default=False)
    """Whether what it shows has changed since it was drawn."""

    room: Mapped[Room] = relationship(lazy="joined", innerjoin=True)

    @property
    def key(self) -> str:
        """Names the delivery on the platform, for finding it again. At most 25 characters (Discord's nonce)."""
        return f"jc{self.id}"


class Turn(Table):
    """When the next request to a shared service may leave: all processes take turns here."""

    __tablename__ = "turn"

    name: Mapped[str] = mapped_column(primary_key=True)
    next_at: Mapped[datetime]


class Lease(Table):
    """What one process at a time may do, and which does: serving a shard of Discord's gateway."""

    __tablename__ = "lease"

    name: Mapped[str] = mapped_column(primary_key=True)
    owner: Mapped[str]
    until: Mapped[datetime]


class Kept(Table):
    """A call that is too long for a button, or what was typed into a form that failed: nothing typed is lost."""

    __tablename__ = "kept"

    id: Mapped[int] = mapped_column(primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"))
    call: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(index=True)


class Code(Table):
    """A one-time code that binds an account or a workspace. Only its hash is kept."""

    __tablename__ = "code"

    hash: Mapped[str] = mapped_column(primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"))
    purpose: Mapped[str]
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Installation(Table):
    """That a workspace has let the app in, where many may: its token, encrypted, and what the token may do."""

    __tablename__ = "installation"
    __table_args__ = (Unique("platform", "external_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    platform: Mapped[str]
    external_id: Mapped[str]
    name: Mapped[str] = mapped_column(default="")
    token: Mapped[str] = mapped_column(Text)
    """Encrypted with the installation's key; empty once the app was removed."""
    bot_user: Mapped[str]
    bot_id: Mapped[str] = mapped_column(default="")
    scopes: Mapped[list[str]] = mapped_column(default=list)
    installed_by: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]


class InstallVisit(Table):
    """Somebody is on their way through the platform's install page. They come back once, in the same browser."""

    __tablename__ = "install_visit"

    state: Mapped[str] = mapped_column(primary_key=True)
    """Hash of what the platform hands back with them."""
    cookie: Mapped[str]
    """Hash of what their browser keeps meanwhile."""
    expires_at: Mapped[datetime] = mapped_column(index=True)


class Inbox(Table):
    """An event of a platform, written down before it is handled: a redelivery finds it here."""

    __tablename__ = "inbox"
    __table_args__ = (Index("ix_inbox_state", "platform", "state"),)

    key: Mapped[str] = mapped_column(primary_key=True)
    platform: Mapped[str]
    payload: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(default="new")
    tries: Mapped[int] = mapped_column(default=0)
    at: Mapped[datetime] = mapped_column(index=True)


class Fact(Table):
    """A small thing the house remembers between starts, such as the hash of the commands last synced."""

    __tablename__ = "fact"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str] = mapped_column(Text)
