"""The web server that every installation has: safe answers, health, metrics. Other parts add their pages to it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from html import escape
from http import HTTPStatus
from secrets import token_hex

from aiohttp import web
from aiohttp.http import HttpProcessingError

from adapters.web.health import LoopLag, Notices, Readiness, ReadinessCheck, routes
from bot.errors import UserError
from bot.telemetry.logs import context
from bot.telemetry.metrics import CONTENT_TYPE, Metrics

LARGEST_BODY = 256 * 1024
"""Bytes of a request's body. Slack's largest, a form with all its fields full, is far below."""

SAFE = {
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
"""On every answer. A page that needs more (its stylesheet, say) sets its own header, which then stands."""

log = logging.getLogger(__name__)

RequestHandler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class ListenAddress:
    """Where the server listens."""

    host: str
    port: int

    @property
    def url(self) -> str:
        """The address to type, without a slash at the end."""
        return f"http://[{self.host}]:{self.port}" if ":" in self.host else f"http://{self.host}:{self.port}"


def web_app(
    checks: Mapping[str, ReadinessCheck], *, metrics: Metrics | None = None, notices: Notices | None = None
) -> web.Application:
    """The application with `/livez`, `/readyz` over the named checks, and `/metrics` where there are any.

    Pages join by `app.add_routes` before it is served.
    """
    app = web.Application(middlewares=[_request_middleware], client_max_size=LARGEST_BODY)
    app.on_response_prepare.append(_security_headers)
    loop_lag = LoopLag(metrics.loop_lag if metrics else None)
    app.cleanup_ctx.append(_measure_loop_lag(loop_lag))
    app.add_routes(routes(Readiness(checks), loop_lag, notices=notices))
    if metrics:
        app.router.add_get("/metrics", _metrics(metrics))
    return app


@asynccontextmanager
async def serve(app: web.Application, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[ListenAddress]:
    """Serve the application while the block runs; port 0 takes a free one, which the address names.

    On leaving, no new connection is taken, and answers under way get ten seconds. Raises UserError where the
    address cannot be listened on.
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
    """Whether a line of the library is worth writing: what scanners send instead of HTTP is no error of ours."""
    return not (record.exc_info and isinstance(record.exc_info[1], HttpProcessingError))


def problem(status: int, sentence: str, request_id: str = "") -> web.Response:
    """A small page that says what went wrong, and nothing about how."""
    title = f"{status} {HTTPStatus(status).phrase}"
    number = f"<p>Request {escape(request_id)}</p>" if request_id else ""
    page = (
        '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="color-scheme" content="light dark">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title>"
        f"<h1>{escape(title)}</h1><p>{escape(sentence)}</p>{number}</html>"
    )
    return web.Response(status=status, text=page, content_type="text/html")


@web.middleware
async def _request_middleware(request: web.Request, handler: RequestHandler) -> web.StreamResponse:
    """Give each request a number, refuse what is too large, and let no error out but as a small page."""
    request_id = token_hex(6)
    with context(request=request_id):
        try:
            if (request.content_length or 0) > LARGEST_BODY:
                return problem(413, f"A request may hold {LARGEST_BODY // 1024} KiB.")
            return await handler(request)
        except web.HTTPException as answer:
            if answer.status < 400:
                raise
            sentence = ERROR_TEXTS.get(answer.status, "This cannot be answered.")
            page = problem(answer.status, sentence)
            if allowed := answer.headers.get("Allow"):
                page.headers["Allow"] = allowed
            return page
        except UserError as error:
            return problem(400, str(error))
        except Exception:
            log.exception("a page broke", extra={"method": request.method, "path": request.path})
            return problem(500, "Something broke on our side. It is written in the log.", request_id)


ERROR_TEXTS = {
    400: "The request could not be understood.",
    401: "This is not for everyone.",
    403: "This is not for you.",
    404: "There is no such page.",
    405: "This page does not take such requests.",
    413: f"A request may hold {LARGEST_BODY // 1024} KiB.",
}


async def _security_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Put the safe headers on, and do not say which software answers."""
    for name, value in SAFE.items():
        response.headers.setdefault(name, value)
    response.headers["Server"] = "journalclub"


def _measure_loop_lag(loop_lag: LoopLag) -> Callable[[web.Application], AsyncIterator[None]]:
    async def beating(app: web.Application) -> AsyncIterator[None]:
        task = asyncio.create_task(loop_lag.measure(), name="pulse")
        yield
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    return beating


def _metrics(metrics: Metrics) -> RequestHandler:
    async def page(request: web.Request) -> web.Response:
        # What a proxy passes on comes from outside; the numbers are for whoever runs the house.
        if "X-Forwarded-For" in request.headers or "Forwarded" in request.headers:
            raise web.HTTPNotFound
        return web.Response(body=metrics.page(), headers={"Content-Type": CONTENT_TYPE})

    return page
