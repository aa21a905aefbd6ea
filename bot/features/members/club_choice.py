"""Command `my club`: the club that commands in direct messages are about, for members of several clubs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Points, Tone, text
from bot.chat.command import Reply
from bot.chat.commands import Commands
from bot.chat.parameters import ParameterHint
from bot.chat.phrases import phrase
from bot.chat.rich_text import Bold
from bot.domain.models import Club, Member
from bot.domain.preferences import Preferences
from bot.errors import UserError
from bot.locale.current import _

commands = Commands()


async def by_club(ctx: Context, typed: str) -> list[tuple[str, str]]:
    """Suggest the clubs that the requester is in."""
    wanted = typed.strip().lower()
    found = await _clubs(ctx)
    return [
        (club.name, str(club.id)) for club, _member in found if wanted in club.name.lower() or wanted == str(club.id)
    ]


@commands("my club", reply=Reply.IN_PLACE, examples=("/my club", "/my club Thursday Readers"))
async def choose_club(
    ctx: Context,
    club: Annotated[str, ParameterHint("one of your clubs", rest=True, most=80, suggest=by_club, strict=True)] = "",
) -> Card:
    """Choose the club that your commands in direct messages are about."""
    found = await _clubs(ctx)
    if not club.strip():
        return _list_card(found)
    chosen = _named(found, club)
    for one, member in await _clubs(ctx, also_left=True):
        async with ctx.app.store.begin(one.id) as db:
            if stored := await db.members.get(member.id):
                await db.members.set_prefs(stored, direct_messages_here=one.id == chosen.id)
    say = phrase("Your commands in direct messages are now about {club}.", club=Bold(chosen.name))
    return Card(_("Club chosen"), (text(*say),), Tone.GOOD)


async def _clubs(ctx: Context, *, also_left: bool = False) -> Sequence[tuple[Club, Member]]:
    """The clubs on this platform that the requester is a member of; with `also_left` those too that I was removed
    from.
    """
    async with ctx.app.store.read_admin_session() as admin:
        known = await admin.directory.of_person(ctx.where.platform, ctx.who.id, also_left=also_left)
    return tuple({club.id: (club, member) for _workspace, club, member in known}.values())


def _named(found: Sequence[tuple[Club, Member]], typed: str) -> Club:
    """The club of this name or id. Raises UserError unless exactly one matches."""
    word = typed.strip().casefold()
    matching = [club for club, _member in found if word in (str(club.id), club.name.casefold())]
    if len(matching) != 1:
        names = ", ".join(_("“{text}”", text=club.name) for club, _member in found)
        raise UserError(_("You are in these clubs: {names}. Choose one by its name.", names=names), field="club")
    return matching[0]


def _list_card(found: Sequence[tuple[Club, Member]]) -> Card:
    chosen = {club.id for club, member in found if Preferences.of(member.prefs).direct_messages_here}
    lines = tuple((f"{'✓ ' if club.id in chosen else ''}{club.name}",) for club, _member in found)
    row = tuple(Button(club.name, Call.of("my club", club.id)) for club, _member in found)
    say = _("Which club are your commands in direct messages about? You can change it at any time.")
    return Card(_("Your clubs"), (text(say), Points(lines), Buttons(row[:5], row[5:])))
