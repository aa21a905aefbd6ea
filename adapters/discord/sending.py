"""One way out to Discord: every request ends within a time, and in one of the outcomes that the courier knows."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable
from contextvars import ContextVar
from dataclasses import dataclass, field
from time import monotonic
from types import SimpleNamespace
from typing import Any, TypeVar

import aiohttp
import discord

from bot.chat.gateway import NotSent, OutcomeUnknown, Refused

T = TypeVar("T")

TIMEOUT = 20.0
"""Seconds a request may take, discord.py's own retries included, before its outcome counts as unknown."""

BUDGET = 10_000
"""Answers of 401, 403 and 429 within ten minutes after which Discord bans the address (Discord, "Rate Limits")."""
BUDGET_SPAN = 600.0

UNSEEN = "I cannot see the channel: give the bot's role “View Channel” there"
MENDABLE = {
    10003: "the channel was deleted: choose another with /clubadmin channels",
    10004: "I am no longer in that server: invite me again",
    10008: "the message was deleted",
    40067: "this forum asks for a tag on every post: make tags optional in its settings, or name a tag like a topic",
    50001: UNSEEN,
    50007: "they take no direct messages from this server",
    50013: "a permission is missing there: /clubadmin doctor says which",
    50083: "the thread is locked: a moderator can open it again",
    160005: "the thread is locked: a moderator can open it again",
    160006: "this server has as many open threads as Discord allows: archive some, then try again",
}
"""What Discord's refusals mean for a person, by its error codes."""

LATER = {20016: 60.0, 20022: 60.0, 20028: 60.0, 30046: 300.0, 40004: 300.0, 130000: 60.0}
"""Refusals that pass: slow mode, write limits, edits of old messages, an overload. Seconds to wait."""


@dataclass(slots=True)
class Wire:
    """How far a request came: what has left the house may have taken effect, until an answer says it has not."""

    under_way: bool = False
    doubtful: bool = False

    @property
    def perhaps(self) -> bool:
        """Whether it may have taken effect."""
        return self.under_way or self.doubtful


_wire: ContextVar[Wire | None] = ContextVar("wire", default=None)


@dataclass(slots=True)
class Traffic:
    """Watches every request of a client: what is on the wire, and what counts against Discord's ban budget."""

    refusals: deque[float] = field(default_factory=deque)

    def trace(self) -> aiohttp.TraceConfig:
        """The hook for aiohttp."""
        config = aiohttp.TraceConfig()
        config.on_request_headers_sent.append(self._left)
        config.on_request_end.append(self._answered)
        config.on_request_exception.append(self._broke)
        return config

    def spent(self) -> int:
        """How many answers of the last ten minutes count against the budget."""
        while self.refusals and self.refusals[0] < monotonic() - BUDGET_SPAN:
            self.refusals.popleft()
        return len(self.refusals)

    async def _left(
        self, session: object, context: SimpleNamespace, params: aiohttp.TraceRequestHeadersSentParams
    ) -> None:
        if wire := _wire.get():
            wire.under_way = True

    async def _answered(self, session: object, context: SimpleNamespace, params: aiohttp.TraceRequestEndParams) -> None:
        status = params.response.status
        shared = params.response.headers.get("X-RateLimit-Scope") == "shared"
        if status in (401, 403) or (status == 429 and not shared):
            self.refusals.append(monotonic())
        if wire := _wire.get():
            wire.doubtful = wire.doubtful or status >= 500
            wire.under_way = status < 300  # until its body is read, an answer says nothing yet

    async def _broke(
        self, session: object, context: SimpleNamespace, params: aiohttp.TraceRequestExceptionParams
    ) -> None:
        if wire := _wire.get():
            wire.doubtful = wire.doubtful or wire.under_way


async def send(request: Awaitable[T], within: float = TIMEOUT) -> T:
    """Carry out one request and say for certain what became of it, or that nobody knows.

    Raises NotSent, Refused and OutcomeUnknown, and nothing else.
    """
    wire = Wire()
    token = _wire.set(wire)
    try:
        async with asyncio.timeout(within):
            return await request
    except discord.RateLimited as error:
        raise NotSent("Discord asks for a pause", error.retry_after) from error
    except discord.HTTPException as error:
        raise outcome(error) from error
    except Exception as error:
        if isinstance(error, aiohttp.ClientConnectorError) or not wire.perhaps:
            raise NotSent(f"Discord cannot be reached just now ({_name(error)})") from error
        raise OutcomeUnknown(f"the connection to Discord broke ({_name(error)})") from error
    finally:
        _wire.reset(token)


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


def _pause(error: discord.HTTPException) -> float:
    headers: Any = getattr(error.response, "headers", {})
    try:
        return max(1.0, float(headers.get("Retry-After", 60)))
    except ValueError:
        return 60.0


def _name(error: Exception) -> str:
    return str(error) or type(error).__name__
