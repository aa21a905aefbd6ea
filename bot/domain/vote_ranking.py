"""Ranking of submissions: pure arithmetic, without clock or database.

Terms:

- **votes**: one per member, cast in the window. The submitter's own vote is shown but does not count, so that
  submitting a paper is not a vote for it.
- **voices**: members who joined the discussion, each worth half a vote, but together never more than the votes: a
  dispute of a few cannot outrank a paper that many want to read.
- **age**: thirty days of age weigh as much as a factor of ten in points. Within a week that is about one vote in six,
  so that a late paper has a chance; within a year old papers lose their rank.

Age enters as the time of submission, so the order of two papers does not change with time, an index can store it, and a
replay of the vote log gives the same order (like Reddit's "hot" order).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import log10

DISCUSSION_WEIGHT = 0.5
"""Worth of one voice, in votes."""

DECAY_INTERVAL = timedelta(days=30)
"""Age that weighs as much as a factor of ten in points."""

RANKING_EPOCH = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Terms:
    """Terms of a rank, so that it can be shown and recomputed."""

    votes: int
    voices: int
    submitted_at: datetime

    @property
    def discussion(self) -> float:
        """Voices in votes, limited by the number of votes."""
        return min(self.voices * DISCUSSION_WEIGHT, float(self.votes))

    @property
    def points(self) -> float:
        """Votes plus discussion."""
        return self.votes + self.discussion

    @property
    def freshness(self) -> float:
        """Time of submission since 2020, in units of `DECAY_INTERVAL`."""
        return (self.submitted_at - RANKING_EPOCH) / DECAY_INTERVAL

    @property
    def score(self) -> float:
        """Score: higher ranks first. Comparable between papers at any time."""
        return log10(1 + self.points) + self.freshness


@dataclass(frozen=True, slots=True)
class ReturnedPapers:
    """Submissions of editions that were recalled after a later one had come out, and when the first of them began.

    Their votes since then count for the next edition, whose own window begins later.
    """

    ids: frozenset[int] = frozenset()
    since: datetime | None = None
