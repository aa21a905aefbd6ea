"""Result of a closed ballot: the ballots without names, and what counting them gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

from bot.domain.ballot_counting import BallotCount, count_approvals, count_ranked, valid_choices
from bot.domain.models import BallotMethod

MIN_BALLOTS_FOR_TOTALS = 8
"""Ballots from which totals are shown; those of fewer would show who chose what."""


@dataclass(frozen=True, slots=True)
class BallotResult:
    """Everything that a replay of the count needs. Papers are ids of submissions."""

    candidates: tuple[int, ...]
    """Papers that were counted, in the order of their nomination."""
    left_out: tuple[int, ...]
    """Papers that were on the ballot and had left the list when it closed."""
    cast: tuple[tuple[int, ...], ...]
    """Choices of each ballot, sorted, so that their order tells nothing about who cast them."""

    @classmethod
    def of(cls, candidates: Sequence[int], left_out: Sequence[int], cast: Sequence[Sequence[int]]) -> Self:
        """Result of these ballots; choices that are no candidates are dropped."""
        return cls(
            tuple(candidates), tuple(left_out), tuple(sorted(valid_choices(candidates, choices) for choices in cast))
        )

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """Result from the values of `to_json`. Raises KeyError for anything else."""
        return cls(tuple(stored["candidates"]), tuple(stored["left_out"]), tuple(tuple(one) for one in stored["cast"]))

    def to_json(self) -> dict[str, Any]:
        """JSON values."""
        return asdict(self)

    def count(self, method: BallotMethod) -> BallotCount:
        """Count the ballots: the same ballots always give the same result."""
        counting = count_ranked if method == BallotMethod.RANKED else count_approvals
        return counting(self.candidates, self.cast)

    def winner(self, method: BallotMethod, quorum: int) -> int | None:
        """The winning paper; None below the quorum, or if no ballot names a paper that is left."""
        return self.count(method).winner if self.turnout >= quorum else None

    @property
    def turnout(self) -> int:
        """Number of ballots."""
        return len(self.cast)

    @property
    def shows_totals(self) -> bool:
        """True if there are enough ballots to show totals."""
        return self.turnout >= MIN_BALLOTS_FOR_TOTALS
