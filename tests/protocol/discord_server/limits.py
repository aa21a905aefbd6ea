"""Rate limits: buckets per route and major parameter, and the global one.

Generous unless a test tightens them; every answer carries the headers a client should read.
Discord, "Rate Limits".
"""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass

GENEROUS = 1000
"""Requests a window of an untightened bucket: more than any test sends, so that no client ever waits."""


@dataclass(slots=True)
class Bucket:
    """How many requests may still pass in the present window."""

    limit: int
    per: float
    remaining: int
    resets_at: float
    """Seconds on the wall clock."""

    def take(self, now: float) -> bool:
        """Let one request through, or not."""
        if now >= self.resets_at:
            self.remaining, self.resets_at = self.limit, now + self.per
        if self.remaining <= 0:
            return False
        self.remaining -= 1
        return True


class Limits:
    """All buckets. These run on the wall clock: clients sleep in real time."""

    def __init__(self) -> None:
        self._rules: dict[str, tuple[int, float]] = {}
        self._buckets: dict[tuple[str, str], Bucket] = {}
        self._whole: Bucket | None = None

    def tighten(self, route: str, limit: int, per: float) -> None:
        """Allow `limit` requests every `per` seconds on one route, for each major parameter."""
        self._rules[route] = (limit, per)
        self._buckets = {key: bucket for key, bucket in self._buckets.items() if key[0] != route}

    def tighten_all(self, limit: int, per: float = 1.0) -> None:
        """Allow `limit` requests every `per` seconds altogether. Interaction routes are outside it."""
        self._whole = Bucket(limit, per, limit, 0.0)

    def bucket(self, route: str, major: str) -> Bucket:
        """The bucket of a request."""
        limit, per = self._rules.get(route, (GENEROUS, 1.0))
        return self._buckets.setdefault((route, major), Bucket(limit, per, limit, 0.0))

    def exhausted(self, route: str, major: str) -> tuple[float, bool] | None:
        """How long to wait and whether that is for everything, if this request is one too many."""
        now = time.time()
        whole = self._whole
        if whole and "/interactions/" not in route and "/webhooks/" not in route and not whole.take(now):
            return whole.resets_at - now, True
        bucket = self.bucket(route, major)
        return None if bucket.take(now) else (bucket.resets_at - now, False)

    def headers(self, route: str, major: str) -> dict[str, str]:
        """What an answer says about the bucket it was counted in."""
        bucket = self.bucket(route, major)
        digest = hashlib.blake2s(route.encode(), digest_size=16).hexdigest()
        return {
            "X-RateLimit-Limit": str(bucket.limit),
            "X-RateLimit-Remaining": str(bucket.remaining),
            "X-RateLimit-Reset": f"{bucket.resets_at:.3f}",
            "X-RateLimit-Reset-After": f"{max(bucket.resets_at - time.time(), 0):.3f}",
            "X-RateLimit-Bucket": digest,
        }
