"""This installation's web server: its readiness checks and its address."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Protocol, runtime_checkable

from aiohttp import web

from adapters.web.health import ReadinessCheck
from adapters.web.server import ListenAddress, serve, web_app
from bot.app import App
from bot.settings import Settings
from bot.telemetry.metrics import Metrics


@runtime_checkable
class HasReadiness(Protocol):
    """A gateway that knows whether its platform reaches it."""

    async def ready(self) -> None:
        """Return if it does. Raises UserError with the reason if it does not."""


@runtime_checkable
class HasRoutes(Protocol):
    """A gateway whose platform sends HTTP requests."""

    def routes(self) -> Iterable[web.AbstractRouteDef]:
        """The routes for those requests; may be empty."""


@asynccontextmanager
async def site(
    settings: Settings, app: App, *, metrics: Metrics | None = None, pages: Iterable[web.AbstractRouteDef] = ()
) -> AsyncIterator[ListenAddress]:
    """Serve health, metrics and `pages` while the block runs. Raises UserError if it cannot listen."""
    served = web_app(checks(app), metrics=metrics or Metrics())
    served.add_routes(pages)
    async with serve(served, settings.web.host, settings.web.port) as address:
        yield address


def checks(app: App) -> dict[str, ReadinessCheck]:
    """The readiness checks by name."""

    async def schema() -> None:
        await app.store.check_schema()

    platforms = {name: gateway.ready for name, gateway in app.gateways.items() if isinstance(gateway, HasReadiness)}
    return {"database": app.store.check, "schema": schema, **platforms}
