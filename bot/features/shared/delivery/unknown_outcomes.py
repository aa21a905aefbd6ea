"""Posts of unknown outcome on platforms that cannot be searched: people are asked, and presses of buttons are evidence.

The question is a delivery itself, with the doubtful one as its subject, so it is posted once and then updated. A press
on a button of a post proves that the post exists, and gives its address.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from zoneinfo import ZoneInfo

from bot.app import App
from bot.chat.cards import Card, to_json
from bot.chat.gateway import Location, NotSent, OutcomeUnknown, Posted, Refused
from bot.domain.models import Delivery, DeliveryKind, DeliveryState
from bot.features.shared.delivery.channel_recovery import post_missed
from bot.features.shared.delivery.delivery_cards import render_delivery
from bot.features.shared.delivery.reachability import tell_admins
from bot.features.shared.delivery.unknown_outcome_cards import doubtful_card
from bot.features.shared.languages import club_language
from bot.store import UnitOfWork

log = logging.getLogger(__name__)


async def ask_people(app: App, delivery: Delivery) -> None:
    """Ask about the outcome of a post: in the moderators' channels, else in direct messages to the admins."""
    async with app.store.begin(delivery.club_id) as db:
        post = await db.unknown_outcomes.get(delivery.id)
        if post is None or post.state != DeliveryState.UNKNOWN:
            return
        post.asked_at = post.asked_at or app.now()
        card = await question(app, db, post)
        rooms = [room for room in await db.rooms.with_purpose("moderators") if not room.trouble]
        rooms = [room for room in rooms if room.workspace.platform in app.gateways and not room.workspace.left_at]
        for room in rooms:
            await db.deliveries.plan(DeliveryKind.DOUBTFUL_POST, delivery.id, room, app.now(), card=to_json(card))
    app.wake_up.set()
    if not rooms:
        await tell_admins(app, delivery.club_id, card)


async def ask_admins(app: App, club_id: int, delivery_id: int) -> None:
    """Ask the admins in direct messages, because the question could not be posted in the moderators' channels."""
    async with app.store.read(club_id) as db:
        post = await db.unknown_outcomes.get(delivery_id)
        if post is None or post.state != DeliveryState.UNKNOWN:
            return
        card = await question(app, db, post)
    await tell_admins(app, club_id, card)


async def question(app: App, db: UnitOfWork, post: Delivery) -> Card:
    """Card of the question about a post, in its current state."""
    zone = ZoneInfo((await db.club()).timezone)
    async with club_language(db):
        return doubtful_card(post, await render_delivery(db, post), zone, app.installation.repost_after)


async def update_question(app: App, db: UnitOfWork, delivery_id: int) -> None:
    """Update the question about a post, wherever it was posted."""
    post = await db.unknown_outcomes.get(delivery_id, lock=True)
    if post is not None:
        await db.deliveries.replace_card(DeliveryKind.DOUBTFUL_POST, post.id, to_json(await question(app, db, post)))


async def record_posted(db: UnitOfWork, delivery: Delivery, posted: Posted, app: App) -> None:
    """Record the consequences of a known address: the channel works, and a paper's card has its thread."""
    if delivery.room.trouble and await db.rooms.set_trouble(delivery.room_id, ""):
        await post_missed(db, delivery.room_id, app.now())
    if posted.thread and delivery.kind == DeliveryKind.CARD and delivery.submission_id:
        room = delivery.room
        await db.discussions.open(
            delivery.submission_id, room.workspace_id, room.external_id, posted.thread, posted.url, app.now()
        )


async def recognize_post(app: App, where: Location, has_mark: Callable[[str], bool]) -> None:
    """Use a press at `where` as evidence: a post of unknown outcome that this message belongs to has an address now.

    `has_mark` tells if the message has the mark of a delivery's key. Best effort: the press is answered in any case.
    """
    async with app.store.read_admin_session() as admin:
        if await admin.posted_messages.exists(where.platform, where.workspace, where.room, where.message):
            return
        workspace = await admin.directory.workspace(where.platform, where.workspace)
    if workspace is None:
        return
    async with app.store.read(workspace.club_id) as db:
        doubtful = await db.unknown_outcomes.possible_posts(where.room, where.message, workspace.id)
    found = next((delivery for delivery in doubtful if has_mark(delivery.key)), None)
    if found is None or found.double == where.message:
        return
    posted = await locate(app, where)
    async with app.store.begin(workspace.club_id) as db:
        await bind_address(app, db, found.id, posted)
    app.wake_up.set()
    log.info("a button press proves that %s was posted", found.key)


async def locate(app: App, where: Location) -> Posted:
    """Address of an existing message, with its link if the platform gives one."""
    try:
        return await app.gateways[where.platform].locate(replace(where, thread=""))
    except (NotSent, OutcomeUnknown, Refused) as error:
        log.info("could not get the link of a posted message: %s", error)
        return Posted(where.message, where.thread)


async def bind_address(app: App, db: UnitOfWork, delivery_id: int, posted: Posted) -> Delivery | None:
    """Set the address of a post. If it has another one already, the later copy becomes its double.

    A copy with a discussion stays, whichever it is. A post that is being sent is left unchanged: its outcome is known
    soon, and the next press is evidence again. Returns None if nothing changed.
    """
    post = await db.unknown_outcomes.get(delivery_id, lock=True)
    if post is None or post.state == DeliveryState.SENDING or posted.message in (post.message, post.double):
        return None
    if post.state == DeliveryState.SENT and post.message:
        first, second = sorted((post.message, posted.message), key=_message_age)
        stays = post.message if await is_discussed(db, post) else first
        if stays == post.message:
            post.double = posted.message
            await update_question(app, db, post.id)
            return post
        double = second
    else:
        double = ""
    await db.unknown_outcomes.change(
        post.id,
        state=DeliveryState.SENT,
        message=posted.message,
        thread=posted.thread,
        url=posted.url,
        double=double,
        had_unknown=True,
        reposted_at=None,
        error="",
        stale=True,
        not_before=app.now(),
    )
    bound = await db.unknown_outcomes.get(post.id, lock=True)
    assert bound is not None
    await record_posted(db, bound, posted, app)
    await update_question(app, db, bound.id)
    return bound


async def is_discussed(db: UnitOfWork, post: Delivery) -> bool:
    """True if there are replies in the thread of a post."""
    if not post.submission_id or post.kind != DeliveryKind.CARD:
        return False
    threads = await db.discussions.by_submission(post.submission_id)
    return any(thread.replies and thread.thread in (post.message, post.thread) for thread in threads)


def _message_age(message: str) -> tuple[float, str]:
    """Sort key by time: IDs of Slack are seconds, IDs of Discord begin with the time."""
    try:
        return float(message), message
    except ValueError:
        return 0.0, message
