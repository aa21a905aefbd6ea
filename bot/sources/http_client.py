"""One fixed host, asked politely and never trusted: timeouts, size, redirects, repeats and Retry-After."""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TypeVar

import aiohttp
from yarl import URL

from bot.domain.clock import utc_now
from bot.ports import RateGate

Default = TypeVar("Default", timedelta, None)


@dataclass(frozen=True, slots=True)
class RequestPolicy:
    """How often a host may be asked, how long it may take and how much it may say.

    Only what asking again can mend is asked again: 429, 5xx and faults of the connection. A Retry-After is
    obeyed: up to `patience` we wait for it inside the question, beyond that we say so and leave the host alone
    until then. No host can send us away for longer than `longest_rest`.
    """

    min_interval: timedelta
    connect: timedelta = timedelta(seconds=5)
    total: timedelta = timedelta(seconds=20)
    max_bytes: int = 10 * 1024 * 1024  # bytes of one answer, after decompression
    tries: int = 3
    backoff: timedelta = timedelta(seconds=3)  # before the second try, times one half to one and a half; doubles
    max_wait: timedelta = timedelta(seconds=30)
    max_retry_after: timedelta = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """What the host said: an HTTP status that is neither a redirect, nor 429, nor 5xx, and the whole body."""

    status: int
    body: bytes


class HostUnreachable(Exception):
    """The host cannot be asked right now; `retry_at` is when it asked us to come back, if it said so."""

    def __init__(self, reason: str, retry_at: datetime | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry_at = retry_at


class UnexpectedResponse(Exception):
    """The host answers, but not as the host we know would: asking again changes nothing."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class HostClient:
    """The one door to one host: a single request at a time, each after its turn.

    `base_url` fixes scheme, host and port; a URL of another origin is refused before anything is sent, and
    redirects are never followed, so that nothing a member types can make the club ask elsewhere.
    """

    def __init__(
        self,
        name: str,
        base_url: str,
        *,
        agent: str,
        rate_gate: RateGate,
        policy: RequestPolicy,
        now: Callable[[], datetime] = utc_now,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        base = URL(base_url)
        if base.scheme not in {"http", "https"} or not base.host:
            raise ValueError(f"{base_url!r} is not the http(s) address of a host")
        if not (agent.isascii() and agent.isprintable()):
            raise ValueError(f"{agent!r} cannot be sent as a User-Agent")
        self.name = name
        self._origin = (base.scheme, base.host, base.port)
        self._agent = agent
        self._rate_gate = rate_gate
        self._policy = policy
        self._now = now
        self._sleep = sleep
        self._chance = chance
        self._closed_until: datetime | None = None
        self._one_at_a_time = asyncio.Lock()
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        """Close the connection; a later question opens it again."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def get(self, url: str) -> HttpResponse:
        """Ask for `url` (already percent-encoded) and return the answer.

        Raises NoAnswer when the host stays silent, busy or broken, OddAnswer when what it sends cannot be its
        own words, ValueError for a URL of another origin.
        """
        target = URL(url, encoded=True)
        if (target.scheme, target.host, target.port) != self._origin or target.user is not None:
            raise ValueError(f"{url} is not on {self.name}'s host")
        async with self._one_at_a_time:
            await self._wait_for_retry_after()
            for attempt in range(1, self._policy.tries + 1):
                await self._rate_gate.wait(self.name, self._policy.min_interval)
                try:
                    return await self._request(target)
                except _TemporaryFailure as fault:
                    await self._pause(attempt, fault)
        raise AssertionError("unreachable: the last try returns or raises")

    async def _wait_for_retry_after(self) -> None:
        if self._closed_until is None:
            return
        left = self._closed_until - self._now()
        if left > self._policy.max_wait:
            raise HostUnreachable("it asked us to wait", self._closed_until)
        if left > timedelta(0):
            await self._sleep(left.total_seconds())
        self._closed_until = None

    async def _pause(self, attempt: int, fault: _TemporaryFailure) -> None:
        """Wait before the next try, or give up: after the last one, and when the wait would be too long."""
        pause = self._policy.backoff * 2 ** (attempt - 1) * (0.5 + self._chance())
        if fault.rest is not None:
            self._closed_until = self._now() + fault.rest
            pause = max(pause, fault.rest)
        if attempt == self._policy.tries or pause > self._policy.max_wait:
            raise HostUnreachable(fault.reason, self._closed_until) from fault
        await self._sleep(pause.total_seconds())
        self._closed_until = None

    async def _request(self, url: URL) -> HttpResponse:
        try:
            async with self._connection().get(url, allow_redirects=False) as response:
                if response.status == 429 or response.status >= 500:
                    longest, asked = self._policy.max_retry_after, response.headers.get("Retry-After")
                    rest = retry_after(asked, self._now(), default=None, longest=longest)
                    raise _TemporaryFailure(f"HTTP {response.status}", rest)
                if 300 <= response.status < 400:
                    raise UnexpectedResponse("a redirect")
                return HttpResponse(response.status, await self._body(response))
        except TimeoutError as late:
            seconds = self._policy.total.total_seconds()
            raise HostUnreachable(f"no answer within {seconds:g} seconds") from late
        except aiohttp.ClientSSLError as distrusted:
            raise HostUnreachable("its certificate is not trusted") from distrusted
        except (aiohttp.ClientConnectionError, aiohttp.ClientPayloadError) as fault:
            raise _TemporaryFailure("the connection failed") from fault
        except aiohttp.ClientError as fault:
            raise UnexpectedResponse("not HTTP as we know it") from fault

    async def _body(self, response: aiohttp.ClientResponse) -> bytes:
        body = bytearray()
        async for chunk in response.content.iter_any():
            body += chunk
            if len(body) > self._policy.max_bytes:
                raise UnexpectedResponse(f"more than {self._policy.max_bytes:,} bytes")
        return bytes(body)

    def _connection(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=1, force_close=True),  # kept open, it would go stale in the gaps
                middlewares=[_without_aiohttp_retry],
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self._agent},
                timeout=aiohttp.ClientTimeout(
                    total=self._policy.total.total_seconds(), connect=self._policy.connect.total_seconds()
                ),
            )
        return self._session


async def _without_aiohttp_retry(request: aiohttp.ClientRequest, send: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """Send a request once: aiohttp would repeat a GET whose connection broke, without a turn and without a word."""
    try:
        return await send(request)
    except aiohttp.ClientConnectorError:
        raise
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as fault:
        raise _TemporaryFailure("the connection failed") from fault


class _TemporaryFailure(Exception):
    """A fault that may pass; `rest` is how long the host asks to be left alone, None if it does not say."""

    def __init__(self, reason: str, rest: timedelta | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.rest = rest


def retry_after(value: str | None, now: datetime, *, default: Default, longest: timedelta) -> timedelta | Default:
    """How long a Retry-After header asks to wait: seconds, with or without a fraction, or a date (RFC 9110, 10.2.3).

    A date that has passed asks for no wait, and nobody is believed beyond `longest`. `default` is given where
    there is no header, or garbage in it.
    """
    value = (value or "").strip()
    if re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", value):
        return min(timedelta(seconds=float(value)), longest)
    if len(value) > 40:
        return default
    try:
        moment = parsedate_to_datetime(value)
    except (TypeError, ValueError, IndexError, OverflowError):
        return default
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(max(moment - now, timedelta(0)), longest)
