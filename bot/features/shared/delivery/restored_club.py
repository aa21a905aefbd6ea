"""A restored club: its channels compared with its rows, and what moderators and admins are asked.

The rows are older than what was posted. Posts that are found in a channel are linked to their rows again, those that
are certainly missing are planned again, and people are asked about the others. Nothing is posted until an admin says
so.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.app import App
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Part, Points, Style, Tone, note, text, to_json
from bot.chat.gateway import Location, OwnPosts, Posted, Refused
from bot.chat.rich_text import Link, Words
from bot.domain.models import Delivery, DeliveryKind, DeliveryState, Quarantine
from bot.features.shared.audit.vocabulary import LogSentence
from bot.features.shared.audit.wording import log_sentence
from bot.features.shared.delivery.delivery_cards import channel_of, location_of
from bot.features.shared.delivery.reachability import tell_admins
from bot.features.shared.delivery.unknown_outcomes import bind_address
from bot.features.shared.languages import club_language
from bot.locale.current import _, _n, formatted
from bot.store import UnitOfWork

log = logging.getLogger(__name__)

MARGIN = timedelta(minutes=2)
"""Time before the backup from which channels are read, because clocks differ."""
MAX_LINKS = 10
"""Maximum number of posts without a row that are listed with their links."""


@dataclass(slots=True)
class ChannelReview:
    """Results of reading a club's channels."""

    unread: list[str] = field(default_factory=list)
    others: dict[str, tuple[str, Posted]] = field(default_factory=dict)
    """Posts with another key than any that was looked for, by message: the channel's name and the address."""


async def review(app: App, club_id: int) -> None:
    """Compare a restored club's channels with its rows, once, and ask people about the rest.

    Raises NotSent, or whatever else a platform answers, where it cannot be asked just now: do it again later.
    """
    async with app.store.read(club_id) as db:
        quarantine = await db.restored.quarantine()
        if quarantine is None or quarantine.reviewed_at is not None:
            return
        doubtful = await db.restored.in_doubt()
        rooms = await db.rooms.all()
    tried = [delivery.first_tried_at for delivery in doubtful if delivery.first_tried_at]
    since = (min([quarantine.backed_up_at, *tried]) - MARGIN).timestamp()
    names = {
        Location(room.workspace.platform, room.workspace.external_id, room.external_id): room.name for room in rooms
    }
    places: dict[Location, list[Delivery]] = {place: [] for place in names}
    later = []
    for delivery in doubtful:
        if delivery.in_thread and not delivery.thread:
            later.append(delivery)
        elif (place := replace(location_of(delivery), message="")) in names or delivery.thread:
            places.setdefault(place, []).append(delivery)
    seen = ChannelReview()
    for place, expected in places.items():
        await _compare(app, club_id, place, expected, since, seen, names)
    for place, expected in (await _threads(app, club_id, later)).items():
        await _compare(app, club_id, place, expected, since, seen, names)
    await _ask(app, club_id, seen)


async def _compare(
    app: App,
    club_id: int,
    place: Location,
    expected: Sequence[Delivery],
    since: float,
    seen: ChannelReview,
    names: dict[Location, str],
) -> None:
    """Read one channel or thread, link the posts that are there, and plan those that are missing again."""
    channel = replace(place, thread="")
    name = f"{place.platform.title()} #{names.get(channel) or place.room}"
    found = await _read(app, place, expected, since)
    if found is None:
        if name not in seen.unread:
            seen.unread.append(name)
        return
    async with app.store.begin(club_id) as db:
        quarantine = await db.restored.quarantine(lock=True)
        missing = []
        for delivery in expected:
            posted = found.by_key.get(delivery.key)
            if posted is None:
                missing.append(delivery.id)
            elif await bind_address(app, db, delivery.id, posted) and quarantine:
                quarantine.found += 1
        await db.restored.not_posted(missing, app.now())
        known = await db.restored.known([posted.message for posted in found.others])
    if not place.thread:
        seen.others |= {posted.message: (name, posted) for posted in found.others if posted.message not in known}


async def _read(app: App, place: Location, expected: Sequence[Delivery], since: float) -> OwnPosts | None:
    """The bot's own posts in a place; None if it may not read them there."""
    gateway = app.gateways.get(place.platform)
    if gateway is None:
        return None
    try:
        return await gateway.own_posts(place, keys=[delivery.key for delivery in expected], since=since)
    except Refused as error:
        log.info("a channel on %s cannot be compared with its rows: %s", place.platform, error)
        return None


async def _threads(app: App, club_id: int, replies: Sequence[Delivery]) -> dict[Location, list[Delivery]]:
    """Replies whose header is known to be posted, by its thread. Those without a header are planned again."""
    places: dict[Location, list[Delivery]] = {}
    async with app.store.begin(club_id) as db:
        for reply in replies:
            header = await db.deliveries.first_part(reply)
            if header is None or header.state == DeliveryState.READY:
                await db.restored.not_posted([reply.id], app.now())
            elif header.state == DeliveryState.SENT:
                place = replace(location_of(reply), message="", thread=header.thread or header.message)
                places.setdefault(place, []).append(reply)
    return places


async def _ask(app: App, club_id: int, seen: ChannelReview) -> None:
    """Store what was found, and ask the moderators in their channel and the admins by direct message."""
    async with app.store.begin(club_id) as db, club_language(db):
        quarantine = await db.restored.quarantine(lock=True)
        if quarantine is None or quarantine.reviewed_at is not None:
            return
        act = await db.audit_log.append(
            "restored",
            None,
            app.now(),
            after=log_sentence(LogSentence.RESTORED, backed_up_at=quarantine.backed_up_at.isoformat()),
        )
        quarantine.act_id, quarantine.reviewed_at = act.id, app.now()
        quarantine.unread = seen.unread
        quarantine.unknown = [[name, posted.url] for name, posted in seen.others.values()]
        card = await quarantine_card(db, quarantine)
        for room in await db.rooms.with_purpose("moderators"):
            await db.deliveries.plan(DeliveryKind.RESTORED, act.id, room, app.now(), card=to_json(card))
    app.wake_up.set()
    log.warning("club %s is in quarantine: it was restored from a backup", club_id)
    await tell_admins(app, club_id, card)


async def quarantine_card(db: UnitOfWork, quarantine: Quarantine) -> Card:
    """Question about a restored club: the results of the review, and the buttons to settle posts and to start."""
    zone = ZoneInfo((await db.club()).timezone)
    doubtful, waiting = await db.restored.in_doubt(), await db.restored.waiting()
    made = formatted(quarantine.backed_up_at.astimezone(zone), "%a %-d %b %Y, %H:%M")
    say = text(_("The backup is from {made}. I post nothing until an admin presses “Start posting”.", made=made))
    if quarantine.reviewed_at is None:
        return Card(
            _("This club was restored from a backup"), (say, note(_("I am still reading the channels."))), Tone.BAD
        )
    lines = _review_lines(quarantine, doubtful, waiting)
    parts: list[Part] = [say]
    if lines:
        parts.append(Points(lines))
    buttons = [Button(_("Start posting"), Call.of("clubadmin restored", "start"), Style.MAIN)]
    if doubtful:
        parts.append(
            note(_("Posts that nobody decides about are not sent. Editions that were due since then are skipped."))
        )
        buttons.insert(0, Button(_("Decide about posts"), Call.of("curate post restored")))
    else:
        parts.append(note(_("Editions that were due since then are skipped.")))
    return Card(_("This club was restored from a backup"), (*parts, Buttons(tuple(buttons))), Tone.BAD)


def _review_lines(quarantine: Quarantine, doubtful: Sequence[Delivery], waiting: int) -> tuple[Words, ...]:
    """Results of the review: what was found in the channels, what may have been posted, and what waits to be."""
    lines: list[Words] = []
    if quarantine.found:
        lines.append(
            (
                _(
                    "Found in the channels and linked again: {posts}.",
                    posts=_n("{n} post", "{n} posts", quarantine.found),
                ),
            )
        )
    if doubtful:
        rooms = ", ".join(dict.fromkeys(channel_of(delivery) for delivery in doubtful))
        lines.append(
            (
                _(
                    "May have been posted since then: {posts}, to {rooms}.",
                    posts=_n("{n} post", "{n} posts", len(doubtful)),
                    rooms=rooms,
                ),
            )
        )
    if quarantine.unread:
        lines.append((_("I cannot read {unread}. Please look there yourself.", unread=", ".join(quarantine.unread)),))
    for name, url in quarantine.unknown[:MAX_LINKS]:
        lines.append((_("Posted after the backup: a message in "), Link(name, url) if url else name, "."))
    if len(quarantine.unknown) > MAX_LINKS:
        lines.append(
            (
                _(
                    "And {more_messages}.",
                    more_messages=_n("{n} more message", "{n} more messages", len(quarantine.unknown) - MAX_LINKS),
                ),
            )
        )
    if waiting:
        lines.append((_("Waiting to be posted: {posts}.", posts=_n("{n} post", "{n} posts", waiting)),))
    return tuple(lines)


async def redraw(db: UnitOfWork, act_id: int | None, card: Card) -> None:
    """Replace the card in every channel in which moderators were asked."""
    if act_id is not None:
        await db.deliveries.replace_card(DeliveryKind.RESTORED, act_id, to_json(card))
