"""Signed HTTP: Slack posts to the app's request URLs and times the answer."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import aiohttp

from tests.protocol.slack_server.delivery import ACK_SECONDS, DeliveryAttempt, Kind
from tests.protocol.slack_server.ledger import Ack
from tests.protocol.slack_server.world import ServerState

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class RequestUrls:
    """Where the app listens, one address for each of Slack's configuration pages."""

    events: str
    interactivity: str
    commands: str
    options: str

    @classmethod
    def all_at(cls, url: str) -> RequestUrls:
        return cls(url, url, url, url)

    def of(self, kind: Kind, payload: Json) -> str:
        """The address for a payload."""
        if kind == "events_api":
            return self.events
        if kind == "slash_commands":
            return self.commands
        return self.options if payload["type"] == "block_suggestion" else self.interactivity


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """Slack's v0 signature: HMAC-SHA256 over "v0:timestamp:body"."""
    return "v0=" + hmac.new(secret.encode(), f"v0:{timestamp}:".encode() + body, hashlib.sha256).hexdigest()


class HttpMode:
    """Posts to the request URLs."""

    def __init__(self, world: ServerState, urls: RequestUrls) -> None:
        self._world, self.urls = world, urls
        self._session: aiohttp.ClientSession | None = None

    def signed(self, body: bytes, content_type: str) -> dict[str, str]:
        """The headers that prove a body comes from Slack."""
        timestamp = str(int(self._world.clock.now()))
        return {
            "Content-Type": content_type,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": sign(self._world.app.signing_secret, timestamp, body),
        }

    async def send(self, parcel: DeliveryAttempt) -> Ack:
        """Post one payload, signed, and wait three seconds for the answer."""
        if parcel.kind == "events_api":
            body, content = json.dumps(parcel.payload).encode(), "application/json"
        elif parcel.kind == "slash_commands":
            body, content = urlencode(parcel.payload).encode(), "application/x-www-form-urlencoded"
        else:
            body = urlencode({"payload": json.dumps(parcel.payload)}).encode()
            content = "application/x-www-form-urlencoded"
        headers = self.signed(body, content)
        if parcel.retry:
            headers |= {"X-Slack-Retry-Num": str(parcel.retry), "X-Slack-Retry-Reason": parcel.reason}
        return await self.post(self.urls.of(parcel.kind, parcel.payload), body, headers)

    async def post(self, url: str, body: bytes, headers: dict[str, str]) -> Ack:
        """Post any bytes with any headers: tests forge requests with it."""
        begun = time.monotonic()
        try:
            status, text, answer = await self._world.clock.within(self._post(url, body, headers), ACK_SECONDS)
        except TimeoutError:
            return Ack(time.monotonic() - begun, "operation_timeout")
        except aiohttp.ClientError:
            return Ack(time.monotonic() - begun, "connection_failed")
        seconds, no_retry = time.monotonic() - begun, answer.get("X-Slack-No-Retry") == "1"
        if status != 200:
            return Ack(seconds, "http_error", status, text=text, no_retry=no_retry)
        try:
            is_json = "json" in answer.get("Content-Type", "")
            payload = (json.loads(text) if is_json else {"text": text}) if text.strip() else None
        except ValueError:
            return Ack(seconds, "http_error", status, text=text, no_retry=no_retry)
        return Ack(seconds, "", status, payload or None, text, no_retry)

    async def _post(self, url: str, body: bytes, headers: dict[str, str]) -> tuple[int, str, Any]:
        if self._session is None:
            self._session = aiohttp.ClientSession()
        async with self._session.post(url, data=body, headers=headers, allow_redirects=False) as answer:
            return answer.status, await answer.text(), answer.headers

    async def verify(self) -> bool:
        """Do what Slack does when the events URL is saved: it must send the challenge back."""
        challenge = f"challenge-{self._world.number()}"
        payload = {"token": self._world.app.verification_token, "challenge": challenge}
        body = json.dumps({**payload, "type": "url_verification"}).encode()
        ack = await self.post(self.urls.events, body, self.signed(body, "application/json"))
        said = ack.payload or {}
        return ack.ok and challenge in (said.get("challenge"), said.get("text"))

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None
