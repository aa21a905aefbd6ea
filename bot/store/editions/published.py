"""Published data of a club, readable by everyone: no drafts, and no names of voters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import extract, func, select

from bot.domain.links.identify import SiteKind
from bot.domain.models import Club, Edition, EditionItem, EditionState, Member, Paper, Submission, Vote
from bot.store.base.transaction import ClubRepository

PUBLISHED_STATES = (EditionState.PUBLISHED, EditionState.RECALLED)
"""States of an edition that was published."""


EditionVersionStamp = tuple[int, EditionState, str, int]
"""Version of an edition: id, state, hash and revision."""


@dataclass(frozen=True, slots=True)
class PublishedEdition:
    """A published edition without its content. `sha` and `revision` change with the content."""

    id: int
    number: int
    sha: str
    revision: int
    recalled: bool
    published: datetime


@dataclass(frozen=True, slots=True)
class Totals:
    """Totals since a club was created."""

    submissions: int
    votes: int
    """Votes that count in the ranking: without members' votes for their own submissions."""
    members: int
    """Members who submitted a paper or voted."""


@dataclass(frozen=True, slots=True)
class PublicationCounts:
    """Papers of a category that were first published in a month; the category is empty if a paper has none."""

    year: int
    month: int
    category: str
    count: int


class Published(ClubRepository):
    """Published editions and the papers in them."""

    async def club(self) -> Club | None:
        """The club; None if it does not exist."""
        return await self._session.get(Club, self._club_id)

    async def stamps(self) -> Sequence[EditionVersionStamp]:
        """Version stamps of the published editions.

        They change when an edition is published, changed or recalled.
        """
        rows = await self._session.execute(
            select(Edition.id, Edition.state, Edition.sha, Edition.revision)
            .where(Edition.club_id == self._club_id, Edition.state.in_(PUBLISHED_STATES))
            .order_by(Edition.id)
        )
        return [(id, state, sha, revision) for id, state, sha, revision in rows]

    async def editions(self) -> Sequence[PublishedEdition]:
        """Published editions, latest first; recalled ones are marked."""
        rows = await self._session.execute(
            select(
                Edition.id,
                Edition.number,
                Edition.sha,
                Edition.revision,
                Edition.state,
                func.coalesce(Edition.published_at, Edition.until, type_=Edition.published_at.type),
            )
            .where(Edition.club_id == self._club_id, Edition.state.in_(PUBLISHED_STATES))
            .order_by(Edition.number.desc())
        )
        return [
            PublishedEdition(id, number, sha, revision, state == EditionState.RECALLED, at)
            for id, number, sha, revision, state, at in rows
        ]

    async def documents(self, ids: Sequence[int]) -> dict[int, dict[str, Any]]:
        """Frozen documents of these editions, by id."""
        rows = await self._session.execute(
            select(Edition.id, Edition.document).where(
                Edition.club_id == self._club_id, Edition.state.in_(PUBLISHED_STATES), Edition.id.in_(ids)
            )
        )
        return dict(rows.all())

    async def listed_members(self) -> Sequence[tuple[int, str]]:
        """Ids and names of the members who want a page in the archive, by name."""
        rows = await self._session.execute(
            select(Member.id, Member.name)
            .where(Member.club_id == self._club_id, Member.prefs["web"].as_boolean())
            .order_by(Member.name, Member.id)
        )
        return [(id, name) for id, name in rows]

    async def submitted_by(self, member_id: int) -> Sequence[int]:
        """Numbers of a member's papers in editions, submitted under their name; latest edition first."""
        found = await self._session.scalars(
            select(Submission.number)
            .join(EditionItem, EditionItem.submission_id == Submission.id)
            .join(Edition, Edition.id == EditionItem.edition_id)
            .where(Submission.club_id == self._club_id, Submission.member_id == member_id, ~Submission.anonymous)
            .where(Edition.state == EditionState.PUBLISHED)
            .order_by(Edition.number.desc(), EditionItem.place)
        )
        return found.all()

    async def publication_counts(self) -> Sequence[PublicationCounts]:
        """Papers in the club's editions, counted by the month of their first publication and their first category."""
        at = func.timezone("UTC", Paper.published_at) if self._postgresql else Paper.published_at
        year, month, category = extract("year", at), extract("month", at), Paper.categories[0].as_string()
        rows = await self._session.execute(
            select(year, month, category, func.count())
            .join(Submission, Submission.paper_id == Paper.id)
            .join(EditionItem, EditionItem.submission_id == Submission.id)
            .join(Edition, Edition.id == EditionItem.edition_id)
            .where(EditionItem.club_id == self._club_id, Edition.state == EditionState.PUBLISHED)
            .where(Paper.published_at.is_not(None), Paper.kind == SiteKind.PAPER)
            .group_by(year, month, category)
        )
        return [PublicationCounts(int(y), int(m), c or "", count) for y, m, c, count in rows]

    @property
    def _postgresql(self) -> bool:
        return self._session.get_bind().dialect.name == "postgresql"

    async def most_voted(self, *, limit: int) -> Sequence[tuple[int, int]]:
        """Numbers and current votes of the papers in editions, most votes first."""
        rows = await self._session.execute(
            select(Submission.number, Submission.votes)
            .join(EditionItem, EditionItem.submission_id == Submission.id)
            .join(Edition, Edition.id == EditionItem.edition_id)
            .where(Submission.club_id == self._club_id, Edition.state == EditionState.PUBLISHED, Submission.votes > 0)
            .order_by(Submission.votes.desc(), Submission.id)
            .limit(limit)
        )
        return [(number, votes) for number, votes in rows]

    async def submission_times(self, since: datetime) -> Sequence[datetime]:
        """Times of the submissions since a time, merged ones included."""
        found = await self._session.scalars(
            select(Submission.submitted_at).where(Submission.club_id == self._club_id, Submission.submitted_at >= since)
        )
        return found.all()

    async def vote_times(self, since: datetime) -> Sequence[datetime]:
        """Times of the votes since a time that count in the ranking."""
        found = await self._session.scalars(
            select(Vote.at).where(Vote.club_id == self._club_id, Vote.at >= since, Vote.ranks)
        )
        return found.all()

    async def totals(self) -> Totals:
        """Totals of the club."""
        counted = select(func.count(), func.coalesce(func.sum(Submission.votes), 0))
        rows = await self._session.execute(counted.where(Submission.club_id == self._club_id))
        submissions, votes = rows.one()
        voted = select(Vote.member_id).where(Vote.member_id == Member.id, Vote.ranks).exists()
        submitted = select(Submission.id).where(Submission.member_id == Member.id).exists()
        members = select(func.count()).where(Member.club_id == self._club_id, voted | submitted)
        return Totals(submissions, int(votes), await self._session.scalar(members) or 0)
