"""HTTP client for one fixed host, with rate limit, timeouts, size limit, retries and Retry-After."""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar

import aiohttp
from yarl import URL

from bot.domain.clock import utc_now
from bot.locale.translatable import TranslatableText
from bot.ports import RateGate

Reason = str | TranslatableText
"""Part of a sentence that says why there is no answer, or what it is instead."""
Default = TypeVar("Default", timedelta, None)


@dataclass(frozen=True, slots=True)
class RequestPolicy:
    """Request limits of a host: rate, timeouts, response size and retries.

    Only temporary failures are retried: 429, 5xx and connection errors. A Retry-After of up to `max_wait` is waited for
    inside the request; after a longer one, requests fail until it has passed. Retry-After is limited to
    `max_retry_after`.
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
    """The complete response: a status other than a redirect, 429 and 5xx, and the body."""

    status: int
    body: bytes


class HostUnreachable(Exception):
    """The host cannot be reached; `retry_at` is from its Retry-After, if any."""

    def __init__(self, reason: Reason, retry_at: datetime | None = None) -> None:
        super().__init__(str(reason))
        self.reason = reason
        self.retry_at = retry_at


class UnexpectedResponse(Exception):
    """The host sent an invalid response; a retry would not help."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(str(reason))
        self.reason = reason


class HostClient:
    """Client of one host: sends one request at a time, each after the rate gate.

    `base_url` fixes scheme, host and port; a URL of another origin is rejected before anything is sent, and redirects
    are never followed, so that no input of a member can direct requests elsewhere.
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
        self._request_lock = asyncio.Lock()
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        """Close the connection; a later question opens it again."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def get(self, url: str, *, headers: Mapping[str, str] | None = None) -> HttpResponse:
        """GET `url`, which must be percent-encoded, and return the response.

        Raises HostUnreachable if the host does not respond, is busy or fails, UnexpectedResponse if the response is
        invalid, ValueError for a URL of another origin.
        """
        return await self._send("GET", url, headers=headers)

    async def post(self, url: str, body: Mapping[str, Any]) -> HttpResponse:
        """POST a JSON object to `url`, which must be percent-encoded, and return the response. Raises as `get` does."""
        return await self._send("POST", url, json=body)

    async def _send(self, method: str, url: str, **content: Any) -> HttpResponse:
        target = URL(url, encoded=True)
        if (target.scheme, target.host, target.port) != self._origin or target.user is not None:
            raise ValueError(f"{url} is not on {self.name}'s host")
        async with self._request_lock:
            await self._wait_for_retry_after()
            for attempt in range(1, self._policy.tries + 1):
                await self._rate_gate.wait(self.name, self._policy.min_interval)
                try:
                    return await self._request(method, target, content)
                except _TemporaryFailure as error:
                    await self._pause(attempt, error)
        raise AssertionError("unreachable: the last try returns or raises")

    async def _wait_for_retry_after(self) -> None:
        if self._closed_until is None:
            return
        remaining = self._closed_until - self._now()
        if remaining > self._policy.max_wait:
            raise HostUnreachable(TranslatableText("it asked us to wait"), self._closed_until)
        if remaining > timedelta(0):
            await self._sleep(remaining.total_seconds())
        self._closed_until = None

    async def _pause(self, attempt: int, failure: _TemporaryFailure) -> None:
        """Wait before the next try, or give up: after the last one, and when the wait would be too long."""
        pause = self._policy.backoff * 2 ** (attempt - 1) * (0.5 + self._chance())
        if failure.retry_after is not None:
            self._closed_until = self._now() + failure.retry_after
            pause = max(pause, failure.retry_after)
        if attempt == self._policy.tries or pause > self._policy.max_wait:
            raise HostUnreachable(failure.reason, self._closed_until) from failure
        await self._sleep(pause.total_seconds())
        self._closed_until = None

    async def _request(self, method: str, url: URL, content: Mapping[str, Any]) -> HttpResponse:
        try:
            async with self._connection().request(method, url, allow_redirects=False, **content) as response:
                if response.status == 429 or response.status >= 500:
                    longest, header = self._policy.max_retry_after, response.headers.get("Retry-After")
                    wait = retry_after(header, self._now(), default=None, longest=longest)
                    raise _TemporaryFailure(f"HTTP {response.status}", wait)
                if 300 <= response.status < 400:
                    raise UnexpectedResponse(TranslatableText("a redirect"))
                return HttpResponse(response.status, await self._body(response))
        except TimeoutError as error:
            seconds = self._policy.total.total_seconds()
            raise HostUnreachable(
                TranslatableText("no answer within {seconds} seconds", seconds=f"{seconds:g}")
            ) from error
        except aiohttp.ClientSSLError as error:
            raise HostUnreachable(TranslatableText("its certificate is not trusted")) from error
        except (aiohttp.ClientConnectionError, aiohttp.ClientPayloadError) as error:
            raise _TemporaryFailure(TranslatableText("the connection failed")) from error
        except aiohttp.ClientError as error:
            raise UnexpectedResponse(TranslatableText("not valid HTTP")) from error

    async def _body(self, response: aiohttp.ClientResponse) -> bytes:
        body = bytearray()
        async for chunk in response.content.iter_any():
            body += chunk
            if len(body) > self._policy.max_bytes:
                raise UnexpectedResponse(TranslatableText("more than {n} bytes", n=self._policy.max_bytes))
        return bytes(body)

    def _connection(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=1, force_close=True),  # an idle one would go stale
                middlewares=[_without_aiohttp_retry],
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self._agent},
                timeout=aiohttp.ClientTimeout(
                    total=self._policy.total.total_seconds(), connect=self._policy.connect.total_seconds()
                ),
            )
        return self._session


async def _without_aiohttp_retry(
    request: aiohttp.ClientRequest, send: aiohttp.ClientHandlerType
) -> aiohttp.ClientResponse:
    """Send a request once: aiohttp would silently retry a GET after a broken connection, bypassing the rate gate."""
    try:
        return await send(request)
    except aiohttp.ClientConnectorError:
        raise
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as fault:
        raise _TemporaryFailure(TranslatableText("the connection failed")) from fault


class _TemporaryFailure(Exception):
    """A temporary failure; `retry_after` is from the response header, None if it has none."""

    def __init__(self, reason: Reason, retry_after: timedelta | None = None) -> None:
        super().__init__(str(reason))
        self.reason = reason
        self.retry_after = retry_after


def retry_after(value: str | None, now: datetime, *, default: Default, longest: timedelta) -> timedelta | Default:
    """Waiting time given by a Retry-After header: seconds, possibly with a fraction, or a date (RFC 9110, 10.2.3).

    A past date means no wait; the result is at most `longest`. A missing or invalid header gives `default`.
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
