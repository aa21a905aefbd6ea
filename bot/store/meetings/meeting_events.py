"""Events of meetings on platforms that have them: one a meeting and workspace, created once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import TypedDict, Unpack

from sqlalchemy import ColumnElement, or_, select, update

from bot.domain.models import EventState, Meeting, MeetingEvent, MeetingState, Workspace
from bot.store.base.statements import insert_if_absent
from bot.store.base.transaction import ClubRepository

NO_SESSION_SYNC = {"synchronize_session": False}


class EventValues(TypedDict, total=False):
    """Columns that the holder of an event's lease may set."""

    state: EventState
    event: str
    shown: str
    not_before: datetime
    error: str


class MeetingEvents(ClubRepository):
    """Events of one club's meetings."""

    async def workspaces(self, platforms: Collection[str]) -> Sequence[Workspace]:
        """Workspaces of the club on these platforms, which the bot is in."""
        found = await self._session.scalars(
            select(Workspace)
            .where(Workspace.club_id == self._club_id, Workspace.platform.in_(platforms))
            .where(Workspace.left_at.is_(None))
            .order_by(Workspace.id)
        )
        return found.all()

    async def to_come(self, now: datetime) -> Sequence[Meeting]:
        """Announced meetings that have not begun, and canceled ones that have events, soonest first."""
        has_event = select(MeetingEvent.meeting_id).where(
            MeetingEvent.club_id == self._club_id, MeetingEvent.event != ""
        )
        announced = (Meeting.state == MeetingState.PLANNED) & (Meeting.announce_at <= now)
        found = await self._session.scalars(
            select(Meeting)
            .where(Meeting.club_id == self._club_id, Meeting.starts_at > now)
            .where(or_(announced, Meeting.id.in_(has_event)))
            .order_by(Meeting.starts_at, Meeting.id)
            .limit(90)
        )
        return found.all()

    async def refused(self, now: datetime) -> str:
        """Reason why events of meetings to come cannot be shown; empty if they can."""
        statement = (
            select(MeetingEvent.error)
            .join(Meeting, Meeting.id == MeetingEvent.meeting_id)
            .where(
                MeetingEvent.club_id == self._club_id, MeetingEvent.state == EventState.REFUSED, Meeting.starts_at > now
            )
        )
        return await self._session.scalar(statement.limit(1)) or ""

    async def of_workspace(self, workspace_id: int) -> dict[int, MeetingEvent]:
        """Events of a workspace by meeting."""
        found = await self._session.scalars(
            select(MeetingEvent)
            .where(MeetingEvent.club_id == self._club_id, MeetingEvent.workspace_id == workspace_id)
            .execution_options(populate_existing=True)
        )
        return {row.meeting_id: row for row in found}

    async def claim(
        self, meeting_id: int, workspace_id: int, owner: str, now: datetime, lease: timedelta
    ) -> MeetingEvent | None:
        """Claim the event of a meeting, created as due if there is none; None if another process has it."""
        values = {
            "meeting_id": meeting_id,
            "workspace_id": workspace_id,
            "club_id": self._club_id,
            "state": EventState.DUE,
            "event": "",
            "shown": "",
            "not_before": now,
            "attempts": 0,
            "owner": "",
            "error": "",
        }
        await insert_if_absent(self._session, MeetingEvent, values)
        claimed = await self._session.execute(
            update(MeetingEvent)
            .where(*self._is(meeting_id, workspace_id), MeetingEvent.not_before <= now)
            .where(or_(MeetingEvent.lease_until.is_(None), MeetingEvent.lease_until < now))
            .values(owner=owner, lease_until=now + lease, attempts=MeetingEvent.attempts + 1)
            .returning(MeetingEvent.meeting_id)
            .execution_options(**NO_SESSION_SYNC)
        )
        if claimed.first() is None:
            return None
        return (await self.of_workspace(workspace_id)).get(meeting_id)

    async def settle(self, meeting_id: int, workspace_id: int, owner: str, **values: Unpack[EventValues]) -> None:
        """Store the result of a claimed event and release it."""
        await self._session.execute(
            update(MeetingEvent)
            .where(*self._is(meeting_id, workspace_id), MeetingEvent.owner == owner)
            .values(lease_until=None, **values)
            .execution_options(**NO_SESSION_SYNC)
        )

    async def lost(self, meeting_id: int, workspace_id: int, event: str, now: datetime) -> None:
        """Record that an event was deleted on its platform, so that it is created again."""
        await self._session.execute(
            update(MeetingEvent)
            .where(*self._is(meeting_id, workspace_id), MeetingEvent.event == event, MeetingEvent.lease_until.is_(None))
            .values(state=EventState.DUE, event="", shown="", not_before=now, attempts=0)
            .execution_options(**NO_SESSION_SYNC)
        )

    def _is(self, meeting_id: int, workspace_id: int) -> tuple[ColumnElement[bool], ...]:
        return (
            MeetingEvent.club_id == self._club_id,
            MeetingEvent.meeting_id == meeting_id,
            MeetingEvent.workspace_id == workspace_id,
        )
