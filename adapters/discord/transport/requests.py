"""Requests to Discord: each ends within a time, in one of the outcomes that the delivery worker knows.

A request is cancelled only while it is being sent. While discord.py sleeps or waits, it holds locks that a cancellation
would leave locked: then the request is left alone, and sends nothing when it wakes.
"""

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

from adapters.discord.transport.rate_limiter import LONGEST_SLEEP
from bot.chat.gateway import MessageGone, NotSent, OutcomeUnknown, Refused
from bot.domain.clock import utc_now
from bot.features.shared.platform_texts import CHANNEL_DELETED, PERMISSION_MISSING
from bot.locale.current import mark_text
from bot.sources.http_client import retry_after
from bot.telemetry.metrics import Metrics

T = TypeVar("T")

TIMEOUT = 20.0
"""Seconds a request may take, including discord.py's own retries, before its outcome counts as unknown."""

BAN_THRESHOLD = 10_000
"""Answers of 401, 403 and 429 within ten minutes after which Discord bans the address (Discord, "Rate Limits")."""
BAN_WINDOW = 600.0
REFUSAL_BUDGET = BAN_THRESHOLD // 4
"""Maximum number of them in ten minutes before we send nothing more: other programs may share the address."""

FORBIDDEN = 50013
"""The error code for a permission that is missing."""
NO_MESSAGE = 10008
"""The error code for a message that does not exist (any more)."""
CHANNEL_HIDDEN = mark_text("I cannot see the channel: give my role “View Channel” there")
FIXABLE_ERRORS = {
    10003: CHANNEL_DELETED,
    10004: mark_text("I was removed from that server: invite me again"),
    NO_MESSAGE: mark_text("the message was deleted"),
    40067: mark_text(
        "this forum requires a tag on every post: make tags optional in its settings, or give its tags the same names "
        "as the club’s topics"
    ),
    50001: CHANNEL_HIDDEN,
    50007: mark_text("this member does not accept direct messages from this server"),
    FORBIDDEN: PERMISSION_MISSING,
    50083: mark_text("the thread is locked: a moderator can open it again"),
    160005: mark_text("the thread is locked: a moderator can open it again"),
    160006: mark_text("this server has as many open threads as Discord allows: archive some, then try again"),
}
"""Discord's refusals in words for a person, by error code."""

ASKS_FOR_A_PAUSE = "Discord’s rate limit was reached"
"""Reason for people where Discord asked for a pause."""

DEFAULT_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(days=1)
"""Time to wait where Discord's rate limit was reached and does not say how long, and the maximum if it does."""

PROXY_PAUSE = 60.0
"""Seconds to wait where a page came in place of Discord's refusal: Cloudflare or a proxy has let nothing through."""

TEMPORARY_ERRORS = {20016: 60.0, 20022: 60.0, 20028: 60.0, 30046: 300.0, 40004: 300.0, 130000: 60.0}
"""Refusals that pass (slow mode, limits on writing and on editing old messages, overload), with seconds to wait."""


@dataclass(slots=True)
class RequestTrace:
    """The progress of a request. Once its body was sent it may have taken effect, until a response says that it has
    not.
    """

    once: bool = False
    """True if it must not be sent a second time while it may have taken effect: discord.py would, after a 5xx."""
    begun: bool = False
    """True if discord.py has handed it to the network and no answer has come; else it waits or sleeps."""
    in_flight: bool = False
    doubtful: bool = False
    given_up: bool = False
    """True if nobody waits for it any more, so that it must not be sent (again)."""
    paused_until: float = 0.0
    """End of the last pause that Discord asked of it, on the monotonic clock."""

    @property
    def may_have_arrived(self) -> bool:
        """True if it may have taken effect."""
        return self.in_flight or self.doubtful


class SentTwice(Exception):
    """A request that must be sent once was about to be sent again."""


class GivenUp(Exception):
    """A request that nobody waits for any more was about to go out."""


_current_trace: ContextVar[RequestTrace | None] = ContextVar("wire", default=None)


@contextmanager
def traced(trace: RequestTrace) -> Iterator[None]:
    """A block whose requests are followed on a wire."""
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
        self._paused_until = 0.0

    @property
    def pause(self) -> float:
        """Seconds for which Discord wants no request of this bot at all; 0 where it wants some."""
        return max(self._paused_until - monotonic(), 0.0)

    def trace_config(self) -> aiohttp.TraceConfig:
        """The hook for aiohttp."""
        config = aiohttp.TraceConfig()
        config.on_request_start.append(self._on_start)
        config.on_request_headers_sent.append(self._on_sent)
        config.on_request_end.append(self._on_response)
        config.on_request_exception.append(self._on_error)
        return config

    def refusal_count(self) -> int:
        """Number of answers of the last ten minutes that count against the budget."""
        while self._refusals and self._refusals[0] < monotonic() - BAN_WINDOW:
            self._refusals.popleft()
        self._metrics.invalid_requests(len(self._refusals))
        return len(self._refusals)

    async def _on_start(
        self, session: object, context: SimpleNamespace, params: aiohttp.TraceRequestStartParams
    ) -> None:
        trace = _current_trace.get()
        if trace and trace.given_up:
            raise GivenUp
        if trace and trace.once and trace.may_have_arrived:
            raise SentTwice
        if trace:
            trace.begun = True

    async def _on_sent(
        self, session: object, context: SimpleNamespace, params: aiohttp.TraceRequestHeadersSentParams
    ) -> None:
        if trace := _current_trace.get():
            trace.in_flight = True

    async def _on_response(
        self, session: object, context: SimpleNamespace, params: aiohttp.TraceRequestEndParams
    ) -> None:
        status, headers = params.response.status, params.response.headers
        until = 0.0
        if status == 429:
            self._metrics.rate_limited("discord", params.method)
            asked = _asked_pause(headers)
            until = monotonic() + asked
            of_all = headers.get("X-RateLimit-Global") or "Via" not in headers  # without: Cloudflare shuts us out
            if of_all and asked > LONGEST_SLEEP:
                self._paused_until = max(self._paused_until, until)
        shared = headers.get("X-RateLimit-Scope") == "shared"
        if status in (401, 403) or (status == 429 and not shared):
            self._refusals.append(monotonic())
            self.refusal_count()
        if trace := _current_trace.get():
            trace.begun = False
            trace.paused_until = until
            trace.doubtful = trace.doubtful or status >= 500
            trace.in_flight = status < 300  # until its body is read, an answer says nothing yet

    async def _on_error(
        self, session: object, context: SimpleNamespace, params: aiohttp.TraceRequestExceptionParams
    ) -> None:
        if trace := _current_trace.get():
            trace.doubtful = trace.may_have_arrived
            trace.begun = trace.in_flight = False


async def send(request: Awaitable[T], *, once: bool = False, limit: float = TIMEOUT) -> T:
    """Carry out one request and say for certain what became of it, or that nobody knows.

    `once`: the request has no nonce by which Discord would recognize a second copy, so it is never retried
    automatically. Raises NotSent, Refused and OutcomeUnknown, and nothing else.
    """
    trace = RequestTrace(once)
    try:
        return await _carry_out(request, trace, limit)
    except discord.RateLimited as error:
        raise NotSent(ASKS_FOR_A_PAUSE, error.retry_after) from error
    except discord.HTTPException as error:
        raise outcome(error) from error
    except Exception as error:
        if (left := trace.paused_until - monotonic()) > 0 and not trace.may_have_arrived:
            raise NotSent(ASKS_FOR_A_PAUSE, left) from error
        if isinstance(error, aiohttp.ClientConnectorError) or not trace.may_have_arrived:
            raise NotSent(f"Discord cannot be reached ({_error_name(error)})") from error
        raise OutcomeUnknown(f"the connection to Discord broke ({_error_name(error)})") from error


_left_alone: set[asyncio.Future[Any]] = set()
"""Requests that nobody waits for any more, until discord.py is done with its sleep."""


async def _carry_out(request: Awaitable[T], trace: RequestTrace, limit: float) -> T:
    """The answer to a request. Raises TimeoutError after `limit` seconds; it is then cancelled, or left alone."""
    with traced(trace):
        task = asyncio.ensure_future(_as_coroutine(request))
    try:
        await asyncio.wait({task}, timeout=limit)
    except asyncio.CancelledError:
        _give_up(task, trace)
        raise
    if not task.done():
        _give_up(task, trace)
        raise TimeoutError(f"no answer within {limit:g} s")
    return task.result()


async def _as_coroutine(request: Awaitable[T]) -> T:
    return await request


def _give_up(task: asyncio.Future[Any], trace: RequestTrace) -> None:
    """End a request where that does no harm; where discord.py sleeps, it ends by itself when that wakes."""
    trace.given_up = True
    if trace.begun or trace.in_flight:
        task.cancel()
    _left_alone.add(task)
    task.add_done_callback(_ended)


def _ended(task: asyncio.Future[Any]) -> None:
    _left_alone.discard(task)
    if not task.cancelled():
        task.exception()  # whatever it is, somebody was told something else already


async def leave() -> None:
    """End what was left alone: only when its client is closed, since its locks are of no use after that."""
    tasks = [*_left_alone]
    for task in tasks:
        task.cancel()
    if tasks:
        await asyncio.wait(tasks, timeout=1.0)


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
        return NotSent(ASKS_FOR_A_PAUSE, TEMPORARY_ERRORS[error.code])
    if error.status == 429:
        return NotSent(ASKS_FOR_A_PAUSE, _asked_pause(getattr(error.response, "headers", {})))
    if "json" not in getattr(error.response, "headers", {}).get("Content-Type", ""):
        return NotSent(f"something in front of Discord answered {error.status}", PROXY_PAUSE)
    if error.status == 401:
        return Refused("Discord does not accept the token: reset it and set JOURNALCLUB_DISCORD__TOKEN")
    if error.code == NO_MESSAGE:
        return MessageGone(FIXABLE_ERRORS[NO_MESSAGE])
    if say := FIXABLE_ERRORS.get(error.code):
        return Refused(say)
    return Refused(f"Discord refused it: {error.text or error.status} ({error.code})"[:300], of_channel=False)


def code_of(error: BaseException) -> int:
    """Discord's error code behind an outcome; 0 if the outcome has another cause."""
    return error.__cause__.code if isinstance(error.__cause__, discord.HTTPException) else 0


def _asked_pause(headers: Any) -> float:
    """Seconds that Discord asks to wait; at least one where it does not say exactly."""
    try:
        return max(float(headers.get("X-RateLimit-Reset-After") or headers["Retry-After"]), 0.0)
    except (KeyError, ValueError):
        pass
    asked = retry_after(headers.get("Retry-After"), utc_now(), default=DEFAULT_PAUSE, longest=LONGEST_PAUSE)
    return max(asked.total_seconds(), 1.0)


def _error_name(error: Exception) -> str:
    return str(error) or type(error).__name__
