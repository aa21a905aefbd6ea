"""Discord's scheduled events of a server: created, changed and canceled, and found again by the key in their text.

They are external events (a place in words, an end), which need only the permission “Create Events”.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import discord

from adapters.discord.transport.requests import FORBIDDEN, ask, code_of, send
from adapters.discord.transport.rest_client import RestClient
from bot.chat.gateway import Location, Refused
from bot.chat.platform_events import EventGone, PlatformEvent
from bot.chat.text import truncate

MAX_NAME, MAX_LOCATION, MAX_DESCRIPTION = 100, 100, 1_000
"""Characters of an event's texts (Discord, "Guild Scheduled Event")."""
EXTERNAL, GUILD_ONLY = 3, 2
SCHEDULED, ACTIVE, CANCELED = 1, 2, 4
UNKNOWN_EVENT, FINISHED_EVENT, TOO_MANY_EVENTS = 10070, 180000, 30038
MARK = "Journal Club "
"""Beginning of the last line of an event's text, before its key."""
NOT_ALLOWED = "my role lacks “Create Events”: Server Settings → Roles → my role → allow it"


async def events(rest_client: RestClient, where: Location) -> Mapping[str, str]:
    """Ids of our events to come, by key."""
    http = rest_client.client.http
    found: list[Any] = list(await ask(http.get_scheduled_events(int(where.workspace), False)))
    return {
        key: str(event["id"])
        for event in found
        if event.get("creator_id") == str(rest_client.me)
        and event["status"] in (SCHEDULED, ACTIVE)
        and (key := _key_in(event.get("description") or ""))
    }


async def create(rest_client: RestClient, where: Location, event: PlatformEvent) -> str:
    """Create an event. Returns its id. Raises NotSent, Refused and OutcomeUnknown."""
    http = rest_client.client.http
    try:
        made: Any = await send(
            http.create_guild_scheduled_event(
                int(where.workspace), **_payload(event), entity_type=EXTERNAL, privacy_level=GUILD_ONLY
            ),
            once=True,
        )
    except Refused as error:
        raise _explained(error) from error
    return str(made["id"])


async def change(rest_client: RestClient, where: Location, id: str, event: PlatformEvent) -> None:
    """Change an event. Raises EventGone if it is not there any more, NotSent, Refused and OutcomeUnknown."""
    http = rest_client.client.http
    try:
        await send(http.edit_scheduled_event(int(where.workspace), int(id), **_payload(event)))
    except Refused as error:
        if code_of(error) in (UNKNOWN_EVENT, FINISHED_EVENT):
            raise EventGone from error
        raise _explained(error) from error


async def cancel(rest_client: RestClient, where: Location, id: str) -> None:
    """Cancel an event. Raises NotSent, Refused and OutcomeUnknown."""
    http = rest_client.client.http
    try:
        await send(http.edit_scheduled_event(int(where.workspace), int(id), status=CANCELED))
    except Refused as error:
        if code_of(error) not in (UNKNOWN_EVENT, FINISHED_EVENT):
            raise _explained(error) from error


def _payload(event: PlatformEvent) -> dict[str, Any]:
    mark = f"{MARK}{event.key}"
    text = truncate(event.description, MAX_DESCRIPTION - len(mark) - 2)
    return {
        "name": truncate(discord.utils.escape_mentions(event.name), MAX_NAME),
        "description": f"{discord.utils.escape_mentions(text)}\n\n{mark}" if text else mark,
        "scheduled_start_time": event.starts_at.isoformat(),
        "scheduled_end_time": event.ends_at.isoformat(),
        "entity_metadata": {"location": truncate(event.location, MAX_LOCATION)},
    }


def _key_in(description: str) -> str:
    """Key in the last line of an event's text; empty if there is none."""
    last = description.rpartition("\n")[2]
    return last.removeprefix(MARK) if last.startswith(MARK) else ""


def _explained(error: Refused) -> Refused:
    """The refusal in words about events."""
    if code_of(error) in (FORBIDDEN, 50001):
        return Refused(NOT_ALLOWED, of_channel=False)
    if code_of(error) == TOO_MANY_EVENTS:
        return Refused("this server has as many events as Discord allows", of_channel=False)
    return error
