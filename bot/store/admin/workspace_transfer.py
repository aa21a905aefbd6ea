"""Transfer of workspaces: joining another club, and leaving it for a club of their own."""

from __future__ import annotations

from sqlalchemy import delete, exists, select, update

from bot.domain.models import (
    Account,
    Club,
    ClubSource,
    Delivery,
    DeliveryState,
    Discussion,
    Edition,
    EntryVerdict,
    Meeting,
    Member,
    OneTimeCode,
    Paper,
    PostedCandidate,
    Quarantine,
    RoleGrant,
    Room,
    ScheduledTask,
    ShortlistEntry,
    ShortlistPost,
    ShortlistRun,
    Slot,
    Submission,
    Suggestion,
    Table,
    Topic,
    Workspace,
)
from bot.store.base.transaction import BaseRepository
from bot.store.members.account_linking import reassign_rows

WORKSPACE_LEFT = "the workspace left this club"


class WorkspaceTransfer(BaseRepository):
    """The two operations that change rows of two clubs."""

    async def is_empty(self, club_id: int) -> bool:
        """True if a club has no paper, edition, suggestion or meeting that joining another club could lose."""
        for table in (Submission, Edition, Suggestion, Meeting):
            if await self._session.scalar(select(exists().where(table.club_id == club_id))):
                return False
        return True

    async def merge_clubs(self, club_id: int, into: int) -> None:
        """Move a club's workspaces, rooms, members, roles, topics and log into another club, and delete it.

        A person in both clubs becomes one member. Settings and time zone are those of `into`.
        """
        await self._merge_members(club_id, into)
        await self._delete_duplicates(club_id, into)
        for table in (
            Slot,
            OneTimeCode,
            ScheduledTask,
            Quarantine,
            ShortlistRun,
            ShortlistEntry,
            PostedCandidate,
            ShortlistPost,
        ):
            await self._session.execute(delete(table).where(table.club_id == club_id))
        await self._session.execute(update(Paper).where(Paper.owner_club_id == club_id).values(owner_club_id=into))
        for sql_table in Table.metadata.tables.values():
            if "club_id" in sql_table.columns:
                owner = sql_table.columns["club_id"]
                await self._session.execute(update(sql_table).where(owner == club_id).values({owner: into}))
        await self._session.execute(delete(Club).where(Club.id == club_id))

    async def leave(self, workspace: Workspace, own: Club) -> None:
        """Give a workspace to a club of its own, with its platform's role grants. Messages stay where they were posted.

        Cards in its rooms belong to the old club and are no longer updated; else the workspace would still see that
        club's activity.
        """
        old = workspace.club_id
        rooms = select(Room.id).where(Room.workspace_id == workspace.id)
        await self._session.execute(
            update(Delivery)
            .where(Delivery.room_id.in_(rooms))
            .values(state=DeliveryState.SKIPPED, stale=False, owner="", lease_until=None, error=WORKSPACE_LEFT)
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

    async def _merge_members(self, club_id: int, into: int) -> None:
        """Merge members whose account is known in both clubs."""
        accounts = await self._session.execute(select(Account).where(Account.club_id == club_id))
        for account in accounts.scalars().all():
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
                await reassign_rows(self._session, account.member_id, known.member_id)
                await self._session.execute(delete(Member).where(Member.id == account.member_id))

    async def _delete_duplicates(self, club_id: int, into: int) -> None:
        """Delete the role grants, topics, sources and verdicts that the other club already has."""
        for table, keys in (
            (RoleGrant, ("platform", "external_id", "role")),
            (Topic, ("name",)),
            (ClubSource, ("source_id",)),
            (EntryVerdict, ("entry_id",)),
        ):
            own, other = table.__table__, table.__table__.alias()
            same = [other.c[key] == own.c[key] for key in keys]
            duplicate = select(1).where(other.c.club_id == into, *same).correlate(own).exists()
            await self._session.execute(delete(table).where(own.c.club_id == club_id, duplicate))
