"""Time zones, as they are suggested while somebody types one."""

from __future__ import annotations

from functools import cache

from bot.app import Context
from bot.domain.clubs import zones


async def suggest_time_zones(ctx: Context, typed: str) -> list[tuple[str, str]]:
    """Suggest time zones by any part of their names."""
    wanted = typed.strip().lower().replace(" ", "_")
    found = [name for name in _zones() if wanted in name.lower()]
    return [(name.replace("_", " "), name) for name in found[:25]]


@cache
def _zones() -> tuple[str, ...]:
    """The zones that people live in, by name."""
    return tuple(sorted(name for name in zones() if "/" in name and not name.startswith("Etc/")))
