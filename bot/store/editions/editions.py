"""Editions repository: drafts, published editions, their versions, items and approvals."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import bindparam, delete, func, select

from bot.domain.models import (
    Approval,
    AuditEntry,
    Edition,
    EditionItem,
    EditionState,
    EditionVersion,
    Member,
    Submission,
    Vote,
)
from bot.domain.vote_ranking import ReturnedPapers
from bot.store.base.statements import contains_text, for_update, insert_if_absent
from bot.store.base.transaction import ClubRepository
from bot.store.editions.summaries import RecalledEdition, submissions_in, texts_in

_OF_CLUB = select(Edition).where(Edition.club_id == bindparam("club"))
_BY_ID = _OF_CLUB.where(Edition.id == bindparam("edition"))
_BY_ID_LOCKED = for_update(_BY_ID)
_BY_NUMBER = _OF_CLUB.where(Edition.number == bindparam("number"))
_CURRENT = (
    _OF_CLUB.where(Edition.state.in_((EditionState.DRAFT, EditionState.APPROVED))).order_by(Edition.number).limit(1)
)
_CURRENT_LOCKED = for_update(_CURRENT)
_PUBLISHED = _OF_CLUB.where(Edition.state == EditionState.PUBLISHED).order_by(Edition.number)
_PUBLISHED_SINCE = _PUBLISHED.where(Edition.published_at >= bindparam("since"))
_SHARE_PUBLISHED_BEFORE = _PUBLISHED.where(
    Edition.published_at < bindparam("before"), Edition.id % bindparam("shares") == bindparam("share")
)
_NUMBERS_BY_SUBMISSION = (
    select(EditionItem.submission_id, Edition.number)
    .join(Edition, Edition.id == EditionItem.edition_id)
    .where(
        EditionItem.club_id == bindparam("club"),
        EditionItem.submission_id.in_(bindparam("submissions", expanding=True)),
    )
)
_OF_EDITION = (Approval.edition_id == bindparam("edition"), Approval.club_id == bindparam("club"))
_APPROVERS = (
    select(Member.name)
    .join(Approval, Approval.member_id == Member.id)
    .where(*_OF_EDITION)
    .order_by(Approval.at, Member.id)
)
_CLEAR_APPROVALS = delete(Approval).where(*_OF_EDITION)


class Editions(ClubRepository):
    """Editions of the club."""

    async def get(self, edition_id: int, *, lock: bool = False) -> Edition | None:
        """An edition of this club by id; with `lock` its row is locked."""
        return await self._one_of(_BY_ID_LOCKED if lock else _BY_ID, edition=edition_id)

    async def by_number(self, number: int) -> Edition | None:
        """An edition by number."""
        return await self._one_of(_BY_NUMBER, number=number)

    async def current(self, *, lock: bool = False) -> Edition | None:
        """The edition in progress: a draft, or approved and not yet published."""
        return await self._one_of(_CURRENT_LOCKED if lock else _CURRENT)

    async def by_slot(self, slot_id: int) -> Edition | None:
        """The edition for a slot."""
        return await self._session.scalar(
            select(Edition).where(Edition.club_id == self._club_id, Edition.slot_id == slot_id)
        )

    async def by_slots(self, slots: Sequence[int]) -> dict[int, Edition]:
        """The editions for slots, by slot."""
        if not slots:
            return {}
        theirs = select(Edition).where(Edition.club_id == self._club_id, Edition.slot_id.in_(slots))
        return {edition.slot_id: edition for edition in await self._session.scalars(theirs) if edition.slot_id}

    async def latest(self, *, skip: int = 0, limit: int = 1, words: str = "") -> Sequence[Edition]:
        """Published editions, latest first; with `words`, those whose title contains them."""
        statement = select(Edition).where(Edition.club_id == self._club_id, Edition.state == EditionState.PUBLISHED)
        if words:
            statement = statement.where(contains_text(Edition.title, words))
        found = await self._session.scalars(statement.order_by(Edition.number.desc()).offset(skip).limit(limit))
        return found.all()

    async def of_the_past(self, *, limit: int) -> Sequence[Edition]:
        """Editions that are no draft any more, also recalled and skipped ones, latest first."""
        past = (EditionState.PUBLISHED, EditionState.RECALLED, EditionState.SKIPPED)
        statement = select(Edition).where(Edition.club_id == self._club_id, Edition.state.in_(past))
        return (await self._session.scalars(statement.order_by(Edition.id.desc()).limit(limit))).all()

    async def published_since(self, since: datetime) -> Sequence[Edition]:
        """Editions published since a time and not recalled."""
        return await self._all_of(_PUBLISHED_SINCE, since=since)

    async def any_published(self) -> bool:
        """True if there is an edition that was published and not recalled."""
        out = select(Edition.id).where(Edition.club_id == self._club_id, Edition.state == EditionState.PUBLISHED)
        return await self._session.scalar(out.limit(1)) is not None

    async def published_before(self, before: datetime, share: int, shares: int) -> Sequence[Edition]:
        """One of `shares` parts of the editions published before a time and not recalled."""
        return await self._all_of(_SHARE_PUBLISHED_BEFORE, before=before, share=share, shares=shares)

    async def recalled(self, *, number: int | None = None, limit: int = 3) -> Sequence[RecalledEdition]:
        """Recalled editions with reason and time, latest first; only `number`, if given."""
        statement = (
            select(Edition.number, Edition.title, AuditEntry.why, AuditEntry.at)
            .join(AuditEntry, AuditEntry.edition_id == Edition.id)
            .where(
                Edition.club_id == self._club_id, Edition.state == EditionState.RECALLED, AuditEntry.verb == "recall"
            )
        )
        if number is not None:
            statement = statement.where(Edition.number == number)
        rows = await self._session.execute(statement.order_by(Edition.number.desc(), AuditEntry.id.desc()).limit(limit))
        return [RecalledEdition(*row) for row in rows]

    async def returned(self, since: datetime) -> ReturnedPapers:
        """Papers that recalls since a time gave back, of editions whose window ended before it."""
        recalled = select(AuditEntry.edition_id).where(
            AuditEntry.club_id == self._club_id, AuditEntry.verb == "recall", AuditEntry.at >= since
        )
        rows = await self._session.execute(
            select(Edition.since, Edition.document)
            .where(Edition.club_id == self._club_id, Edition.state == EditionState.RECALLED, Edition.until <= since)
            .where(Edition.id.in_(recalled))
        )
        found = [(begun, submissions_in(document)) for begun, document in rows]
        if not found:
            return ReturnedPapers()
        return ReturnedPapers(
            frozenset().union(*(ids for _unused, ids in found)), min(begun for begun, _unused in found)
        )

    async def containing_text(self, text: str, *, recalled_or_skipped: bool = False) -> Sequence[int]:
        """Ids of the editions, in progress or published, whose document contains exactly this text.

        With `recalled_or_skipped`, those that were recalled or skipped: they are stored but no longer shown.
        """
        states = (
            (EditionState.RECALLED, EditionState.SKIPPED)
            if recalled_or_skipped
            else (EditionState.DRAFT, EditionState.APPROVED, EditionState.PUBLISHED)
        )
        in_states = (Edition.club_id == self._club_id, Edition.state.in_(states))
        rows = await self._session.execute(select(Edition.id, Edition.document).where(*in_states).order_by(Edition.id))
        return [id for id, document in rows if text in texts_in(document)]

    async def next_number(self) -> int:
        """Number of the next edition."""
        last = await self._session.scalar(
            select(func.max(Edition.number)).where(Edition.club_id == self._club_id, Edition.number > 0)
        )
        return (last or 0) + 1

    async def last_until(self) -> datetime | None:
        """End of the window of the last published edition, where the next window begins; recalled ones do not count."""
        return await self._session.scalar(
            select(func.max(Edition.until)).where(
                Edition.club_id == self._club_id, Edition.state == EditionState.PUBLISHED
            )
        )

    async def add(self, edition: Edition) -> Edition:
        """Store a new draft."""
        edition.club_id = self._club_id
        self._session.add(edition)
        await self._session.flush()
        return edition

    async def abandon_draft(self, edition: Edition) -> None:
        """Give a draft up. Its number and papers become free; the row stays, because the log refers to it.

        The edition must have been read with `lock`.
        """
        await self.clear_approvals(edition.id)
        await self.release_items(edition.id)
        edition.state, edition.number, edition.slot_id = EditionState.SKIPPED, -edition.id, None
        await self._session.flush()

    async def archive_version(self, edition: Edition, now: datetime) -> None:
        """Store the frozen document under its revision, before a correction replaces it."""
        values = {
            "edition_id": edition.id,
            "revision": edition.revision,
            "club_id": self._club_id,
            "sha": edition.sha,
            "until": now,
            "document": edition.document,
        }
        await insert_if_absent(self._session, EditionVersion, values)

    async def versions(self, edition_id: int) -> Sequence[EditionVersion]:
        """Documents that corrections replaced, oldest first."""
        found = await self._session.scalars(
            select(EditionVersion)
            .where(EditionVersion.club_id == self._club_id, EditionVersion.edition_id == edition_id)
            .order_by(EditionVersion.revision)
        )
        return found.all()

    async def versions_containing_text(self, text: str) -> Sequence[EditionVersion]:
        """Documents that corrections replaced and that contain exactly this text."""
        found = await self._session.scalars(select(EditionVersion).where(EditionVersion.club_id == self._club_id))
        return [version for version in found if text in texts_in(version.document)]

    async def participation(self, since: datetime, until: datetime) -> tuple[int, int, int]:
        """Numbers of submissions, votes that rank, and members who did either, in a time window."""
        submitters = await self._session.scalars(
            select(Submission.member_id).where(
                Submission.club_id == self._club_id, Submission.submitted_at >= since, Submission.submitted_at < until
            )
        )
        votes = await self._session.scalars(
            select(Vote.member_id).where(Vote.club_id == self._club_id, Vote.at >= since, Vote.at < until, Vote.ranks)
        )
        submitter_ids, voter_ids = submitters.all(), votes.all()
        return len(submitter_ids), len(voter_ids), len({*submitter_ids, *voter_ids})

    async def claim_items(self, edition_id: int, submission_ids: Sequence[int]) -> None:
        """Assign submissions to an edition. Raises IntegrityError if one was in an earlier edition."""
        self._session.add_all(
            EditionItem(submission_id=id, edition_id=edition_id, club_id=self._club_id, place=place)
            for place, id in enumerate(submission_ids, 1)
        )
        await self._session.flush()

    async def add_items(self, edition_id: int, places: Mapping[int, int]) -> None:
        """Assign more submissions to an edition, by their places in it. Raises IntegrityError if one is in another."""
        self._session.add_all(
            EditionItem(submission_id=id, edition_id=edition_id, club_id=self._club_id, place=place)
            for id, place in places.items()
        )
        await self._session.flush()

    async def responsible_member(self, edition: Edition) -> int:
        """Id of the member who answers for an edition: who drafted it, else who approved it first, else the eldest."""
        approved = select(Approval.member_id).where(
            Approval.edition_id == edition.id, Approval.club_id == self._club_id
        )
        eldest = select(func.min(Member.id)).where(Member.club_id == self._club_id)
        return (
            edition.drafted_by_id
            or await self._session.scalar(approved.order_by(Approval.at, Approval.member_id).limit(1))
            or (await self._session.scalars(eldest)).one()
        )

    async def numbers(self, ids: Collection[int]) -> dict[int, int]:
        """The numbers of some editions of the club, by id."""
        found = await self._session.execute(
            select(Edition.id, Edition.number).where(Edition.club_id == self._club_id, Edition.id.in_(ids))
        )
        return dict(found.all())

    async def numbers_by_submission(self, submission_ids: Sequence[int]) -> dict[int, int]:
        """Edition numbers of those of the submissions that are in an edition."""
        values = {"club": self._club_id, "submissions": submission_ids}
        return dict((await self._session.execute(_NUMBERS_BY_SUBMISSION, values)).all())

    async def release_items(self, edition_id: int) -> None:
        """Release all submissions of an edition that is not published."""
        await self._session.execute(
            delete(EditionItem).where(EditionItem.club_id == self._club_id, EditionItem.edition_id == edition_id)
        )

    async def release_item(self, edition_id: int, submission_id: int) -> None:
        """Release one submission that was removed from an edition before publishing."""
        items = (EditionItem.club_id == self._club_id, EditionItem.edition_id == edition_id)
        await self._session.execute(delete(EditionItem).where(*items, EditionItem.submission_id == submission_id))

    async def approve(self, edition_id: int, member_id: int, now: datetime) -> int:
        """Add a member's approval. Returns the number of approvals."""
        values = {"edition_id": edition_id, "member_id": member_id, "club_id": self._club_id, "at": now}
        await insert_if_absent(self._session, Approval, values)
        return await self.approvals(edition_id)

    async def has_approved(self, edition_id: int, member_id: int) -> bool:
        """True if a member has approved an edition."""
        conditions = (Approval.edition_id == edition_id, Approval.club_id == self._club_id)
        found = await self._session.scalar(
            select(Approval.edition_id).where(*conditions, Approval.member_id == member_id)
        )
        return found is not None

    async def approvals(self, edition_id: int) -> int:
        """Number of members who approved an edition."""
        conditions = (Approval.edition_id == edition_id, Approval.club_id == self._club_id)
        return await self._session.scalar(select(func.count()).where(*conditions)) or 0

    async def approvers(self, edition_id: int) -> Sequence[str]:
        """Names of the members who approved an edition, in order of approval."""
        return (await self._session.scalars(_APPROVERS, {"club": self._club_id, "edition": edition_id})).all()

    async def withdraw_approval(self, edition_id: int, member_id: int) -> bool:
        """Delete a member's approval of an edition. False if there is none."""
        own = Approval.edition_id == edition_id, Approval.club_id == self._club_id, Approval.member_id == member_id
        return await self._session.scalar(delete(Approval).where(*own).returning(Approval.member_id)) is not None

    async def clear_approvals(self, edition_id: int) -> None:
        """Delete the approvals of an edition, because a changed draft must be approved again."""
        await self._session.execute(_CLEAR_APPROVALS, {"club": self._club_id, "edition": edition_id})
