"""Papers that are chosen for single members: what they are chosen by, the choice, and when its message is sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update

from bot.domain.follow_updates import Frequency
from bot.domain.models import (
    Follow,
    Member,
    NewPaperMessage,
    Paper,
    ReadingListEntry,
    Recommendation,
    Submission,
    SubmissionState,
    UnwantedPaper,
    Vote,
    VoteStance,
)
from bot.store.base.statements import insert_if_absent
from bot.store.base.transaction import ClubRepository
from bot.store.members.follows import NOTIFIED_BY_MESSAGE
from bot.store.papers.submissions import OPEN_STATES

IN_STREAM = Follow.kind.in_(("author", "keyword"))
"""Condition: a follow that papers can match which are not on the club's list."""


@dataclass(frozen=True, slots=True)
class MemberPaper:
    """A paper that a member voted for, saved, submitted, imported, or marked as not for them."""

    paper: Paper
    at: datetime
    number: int
    liked: bool
    imported: bool = False


class Recommendations(ClubRepository):
    """Recommendations of the club's members. Each member sees only their own."""

    async def taste(self, member_id: int, *, limit: int) -> list[MemberPaper]:
        """The latest papers that say what a member likes, at most `limit` of each kind."""
        voted = select(Paper, Vote.at, Submission.number, Vote.stance, Submission.state).join(
            Vote, Vote.submission_id == Submission.id
        )
        saved = select(Paper, ReadingListEntry.at, Submission.number, Paper.kind, Submission.state).join(
            ReadingListEntry, ReadingListEntry.submission_id == Submission.id
        )
        own = select(Paper, Submission.submitted_at, Submission.number, Paper.kind, Submission.state)
        found = list[MemberPaper]()
        for statement, mine, at in (
            (voted.select_from(Submission), Vote.member_id, Vote.at),
            (saved.select_from(Submission), ReadingListEntry.member_id, ReadingListEntry.at),
            (own.select_from(Submission), Submission.member_id, Submission.submitted_at),
        ):
            rows = await self._session.execute(
                statement.join(Paper, Paper.id == Submission.paper_id)
                .where(Submission.club_id == self._club_id, mine == member_id, Paper.kind == "paper")
                .where(Submission.state.not_in((SubmissionState.DROPPED, SubmissionState.WITHDRAWN)))
                .order_by(at.desc())
                .limit(limit)
            )
            found += [
                MemberPaper(
                    paper,
                    when,
                    number,
                    liked=what != VoteStance.SKIP,
                    imported=statement is own and state == SubmissionState.READ,
                )
                for paper, when, number, what, state in rows
            ]
        return found

    async def open_papers(self, since: datetime, *, limit: int) -> Sequence[Submission]:
        """The newest papers of the list that can be voted for."""
        found = await self._session.scalars(
            select(Submission)
            .join(Paper, Paper.id == Submission.paper_id)
            .where(Submission.club_id == self._club_id, Submission.submitted_at >= since, Paper.kind == "paper")
            .where(Submission.merged_into_id.is_(None), Submission.state.in_(OPEN_STATES))
            .order_by(Submission.submitted_at.desc())
            .limit(limit)
        )
        return found.unique().all()

    # What was chosen

    async def replace(self, member_id: int, rows: Sequence[dict[str, Any]], now: datetime) -> None:
        """Store what is chosen for a member now, best first, in place of what was."""
        await self._session.execute(delete(Recommendation).where(Recommendation.member_id == member_id))
        if rows:
            common = {"member_id": member_id, "club_id": self._club_id, "at": now}
            places = [row | common | {"place": place} for place, row in enumerate(rows, 1)]
            await self._session.execute(insert(Recommendation), places)

    async def chosen(self, member_id: int) -> Sequence[Recommendation]:
        """Recommendations that were last chosen for a member, best first."""
        found = await self._session.scalars(
            select(Recommendation)
            .where(Recommendation.club_id == self._club_id, Recommendation.member_id == member_id)
            .order_by(Recommendation.place)
            .execution_options(populate_existing=True)
        )
        return found.all()

    # What is unwanted

    async def unwanted(self, member_id: int) -> Sequence[UnwantedPaper]:
        """Papers like which a member wants less, latest first."""
        found = await self._session.scalars(
            select(UnwantedPaper)
            .where(UnwantedPaper.club_id == self._club_id, UnwantedPaper.member_id == member_id)
            .order_by(UnwantedPaper.at.desc(), UnwantedPaper.key)
        )
        return found.all()

    async def want_less(self, member_id: int, key: str, title: str, now: datetime) -> bool:
        """Record that a member wants less like a paper; False if they said so already."""
        values = {"member_id": member_id, "key": key, "club_id": self._club_id, "title": title, "at": now}
        return await insert_if_absent(self._session, UnwantedPaper, values)

    async def take_back(self, member_id: int, key: str) -> bool:
        """Forget that a member wants less like a paper; False if they did not say so."""
        removed = await self._session.execute(
            delete(UnwantedPaper)
            .where(
                UnwantedPaper.club_id == self._club_id, UnwantedPaper.member_id == member_id, UnwantedPaper.key == key
            )
            .returning(UnwantedPaper.key)
        )
        return removed.first() is not None

    # Messages

    async def message_wishes(self) -> dict[int, list[Frequency]]:
        """Members who want messages about new papers, with the frequencies of their follows that the stream matches."""
        wishes = dict[int, list[Frequency]]()
        for member_id in await self._session.scalars(
            select(Member.id).where(Member.club_id == self._club_id, Member.prefs["papers"].as_boolean().is_(True))
        ):
            wishes[member_id] = ["weekly"]
        rows = await self._session.execute(
            select(Follow.member_id, Follow.how).where(Follow.club_id == self._club_id, NOTIFIED_BY_MESSAGE, IN_STREAM)
        )
        for member_id, how in rows:
            wishes.setdefault(member_id, []).append(how)
        return wishes

    async def messages(self) -> dict[int, NewPaperMessage]:
        """Rows with the time of each member's next message, by member."""
        found = await self._session.scalars(select(NewPaperMessage).where(NewPaperMessage.club_id == self._club_id))
        return {row.member_id: row for row in found}

    async def plan_message(self, member_id: int, seen_until: datetime, next_at: datetime) -> None:
        """Plan a member's next message; papers that were listed until `seen_until` are no news."""
        values = {
            "member_id": member_id,
            "club_id": self._club_id,
            "seen_until": seen_until,
            "next_at": next_at,
        }
        await insert_if_absent(self._session, NewPaperMessage, values, keys=("member_id", "club_id"))

    async def cancel_messages(self, member_ids: Sequence[int]) -> None:
        """Plan no message for these members any more."""
        if member_ids:
            await self._session.execute(
                delete(NewPaperMessage).where(
                    NewPaperMessage.club_id == self._club_id, NewPaperMessage.member_id.in_(member_ids)
                )
            )

    async def claim_message(self, member_id: int, now: datetime, next_at: datetime) -> datetime | None:
        """Take a message that is due, and plan the next one. The end of what was news before; None if none is due."""
        mine = NewPaperMessage.club_id == self._club_id, NewPaperMessage.member_id == member_id
        seen_until: datetime | None = await self._session.scalar(
            select(NewPaperMessage.seen_until).where(*mine, NewPaperMessage.next_at <= now).with_for_update()
        )
        if seen_until is not None:
            await self._session.execute(
                update(NewPaperMessage)
                .where(*mine)
                .values(seen_until=now, next_at=next_at)
                .execution_options(synchronize_session=False)
            )
        return seen_until
