"""Commands of each member in a window of a minute, counted in the memory of this process."""

from __future__ import annotations

from collections import OrderedDict, deque
from datetime import datetime, timedelta

WINDOW = timedelta(minutes=1)
MOST_MEMBERS = 10_000
"""Members remembered at a time; those who asked longest ago are forgotten first."""


class CommandRates:
    """The moments at which members asked lately."""

    def __init__(self) -> None:
        self._asked: OrderedDict[int, deque[datetime]] = OrderedDict()

    def wait(self, member_id: int, now: datetime, most: int) -> timedelta | None:
        """Count one command of a member; how long they must wait where it is one too many, else None."""
        asked = self._asked.setdefault(member_id, deque())
        self._asked.move_to_end(member_id)
        if len(self._asked) > MOST_MEMBERS:
            self._asked.popitem(last=False)
        while asked and asked[0] <= now - WINDOW:
            asked.popleft()
        if len(asked) >= most:
            return asked[0] + WINDOW - now
        asked.append(now)
        return None
