"""Health of the platforms: why one is not served, and since when no post to it succeeds."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.chat.platform_error_texts import reason_text
from bot.locale.current import _, _n

GRACE = timedelta(seconds=60)
"""Time for which all posts to a platform may fail before that counts as trouble: most short faults are over by then."""


@dataclass(slots=True)
class _Failures:
    since: datetime
    last: str


@dataclass(slots=True)
class PlatformHealth:
    """State of each platform as the workers of this process know it. It is not stored: a restart learns it again."""

    _stopped: dict[str, str] = field(default_factory=dict)
    _failures: dict[str, _Failures] = field(default_factory=dict)
    _overdue: dict[str, tuple[datetime, int]] = field(default_factory=dict)

    def served(self, platform: str) -> None:
        """The platform is being connected to (again)."""
        self._stopped.pop(platform, None)

    def stopped(self, platform: str, why: str) -> None:
        """The platform is no longer served until somebody fixes the problem, which the sentence `why` names."""
        self._stopped[platform] = why

    def succeeded(self, platform: str) -> None:
        """A post to the platform succeeded."""
        self._failures.pop(platform, None)
        self._overdue.pop(platform, None)

    def failed(self, platform: str, why: str, now: datetime) -> None:
        """A post failed for a reason of the platform as a whole, not of its channel."""
        known = self._failures.setdefault(platform, _Failures(now, why))
        known.last = why

    def overdue(self, backlog: dict[str, tuple[datetime, int]]) -> None:
        """Posts that nobody has taken up in time, by platform: the due time of the oldest, and how many there are."""
        self._overdue = backlog

    def reason(self, platform: str) -> str:
        """Reason why posts fail at present, in a few words: "Slack cannot be reached"; empty where they do not."""
        if platform in self._stopped:
            return _("{platform} is not connected", platform=platform.title())
        return in_short(self._failures[platform].last) if platform in self._failures else ""

    def trouble(self, platform: str, now: datetime) -> str:
        """Trouble of a platform at present, as a sentence; empty where there is none."""
        if why := self._stopped.get(platform):
            return reason_text(why)
        if (failures := self._failures.get(platform)) and now - failures.since >= GRACE:
            return _(
                "sending posts has failed {the_for}: {in_short}; I keep trying",
                the_for=_for(now - failures.since),
                in_short=in_short(failures.last),
            )
        if overdue := self._overdue.get(platform):
            since, count = overdue
            return _n(
                "{n} post has been waiting {the_for} and has not been sent",
                "{n} posts are waiting, the oldest {the_for}, and none has been sent",
                count,
                the_for=_for(now - since),
            )
        return ""


def in_short(why: str) -> str:
    """A reason without what only the log needs, which is in parentheses."""
    return reason_text(why).partition(" (")[0].rstrip(".")


def _for(stretch: timedelta) -> str:
    minutes = max(round(stretch.total_seconds() / 60), 1)
    return _n("for {n} minute", "for {n} minutes", minutes)
