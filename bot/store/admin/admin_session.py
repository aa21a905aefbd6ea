"""The house-wide door: setup, identity, the schedule and the courier see more than one club here.

Nothing a member asks for is answered from this room.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select, update

from bot.domain.models import (
    CachedFact,
    Club,
    CodePurpose,
    Edition,
    EditionState,
    ModelSpending,
    OneTimeCode,
    RateGateState,
    Slot,
    SlotState,
    Workspace,
)
from bot.store.admin.club_purge import ClubPurge
from bot.store.admin.coordination import MAX_RATE_GATE_WAIT, Leases
from bot.store.admin.event_inbox import EventInbox
from bot.store.admin.installations import Installations
from bot.store.admin.workspace_transfer import WorkspaceTransfer
from bot.store.base.statements import insert_if_absent
from bot.store.base.transaction import BaseRepository, repository
from bot.store.delivery.claims import DeliveryClaims
from bot.store.delivery.doubtful import PostedMessages
from bot.store.members.notifications import NotificationQueue


class AdminSession(BaseRepository):
    """Every club under this roof."""

    joining = repository(WorkspaceTransfer)
    installing = repository(Installations)
    events = repository(EventInbox)
    claims = repository(DeliveryClaims)
    posted = repository(PostedMessages)
    leases = repository(Leases)
    purging = repository(ClubPurge)
    watch = repository(NotificationQueue)

    # Clubs and workspaces

    async def create_club(
        self, name: str, timezone: str, now: datetime, settings: dict[str, object] | None = None
    ) -> Club:
        """Found a club."""
        club = Club(name=name, timezone=timezone, created_at=now, settings=settings or {}, next_number=1)
        self._session.add(club)
        await self._session.flush()
        return club

    async def delete_club(self, club: Club) -> None:
        """Take back a club that was founded a moment ago and that nobody has entered."""
        await self._session.delete(club)

    async def join(self, club: Club, platform: str, external_id: str, name: str) -> Workspace:
        """Bring a workspace into a club, or back into it."""
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
        return await self._session.scalar(
            select(Workspace).where(Workspace.platform == platform, Workspace.external_id == external_id)
        )

    async def active_workspaces(self, platform: str) -> Sequence[Workspace]:
        """The workspaces of a platform that the bot has not been removed from."""
        found = await self._session.scalars(
            select(Workspace).where(Workspace.platform == platform, Workspace.left_at.is_(None)).order_by(Workspace.id)
        )
        return found.all()

    async def leave(self, platform: str, external_id: str, why: str, now: datetime) -> bool:
        """Note that the bot was removed from a workspace; its data stays. True if that is news."""
        workspace = await self.workspace(platform, external_id)
        if workspace is None or workspace.left_at is not None:
            return False
        workspace.left_at, workspace.left_why = now, why
        return True

    async def clubs(self) -> Sequence[Club]:
        """Every club that is not paused, in the order of its founding."""
        found = await self._session.scalars(select(Club).where(Club.paused_at.is_(None)).order_by(Club.id))
        return found.all()

    async def everyone(self) -> Sequence[Club]:
        """Every club, also those that are paused, in the order of their founding."""
        return (await self._session.scalars(select(Club).order_by(Club.id))).all()

    async def club(self, club_id: int) -> Club | None:
        """A club by id."""
        return await self._session.get(Club, club_id)

    async def workspaces(self, club_id: int) -> Sequence[Workspace]:
        """The workspaces of a club."""
        found = await self._session.scalars(
            select(Workspace).where(Workspace.club_id == club_id).order_by(Workspace.id)
        )
        return found.all()

    # One-time codes

    async def code(self, digest: str, purpose: CodePurpose, now: datetime) -> OneTimeCode | None:
        """Use a code up: it is given once, and only while it is fresh."""
        used = (
            update(OneTimeCode)
            .where(
                OneTimeCode.hash == digest,
                OneTimeCode.purpose == purpose,
                OneTimeCode.used_at.is_(None),
                OneTimeCode.expires_at > now,
            )
            .values(used_at=now)
            .returning(OneTimeCode.hash)
        )
        if (await self._session.execute(used)).first() is None:
            return None
        return await self._session.get(OneTimeCode, digest, populate_existing=True)

    # The schedule

    async def due_slots(self, until: datetime, now: datetime) -> Sequence[Slot]:
        """Slots due until then that nobody is at work on, earliest first."""
        found = await self._session.scalars(
            select(Slot)
            .join(Club, Club.id == Slot.club_id)
            .where(Slot.state == SlotState.DUE, Slot.due_at <= until, Club.paused_at.is_(None))
            .where(or_(Slot.lease_until.is_(None), Slot.lease_until < now))
            .order_by(Slot.due_at)
        )
        return found.all()

    async def late_since(self, now: datetime) -> datetime | None:
        """When the most overdue edition was due; one that waits to be approved is not late, nor a paused club's."""
        waiting = select(Edition.id).where(Edition.slot_id == Slot.id, Edition.state == EditionState.DRAFT).exists()
        return await self._session.scalar(
            select(func.min(Slot.due_at))
            .join(Club, Club.id == Slot.club_id)
            .where(Slot.state == SlotState.DUE, Slot.due_at <= now, Club.paused_at.is_(None), ~waiting)
        )

    async def claim_slot(self, slot_id: int, owner: str, now: datetime, lease: timedelta) -> bool:
        """Take a slot for this process; False if another was quicker."""
        claimed = (
            update(Slot)
            .where(Slot.id == slot_id, Slot.state == SlotState.DUE)
            .where(or_(Slot.lease_until.is_(None), Slot.lease_until < now))
            .values(owner=owner, lease_until=now + lease, tries=Slot.tries + 1)
            .returning(Slot.id)
        )
        return (await self._session.execute(claimed)).first() is not None

    async def release_slot(self, slot_id: int, owner: str, trouble: str = "") -> None:
        """Let a slot go, whether it is done or to be tried again."""
        await self._session.execute(
            update(Slot).where(Slot.id == slot_id, Slot.owner == owner).values(lease_until=None, trouble=trouble)
        )

    # Turns, facts

    async def reserve_rate_gate(self, name: str, gap: timedelta, now: datetime) -> datetime:
        """When this caller may ask `name`: turns of all processes are `gap` apart."""
        await insert_if_absent(self._session, RateGateState, {"name": name, "next_at": now})
        turn = await self._session.get_one(RateGateState, name, with_for_update=True, populate_existing=True)
        mine = turn.next_at if now < turn.next_at <= now + MAX_RATE_GATE_WAIT * gap else now
        turn.next_at = mine + gap
        return mine

    async def spent(self, club_id: int, since: datetime) -> tuple[float, float]:
        """What models have cost since then: all clubs together, and this club."""
        costs = (
            select(ModelSpending.club_id, func.sum(ModelSpending.cost))
            .where(ModelSpending.at >= since)
            .group_by(ModelSpending.club_id)
        )
        by_club: dict[int, float] = {club: cost for club, cost in await self._session.execute(costs)}  # noqa: C416  rows
        return sum(by_club.values()), by_club.get(club_id, 0.0)

    async def cached_fact(self, name: str) -> str:
        """A small thing remembered between starts; empty if it is not."""
        return await self._session.scalar(select(CachedFact.value).where(CachedFact.name == name)) or ""

    async def cached_facts(self, names: Collection[str]) -> dict[str, str]:
        """Those of these small things that are remembered."""
        found = await self._session.execute(select(CachedFact.name, CachedFact.value).where(CachedFact.name.in_(names)))
        return {row.name: row.value for row in found}

    async def store_fact(self, name: str, value: str) -> None:
        """Remember a small thing."""
        await insert_if_absent(self._session, CachedFact, {"name": name, "value": value}, keys=("name",))
