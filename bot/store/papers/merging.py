"""Duplicates: two submissions of one work become one, and can be parted again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Self

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import aliased

from bot.domain.links.identify import SiteKind
from bot.domain.merge_rules import merge_notes, split_notes
from bot.domain.models import (
    CoSubmission,
    Discussion,
    DiscussionParticipant,
    MemberQuote,
    PaperLink,
    ReadingListEntry,
    Submission,
    Vote,
)
from bot.store.base.statements import insert_if_absent
from bot.store.base.transaction import ClubRepository
from bot.store.papers.votes import Votes


@dataclass(frozen=True, slots=True)
class MergeRecord:
    """What a merge carried over: members by id for votes, voices, credits and lists; the rest by row."""

    votes: Sequence[int] = ()
    voices: Sequence[int] = ()
    seconds: Sequence[int] = ()
    saved: Sequence[int] = ()
    links: Sequence[int] = ()
    made: Sequence[int] = ()
    """Links that the merge itself made: to what the duplicate was."""
    threads: Sequence[int] = ()
    sayings: Sequence[int] = ()
    notes: Sequence[int] = ()
    """Members whose note on the duplicate stands below their note on the other now."""

    def to_json(self) -> dict[str, Any]:
        """As plain JSON values, for the log."""
        return {name: list(ids) for name, ids in asdict(self).items()}

    @classmethod
    def of(cls, logged: Mapping[str, Any]) -> Self:
        """Read back what `to_json` gave."""
        return cls(**{name: tuple(ids) for name, ids in logged.items()})


class SubmissionMerging(ClubRepository):
    """Carrying over what a duplicate has. Both submissions must have been read with `lock`."""

    async def merge(self, source: Submission, into: Submission, now: datetime) -> MergeRecord:
        """Give `into` all that the duplicate has: votes and voices one a member, credits, lists, links, threads.

        The duplicate keeps its own votes, voices, credits and lists, so that `part` can undo this.
        """
        notes = await self._merge_notes(source, into)  # before the lists go along, since those take their notes along
        voices = await self._only_in_source(
            DiscussionParticipant.member_id, DiscussionParticipant.submission_id, source.id, into.id
        )
        moved = MergeRecord(
            voices=voices,
            votes=await self._votes.merge(source, into, now),
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
        """Undo a merge. What a member did to `into` since then is theirs and stays."""
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

    @property
    def _votes(self) -> Votes:
        return Votes(self._block, self._club_id)

    async def _only_in_source(self, column: Any, submission_id: Any, source: int, into: int) -> list[int]:
        """What is there for the duplicate and not for the other."""
        there = select(column).where(submission_id == into)
        return list(await self._session.scalars(select(column).where(submission_id == source, column.not_in(there))))

    async def _is_unchanged(self, member: int, source: Submission, into: Submission) -> bool:
        """Whether a vote that came over is still the one that came."""
        came = await self._session.get(Vote, (source.id, member))
        now = await self._session.get(Vote, (into.id, member))
        return came is not None and now is not None and (came.stance, came.at) == (now.stance, now.at)

    async def _credit(self, source: Submission, into: Submission) -> list[int]:
        """Credit who brought the duplicate, and who brought it again; but for those who asked not to be named."""
        found = await self._session.scalars(select(CoSubmission).where(CoSubmission.submission_id == source.id))
        credits = [(second.member_id, second.why, second.at, second.anonymous) for second in found.unique()]
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
        """Who noted something on the duplicate and has the other on their list too, has both notes there."""
        changed = []
        for entry, other in await self._entries_of_both(source, into):
            if (both := merge_notes(other.note, entry.note)) != other.note:
                other.note = both
                changed.append(other.member_id)
        await self._session.flush()
        return changed

    async def _split_notes(self, source: Submission, into: Submission, moved: MergeRecord) -> None:
        """Take back what came over of lists and notes, but for what was noted since."""
        for entry, other in await self._entries_of_both(source, into):
            if other.member_id in moved.notes:
                other.note = split_notes(other.note, entry.note)
            elif other.member_id in moved.saved and other.note == entry.note:
                await self._session.delete(other)
        await self._session.flush()

    async def _entries_of_both(self, source: Submission, into: Submission) -> list[tuple[ReadingListEntry, ReadingListEntry]]:
        """Of all who have both on their list, what they keep of each."""
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
        there = select(PaperLink.url).where(PaperLink.submission_id == into.id)
        moved = update(PaperLink).where(PaperLink.submission_id == source.id, PaperLink.url.not_in(there))
        return list(await self._session.scalars(moved.values(submission_id=into.id).returning(PaperLink.id)))

    async def _link(self, source: Submission, into: Submission, now: datetime) -> list[int]:
        """Where the duplicate was no paper but, say, its code: keep that as a link."""
        item = source.paper
        there = list(await self._session.scalars(select(PaperLink.url).where(PaperLink.submission_id == into.id)))
        if item.kind == SiteKind.PAPER or item.url in (*there, into.paper.url):
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
        """A thread goes with the paper in every workspace where the other has none."""
        there = select(Discussion.workspace_id).where(Discussion.submission_id == into.id)
        moved = update(Discussion).where(Discussion.submission_id == source.id, Discussion.workspace_id.not_in(there))
        return list(await self._session.scalars(moved.values(submission_id=into.id).returning(Discussion.id)))

    async def _move_quotes(self, source: Submission, into: Submission) -> list[int]:
        """What members said and let be quoted, they said about this paper."""
        moved = update(MemberQuote).where(MemberQuote.submission_id == source.id).values(submission_id=into.id)
        return list(await self._session.scalars(moved.returning(MemberQuote.id)))
