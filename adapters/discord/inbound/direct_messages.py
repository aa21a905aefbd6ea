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
from bot.chat.cards import Button, Buttons, Card, Tone, text
from bot.domain.preferences import Preferences
from bot.locale.current import _

log = logging.getLogger(__name__)

Interaction = discord.Interaction[Any]

CHOICES = "clubs"
"""Key of `extras` for the servers to choose from: (id, name of the club, id of the club)."""

MEMBER_TIMEOUT = 1.0
"""Seconds to ask Discord for somebody's roles in a server; the first answer must come within three."""

MOST_CLUBS = 25


async def find_club(app: App, interaction: Interaction) -> None:
    """Find the server that a direct message is about: that of the pressed button, the only one, or the chosen one."""
    known = await _servers(app, interaction)
    guild = _signed(app, interaction, [guild for guild, _name, _club in known]) or await _chosen(
        app, interaction, known
    )
    interaction.extras[CHOICES] = known
    if guild:
        interaction.extras[GUILD] = guild
        interaction.extras[MEMBER] = await _member(interaction, guild)


async def _servers(app: App, interaction: Interaction) -> list[tuple[str, str, int]]:
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


def _signed(app: App, interaction: Interaction, guilds: Sequence[str]) -> str:
    """The server whose signature the pressed button or the sent form has; empty if there is none."""
    data: Any = interaction.data or {}
    ids = [str(data.get("custom_id", "")), *map(str, data.get("values") or ())]
    secret = app.installation.secret
    return next((g for g in guilds if any(CustomIdSigner(secret, g).verify(one) for one in ids)), "")


async def _chosen(app: App, interaction: Interaction, known: Sequence[tuple[str, str, int]]) -> str:
    """The only server, or the one of the club that the person has chosen; empty if they have to choose."""
    if len(known) == 1:
        return known[0][0]
    async with app.store.read_admin_session() as admin:
        joined = await admin.directory.of_person("discord", str(interaction.user.id))
    chosen = {club.id for _workspace, club, member in joined if Preferences.of(member.prefs).direct_messages_here}
    return next((guild for guild, _name, club in known if club in chosen), "")


async def _member(interaction: Interaction, guild_id: str) -> discord.Member | None:
    """The person as a member of a server, with their roles; None if Discord does not say it in time."""
    guild: discord.Guild | None = interaction.client.get_guild(int(guild_id))
    if guild is None:
        return None
    try:
        async with asyncio.timeout(MEMBER_TIMEOUT):
            return await guild.fetch_member(interaction.user.id)
    except (discord.HTTPException, OSError) as error:  # a timeout is an OSError
        log.info("a member of %s was not found: %r", guild.name, error)
        return None


def choice_card(interaction: Interaction) -> Card:
    """The answer to somebody who has to choose a club first, or is in none."""
    known: Sequence[tuple[str, str, int]] = interaction.extras.get(CHOICES, ())
    if not known:
        say = _("I do not know which club you mean. Run a command in your server first; then I can answer here too.")
        return Card(_("You are not in a club yet"), (text(say),), Tone.BAD)
    row = tuple(Button(name, Call.of("my club", club)) for _guild, name, club in known)
    say = _("From now on, your commands here are about this club. `/my club` changes it.").replace("`", "")
    return Card(_("Which club do you mean?"), (text(say), Buttons(row[:5], row[5:])))


def channel_options(interaction: Interaction) -> list[tuple[str, str]]:
    """The channels of the club's server as (label, mention), where Discord's own list has none."""
    guild = interaction.client.get_guild(int(interaction.extras.get(GUILD) or 0))
    if interaction.guild_id is not None or guild is None:
        return []
    usable = [one for one in guild.channels if isinstance(one, discord.TextChannel | discord.ForumChannel)]
    return [(f"#{one.name}", f"<#{one.id}|{one.name}>") for one in usable][:MOST_CLUBS]
