"""Use of a platform's limits by the declared commands."""

from __future__ import annotations

from dataclasses import dataclass

RESERVED_SHARE = 0.1
"""Share of each limit that must stay free, for new commands and for longer translations."""


@dataclass(frozen=True, slots=True)
class LimitUsage:
    """Use of one platform limit."""

    subject: str
    """Subject of the limit: `Discord /edition`."""
    unit: str
    used: int
    limit: int
    reserved: float = RESERVED_SHARE
    """Share of the limit that must stay free."""

    @property
    def allowed(self) -> int:
        """Highest use that leaves the reserved share free."""
        return int(self.limit * (1 - self.reserved) + 1e-9)

    @property
    def fits(self) -> bool:
        """True if the reserved share is free."""
        return self.used <= self.allowed

    def __str__(self) -> str:
        return f"{self.subject}: {self.used:,} of {self.limit:,} {self.unit}, {self.allowed:,} at most here"
