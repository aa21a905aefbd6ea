"""Rules for merging two members' or two papers' notes and preferences."""

from __future__ import annotations

from typing import Any


def merge_notes(first: str, second: str) -> str:
    """Both notes, one below the other; a repeated note once."""
    return first if second in first else f"{first}\n{second}" if first else second


def split_notes(both: str, second: str) -> str:
    """A merged note without the second one; unchanged if it was edited since."""
    return both.removesuffix(second).removesuffix("\n") if both.endswith(f"\n{second}") or both == second else both


def merge_preferences(source: dict[str, Any], target: dict[str, Any]) -> dict[str, Any]:
    """Preferences of a merged member: those of `target` take precedence."""
    return source | target
