"""What goes wrong between an app and Slack, on a test's word: lost answers, broken pages, floods, slowness."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

Json = dict[str, Any]
Kind = Literal["status", "reset", "lost", "ratelimited", "slow", "refuse", "html", "truncated"]


@dataclass(frozen=True, slots=True)
class Fault:
    """One way to go wrong; made by the functions below.

    `applied` says whether Slack did what was asked before it went wrong.
    """

    kind: Kind
    applied: bool = False
    status: int = 200
    retry_after: int | str | None = None
    seconds: float = 0.0
    error: str = ""


def server_error(status: int = 502, *, applied: bool = False) -> Fault:
    """An HTML page with a 5xx status, as Slack's front doors send."""
    return Fault("status", applied, status)


def reset(*, applied: bool = False) -> Fault:
    """The connection breaks: before Slack did anything, or after (`applied`)."""
    return Fault("reset", applied)


def lost_reply() -> Fault:
    """Slack did it, and the answer never came: the connection closes without a byte."""
    return Fault("lost", applied=True)


def rate_limited(retry_after: int | str | None = 1) -> Fault:
    """HTTP 429; `retry_after` may be a number of seconds, None (no header) or junk."""
    return Fault("ratelimited", status=429, retry_after=retry_after)


def slow(seconds: float, *, applied: bool = False) -> Fault:
    """The answer comes after so many seconds of Slack's clock; `applied` says on which side of the wait it acts."""
    return Fault("slow", applied, seconds=seconds)


def refuse(error: str, *, applied: bool = False) -> Fault:
    """ok: false with any of Slack's words, such as token_revoked or is_archived.

    A fatal_error may hide that it was done all the same: `applied`.
    """
    return Fault("refuse", applied, error=error)


def html(*, applied: bool = True) -> Fault:
    """Status 200 and a page of HTML."""
    return Fault("html", applied)


def truncated(*, applied: bool = True) -> Fault:
    """Status 200 and JSON that stops in the middle."""
    return Fault("truncated", applied)


@dataclass(slots=True)
class _Planned:
    method: str
    fault: Fault
    times: int
    skip: int
    when: Callable[[Json], bool] | None


@dataclass(slots=True)
class Faults:
    """The faults to come, each for a method ("*": any; "response_url": answers to interactions)."""

    planned: list[_Planned] = field(default_factory=list)

    def add(
        self,
        method: str,
        fault: Fault,
        *,
        times: int = 1,
        skip: int = 0,
        when: Callable[[Json], bool] | None = None,
    ) -> None:
        """Let the next `times` requests go wrong, after `skip` good ones, of those whose arguments please `when`."""
        self.planned.append(_Planned(method, fault, times, skip, when))

    def clear(self) -> None:
        """From now on all is well."""
        self.planned.clear()

    def next(self, method: str, args: Json) -> Fault | None:
        """The fault for this request, which is used up by asking."""
        for plan in self.planned:
            if plan.method not in ("*", method) or (plan.when and not plan.when(args)):
                continue
            if plan.skip:
                plan.skip -= 1
                continue
            plan.times -= 1
            if plan.times <= 0:
                self.planned.remove(plan)
            return plan.fault
        return None
