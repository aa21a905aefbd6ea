"""Sentence for a submitter whose paper's card cannot be posted at present: the reason, and when it will appear."""

from __future__ import annotations

from bot.app import Context
from bot.chat.platform_health import in_short
from bot.chat.rich_text import Words
from bot.features.shared.channel_links import link_channels
from bot.locale.current import _
from bot.store import UnitOfWork


async def unseen(ctx: Context, db: UnitOfWork) -> Words:
    """Sentence about a new card's place and time, if no channel for papers of the asker's workspace can be posted to.

    Of a club without such a channel there the others count. Empty where the card appears at once.
    """
    rooms = await db.rooms.with_purpose("papers")
    rooms = [room for room in rooms if room.workspace_id == ctx.workspace_id] or list(rooms)
    lost = [room for room in rooms if room.trouble or ctx.app.health.trouble(room.workspace.platform, ctx.now)]
    if not rooms or len(lost) < len(rooms):
        return ()
    room = max(lost, key=lambda one: one.id)  # chosen last: it replaces those that were lost before
    name = room.name or room.external_id
    say = _(
        "It is saved. Its card will appear in #{name} when I can post there again ({in_short}).",
        name=name,
        in_short=in_short(room.trouble or ctx.app.health.reason(room.workspace.platform)),
    )
    return link_channels((say,), [room])
