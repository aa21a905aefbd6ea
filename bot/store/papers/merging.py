"""Merging of duplicate submissions, and its undoing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Self

from sqlalchemy import and_, delete, func, select, update
from sqlalchemy.orm import aliased

from bot.domain.links.identify import SiteKind
from bot.domain.merge_rules import merge_notes, split_notes
from bot.domain.models import (
    CoSubmission,
    Discussion,
    DiscussionParticipant,
    MemberQuote,
    Paper,
    PaperLink,
    PaperRelation,
    ReadingListEntry,
    Submission,
    Vote,
)
from bot.store.base.statements import insert_if_absent
from bot.store.base.transaction import ClubRepository
from bot.store.papers.submissions import CLOSED_STATES
from bot.store.papers.votes import Votes


@dataclass(frozen=True, slots=True)
class MergeRecord:
    """Rows that a merge moved: member ids for votes, voices, credits and lists, row ids for the rest."""

    votes: Sequence[int] = ()
    voices: Sequence[int] = ()
    seconds: Sequence[int] = ()
    saved: Sequence[int] = ()
    links: Sequence[int] = ()
    made: Sequence[int] = ()
    """Links that the merge created, to the duplicate's item."""
    threads: Sequence[int] = ()
    sayings: Sequence[int] = ()
    notes: Sequence[int] = ()
    """Members whose note on the duplicate was appended to their note on the other."""

    def to_json(self) -> dict[str, Any]:
        """JSON values for the audit log."""
        return {name: list(ids) for name, ids in asdict(self).items()}

    @classmethod
    def of(cls, logged: Mapping[str, Any]) -> Self:
        """Record from the values of `to_json`. Raises TypeError for other keys."""
        return cls(**{name: tuple(ids) for name, ids in logged.items()})


class SubmissionMerging(ClubRepository):
    """Merging of submissions, which must have been read with `lock`."""

    async def merge(self, source: Submission, into: Submission, now: datetime) -> MergeRecord:
        """Move a duplicate's votes, participants, credits, lists, links and threads to `into`, one per member.

        The duplicate keeps its own votes, participants, credits and lists, so that `split` can undo this.
        """
        notes = await self._merge_notes(source, into)  # before the lists, which are moved with their notes
        voices = await self._only_in_source(
            DiscussionParticipant.member_id, DiscussionParticipant.submission_id, source.id, into.id
        )
        moved = MergeRecord(
            voices=voices,
            votes=await self._votes.merge(source, into),
            seconds=await self._credit(source, into),
            saved=await self._save(source, into),
            links=await self._move_links(source, into),
            made=await self._link(source, into, now),
            threads=await self._move_threads(source, into),
            sayings=await self._move_quotes(source, into),
            notes=notes,
        )
        source.merged_into_id = into.id
        await self._session.flush()
        return moved

    async def split(self, source: Submission, into: Submission, moved: MergeRecord, now: datetime) -> None:
        """Undo a merge. Later changes of members to `into` stay."""
        unchanged = [member for member in moved.votes if await self._is_unchanged(member, source, into)]
        await self._votes.split(into, unchanged, now)
        await self._split_notes(source, into, moved)
        for table, members in ((DiscussionParticipant, moved.voices), (CoSubmission, moved.seconds)):
            removed = delete(table).where(table.submission_id == into.id, table.member_id.in_(members))
            await self._session.execute(removed)
        await self._session.execute(delete(PaperLink).where(PaperLink.id.in_(moved.made)))
        for kind, rows in ((PaperLink, moved.links), (Discussion, moved.threads), (MemberQuote, moved.sayings)):
            back = update(kind).where(kind.id.in_(rows), kind.submission_id == into.id)
            await self._session.execute(back.values(submission_id=source.id))
        source.merged_into_id = None
        into.voices = (
            await self._session.scalar(select(func.count()).where(DiscussionParticipant.submission_id == into.id)) or 0
        )
        await self._votes.recount(into)

    async def same_works(self, since: datetime, *, limit: int = 50) -> Sequence[tuple[int, int]]:
        """Pairs of submissions on the list whose papers are one work, as a source has said since a time.

        Each is a pair of ids, the lower one first. What is removed, withdrawn or merged is in none.
        """
        one, other = aliased(Submission), aliased(Submission)
        named = aliased(Paper)
        rows = await self._session.execute(
            select(one.id, other.id)
            .select_from(PaperRelation)
            .join(one, and_(one.paper_id == PaperRelation.paper_id, one.club_id == self._club_id))
            .join(named, named.key == PaperRelation.key)
            .join(other, and_(other.paper_id == named.id, other.club_id == self._club_id))
            .where(PaperRelation.learned_at >= since, one.id != other.id)
            .where(one.merged_into_id.is_(None), other.merged_into_id.is_(None))
            .where(one.state.not_in(CLOSED_STATES), other.state.not_in(CLOSED_STATES))
            .order_by(PaperRelation.learned_at.desc(), one.id)
            .limit(limit)
        )
        return list(dict.fromkeys((min(pair), max(pair)) for pair in rows))

    @property
    def _votes(self) -> Votes:
        return Votes(self._transaction, self._club_id)

    async def _only_in_source(self, column: Any, submission_id: Any, source: int, into: int) -> list[int]:
        """Values that the duplicate has and the other does not."""
        existing = select(column).where(submission_id == into)
        return list(await self._session.scalars(select(column).where(submission_id == source, column.not_in(existing))))

    async def _is_unchanged(self, member: int, source: Submission, into: Submission) -> bool:
        """True if a moved vote has not changed since."""
        moved = await self._session.get(Vote, (source.id, member))
        now = await self._session.get(Vote, (into.id, member))
        return moved is not None and now is not None and (moved.stance, moved.at) == (now.stance, now.at)

    async def _credit(self, source: Submission, into: Submission) -> list[int]:
        """Credit the duplicate's submitters, except those who asked not to be named."""
        found = await self._session.scalars(select(CoSubmission).where(CoSubmission.submission_id == source.id))
        credits = [
            (co_submission.member_id, co_submission.why, co_submission.at, co_submission.anonymous)
            for co_submission in found.unique()
        ]
        if not source.anonymous:
            credits.insert(0, (source.member_id, source.why, source.submitted_at, False))
        return [
            member
            for member, why, at, anonymous in credits
            if member != into.member_id
            and await insert_if_absent(
                self._session,
                CoSubmission,
                {
                    "submission_id": into.id,
                    "member_id": member,
                    "club_id": self._club_id,
                    "why": why,
                    "anonymous": anonymous,
                    "at": at,
                },
            )
        ]

    async def _save(self, source: Submission, into: Submission) -> list[int]:
        rows = list(
            await self._session.scalars(select(ReadingListEntry).where(ReadingListEntry.submission_id == source.id))
        )
        return [
            row.member_id
            for row in rows
            if await insert_if_absent(
                self._session,
                ReadingListEntry,
                {
                    "submission_id": into.id,
                    "member_id": row.member_id,
                    "club_id": self._club_id,
                    "at": row.at,
                    "done_at": row.done_at,
                    "note": row.note,
                },
            )
        ]

    async def _merge_notes(self, source: Submission, into: Submission) -> list[int]:
        """Merge the notes of members who have both papers on their list."""
        changed = []
        for entry, other in await self._entries_of_both(source, into):
            if (both := merge_notes(other.note, entry.note)) != other.note:
                other.note = both
                changed.append(other.member_id)
        await self._session.flush()
        return changed

    async def _split_notes(self, source: Submission, into: Submission, moved: MergeRecord) -> None:
        """Remove moved list entries and notes, except notes changed since."""
        for entry, other in await self._entries_of_both(source, into):
            if other.member_id in moved.notes:
                other.note = split_notes(other.note, entry.note)
            elif other.member_id in moved.saved and other.note == entry.note:
                await self._session.delete(other)
        await self._session.flush()

    async def _entries_of_both(
        self, source: Submission, into: Submission
    ) -> list[tuple[ReadingListEntry, ReadingListEntry]]:
        """Pairs of reading list entries of the members who have both papers on their list."""
        other = aliased(ReadingListEntry)
        found = await self._session.execute(
            select(ReadingListEntry, other)
            .join(other, other.member_id == ReadingListEntry.member_id)
            .where(
                ReadingListEntry.club_id == self._club_id,
                ReadingListEntry.submission_id == source.id,
                other.submission_id == into.id,
            )
            .execution_options(populate_existing=True)
        )
        return [(row[0], row[1]) for row in found]

    async def _move_links(self, source: Submission, into: Submission) -> list[int]:
        existing = select(PaperLink.url).where(PaperLink.submission_id == into.id)
        moved = update(PaperLink).where(PaperLink.submission_id == source.id, PaperLink.url.not_in(existing))
        return list(await self._session.scalars(moved.values(submission_id=into.id).returning(PaperLink.id)))

    async def _link(self, source: Submission, into: Submission, now: datetime) -> list[int]:
        """Add a link to the duplicate's item if it is no paper but, for example, code."""
        item = source.paper
        existing = list(await self._session.scalars(select(PaperLink.url).where(PaperLink.submission_id == into.id)))
        if item.kind == SiteKind.PAPER or item.url in (*existing, into.paper.url):
            return []
        link = PaperLink(
            club_id=self._club_id,
            submission_id=into.id,
            kind=item.kind,
            url=item.url,
            member_id=source.member_id,
            at=now,
        )
        self._session.add(link)
        await self._session.flush()
        return [link.id]

    async def _move_threads(self, source: Submission, into: Submission) -> list[int]:
        """Move threads to `into` in the workspaces where it has none."""
        existing = select(Discussion.workspace_id).where(Discussion.submission_id == into.id)
        moved = update(Discussion).where(
            Discussion.submission_id == source.id, Discussion.workspace_id.not_in(existing)
        )
        return list(await self._session.scalars(moved.values(submission_id=into.id).returning(Discussion.id)))

    async def _move_quotes(self, source: Submission, into: Submission) -> list[int]:
        """Move members' quotes to `into`."""
        moved = update(MemberQuote).where(MemberQuote.submission_id == source.id).values(submission_id=into.id)
        return list(await self._session.scalars(moved.returning(MemberQuote.id)))
