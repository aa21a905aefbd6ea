"""The doctor's checks of Discord, asked of Discord itself, not of caches."""

from __future__ import annotations

from collections.abc import Sequence

import discord

from adapters.discord.setup.permissions import missing_permissions_text
from adapters.discord.transport.requests import ask
from adapters.discord.transport.rest_client import RestClient
from bot.chat.gateway import DoctorFinding, Location, NotSent, Refused
from bot.locale.current import _, mark_text

INVITE = mark_text("Invite me with the link that `journalclub invite discord` prints.")


async def check(
    rest_client: RestClient,
    workspace: str,
    rooms: Sequence[Location],
    expected: set[str],
    listening: str,
    ping: str = "",
) -> list[DoctorFinding]:
    """Check token, connection, commands, and the permissions in each room. `listening` is the reason why the bot is not
    connected; empty if it is.
    """
    try:
        client = rest_client.client
        me = await ask(client.fetch_user(rest_client.me))
    except (NotSent, Refused) as error:
        return [DoctorFinding("Discord", False, str(error))]
    connected = _("connected as {me}; nothing has to be turned on in the developer portal", me=me.name)
    found = [DoctorFinding("Discord", not listening, listening or connected)]
    if not workspace:  # before the bot is in a server
        return found
    try:
        found.append(await _commands(client, workspace, expected))
        guild = await ask(client.fetch_guild(int(workspace), with_counts=False))
        myself = await ask(guild.fetch_member(rest_client.me))
        channels = {channel.id: channel for channel in await ask(guild.fetch_channels())}
    except (NotSent, Refused) as error:
        return [*found, DoctorFinding(_("Discord server"), False, f"{error}. {_(INVITE)}")]
    found.append(DoctorFinding(_("Discord server"), True, _("I am in {guild}", guild=guild.name)))
    if ping:
        found.append(_pinged_role(guild.get_role(int(ping)), myself))
    for room in rooms:
        channel = channels.get(int(room.room))
        wrong = missing_permissions_text(channel, myself)
        name = f"#{channel.name}" if channel else _("Channel {room}", room=room.room)
        kind = channel.type.name if channel else ""
        found.append(DoctorFinding(name, not wrong, wrong or _("a {kind} channel I can use", kind=kind)))
    return found


def check_reactions(emoji: str, *, heard: bool) -> DoctorFinding:
    """Check that the program hears of the reactions that a club counts as votes."""
    if heard:
        return DoctorFinding(_("Votes by reaction"), True, _("{emoji} on a paper’s card is a vote", emoji=emoji))
    deaf = _(
        "the club counts {emoji} as a vote, but Discord does not tell me of reactions. Set "
        "JOURNALCLUB_DISCORD__REACTIONS to yes and restart the program. This uses the intent "
        "GUILD_MESSAGE_REACTIONS, which needs no switch in the developer portal.",
        emoji=emoji,
    )
    return DoctorFinding(_("Votes by reaction"), False, deaf)


def _pinged_role(role: discord.Role | None, myself: discord.Member) -> DoctorFinding:
    """Check that the role which new editions mention can be mentioned."""
    if role is None:
        gone = _("the role that new editions mention is gone: choose another with `/clubadmin ping`")
        return DoctorFinding(_("Mention in editions"), False, gone)
    if role.mentionable or myself.guild_permissions.mention_everyone:
        return DoctorFinding(_("Mention in editions"), True, _("@{role} can be mentioned", role=role.name))
    closed = _(
        "A mention of @{role} notifies nobody: under Server Settings → Roles → {role} turn on “Allow anyone to "
        "@mention this role”",
        role=role.name,
    )
    return DoctorFinding(_("Mention in editions"), False, closed)


async def _commands(client: discord.Client, workspace: str, expected: set[str]) -> DoctorFinding:
    """Check that Discord has registered the commands of this version."""
    application = client.application_id
    assert application is not None, "there is one after the login"
    registered = {
        name
        for commands in (
            await ask(client.http.get_global_commands(application)),
            await ask(client.http.get_guild_commands(application, int(workspace))),
        )
        for command in commands
        for name in _names(command)
    }
    if missing := sorted(expected - registered):
        names = ", ".join(f"/{name}" for name in missing[:5])
        text = _("Discord does not know {names}. Restart the bot to register them again.", names=names)
        return DoctorFinding(_("Commands"), False, text)
    return DoctorFinding(_("Commands"), True, _("{expected_count} are registered", expected_count=len(expected)))


def _names(command: object, before: str = "") -> list[str]:
    """The full names of a registered command and its subcommands."""
    assert isinstance(command, dict)
    name = f"{before} {command['name']}".strip()
    inner = [option for option in command.get("options", ()) if option["type"] in (1, 2)]
    return [found for option in inner for found in _names(option, name)] if inner else [name]
