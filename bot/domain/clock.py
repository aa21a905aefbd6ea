"""The clock that everything takes where it is given no other."""

from __future__ import annotations

from datetime import UTC, datetime


def utc_now() -> datetime:
    """The moment by this machine's clock, in UTC."""
    return datetime.now(UTC)
