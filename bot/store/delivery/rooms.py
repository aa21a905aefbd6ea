"""Rooms repository: channels and their purposes."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, or_, select

from bot.domain.models import Room, RoomPurpose, Workspace
from bot.store.base.statements import insert_if_absent
from bot.store.base.transaction import ClubRepository

_IN_USE = (
    select(Room)
    .join(Workspace, Room.workspace_id == Workspace.id)
    .where(Room.club_id == bindparam("club"), Room.active, Workspace.left_at.is_(None))
    .order_by(Room.id)
)


class Rooms(ClubRepository):
    """Channels of the club, one row per purpose."""

    async def all(self) -> Sequence[Room]:
        """Rooms in use, of the workspaces that the bot is in."""
        return await self._all_of(_IN_USE)

    async def with_purpose(self, purpose: RoomPurpose) -> Sequence[Room]:
        """The rooms for one purpose, on all platforms."""
        return [room for room in await self.all() if room.purpose == purpose]

    async def by_channel(self, workspace_id: int, external_id: str) -> Sequence[Room]:
        """Rooms of one channel, one for each of its purposes."""
        return [r for r in await self.all() if r.workspace_id == workspace_id and r.external_id == external_id]

    async def assign(self, workspace_id: int, external_id: str, purpose: RoomPurpose, name: str) -> Room:
        """Use a channel for a purpose."""
        await insert_if_absent(
            self._session,
            Room,
            {
                "club_id": self._club_id,
                "workspace_id": workspace_id,
                "external_id": external_id,
                "purpose": purpose,
                "name": name,
                "trouble": "",
                "active": True,
            },
            keys=("workspace_id", "external_id", "purpose"),
        )
        found = await self._session.scalars(
            select(Room)
            .where(Room.workspace_id == workspace_id, Room.external_id == external_id, Room.purpose == purpose)
            .execution_options(populate_existing=True)
        )
        room = found.unique().one()
        room.active = True
        return room

    async def rename(self, room_id: int, name: str) -> None:
        """Store a channel's current name; whether it can be used is another question."""
        if room := await self._session.get(Room, room_id):
            room.name = name

    async def replaced_by(self, room: Room) -> Sequence[Room]:
        """Rooms of the same workspace and purpose that are used no longer, or cannot be used."""
        found = await self._session.scalars(
            select(Room)
            .where(Room.club_id == self._club_id, Room.workspace_id == room.workspace_id)
            .where(Room.purpose == room.purpose, Room.id != room.id, or_(~Room.active, Room.trouble != ""))
            .order_by(Room.id)
        )
        return found.unique().all()

    async def deactivate(self, room: Room) -> None:
        """Use a channel for its purpose no longer; what was posted there stays known."""
        (await self._session.get_one(Room, room.id)).active = False

    async def set_trouble(self, room_id: int, why: str) -> bool:
        """Store the reason why nothing can be posted in a room (empty: no problem). True if it changed."""
        room = await self._session.get(Room, room_id)
        if room is None or room.trouble == why:
            return False
        room.trouble = why
        return True

    async def record_lost(self, room_id: int, why: str, *, keep: bool = False) -> bool:
        """Store the reason why nothing can be posted in a room; with `keep`, only if none is stored. True if it could
        be used until now.
        """
        room = await self._session.get(Room, room_id)
        if room is None:
            return False
        was_usable = not room.trouble
        if was_usable or not keep:
            room.trouble = why
        return was_usable
