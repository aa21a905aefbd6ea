"""Queries about votes: whose, for what, since when, and which paper is ahead. `votes` writes them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from bot.domain.models import EditionItem, Member, Submission, Vote, VoteEvent, VoteStance
from bot.domain.vote_ranking import ReturnedPapers, Terms
from bot.store.base.statements import Result
from bot.store.base.transaction import ClubRepository
from bot.store.papers.submissions import CLOSED_STATES, OPEN_STATES

EXTRA_CANDIDATES = 10
"""Submissions read beyond those asked for, because the order by all votes differs from that of a window."""


NONE_RETURNED = ReturnedPapers()


def _since(since: datetime, returned: ReturnedPapers) -> ColumnElement[bool]:
    """Condition of a vote that counts in a window that begins then, or earlier for papers that a recall gave back."""
    if not returned.since:
        return Vote.at >= since
    return or_(Vote.at >= since, and_(Vote.submission_id.in_(returned.ids), Vote.at >= returned.since))


class VoteQueries(ClubRepository):
    """Reading of votes, and of the ranks that follow from them."""

    async def stance(self, member_id: int, submission_id: int) -> VoteStance | None:
        """A member's stance on a submission; None if there is none."""
        return await self._session.scalar(
            select(Vote.stance).where(
                Vote.submission_id == submission_id, Vote.member_id == member_id, Vote.club_id == self._club_id
            )
        )

    async def vote_time(self, member_id: int, submission_id: int) -> datetime | None:
        """Time of a member's vote for a submission; None if there is none."""
        return await self._session.scalar(
            select(Vote.at).where(
                Vote.submission_id == submission_id,
                Vote.member_id == member_id,
                Vote.club_id == self._club_id,
                Vote.stance == VoteStance.VOTE,
            )
        )

    async def voted_for(
        self, member_id: int, since: datetime, *, skip: int = 0, limit: int = 10
    ) -> Sequence[Submission]:
        """Submissions that a member has voted for since a time, latest first."""
        statement = self._counted_votes(select(Submission), member_id, since)
        found = await self._session.scalars(
            statement.order_by(Vote.at.desc(), Vote.submission_id).offset(skip).limit(limit)
        )
        return found.unique().all()

    async def count_votes(self, member_id: int, since: datetime) -> int:
        """Number of submissions that a member has voted for since a time."""
        statement = self._counted_votes(select(func.count()).select_from(Submission), member_id, since)
        return await self._session.scalar(statement) or 0

    def _counted_votes(self, statement: Select[Result], member_id: int, since: datetime) -> Select[Result]:
        """A statement limited to a member's votes for listed submissions; other votes do not use up the limit."""
        return (
            statement.join(Vote, Vote.submission_id == Submission.id)
            .where(
                Vote.club_id == self._club_id,
                Vote.member_id == member_id,
                Vote.stance == VoteStance.VOTE,
                Vote.at >= since,
            )
            .where(Submission.merged_into_id.is_(None), Submission.state.not_in(CLOSED_STATES))
        )

    async def voters(self, submission_id: int) -> Sequence[tuple[Member, Vote]]:
        """Members who voted for a submission with their votes, oldest vote first."""
        rows = await self._session.execute(
            select(Member, Vote)
            .join(Vote, Vote.member_id == Member.id)
            .where(Vote.submission_id == submission_id, Vote.club_id == self._club_id, Vote.stance == VoteStance.VOTE)
            .order_by(Vote.at)
        )
        return [(member, vote) for member, vote in rows]

    async def count_skips(self, submission_id: int) -> int:
        """Number of members who skipped a submission; for moderators only."""
        conditions = (
            Vote.submission_id == submission_id,
            Vote.club_id == self._club_id,
            Vote.stance == VoteStance.SKIP,
        )
        return await self._session.scalar(select(func.count()).where(*conditions)) or 0

    async def terms_in_window(
        self,
        since: datetime,
        until: datetime,
        *,
        topic_id: int | None = None,
        returned: ReturnedPapers = NONE_RETURNED,
    ) -> dict[int, Terms]:
        """Rank terms of every open submission with votes in a window, by submission id."""
        counted = (
            select(Vote.submission_id, func.count().label("votes"))
            .where(Vote.club_id == self._club_id, _since(since, returned), Vote.at < until, Vote.ranks)
            .group_by(Vote.submission_id)
            .subquery()
        )
        statement = (
            select(Submission.id, counted.c.votes, Submission.voices, Submission.submitted_at)
            .join(counted, counted.c.submission_id == Submission.id)
            .where(*self._open())
        )
        if topic_id is not None:
            statement = statement.where(Submission.topic_id == topic_id)
        rows = await self._session.execute(statement)
        return {id: Terms(votes, voices, at) for id, votes, voices, at in rows}

    async def visible_voters(self, submission_ids: Collection[int]) -> dict[int, list[str]]:
        """Names of the voters who let editions name them, by submission."""
        rows = await self._session.execute(
            select(Vote.submission_id, Member.name)
            .join(Member, Member.id == Vote.member_id)
            .where(Vote.club_id == self._club_id, Vote.submission_id.in_(submission_ids), Vote.ranks)
            .where(Member.prefs["voted"].as_boolean())
            .order_by(Vote.submission_id, Member.name)
        )
        found: dict[int, list[str]] = {}
        for submission_id, name in rows:
            found.setdefault(submission_id, []).append(name)
        return found

    async def leaders(
        self,
        since: datetime,
        until: datetime,
        *,
        topic_id: int | None = None,
        limit: int,
        returned: ReturnedPapers = NONE_RETURNED,
    ) -> list[int]:
        """The first `limit` submissions of `terms_in_window` by rank, without reading all of a large club.

        By the votes of a window a submission never ranks higher than by all its votes, for which there is an index. So
        the highest by all votes are read, and they suffice if no other can rank higher.
        """
        if topic_id is None:
            highest = self._highest_ranked(since, until, returned).limit(limit + EXTRA_CANDIDATES)
            rows = list(await self._session.execute(highest))
            terms = {row.id: Terms(row.counted, row.voices, row.submitted_at) for row in rows if row.counted}
            best = _ranked(terms)[:limit]
            if len(rows) < limit + EXTRA_CANDIDATES or (len(best) == limit and terms[best[-1]].score > rows[-1].heat):
                return best
        return _ranked(await self.terms_in_window(since, until, topic_id=topic_id, returned=returned))[:limit]

    def _highest_ranked(
        self, since: datetime, until: datetime, returned: ReturnedPapers
    ) -> Select[int, int, int, datetime, float]:
        """Open submissions by rank over all votes, with their number of votes in a window."""
        conditions = (Vote.submission_id == Submission.id, _since(since, returned), Vote.at < until, Vote.ranks)
        counted = select(func.count()).where(*conditions).scalar_subquery().label("counted")
        return (
            select(Submission.id, counted, Submission.voices, Submission.submitted_at, Submission.heat)
            .where(Submission.club_id == self._club_id, *self._open())
            .order_by(Submission.heat.desc(), Submission.id)
        )

    def _open(self) -> Sequence[ColumnElement[bool]]:
        """Conditions of a submission that may be in the next edition."""
        published = select(EditionItem.submission_id).where(EditionItem.submission_id == Submission.id).exists()
        return Submission.state.in_(OPEN_STATES), Submission.merged_into_id.is_(None), ~published

    async def terms(
        self, submission: Submission, since: datetime, until: datetime, returned: ReturnedPapers = NONE_RETURNED
    ) -> Terms:
        """Rank terms of a submission in a window."""
        conditions = (Vote.submission_id == submission.id, Vote.club_id == self._club_id, Vote.ranks)
        counted = select(func.count()).where(*conditions, _since(since, returned), Vote.at < until)
        votes = await self._session.scalar(counted)
        return Terms(votes or 0, submission.voices, submission.submitted_at)

    async def log(self) -> Sequence[VoteEvent]:
        """All vote changes of this club, in order."""
        found = await self._session.scalars(
            select(VoteEvent).where(VoteEvent.club_id == self._club_id).order_by(VoteEvent.id)
        )
        return found.all()


def _ranked(terms: Mapping[int, Terms]) -> list[int]:
    """Submissions by rank; equals in the order of submission."""
    return sorted(terms, key=lambda id: (-terms[id].score, id))
