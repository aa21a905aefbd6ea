"""Command `club log`: what moderators decided about papers, editions and ballots, for all members."""

from __future__ import annotations

from typing import Annotated
from zoneinfo import ZoneInfo

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Card, Part, Points, text
from bot.chat.command import Audience
from bot.chat.commands import Commands
from bot.chat.parameters import ParameterHint
from bot.domain.models import AuditEntry
from bot.errors import UserError
from bot.features.moderation.audit_log import entry_line
from bot.features.shared.audit.vocabulary import OPEN_PAST_TENSE
from bot.features.shared.audit.wording import changes
from bot.features.shared.paged_lists import LAST_PAGE, ROWS_PER_PAGE, pager
from bot.locale.current import _

commands = Commands()

OPEN_VERBS = tuple(OPEN_PAST_TENSE)
"""Actions that a club may show to all members."""
NOT_OPEN = ("link", "place", "presenter")
"""Values of a meeting that are for its members alone."""


def open_details(act: AuditEntry, zone: ZoneInfo) -> str:
    """Values that changed at meetings, without those that are for members alone; empty for other actions."""
    return "; ".join(changes(act, zone, hidden=NOT_OPEN)) if act.verb == "meetings" else ""


@commands("club log", examples=("/club log", "/club log page=2"))
async def open_log(ctx: Context, page: Annotated[int, ParameterHint("which page")] = 1) -> Card:
    """Show what moderators decided, if the club opens its log to members.

    It has decisions about papers, editions, ballots and meetings, but none about a person.
    """
    if not ctx.settings.open_log and not ctx.may(Audience.MODERATOR):
        raise UserError(
            _("This club shows its log to moderators only. An admin can open it: `/clubadmin settings open_log`.")
        )
    page = max(page, 1)
    async with ctx.read() as db:
        skip, limit = (page - 1) * ROWS_PER_PAGE, ROWS_PER_PAGE + 1
        acts = await db.audit_log.latest(verbs=OPEN_VERBS, skip=skip, limit=limit)
        about = await db.submissions.many({act.submission_id for act in acts if act.submission_id})
        editions = await db.editions.numbers({act.edition_id for act in acts if act.edition_id})
    lines = [
        entry_line(
            ctx,
            act,
            about.get(act.submission_id or 0),
            open_details(act, ctx.zone),
            edition=editions.get(act.edition_id or 0),
        )
        for act in acts[:ROWS_PER_PAGE]
    ]
    nothing = text(_("No entries yet.") if page == 1 else _(LAST_PAGE))
    parts: list[Part] = [Points(tuple(lines)) if lines else nothing]
    if page_buttons := pager(Call.of("club log"), page, more=len(acts) > ROWS_PER_PAGE, empty=not acts):
        parts.append(page_buttons)
    return Card(_("The club’s log"), tuple(parts))
