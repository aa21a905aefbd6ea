"""Command `clubadmin runs`: posts that are waiting, failed or of unknown outcome, and the latest posts."""

from __future__ import annotations

from typing import Annotated, Literal

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Part, text
from bot.chat.command import Audience
from bot.chat.commands import Commands
from bot.chat.parameters import ParameterHint
from bot.domain.models import DeliveryState
from bot.features.shared.delivery.delivery_cards import render_delivery
from bot.features.shared.delivery.unknown_outcome_cards import delivery_row
from bot.features.shared.paged_lists import ROWS_PER_PAGE, pager
from bot.locale.current import _, _n

commands = Commands()


@commands("clubadmin runs", audience=Audience.ADMIN, examples=("/clubadmin runs", "/clubadmin runs recent"))
async def runs(
    ctx: Context,
    which: Annotated[Literal["open", "recent"], ParameterHint("what needs attention, or all posts")] = "open",
    page: Annotated[int, ParameterHint("which page")] = 1,
) -> Card:
    """List posts that are waiting, failed or uncertain, with buttons to decide.

    `recent` lists the latest posts in any state.
    """
    page = max(page, 1)
    skip = (page - 1) * ROWS_PER_PAGE
    async with ctx.read() as db:
        counts = await db.deliveries.count_unfinished()
        chosen = db.unknown_outcomes.unsettled if which == "open" else db.unknown_outcomes.recent
        found = await chosen(skip=skip, limit=ROWS_PER_PAGE + 1)
        rows: list[Part] = [
            delivery_row(delivery, await render_delivery(db, delivery), ctx.member_zone)
            for delivery in found[:ROWS_PER_PAGE]
        ]
    waiting = counts.get(DeliveryState.READY, 0) + counts.get(DeliveryState.SENDING, 0)
    failed, doubtful = counts.get(DeliveryState.FAILED, 0), counts.get(DeliveryState.UNKNOWN, 0)
    summary = _(
        "{posts} waiting, {failed} failed, {doubtful} uncertain.",
        posts=_n("{n} post", "{n} posts", waiting),
        failed=failed,
        doubtful=doubtful,
    )
    if not rows:
        rows.append(
            text(_("Nothing needs attention.") if which == "open" and page == 1 else _("There are no more pages."))
        )
    if page_buttons := pager(Call.of("clubadmin runs", which), page, more=len(found) > ROWS_PER_PAGE, empty=not found):
        rows.append(page_buttons)
    if failed and which == "open":
        rows.append(Buttons((Button(_("Try all failed posts again"), Call.of("clubadmin doctor", retry="yes")),)))
    other = "recent" if which == "open" else "open"
    label = _("The latest posts") if which == "open" else _("What needs attention")
    rows.append(Buttons((Button(label, Call.of("clubadmin runs", other)),)))
    return Card(_("Posts"), (text(summary), *rows))
