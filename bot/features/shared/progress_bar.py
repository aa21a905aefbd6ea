"""Progress of long work, as a bar of characters."""

from __future__ import annotations

LENGTH = 10
"""Characters of a bar."""


def progress_bar(done: int, total: int) -> str:
    """Bar of which as much is filled as is done of the total: all of it only at the end. The total must not be 0."""
    filled = LENGTH * done // total
    return "▰" * filled + "▱" * (LENGTH - filled)
