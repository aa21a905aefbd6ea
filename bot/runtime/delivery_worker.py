"""The delivery worker: posts due deliveries, updates changed cards, and resolves posts of unknown outcome.

Every post is a row. It is marked `sending` and committed before the request is sent, and its outcome is written by the
process that still holds its lease. A post of unknown outcome (a timeout, a reset, a crash) is not simply sent again:
the platform's history is searched for it first, and if that is not possible people are asked. Without an answer it is
posted again some minutes later, and the possible duplicate is marked.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from itertools import groupby
from typing import Unpack
from uuid import uuid4

from bot.app import App
from bot.chat.cards import Card
from bot.chat.gateway import Gateway, Location, MessageGone, NotSent, OutcomeUnknown, Posted, Refused
from bot.domain import delivery_rules
from bot.domain.models import Delivery, DeliveryKind, DeliveryState
from bot.features.shared.delivery import unknown_outcomes
from bot.features.shared.delivery.channel_recovery import DELETED, TOO_OLD, too_old
from bot.features.shared.delivery.delivery_cards import location_of, render_delivery
from bot.features.shared.delivery.reachability import announce_lost_channel
from bot.locale.current import _
from bot.runtime.heartbeat import Heartbeat
from bot.store.base.wake_up import DELIVERY
from bot.store.database.outage import write_until_stored
from bot.store.delivery.claims import DueKind
from bot.store.delivery.deliveries import DeliveryValues, ThreadHeader

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=26)
"""Time for which a process owns a delivery without a heartbeat, which renews it while the work goes on."""
LEASE_MARGIN = timedelta(seconds=21)
"""Time that must be left of the lease when a post begins, so that it ends within it: a send's time-out and a little. A
heartbeat renews it long before there is less left."""
LONGEST_WAIT = 120
"""Seconds between two tries of what was certainly not sent, at most, unless the platform asks for more."""
DRAW_FOR = timedelta(hours=12)
"""Time for which rendering a card is tried again before it is given up: it fails on our side."""
FIRST_PROBE, LONGEST_PROBE = 60, 600
"""Seconds after which a post that its channel did not take is tried again: doubled each time, up to the second."""
FIRST_REDRAW, LONGEST_REDRAW = 900, 6 * 3600
"""The same for a card that may not be edited where it is, unless its channel is known to be fixed before."""
POLL_INTERVAL = 4.0
"""Seconds between two looks if nothing wakes the worker."""
DRAIN_SECONDS = 8.0
"""Seconds that sends in progress have to end in at shutdown."""

ClaimedWork = tuple[Callable[[Delivery], Awaitable[None]], Delivery]


class DeliveryWorker:
    """Posts deliveries to their rooms. Any number of processes may run one each.

    Each room is served by a task of its own that does one thing at a time, so that parts keep their order and a room
    that is down does not delay the others.
    """

    def __init__(self, app: App) -> None:
        self._app = app
        self._me = uuid4().hex
        self._rooms: dict[int, asyncio.Task[None]] = {}
        self._claiming: asyncio.Task[int] | None = None
        self._held: dict[int, datetime] = {}
        """End of this process's lease on each delivery, by id."""
        self._heartbeat = Heartbeat(self._renew, lambda id: self._held.pop(id, None))
        self._unknown_streaks: dict[int, tuple[int, datetime]] = {}
        """Rooms whose last posts were of unknown outcome: how many in a row, and until when the room rests."""

    async def run(self) -> None:
        """Deliver until cancelled; what is claimed or being sent then is given a moment to end."""
        stop_waking = self._app.store.wake_ups.subscribe(DELIVERY, self._app.wake_up.set)
        try:
            async with self._heartbeat.beating():
                try:
                    await write_until_stored("what was let go at the start", self._release_abandoned)
                    while True:
                        self._claiming = asyncio.create_task(self._claim_due(), name="look for what is due")
                        try:
                            await asyncio.shield(self._claiming)
                        except Exception:
                            log.exception("a round of the delivery worker failed; the next one follows")
                        await self._app.wake_up.wait(POLL_INTERVAL)
                finally:
                    await self._drain_tasks()
        finally:
            stop_waking()

    async def drain(self, rounds: int = 1000) -> None:
        """Deliver until nothing is left that can be delivered now."""
        for _unused in range(rounds):
            if not await self.round():
                return

    async def round(self) -> int:
        """Do what is due once: for every room one thing of each kind. How much was done."""
        done = await self._claim_due()
        if self._rooms:
            await asyncio.wait(self._rooms.values())
        return done

    async def _release_abandoned(self) -> None:
        """Release at once what a dead process had claimed, if no other process can be running."""
        if self._app.store.is_exclusive:
            async with self._app.store.admin_session() as admin:
                await admin.claims.release_expired(self._app.now() + LEASE)

    async def _claim_due(self) -> int:
        """Take what is due for rooms where nothing is going on, and set about it. How much was taken."""
        platforms, now = list(self._app.gateways), self._app.now()
        async with self._app.store.read_admin_session() as admin:
            due = await admin.claims.due_kinds(now) if platforms else frozenset[DueKind]()
        if not due:
            return 0
        terms = (platforms, self._me, now, LEASE, [*self._rooms])
        resting = [
            room for room, (_unused, until) in self._unknown_streaks.items() if until > now and room not in self._rooms
        ]
        if self._app.posting_mark and due & {DueKind.READY, DueKind.PROBE}:
            await self._app.posting_mark.note(self._app.store, now)
        posts: list[Delivery] = []
        work: list[ClaimedWork] = []
        async with self._app.store.admin_session() as admin:
            if DueKind.EXPIRED in due:
                await admin.claims.release_expired(now)
            if DueKind.READY in due:
                posts += await admin.claims.claim_ready(platforms, self._me, now, LEASE, [*self._rooms, *resting])
            if DueKind.PROBE in due:
                busy = [*self._rooms, *resting, *(delivery.room_id for delivery in posts)]
                posts += await admin.claims.claim_probes(platforms, self._me, now, LEASE, busy)
            work += [(self._post, delivery) for delivery in posts]
            if DueKind.UNKNOWN in due:
                work += [(self._search, delivery) for delivery in await admin.claims.claim_unknown(*terms)]
            if DueKind.STALE in due:
                work += [(self._redraw, delivery) for delivery in await admin.claims.claim_stale(*terms)]
        for _unused, delivery in work:
            self._held[delivery.id] = delivery.lease_until or now + LEASE
        self._heartbeat.hold(self._held.keys())
        for room, jobs in groupby(sorted(work, key=_room), key=_room):
            task = asyncio.create_task(self._serve(list(jobs)), name=f"room {room}")
            self._rooms[room] = task
            task.add_done_callback(partial(self._on_served, room))
        return len(work)

    async def _serve(self, jobs: Sequence[ClaimedWork]) -> None:
        for do, delivery in jobs:
            try:
                await do(delivery)
            except Exception:
                log.exception("%s failed; it is released when its lease runs out", delivery.key)
            finally:
                self._heartbeat.drop(delivery.id)
                self._held.pop(delivery.id, None)

    def _on_served(self, room: int, task: asyncio.Task[None]) -> None:
        self._rooms.pop(room, None)
        self._app.wake_up.set()

    async def _renew(self, ids: Collection[int]) -> Collection[int]:
        until = self._app.now() + LEASE
        async with self._app.store.admin_session() as admin:
            renewed = await admin.claims.renew(self._me, ids, until)
        self._held.update((id, end) for id, end in renewed.items() if id in self._held)
        return renewed.keys()

    async def _drain_tasks(self) -> None:
        """Let sends in progress end. A post whose send does not end is looked for when its lease has expired.

        A claim in progress is not cancelled between claiming and sending: its posts would count as doubtful.
        """
        if self._claiming:
            await asyncio.gather(self._claiming, return_exceptions=True)
        if self._rooms:
            _unused, late = await asyncio.wait(self._rooms.values(), timeout=DRAIN_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _post(self, delivery: Delivery) -> None:
        try:
            async with self._app.store.read(delivery.club_id) as db:
                card = await render_delivery(db, delivery)
                header = await db.deliveries.header_of(delivery) if _is_reply(delivery) else None
        except Exception as error:
            log.exception("%s could not be drawn", delivery.key)
            await self._not_drawn(
                delivery, _("it could not be prepared ({name}); the log says why", name=type(error).__name__)
            )
            return
        if card is None:
            await self._settle(delivery, state=DeliveryState.SKIPPED, error=_("there is nothing to show any more"))
            return
        if card.ping and (delivery.had_unknown or delivery.reposted_at or delivery.message):
            card = replace(card, ping="")  # a first copy may have mentioned them
        now = self._app.now()
        if too_old(delivery, now):
            await self._settle(delivery, state=DeliveryState.SKIPPED, error=TOO_OLD)
            return
        if (until := self._held.get(delivery.id)) is None or until < now + LEASE_MARGIN:
            # This process was suspended for too long.
            await self._settle(delivery, state=DeliveryState.READY, not_before=now)
            return
        try:
            posted = await self._gateway(delivery).post(await self._location(delivery, header), card, key=delivery.key)
        except NotSent as error:
            self._app.health.failed(delivery.room.workspace.platform, str(error), now)
            await self._not_sent(delivery, error)
        except Refused as error:
            await self._refused(delivery, str(error), of_channel=error.of_channel)
        except OutcomeUnknown as error:
            self._app.health.failed(delivery.room.workspace.platform, str(error), now)
            await self._unknown(delivery, str(error))
        except Exception as error:
            log.exception("posting %s failed unexpectedly", delivery.key)
            await self._unknown(
                delivery, _("something went wrong on our side ({name}); see the log", name=type(error).__name__)
            )
        else:
            await self._sent(delivery, posted)

    async def _sent(self, delivery: Delivery, posted: Posted) -> None:
        self._app.health.succeeded(delivery.room.workspace.platform)
        await write_until_stored(f"that {delivery.key} is posted", partial(self._write_sent, delivery, posted))
        self._unknown_streaks.pop(delivery.room_id, None)

    async def _write_sent(self, delivery: Delivery, posted: Posted) -> None:
        async with self._app.store.begin(delivery.club_id) as db:
            settled = await db.deliveries.settle(
                delivery.id,
                self._me,
                state=DeliveryState.SENT,
                message=posted.message,
                thread=posted.thread,
                url=posted.url,
                error="",
            )
            if not settled:
                log.warning("%s was posted by two processes; the other one holds the row", delivery.key)
                return
            await unknown_outcomes.record_posted(db, delivery, posted, self._app)
            if delivery.asked_at:
                await unknown_outcomes.update_question(self._app, db, delivery.id)
        self._count(delivery, DeliveryState.SENT)

    async def _not_sent(self, delivery: Delivery, error: NotSent) -> None:
        """Try again, for as long as it takes: an outage passes."""
        wait = timedelta(seconds=max(error.retry_after, min(LONGEST_WAIT, 2 ** min(delivery.attempts, 9))))
        await self._settle(delivery, state=DeliveryState.READY, not_before=self._app.now() + wait, error=str(error))

    async def _not_drawn(self, delivery: Delivery, why: str) -> None:
        now = self._app.now()
        if delivery.first_tried_at and now - delivery.first_tried_at >= DRAW_FOR:
            await self._refused(delivery, why, of_channel=False)
        else:
            await self._not_sent(delivery, NotSent(why))

    async def _refused(self, delivery: Delivery, why: str, *, of_channel: bool) -> None:
        """Give a post up; if its channel refused it, it is tried again when the channel may be fixed."""
        self._count(delivery, DeliveryState.FAILED)
        probe_at = self._app.now() + timedelta(
            seconds=min(LONGEST_PROBE, FIRST_PROBE * 2 ** min(delivery.attempts - 1, 9))
        )

        async def write() -> bool:
            async with self._app.store.begin(delivery.club_id) as db:
                await db.deliveries.settle(
                    delivery.id, self._me, state=DeliveryState.FAILED, error=why, not_before=probe_at
                )
                return of_channel and await db.rooms.record_lost(delivery.room_id, why, keep=True)

        news = await write_until_stored(f"that {delivery.key} was refused", write)
        if delivery.kind == DeliveryKind.DOUBTFUL_POST:
            await unknown_outcomes.ask_admins(self._app, delivery.club_id, delivery.subject_id)
        if news:
            log.warning("cannot post to %s: %s", delivery.room.name or delivery.room.external_id, why)
            await announce_lost_channel(self._app, delivery.room, why)

    async def _unknown(self, delivery: Delivery, why: str) -> None:
        self._count(delivery, DeliveryState.UNKNOWN)
        now = self._app.now()
        in_a_row = self._unknown_streaks.get(delivery.room_id, (0, now))[0] + 1
        self._unknown_streaks[delivery.room_id] = in_a_row, now + delivery_rules.pause(in_a_row)
        later = now + delivery_rules.CHECK_DELAYS[0]
        await self._settle(
            delivery,
            state=DeliveryState.UNKNOWN,
            had_unknown=True,
            last_tried_at=now,
            not_before=later,
            error=why,
            looks=0,
        )

    async def _search(self, delivery: Delivery) -> None:
        """Ask the platform whether a doubtful post is there; where it may not be asked, ask people."""
        now = self._app.now()
        since = (delivery.first_tried_at or now) - timedelta(seconds=120)
        try:
            async with self._app.store.read(delivery.club_id) as db:
                header = await db.deliveries.header_of(delivery) if _is_reply(delivery) else None
            place = await self._location(delivery, header)
            found = await self._gateway(delivery).find(place, key=delivery.key, since=since.timestamp())
        except Refused as error:
            await self._ask_people(delivery, str(error))
        except Exception as error:
            log.info("could not look for %s: %r", delivery.key, error)
            await self._settle(delivery, not_before=now + delivery_rules.RETRY_DELAY)
        else:
            looks = delivery.looks + 1
            if found:
                await self._sent(delivery, found)
            elif again := delivery_rules.next_check(delivery.last_tried_at or now, looks, now):
                await self._settle(delivery, looks=looks, not_before=again)
            else:
                await self._settle(delivery, state=DeliveryState.READY, not_before=now, looks=0)

    async def _ask_people(self, delivery: Delivery, why: str) -> None:
        """Ask people what became of a post, once. Where nobody answers in time, it is posted again."""
        now = self._app.now()
        if (
            delivery.kind == DeliveryKind.DOUBTFUL_POST
        ):  # a question that is there twice does no harm, one that is missing does
            await self._settle(delivery, state=DeliveryState.READY, not_before=now + delivery_rules.RETRY_DELAY)
            return
        if delivery.asked_at is None:
            await unknown_outcomes.ask_people(self._app, delivery)
        asked, tried = delivery.asked_at or now, delivery.last_tried_at or now
        first = delivery.first_tried_at or tried
        due = delivery_rules.repost_at(asked, first, tried, self._app.installation.repost_after)
        if due and due <= now:

            async def write() -> None:
                async with self._app.store.begin(delivery.club_id) as db:
                    settled = await db.deliveries.settle(
                        delivery.id, self._me, state=DeliveryState.READY, not_before=now, looks=0, reposted_at=now
                    )
                    if settled:
                        await unknown_outcomes.update_question(self._app, db, delivery.id)

            await write_until_stored(f"that {delivery.key} is posted again", write)
            log.warning("nobody answered whether %s was posted: it is posted again", delivery.key)
            return
        next_ = now + delivery_rules.RECHECK_INTERVAL
        await self._settle(delivery, not_before=min(due, next_) if due else next_, asked_at=asked, error=why)

    async def _redraw(self, delivery: Delivery) -> None:
        card = await self._render(delivery)
        try:
            if card:
                await self._gateway(delivery).edit(location_of(delivery), card, key=delivery.key)
        except MessageGone:
            log.info("%s was deleted in its channel", delivery.key)
            await self._settle(
                delivery, state=DeliveryState.SKIPPED, error=DELETED, message="", thread="", url="", stale=False
            )
            return
        except Refused as error:
            log.info("%s cannot be edited: %s", delivery.key, error)
            if error.of_channel:  # it is archived or locked, or we were removed: that may be undone
                wait = min(LONGEST_REDRAW, FIRST_REDRAW * 2 ** min(delivery.looks, 9))
                later, looks = self._app.now() + timedelta(seconds=wait), delivery.looks + 1
                await self._settle(delivery, stale=True, not_before=later, looks=looks, error=str(error))
                return
        except (NotSent, OutcomeUnknown) as error:
            wait = timedelta(seconds=getattr(error, "retry_after", 30))
            await self._settle(delivery, stale=True, not_before=self._app.now() + wait, error=str(error))
            return
        # A card updated last is updated last again, so that a card that changes all the time does not delay the others.
        await self._settle(delivery, not_before=self._app.now(), looks=0)

    async def _location(self, delivery: Delivery, header: ThreadHeader | None) -> Location:
        """Location to post to; a reply goes to the thread of part 0 of its post. Raises NotSent if there is none."""
        if header is None or header.post.state == DeliveryState.SKIPPED:
            return location_of(delivery)
        post, thread = header
        if not post.message:
            raise NotSent(_("the post that it replies to has not been posted"))
        if not thread:
            try:
                shown = await self._render(post)
                title = shown.title if shown else ""
                thread = (await self._gateway(delivery).discuss(location_of(post), title, None)).thread
            except OutcomeUnknown as error:  # of the thread: the reply itself was not sent
                raise NotSent(str(error)) from error
        return replace(location_of(delivery), thread=thread or post.message)

    async def _render(self, delivery: Delivery) -> Card | None:
        async with self._app.store.read(delivery.club_id) as db:
            return await render_delivery(db, delivery)

    async def _settle(self, delivery: Delivery, **values: Unpack[DeliveryValues]) -> None:
        async def write() -> None:
            async with self._app.store.begin(delivery.club_id) as db:
                await db.deliveries.settle(delivery.id, self._me, **values)

        await write_until_stored(f"what came of {delivery.key}", write)

    def _count(self, delivery: Delivery, state: DeliveryState) -> None:
        self._app.metrics.delivery(delivery.room.workspace.platform, state)

    def _gateway(self, delivery: Delivery) -> Gateway:
        return self._app.gateways[delivery.room.workspace.platform]


def _is_reply(delivery: Delivery) -> bool:
    """True for a reply of which it is not known yet where it goes."""
    return delivery.in_thread and not delivery.thread


def _room(work: ClaimedWork) -> int:
    return work[1].room_id
