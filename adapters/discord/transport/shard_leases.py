"""Which shards of the gateway this process serves: all processes on one database share them by leases.

A shard that two processes served would hear everything twice. A process takes what is free; one that finds nothing
free stands by, and takes over within seconds when another leaves, or within the length of a lease when it dies.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from bot.app import App


class ShardLeases:
    """The shards of one bot, and which of them are ours."""

    def __init__(self, app: App, application: int, max_shards: int, length: timedelta) -> None:
        self._app = app
        self._prefix = f"discord:{application}:"
        self._max_shards = max_shards
        self._length = length
        self._owner = uuid4().hex
        self.mine: list[int] = []
        self.count = 0
        """Of how many. While others serve theirs, it is the number that they count with."""

    async def acquire(self, advised: int) -> bool:
        """Take free shards, as many as we may; `advised` is how many Discord would have. Whether we have any."""
        now, name = self._app.now(), self._name
        async with self._app.store.admin_session() as admin:
            others = [lease.name for lease in await admin.leases.active(self._prefix, now) if lease.owner != self._owner]
            self.count = int(others[0].rpartition("/")[2]) if others else advised
            free = [shard for shard in range(self.count) if name(shard) not in others][: self._max_shards or None]
            self.mine = [s for s in free if await admin.leases.take(name(s), self._owner, now, self._length)]
        return bool(self.mine)

    async def renew(self) -> bool:
        """Make our leases longer. False where one was lost, or where there are free ones that we might serve too."""
        now, name = self._app.now(), self._name
        async with self._app.store.admin_session() as admin:
            renewed = [await admin.leases.take(name(shard), self._owner, now, self._length) for shard in self.mine]
            held = await admin.leases.active(self._prefix, now)
        has_room = len(self.mine) < min(self._max_shards or self.count, self.count) and len(held) < self.count
        return all(renewed) and not has_room

    async def release(self) -> None:
        """Let them go, for others to take."""
        self.mine = []
        async with self._app.store.admin_session() as admin:
            await admin.leases.release(self._owner)

    def _name(self, shard: int) -> str:
        return f"{self._prefix}{shard}/{self.count}"
