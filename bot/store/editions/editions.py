"""Editions repository."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, select

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
    VoteStance,
)
from bot.store.base.statements import contains_text, for_update, insert_if_absent
from bot.store.base.transaction import ClubRepository
from bot.store.editions.summaries import Recalled, texts_in


class Editions(ClubRepository):
    """The club's issues."""

    async def get(self, edition_id: int, *, lock: bool = False) -> Edition | None:
        """An edition of this club by id."""
        question = select(Edition).where(Edition.club_id == self._club_id, Edition.id == edition_id)
        return await self._session.scalar(for_update(question) if lock else question)

    async def numbered(self, number: int) -> Edition | None:
        """An edition by its number."""
        return await self._session.scalar(
            select(Edition).where(Edition.club_id == self._club_id, Edition.number == number)
        )

    async def current(self, *, lock: bool = False) -> Edition | None:
        """The edition in the making: drafted or approved, not yet published."""
        question = (
            select(Edition)
            .where(Edition.club_id == self._club_id, Edition.state.in_((EditionState.DRAFT, EditionState.APPROVED)))
            .order_by(Edition.number)
            .limit(1)
        )
        return await self._session.scalar(for_update(question) if lock else question)

    async def of_slot(self, slot_id: int) -> Edition | None:
        """The edition that is made for a due time."""
        return await self._session.scalar(
            select(Edition).where(Edition.club_id == self._club_id, Edition.slot_id == slot_id)
        )

    async def latest(self, *, skip: int = 0, limit: int = 1, words: str = "") -> Sequence[Edition]:
        """The published editions, latest first; with `words`, those that have them in their title."""
        question = select(Edition).where(Edition.club_id == self._club_id, Edition.state == EditionState.PUBLISHED)
        if words:
            question = question.where(contains_text(Edition.title, words))
        found = await self._session.scalars(question.order_by(Edition.number.desc()).offset(skip).limit(limit))
        return found.all()

    async def out_since(self, since: datetime) -> Sequence[Edition]:
        """The editions published since then, and not recalled."""
        found = await self._session.scalars(
            select(Edition)
            .where(
                Edition.club_id == self._club_id, Edition.state == EditionState.PUBLISHED, Edition.published_at >= since
            )
            .order_by(Edition.number)
        )
        return found.all()

    async def any_out(self) -> bool:
        """Whether there is an edition that was published and not recalled."""
        out = select(Edition.id).where(Edition.club_id == self._club_id, Edition.state == EditionState.PUBLISHED)
        return await self._session.scalar(out.limit(1)) is not None

    async def out_before(self, before: datetime, share: int, shares: int) -> Sequence[Edition]:
        """One of so many shares of the editions published before then, and not recalled."""
        found = await self._session.scalars(
            select(Edition)
            .where(
                Edition.club_id == self._club_id, Edition.state == EditionState.PUBLISHED, Edition.published_at < before
            )
            .where(Edition.id % shares == share)
            .order_by(Edition.number)
        )
        return found.all()

    async def recalled(self, *, number: int | None = None, limit: int = 3) -> Sequence[Recalled]:
        """The editions that were taken back, latest first, with why and when; of one number, if there is one."""
        question = (
            select(Edition.number, Edition.title, AuditEntry.why, AuditEntry.at)
            .join(AuditEntry, AuditEntry.edition_id == Edition.id)
            .where(
                Edition.club_id == self._club_id, Edition.state == EditionState.RECALLED, AuditEntry.verb == "recall"
            )
        )
        if number is not None:
            question = question.where(Edition.number == number)
        rows = await self._session.execute(question.order_by(Edition.number.desc(), AuditEntry.id.desc()).limit(limit))
        return [Recalled(*row) for row in rows]

    async def having(self, text: str, *, gone: bool = False) -> Sequence[int]:
        """The editions, in the making or out, whose document has exactly this text somewhere; by id.

        With `gone`, those that were recalled or given up: nobody is shown them, but they are kept.
        """
        states = (
            (EditionState.RECALLED, EditionState.SKIPPED)
            if gone
            else (EditionState.DRAFT, EditionState.APPROVED, EditionState.PUBLISHED)
        )
        shown = (Edition.club_id == self._club_id, Edition.state.in_(states))
        rows = await self._session.execute(select(Edition.id, Edition.document).where(*shown).order_by(Edition.id))
        return [id for id, document in rows if text in texts_in(document)]

    async def next_number(self) -> int:
        """The number that a new edition gets."""
        last = await self._session.scalar(
            select(func.max(Edition.number)).where(Edition.club_id == self._club_id, Edition.number > 0)
        )
        return (last or 0) + 1

    async def last_until(self) -> datetime | None:
        """Where the window of the last published edition ended: the next begins there. A recalled one gives it back."""
        return await self._session.scalar(
            select(func.max(Edition.until)).where(
                Edition.club_id == self._club_id, Edition.state == EditionState.PUBLISHED
            )
        )

    async def add(self, edition: Edition) -> Edition:
        """Keep a new draft."""
        edition.club_id = self._club_id
        self._session.add(edition)
        await self._session.flush()
        return edition

    async def abandon_draft(self, edition: Edition) -> None:
        """Give a draft up. Its number and papers are free again; the row stays, since the log points at it.

        The edition must have been read with `lock`.
        """
        await self.clear_approvals(edition.id)
        await self.release_items(edition.id)
        edition.state, edition.number, edition.slot_id = EditionState.SKIPPED, -edition.id, None
        await self._session.flush()

    async def supersede(self, edition: Edition, now: datetime) -> None:
        """Keep the frozen document as it stands under its revision, before a corrected one takes its place."""
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
        """The documents that corrections took the place of, the first one first."""
        found = await self._session.scalars(
            select(EditionVersion)
            .where(EditionVersion.club_id == self._club_id, EditionVersion.edition_id == edition_id)
            .order_by(EditionVersion.revision)
        )
        return found.all()

    async def versions_having(self, text: str) -> Sequence[EditionVersion]:
        """The documents that corrections took the place of and that have exactly this text somewhere."""
        found = await self._session.scalars(select(EditionVersion).where(EditionVersion.club_id == self._club_id))
        return [version for version in found if text in texts_in(version.document)]

    async def participation(self, since: datetime, until: datetime) -> tuple[int, int, int]:
        """How many links were brought, how many votes are cast and how many members did either, in a window."""
        brought = await self._session.scalars(
            select(Submission.member_id).where(
                Submission.club_id == self._club_id, Submission.submitted_at >= since, Submission.submitted_at < until
            )
        )
        cast = await self._session.scalars(
            select(Vote.member_id).where(
                Vote.club_id == self._club_id, Vote.at >= since, Vote.at < until, Vote.stance == VoteStance.VOTE
            )
        )
        bringers, voters = brought.all(), cast.all()
        return len(bringers), len(voters), len({*bringers, *voters})

    async def claim_items(self, edition_id: int, submission_ids: Sequence[int]) -> None:
        """Note which submissions an edition holds. Raises IntegrityError if one was in an earlier edition."""
        self._session.add_all(
            EditionItem(submission_id=id, edition_id=edition_id, club_id=self._club_id, place=place)
            for place, id in enumerate(submission_ids, 1)
        )
        await self._session.flush()

    async def holding(self, submission_ids: Sequence[int]) -> dict[int, int]:
        """Which of these submissions are in an edition already, and in which number."""
        rows = await self._session.execute(
            select(EditionItem.submission_id, Edition.number)
            .join(Edition, Edition.id == EditionItem.edition_id)
            .where(EditionItem.club_id == self._club_id, EditionItem.submission_id.in_(submission_ids))
        )
        return dict(rows.all())

    async def release_items(self, edition_id: int) -> None:
        """Give the submissions of an edition back, when it is taken apart before publishing."""
        await self._session.execute(
            delete(EditionItem).where(EditionItem.club_id == self._club_id, EditionItem.edition_id == edition_id)
        )

    async def release_item(self, edition_id: int, submission_id: int) -> None:
        """Give one submission of an edition back, when it was taken out of it before publishing."""
        mine = (EditionItem.club_id == self._club_id, EditionItem.edition_id == edition_id)
        await self._session.execute(delete(EditionItem).where(*mine, EditionItem.submission_id == submission_id))

    async def approve(self, edition_id: int, member_id: int, now: datetime) -> int:
        """Add a member's approval and say how many there are."""
        values = {"edition_id": edition_id, "member_id": member_id, "club_id": self._club_id, "at": now}
        await insert_if_absent(self._session, Approval, values)
        return await self.approvals(edition_id)

    async def approvals(self, edition_id: int) -> int:
        """How many members have approved an edition."""
        of = (Approval.edition_id == edition_id, Approval.club_id == self._club_id)
        return await self._session.scalar(select(func.count()).where(*of)) or 0

    async def approvers(self, edition_id: int) -> Sequence[str]:
        """The names of those who have approved an edition, first come first."""
        found = await self._session.scalars(
            select(Member.name)
            .join(Approval, Approval.member_id == Member.id)
            .where(Approval.edition_id == edition_id, Approval.club_id == self._club_id)
            .order_by(Approval.at, Member.id)
        )
        return found.all()

    async def clear_approvals(self, edition_id: int) -> None:
        """A changed draft must be approved anew."""
        await self._session.execute(
            delete(Approval).where(Approval.edition_id == edition_id, Approval.club_id == self._club_id)
        )
