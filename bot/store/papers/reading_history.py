"""Papers that a club read before it had this program: added in bulk, found by the search, on no list."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, delete, func, select, update

from bot.domain.links.sites import SiteKind
from bot.domain.models import (
    Club,
    Edition,
    EditionItem,
    Paper,
    SearchEntry,
    Submission,
    SubmissionState,
    TaskKind,
)
from bot.domain.publication_date import DatePrecision, PublicationDate
from bot.domain.vote_ranking import Terms
from bot.store.base.references import used_rows
from bot.store.base.task_triggers import wake
from bot.store.base.transaction import ClubRepository
from bot.store.papers.submissions import CLOSED_STATES

DAY_UNKNOWN = "its day is not known"
"""Reason of the state of a paper that was read before, if nobody knows when."""
CHUNK = 500
"""Keys that are looked up by one statement."""


@dataclass(frozen=True, slots=True)
class HistoryPaper:
    """A paper to add, as a list describes it. `read_at` is None if nobody knows when it was read.

    The details of a paper with an arXiv id or a DOI are those of the list until its source has answered.
    """

    key: str
    url: str
    title: str
    kind: SiteKind
    authors: tuple[str, ...] = ()
    abstract: str = ""
    categories: tuple[str, ...] = ()
    comment: str = ""
    venue: str = ""
    doi: str = ""
    published: PublicationDate | None = None
    topic_id: int | None = None
    why: str = ""
    read_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class StoredWork:
    """Identifying data of a work that the club has."""

    number: int
    key: str
    doi: str
    title: str
    authors: Sequence[str]
    url: str


class ReadingHistory(ClubRepository):
    """Papers that the club read before, and the whole list for an export."""

    async def works(self) -> Sequence[StoredWork]:
        """Every work that the club has had, in any state, newest first."""
        rows = await self._session.execute(
            select(Submission.number, Paper.key, Paper.doi, Paper.title, Paper.authors, Paper.url)
            .join(Paper, Paper.id == Submission.paper_id)
            .where(Submission.club_id == self._club_id)
            .order_by(Submission.id.desc())
        )
        return [StoredWork(*row) for row in rows]

    async def add(self, papers: Sequence[HistoryPaper], *, member_id: int, now: datetime) -> range:
        """Add papers as read before, and return the numbers of those that were new. The others stay as they are.

        Nobody is told, and no card is posted. Raises IntegrityError if another process adds the same at this moment.
        """
        wanted = {paper.key: paper for paper in papers}
        stored = await self._papers(list(wanted))
        taken = await self._submitted([paper.id for paper in stored.values()])
        missing = [_row(paper, self._club_id, now) for key, paper in wanted.items() if key not in stored]
        self._session.add_all(missing)
        await self._session.flush()
        stored |= {paper.key: paper for paper in missing}
        new = [paper for key, paper in wanted.items() if stored[key].id not in taken]
        if not new:
            return range(0)
        following = await self._session.scalar(
            update(Club)
            .where(Club.id == self._club_id)
            .values(next_number=Club.next_number + len(new))
            .returning(Club.next_number)
        )
        assert following is not None
        for number, paper in enumerate(new, following - len(new)):
            at = paper.read_at or now
            self._session.add(
                Submission(
                    club_id=self._club_id, number=number, paper_id=stored[paper.key].id, member_id=member_id,
                    why=paper.why, topic_id=paper.topic_id, link=paper.url, state=SubmissionState.READ,
                    state_why="" if paper.read_at else DAY_UNKNOWN, submitted_at=at,
                    follows_matched_at=now, heat=Terms(0, 0, at).score,
                )
            )  # fmt: skip
        await self._session.flush()
        if any(stored[paper.key].pending for paper in new):
            await self._transaction.run_sync(lambda connection: wake(connection, self._club_id, (TaskKind.DETAILS,)))
        return range(following - len(new), following)

    async def removable(self, numbers: range, *, keep: Collection[int]) -> dict[int, int]:
        """Submissions with these numbers that are only imported: their ids, with those of their papers.

        Left out are those in `keep`, and those that any other row belongs to: a vote, a discussion, a note, a meeting,
        an edition, an entry of the log … In a transaction that writes, their rows are locked.
        """
        statement = (
            select(Submission.id, Submission.paper_id)
            .where(Submission.club_id == self._club_id, Submission.number.in_(numbers))
            .where(Submission.state == SubmissionState.READ, Submission.id.not_in(keep))
            .with_for_update()
        )
        found = {row.id: row.paper_id for row in await self._session.execute(statement)}
        used = await used_rows(self._session, Submission.__table__, found, apart_from=SearchEntry.__tablename__)
        return {id: paper_id for id, paper_id in found.items() if id not in used}

    async def count_of(self, numbers: range) -> int:
        """Number of papers with these numbers."""
        statement = select(func.count()).select_from(Submission)
        where = (Submission.club_id == self._club_id, Submission.number.in_(numbers))
        return await self._session.scalar(statement.where(*where)) or 0

    async def remove(self, submissions: Mapping[int, int]) -> None:
        """Delete what `removable` gave in this transaction, and the papers that are the club's own and unused then."""
        await self._session.execute(delete(SearchEntry).where(SearchEntry.submission_id.in_(submissions)))
        await self._session.execute(delete(Submission).where(Submission.id.in_(submissions)))
        papers = set(submissions.values())
        own = await self._session.scalars(
            select(Paper.id).where(Paper.id.in_(papers), Paper.owner_club_id == self._club_id)
        )
        found = set(own)
        unused = found - await used_rows(self._session, Paper.__table__, found)
        await self._session.execute(delete(Paper).where(Paper.id.in_(unused)))

    async def listed(self, *, after: int = 0, limit: int = 1000) -> Sequence[tuple[Submission, datetime | None]]:
        """Papers of the list by number, from the one after a number on, each with the day of its edition.

        Merged papers, and what was removed or withdrawn, are left out.
        """
        published = (
            select(Edition.published_at)
            .join(EditionItem, EditionItem.edition_id == Edition.id)
            .where(EditionItem.submission_id == Submission.id, EditionItem.club_id == self._club_id)
            .scalar_subquery()
        )
        rows = await self._session.execute(
            select(Submission, published)
            .where(Submission.club_id == self._club_id, Submission.number > after)
            .where(Submission.merged_into_id.is_(None), Submission.state.not_in(CLOSED_STATES))
            .order_by(Submission.number)
            .limit(limit)
        )
        return [(submission, at) for submission, at in rows.unique()]

    async def count(self) -> tuple[int, int]:
        """Number of papers that `listed` gives, and of those among them that were read before."""
        read = func.sum(case((Submission.state == SubmissionState.READ, 1), else_=0))
        every, before = (
            await self._session.execute(
                select(func.count(), read)
                .select_from(Submission)
                .where(Submission.club_id == self._club_id, Submission.merged_into_id.is_(None))
                .where(Submission.state.not_in(CLOSED_STATES))
            )
        ).one()
        return every, before or 0

    async def _papers(self, keys: Sequence[str]) -> dict[str, Paper]:
        found: dict[str, Paper] = {}
        for start in range(0, len(keys), CHUNK):
            rows = await self._session.scalars(select(Paper).where(Paper.key.in_(keys[start : start + CHUNK])))
            found |= {paper.key: paper for paper in rows}
        return found

    async def _submitted(self, paper_ids: Sequence[int]) -> set[int]:
        found: set[int] = set()
        for start in range(0, len(paper_ids), CHUNK):
            chunk = paper_ids[start : start + CHUNK]
            found |= set(
                await self._session.scalars(
                    select(Submission.paper_id).where(
                        Submission.club_id == self._club_id, Submission.paper_id.in_(chunk)
                    )
                )
            )
        return found


def _row(paper: HistoryPaper, club_id: int, now: datetime) -> Paper:
    """Row of a paper that is new. One with an id is asked about, any other is the club's own."""
    public = paper.key.startswith(("arxiv:", "doi:"))
    return Paper(
        key=paper.key, owner_club_id=None if public else club_id, kind=paper.kind, url=paper.url, title=paper.title,
        authors=list(paper.authors), abstract=paper.abstract, categories=list(paper.categories),
        comment=paper.comment, journal_ref=paper.venue, doi=paper.doi, version=0,
        published_at=paper.published.at if paper.published else None,
        published_precision=paper.published.precision if paper.published else DatePrecision.DAY,
        withdrawn=False, details_at=None if public else now, asked_at=None if public else now,
    )  # fmt: skip
