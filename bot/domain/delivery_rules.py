"""Rules for posts of unknown outcome: times to check for them, to ask people, and to post again."""

from __future__ import annotations

from datetime import datetime, timedelta

CHECK_DELAYS = tuple(timedelta(seconds=s) for s in (3, 10, 30, 60))
"""Delays after an attempt at which its post is checked. A post not found at the last check was not posted."""
MIN_CHECKS = 2
"""Checks before a post counts as not posted, however late the first one was."""
RETRY_DELAY = timedelta(seconds=15)
"""Delay after a failed check, or a late one without a result."""
RECHECK_INTERVAL = timedelta(minutes=2)
"""Interval of checks while people are asked, because the missing permission may be granted by then."""
REPOST_AFTER = timedelta(minutes=15)
"""Default time to wait for people's answer."""
MAX_REPOST_AGE = timedelta(hours=24)
"""Age up to which a post is posted again automatically; after it only a person may do so."""
MAX_PAUSE = timedelta(seconds=60)
"""Longest pause of a room after posts of unknown outcome, so that an outage does not make all posts doubtful."""


def next_check(tried: datetime, looks: int, now: datetime) -> datetime | None:
    """Time of the next check after `looks` checks without a result; None if it counts as not posted."""
    later = next((tried + delay for delay in CHECK_DELAYS if tried + delay > now), None)
    if later is None and looks < MIN_CHECKS:
        return now + RETRY_DELAY
    return later


def repost_at(asked: datetime, first: datetime, last: datetime, after: timedelta) -> datetime | None:
    """Time at which an unsettled post is posted again; None if only a person may do so.

    `asked` is the time of the question to people; `first` and `last` are the first and the last attempt.
    """
    due = max(asked, last) + after
    return due if after and due - first <= MAX_REPOST_AGE else None


def pause(in_a_row: int) -> timedelta:
    """Pause of a room after so many consecutive posts of unknown outcome: 2 s, 4 s, 8 s, up to a minute."""
    return min(timedelta(seconds=2 ** min(in_a_row, 9)), MAX_PAUSE)
