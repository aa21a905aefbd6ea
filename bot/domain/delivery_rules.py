"""When a post of unknown outcome is looked for, asked about, and posted again."""

from __future__ import annotations

from datetime import datetime, timedelta

CHECK_DELAYS = tuple(timedelta(seconds=s) for s in (3, 10, 30, 60))
"""How long after it was sent a post is looked for. One that is not there at the last look was not posted."""
MIN_CHECKS = 2
"""How often it is looked for at the least, however late the first look is."""
RETRY_DELAY = timedelta(seconds=15)
"""How long after a look that failed, or a late one in vain, the next follows."""
RECHECK_INTERVAL = timedelta(minutes=2)
"""How often a post that people were asked about is looked for: the right to do so may have been granted meanwhile."""
REPOST_AFTER = timedelta(minutes=15)
"""How long an answer is waited for, unless the installation says otherwise."""
MAX_REPOST_AGE = timedelta(hours=24)
"""How old a post may be that is posted again by itself; later only a person may say so."""
MAX_PAUSE = timedelta(seconds=60)
"""How long a room rests at most after posts of unknown outcome, so that an outage does not make all doubtful."""


def next_check(tried: datetime, looks: int, now: datetime) -> datetime | None:
    """The time of the next look for a post, after `looks` in vain; None if it counts as not posted now."""
    later = next((tried + after for after in CHECK_DELAYS if tried + after > now), None)
    if later is None and looks < MIN_CHECKS:
        return now + RETRY_DELAY
    return later


def repost_at(asked: datetime, first: datetime, last: datetime, after: timedelta) -> datetime | None:
    """When a post that nobody answers for is posted again; None if only a person may say so.

    `asked` is when people were asked; `first` and `last` are the first and the last time that it was tried.
    """
    due = max(asked, last) + after
    return due if after and due - first <= MAX_REPOST_AGE else None


def pause(in_a_row: int) -> timedelta:
    """How long a room rests after so many posts of unknown outcome in a row: 2 s, 4 s, 8 s, up to a minute."""
    return min(timedelta(seconds=2 ** min(in_a_row, 9)), MAX_PAUSE)
