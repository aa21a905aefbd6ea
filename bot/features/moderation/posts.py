"""Settling posts of unknown outcome, and trying failed ones again: one press each."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Literal

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Card, Part
from bot.chat.commands import Audience, Commands
from bot.chat.gateway import Location, NotSent, OutcomeUnknown, Posted, Refused
from bot.chat.parameters import ParameterHint
from bot.chat.text import plural
from bot.domain import message_links
from bot.domain.message_links import MessageLink
from bot.domain.models import Delivery, DeliveryState
from bot.errors import UserError
from bot.features.shared.audit import record_action
from bot.features.shared.doubtful_cards import listed
from bot.features.shared.doubtful_posts import bind, is_discussed, question, retell
from bot.features.shared.paged_lists import PAGE, pager
from bot.features.shared.posted_cards import location_of, render_delivery
from bot.store import UnitOfWork

commands = Commands()

POST = "the number of the post"

Decision = Literal["show", "again", "omit", "remove"]

EXAMPLE = "https://club.slack.com/archives/C012AB3CD/p1764579600000100"


@commands("curate post settle", audience=Audience.MODERATOR, examples=("/curate post settle 60 again",))
async def settle(
    ctx: Context, post: Annotated[int, ParameterHint(POST)], what: Annotated[Decision, ParameterHint("what to do")]
) -> Card:
    """Decide on a post that failed or may be missing or there twice.

    `show` shows it, `again` posts it again, `omit` leaves it out, `remove` removes its second copy.
    """
    match what:
        case "again":
            return await _again(ctx, post)
        case "omit":
            return await _omit(ctx, post)
        case "remove":
            return await _remove(ctx, post)
    async with ctx.read() as db:
        return await question(ctx.app, db, await _post(db, post))


@commands("curate post found", audience=Audience.MODERATOR, examples=(f"/curate post found 60 {EXAMPLE}",))
async def found(
    ctx: Context,
    post: Annotated[int, ParameterHint(POST)],
    link: Annotated[MessageLink, ParameterHint("the message's link", parse=message_links.read)],
) -> Card:
    """Say where a post is, so that its votes are kept up to date.

    Its link is needed: choose “Copy link” in the message's menu.
    """
    async with ctx.read() as db:
        there = await _post(db, post)
        shown = await render_delivery(db, there)
    posted = await _verified(ctx, there, link, shown)
    async with ctx.begin() as db:
        held = await _post(db, post, lock=True)
        if held.message == posted.message:
            return await _told(ctx, db, post)
        if held.state == DeliveryState.SENDING:
            raise UserError("I am posting it at this moment. Please try again in half a minute.")
        await bind(ctx.app, db, post, posted)
        return await _settled(ctx, db, post, "is there")


@commands("curate post restored", audience=Audience.MODERATOR, examples=("/curate post restored",))
async def restored(ctx: Context, page: Annotated[int, ParameterHint("which page")] = 1) -> Card:
    """List posts that may have gone out since the backup that the club was restored from."""
    skip = (max(page, 1) - 1) * PAGE
    async with ctx.read() as db:
        doubtful = await db.restored.in_doubt()
        rows: list[Part] = [
            listed(delivery, await render_delivery(db, delivery), ctx.own_zone)
            for delivery in doubtful[skip : skip + PAGE]
        ]
    if not rows:
        return Card("No post is in doubt")
    if page_buttons := pager(Call.of("curate post restored"), max(page, 1), more=len(doubtful) > skip + PAGE):
        rows.append(page_buttons)
    return Card(f"{plural(len(doubtful), 'post')} in doubt since the backup", tuple(rows))


async def _again(ctx: Context, post: int) -> Card:
    """Post something again that failed, was left out, or is not in its channel."""
    async with ctx.begin() as db:
        held = await _post(db, post, lock=True)
        if held.state == DeliveryState.SENT:
            raise UserError(f"That post is there already{f': {held.url}' if held.url else ''}.")
        if held.state in (DeliveryState.READY, DeliveryState.SENDING):
            return await _told(ctx, db, post)
        await db.doubtful.change(
            post, state=DeliveryState.READY, not_before=ctx.now, attempts=0, first_tried_at=None, looks=0, error=""
        )
        return await _settled(ctx, db, post, "post again")


async def _omit(ctx: Context, post: int) -> Card:
    """Leave a post out: it is neither looked for nor posted again."""
    async with ctx.begin() as db:
        held = await _post(db, post, lock=True)
        if held.state == DeliveryState.SENT:
            raise UserError("That post is there already. Delete it in its channel if it should not be.")
        if held.state == DeliveryState.SENDING:
            raise UserError("I am posting it at this moment. Please try again in half a minute.")
        if held.state == DeliveryState.SKIPPED:
            return await _told(ctx, db, post)
        await db.doubtful.change(post, state=DeliveryState.SKIPPED, error=f"left out by {ctx.member.name}")
        return await _settled(ctx, db, post, "leave out")


async def _remove(ctx: Context, post: int) -> Card:
    """Remove the second copy of a post that was made twice."""
    async with ctx.read() as db:
        there = await _post(db, post)
        extra = there.double or (there.message if there.reposted_at else "")
        if not extra or there.state != DeliveryState.SENT:
            return await question(ctx.app, db, there)
        if extra == there.message and await is_discussed(db, there):
            raise UserError("People discuss in the thread of that copy. Delete the other one in its channel.")
    await _reached(ctx, there, extra)
    async with ctx.begin() as db:
        held = await _post(db, post, lock=True)
        if held.double == extra:
            await db.doubtful.change(post, double="", reposted_at=None)
        elif held.message == extra:
            # The earlier copy is there, as the moderator says; its address is known when somebody presses a button.
            await db.doubtful.change(post, message="", thread="", url="", reposted_at=None, had_unknown=True)
        return await _settled(ctx, db, post, "remove the second copy")


async def _post(db: UnitOfWork, id: int, *, lock: bool = False) -> Delivery:
    post = await db.doubtful.get(id, lock=lock)
    if post is None:
        raise UserError(f"There is no post {id}. `/clubadmin runs` lists them.", field="post")
    return post


async def _verified(ctx: Context, there: Delivery, link: MessageLink, shown: Card | None) -> Posted:
    """The address behind a link, if it leads to a message of ours in the post's channel that may be redrawn."""
    place = location_of(there)
    if link.platform != place.platform or not _leads_to(link, place):
        raise UserError(f"That message is not in {there.room.name or 'the channel'} of this post.", field="link")
    async with ctx.read() as db:
        other = await db.deliveries.at(there.room.workspace_id, place.room, link.message)
    if other is not None and other.id != there.id:
        raise UserError("That message is another post of mine. Please copy the link of this one.", field="link")
    at = replace(place, message=link.message, thread="")
    gateway = ctx.app.gateways[place.platform]
    try:
        posted = await gateway.locate(at)
        if shown is not None:
            await gateway.edit(replace(at, thread=posted.thread), shown, key=there.key)
    except Refused as error:
        raise UserError(f"I cannot redraw that message: {error}.", field="link") from error
    except (NotSent, OutcomeUnknown) as error:
        raise UserError(f"I could not look at that message just now ({error}). Please try again.") from error
    return posted


def _leads_to(link: MessageLink, place: Location) -> bool:
    """Whether a link leads into the channel of a post; a post in a forum is a channel of its own."""
    return link.channel == place.room or (link.platform == "discord" and link.channel == link.message)


async def _reached(ctx: Context, there: Delivery, message: str) -> None:
    """Remove a message of ours. Raises UserError where that did not work."""
    at = replace(location_of(there), message=message, thread="")
    try:
        await ctx.app.gateways[at.platform].remove(at)
    except Refused as error:
        raise UserError(f"I may not remove it: {error}. Please delete it in its channel.") from error
    except (NotSent, OutcomeUnknown) as error:
        raise UserError(f"I could not remove it just now ({error}). Please try again.") from error


async def _settled(ctx: Context, db: UnitOfWork, id: int, what: str) -> Card:
    """Log the decision, draw the question anew wherever it was asked, and show what is so now."""
    await record_action(ctx, db, "post", after={"post": str(id), "decision": what}, aloud=False)
    await retell(ctx.app, db, id)
    return await _told(ctx, db, id)


async def _told(ctx: Context, db: UnitOfWork, id: int) -> Card:
    return await question(ctx.app, db, await _post(db, id))
