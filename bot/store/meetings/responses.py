"""Answers to meetings: one a member, over all platforms."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select

from bot.domain.models import MeetingResponse, RsvpAnswer
from bot.store.base.transaction import ClubRepository


class MeetingResponses(ClubRepository):
    """Answers of one club's members. The meeting's row is locked by those who write."""

    async def set(self, meeting_id: int, member_id: int, answer: RsvpAnswer, now: datetime) -> bool:
        """Set a member's answer; False if it was the same before. A new "yes" comes after all others."""
        known = await self._session.get(MeetingResponse, (meeting_id, member_id), populate_existing=True)
        if known is None:
            self._session.add(
                MeetingResponse(
                    meeting_id=meeting_id, member_id=member_id, club_id=self._club_id, answer=answer, at=now
                )
            )
        elif known.answer == answer:
            return False
        else:
            known.answer, known.at = answer, now
        await self._session.flush()
        return True

    async def answer(self, meeting_id: int, member_id: int) -> RsvpAnswer | None:
        """A member's answer; None if they gave none."""
        return await self._session.scalar(
            select(MeetingResponse.answer).where(
                MeetingResponse.club_id == self._club_id,
                MeetingResponse.meeting_id == meeting_id,
                MeetingResponse.member_id == member_id,
            )
        )

    async def all(self, meeting_id: int) -> Sequence[MeetingResponse]:
        """Answers to a meeting, earliest first."""
        return (await self.many([meeting_id])).get(meeting_id, ())

    async def many(self, meeting_ids: Collection[int]) -> dict[int, list[MeetingResponse]]:
        """Answers by meeting, earliest first."""
        found = await self._session.scalars(
            select(MeetingResponse)
            .where(MeetingResponse.club_id == self._club_id, MeetingResponse.meeting_id.in_(meeting_ids))
            .order_by(MeetingResponse.at, MeetingResponse.member_id)
            .execution_options(populate_existing=True)
        )
        answers: dict[int, list[MeetingResponse]] = {}
        for response in found.unique():
            answers.setdefault(response.meeting_id, []).append(response)
        return answers

    async def answers_of(self, member_id: int) -> dict[int, RsvpAnswer]:
        """A member's answers by meeting."""
        found = await self._session.execute(
            select(MeetingResponse.meeting_id, MeetingResponse.answer).where(
                MeetingResponse.club_id == self._club_id, MeetingResponse.member_id == member_id
            )
        )
        return {meeting_id: answer for meeting_id, answer in found}  # noqa: C416  rows
