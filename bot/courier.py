"""The courier: posts what is to be posted, draws anew what has changed, and finds out what became of the doubtful.

Every post is a row. It is marked `sending` and committed before a byte leaves the house, and what came of it is
written by the process that still holds it. A post whose outcome nobody knows (a time-out, a reset, a crash) is never
sent again blindly: the platform is asked for it first, and where it cannot be asked the row waits for a person.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from datetime import timedelta
from itertools import groupby
from uuid import uuid4

from bot.app import App
from bot.chat.gateway import Gateway, NotSent, OutcomeUnknown, Posted, Refused
from bot.domain.models import Delivery
from bot.features.cards import draw
from bot.features.places import where

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=120)
"""How long a send may be under way before its process is taken for dead. Gateways give up after 20 s."""
SETTLE = timedelta(seconds=60)
"""How long a doubtful post may still turn up (three times the send's time-out), before it is looked for."""
LOOKS = 2
"""How often it is looked for in vain before it counts as not posted."""
PATIENCE = 8
"""How often a definite "not sent" is tried again before a person is asked."""
PAUSE = 5.0
"""Seconds between two looks when no bell rings."""


class Courier:
    """Carries cards from the rows to the rooms. Any number of processes may run one each."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._me = uuid4().hex

    async def run(self) -> None:
        """Deliver until cancelled."""
        while True:
            try:
                busy = await self.round()
            except Exception:
                log.exception("the courier stumbled; it goes on")
                busy = 0
            if not busy:
                await self._app.bell.heard(PAUSE)

    async def drain(self, rounds: int = 1000) -> None:
        """Deliver until nothing is left that can be delivered now."""
        for _ in range(rounds):
            if not await self.round():
                return

    async def round(self) -> int:
        """Do what is due once, rooms side by side, parts of one room in order. How much was done."""
        platforms = list(self._app.gateways)
        if not platforms:
            return 0
        now = self._app.now()
        async with self._app.store.house() as house:
            await house.abandoned(now)
            ready = await house.claim_deliveries(platforms, self._me, now, LEASE)
            doubtful = await house.uncertain(platforms, now)
            stale = await house.claim_stale(platforms, now)
        rooms = [list(group) for _, group in groupby(sorted(ready, key=_room), key=_room)]
        await asyncio.gather(*(self._post_all(room) for room in rooms))
        await asyncio.gather(*(self._look_for(delivery) for delivery in doubtful))
        await asyncio.gather(*(self._redraw(delivery) for delivery in stale))
        return len(ready) + len(doubtful) + len(stale)

    async def _post_all(self, deliveries: Sequence[Delivery]) -> None:
        for delivery in sorted(deliveries, key=lambda d: d.id):
            await self._post(delivery)

    async def _post(self, delivery: Delivery) -> None:
        async with self._app.store.read(delivery.club_id) as db:
            card = await draw(db, delivery)
        if card is None:
            await self._settle(delivery, state="skipped", error="there is nothing to show any more")
            return
        if delivery.first_tried_at is None:
            await self._settle(delivery, first_tried_at=self._app.now())
        try:
            posted = await self._gateway(delivery).post(where(delivery), card, key=delivery.key)
        except NotSent as error:
            await self._not_sent(delivery, error)
        except Refused as error:
            await self._refused(delivery, str(error))
        except OutcomeUnknown as error:
            await self._unknown(delivery, str(error))
        except Exception as error:
            log.exception("posting %s ended in a way nobody foresaw", delivery.key)
            await self._unknown(delivery, repr(error))
        else:
            await self._sent(delivery, posted)

    async def _sent(self, delivery: Delivery, posted: Posted) -> None:
        now = self._app.now()
        kept = await self._settle(
            delivery,
            state="sent",
            message=posted.message,
            thread=posted.thread,
            url=posted.url,
            error="",
            lease_until=None,
        )
        if not kept:
            log.warning("%s was posted by two processes; the other one holds the row", delivery.key)
            return
        async with self._app.store.begin(delivery.club_id) as db:
            await db.rooms.trouble(delivery.room_id, "")
            if posted.thread and delivery.kind == "card" and delivery.submission_id:
                room = delivery.room
                await db.discussions.open(
                    delivery.submission_id, room.workspace_id, room.external_id, posted.thread, posted.url, now
                )

    async def _not_sent(self, delivery: Delivery, error: NotSent) -> None:
        if delivery.attempts >= PATIENCE:
            await self._refused(delivery, f"{error} ({delivery.attempts} times)")
            return
        wait = timedelta(seconds=max(error.retry_after, min(300, 2**delivery.attempts)))
        await self._settle(
            delivery, state="ready", not_before=self._app.now() + wait, error=str(error), lease_until=None
        )

    async def _refused(self, delivery: Delivery, why: str) -> None:
        await self._settle(delivery, state="failed", error=why, lease_until=None)
        async with self._app.store.begin(delivery.club_id) as db:
            news = await db.rooms.trouble(delivery.room_id, why)
        if news:
            log.warning("cannot post to %s: %s", delivery.room.name or delivery.room.external_id, why)

    async def _unknown(self, delivery: Delivery, why: str) -> None:
        later = self._app.now() + SETTLE
        await self._settle(
            delivery, state="unknown", had_unknown=True, not_before=later, error=why, lease_until=None, looks=0
        )

    async def _look_for(self, delivery: Delivery) -> None:
        """Ask the platform whether a doubtful post is there."""
        since = delivery.first_tried_at or delivery.last_tried_at or self._app.now()
        later = self._app.now() + SETTLE
        await self._take(delivery)
        try:
            found = await self._gateway(delivery).find(
                where(delivery), key=delivery.key, since=(since - timedelta(seconds=120)).timestamp()
            )
        except Refused as error:
            day = self._app.now() + timedelta(days=1)
            await self._settle(delivery, not_before=day, error=f"may have been posted; {error}")
        except Exception as error:
            log.info("could not look for %s: %r", delivery.key, error)
            await self._settle(delivery, not_before=later)
        else:
            if found:
                await self._sent(delivery, found)
            elif delivery.looks + 1 < LOOKS:
                await self._settle(delivery, looks=delivery.looks + 1, not_before=later)
            else:
                await self._settle(delivery, state="ready", not_before=self._app.now(), looks=0)

    async def _take(self, delivery: Delivery) -> None:
        async with self._app.store.house() as house:
            await house.settle(delivery.id, delivery.owner, owner=self._me)
        delivery.owner = self._me

    async def _redraw(self, delivery: Delivery) -> None:
        async with self._app.store.read(delivery.club_id) as db:
            card = await draw(db, delivery)
        if card is None:
            return
        try:
            await self._gateway(delivery).edit(where(delivery), card, key=delivery.key)
        except Refused as error:
            log.info("%s can no longer be edited: %s", delivery.key, error)
        except (NotSent, OutcomeUnknown) as error:
            wait = timedelta(seconds=getattr(error, "retry_after", 30))
            await self._settle(delivery, stale=True, not_before=self._app.now() + wait, error=str(error))

    async def _settle(self, delivery: Delivery, **values: object) -> bool:
        async with self._app.store.house() as house:
            return await house.settle(delivery.id, delivery.owner, **values)

    def _gateway(self, delivery: Delivery) -> Gateway:
        return self._app.gateways[delivery.room.workspace.platform]


def _room(delivery: Delivery) -> int:
    return delivery.room_id
