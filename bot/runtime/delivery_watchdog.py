"""Watches that posts go out: notices if none succeeds though some are due, and tells the moderators of delays."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, timedelta
from functools import partial

from bot.app import App
from bot.domain.edition_calendar import LATE
from bot.features.editions.publishing.delays import report_delay
from bot.features.shared.delivery.outages import report_outage, report_outage_end
from bot.features.shared.languages import in_club_language
from bot.runtime.logged_failures import log_failure
from bot.store.admin.outages import FACT

log = logging.getLogger(__name__)

POLL_INTERVAL = 15.0
"""Seconds between two looks."""
OVERDUE = timedelta(minutes=2)
"""Time after which a due post counts as overlooked by all delivery workers."""
OUTAGE = timedelta(minutes=3)
"""Time for which a platform is in trouble before the moderators are told; they hear of a late edition sooner."""


class DeliveryWatchdog:
    """Looks at what is due and late. Any number of processes may run one each: what it does twice changes nothing."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._in_trouble: dict[str, datetime] = {}

    async def run(self) -> None:
        """Look at once and then again and again, until cancelled."""
        while True:
            await self.round()
            await asyncio.sleep(POLL_INTERVAL)

    async def round(self) -> None:
        """Look once."""
        await log_failure(log, "see whether posts go out", self._measure())
        await log_failure(log, "see which editions are late", self._editions())
        await log_failure(log, "tell of outages", self._outages())

    async def _measure(self) -> None:
        """Note which posts nobody takes up. A post that succeeds proves that its platform is well."""
        now = self._app.now()
        async with self._app.store.read_admin_session() as admin:
            overdue = await admin.claims.overdue(now - OVERDUE)
        self._app.health.overdue({name: what for name, what in overdue.items() if name in self._app.gateways})
        for platform in self._app.gateways:
            if self._app.health.trouble(platform, now):
                if platform not in self._in_trouble:
                    log.error("%s: %s", platform, self._app.health.trouble(platform, now))
                self._in_trouble.setdefault(platform, now)
            else:
                self._in_trouble.pop(platform, None)

    async def _editions(self) -> None:
        async with self._app.store.read_admin_session() as admin:
            late = await admin.slots.late_editions(self._app.now() - LATE)
        for club_id, edition_id in late:
            await log_failure(log, f"tell club {club_id} of a delay", report_delay(self._app, club_id, edition_id))

    async def _outages(self) -> None:
        now = self._app.now()
        for platform in self._app.gateways:
            since = self._in_trouble.get(platform)
            async with self._app.store.read_admin_session() as admin:
                stored = await admin.facts.beginning(FACT.format(platform=platform, club=""))
                waiting = await admin.claims.waiting(platform) if since else {}
            known = {int(name.rpartition(":")[2]) for name in stored}
            if since is None:
                for club_id in known:
                    end = partial(report_outage_end, self._app, club_id, platform)
                    await in_club_language(self._app, club_id, end)
            elif now - since >= OUTAGE:
                for club_id, count in waiting.items():
                    report = partial(report_outage, self._app, club_id, platform, since, count)
                    await in_club_language(self._app, club_id, report)
