"""Command `curate candidates`: the best new papers of the club's sources, and what moderators say of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal

from bot.app import Context
from bot.chat.cards import Card, Part, Tone, text
from bot.chat.command import Audience
from bot.chat.commands import Commands
from bot.chat.parameters import ParameterHint
from bot.chat.phrases import phrase
from bot.chat.rich_text import Bold
from bot.domain.models import ShortlistRun, StreamEntry, StreamVerdict
from bot.errors import UserError
from bot.features.shared.stream.candidate_cards import (
    PER_PAGE,
    candidates_card,
    no_sources_card,
    verdict_card,
)
from bot.features.shared.stream.shortlist_posts import redraw_posts
from bot.features.shared.stream.stream_papers import title_of_entry
from bot.features.stream.shortlist import SHORTEST_PAUSE, open_entries, refresh
from bot.locale.current import _, formatted
from bot.store import UnitOfWork

commands = Commands()

Action = Literal["list", "dismiss", "more", "less", "undo"]
VERDICTS: dict[Action, StreamVerdict] = {
    "dismiss": StreamVerdict.DISMISSED,
    "more": StreamVerdict.MORE,
    "less": StreamVerdict.LESS,
}


@commands(
    "curate candidates",
    audience=Audience.MODERATOR,
    examples=("/curate candidates", "/curate candidates page=2"),
)
async def candidates(
    ctx: Context,
    action: Annotated[Action, ParameterHint("what to do; the buttons do the same")] = "list",
    entry: Annotated[int, ParameterHint("the new paper’s number (set by the buttons)")] = 0,
    page: Annotated[int, ParameterHint("which page")] = 0,
    post: Annotated[int, ParameterHint("the post’s number (set by its buttons)")] = 0,
) -> Card:
    """List the best new papers from the club’s sources, each with the reasons.

    Press Add to put one on the list. The next list learns from what you add and dismiss, and from “More like this” and
    “Less like this”.
    """
    if action == "list":
        return await _page(ctx, max(page, 1))
    if entry <= 0:
        raise UserError(_("Which paper? `/curate candidates` lists them, each with its buttons."), field="entry")
    async with ctx.begin() as db:
        found = await db.stream.get(entry)
        if found is None:
            raise UserError(_("That paper is no longer stored. `/curate candidates` lists the current ones."))
        card = await _judge(ctx, db, found, action, page, post)
    if not page:
        return card
    return await _page(ctx, page, said=card.parts)


async def _judge(ctx: Context, db: UnitOfWork, found: StreamEntry, action: Action, page: int, post: int) -> Card:
    """Record a press, have the next list made with it, and update the posts that show the paper."""
    where = {name: value for name, value in (("page", page), ("post", post)) if value}
    title = Bold(title_of_entry(found))
    if action == "undo":
        changed = await db.stream.unjudge(found.id)
        say = _(" can be suggested again.") if changed else _(" was not dismissed.")
        card = Card(_("Undone") if changed else _("Nothing to change"), (text(title, say),), Tone.GOOD)
    else:
        changed = await db.stream.judge(found.id, VERDICTS[action], ctx.now)
        card = verdict_card(found, VERDICTS[action], **where)
        if not changed:
            card = Card(
                _("Nothing to change"),
                (text(*phrase("{title}: you already pressed that button.", title=title)), *card.parts[1:]),
            )
    if changed:
        await db.shortlists.mark_stale()
        await redraw_posts(db, found.id)
    return card


async def _page(ctx: Context, page: int, *, said: tuple[Part, ...] = ()) -> Card:
    async with ctx.read() as db:
        if not await db.sources.all():
            return no_sources_card()
        run = await db.shortlists.run()
    if run is None or run.is_discarded:
        await refresh(ctx.app, ctx.club.id)
    async with ctx.read() as db:
        run, found = await db.shortlists.run(), await open_entries(db)
    assert run is not None
    last = max(1, -(-len(found) // PER_PAGE))
    remark = _remark(run, ctx) if run.stale else ""
    shown = min(page, last) if said else page
    return candidates_card(found, run, ctx.settings.shortlist_days, shown, said=said, remark=remark)


def _remark(run: ShortlistRun, ctx: Context) -> str:
    """Sentence about what the list does not know yet: it is made again after a pause, not after each press."""
    due = max(run.at + SHORTEST_PAUSE, ctx.now + timedelta(minutes=1))
    made, again = (formatted(at.astimezone(ctx.member_zone), "%H:%M") for at in (run.at, due))
    return _(
        "This list was made at {made}. After {again} you can get a new one, based on the newest papers and on what you "
        "pressed.",
        made=made,
        again=again,
    )
