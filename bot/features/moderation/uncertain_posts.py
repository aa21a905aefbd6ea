"""Commands that settle posts of unknown outcome, and that retry failed ones."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Literal

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Card, Part, text
from bot.chat.command import Audience
from bot.chat.commands import Commands
from bot.chat.gateway import Location, NotSent, OutcomeUnknown, Posted, Refused
from bot.chat.parameters import ParameterHint
from bot.chat.platform_error_texts import reason_text
from bot.domain import message_links
from bot.domain.message_links import MessageLink
from bot.domain.models import Delivery, DeliveryState
from bot.errors import UserError
from bot.features.shared.audit.entries import record_action
from bot.features.shared.delivery.delivery_cards import location_of, render_delivery
from bot.features.shared.delivery.unknown_outcome_cards import delivery_row
from bot.features.shared.delivery.unknown_outcomes import bind_address, is_discussed, question, update_question
from bot.features.shared.paged_lists import LAST_PAGE, ROWS_PER_PAGE, pager
from bot.locale.current import _, _n, mark_text
from bot.store import UnitOfWork

commands = Commands()

POST_LABEL = mark_text("the number of the post")

Decision = Literal["show", "again", "omit", "remove"]

EXAMPLE_LINK = "https://club.slack.com/archives/C012AB3CD/p1764579600000100"


@commands("curate post settle", audience=Audience.MODERATOR, examples=("/curate post settle 60 again",))
async def settle(
    ctx: Context,
    post: Annotated[int, ParameterHint(POST_LABEL)],
    what: Annotated[Decision, ParameterHint("what to do")],
) -> Card:
    """Decide what to do with a post that failed, is missing or was posted twice.

    `show` shows it, `again` posts it again, `omit` skips it, `remove` removes its second copy.
    """
    match what:
        case "again":
            return await _post_again(ctx, post)
        case "omit":
            return await _omit(ctx, post)
        case "remove":
            return await _remove_copy(ctx, post)
    async with ctx.read() as db:
        return await question(ctx.app, db, await _load_post(db, post))


@commands("curate post found", audience=Audience.MODERATOR, examples=(f"/curate post found 60 {EXAMPLE_LINK}",))
async def found(
    ctx: Context,
    post: Annotated[int, ParameterHint(POST_LABEL)],
    link: Annotated[MessageLink, ParameterHint("the message’s link", parse=message_links.parse_message_link)],
) -> Card:
    """Tell me where a post is, so that I can keep it up to date.

    Its link is needed: choose “Copy link” in the message’s menu.
    """
    async with ctx.read() as db:
        delivery = await _load_post(db, post)
        card = await render_delivery(db, delivery)
    posted = await _verify_link(ctx, delivery, link, card)
    async with ctx.begin() as db:
        locked = await _load_post(db, post, lock=True)
        if locked.message == posted.message:
            return await _question_card(ctx, db, post)
        if locked.state == DeliveryState.SENDING:
            raise UserError(_("I am posting it right now. Please try again in half a minute."))
        await bind_address(ctx.app, db, post, posted)
        return await _record_decision(ctx, db, post, "confirm")


@commands("curate post restored", audience=Audience.MODERATOR, examples=("/curate post restored",))
async def restored(ctx: Context, page: Annotated[int, ParameterHint("which page")] = 1) -> Card:
    """List the posts that may have been sent after the club’s backup was made."""
    page = max(page, 1)
    skip = (page - 1) * ROWS_PER_PAGE
    async with ctx.read() as db:
        doubtful = await db.restored.in_doubt()
        rows: list[Part] = [
            delivery_row(delivery, await render_delivery(db, delivery), ctx.member_zone)
            for delivery in doubtful[skip : skip + ROWS_PER_PAGE]
        ]
    if not doubtful:
        return Card(_("No post needs a decision"))
    turn = Call.of("curate post restored")
    if page_buttons := pager(turn, page, more=len(doubtful) > skip + ROWS_PER_PAGE, empty=not rows):
        rows += [] if rows else [text(_(LAST_PAGE))]
        rows.append(page_buttons)
    return Card(
        _("{posts} that may have been sent after the backup", posts=_n("{n} post", "{n} posts", len(doubtful))),
        tuple(rows),
    )


async def _post_again(ctx: Context, post: int) -> Card:
    """Post again what failed, was left out, or is missing in its channel. Raises UserError if it is posted."""
    async with ctx.begin() as db:
        locked = await _load_post(db, post, lock=True)
        if locked.state == DeliveryState.SENT:
            raise UserError(_("That post is already there{word}.", word=f": {locked.url}" if locked.url else ""))
        if locked.state in (DeliveryState.READY, DeliveryState.SENDING):
            return await _question_card(ctx, db, post)
        await db.unknown_outcomes.change(
            post, state=DeliveryState.READY, not_before=ctx.now, attempts=0, first_tried_at=None, looks=0, error=""
        )
        return await _record_decision(ctx, db, post, "again")


async def _omit(ctx: Context, post: int) -> Card:
    """Leave a post out: it is neither searched for nor posted again. Raises UserError if it is posted."""
    async with ctx.begin() as db:
        locked = await _load_post(db, post, lock=True)
        if locked.state == DeliveryState.SENT:
            raise UserError(_("That post is already there. If it should not be there, delete it in its channel."))
        if locked.state == DeliveryState.SENDING:
            raise UserError(_("I am posting it right now. Please try again in half a minute."))
        if locked.state == DeliveryState.SKIPPED:
            return await _question_card(ctx, db, post)
        await db.unknown_outcomes.change(post, state=DeliveryState.SKIPPED, error=f"skipped by {ctx.member.name}")
        return await _record_decision(ctx, db, post, "omit")


async def _remove_copy(ctx: Context, post: int) -> Card:
    """Remove the second copy of a post. Raises UserError if people discuss it."""
    async with ctx.read() as db:
        delivery = await _load_post(db, post)
        copy_message = delivery.double or (delivery.message if delivery.reposted_at else "")
        if not copy_message or delivery.state != DeliveryState.SENT:
            return await question(ctx.app, db, delivery)
        if copy_message == delivery.message and await is_discussed(db, delivery):
            raise UserError(
                _("There is a discussion in that copy’s thread, so it stays. Delete the other copy in its channel.")
            )
    await _remove_message(ctx, delivery, copy_message)
    async with ctx.begin() as db:
        locked = await _load_post(db, post, lock=True)
        if locked.double == copy_message:
            await db.unknown_outcomes.change(post, double="", reposted_at=None)
        elif locked.message == copy_message:
            # The earlier copy remains; a press on one of its buttons will give its address.
            await db.unknown_outcomes.change(post, message="", thread="", url="", reposted_at=None, had_unknown=True)
        return await _record_decision(ctx, db, post, "remove")


async def _load_post(db: UnitOfWork, id: int, *, lock: bool = False) -> Delivery:
    post = await db.unknown_outcomes.get(id, lock=lock)
    if post is None:
        raise UserError(_("There is no post {id}. `/clubadmin runs` lists them.", id=id), field="post")
    return post


async def _verify_link(ctx: Context, delivery: Delivery, link: MessageLink, card: Card | None) -> Posted:
    """Address of a linked message. Raises UserError unless it is an editable, own message in the post's channel."""
    place = location_of(delivery)
    if link.platform != place.platform or not _leads_to(link, place):
        raise UserError(
            _("That message is not in {room}, where this post belongs.", room=delivery.room.name or _("the channel")),
            field="link",
        )
    async with ctx.read() as db:
        other = await db.deliveries.by_message(delivery.room.workspace_id, place.room, link.message)
    if other is not None and other.id != delivery.id:
        raise UserError(_("That link is to another post of mine. Please copy the link of this one."), field="link")
    copy = replace(place, message=link.message, thread="")
    gateway = ctx.app.gateways[place.platform]
    try:
        posted = await gateway.locate(copy)
        if card is not None:
            await gateway.edit(replace(copy, thread=posted.thread), card, key=delivery.key)
    except Refused as error:
        raise UserError(_("I cannot update that message: {error}.", error=reason_text(error)), field="link") from error
    except (NotSent, OutcomeUnknown) as error:
        raise UserError(
            _("I could not read that message ({error}). Please try again.", error=reason_text(error))
        ) from error
    return posted


def _leads_to(link: MessageLink, place: Location) -> bool:
    """True if a link leads into the channel of a post; a post in a forum is a channel of its own."""
    return link.channel == place.room or (link.platform == "discord" and link.channel == link.message)


async def _remove_message(ctx: Context, delivery: Delivery, message: str) -> None:
    """Remove an own message. Raises UserError if that fails."""
    copy = replace(location_of(delivery), message=message, thread="")
    try:
        await ctx.app.gateways[copy.platform].remove(copy)
    except Refused as error:
        raise UserError(
            _("I am not allowed to remove it: {error}. Please delete it in its channel.", error=reason_text(error))
        ) from error
    except (NotSent, OutcomeUnknown) as error:
        raise UserError(
            _("I could not remove it just now ({error}). Please try again.", error=reason_text(error))
        ) from error


async def _record_decision(ctx: Context, db: UnitOfWork, id: int, what: str) -> Card:
    """Record the decision, update the posted question, and return its card."""
    await record_action(ctx, db, "post", after={"post": str(id), "decision": what}, announce=False)
    await update_question(ctx.app, db, id)
    return await _question_card(ctx, db, id)


async def _question_card(ctx: Context, db: UnitOfWork, id: int) -> Card:
    return await question(ctx.app, db, await _load_post(db, id))
