"""Liveness and readiness for orchestrators.

Alive means that the event loop runs. No outage of Slack, Discord or the database is cured by a restart, so liveness
checks none of them. Ready means that every check the caller named passes.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from time import monotonic

from aiohttp import web

from bot.errors import UserError

ReadinessCheck = Callable[[], Awaitable[None]]
"""Returns if all is well. A UserError's text is shown; any other error is shown by its type only."""

Notices = Callable[[], Awaitable[list[str]]]
"""Gives sentences that an operator should know though the program is ready; empty if there are none."""

log = logging.getLogger(__name__)


class LoopLag:
    """Measures the lag of the event loop."""

    def __init__(
        self,
        tell: Callable[[float], None] | None = None,
        *,
        every: float = 1.0,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._tell = tell
        self._every = every
        self._clock = clock
        self._due = clock()
        self._late = 0.0

    @property
    def lag(self) -> float:
        """Seconds by which the last tick was late, or by which the next one already is."""
        return max(self._late, self._clock() - self._due, 0.0)

    async def measure(self) -> None:
        """Tick until cancelled, and report each tick's lag."""
        while True:
            self._due = self._clock() + self._every
            await asyncio.sleep(self._every)
            self._late = max(0.0, self._clock() - self._due)
            if self._tell:
                self._tell(self._late)


class Readiness:
    """Runs the checks concurrently, each with a timeout, and caches the result for a moment."""

    def __init__(
        self,
        checks: Mapping[str, ReadinessCheck],
        *,
        timeout: float = 3.0,
        fresh: float = 1.0,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._checks = dict(checks)
        self._timeout = timeout
        self._fresh = fresh
        self._clock = clock
        self._one_at_a_time = asyncio.Lock()
        self._known: dict[str, str] = {}
        self._asked_at = float("-inf")

    async def failures(self) -> dict[str, str]:
        """The errors by name of their check; empty if all checks pass.

        The database is written to at most once every `fresh` seconds, however many requests come.
        """
        async with self._one_at_a_time:
            if self._clock() - self._asked_at >= self._fresh:
                said = await asyncio.gather(*(self._run_check(name, check) for name, check in self._checks.items()))
                self._known = {name: fault for name, fault in zip(self._checks, said, strict=True) if fault}
                self._asked_at = self._clock()
        return self._known

    async def _run_check(self, name: str, check: ReadinessCheck) -> str:
        try:
            async with asyncio.timeout(self._timeout):
                await check()
        except UserError as error:
            return str(error)
        except TimeoutError:
            return f"no answer within {self._timeout:g} s"
        except Exception as error:
            # The error's text may hold URLs and passwords: it goes to the log, which redacts them.
            log.warning("the check of %s failed", name, exc_info=True)
            return f"failed ({type(error).__name__}); the log says more"
        return ""


def routes(
    readiness: Readiness, loop_lag: LoopLag, longest_lag: float = 5.0, notices: Notices | None = None
) -> list[web.RouteDef]:
    """`/livez` and `/readyz`. Both answer 200 or 503 with a JSON object that gives the status and the reasons.

    `/readyz` also gives notices, which do not make the program unready.
    """

    async def livez(request: web.Request) -> web.Response:
        lag = loop_lag.lag
        alive = lag < longest_lag
        said = {"alive": alive, "loop_lag_seconds": round(lag, 3)}
        return web.json_response(said, status=200 if alive else 503)

    async def readyz(request: web.Request) -> web.Response:
        faults = await readiness.failures()
        said: dict[str, object] = {"ready": not faults, "faults": faults}
        if not faults and notices and (shown := await notices()):
            said["notices"] = shown
        return web.json_response(said, status=503 if faults else 200)

    return [web.get("/livez", livez), web.get("/readyz", readyz)]
