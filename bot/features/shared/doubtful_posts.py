"""Posts of unknown outcome where the platform cannot be asked: people are, and whatever shows that a post is there.

The question is a notice like any other (its subject is the delivery), so it is posted once and drawn anew as things
become known. A press on one of a post's own buttons proves that it is there, and gives its address.
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
from bot.features.shared.channel_healing import heal
from bot.features.shared.doubtful_cards import doubtful_card
from bot.features.shared.posted_cards import render_delivery
from bot.features.shared.reachability import tell_admins
from bot.store import UnitOfWork

log = logging.getLogger(__name__)


async def ask(app: App, delivery: Delivery) -> None:
    """Ask people what became of a post: the moderators in their rooms; where there is none, admins directly."""
    async with app.store.begin(delivery.club_id) as db:
        post = await db.doubtful.get(delivery.id)
        if post is None or post.state != DeliveryState.UNKNOWN:
            return
        post.asked_at = post.asked_at or app.now()
        card = await question(app, db, post)
        rooms = [room for room in await db.rooms.for_("moderators") if not room.trouble]
        rooms = [room for room in rooms if room.workspace.platform in app.gateways and not room.workspace.left_at]
        for room in rooms:
            await db.deliveries.plan(DeliveryKind.DOUBTFUL_POST, delivery.id, room, app.now(), card=to_json(card))
    app.wake_up.set()
    if not rooms:
        await tell_admins(app, delivery.club_id, card)


async def ask_elsewhere(app: App, club_id: int, delivery_id: int) -> None:
    """Ask admins directly, since the question could not be posted in the moderators' room."""
    async with app.store.read(club_id) as db:
        post = await db.doubtful.get(delivery_id)
        if post is None or post.state != DeliveryState.UNKNOWN:
            return
        card = await question(app, db, post)
    await tell_admins(app, club_id, card)


async def question(app: App, db: UnitOfWork, post: Delivery) -> Card:
    """The question about a post as it is now."""
    zone = ZoneInfo((await db.club()).timezone)
    return doubtful_card(post, await render_delivery(db, post), zone, app.installation.repost_after)


async def retell(app: App, db: UnitOfWork, delivery_id: int) -> None:
    """Draw the question about a post anew, wherever it was asked."""
    post = await db.doubtful.get(delivery_id, lock=True)
    if post is not None:
        await db.deliveries.replace_card(DeliveryKind.DOUBTFUL_POST, post.id, to_json(await question(app, db, post)))


async def remember(db: UnitOfWork, delivery: Delivery, posted: Posted, app: App) -> None:
    """What follows from knowing where a post is: its channel works, and a paper's card has its thread."""
    if await db.rooms.set_trouble(delivery.room_id, ""):
        await heal(db, delivery.room_id, app.now())
    if posted.thread and delivery.kind == DeliveryKind.CARD and delivery.submission_id:
        room = delivery.room
        await db.discussions.open(
            delivery.submission_id, room.workspace_id, room.external_id, posted.thread, posted.url, app.now()
        )


async def recognise(app: App, where: Location, bears: Callable[[str], bool]) -> None:
    """Somebody pressed a button of a message at `where`: if it is a post whose address is not known, now it is.

    `bears` says whether the message bears the mark of a delivery's key. Best effort: whatever goes wrong here is no
    reason not to answer the press.
    """
    async with app.store.read_admin_session() as admin:
        if await admin.posted.known(where.platform, where.workspace, where.room, where.message):
            return
        workspace = await admin.directory.workspace(where.platform, where.workspace)
    if workspace is None:
        return
    async with app.store.read(workspace.club_id) as db:
        doubtful = await db.doubtful.in_doubt(where.room, where.message, workspace.id)
    found = next((delivery for delivery in doubtful if bears(delivery.key)), None)
    if found is None or found.double == where.message:
        return
    posted = await locate(app, where)
    async with app.store.begin(workspace.club_id) as db:
        await bind(app, db, found.id, posted)
    app.wake_up.set()
    log.info("a press shows that %s is there", found.key)


async def locate(app: App, where: Location) -> Posted:
    """The address of a message that is there, for certain or as somebody says."""
    try:
        return await app.gateways[where.platform].locate(replace(where, thread=""))
    except (NotSent, OutcomeUnknown, Refused) as error:
        log.info("no link to a message that is there: %s", error)
        return Posted(where.message, where.thread)


async def bind(app: App, db: UnitOfWork, delivery_id: int, posted: Posted) -> Delivery | None:
    """Write down that a post is at this address. Where it has another already, the later copy is its double.

    The copy that has a discussion stays, whichever it is. Of a post that is being sent at this moment nothing is
    written: what comes of that is known soon, and the next press tells.
    """
    post = await db.doubtful.get(delivery_id, lock=True)
    if post is None or post.state == DeliveryState.SENDING or posted.message in (post.message, post.double):
        return None
    if post.state == DeliveryState.SENT and post.message:
        first, second = sorted((post.message, posted.message), key=_age)
        stays = post.message if await is_discussed(db, post) else first
        if stays == post.message:
            post.double = posted.message
            await retell(app, db, post.id)
            return post
        double = second
    else:
        double = ""
    await db.doubtful.change(
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
    bound = await db.doubtful.get(post.id, lock=True)
    assert bound is not None
    await remember(db, bound, posted, app)
    await retell(app, db, bound.id)
    return bound


async def is_discussed(db: UnitOfWork, post: Delivery) -> bool:
    """Whether people talk in the thread of a post."""
    if not post.submission_id or post.kind != DeliveryKind.CARD:
        return False
    threads = await db.discussions.of(post.submission_id)
    return any(one.replies and one.thread in (post.message, post.thread) for one in threads)


def _age(message: str) -> tuple[float, str]:
    """Ids of both platforms grow with time: Slack's are seconds, Discord's are numbers that begin with the time."""
    try:
        return float(message), message
    except ValueError:
        return 0.0, message
