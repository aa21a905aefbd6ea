"""The submissions that brought papers to the club."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import ColumnElement, Select, and_, bindparam, delete, func, or_, select, update

from bot.domain.links.identify import SiteKind
from bot.domain.models import (
    AuditEntry,
    Club,
    CoSubmission,
    EditionItem,
    Paper,
    PaperLink,
    Submission,
    SubmissionState,
    TaskKind,
)
from bot.domain.ranking import Terms
from bot.store.base.statements import for_update, insert_if_absent
from bot.store.base.transaction import ClubRepository
from bot.store.base.wake_up import wake
from bot.store.papers.topics import Topics

OPEN_STATES = (SubmissionState.NEW, SubmissionState.SHORTLISTED, SubmissionState.PICKED)
"""The states in which a submission may be voted for and taken into an edition."""
WITHDRAWN, REINSTATED = "source-withdrawn", "source-reinstated"
"""Verbs of the log: a paper's source has withdrawn it, or has a version again that is not withdrawn."""
CLOSED_STATES = (SubmissionState.DROPPED, SubmissionState.WITHDRAWN)
"""The states in which a submission is on no list: a moderator took it off, or its member took it back."""


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a submission: its state, and whether it was merged, withdrawn by its source, or published."""

    id: int
    state: str
    merged: bool
    withdrawn: bool
    published: bool


class Submissions(ClubRepository):
    """The papers of the club, each question one method."""

    async def add(self, submission: Submission) -> Submission:
        """Keep a new submission and give it the club's next number. Raises IntegrityError if the paper is there."""
        number = await self._session.scalar(
            update(Club)
            .where(Club.id == self._club_id)
            .values(next_number=Club.next_number + 1)
            .returning(Club.next_number)
        )
        assert number is not None
        submission.club_id, submission.number = self._club_id, number - 1
        submission.heat = Terms(0, 0, submission.submitted_at).score
        self._session.add(submission)
        await self._session.flush()
        await self._session.refresh(submission, ["paper", "member", "topic"])
        if submission.paper.pending:
            await self._block.at_once(lambda connection: wake(connection, self._club_id, (TaskKind.DETAILS,)))
        return submission

    async def get(self, submission_id: int, *, lock: bool = False) -> Submission | None:
        """A submission of this club by id. `lock` holds the row for what is read to be written."""
        return await self._one("id", submission_id, lock=lock)

    async def by_number(self, number: int, *, lock: bool = False) -> Submission | None:
        """A submission by the number people type."""
        return await self._one("number", number, lock=lock)

    async def of_paper(self, paper: Paper) -> Submission | None:
        """The submission that brought a work to this club."""
        return await self._one("paper_id", paper.id)

    async def of_key(self, key: str, *, lock: bool = False) -> Submission | None:
        """The submission of the work with this key."""
        question = self._mine().join(Paper).where(Paper.key == key)
        return await self._session.scalar(_locked(question) if lock else question)

    async def many(self, ids: Iterable[int]) -> dict[int, Submission]:
        """Submissions by id."""
        # With the bare column SQLite may go through an index of the club, all of it, instead of taking the few keys.
        ours = Submission.club_id + 0 == self._club_id
        found = await self._session.scalars(select(Submission).where(ours, Submission.id.in_(list(ids))))
        return {submission.id: submission for submission in found.unique()}

    async def in_state(self, *states: SubmissionState, skip: int = 0, limit: int = 10) -> Sequence[Submission]:
        """Submissions in these states, oldest first; those of earlier editions left out."""
        found = await self._session.scalars(
            self._mine()
            .where(Submission.state.in_(states), Submission.merged_into_id.is_(None), self._unpublished())
            .order_by(Submission.id)
            .offset(skip)
            .limit(limit)
        )
        return found.unique().all()

    async def pending(self, *, asked_before: datetime | None = None, limit: int = 100) -> Sequence[Submission]:
        """Submissions whose details are still to follow, longest unasked first; with a time, those not asked since."""
        question = self._mine().join(Paper).where(Paper.details_at.is_(None), Paper.kind == SiteKind.PAPER)
        question = question.where(Submission.state != SubmissionState.DROPPED, Submission.merged_into_id.is_(None))
        if asked_before:
            question = question.where(or_(Paper.asked_at.is_(None), Paper.asked_at < asked_before))
        found = await self._session.scalars(question.order_by(Paper.asked_at, Submission.id).limit(limit))
        return found.unique().all()

    async def submitted_by(self, since: datetime, until: datetime, *, limit: int) -> Sequence[Submission]:
        """What was submitted in a stretch of time and may go into an edition, newest first."""
        found = await self._session.scalars(
            self._mine()
            .where(Submission.submitted_at >= since, Submission.submitted_at < until)
            .where(Submission.state.in_(OPEN_STATES), Submission.merged_into_id.is_(None), self._unpublished())
            .order_by(Submission.submitted_at.desc())
            .limit(limit)
        )
        return found.unique().all()

    async def fates(self, since: datetime, until: datetime, *, limit: int = 1000) -> Sequence[Fate]:
        """What became of each submission of a stretch of time, oldest first."""
        rows = await self._session.execute(
            select(
                Submission.id, Submission.state, Submission.merged_into_id.is_not(None), Paper.withdrawn,
                ~self._unpublished(),
            )
            .join(Paper, Paper.id == Submission.paper_id)
            .where(Submission.club_id == self._club_id)
            .where(Submission.submitted_at >= since, Submission.submitted_at < until)
            .order_by(Submission.id)
            .limit(limit)
        )  # fmt: skip
        return [Fate(*row) for row in rows]

    async def withdrawal_changed(self, *, limit: int = 50) -> Sequence[Submission]:
        """Submissions whose paper its source has withdrawn, or put back, since the club last wrote that down."""
        last = (
            select(AuditEntry.verb)
            .where(AuditEntry.submission_id == Submission.id, AuditEntry.verb.in_((WITHDRAWN, REINSTATED)))
            .order_by(AuditEntry.id.desc())
            .limit(1)
            .correlate(Submission)
            .scalar_subquery()
        )
        told = select(AuditEntry.submission_id).where(AuditEntry.club_id == self._club_id, AuditEntry.verb == WITHDRAWN)
        changed = or_(
            and_(Paper.withdrawn, func.coalesce(last, "") != WITHDRAWN),
            and_(~Paper.withdrawn, Submission.id.in_(told), last == WITHDRAWN),
        )
        found = await self._session.scalars(
            self._mine()
            .join(Paper, Paper.id == Submission.paper_id)
            .where(changed)
            .order_by(Submission.id)
            .limit(limit)
        )
        return found.unique().all()

    async def best(
        self, *, since: datetime | None, topic: str = "", long: bool = False, skip: int = 0, limit: int = 10
    ) -> Sequence[Submission]:
        """The most voted of those submitted since then, ties by heat.

        With `long`, that is so much of the club that going through the most voted ones finds enough of them at once.
        """
        question = self._listed().with_only_columns(Submission.id)  # their papers and members are read for a page only
        if since:
            # No index is kept for what a function gives, so the index of the votes is taken.
            at = func.coalesce(Submission.submitted_at, since) if long else Submission.submitted_at
            question = question.where(at >= since)
        if topic:
            question = question.where(Submission.topic_id == await Topics(*self._beside()).id_of(topic))
        order = (Submission.votes.desc(), Submission.heat.desc(), Submission.id)
        ids = list(await self._session.scalars(question.order_by(*order).offset(skip).limit(limit)))
        found = await self.many(ids)
        return [found[id] for id in ids if id in found]

    async def by_member(self, member_id: int, *, limit: int = 10) -> Sequence[Submission]:
        """What a member brought, latest first; merged ones left out."""
        found = await self._session.scalars(
            self._mine()
            .where(Submission.member_id == member_id, Submission.merged_into_id.is_(None))
            .order_by(Submission.id.desc())
            .limit(limit)
        )
        return found.unique().all()

    async def on_topic(self, topic_id: int, *, limit: int = 100) -> Sequence[Submission]:
        """The latest submissions of a topic."""
        found = await self._session.scalars(
            self._mine().where(Submission.topic_id == topic_id).order_by(Submission.id.desc()).limit(limit)
        )
        return found.unique().all()

    async def unlink(self, submission_id: int, url: str) -> bool:
        """Take a link away; False if it is not there."""
        gone = (
            delete(PaperLink)
            .where(PaperLink.club_id == self._club_id, PaperLink.submission_id == submission_id, PaperLink.url == url)
            .returning(PaperLink.id)
        )
        return (await self._session.execute(gone)).first() is not None

    async def add_co_submitter(
        self, submission: Submission, member_id: int, why: str, now: datetime, *, anonymous: bool = False
    ) -> bool:
        """Credit somebody who brought the same paper again; their latest reason is kept."""
        values = {
            "submission_id": submission.id,
            "member_id": member_id,
            "club_id": self._club_id,
            "why": why,
            "anonymous": anonymous,
            "at": now,
        }
        return await insert_if_absent(
            self._session, CoSubmission, values, keys=("submission_id", "member_id") if why else ()
        )

    async def second_no_more(self, submission_id: int, member_id: int) -> None:
        """Whoever brings a paper first is not credited for having brought it too."""
        mine = (CoSubmission.club_id == self._club_id, CoSubmission.submission_id == submission_id)
        await self._session.execute(delete(CoSubmission).where(*mine, CoSubmission.member_id == member_id))

    async def seconds(self, submission_id: int) -> Sequence[CoSubmission]:
        """Who else brought it, first come first."""
        found = await self._session.scalars(
            select(CoSubmission)
            .where(CoSubmission.club_id == self._club_id, CoSubmission.submission_id == submission_id)
            .order_by(CoSubmission.at)
        )
        return found.unique().all()

    async def link(self, submission_id: int, kind: SiteKind, url: str, member_id: int, now: datetime) -> bool:
        """Add a link; False if it is there already."""
        return await insert_if_absent(
            self._session,
            PaperLink,
            {
                "club_id": self._club_id,
                "submission_id": submission_id,
                "kind": kind,
                "url": url,
                "member_id": member_id,
                "at": now,
            },
        )

    async def links(self, *submission_ids: int) -> Sequence[PaperLink]:
        """The links of these submissions, in the order in which they were added."""
        found = await self._session.scalars(
            select(PaperLink)
            .where(PaperLink.club_id == self._club_id, PaperLink.submission_id.in_(submission_ids))
            .order_by(PaperLink.id)
        )
        return found.all()

    async def published(self, submission_id: int) -> EditionItem | None:
        """The edition this submission was in, if it was in one."""
        return await self._session.scalar(
            select(EditionItem).where(EditionItem.club_id == self._club_id, EditionItem.submission_id == submission_id)
        )

    async def _one(self, column: str, value: int, *, lock: bool = False) -> Submission | None:
        return await self._session.scalar(_one(column, lock), {"club": self._club_id, "value": value})

    def _mine(self) -> Select[Submission]:
        return select(Submission).where(Submission.club_id == self._club_id)

    def _listed(self) -> Select[Submission]:
        """What everyone is shown in lists: neither merged, nor taken off the list, nor taken back."""
        return self._mine().where(Submission.merged_into_id.is_(None), Submission.state.not_in(CLOSED_STATES))

    def _unpublished(self) -> ColumnElement[bool]:
        item = and_(EditionItem.submission_id == Submission.id, EditionItem.club_id == self._club_id)
        return ~select(EditionItem.submission_id).where(item).exists()


@cache
def _one(column: str, lock: bool) -> Select[Submission]:
    """The question for one submission, built once."""
    question = select(Submission).where(Submission.club_id == bindparam("club"))
    question = question.where(Submission.__table__.c[column] == bindparam("value"))
    return _locked(question) if lock else question


def _locked(question: Select[Submission]) -> Select[Submission]:
    return for_update(question, of=Submission)
