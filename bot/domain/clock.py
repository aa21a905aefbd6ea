"""Default clock."""

from __future__ import annotations

from datetime import UTC, datetime


def utc_now() -> datetime:
    """Current time of this machine in UTC, aware."""
    return datetime.now(UTC)
