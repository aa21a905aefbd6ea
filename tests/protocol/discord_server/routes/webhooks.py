"""What follows the first answer: the original changed, and messages after it, for fifteen minutes."""

from __future__ import annotations

from .. import posting, wire
from ..errors import ApiError
from ..interaction import CallbackType, Interaction
from ..routing import Answer, Call, route
from ..state import Flag, Json, Message
from .callbacks import say

WEBHOOK = "/webhooks/{webhook_id}/{webhook_token}"
ORIGINAL = f"{WEBHOOK}/messages/@original"
MESSAGE = f"{WEBHOOK}/messages/{{message_id}}"


@route(f"POST {WEBHOOK}")
def follow_up(call: Call) -> Answer:
    one, body = _interaction(call), call.payload()
    waiting = one.response
    if waiting is not None and waiting.loading and one.answered_as is CallbackType.DEFERRED_MESSAGE:
        # The first message after "thinking" takes its place, and its audience.
        flags = (body.get("flags") or 0) & ~Flag.EPHEMERAL
        _edit(call, one, waiting, {**body, "flags": flags})
        return Answer(wire.message(call.world, waiting))
    message = say(call, one, body)
    one.followups.append(message)
    one.settled_at = one.settled_at or call.world.clock.now()
    return Answer(wire.message(call.world, message))


@route(f"GET {ORIGINAL}")
def get_original(call: Call) -> Answer:
    return Answer(wire.message(call.world, _original(_interaction(call))))


@route(f"PATCH {ORIGINAL}")
def edit_original(call: Call) -> Answer:
    one = _interaction(call)
    message = _original(one)
    _edit(call, one, message, call.payload())
    return Answer(wire.message(call.world, message))


@route(f"DELETE {ORIGINAL}")
def delete_original(call: Call) -> Answer:
    one = _interaction(call)
    posting.delete(call, _original(one))
    one.settled_at = one.settled_at or call.world.clock.now()
    return Answer()


@route(f"GET {MESSAGE}")
def get_followup(call: Call) -> Answer:
    return Answer(wire.message(call.world, _of(call, _interaction(call))))


@route(f"PATCH {MESSAGE}")
def edit_followup(call: Call) -> Answer:
    one = _interaction(call)
    message = _of(call, one)
    _edit(call, one, message, call.payload())
    return Answer(wire.message(call.world, message))


@route(f"DELETE {MESSAGE}")
def delete_followup(call: Call) -> Answer:
    posting.delete(call, _of(call, _interaction(call)))
    return Answer()


def _interaction(call: Call) -> Interaction:
    one = call.world.tokens.get(call.parameters["webhook_token"])
    if one is None or call.id("webhook_id") != call.world.application_id or one.answered_as is None:
        raise ApiError(10015)
    if not one.alive(call.world.clock.for_limits()):
        raise ApiError(50027)
    if call.world.find_channel(one.channel.id) is None:
        raise ApiError(10003)
    return one


def _original(one: Interaction) -> Message:
    if one.response is None or one.response.gone:
        raise ApiError(10008)
    return one.response


def _of(call: Call, one: Interaction) -> Message:
    wanted = call.id("message_id")
    mine = [*one.followups, *([one.response] if one.response else [])]
    message = next((message for message in mine if message.id == wanted and not message.gone), None)
    if message is None:
        raise ApiError(10008)
    return message


def _edit(call: Call, one: Interaction, message: Message, body: Json) -> None:
    posting.edit(call, one.channel, message, body)
    one.settled_at = one.settled_at or call.world.clock.now()
