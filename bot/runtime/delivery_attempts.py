"""Attempts to post, find or update one delivery, and what came of each, written to its row.

A delivery is marked `sending` and committed before the request is sent. A post of unknown outcome (a timeout, a reset,
a crash) is not simply sent again: the platform's history is searched for it first, and if that is not possible people
are asked. Without an answer it is posted again some minutes later, and the possible duplicate is marked.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Unpack

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
from bot.store.database.outage import write_until_stored
from bot.store.delivery.delivery_values import DeliveryValues, ThreadHeader

log = logging.getLogger(__name__)

LEASE_MARGIN = timedelta(seconds=21)
"""Time that must be left of the lease when a post begins, so that it ends within it: a send's time-out and a little. A
heartbeat renews it long before there is less left."""
LONGEST_WAIT = 120
"""Longest wait between two tries of a post that was certainly not sent, in seconds; the platform may ask for more."""
GIVE_UP_RENDERING_AFTER = timedelta(hours=12)
"""Time after which a card that fails to render is given up: that is a fault of this program, not of the platform."""
FIRST_PROBE, LONGEST_PROBE = 60, 600
"""Seconds before a post that its channel refused is tried again: the first wait, doubled up to the longest."""
FIRST_REDRAW, LONGEST_REDRAW = 900, 6 * 3600
"""Seconds before a card that its channel lets nobody edit is updated again: the first wait, doubled up to the longest.
It is tried at once when the channel is known to be usable again."""


class DeliveryAttempts:
    """Posts, finds and updates the deliveries that one process has claimed.

    `owner` is the process's name in the rows; `lease_end` gives the end of its lease on a delivery by id, and None
    where it holds none. An outcome is written only while the row still has this owner.
    """

    def __init__(self, app: App, owner: str, lease_end: Callable[[int], datetime | None]) -> None:
        self._app, self._me, self._lease_end = app, owner, lease_end
        self._unknown_streaks: dict[int, tuple[int, datetime]] = {}
        """Rooms whose last posts were of unknown outcome: how many in a row, and until when the room rests."""

    def resting_rooms(self, now: datetime) -> list[int]:
        """Ids of the rooms to which nothing is posted now, since their last posts were of unknown outcome."""
        return [room for room, (_unused, until) in self._unknown_streaks.items() if until > now]

    async def post(self, delivery: Delivery) -> None:
        """Post a delivery, and write whether it was sent, refused, not sent or of unknown outcome."""
        try:
            async with self._app.store.read(delivery.club_id) as db:
                card = await render_delivery(db, delivery)
                header = await db.deliveries.thread_header(delivery) if _is_reply(delivery) else None
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
        if (until := self._lease_end(delivery.id)) is None or until < now + LEASE_MARGIN:
            # This process was suspended for too long.
            await self._settle(delivery, state=DeliveryState.READY, not_before=now)
            return
        await self._send(delivery, card, header)

    async def _send(self, delivery: Delivery, card: Card, header: ThreadHeader | None) -> None:
        now = self._app.now()
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
        if delivery.first_tried_at and now - delivery.first_tried_at >= GIVE_UP_RENDERING_AFTER:
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

    async def search(self, delivery: Delivery) -> None:
        """Ask the platform whether a doubtful post is there; where it may not be asked, ask people."""
        now = self._app.now()
        since = (delivery.first_tried_at or now) - timedelta(seconds=120)
        try:
            async with self._app.store.read(delivery.club_id) as db:
                header = await db.deliveries.thread_header(delivery) if _is_reply(delivery) else None
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

    async def redraw(self, delivery: Delivery) -> None:
        """Update a card that is posted to what it shows now; if it cannot be edited, write when to try again."""
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
                thread = (await self._gateway(delivery).discuss(location_of(post), title)).thread
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
