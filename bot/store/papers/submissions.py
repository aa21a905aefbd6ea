"""Submissions repository."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import BindParameter, ColumnElement, Select, and_, bindparam, delete, func, or_, select, update

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
from bot.domain.vote_ranking import Terms
from bot.store.base.statements import for_update, insert_if_absent
from bot.store.base.task_triggers import wake
from bot.store.base.transaction import ClubRepository
from bot.store.papers.topics import Topics

OPEN_STATES = (SubmissionState.NEW, SubmissionState.SHORTLISTED, SubmissionState.PICKED)
"""States in which a submission can be voted for and put into an edition."""
WITHDRAWN, REINSTATED = "source-withdrawn", "source-reinstated"
"""Audit verbs: the source withdrew a paper, or has a version again that is not withdrawn."""
NOTICED = "source-notice"
"""Audit verb: a publisher has a correction or another notice about a paper."""
CLOSED_STATES = (SubmissionState.DROPPED, SubmissionState.WITHDRAWN)
"""States in which a submission is on no list: removed by a moderator, or withdrawn by its member."""


@dataclass(frozen=True, slots=True)
class SubmissionOutcome:
    """Outcome of a submission: its state, and if it was merged, withdrawn by its source, or published."""

    id: int
    state: SubmissionState
    merged: bool
    withdrawn: bool
    published: bool


def is_unpublished(club: int | BindParameter[int]) -> ColumnElement[bool]:
    """Condition of a submission that is in no edition of the club."""
    item = and_(EditionItem.submission_id == Submission.id, EditionItem.club_id == club)
    return ~select(EditionItem.submission_id).where(item).exists()


_CLUB: BindParameter[int] = bindparam("club")
_LIMIT: BindParameter[int] = bindparam("limit")
_OF_CLUB = select(Submission).where(Submission.club_id == _CLUB)
_SUBMISSION: BindParameter[int] = bindparam("submission")
_MANY = select(Submission).where(
    # Without `+ 0` SQLite may scan the whole index of the club instead of looking up the few keys.
    Submission.club_id + 0 == _CLUB,
    Submission.id.in_(bindparam("ids", expanding=True)),
)
_BY_KEYS = _OF_CLUB.join(Paper, Paper.id == Submission.paper_id).where(Paper.key.in_(bindparam("keys", expanding=True)))
_TAKE_NUMBER = update(Club).where(Club.id == _CLUB).values(next_number=Club.next_number + 1).returning(Club.next_number)
_SUBMITTED_BETWEEN = (
    _OF_CLUB.where(Submission.submitted_at >= bindparam("since"), Submission.submitted_at < bindparam("until"))
    .where(Submission.state.in_(OPEN_STATES), Submission.merged_into_id.is_(None), is_unpublished(_CLUB))
    .order_by(Submission.submitted_at.desc())
    .limit(_LIMIT)
)
_WITH_NOTICE = (
    _OF_CLUB.join(Paper, Paper.id == Submission.paper_id)
    .where(Paper.key.startswith("doi:"), Paper.comment != "", ~Paper.withdrawn, Paper.details_at.is_not(None))
    .where(Submission.state.not_in(CLOSED_STATES), Submission.merged_into_id.is_(None))
    .order_by(Submission.id.desc())
    .limit(_LIMIT)
)
_CO_SUBMITTERS = (
    select(CoSubmission)
    .where(CoSubmission.club_id == _CLUB, CoSubmission.submission_id == _SUBMISSION)
    .order_by(CoSubmission.at)
)
_LINKS = (
    select(PaperLink)
    .where(PaperLink.club_id == _CLUB, PaperLink.submission_id.in_(bindparam("submissions", expanding=True)))
    .order_by(PaperLink.id)
)
_EDITION_ITEM = select(EditionItem).where(EditionItem.club_id == _CLUB, EditionItem.submission_id == _SUBMISSION)


def _withdrawal_changed() -> Select[Submission]:
    last = (
        select(AuditEntry.verb)
        .where(AuditEntry.submission_id == Submission.id, AuditEntry.verb.in_((WITHDRAWN, REINSTATED)))
        .order_by(AuditEntry.id.desc())
        .limit(1)
        .correlate(Submission)
        .scalar_subquery()
    )
    logged = select(AuditEntry.submission_id).where(AuditEntry.club_id == _CLUB, AuditEntry.verb == WITHDRAWN)
    changed = or_(
        and_(Paper.withdrawn, func.coalesce(last, "") != WITHDRAWN),
        and_(~Paper.withdrawn, Submission.id.in_(logged), last == WITHDRAWN),
    )
    papers = _OF_CLUB.join(Paper, Paper.id == Submission.paper_id)
    return papers.where(changed).order_by(Submission.id).limit(_LIMIT)


_WITHDRAWAL_CHANGED = _withdrawal_changed()


class Submissions(ClubRepository):
    """Submissions of the club."""

    async def add(self, submission: Submission) -> Submission:
        """Store a submission under the club's next number. Raises IntegrityError if the paper was submitted before."""
        number = await self._session.scalar(_TAKE_NUMBER, {"club": self._club_id})
        assert number is not None
        submission.club_id, submission.number = self._club_id, number - 1
        submission.heat = Terms(0, 0, submission.submitted_at).score
        self._session.add(submission)
        await self._session.flush()
        await self._session.refresh(submission, ["paper", "member", "topic"])
        if submission.paper.pending:
            await self._transaction.run_sync(lambda connection: wake(connection, self._club_id, (TaskKind.DETAILS,)))
        return submission

    async def get(self, submission_id: int, *, lock: bool = False) -> Submission | None:
        """A submission of this club by id; with `lock` its row is locked."""
        return await self._one("id", submission_id, lock=lock)

    async def by_number(self, number: int, *, lock: bool = False) -> Submission | None:
        """A submission by the number that members type."""
        return await self._one("number", number, lock=lock)

    async def by_paper(self, paper: Paper) -> Submission | None:
        """The submission of a paper."""
        return await self._one("paper_id", paper.id)

    async def by_key(self, key: str, *, lock: bool = False) -> Submission | None:
        """The submission of the paper with a key."""
        statement = self._of_club().join(Paper).where(Paper.key == key)
        return await self._session.scalar(_locked(statement) if lock else statement)

    async def by_keys(self, keys: Collection[str]) -> dict[str, Submission]:
        """The submissions of papers with these keys, by key."""
        found = await self._all_of(_BY_KEYS, keys=list(keys)) if keys else ()
        return {submission.paper.key: submission for submission in found}

    async def many(self, ids: Iterable[int]) -> dict[int, Submission]:
        """Submissions by id."""
        if not (asked := list(ids)):
            return {}
        return {submission.id: submission for submission in await self._all_of(_MANY, ids=asked)}

    async def pending(self, *, asked_before: datetime | None = None, limit: int = 100) -> Sequence[Submission]:
        """Submissions without details, longest unasked first, those read before last.

        Only those whose source was not asked since a time, if one is given.
        """
        statement = self._without_details()
        if asked_before:
            statement = statement.where(or_(Paper.asked_at.is_(None), Paper.asked_at < asked_before))
        order = (Submission.state == SubmissionState.READ, Paper.asked_at.asc().nulls_first(), Submission.id)
        found = await self._session.scalars(statement.order_by(*order).limit(limit))
        return found.unique().all()

    async def next_pending(self) -> Submission | None:
        """The submission without details whose source was not asked for the longest time; None if there is none."""
        order = (Paper.asked_at.asc().nulls_first(), Submission.id)
        return await self._session.scalar(self._without_details().order_by(*order).limit(1))

    async def submitted_between(self, since: datetime, until: datetime, *, limit: int) -> Sequence[Submission]:
        """Submissions of a period that can be put into an edition, newest first."""
        return await self._all_of(_SUBMITTED_BETWEEN, since=since, until=until, limit=limit)

    async def selectable(self, ids: Collection[int]) -> Sequence[int]:
        """Ids of these submissions that can be put into an edition."""
        if not ids:
            return ()
        found = await self._session.scalars(
            select(Submission.id)
            .where(Submission.club_id == self._club_id, Submission.id.in_(ids))
            .where(Submission.state.in_(OPEN_STATES), Submission.merged_into_id.is_(None), self._unpublished())
        )
        return found.all()

    async def outcomes(self, since: datetime, until: datetime, *, limit: int = 1000) -> Sequence[SubmissionOutcome]:
        """Outcomes of the submissions of a period, oldest first."""
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
        return [SubmissionOutcome(*row) for row in rows]

    async def withdrawal_changed(self, *, limit: int = 50) -> Sequence[Submission]:
        """Submissions whose paper was withdrawn or reinstated by its source since the last audit entry about it."""
        return await self._all_of(_WITHDRAWAL_CHANGED, limit=limit)

    async def with_notice(self, *, limit: int = 200) -> Sequence[Submission]:
        """Submissions whose paper has a registry's notice and is not withdrawn, newest first."""
        return await self._all_of(_WITH_NOTICE, limit=limit)

    async def most_voted(
        self, *, since: datetime | None, topic: str = "", long: bool = False, skip: int = 0, limit: int = 10
    ) -> Sequence[Submission]:
        """Submissions since a time by votes, then by rank.

        `long` says that the period is so long that scanning the most voted submissions finds enough of them.
        """
        statement = self._listed().with_only_columns(Submission.id)  # papers and members are read for one page only
        if since:
            # A function of the column prevents its index, so SQLite uses the index of the votes.
            at = func.coalesce(Submission.submitted_at, since) if long else Submission.submitted_at
            statement = statement.where(at >= since)
        if topic:
            statement = statement.where(Submission.topic_id == await Topics(*self._arguments()).id_of(topic))
        order = (Submission.votes.desc(), Submission.heat.desc(), Submission.id)
        ids = list(await self._session.scalars(statement.order_by(*order).offset(skip).limit(limit)))
        found = await self.many(ids)
        return [found[id] for id in ids if id in found]

    async def by_member(self, member_id: int, *, limit: int = 10) -> Sequence[Submission]:
        """Submissions of a member, latest first, without merged ones and papers imported as read before."""
        found = await self._session.scalars(
            self._of_club()
            .where(
                Submission.member_id == member_id,
                Submission.merged_into_id.is_(None),
                Submission.state != SubmissionState.READ,
            )
            .order_by(Submission.id.desc())
            .limit(limit)
        )
        return found.unique().all()

    async def on_topic(self, topic_id: int, *, limit: int = 100) -> Sequence[Submission]:
        """The latest submissions of a topic."""
        found = await self._session.scalars(
            self._of_club().where(Submission.topic_id == topic_id).order_by(Submission.id.desc()).limit(limit)
        )
        return found.unique().all()

    async def remove_link(self, submission_id: int, url: str) -> bool:
        """Remove a link; False if it does not exist."""
        removed = (
            delete(PaperLink)
            .where(PaperLink.club_id == self._club_id, PaperLink.submission_id == submission_id, PaperLink.url == url)
            .returning(PaperLink.id)
        )
        return (await self._session.execute(removed)).first() is not None

    async def add_co_submitter(
        self, submission: Submission, member_id: int, why: str, now: datetime, *, anonymous: bool = False
    ) -> bool:
        """Credit a member who submitted the same paper again; their latest reason is stored. False for a repeat."""
        values = {
            "submission_id": submission.id,
            "member_id": member_id,
            "club_id": self._club_id,
            "why": why,
            "anonymous": anonymous,
            "at": now,
        }
        return await insert_if_absent(
            self._session,
            CoSubmission,
            values,
            keys=("submission_id", "member_id") if why else (),
            unless="why" if why else "",
        )

    async def remove_co_submitter(self, submission_id: int, member_id: int) -> None:
        """Remove the credit of a co-submitter who becomes the submitter."""
        credits = (CoSubmission.club_id == self._club_id, CoSubmission.submission_id == submission_id)
        await self._session.execute(delete(CoSubmission).where(*credits, CoSubmission.member_id == member_id))

    async def co_submitters(self, submission_id: int) -> Sequence[CoSubmission]:
        """Co-submissions of a submission, oldest first."""
        return await self._all_of(_CO_SUBMITTERS, submission=submission_id)

    async def add_link(self, submission_id: int, kind: SiteKind, url: str, member_id: int, now: datetime) -> bool:
        """Add a link; False if it exists."""
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
        """Links of these submissions, oldest first."""
        return await self._all_of(_LINKS, submissions=submission_ids)

    async def edition_item(self, submission_id: int) -> EditionItem | None:
        """The edition entry of a submission; None if it was in no edition."""
        return await self._one_of(_EDITION_ITEM, submission=submission_id)

    async def _one(self, column: str, value: int, *, lock: bool = False) -> Submission | None:
        return await self._one_of(_one(column, lock), value=value)

    def _of_club(self) -> Select[Submission]:
        return select(Submission).where(Submission.club_id == self._club_id)

    def _without_details(self) -> Select[Submission]:
        """Submissions on lists whose papers' details no source has given yet."""
        papers = self._of_club().join(Paper).where(Paper.details_at.is_(None), Paper.kind == SiteKind.PAPER)
        return papers.where(Submission.state != SubmissionState.DROPPED, Submission.merged_into_id.is_(None))

    def _listed(self) -> Select[Submission]:
        """Submissions on lists: not merged, removed or withdrawn, nor read before."""
        unlisted = (*CLOSED_STATES, SubmissionState.READ)
        return self._of_club().where(Submission.merged_into_id.is_(None), Submission.state.not_in(unlisted))

    def _unpublished(self) -> ColumnElement[bool]:
        return is_unpublished(self._club_id)


@cache
def _one(column: str, lock: bool) -> Select[Submission]:
    """Statement for one submission, built once."""
    statement = select(Submission).where(Submission.club_id == bindparam("club"))
    statement = statement.where(Submission.__table__.c[column] == bindparam("value"))
    return _locked(statement) if lock else statement


def _locked(statement: Select[Submission]) -> Select[Submission]:
    return for_update(statement, table=Submission)
