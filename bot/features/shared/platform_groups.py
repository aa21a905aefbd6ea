"""Roles and user groups as people name them: by a mention, or by the name that the platform shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.app import Context
from bot.chat.gateway_capabilities import GroupDirectory
from bot.chat.mentions import Mention


async def group_names(ctx: Context) -> Mapping[str, str]:
    """Names of the roles or user groups where the request came from, by id; empty where the platform has none."""
    gateway: object = ctx.app.gateways.get(ctx.where.platform)
    return await gateway.group_names(ctx.where.workspace) if isinstance(gateway, GroupDirectory) else {}


def named_group(who: Mention, names: Mapping[str, str]) -> Mention:
    """A mention with what the platform knows of it: the name of a group by its id, the id of the only group with a
    name.
    """
    if who.id:
        known = names.get(who.id, "")
        return replace(who, name=known or who.name, group=who.group or bool(known))
    wanted = who.name.strip().removeprefix("@").casefold()
    found = [id for id, name in names.items() if wanted and name.removeprefix("@").casefold() == wanted]
    return Mention(found[0], names[found[0]], group=True) if len(found) == 1 else who
