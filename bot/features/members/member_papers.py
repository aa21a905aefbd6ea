"""Command `my papers`: three papers of the week for one member, if they want that."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Part, Style, Tone, note, text
from bot.chat.commands import Commands
from bot.chat.parameters import ParameterHint
from bot.chat.phrases import phrase
from bot.chat.rich_text import Bold, InlineCode, parse_backticks
from bot.domain.models import UnwantedPaper
from bot.domain.preferences import Preferences
from bot.errors import UserError
from bot.features.shared.stream.recommendation_cards import COMMAND, recommendation_rows_of
from bot.features.shared.stream.recommendations import recommend
from bot.locale.current import _
from bot.store import UnitOfWork

commands = Commands()

Action = Literal["show", "on", "off", "less", "undo"]
MOST_UNWANTED = 5
"""Papers like which a member wants less that the list names, the latest."""


@commands("my papers", examples=("/my papers", "/my papers on", "/my papers off"))
async def my_papers(
    ctx: Context,
    action: Annotated[
        Action, ParameterHint("show your papers of the week, or turn them on or off; the buttons do the rest")
    ] = "show",
    paper: Annotated[str, ParameterHint("the paper’s number (set by the buttons)", rest=True, most=300)] = "",
) -> Card:
    """Show three papers per week that you may like: new ones, and ones on the club’s list.

    The choice is based on what you vote for, save, submit and follow. It begins only after you turn it on, and only you
    see the papers.
    """
    is_on = Preferences.of(ctx.member.prefs).papers
    if action == "off" and not is_on:
        return _turned_off(already=True)
    if action in ("on", "off"):
        async with ctx.begin() as db:
            member = await db.members.set_prefs(ctx.member, papers=action == "on")
            if action == "off":
                await db.recommendations.replace(member.id, (), ctx.now)
        if action == "off":
            return _turned_off()
        again = (text(_("Nothing to change: this was already turned on.")),) if is_on else ()
        return await _papers_card(ctx, done=again)
    if not is_on:
        return _offer()
    if action == "less":
        return await _want_less(ctx, paper)
    if action == "undo":
        async with ctx.begin() as db:
            if not await db.recommendations.take_back(ctx.member.id, paper):
                raise UserError(_("You did not ask for fewer papers like that one. `/my papers` shows your choices."))
        return await _papers_card(ctx, done=(text(_("Undone. It may be shown again.")),))
    return await _papers_card(ctx)


async def _want_less(ctx: Context, key: str) -> Card:
    async with ctx.begin() as db:
        title = await _title(ctx, db, key)
        changed = await db.recommendations.want_less(ctx.member.id, key, title, ctx.now)
    say = (
        phrase("{title} will not be shown again, and there will be fewer papers like it.", title=Bold(title))
        if changed
        else phrase("Nothing to change: you already asked for fewer papers like {title}.", title=Bold(title))
    )
    undo = Buttons((Button(_("Undo"), Call.of(COMMAND, "undo", key)),))
    return await _papers_card(ctx, done=(text(*say), undo))


async def _title(ctx: Context, db: UnitOfWork, key: str) -> str:
    """Title of a paper that was chosen for the member. Raises UserError if it was not, or not lately."""
    titles = {one.key: one.title for one in await db.recommendations.unwanted(ctx.member.id)}
    titles |= {one.key: one.title for one in await db.recommendations.chosen(ctx.member.id)}
    if title := titles.get(key):
        return title
    raise UserError(_("That paper is no longer among yours. `/my papers` shows the current ones."))


async def _papers_card(ctx: Context, *, done: Sequence[Part] = ()) -> Card:
    says_something = await recommend(ctx.app, ctx.club.id, ctx.member.id)
    async with ctx.read() as db:
        found = await db.recommendations.chosen(ctx.member.id)
        unwanted = await db.recommendations.unwanted(ctx.member.id)
    parts: list[Part] = [*done, *recommendation_rows_of(found)]
    if not says_something:
        say = _("Vote for a paper, save one, or follow a word with `/my follow keyword diffusion`. Then look again.")
        parts.append(text(*parse_backticks(say)))
    elif not found:
        parts.append(text(_("None of this week’s papers matches what you like. New ones come every day.")))
    if unwanted:
        parts.append(note(_unwanted_line(unwanted)))
    parts.append(
        Buttons((Button(_("What I follow"), Call.of("my follows")), Button(_("Turn off"), Call.of(COMMAND, "off"))))
    )
    return Card(_("Papers for you"), tuple(parts), Tone.GOOD if done else Tone.PLAIN)


def _unwanted_line(unwanted: Sequence[UnwantedPaper]) -> str:
    titles = ", ".join(_("“{text}”", text=one.title) for one in unwanted[:MOST_UNWANTED])
    return _(
        "You asked for fewer papers like {titles}. “My data” lists these choices and can delete them.", titles=titles
    )


def _offer() -> Card:
    say = _(
        "I can choose three papers per week for you: new ones from the club’s sources, and ones on "
        "its list. The choice is based on what you vote for, save, submit and follow. Only you see "
        "the papers. It is off until you turn it on."
    )
    return Card(_("Papers for you"), (text(say), Buttons((Button(_("Turn on"), Call.of(COMMAND, "on"), Style.MAIN),))))


def _turned_off(*, already: bool = False) -> Card:
    parts = (
        text(
            *phrase(
                "No more papers are chosen for you. {command} turns this on again.",
                command=InlineCode("/my papers on"),
            )
        ),
    )
    if already:
        return Card(_("Nothing to change: this was already turned off"), parts)
    return Card(_("Turned off"), parts, Tone.GOOD)
