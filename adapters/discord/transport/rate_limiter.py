"""Pauses that Discord asks for: discord.py waits out short ones, longer ones are waited out outside of it.

discord.py closes a lock for all its requests while it sleeps after a global limit. A request that is cancelled in that
sleep leaves the lock closed for ever, so none is (see `transport.requests`), and a long sleep is never begun.
"""

from __future__ import annotations

from typing import Any

import discord
from discord.http import Ratelimit

LONGEST_SLEEP = 10.0
"""Seconds that discord.py may sleep for a limit. The usual buckets are full again after 5 s, so it paces itself there;
whatever is longer it raises as `discord.RateLimited`."""


class Bucket(Ratelimit):
    """Bucket of requests that lets through what is left in it, however long it takes until it is full again.

    discord.py refuses these too where that takes longer than `LONGEST_SLEEP`.
    """

    __slots__ = ()

    async def acquire(self) -> None:
        """Take one request out of the bucket, or wait for it. Raises RateLimited where that takes too long."""
        if self.is_expired():
            self.reset()  # type: ignore[no-untyped-call] # discord.py left it untyped
        if self.remaining <= 0:
            await super().acquire()
            return
        self._last_request = self._loop.time()
        self.remaining -= 1
        self.outgoing += 1


def limit_sleep(client: discord.Client) -> None:
    """Have a client raise `discord.RateLimited` instead of sleeping for longer than `LONGEST_SLEEP`.

    To be called before its first request. (Its own option has a lower bound of 30 s.)
    """
    http: Any = client.http
    http.max_ratelimit_timeout = LONGEST_SLEEP
    buckets: dict[str, Ratelimit] = http._buckets
    usual = http.get_ratelimit

    def get_ratelimit(key: str) -> Ratelimit:
        if key not in buckets:
            http._try_clear_expired_ratelimits()
            buckets[key] = Bucket(LONGEST_SLEEP)
        found: Ratelimit = usual(key)
        return found

    http.get_ratelimit = get_ratelimit
