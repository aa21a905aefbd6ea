"""Linking of accounts: the votes, lists and papers of several accounts become one member's."""

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
    CastBallot,
    CoSubmission,
    DiscussionParticipant,
    MeetingResponse,
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
from bot.store.meetings.freed_seats import FreedSeats
from bot.store.papers.votes import Votes

ROLE_ORDER = tuple(MemberRole)


class AccountLinking(ClubRepository):
    """Linking and unlinking of accounts."""

    async def link(self, source: Member, target: Member, now: datetime) -> list[int]:
        """Merge a member into another. Returns the submissions whose cards change.

        Rows of `source` become rows of `target`, and `source` is deleted. Of two votes for one paper, two ballots on
        what is read next, and two answers to a meeting, the later one counts. A vote for a paper that is now their own
        no longer ranks, and none does if one of the two was excluded from the count.
        """
        touched = await self._lock_both(source.id, target.id)
        places = FreedSeats(*self._arguments())
        attendance = await places.attendance([source.id, target.id], now)
        await self._delete_earlier_votes(source.id, target.id)
        await self._delete_earlier_ballots(source.id, target.id)
        await self._delete_earlier_answers(source.id, target.id)
        await self._merge_notes(source.id, target.id)
        await reassign_rows(self._session, source.id, target.id)
        await self._session.execute(update(Account).where(Account.member_id == target.id).values(linked=True))
        merged = await self._session.get_one(Member, target.id, populate_existing=True)
        merged.role = max(source.role, merged.role, key=ROLE_ORDER.index)
        merged.prefs = merge_preferences(source.prefs, merged.prefs)
        merged.created_at = min(source.created_at, merged.created_at)
        merged.votes_excluded = source.votes_excluded or merged.votes_excluded
        await self._session.execute(delete(Member).where(Member.id == source.id))
        own_submissions = select(Submission.id).where(Submission.member_id == target.id)
        await self._session.execute(
            delete(CoSubmission).where(
                CoSubmission.member_id == target.id, CoSubmission.submission_id.in_(own_submissions)
            )
        )
        await self._log_changes(target.id, now)
        await self._recount(touched)
        await places.fill(attendance, now)
        return touched

    async def unlink(self, account: Account, now: datetime) -> Member:
        """Give an account a new member. Votes and submissions stay with the other accounts."""
        new_member = Member(club_id=self._club_id, name=account.name, created_at=now)
        self._session.add(new_member)
        await self._session.flush()
        await self._session.execute(
            update(Account)
            .where(Account.id == account.id, Account.club_id == self._club_id)
            .values(member_id=new_member.id)
        )
        return new_member

    async def _lock_both(self, source: int, target: int) -> list[int]:
        """Lock the affected submissions, then the deleted member, in the order of a vote, to avoid deadlocks.

        Returns the affected submissions, votes until the last moment included.
        """
        for id in await self._affected_submissions(source, target):
            await self._session.execute(select(Submission.id).where(Submission.id == id).with_for_update())
        await self._session.execute(select(Member.id).where(Member.id == source).with_for_update())
        return await self._affected_submissions(source, target)

    async def _affected_submissions(self, *members: int) -> list[int]:
        """Submissions whose votes or credits may change when these members are merged."""
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
        """Delete the earlier vote where both members voted."""
        both = select(Vote.submission_id, Vote.member_id).where(Vote.member_id.in_((source, target)))
        by_paper: dict[int, int] = {}
        for submission, member in (await self._session.execute(both.order_by(Vote.at, Vote.member_id))).all():
            if earlier := by_paper.get(submission):
                conditions = (Vote.submission_id == submission, Vote.member_id == earlier)
                await self._session.execute(delete(Vote).where(*conditions))
            by_paper[submission] = member

    async def _delete_earlier_ballots(self, source: int, target: int) -> None:
        """Delete the earlier ballot where both members cast one."""
        both = select(CastBallot.ballot_id, CastBallot.member_id).where(CastBallot.member_id.in_((source, target)))
        by_ballot: dict[int, int] = {}
        for ballot, member in (await self._session.execute(both.order_by(CastBallot.at, CastBallot.member_id))).all():
            if earlier := by_ballot.get(ballot):
                conditions = (CastBallot.ballot_id == ballot, CastBallot.member_id == earlier)
                await self._session.execute(delete(CastBallot).where(*conditions))
            by_ballot[ballot] = member

    async def _delete_earlier_answers(self, source: int, target: int) -> None:
        """Delete the earlier of two answers to a meeting; of two alike the later one: the place in line stays."""
        found = await self._session.scalars(
            select(MeetingResponse)
            .where(MeetingResponse.club_id == self._club_id, MeetingResponse.member_id.in_((source, target)))
            .order_by(MeetingResponse.at, MeetingResponse.member_id)
        )
        by_meeting: dict[int, MeetingResponse] = {}
        for answer in found.unique():
            earlier = by_meeting.setdefault(answer.meeting_id, answer)
            if earlier is answer:
                continue
            loser = answer if earlier.answer == answer.answer else earlier
            await self._session.execute(
                delete(MeetingResponse)
                .where(MeetingResponse.meeting_id == loser.meeting_id, MeetingResponse.member_id == loser.member_id)
                .execution_options(synchronize_session=False)
            )

    async def _merge_notes(self, source: int, target: int) -> None:
        """Merge the notes on papers that are on both lists."""
        other = aliased(ReadingListEntry)
        found = await self._session.execute(
            select(ReadingListEntry.submission_id, ReadingListEntry.note, other.note)
            .join(other, other.submission_id == ReadingListEntry.submission_id)
            .where(ReadingListEntry.member_id == source, other.member_id == target, ReadingListEntry.note != "")
        )
        for submission, source_note, target_note in found.all():
            conditions = (ReadingListEntry.member_id == target, ReadingListEntry.submission_id == submission)
            await self._session.execute(
                update(ReadingListEntry).where(*conditions).values(note=merge_notes(target_note, source_note))
            )

    async def _log_changes(self, member: int, now: datetime) -> None:
        """Log each stance that differs from the last one in the merged log, so that a replay gives the same votes."""
        events = await self._session.execute(
            select(VoteEvent.submission_id, VoteEvent.stance, VoteEvent.at)
            .where(VoteEvent.member_id == member)
            .order_by(VoteEvent.id)
        )
        logged = {event.submission_id: (event.stance, event.at if event.stance else None) for event in events}
        votes = await self._session.execute(
            select(Vote.submission_id, Vote.stance, Vote.at).where(Vote.member_id == member)
        )
        current = {vote.submission_id: (vote.stance, vote.at) for vote in votes}
        nothing = (None, None)
        self._session.add_all(
            VoteEvent(
                club_id=self._club_id,
                submission_id=submission,
                member_id=member,
                stance=current.get(submission, nothing)[0],
                reason="accounts linked",
                at=current.get(submission, nothing)[1] or now,
            )
            for submission in sorted(logged.keys() | current.keys())
            if logged.get(submission, nothing) != current.get(submission, nothing)
        )

    async def _recount(self, submission_ids: list[int]) -> None:
        votes = Votes(self._transaction, self._club_id)
        statement = (
            select(Submission)
            .where(Submission.id.in_(submission_ids), Submission.club_id == self._club_id)
            .order_by(Submission.id)
        )
        for submission in (await self._session.scalars(for_update(statement, table=Submission))).unique():
            participants = select(func.count()).where(DiscussionParticipant.submission_id == submission.id)
            submission.voices = await self._session.scalar(participants) or 0
            await votes.reevaluate(submission)


async def reassign_rows(session: AsyncSession, source: int, target: int) -> None:
    """Change every row that refers to one member to refer to another, unless the other has the same row.

    Tables are found in the schema, so that none is forgotten.
    """
    for column in member_columns():
        table = column.table
        others = [key for key in table.primary_key.columns if key is not column]
        if column.primary_key and others:
            duplicate = table.alias()
            same = and_(duplicate.c[column.name] == target, *(duplicate.c[key.name] == key for key in others))
            await session.execute(delete(table).where(column == source, select(1).where(same).exists()))
        await session.execute(update(table).where(column == source).values({column: target}))


def member_columns() -> Iterator[Column[Any]]:
    """Columns of all tables that refer to a member, read from the schema."""
    for table in Table.metadata.sorted_tables:
        for column in table.columns:
            if any(key.column is Member.__table__.c.id for key in column.foreign_keys):
                yield column
