"""Clubs and workspaces of the whole installation: create, join, leave, look up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, delete, select

from bot.domain.models import Account, Club, Member, Quarantine, ScheduledTask, Vote, Workspace
from bot.store.base.statements import insert_if_absent
from bot.store.base.transaction import BaseRepository

_WORKSPACE = select(Workspace).where(
    Workspace.platform == bindparam("platform"), Workspace.external_id == bindparam("external_id")
)


class ClubDirectory(BaseRepository):
    """Every club of this installation, and the workspaces that belong to it."""

    async def create_club(
        self, name: str, timezone: str, now: datetime, settings: dict[str, object] | None = None
    ) -> Club:
        """Create a club."""
        club = Club(name=name, timezone=timezone, created_at=now, settings=settings or {}, next_number=1)
        self._session.add(club)
        await self._session.flush()
        return club

    async def delete_club(self, club: Club) -> None:
        """Delete a club that was just created and has nothing but its scheduled tasks."""
        await self._session.execute(delete(ScheduledTask).where(ScheduledTask.club_id == club.id))
        await self._session.delete(club)

    async def join(self, club: Club, platform: str, external_id: str, name: str) -> Workspace:
        """Add a workspace to a club, or mark it as active again. A workspace of another club stays there."""
        await insert_if_absent(
            self._session,
            Workspace,
            {"club_id": club.id, "platform": platform, "external_id": external_id, "name": name, "left_why": ""},
        )
        workspace = await self.workspace(platform, external_id)
        assert workspace is not None
        workspace.left_at, workspace.left_why, workspace.name = None, "", name or workspace.name
        return workspace

    async def workspace(self, platform: str, external_id: str) -> Workspace | None:
        """A workspace by its platform's id."""
        return await self._session.scalar(_WORKSPACE, {"platform": platform, "external_id": external_id})

    async def of_person(
        self, platform: str, person: str, *, also_left: bool = False
    ) -> Sequence[tuple[Workspace, Club, Member]]:
        """Active workspaces of the clubs that an account is a member of, with the club and the member.

        With `also_left` those too that the bot was removed from.
        """
        found = await self._session.execute(
            select(Workspace, Club, Member)
            .join(Club, Club.id == Workspace.club_id)
            .join(Account, (Account.club_id == Club.id) & (Account.platform == platform))
            .join(Member, Member.id == Account.member_id)
            .where(Workspace.platform == platform, Account.external_id == person)
            .where(*([] if also_left else [Workspace.left_at.is_(None)]))
            .order_by(Workspace.id)
        )
        return [(workspace, club, member) for workspace, club, member in found]

    async def active_workspaces(self, platform: str) -> Sequence[Workspace]:
        """Workspaces of a platform that the bot has not been removed from."""
        found = await self._session.scalars(
            select(Workspace).where(Workspace.platform == platform, Workspace.left_at.is_(None)).order_by(Workspace.id)
        )
        return found.all()

    async def leave(self, platform: str, external_id: str, why: str, now: datetime) -> bool:
        """Record that the bot was removed from a workspace; its data stays. False if already recorded."""
        workspace = await self.workspace(platform, external_id)
        if workspace is None or workspace.left_at is not None:
            return False
        workspace.left_at, workspace.left_why = now, why
        return True

    async def active_clubs(self) -> Sequence[Club]:
        """Clubs that are neither paused nor in quarantine after a restore, oldest first."""
        at_work = (Club.paused_at.is_(None), Club.id.not_in(select(Quarantine.club_id)))
        found = await self._session.scalars(select(Club).where(*at_work).order_by(Club.id))
        return found.all()

    async def all_clubs(self) -> Sequence[Club]:
        """All clubs, paused ones included, oldest first."""
        return (await self._session.scalars(select(Club).order_by(Club.id))).all()

    async def with_waiting_votes(self, now: datetime) -> Sequence[int]:
        """Ids of the clubs with votes of new members that should count by now, in order."""
        due = select(Vote.club_id).where(Vote.counts_from.is_not(None), Vote.counts_from <= now)
        return (await self._session.scalars(due.distinct().order_by(Vote.club_id))).all()

    async def club(self, club_id: int) -> Club | None:
        """A club by id."""
        return await self._session.get(Club, club_id)

    async def workspaces(self, club_id: int) -> Sequence[Workspace]:
        """The workspaces of a club."""
        found = await self._session.scalars(
            select(Workspace).where(Workspace.club_id == club_id).order_by(Workspace.id)
        )
        return found.all()
