"""This installation's web server: its readiness checks and its address."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from functools import partial
from typing import Protocol, runtime_checkable

from aiohttp import web

from adapters.web.health import ReadinessCheck
from adapters.web.server import ListenAddress, serve, web_app
from bot.app import App
from bot.errors import UserError
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
    served = web_app(checks(app), metrics=metrics or Metrics(), notices=partial(quarantine_notices, app))
    served.add_routes(pages)
    async with serve(served, settings.web.host, settings.web.port) as address:
        yield address


async def quarantine_notices(app: App) -> list[str]:
    """The clubs in which nothing is posted since they were restored from a backup.

    The program is ready all the same: it must be reached for an admin to end that.
    """
    async with app.store.read_admin_session() as admin:
        found = await admin.restored.quarantined()
    return [
        f"club {club.club_id} was restored from a backup of {club.backed_up_at:%Y-%m-%dT%H:%MZ}: nothing is posted "
        "until one of its admins says /clubadmin restored start"
        for club in found
    ]


def checks(app: App) -> dict[str, ReadinessCheck]:
    """The readiness checks by name."""

    async def schema() -> None:
        await app.store.check_schema()

    platforms = {name: partial(_platform, app, name) for name in app.gateways}
    return {"database": app.store.check, "schema": schema, **platforms}


async def _platform(app: App, name: str) -> None:
    """Return if a platform is served, reaches us and takes our posts; else raise UserError that says what is wrong."""
    if trouble := app.health.trouble(name, app.now()):
        raise UserError(trouble)
    gateway = app.gateways[name]
    if isinstance(gateway, HasReadiness):
        await gateway.ready()
