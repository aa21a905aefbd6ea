"""Fields of a note of OpenReview's API, read alike for one paper and for a venue's new papers."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any


def field_value(content: dict[str, Any], name: str) -> object:
    """Value of a field: `{"value": …}` in version 2, the bare value in version 1."""
    field = content.get(name)
    return field.get("value") if isinstance(field, dict) else field


def moment_of(milliseconds: object) -> datetime | None:
    """Moment from milliseconds since 1970; None for anything else."""
    if not isinstance(milliseconds, int) or isinstance(milliseconds, bool):
        return None
    try:
        return datetime.fromtimestamp(milliseconds / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return None
