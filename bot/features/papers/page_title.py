"""Command `paper title`: the title of a page or of a DOI that no source describes."""

from __future__ import annotations

from typing import Annotated

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Tone, text
from bot.chat.command import Audience
from bot.chat.commands import Commands
from bot.chat.parameters import ParameterHint
from bot.chat.rich_text import Bold, Link
from bot.chat.text import one_line
from bot.domain.models import Submission
from bot.errors import UserError
from bot.features.shared.editions.edition_lookup import edition_number
from bot.features.shared.field_checks import check_paper
from bot.features.shared.lookup import PAPER, by_title, find_submission
from bot.features.shared.papers.paper_cards import title_of
from bot.locale.current import _
from bot.store import UnitOfWork

commands = Commands()


@commands("paper title", examples=('/paper title 12 title="How attention works"',))
async def set_title(
    ctx: Context,
    paper: Annotated[str, ParameterHint(PAPER, here=True, suggest=by_title, check=check_paper)] = "",
    *,
    title: Annotated[str, ParameterHint("its title, as the page shows it", rest=True, most=200)],
) -> Card:
    """Give the title of a page that you submitted, if I could not read it there."""
    async with ctx.begin() as db:
        chosen = await find_submission(ctx, db, paper, lock=True)
        await _check(ctx, db, chosen)
        written = one_line(title)
        if chosen.paper.pending:
            chosen.title = written  # until the details come
        else:
            chosen.paper.title = written
        await db.deliveries.mark_stale(chosen.id)
    ctx.app.wake_up.set()
    row = Buttons((Button(_("Show it"), Call.of("paper show", chosen.number)),))
    name = text(Bold(f"#{chosen.number}"), " ", Link(title_of(chosen), chosen.paper.url))
    return Card(_("The title was saved"), (name, row), Tone.GOOD)


async def _check(ctx: Context, db: UnitOfWork, chosen: Submission) -> None:
    """Raises UserError if this member may not give this paper a title."""
    if chosen.member_id != ctx.member.id and not ctx.may(Audience.MODERATOR):
        raise UserError(
            _(
                "#{number} was submitted by {credit}. Only they or a moderator can give its title.",
                number=chosen.number,
                credit=chosen.credit,
            )
        )
    if not chosen.paper.pending and chosen.paper.owner_club_id is None:
        source = "arXiv" if chosen.paper.key.startswith("arxiv:") else _("its publisher")
        raise UserError(
            _(
                "The title of #{number} comes from {source}. It cannot be changed here.",
                number=chosen.number,
                source=source,
            )
        )
    if number := await edition_number(db, chosen):
        raise UserError(
            _(
                "#{number} is in edition No. {edition}, so its title can no longer be changed.",
                number=chosen.number,
                edition=number,
            )
        )
