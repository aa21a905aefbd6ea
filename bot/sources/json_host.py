"""JSON API of one fixed host, with errors that name the source."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any, Self

from bot.domain.clock import utc_now
from bot.errors import Unavailable
from bot.locale.translatable import TranslatableText
from bot.ports import RateGate
from bot.sources.http_client import HostClient, HostUnreachable, HttpResponse, Reason, RequestPolicy, UnexpectedResponse

REQUEST_POLICY = RequestPolicy(min_interval=timedelta(seconds=1), max_bytes=2 * 1024 * 1024)
"""One request a second, well below the public limits of all sources here; an answer has at most 2 MB."""


class SourceUnavailable(Unavailable):
    """A source of details did not respond. `retry_at` is from its Retry-After, if any."""

    def __init__(self, source: str, reason: Reason, retry_at: datetime | None = None) -> None:
        super().__init__(
            TranslatableText("{source} is not answering right now ({reason}).", source=source, reason=reason),
            advice=TranslatableText("Please try again in a few minutes."),
        )
        self.source = source
        self.reason = str(reason)
        self.retry_at = retry_at


class SourceMalformed(Unavailable):
    """A source of details responded with something other than its record of the work."""

    def __init__(self, source: str, reason: Reason) -> None:
        super().__init__(
            TranslatableText(
                "{source} sent an answer that I cannot read ({reason}).",
                source=source,
                reason=reason,
            ),
            advice=TranslatableText("Please try again later."),
        )
        self.source = source
        self.reason = str(reason)


class JsonSource:
    """Base of the clients of JSON APIs. Close it, or use it as `async with`."""

    name = ""
    """Name of the host for the shared rate gate."""
    label = ""
    """Name of the source in sentences."""

    def __init__(
        self,
        rate_gate: RateGate,
        *,
        base_url: str,
        contact: str = "",
        policy: RequestPolicy = REQUEST_POLICY,
        now: Callable[[], datetime] = utc_now,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        """`base_url` is the API's address; `contact` is a mail address sent with each request."""
        self.base_url = base_url.rstrip("/")
        self.contact = contact
        agent = f"journalclub (mailto:{contact})" if contact else "journalclub"
        self._host = HostClient(
            self.name, base_url, agent=agent, rate_gate=rate_gate, policy=policy, now=now, sleep=sleep, chance=chance
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connection."""
        await self._host.close()

    async def get(self, path: str) -> dict[str, Any] | None:
        """The JSON object at a percent-encoded path below the base URL; None if the source says that there is none.

        Raises SourceUnavailable, or SourceMalformed if the answer is no JSON object.
        """
        found = await self.get_value(path)
        if found is not None and not isinstance(found, dict):
            raise SourceMalformed(self.label, TranslatableText("it is not about a work"))
        return found

    async def get_value(self, path: str) -> Any:
        """The JSON value at a percent-encoded path below the base URL; None if the source says that there is none.

        Raises SourceUnavailable, or SourceMalformed if the answer is no JSON, or null.
        """
        try:
            answer = await self.answer_of(path)
        except HostUnreachable as error:
            raise SourceUnavailable(self.label, error.reason, error.retry_at) from error
        except UnexpectedResponse as error:
            raise SourceMalformed(self.label, TranslatableText("it is {reason}", reason=error.reason)) from error
        if answer.status == 404 and self.says_unknown(answer.body):
            return None
        if answer.status != 200:
            raise SourceUnavailable(self.label, f"HTTP {answer.status}")
        try:
            found = json.loads(answer.body)
        except (ValueError, RecursionError) as fault:
            raise SourceMalformed(self.label, TranslatableText("it is not JSON")) from fault
        if found is None:
            raise SourceMalformed(self.label, TranslatableText("it is empty"))
        return found

    async def answer_of(self, path: str) -> HttpResponse:
        """The response to a GET of a path below the base URL. Raises HostUnreachable or UnexpectedResponse."""
        return await self._host.get(f"{self.base_url}{path}")

    def says_unknown(self, body: bytes) -> bool:
        """True if a 404 is the API's own: JSON, not the HTML page of a proxy."""
        return body.lstrip()[:1] == b"{"
