"""Models of the stream: sources of new papers, what they announced, and what a club's moderators said of it.

Sources and their papers are shared by all clubs of an installation; a club subscribes to sources.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, Text
from sqlalchemy import UniqueConstraint as Unique
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.domain.links.sites import SiteKind
from bot.domain.models.base import Table, stored_enum
from bot.domain.stream.source_kinds import StreamSourceKind

stored_enum(StreamSourceKind)


@stored_enum
class StreamVerdict(StrEnum):
    """Moderators' word on a paper of the stream that is not on the club's list."""

    DISMISSED = "dismissed"
    MORE = "more"
    LESS = "less"


class StreamSource(Table):
    """A source of new papers, read once for all clubs: an arXiv category, a journal, a feed."""

    __tablename__ = "stream_source"
    __table_args__ = (Unique("kind", "address"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[StreamSourceKind]
    address: Mapped[str]
    """Address that its reader asks for: `cs.CL`, a subject, an ISSN, a URL, a venue's id."""
    position: Mapped[str] = mapped_column(default="")
    """Position at which the reading continues, in the reader's own form; empty between two readings."""
    started_at: Mapped[datetime | None]
    """Start of the current reading; empty between two readings."""
    read_until: Mapped[datetime | None]
    """Start of the last reading that was complete; empty before the first."""
    next_at: Mapped[datetime] = mapped_column(index=True)
    """Time of the next request."""
    failures: Mapped[int] = mapped_column(default=0)
    """Failed requests since the last answer."""
    failing_since: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(Text, default="")
    """Stored text about the last failure, or about what the last answer left out; empty if all is well."""
    last_count: Mapped[int] = mapped_column(default=0)
    """New papers of the current reading, else of the last one that found any."""
    last_new_at: Mapped[datetime | None]
    last_title: Mapped[str] = mapped_column(Text, default="")
    """Title of the newest paper."""
    added_at: Mapped[datetime]

    @property
    def name(self) -> str:
        """The source as admins type it."""
        return self.kind.typed(self.address)


class ClubSource(Table):
    """A source that a club reads."""

    __tablename__ = "club_source"

    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"), primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("stream_source.id"), primary_key=True)
    negative_words: Mapped[list[str]] = mapped_column(default=list)
    """Words whose papers from this source are not proposed."""
    at: Mapped[datetime]

    source: Mapped[StreamSource] = relationship(lazy="joined", innerjoin=True)


class StreamEntry(Table):
    """A paper or page that a source announced. It is deleted after a time, unless moderators said something of it."""

    __tablename__ = "stream_entry"
    __table_args__ = (
        Index("ix_stream_entry_listed", "listed_at"),
        Index("ix_stream_entry_fingerprint", "fingerprint"),
        Index("ix_stream_entry_doi", "doi"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    """`arxiv:1706.03762`, `doi:10.1000/182`, or `web:<url>`."""
    kind: Mapped[SiteKind] = mapped_column(default=SiteKind.PAPER)
    url: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    authors: Mapped[str] = mapped_column(Text, default="")
    """Names, one a line: the full-text index reads this column."""
    abstract: Mapped[str] = mapped_column(Text, default="")
    categories: Mapped[list[str]] = mapped_column(default=list)
    doi: Mapped[str] = mapped_column(default="")
    folded: Mapped[str] = mapped_column(Text, default="")
    """Words of title, authors and abstract that have accents, without the accents: for PostgreSQL's index."""
    fingerprint: Mapped[str] = mapped_column(default="")
    """Hash of title and first author, by which one work under two keys is found."""
    published_at: Mapped[datetime]
    listed_at: Mapped[datetime]
    """Time from which it counts as new."""
    hf_votes: Mapped[int | None]
    """Votes on Hugging Face when it was last asked; empty if it was not listed there."""

    @property
    def author_names(self) -> tuple[str, ...]:
        """The authors, in order."""
        return tuple(self.authors.splitlines())


class StreamWord(Table):
    """The entries of one segment of ids that have a word which tells them apart: by it similar papers are found."""

    __tablename__ = "stream_word"

    word: Mapped[str] = mapped_column(primary_key=True)
    segment: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    places: Mapped[bytes] = mapped_column(LargeBinary)
    """Places within the segment, two bytes each, the newest last."""


class StreamAppearance(Table):
    """A source that announced an entry."""

    __tablename__ = "stream_appearance"
    __table_args__ = (Index("ix_stream_appearance_recent", "source_id", "at"),)

    entry_id: Mapped[int] = mapped_column(ForeignKey("stream_entry.id"), primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("stream_source.id"), primary_key=True)
    at: Mapped[datetime]
    """The entry's `listed_at`, so that one index finds the new ones of a source."""


class EntryVerdict(Table):
    """The last thing that a club's moderators said of an entry: the shortlist learns from it."""

    __tablename__ = "stream_verdict"

    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"), primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("stream_entry.id"), primary_key=True)
    verdict: Mapped[StreamVerdict]
    at: Mapped[datetime]


class ShortlistRun(Table):
    """The last ranking of a club's new papers."""

    __tablename__ = "shortlist_run"

    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"), primary_key=True)
    at: Mapped[datetime]
    considered: Mapped[int] = mapped_column(default=0)
    """New papers that were ranked; 0 also after the club's sources or their words changed."""
    ranker: Mapped[str] = mapped_column(default="")
    """Name and version of the ranker."""
    notice: Mapped[str] = mapped_column(Text, default="")
    """Sentence about the ranker for moderators; empty if all is well."""
    stale: Mapped[bool] = mapped_column(default=False)
    """True if something it depends on has changed since."""

    @property
    def is_discarded(self) -> bool:
        """True if it is not to be shown again, or was made of nothing: then a new one costs little."""
        return self.stale and not self.considered


class ShortlistEntry(Table):
    """An entry of a club's current shortlist, with the reasons for it."""

    __tablename__ = "shortlist_entry"
    __table_args__ = (Index("ix_shortlist_entry_place", "club_id", "place"),)

    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"), primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("stream_entry.id"), primary_key=True)
    place: Mapped[int]
    score: Mapped[float]
    reasons: Mapped[Any] = mapped_column(JSON, default=list)
    """Values of the ranker's reasons, one object each."""

    entry: Mapped[StreamEntry] = relationship(lazy="joined", innerjoin=True)


class ShortlistPost(Table):
    """One post of the shortlist in the moderators' channels: at most one a day or a week."""

    __tablename__ = "shortlist_post"
    __table_args__ = (Unique("club_id", "period"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"))
    period: Mapped[str]
    """The day (`2025-12-01`) or the week (`2025-W49`) that it is for."""
    at: Mapped[datetime]


class PostedCandidate(Table):
    """An entry that was posted to a club's moderators: it is posted once."""

    __tablename__ = "posted_candidate"
    __table_args__ = (Index("ix_posted_candidate_post", "post_id", "place"),)

    club_id: Mapped[int] = mapped_column(ForeignKey("club.id"), primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("stream_entry.id"), primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("shortlist_post.id"))
    place: Mapped[int]
    reasons: Mapped[Any] = mapped_column(JSON, default=list)

    entry: Mapped[StreamEntry] = relationship(lazy="joined", innerjoin=True)
