"""Workspaces that join a club, and leave it for one of their own."""

from __future__ import annotations

from sqlalchemy import delete, exists, select, update

from bot.domain.models import (
    Account,
    Club,
    Delivery,
    DeliveryState,
    Discussion,
    Edition,
    Member,
    OneTimeCode,
    Paper,
    RoleGrant,
    Room,
    ScheduledTask,
    Slot,
    Submission,
    Suggestion,
    Table,
    Topic,
    Workspace,
)
from bot.store.base.transaction import BaseRepository
from bot.store.members.account_linking import repoint

LEFT = "the workspace left this club"


class WorkspaceTransfer(BaseRepository):
    """The two acts that reach over the wall between clubs."""

    async def is_empty(self, club_id: int) -> bool:
        """Whether a club has nothing that joining another could lose: no paper, no edition, no suggestion."""
        for table in (Submission, Edition, Suggestion):
            if await self._session.scalar(select(exists().where(table.club_id == club_id))):
                return False
        return True

    async def merge_clubs(self, club_id: int, into: int) -> None:
        """Move a fresh club's workspaces, rooms, people, roles, topics and log into another; the club is no more.

        Who is known in both is one member. The rules (settings, time zone) are those of the club that stays.
        """
        await self._unite_members(club_id, into)
        await self._delete_duplicates(club_id, into)
        for table in (Slot, OneTimeCode, ScheduledTask):
            await self._session.execute(delete(table).where(table.club_id == club_id))
        await self._session.execute(update(Paper).where(Paper.owner_club_id == club_id).values(owner_club_id=into))
        for table_ in Table.metadata.tables.values():
            if "club_id" in table_.columns:
                owner = table_.columns["club_id"]
                await self._session.execute(update(table_).where(owner == club_id).values({owner: into}))
        await self._session.execute(delete(Club).where(Club.id == club_id))

    async def leave(self, workspace: Workspace, own: Club) -> None:
        """Give a workspace to a club of its own, with its platform's roles. What was posted stays where it is.

        The cards in its rooms belong to the club that stays: they are drawn no more, or this workspace would go on
        seeing what that club does.
        """
        old = workspace.club_id
        here = select(Room.id).where(Room.workspace_id == workspace.id)
        await self._session.execute(
            update(Delivery)
            .where(Delivery.room_id.in_(here))
            .values(state=DeliveryState.SKIPPED, stale=False, owner="", lease_until=None, error=LEFT)
        )
        await self._session.execute(update(Room).where(Room.workspace_id == workspace.id).values(active=False))
        await self._session.execute(delete(Discussion).where(Discussion.workspace_id == workspace.id))
        grants = await self._session.scalars(
            select(RoleGrant).where(RoleGrant.club_id == old, RoleGrant.platform == workspace.platform)
        )
        for grant in grants.all():
            self._session.add(
                RoleGrant(
                    club_id=own.id,
                    platform=grant.platform,
                    external_id=grant.external_id,
                    role=grant.role,
                    label=grant.label,
                )
            )
        await self._session.execute(update(Workspace).where(Workspace.id == workspace.id).values(club_id=own.id))
        await self._session.flush()

    async def _unite_members(self, club_id: int, into: int) -> None:
        """Accounts that both clubs know are one account of one member."""
        theirs = await self._session.execute(select(Account).where(Account.club_id == club_id))
        for account in theirs.scalars().all():
            known = await self._session.scalar(
                select(Account).where(
                    Account.club_id == into,
                    Account.platform == account.platform,
                    Account.external_id == account.external_id,
                )
            )
            if known is None:
                continue
            await self._session.execute(delete(Account).where(Account.id == account.id))
            if account.member_id != known.member_id:
                await repoint(self._session, account.member_id, known.member_id)
                await self._session.execute(delete(Member).where(Member.id == account.member_id))

    async def _delete_duplicates(self, club_id: int, into: int) -> None:
        """Roles and topics that the other club has already."""
        for table, keys in (
            (RoleGrant, ("platform", "external_id", "role")),
            (Topic, ("name",)),
        ):
            mine, other = table.__table__, table.__table__.alias()
            same = [other.c[key] == mine.c[key] for key in keys]
            twin = select(1).where(other.c.club_id == into, *same).correlate(mine).exists()
            await self._session.execute(delete(table).where(mine.c.club_id == club_id, twin))
