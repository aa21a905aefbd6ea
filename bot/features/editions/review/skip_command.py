"""Command `edition skip`: no edition this time, and why."""

from __future__ import annotations

from typing import Annotated

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Part, Style, note, text
from bot.chat.command import Audience
from bot.chat.commands import Commands
from bot.chat.error_cards import RefusedWithCard
from bot.chat.parameters import ParameterHint
from bot.domain import edition_calendar
from bot.errors import UserError
from bot.features.editions.draft.named_edition import check_current_number
from bot.features.editions.review import skipping
from bot.features.shared.editions.edition_lookup import leading_number
from bot.locale.current import _

commands = Commands()


@commands("edition skip", audience=Audience.MODERATOR, examples=("/edition skip a holiday week",))
async def skip(
    ctx: Context,
    reason: Annotated[str, ParameterHint("why there is no edition this time", rest=True, most=300)],
    sure: Annotated[bool, ParameterHint("yes, do it")] = False,
) -> Card:
    """Skip the next edition and say why. Its papers can go into a later one."""
    reason = await _without_number(ctx, reason)
    async with ctx.read() as db:
        ahead = None if sure else await skipping.skipped_ahead(db, ctx.now)
    if ahead:
        skipped, following = (edition_calendar.format_moment(slot.due_at, ctx.zone) for slot in ahead)
        row = Buttons((Button(_("Skip it, too"), Call.of("edition skip", reason, sure="yes"), Style.DANGER),))
        raise RefusedWithCard(
            Card(
                _("The edition of {skipped} is already skipped", skipped=skipped),
                (text(_("The one after it is due on {following}. Skip it, too?", following=following)), row),
            )
        )
    done = await skipping.skip(ctx.app, ctx.club.id, reason, by=ctx.member.id)
    async with ctx.read() as db:
        following_slot = await db.slots.next()
    times: list[Part] = []
    if done.due_at:
        times.append(note(_("It was due on {due}.", due=edition_calendar.format_moment(done.due_at, ctx.zone))))
    if following_slot:
        following = edition_calendar.format_moment(following_slot.due_at, ctx.zone)
        times.append(note(_("The next one is due on {due}.", due=following)))
    return Card(_("{name} was skipped", name=done.name), (text(reason), *times))


async def _without_number(ctx: Context, reason: str) -> str:
    """A reason without the edition's number before it. Raises UserError if it is another edition's, or all there is."""
    found = leading_number(reason)
    if found is None:
        return reason
    async with ctx.read() as db:
        current = await db.editions.current()
        number = current.number if current else await db.editions.next_number()
        if found.number != number and not (found.is_marked or await db.editions.by_number(found.number)):
            return reason
        await check_current_number(db, found.number, again=Call.of("edition skip", found.rest) if found.rest else None)
    if not found.rest:
        raise UserError(
            _("Why is No. {number} skipped? Give a reason for everyone to read.", number=number), field="reason"
        )
    return found.rest
