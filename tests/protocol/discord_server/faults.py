"""Trouble to order: what goes wrong on which route, how often, and whether the request took effect first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Literal

from .errors import KNOWN
from .ledger import Request

Scope = Literal["user", "global", "shared"]


class Cut(Enum):
    """How an answer fails to arrive."""

    RESET = "reset"
    """The connection is reset (RST)."""
    LOST = "lost"
    """The connection is closed in good order, without an answer."""


@dataclass(slots=True)
class Fault:
    """One kind of trouble, for as long as it lasts."""

    route: str
    """`METHOD /template`, or `*` for every route."""
    times: int
    applied: bool = False
    """Whether the request takes effect before the trouble."""
    status: int | None = None
    body: str | dict[str, object] | None = None
    retry_after: float | None = None
    scope: Scope = "user"
    cut: Cut | None = None
    delay: float = 0.0
    after: int = 0
    """How many requests pass unharmed first."""
    only: Callable[[Request], bool] | None = None
    """Which requests of the route it strikes; None: all."""

    @property
    def name(self) -> str:
        """What to call it in the ledger."""
        if self.cut:
            return self.cut.value
        return f"status {self.status}" if self.status else f"slow {self.delay:g} s"

    def meets(self, request: Request) -> bool:
        """Whether this trouble strikes this request; counts it off."""
        if self.route not in ("*", request.route) or self.times <= 0:
            return False
        if self.only is not None and not self.only(request):
            return False
        if self.after > 0:
            self.after -= 1
            return False
        self.times -= 1
        return True


class Faults:
    """The script of troubles. What is scripted first strikes first; each `times` counts down to nothing.

    Each method returns its `Fault`, whose `only` narrows it: `fault.only = lambda r: r.path.endswith("/7")`.
    """

    def __init__(self) -> None:
        self.script: list[Fault] = []

    def rate_limit(
        self, route: str, retry_after: float = 0.05, scope: Scope = "user", times: int = 1, after: int = 0
    ) -> Fault:
        """Answer 429: of this bucket (user), of the whole bot (global) or of a shared resource (shared)."""
        return self._add(Fault(route, times, status=429, retry_after=retry_after, scope=scope, after=after))

    def fail(self, route: str, status: int = 503, *, applied: bool = False, times: int = 1, after: int = 0) -> Fault:
        """Answer 5xx with a page of HTML, as Cloudflare does; `applied`: after the request took effect."""
        page = f"<html><head><title>{status}</title></head><body>error {status}</body></html>"
        return self._add(Fault(route, times, applied, status=status, body=page, after=after))

    def refuse(self, route: str, code: int, times: int = 1, after: int = 0) -> Fault:
        """Answer with one of Discord's JSON error codes, e.g. 50013; codes of status 429 carry retry_after."""
        status, message = KNOWN[code]
        body: dict[str, object] = {"code": code, "message": message}
        retry_after = 0.05 if status == 429 else None
        fault = Fault(route, times, status=status, body=body, retry_after=retry_after, after=after)
        return self._add(fault)

    def garble(self, route: str, text: str = '{"id": "12', times: int = 1, after: int = 0) -> Fault:
        """Take effect, then answer 200 with something that is not the JSON it should be."""
        return self._add(Fault(route, times, applied=True, status=200, body=text, after=after))

    def reset(self, route: str, *, applied: bool, times: int = 1, after: int = 0) -> Fault:
        """Reset the connection, before or after the request took effect."""
        return self._add(Fault(route, times, applied, cut=Cut.RESET, after=after))

    def lose(self, route: str, times: int = 1, after: int = 0) -> Fault:
        """Take effect, then close the connection without an answer."""
        return self._add(Fault(route, times, applied=True, cut=Cut.LOST, after=after))

    def slow(self, route: str, seconds: float, times: int = 1, after: int = 0) -> Fault:
        """Take effect at once, answer only after `seconds`."""
        return self._add(Fault(route, times, applied=True, delay=seconds, after=after))

    def clear(self) -> None:
        """No more trouble."""
        self.script.clear()

    def strike(self, request: Request) -> Fault | None:
        """The trouble this request meets, if any."""
        return next((fault for fault in self.script if fault.meets(request)), None)

    def _add(self, fault: Fault) -> Fault:
        self.script.append(fault)
        return fault
