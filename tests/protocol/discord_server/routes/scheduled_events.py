"""Scheduled events of a guild: external ones, as Discord's document of "Guild Scheduled Event" has them."""

from __future__ import annotations

from datetime import datetime

from .. import permissions, wire
from ..errors import ApiError, Problem
from ..routing import Answer, Call, route
from ..state import Guild, Json

EXTERNAL = 3
SCHEDULED, ACTIVE, CANCELED = 1, 2, 4
MAX_EVENTS = 100
"""Scheduled and active events that a guild may have (error 30038)."""


@route("GET /guilds/{guild_id}/scheduled-events")
def get_events(call: Call) -> Answer:
    return Answer([_shown(call, event) for event in _guild(call).scheduled_events.values()])


@route("POST /guilds/{guild_id}/scheduled-events")
def create_event(call: Call) -> Answer:
    guild = _guild(call)
    if not permissions.granted(guild, call.world.bot.id) & permissions.CREATE_EVENTS:
        raise ApiError(50013)
    open_events = [e for e in guild.scheduled_events.values() if e["status"] in (SCHEDULED, ACTIVE)]
    if len(open_events) >= MAX_EVENTS:
        raise ApiError(30038)
    body = call.payload()
    call.refuse_if(_faults(call, body))
    event: Json = {
        "id": str(call.world.ids.next()),
        "guild_id": str(guild.id),
        "channel_id": None,
        "creator_id": str(call.world.bot.id),
        "name": body["name"],
        "description": body.get("description"),
        "scheduled_start_time": body["scheduled_start_time"],
        "scheduled_end_time": body["scheduled_end_time"],
        "privacy_level": body["privacy_level"],
        "status": SCHEDULED,
        "entity_type": body["entity_type"],
        "entity_id": None,
        "entity_metadata": body["entity_metadata"],
        "image": None,
    }
    guild.scheduled_events[int(event["id"])] = event
    return Answer(_shown(call, event))


@route("PATCH /guilds/{guild_id}/scheduled-events/{guild_scheduled_event_id}")
def edit_event(call: Call) -> Answer:
    guild = _guild(call)
    event = guild.scheduled_events.get(call.id("guild_scheduled_event_id"))
    if event is None:
        raise ApiError(10070)
    if not permissions.granted(guild, call.world.bot.id) & permissions.CREATE_EVENTS:
        raise ApiError(50013)
    if event["status"] not in (SCHEDULED, ACTIVE):
        raise ApiError(180000)
    body = call.payload()
    if "status" in body and (event["status"], body["status"]) not in ((1, 2), (1, 4), (2, 3)):
        call.breach([Problem("status", "no such step of an event's status")], 50035)
    merged = event | body
    if body.keys() & {"scheduled_start_time", "scheduled_end_time", "entity_metadata"}:
        call.refuse_if(_faults(call, merged))
    event |= body
    return Answer(_shown(call, event))


@route("DELETE /guilds/{guild_id}/scheduled-events/{guild_scheduled_event_id}")
def delete_event(call: Call) -> Answer:
    if _guild(call).scheduled_events.pop(call.id("guild_scheduled_event_id"), None) is None:
        raise ApiError(10070)
    return Answer()


def _guild(call: Call) -> Guild:
    return call.world.guild(call.id("guild_id"))


def _shown(call: Call, event: Json) -> Json:
    return event | {"creator": wire.user(call.world.bot)}


def _faults(call: Call, body: Json) -> list[Problem]:
    """What Discord's document says beyond the schema: an external event has a place and an end, and is to come."""
    faults: list[Problem] = []
    if body.get("entity_type") != EXTERNAL:
        return [Problem("entity_type", "this server models external events")]
    if not (body.get("entity_metadata") or {}).get("location"):
        faults.append(Problem("entity_metadata.location", "required for an external event"))
    if not body.get("scheduled_end_time"):
        return [*faults, Problem("scheduled_end_time", "required for an external event")]
    start, end = (datetime.fromisoformat(body[f"scheduled_{which}_time"]) for which in ("start", "end"))
    if end <= start:
        faults.append(Problem("scheduled_end_time", "must be after the start"))
    return faults
