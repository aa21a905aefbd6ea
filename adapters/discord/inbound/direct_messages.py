"""Direct messages: which club an interaction without a server is about, and the rights of its person there.

What was found is kept in the interaction's `extras`, where `location` and `requester` look for it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import Any

import discord

from adapters.discord.inbound.interaction_context import GUILD, MEMBER
from adapters.discord.render.custom_ids import CustomIdSigner
from bot.app import App
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Part, Tone, note, text
from bot.chat.rich_text import parse_backticks
from bot.domain.club_settings import ClubSettings
from bot.domain.preferences import Preferences
from bot.locale.current import _, use_language

log = logging.getLogger(__name__)

Interaction = discord.Interaction[Any]

CHOICES, FORMER = "clubs", "former club"
"""Keys of `extras`: the servers to choose from as (id, name of the club, id of the club), and the name of the club that
was meant but whose server the person or the bot has left.
"""

MEMBER_TIMEOUT = 1.0
"""Seconds to ask Discord for somebody's roles in a server; the first answer must come within three."""

MOST_CLUBS = 25

OWN_DATA = "my data"
"""The command by which people see and delete what a club stores about them, also after they left its server."""

ChosenServer = tuple[str, str, int]
"""A server: its id, the name of its club, and the club's id."""


async def find_club(app: App, interaction: Interaction) -> None:
    """Find the server that a direct message is about: that of the pressed button, the only one, or the chosen one.

    There is none if the person has left it: a club answers only those who are still in its server.
    """
    known = await _servers(app, interaction)
    meant, former = _signed(app, interaction, known), ""
    if meant is None:
        meant, former = await _chosen(app, interaction, known)
    if meant is not None:
        member, is_gone = await _member(interaction, meant[0])
        if is_gone and not _is_about_own_data(app, interaction, meant[0]):
            known.remove(meant)
            former = meant[1]
        else:
            interaction.extras[GUILD] = meant[0]
            interaction.extras[MEMBER] = member
    interaction.extras[CHOICES], interaction.extras[FORMER] = known, former


async def use_language_without_club(app: App, interaction: Interaction) -> None:
    """Use the language that somebody chose in one of their clubs, else one of these clubs', where none is chosen."""
    async with app.store.read_admin_session() as admin:
        joined = await admin.directory.of_person("discord", str(interaction.user.id), also_left=True)
    own = [Preferences.of(member.prefs).language for _workspace, _club, member in joined]
    of_clubs = [ClubSettings.of(club.settings).language for _workspace, club, _member in joined]
    if chosen := next(filter(None, (*own, *of_clubs)), ""):
        use_language(chosen)


async def _servers(app: App, interaction: Interaction) -> list[ChosenServer]:
    """Servers of the person's clubs, one for each club; then those that they own and have not spoken in yet."""
    async with app.store.read_admin_session() as admin:
        joined = await admin.directory.of_person("discord", str(interaction.user.id))
        active = await admin.directory.active_workspaces("discord")
    found = {club.id: (workspace.external_id, club.name, club.id) for workspace, club, _member in joined}
    owned = {str(guild.id) for guild in interaction.client.guilds if guild.owner_id == interaction.user.id}
    for workspace in active:
        if workspace.external_id in owned and workspace.club_id not in found:
            found[workspace.club_id] = (workspace.external_id, workspace.name, workspace.club_id)
    return list(found.values())[:MOST_CLUBS]


def _signed(app: App, interaction: Interaction, known: Sequence[ChosenServer]) -> ChosenServer | None:
    """The server whose signature the pressed button or the sent form has."""
    return next((server for server in known if any(_signed_calls(app, interaction, server[0]))), None)


def _signed_calls(app: App, interaction: Interaction, guild: str) -> list[str]:
    """The calls behind a pressed button or a sent form that have a server's signature."""
    data: Any = interaction.data or {}
    ids = [str(data.get("custom_id", "")), *map(str, data.get("values") or ())]
    signer = CustomIdSigner(app.installation.secret, guild)
    return [verified[0] for one in ids if (verified := signer.verify(one))]


def _is_about_own_data(app: App, interaction: Interaction, guild: str) -> bool:
    """True for the command by which people see and delete their own data, and for its buttons."""
    data: Any = interaction.data or {}
    typed = " ".join([str(data.get("name", "")), *(str(o.get("name", "")) for o in data.get("options") or ())])
    return any(f"{call} ".startswith(f"{OWN_DATA} ") for call in (typed, *_signed_calls(app, interaction, guild)))


async def _chosen(app: App, interaction: Interaction, known: Sequence[ChosenServer]) -> tuple[ChosenServer | None, str]:
    """The only server, or the one of the club that the person has chosen; none if they have to choose.

    With it, the name of a chosen club whose server has removed the bot: it is not replaced by another without a word.
    """
    async with app.store.read_admin_session() as admin:
        joined = await admin.directory.of_person("discord", str(interaction.user.id), also_left=True)
    chosen = {club.id: club.name for _w, club, member in joined if Preferences.of(member.prefs).direct_messages_here}
    found = next((server for server in known if server[2] in chosen), None)
    if found is None and chosen:
        return None, next(iter(chosen.values()))
    return (known[0] if found is None and len(known) == 1 else found), ""


async def _member(interaction: Interaction, guild_id: str) -> tuple[discord.Member | None, bool]:
    """The person as a member of a server, with their roles; none if Discord does not say it in time. And True if
    Discord says that they are no member.
    """
    guild: discord.Guild | None = interaction.client.get_guild(int(guild_id))
    if guild is None:
        return None, False
    try:
        async with asyncio.timeout(MEMBER_TIMEOUT):
            return await guild.fetch_member(interaction.user.id), False
    except (discord.HTTPException, OSError) as error:  # a timeout is an OSError
        log.info("a member of %s was not found: %r", guild.name, error)
        return None, isinstance(error, discord.NotFound)


def choice_card(interaction: Interaction) -> Card:
    """The answer to somebody who has to choose a club first, or is in none."""
    known: Sequence[ChosenServer] = interaction.extras.get(CHOICES, ())
    former: str = interaction.extras.get(FORMER, "")
    if not known and not former:
        say = _("I do not know which club you mean. Run a command in your server first; then I can answer here too.")
        return Card(_("You are not in a club yet"), (text(say),), Tone.BAD)
    row = tuple(Button(name, Call.of("my club", club)) for _guild, name, club in known)
    choose = _("From now on, your commands here are about this club. `/my club` changes it.").replace("`", "")
    if not former:
        return Card(_("Which club do you mean?"), (text(choose), Buttons(row[:5], row[5:])))
    gone = _("Only its server’s members can use it, and only while I am in that server.")
    own = note(*parse_backticks(_("`/my data` still shows and deletes what the club stores about you.")))
    parts: list[Part] = [text(gone), own]
    if known:
        parts += [text(_("Choose another club:")), Buttons(row[:5], row[5:])]
    return Card(_("{club} is not available here", club=former), tuple(parts), Tone.BAD)


def channel_options(interaction: Interaction) -> list[tuple[str, str]]:
    """The channels of the club's server as (label, mention), where Discord's own list has none."""
    guild = interaction.client.get_guild(int(interaction.extras.get(GUILD) or 0))
    if interaction.guild_id is not None or guild is None:
        return []
    usable = [one for one in guild.channels if isinstance(one, discord.TextChannel | discord.ForumChannel)]
    return [(f"#{one.name}", f"<#{one.id}|{one.name}>") for one in usable][:MOST_CLUBS]
