"""How much of a platform's limits the declared commands use."""

from __future__ import annotations

from dataclasses import dataclass

RESERVED_SHARE = 0.1
"""The share of each limit that stays free: for commands to come, and for translations, which are longer."""


@dataclass(frozen=True, slots=True)
class LimitUsage:
    """An amount that a platform limits: how much of it something uses, and the most that the platform takes."""

    subject: str
    """What is measured: `Discord /edition`."""
    unit: str
    used: int
    limit: int
    reserved: float = RESERVED_SHARE
    """The share of the limit that must stay free."""

    @property
    def allowed(self) -> int:
        """The most that may be used, so that enough stays free."""
        return int(self.limit * (1 - self.reserved) + 1e-9)

    @property
    def fits(self) -> bool:
        """Whether enough stays free."""
        return self.used <= self.allowed

    def __str__(self) -> str:
        return f"{self.subject}: {self.used:,} of {self.limit:,} {self.unit}, {self.allowed:,} at most here"
