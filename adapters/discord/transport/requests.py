"""One way out to Discord: every request ends within a time, and in one of the outcomes that the courier knows."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic
from types import SimpleNamespace
from typing import Any, TypeVar

import aiohttp
import discord

from bot.chat.gateway import NotSent, OutcomeUnknown, Refused
from bot.domain.clock import utc_now
from bot.features.shared.platform_texts import CHANNEL_DELETED, PERMISSION_MISSING
from bot.sources.http_client import retry_after
from bot.telemetry.metrics import Metrics

T = TypeVar("T")

TIMEOUT = 20.0
"""Seconds a request may take, discord.py's own retries included, before its outcome counts as unknown."""

BAN = 10_000
"""Answers of 401, 403 and 429 within ten minutes after which Discord bans the address (Discord, "Rate Limits")."""
BAN_SPAN = 600.0
BUDGET = BAN // 4
"""How many of them we allow ourselves before nothing more is sent: other programs may share the address."""

FORBIDDEN = 50013
"""The error code for a permission that is missing."""
UNSEEN = "I cannot see the channel: give the bot's role “View Channel” there"
MENDABLE = {
    10003: CHANNEL_DELETED,
    10004: "I am no longer in that server: invite me again",
    10008: "the message was deleted",
    40067: "this forum asks for a tag on every post: make tags optional in its settings, or name its tags like topics",
    50001: UNSEEN,
    50007: "they take no direct messages from this server",
    FORBIDDEN: PERMISSION_MISSING,
    50083: "the thread is locked: a moderator can open it again",
    160005: "the thread is locked: a moderator can open it again",
    160006: "this server has as many open threads as Discord allows: archive some, then try again",
}
"""What Discord's refusals mean for a person, by its error codes."""

PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(days=1)
"""How long to wait where Discord asks for a pause and does not say how long, and at most if it does."""

LATER = {20016: 60.0, 20022: 60.0, 20028: 60.0, 30046: 300.0, 40004: 300.0, 130000: 60.0}
"""Refusals that pass (slow mode, limits on writing and on editing old messages, overload), with seconds to wait."""


@dataclass(slots=True)
class RequestTrace:
    """How far a request came: what has left the house may have taken effect, until an answer says it has not."""

    once: bool = False
    """Whether it must not be sent a second time while it may have taken effect: discord.py would, after a 5xx."""
    under_way: bool = False
    doubtful: bool = False

    @property
    def may_have_arrived(self) -> bool:
        """Whether it may have taken effect."""
        return self.under_way or self.doubtful


class SentTwice(Exception):
    """A request that must go out once was about to go out again."""


_wire: ContextVar[RequestTrace | None] = ContextVar("wire", default=None)


@contextmanager
def traced(wire: RequestTrace) -> Iterator[None]:
    """A block whose requests are followed on a wire."""
    token = _wire.set(wire)
    try:
        yield
    finally:
        _wire.reset(token)


class RequestTracker:
    """Watches every request of a client: what is on the wire, and what counts against Discord's ban budget."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics
        self._refusals: deque[float] = deque()

    def trace(self) -> aiohttp.TraceConfig:
        """The hook for aiohttp."""
        config = aiohttp.TraceConfig()
        config.on_request_start.append(self._starts)
        config.on_request_headers_sent.append(self._left)
        config.on_request_end.append(self._answered)
        config.on_request_exception.append(self._broke)
        return config

    def spent(self) -> int:
        """How many answers of the last ten minutes count against the budget."""
        while self._refusals and self._refusals[0] < monotonic() - BAN_SPAN:
            self._refusals.popleft()
        self._metrics.invalid_requests(len(self._refusals))
        return len(self._refusals)

    async def _starts(self, session: object, context: SimpleNamespace, params: aiohttp.TraceRequestStartParams) -> None:
        if (wire := _wire.get()) and wire.once and wire.may_have_arrived:
            raise SentTwice

    async def _left(
        self, session: object, context: SimpleNamespace, params: aiohttp.TraceRequestHeadersSentParams
    ) -> None:
        if wire := _wire.get():
            wire.under_way = True

    async def _answered(self, session: object, context: SimpleNamespace, params: aiohttp.TraceRequestEndParams) -> None:
        status = params.response.status
        if status == 429:
            self._metrics.rate_limited("discord", params.method)
        shared = params.response.headers.get("X-RateLimit-Scope") == "shared"
        if status in (401, 403) or (status == 429 and not shared):
            self._refusals.append(monotonic())
            self.spent()
        if wire := _wire.get():
            wire.doubtful = wire.doubtful or status >= 500
            wire.under_way = status < 300  # until its body is read, an answer says nothing yet

    async def _broke(
        self, session: object, context: SimpleNamespace, params: aiohttp.TraceRequestExceptionParams
    ) -> None:
        if wire := _wire.get():
            wire.doubtful = wire.may_have_arrived
            wire.under_way = False


async def send(request: Awaitable[T], *, once: bool = False, within: float = TIMEOUT) -> T:
    """Carry out one request and say for certain what became of it, or that nobody knows.

    `once`: it carries nothing by which Discord would know a second copy, so it is never sent again by itself.
    Raises NotSent, Refused and OutcomeUnknown, and nothing else.
    """
    wire = RequestTrace(once)
    try:
        with traced(wire):
            async with asyncio.timeout(within):
                return await request
    except discord.RateLimited as error:
        raise NotSent("Discord asks for a pause", error.retry_after) from error
    except discord.HTTPException as error:
        raise outcome(error) from error
    except Exception as error:
        if isinstance(error, aiohttp.ClientConnectorError) or not wire.may_have_arrived:
            raise NotSent(f"Discord cannot be reached just now ({_name(error)})") from error
        raise OutcomeUnknown(f"the connection to Discord broke ({_name(error)})") from error


async def ask(request: Awaitable[T]) -> T:
    """Carry out a request that only looks: whatever goes wrong, nothing was posted. Raises NotSent and Refused."""
    try:
        return await send(request)
    except OutcomeUnknown as error:
        raise NotSent(str(error)) from error


def outcome(error: discord.HTTPException) -> NotSent | Refused | OutcomeUnknown:
    """What an answer of Discord means for the request."""
    if error.status >= 500:
        return OutcomeUnknown(f"Discord answered {error.status}")
    if error.code in LATER:
        return NotSent("Discord asks for a pause", LATER[error.code])
    if error.status == 429:
        return NotSent("Discord asks for a pause", _pause(error))
    if error.status == 401:
        return Refused("Discord does not accept the token: reset it and set JOURNALCLUB_DISCORD__TOKEN")
    if say := MENDABLE.get(error.code):
        return Refused(say)
    return Refused(f"Discord refused it: {error.text or error.status} ({error.code})"[:300])


def code_of(error: BaseException) -> int:
    """Discord's own code of what an outcome came from; 0 if it came from elsewhere."""
    return error.__cause__.code if isinstance(error.__cause__, discord.HTTPException) else 0


def _pause(error: discord.HTTPException) -> float:
    headers: Any = getattr(error.response, "headers", {})
    asked = retry_after(headers.get("Retry-After"), utc_now(), default=PAUSE, longest=LONGEST_PAUSE)
    return max(asked.total_seconds(), 1.0)


def _name(error: Exception) -> str:
    return str(error) or type(error).__name__
