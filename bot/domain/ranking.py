"""Which papers rise. Pure arithmetic: no clock, no database, no chat.

Each term answers a behaviour:

* **votes**: one a member, cast in the window. The submitter's own is shown but does not count, so that bringing a
  paper is not a vote for it.
* **voices**: members who came to discuss, each worth half a vote, but never more than the votes: a quarrel among a
  few cannot outrank what many want to read.
* **age**: ten times the points make up for thirty days. Within a week that is a nudge (a vote in six or so), so that
  a late paper has a chance; over a year it lets old favourites step back.

The age enters as the time of submission, so two papers keep their order as time goes by, an index can hold it, and
the vote log replayed at any time gives the same order (the idea of Reddit's "hot" order).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import log10

DISCUSSION_WEIGHT = 0.5
"""What one voice is worth in votes."""

DECAY_INTERVAL = timedelta(days=30)
"""The age that ten times the points make up for."""

RANKING_EPOCH = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Terms:
    """All that a rank is made of, so that it can be shown and replayed."""

    votes: int
    voices: int
    submitted_at: datetime

    @property
    def discussion(self) -> float:
        """The voices in votes, capped by the votes."""
        return min(self.voices * DISCUSSION_WEIGHT, float(self.votes))

    @property
    def points(self) -> float:
        """Votes and discussion together."""
        return self.votes + self.discussion

    @property
    def freshness(self) -> float:
        """The time of submission in powers of ten of points, from 2020 on."""
        return (self.submitted_at - RANKING_EPOCH) / DECAY_INTERVAL

    @property
    def score(self) -> float:
        """The rank: the higher, the better. Comparable between papers at any time."""
        return log10(1 + self.points) + self.freshness
