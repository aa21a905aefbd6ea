"""Serves the platforms side by side: one's trouble ends neither the others nor the program."""

from __future__ import annotations

import asyncio
import logging
import sys
from time import monotonic

from bot.app import App
from bot.chat.gateway import Gateway
from bot.errors import UserError

log = logging.getLogger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
"""Seconds before a platform that broke off is served again: doubled each time, up to the second."""
LASTED = 600.0
"""Seconds of service after which a platform counts as well, so that the pauses begin with the shortest again."""


async def serve_platforms(app: App) -> None:
    """Serve every platform until cancelled. Raises UserError once no platform is left that may recover by waiting."""
    reasons: list[str] = []

    async def serve(gateway: Gateway) -> None:
        try:
            await _keep_serving(app, gateway)
        except UserError as error:
            app.health.stopped(gateway.name, str(error))
            reasons.append(str(error))
            if len(reasons) < len(app.gateways):
                log.error("%s has stopped: %s The other platforms go on.", gateway.name, error)  # noqa: TRY400  no traceback is needed
                print(f"journalclub: {error}", file=sys.stderr, flush=True)

    async with asyncio.TaskGroup() as group:
        for gateway in app.gateways.values():
            group.create_task(serve(gateway), name=gateway.name)
    raise UserError(reasons[-1] if reasons else "There is no platform to serve.")


async def _keep_serving(app: App, gateway: Gateway) -> None:
    """Serve one platform, again and again where it breaks off. Raises UserError where only a person can help."""
    pause = FIRST_PAUSE
    while True:
        app.health.served(gateway.name)
        began = monotonic()
        try:
            await gateway.serve()
        except UserError:
            raise
        except Exception:
            log.exception("%s broke off; it is connected again in %g s", gateway.name, pause)
        else:
            log.warning("%s ended; it is connected again in %g s", gateway.name, pause)
        if monotonic() - began > LASTED:
            pause = FIRST_PAUSE
        await asyncio.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE)
