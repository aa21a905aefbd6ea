"""The web server of every installation: safe errors, security headers, health, metrics. Other parts add their pages."""

from __future__ import annotations

import asyncio
import logging
from base64 import b64encode
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from html import escape
from http import HTTPStatus
from secrets import token_hex

from aiohttp import web
from aiohttp.http import HttpProcessingError

from adapters.web.health import LoopLag, Notices, Readiness, ReadinessCheck, routes
from bot.errors import UserError
from bot.telemetry.logs import context
from bot.telemetry.metrics import CONTENT_TYPE, Metrics

MAX_BODY_BYTES = 256 * 1024
"""Bytes of a request's body. Slack's largest, a form with all fields full, is far below."""

SECURITY_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
"""Default security headers. A page that needs others, such as for its style sheet, sets its own."""

PROBLEM_STYLE = (
    "body{margin:0;background:#fbfaf7;color:#1d1b18;font:1.1rem/1.6 Georgia,serif}"
    "main{max-width:40rem;margin:0 auto;padding:4rem 1.25rem}h1{line-height:1.2}"
    "@media (prefers-color-scheme:dark){body{background:#15161a;color:#ebe7df}}"
)
"""Style sheet of the small page for errors, in the colors of the archive."""
PROBLEM_POLICY = SECURITY_HEADERS["Content-Security-Policy"].replace(
    "default-src 'none';",
    f"default-src 'none'; style-src 'sha256-{b64encode(sha256(PROBLEM_STYLE.encode()).digest()).decode()}';",
)

log = logging.getLogger(__name__)

RequestHandler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class ListenAddress:
    """Address that the server listens on."""

    host: str
    port: int

    @property
    def url(self) -> str:
        """The URL without a slash at the end."""
        return f"http://[{self.host}]:{self.port}" if ":" in self.host else f"http://{self.host}:{self.port}"


def web_app(
    checks: Mapping[str, ReadinessCheck], *, metrics: Metrics | None = None, notices: Notices | None = None
) -> web.Application:
    """The application with `/livez`, `/readyz` over the named checks, and `/metrics` if there are metrics.

    Other pages are added by `app.add_routes` before it is served.
    """
    app = web.Application(middlewares=[_request_middleware], client_max_size=MAX_BODY_BYTES)
    app.on_response_prepare.append(_security_headers)
    loop_lag = LoopLag(metrics.loop_lag if metrics else None)
    app.cleanup_ctx.append(_measure_loop_lag(loop_lag))
    app.add_routes(routes(Readiness(checks), loop_lag, notices=notices))
    if metrics:
        app.router.add_get("/metrics", _metrics(metrics))
    return app


@asynccontextmanager
async def serve(app: web.Application, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[ListenAddress]:
    """Serve the application while the block runs. Port 0 takes a free port, which the address names.

    At the end no new connection is accepted, and responses in progress get ten seconds. Raises UserError if the address
    cannot be listened on.
    """
    protocol = log.getChild("protocol")
    protocol.addFilter(_is_worth_logging)
    runner = web.AppRunner(app, access_log=None, logger=protocol, shutdown_timeout=10.0)
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        try:
            await site.start()
        except OSError as error:
            raise UserError(
                f"The web server cannot listen on {host}, port {port}: {error.strerror or error}. Choose others with "
                "JOURNALCLUB_WEB__HOST and JOURNALCLUB_WEB__PORT, or do without with JOURNALCLUB_WEB__ENABLED=no."
            ) from None
        yield ListenAddress(host, runner.addresses[0][1])
    finally:
        await runner.cleanup()


def _is_worth_logging(record: logging.LogRecord) -> bool:
    """False for log records about malformed requests, which scanners send all the time."""
    return not (record.exc_info and isinstance(record.exc_info[1], HttpProcessingError))


def problem(status: int, sentence: str, request_id: str = "") -> web.Response:
    """A small error page without details about the cause."""
    title = f"{status} {HTTPStatus(status).phrase}"
    number = f"<p>Request {escape(request_id)}</p>" if request_id else ""
    page = (
        '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="color-scheme" content="light dark">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{PROBLEM_STYLE}</style>"
        f"<main><h1>{escape(title)}</h1><p>{escape(sentence)}</p>{number}</main></html>"
    )
    headers = {"Content-Security-Policy": PROBLEM_POLICY}
    return web.Response(status=status, text=page, content_type="text/html", headers=headers)


@web.middleware
async def _request_middleware(request: web.Request, handler: RequestHandler) -> web.StreamResponse:
    """Give each request an id, refuse bodies that are too large, and answer every error by a small page."""
    request_id = token_hex(6)
    with context(request=request_id):
        try:
            if (request.content_length or 0) > MAX_BODY_BYTES:
                return problem(413, f"A request may hold {MAX_BODY_BYTES // 1024} KiB.")
            return await handler(request)
        except web.HTTPException as answer:
            if answer.status < 400:
                raise
            sentence = ERROR_TEXTS.get(answer.status, "This request cannot be answered.")
            page = problem(answer.status, sentence)
            if allowed := answer.headers.get("Allow"):
                page.headers["Allow"] = allowed
            return page
        except UserError as error:
            return problem(400, str(error))
        except Exception:
            log.exception("a page failed", extra={"method": request.method, "path": request.path})
            return problem(500, "Something went wrong on our side. The log has the details.", request_id)


ERROR_TEXTS = {
    400: "The request could not be understood.",
    401: "Please sign in to see this page.",
    403: "You may not see this page.",
    404: "There is no such page.",
    405: "This page does not accept such requests.",
    413: f"A request may hold {MAX_BODY_BYTES // 1024} KiB.",
}


async def _security_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Add the security headers and remove the server's name."""
    for name, value in SECURITY_HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers["Server"] = "journalclub"


def _measure_loop_lag(loop_lag: LoopLag) -> Callable[[web.Application], AsyncIterator[None]]:
    async def measuring(app: web.Application) -> AsyncIterator[None]:
        task = asyncio.create_task(loop_lag.measure(), name="measure loop lag")
        yield
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    return measuring


def _metrics(metrics: Metrics) -> RequestHandler:
    async def page(request: web.Request) -> web.Response:
        # A reverse proxy's requests come from outside; the metrics are for the operator only.
        if "X-Forwarded-For" in request.headers or "Forwarded" in request.headers:
            raise web.HTTPNotFound
        return web.Response(body=metrics.page(), headers={"Content-Type": CONTENT_TYPE})

    return page
