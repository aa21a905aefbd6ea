"""Signed HTTP endpoint for Slack's requests.

The signature is checked on the raw bytes before anything is parsed (docs.slack.dev, "Verifying requests from Slack"). A
bad request is answered by a bare status, without a traceback and without its content in the log.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import logging
import re
from collections.abc import Awaitable, Callable
from contextlib import suppress
from time import monotonic
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

from bot.app import App
from bot.domain.models import InboxState

log = logging.getLogger(__name__)

Json = dict[str, Any]
PayloadHandler = Callable[[Json], Awaitable[Json | None]]

MAX_BODY_BYTES = 256 * 1024
"""Bytes of a request's body. Slack's largest, a form with all fields full, is far below."""
BODY_SECONDS = 10.0
"""Seconds that a request's body may take. Slack wants its answer within three."""
MAX_CLOCK_SKEW = 300.0
"""Seconds by which a request may be older or newer than this machine's clock."""
TIMESTAMP = re.compile(r"[0-9]{1,12}")

EVENTS, COMMANDS, INTERACTIONS = "/slack/events", "/slack/commands", "/slack/interactions"


class NotAccepted(Exception):
    """A request of Slack's could not be accepted; if it is an event, Slack sends it again."""


class NotUnderstood(NotAccepted):
    """A payload that is none of Slack's, or that nothing handles: it is not accepted if it is sent again either."""


NO_RETRY = {"X-Slack-No-Retry": "1"}
"""Header of an answer after which Slack does not send an event again."""


class HttpEndpoint:
    """Accepts each request signed by Slack once."""

    def __init__(self, app: App, secret: str, handle_payload: PayloadHandler) -> None:
        if not secret:
            raise ValueError("without a signing secret every request would be forged")
        self._app = app
        self._secret = secret.encode()
        self._handle_payload = handle_payload
        self.open = True
        """False while shutting down: requests are refused, and Slack repeats the events later."""
        self._in_progress = 0
        self._rests = asyncio.Event()
        self._rests.set()

    def routes(self) -> list[web.RouteDef]:
        """The routes whose URLs Slack is configured with."""
        return [web.post(path, self.handle) for path in (EVENTS, COMMANDS, INTERACTIONS)]

    async def close(self, limit: float) -> None:
        """Take in no more requests, and wait until those in progress are answered, for `limit` seconds at most."""
        self.open = False
        with suppress(TimeoutError):
            async with asyncio.timeout(limit):
                await self._rests.wait()

    async def handle(self, request: web.Request) -> web.Response:
        """Answer one request."""
        started = monotonic()
        if not self.open:
            return web.Response(status=503)
        self._in_progress += 1
        self._rests.clear()
        try:
            return await self._handle(request, started)
        finally:
            self._in_progress -= 1
            if not self._in_progress:
                self._rests.set()

    async def _handle(self, request: web.Request, started: float) -> web.Response:
        try:
            async with asyncio.timeout(BODY_SECONDS):
                body = await _read_body(request)
        except web.HTTPRequestEntityTooLarge:
            return _refuse(413, "too large")
        except TimeoutError:
            return _refuse(408, "it did not come to its end")
        except ConnectionError:
            return _refuse(400, "it broke off")
        if not self._is_signed(request, body):
            self._app.metrics.signature_failed("slack")
            return _refuse(401, "not signed by Slack, or not now")
        payload = parse_payload(body, request.content_type)
        if payload is None:
            return _refuse(400, "signed, but nothing that can be read")
        self._app.metrics.heard("slack")
        if payload.get("type") == "url_verification":
            return web.json_response({"challenge": payload.get("challenge")})
        if "ssl_check" in payload:
            return web.Response()
        answer = await self._answer(request, payload)
        self._app.metrics.acknowledged("slack", monotonic() - started)
        return answer

    async def _answer(self, request: web.Request, payload: Json) -> web.Response:
        try:
            # Events have ids, and Slack repeats them on purpose; any other request comes once.
            if payload.get("type") != "event_callback" and not await self._is_first(request):
                self._app.metrics.replay_rejected("slack")
                return web.Response()
            acknowledgement = await self._handle_payload(payload)
        except NotUnderstood as error:
            log.warning("a request of Slack's was not understood: %r", str(error)[:200])
            return web.Response(status=400, headers=NO_RETRY)
        except NotAccepted as error:
            log.warning("a request of Slack's was not accepted: %s", error)
            return web.Response(status=500)
        except Exception:
            log.exception("a request of Slack's was not accepted")
            return web.Response(status=500)
        return web.json_response(acknowledgement) if acknowledgement else web.Response()

    async def _is_first(self, request: web.Request) -> bool:
        """True if no process has seen the request's signature before: a copied request has no effect."""
        digest = hashlib.sha256(request.headers["X-Slack-Signature"].encode()).hexdigest()
        async with self._app.store.admin_session() as admin:
            return await admin.events.receive(
                f"slack:signed:{digest}", "slack", {}, self._app.now(), state=InboxState.DONE
            )

    def _is_signed(self, request: web.Request, body: bytes) -> bool:
        timestamp = request.headers.get("X-Slack-Request-Timestamp", "")
        signature = request.headers.get("X-Slack-Signature", "")
        if not TIMESTAMP.fullmatch(timestamp) or not signature.isascii():
            return False
        if abs(self._app.now().timestamp() - int(timestamp)) > MAX_CLOCK_SKEW:
            return False
        expected = hmac.new(self._secret, b"v0:" + timestamp.encode() + b":" + body, hashlib.sha256).hexdigest()
        return hmac.compare_digest(f"v0={expected}", signature)


async def _read_body(request: web.Request) -> bytes:
    """The raw bytes. Raises HTTPRequestEntityTooLarge before reading more than the limit."""
    if (request.content_length or 0) > MAX_BODY_BYTES:
        raise web.HTTPRequestEntityTooLarge(max_size=MAX_BODY_BYTES, actual_size=request.content_length or 0)
    body = await request.content.read(MAX_BODY_BYTES + 1)
    while len(body) <= MAX_BODY_BYTES and not request.content.at_eof():
        body += await request.content.read(MAX_BODY_BYTES + 1 - len(body))
    if len(body) > MAX_BODY_BYTES:
        raise web.HTTPRequestEntityTooLarge(max_size=MAX_BODY_BYTES, actual_size=len(body))
    return body


def parse_payload(body: bytes, content_type: str) -> Json | None:
    """The payload of a request: an event as JSON, a command as a form, an interaction as JSON in a form. None if
    malformed.
    """
    try:
        text = body.decode()
        if content_type == "application/json":
            payload = json.loads(text)
        else:
            form = dict(parse_qsl(text, keep_blank_values=True, strict_parsing=True, max_num_fields=100))
            payload = json.loads(form["payload"]) if "payload" in form else form
    except (ValueError, RecursionError):
        return None
    return payload if payload and isinstance(payload, dict) else None


def _refuse(status: int, why: str) -> web.Response:
    log.warning("a request to Slack's address was refused (%d): %s", status, why)
    return web.Response(status=status)
