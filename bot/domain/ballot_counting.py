"""Counting of ballots: approval voting, and ranked choice by Schulze's method.

Schulze's method: M. Schulze, "A new monotonic, clone-independent, reversal symmetric, and Condorcet-consistent
single-winner election method", Social Choice and Welfare 36 (2011), with winning votes as the strength of a link.
Tie rule of both methods: of candidates that the method does not separate, the one that was nominated first wins.
Counting depends on nothing but the candidates, their order and the ballots, so a replay gives the same result.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BallotCount:
    """Result of a count."""

    order: tuple[int, ...]
    """Candidates, best first."""
    tied: tuple[int, ...]
    """Candidates that share the first place before the tie rule; one if there is no tie, none without a ballot."""
    approvals: Mapping[int, int]
    """Ballots that name a candidate, by candidate."""
    pairwise: Mapping[tuple[int, int], int]
    """Ballots that rank the first of two candidates above the second; empty for approval voting."""

    @property
    def winner(self) -> int | None:
        """The first candidate; None if no ballot names any."""
        return self.tied[0] if self.tied else None


def count_approvals(candidates: Sequence[int], ballots: Iterable[Sequence[int]]) -> BallotCount:
    """Count approval ballots, each a set of candidates. `candidates` are in the order of their nomination.

    Names that are no candidates, and repetitions, do not count.
    """
    approvals = dict.fromkeys(candidates, 0)
    for ballot in ballots:
        for named in valid_choices(candidates, ballot):
            approvals[named] += 1
    order = sorted(approvals, key=lambda one: -approvals[one])  # stable: ties stay in the order of nomination
    most = max(approvals.values(), default=0)
    tied = tuple(one for one in order if approvals[one] == most) if most else ()
    return BallotCount(tuple(order), tied, approvals, {})


def count_ranked(candidates: Sequence[int], ballots: Iterable[Sequence[int]]) -> BallotCount:
    """Count ranked ballots by Schulze's method. `candidates` are in the order of their nomination.

    A ballot names candidates, the best first. All that it does not name are below those it names, and equal.
    """
    valid = [valid_choices(candidates, ballot) for ballot in ballots]
    pairwise = preferences(candidates, valid)
    paths = strongest_paths(candidates, pairwise)
    beaten = {
        one: sum(paths[other, one] > paths[one, other] for other in candidates if other != one) for one in candidates
    }
    # The relation "beats" is transitive, so whoever is beaten by fewer never comes behind one that it beats.
    order = sorted(dict.fromkeys(candidates), key=lambda one: beaten[one])
    approvals = {one: sum(one in ballot for ballot in valid) for one in order}
    tied = tuple(one for one in order if not beaten[one]) if any(valid) else ()
    return BallotCount(tuple(order), tied, approvals, pairwise)


def valid_choices(candidates: Iterable[int], ballot: Sequence[int]) -> tuple[int, ...]:
    """Choices of a ballot that are candidates, each once, in order."""
    known = frozenset(candidates)
    return tuple(one for one in dict.fromkeys(ballot) if one in known)


def preferences(candidates: Sequence[int], ballots: Iterable[Sequence[int]]) -> dict[tuple[int, int], int]:
    """Number of ballots that rank the first of two candidates above the second, for each ordered pair."""
    found = {(one, other): 0 for one in candidates for other in candidates if one != other}
    for ballot in ballots:
        place = {named: at for at, named in enumerate(ballot)}
        for one, other in found:
            if place.get(one, len(place)) < place.get(other, len(place)):
                found[one, other] += 1
    return found


def strongest_paths(candidates: Sequence[int], pairwise: Mapping[tuple[int, int], int]) -> dict[tuple[int, int], int]:
    """Strength of the strongest path between each ordered pair: the weakest of its links, each a pairwise victory."""
    paths = {(one, other): votes if votes > pairwise[other, one] else 0 for (one, other), votes in pairwise.items()}
    for middle in candidates:
        for start in candidates:
            if start == middle:
                continue
            for end in candidates:
                if end not in (start, middle):
                    paths[start, end] = max(paths[start, end], min(paths[start, middle], paths[middle, end]))
    return paths
