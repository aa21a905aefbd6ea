"""Rules for merging two members' or two papers' notes and preferences."""

from __future__ import annotations

from typing import Any


def merge_notes(first: str, second: str) -> str:
    """Both notes, each once, one below the other."""
    return first if second in first else f"{first}\n{second}" if first else second


def split_notes(both: str, second: str) -> str:
    """What is left of a joined note without the second one; all of it where it was changed since."""
    return both.removesuffix(second).removesuffix("\n") if both.endswith(f"\n{second}") or both == second else both


def merge_preferences(source: dict[str, Any], target: dict[str, Any]) -> dict[str, Any]:
    """The choices of two members who are one: those of who stays come first."""
    return source | target
