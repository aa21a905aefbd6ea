"""Leases of gateway shards: all processes on one database share the shards.

Two processes on one shard would receive every event twice. A process takes the free shards; one that finds none waits
on standby, and takes over within seconds when another stops, or after the lease has run out when another crashes.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from bot.app import App


class ShardLeases:
    """The shards of one bot, and those that this process has leased."""

    def __init__(self, app: App, application: int, max_shards: int, length: timedelta) -> None:
        self._app = app
        self._prefix = f"discord:{application}:"
        self._max_shards = max_shards
        self._length = length
        self._owner = uuid4().hex
        self.mine: list[int] = []
        self.count = 0
        """Number of shards in total; while other processes serve some, it is their number."""

    async def acquire(self, advised: int) -> bool:
        """Lease free shards, up to this process's limit; `advised` is the number that Discord advises. False if none
        was free.
        """
        now, name = self._app.now(), self._name
        async with self._app.store.admin_session() as admin:
            others = [
                lease.name for lease in await admin.leases.active(self._prefix, now) if lease.owner != self._owner
            ]
            self.count = int(others[0].rpartition("/")[2]) if others else advised
            free = [shard for shard in range(self.count) if name(shard) not in others][: self._max_shards or None]
            self.mine = [s for s in free if await admin.leases.take(name(s), self._owner, now, self._length)]
        return bool(self.mine)

    async def renew(self) -> bool:
        """Renew the leases. False if one was lost, or if there are free shards that this process could serve too."""
        now, name = self._app.now(), self._name
        async with self._app.store.admin_session() as admin:
            renewed = [await admin.leases.take(name(shard), self._owner, now, self._length) for shard in self.mine]
            held = await admin.leases.active(self._prefix, now)
        has_room = len(self.mine) < min(self._max_shards or self.count, self.count) and len(held) < self.count
        return all(renewed) and not has_room

    async def release(self) -> None:
        """Release the leases for other processes."""
        self.mine = []
        async with self._app.store.admin_session() as admin:
            await admin.leases.release(self._owner)

    def _name(self, shard: int) -> str:
        return f"{self._prefix}{shard}/{self.count}"
