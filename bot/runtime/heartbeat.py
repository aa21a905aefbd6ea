"""Heartbeat: renews the leases of what this process works on, for as long as the work goes on.

Leases are short, so that another process soon continues the work of a dead one; a living one keeps its own however
long it takes.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Hashable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Generic, TypeVar

log = logging.getLogger(__name__)

Key = TypeVar("Key", bound=Hashable)

BEAT = 4.0
"""Seconds between two renewals; several fit into the shortest lease, so that one that fails loses nothing."""


class Heartbeat(Generic[Key]):
    """Keys of what is held, and how they are renewed.

    `renew` is given the held keys and gives those that are still this process's own; a key that is lost is dropped, and
    `lost` is called with it.
    """

    def __init__(
        self,
        renew: Callable[[Collection[Key]], Awaitable[Collection[Key]]],
        lost: Callable[[Key], object],
    ) -> None:
        self._renew = renew
        self._lost = lost
        self._held: set[Key] = set()

    @property
    def held(self) -> Collection[Key]:
        """Keys that this process holds."""
        return frozenset(self._held)

    def hold(self, keys: Collection[Key]) -> None:
        """Renew these from now on."""
        self._held.update(keys)

    def drop(self, key: Key) -> None:
        """Renew one no longer."""
        self._held.discard(key)

    @contextmanager
    def holding(self, key: Key) -> Iterator[None]:
        """Renew a key while the block lasts."""
        self._held.add(key)
        try:
            yield
        finally:
            self._held.discard(key)

    async def beat(self) -> None:
        """Renew all that is held, once."""
        asked = frozenset(self._held)
        if not asked:
            return
        still = await self._renew(asked)
        for key in asked.difference(still) & self._held:
            self._held.discard(key)
            log.warning("%s was taken over by another process", key)
            self._lost(key)

    @asynccontextmanager
    async def beating(self) -> AsyncIterator[None]:
        """Renew every few seconds while the block lasts."""
        task = asyncio.create_task(self._run(), name="heartbeat")
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait([task])  # awaited itself, it would swallow a cancellation of the block

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(BEAT)
            try:
                await self.beat()
            except Exception:
                log.warning("leases could not be renewed; it is tried again", exc_info=True)
