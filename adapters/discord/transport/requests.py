"""Requests to Discord: each ends within a time limit and in one of the outcomes that the delivery worker knows."""

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
"""Seconds a request may take, including discord.py's own retries, before its outcome counts as unknown."""

BAN_THRESHOLD = 10_000
"""Responses of 401, 403 and 429 within ten minutes after which Discord bans the address (Discord, "Rate Limits")."""
BAN_WINDOW = 600.0
REFUSAL_BUDGET = BAN_THRESHOLD // 4
"""Such responses that the bot allows itself before it stops sending: other programs may share the address."""

FORBIDDEN = 50013
"""Discord's error code for a missing permission."""
CHANNEL_HIDDEN = "I cannot see the channel: give the bot's role “View Channel” there"
FIXABLE_ERRORS = {
    10003: CHANNEL_DELETED,
    10004: "I am no longer in that server: invite me again",
    10008: "the message was deleted",
    40067: "this forum asks for a tag on every post: make tags optional in its settings, or name its tags like topics",
    50001: CHANNEL_HIDDEN,
    50007: "they take no direct messages from this server",
    FORBIDDEN: PERMISSION_MISSING,
    50083: "the thread is locked: a moderator can open it again",
    160005: "the thread is locked: a moderator can open it again",
    160006: "this server has as many open threads as Discord allows: archive some, then try again",
}
"""Discord's refusals in words for a person, by error code."""

DEFAULT_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(days=1)
"""The pause if Discord asks for one without its length, and the longest pause that is obeyed."""

TEMPORARY_ERRORS = {20016: 60.0, 20022: 60.0, 20028: 60.0, 30046: 300.0, 40004: 300.0, 130000: 60.0}
"""Temporary refusals (slow mode, limits on writing and on editing old messages, overload), with seconds to wait."""


@dataclass(slots=True)
class RequestTrace:
    """The progress of a request. Once its body was sent it may have taken effect, until a response says that it has
    not.
    """

    once: bool = False
    """True if it must not be sent again while it may have taken effect; discord.py would do so after a 5xx."""
    in_flight: bool = False
    doubtful: bool = False

    @property
    def may_have_arrived(self) -> bool:
        """True if the request may have taken effect."""
        return self.in_flight or self.doubtful


class SentTwice(Exception):
    """A request that must be sent once was about to be sent again."""


_current_trace: ContextVar[RequestTrace | None] = ContextVar("wire", default=None)


@contextmanager
def traced(trace: RequestTrace) -> Iterator[None]:
    """A block whose requests are recorded in a trace."""
    token = _current_trace.set(trace)
    try:
        yield
    finally:
        _current_trace.reset(token)


class RequestTracker:
    """Watches every request of a client: its progress, and its part of Discord's invalid-request budget."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics
        self._refusals: deque[float] = deque()

    def trace_config(self) -> aiohttp.TraceConfig:
        """The trace config for aiohttp."""
        config = aiohttp.TraceConfig()
        config.on_request_start.append(self._on_start)
        config.on_request_headers_sent.append(self._on_sent)
        config.on_request_end.append(self._on_response)
        config.on_request_exception.append(self._on_error)
        return config

    def refusal_count(self) -> int:
        """Responses of the last ten minutes that count against the budget."""
        while self._refusals and self._refusals[0] < monotonic() - BAN_WINDOW:
            self._refusals.popleft()
        self._metrics.invalid_requests(len(self._refusals))
        return len(self._refusals)

    async def _on_start(
        self, session: object, context: SimpleNamespace, params: aiohttp.TraceRequestStartParams
    ) -> None:
        if (trace := _current_trace.get()) and trace.once and trace.may_have_arrived:
            raise SentTwice

    async def _on_sent(
        self, session: object, context: SimpleNamespace, params: aiohttp.TraceRequestHeadersSentParams
    ) -> None:
        if trace := _current_trace.get():
            trace.in_flight = True

    async def _on_response(
        self, session: object, context: SimpleNamespace, params: aiohttp.TraceRequestEndParams
    ) -> None:
        status = params.response.status
        if status == 429:
            self._metrics.rate_limited("discord", params.method)
        shared = params.response.headers.get("X-RateLimit-Scope") == "shared"
        if status in (401, 403) or (status == 429 and not shared):
            self._refusals.append(monotonic())
            self.refusal_count()
        if trace := _current_trace.get():
            trace.doubtful = trace.doubtful or status >= 500
            trace.in_flight = status < 300  # until the body is read, the response proves nothing

    async def _on_error(
        self, session: object, context: SimpleNamespace, params: aiohttp.TraceRequestExceptionParams
    ) -> None:
        if trace := _current_trace.get():
            trace.doubtful = trace.may_have_arrived
            trace.in_flight = False


async def send(request: Awaitable[T], *, once: bool = False, limit: float = TIMEOUT) -> T:
    """Send one request; its outcome is certain or OutcomeUnknown.

    `once`: the request has no nonce by which Discord would recognize a second copy, so it is never retried
    automatically. Raises NotSent, Refused and OutcomeUnknown, and nothing else.
    """
    trace = RequestTrace(once)
    try:
        with traced(trace):
            async with asyncio.timeout(limit):
                return await request
    except discord.RateLimited as error:
        raise NotSent("Discord asks for a pause", error.retry_after) from error
    except discord.HTTPException as error:
        raise outcome(error) from error
    except Exception as error:
        if isinstance(error, aiohttp.ClientConnectorError) or not trace.may_have_arrived:
            raise NotSent(f"Discord cannot be reached just now ({_error_name(error)})") from error
        raise OutcomeUnknown(f"the connection to Discord broke ({_error_name(error)})") from error


async def ask(request: Awaitable[T]) -> T:
    """Send a request that only reads, so no error can leave something posted. Raises NotSent and Refused."""
    try:
        return await send(request)
    except OutcomeUnknown as error:
        raise NotSent(str(error)) from error


def outcome(error: discord.HTTPException) -> NotSent | Refused | OutcomeUnknown:
    """The outcome that a response of Discord means for the request."""
    if error.status >= 500:
        return OutcomeUnknown(f"Discord answered {error.status}")
    if error.code in TEMPORARY_ERRORS:
        return NotSent("Discord asks for a pause", TEMPORARY_ERRORS[error.code])
    if error.status == 429:
        return NotSent("Discord asks for a pause", _pause_seconds(error))
    if error.status == 401:
        return Refused("Discord does not accept the token: reset it and set JOURNALCLUB_DISCORD__TOKEN")
    if say := FIXABLE_ERRORS.get(error.code):
        return Refused(say)
    return Refused(f"Discord refused it: {error.text or error.status} ({error.code})"[:300])


def code_of(error: BaseException) -> int:
    """Discord's error code behind an outcome; 0 if the outcome has another cause."""
    return error.__cause__.code if isinstance(error.__cause__, discord.HTTPException) else 0


def _pause_seconds(error: discord.HTTPException) -> float:
    headers: Any = getattr(error.response, "headers", {})
    asked = retry_after(headers.get("Retry-After"), utc_now(), default=DEFAULT_PAUSE, longest=LONGEST_PAUSE)
    return max(asked.total_seconds(), 1.0)


def _error_name(error: Exception) -> str:
    return str(error) or type(error).__name__
