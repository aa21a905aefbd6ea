"""One person behind several accounts: their votes, lists and papers become one member's."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Column, and_, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.domain.merge_rules import merge_notes, merge_preferences
from bot.domain.models import (
    Account,
    CoSubmission,
    DiscussionParticipant,
    Member,
    MemberRole,
    ReadingListEntry,
    Submission,
    Table,
    Vote,
    VoteEvent,
)
from bot.store.base.statements import for_update
from bot.store.base.transaction import ClubRepository
from bot.store.papers.votes import Votes

ROLE_ORDER = tuple(MemberRole)


class AccountLinking(ClubRepository):
    """Binding accounts to one member, and parting them again."""

    async def link(self, source: Member, target: Member, now: datetime) -> list[int]:
        """Make two members one; says which submissions show something else now.

        Whatever pointed at `gone` points at `stays`, and `gone` is no more. Of two votes for one paper the later
        stands: it is what the person thinks now. A vote for a paper that turns out to be one's own ranks no longer.
        """
        touched = await self._lock_both(source.id, target.id)
        await self._delete_earlier_votes(source.id, target.id)
        await self._merge_notes(source.id, target.id)
        await reassign_rows(self._session, source.id, target.id)
        kept = await self._session.get_one(Member, target.id, populate_existing=True)
        kept.role = max(source.role, kept.role, key=ROLE_ORDER.index)
        kept.prefs = merge_preferences(source.prefs, kept.prefs)
        await self._session.execute(delete(Member).where(Member.id == source.id))
        target_note = select(Submission.id).where(Submission.member_id == target.id)
        await self._session.execute(
            delete(CoSubmission).where(CoSubmission.member_id == target.id, CoSubmission.submission_id.in_(target_note))
        )
        await self._session.execute(
            update(Vote).where(Vote.member_id == target.id, Vote.submission_id.in_(target_note)).values(ranks=False)
        )
        await self._log_changes(target.id, now)
        await self._recount(touched)
        return touched

    async def unlink(self, account: Account, now: datetime) -> Member:
        """Give an account a member of its own again. What was voted and brought stays with the other accounts."""
        new_member = Member(club_id=self._club_id, name=account.name, created_at=now)
        self._session.add(new_member)
        await self._session.flush()
        await self._session.execute(
            update(Account).where(Account.id == account.id, Account.club_id == self._club_id).values(member_id=new_member.id)
        )
        return new_member

    async def _lock_both(self, source: int, target: int) -> list[int]:
        """Hold what both voted for and then who goes, in the order in which a vote does, so that neither waits in vain.

        Says which submissions those are, with what was voted until the last moment.
        """
        for id in await self._affected_submissions(source, target):
            await self._session.execute(select(Submission.id).where(Submission.id == id).with_for_update())
        await self._session.execute(select(Member.id).where(Member.id == source).with_for_update())
        return await self._affected_submissions(source, target)

    async def _affected_submissions(self, *members: int) -> list[int]:
        """Submissions on whose tally or credits two members' union can tell."""
        found: set[int] = set()
        for column, member in (
            (Vote.submission_id, Vote.member_id),
            (DiscussionParticipant.submission_id, DiscussionParticipant.member_id),
            (CoSubmission.submission_id, CoSubmission.member_id),
            (Submission.id, Submission.member_id),
        ):
            found |= set(await self._session.scalars(select(column).where(member.in_(members))))
        return sorted(found)

    async def _delete_earlier_votes(self, source: int, target: int) -> None:
        """Where both voted, take the earlier vote away."""
        both = select(Vote.submission_id, Vote.member_id).where(Vote.member_id.in_((source, target)))
        by_paper: dict[int, int] = {}
        for submission, member in (await self._session.execute(both.order_by(Vote.at, Vote.member_id))).all():
            if earlier := by_paper.get(submission):
                conditions = (Vote.submission_id == submission, Vote.member_id == earlier)
                await self._session.execute(delete(Vote).where(*conditions))
            by_paper[submission] = member

    async def _merge_notes(self, source: int, target: int) -> None:
        """Where both have a paper on their list, what both noted stands there."""
        other = aliased(ReadingListEntry)
        found = await self._session.execute(
            select(ReadingListEntry.submission_id, ReadingListEntry.note, other.note)
            .join(other, other.submission_id == ReadingListEntry.submission_id)
            .where(ReadingListEntry.member_id == source, other.member_id == target, ReadingListEntry.note != "")
        )
        for submission, source_note, mine in found.all():
            conditions = (ReadingListEntry.member_id == target, ReadingListEntry.submission_id == submission)
            await self._session.execute(update(ReadingListEntry).where(*conditions).values(note=merge_notes(mine, source_note)))

    async def _log_changes(self, member: int, now: datetime) -> None:
        """Write down each stance that the log, read as one person's, would not end in: so a replay gives it too."""
        events = await self._session.execute(
            select(VoteEvent.submission_id, VoteEvent.stance, VoteEvent.at)
            .where(VoteEvent.member_id == member)
            .order_by(VoteEvent.id)
        )
        told = {event.submission_id: (event.stance, event.at if event.stance else None) for event in events}
        votes = await self._session.execute(
            select(Vote.submission_id, Vote.stance, Vote.at).where(Vote.member_id == member)
        )
        stands = {vote.submission_id: (vote.stance, vote.at) for vote in votes}
        nothing = (None, None)
        self._session.add_all(
            VoteEvent(
                club_id=self._club_id,
                submission_id=submission,
                member_id=member,
                stance=stands.get(submission, nothing)[0],
                reason="accounts linked",
                at=stands.get(submission, nothing)[1] or now,
            )
            for submission in sorted(told.keys() | stands.keys())
            if told.get(submission, nothing) != stands.get(submission, nothing)
        )

    async def _recount(self, submission_ids: list[int]) -> None:
        votes = Votes(self._block, self._club_id)
        question = (
            select(Submission)
            .where(Submission.id.in_(submission_ids), Submission.club_id == self._club_id)
            .order_by(Submission.id)
        )
        for submission in (await self._session.scalars(for_update(question, table=Submission))).unique():
            heard = select(func.count()).where(DiscussionParticipant.submission_id == submission.id)
            submission.voices = await self._session.scalar(heard) or 0
            await votes.recount(submission)


async def reassign_rows(session: AsyncSession, source: int, target: int) -> None:
    """Have every row that points at one member point at another. Where the other has the same row, theirs stays.

    Read from the schema, so that a table added later is not forgotten.
    """
    for column in member_columns():
        table = column.table
        others = [key for key in table.primary_key.columns if key is not column]
        if column.primary_key and others:
            twin = table.alias()
            same = and_(twin.c[column.name] == target, *(twin.c[key.name] == key for key in others))
            await session.execute(delete(table).where(column == source, select(1).where(same).exists()))
        await session.execute(update(table).where(column == source).values({column: target}))


def member_columns() -> Iterator[Column[Any]]:
    """Every column that says whose a row is, read from the schema."""
    for table in Table.metadata.sorted_tables:
        for column in table.columns:
            if any(key.column is Member.__table__.c.id for key in column.foreign_keys):
                yield column
