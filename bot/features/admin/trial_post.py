"""Command `clubadmin test`: a test post that shows in advance that posting works."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Tone, text, to_json
from bot.chat.command import Audience
from bot.chat.commands import Commands
from bot.chat.parameters import ParameterHint
from bot.chat.rich_text import parse_backticks
from bot.domain.models import DeliveryKind
from bot.errors import UserError
from bot.features.admin.channels import PURPOSE_TEXT, channel_name
from bot.features.shared.audit.entries import record_action
from bot.features.shared.channel_links import link_channels_in
from bot.features.shared.platform_texts import PURPOSE_LABELS
from bot.locale.current import _, in_language

commands = Commands()


@commands("clubadmin test", audience=Audience.ADMIN, examples=("/clubadmin test", "/clubadmin test digest"))
async def post_test(
    ctx: Context,
    purpose: Annotated[Literal["all", "papers", "digest", "moderators"], ParameterHint("which channels")] = "all",
) -> Card:
    """Post a test message to the club’s channels."""
    async with ctx.begin() as db:
        rooms = [
            room for room in await db.rooms.all() if purpose in ("all", room.purpose) and room.purpose in PURPOSE_TEXT
        ]
        if not rooms:
            raise UserError(_("No channel is set for that yet. Run `/clubadmin setup` first."), field="purpose")
        act = await record_action(ctx, db, "test", after={"channels": purpose}, announce=False)
        places: dict[tuple[int, str], list[str]] = {}
        for room in rooms:
            purposes = places.setdefault((room.workspace_id, room.external_id), [])
            purposes.append(room.purpose)
            if len(purposes) == 1:  # a channel for two purposes needs one test
                served = [
                    r.purpose for r in rooms if (r.workspace_id, r.external_id) == (room.workspace_id, room.external_id)
                ]
                with in_language(ctx.settings.language):
                    card = to_json(_card(ctx, served))
                await db.deliveries.plan(DeliveryKind.CHANNEL_TEST, act.id, room, ctx.now, card=card)
    channels = ", ".join(dict.fromkeys(channel_name(room) for room in rooms))
    say = _("I am posting a test to {channels}. If it does not appear, run `/clubadmin doctor`.", channels=channels)
    next_steps = (
        Button(_("Check everything"), Call.of("clubadmin doctor")),
        Button(_("Back to setup"), Call.of("clubadmin setup")),
    )
    return link_channels_in(Card(_("Posting"), (text(*parse_backticks(say)), Buttons(next_steps)), Tone.GOOD), rooms)


def _card(ctx: Context, purposes: Sequence[str]) -> Card:
    say = _(
        "{member} is testing whether I can post here. Used for: {purposes}.",
        member=ctx.member.name,
        purposes=", ".join(_(PURPOSE_LABELS[purpose]) for purpose in purposes),
    )
    return Card(_("Test post: nothing to do"), (text(say),), Tone.QUIET)
