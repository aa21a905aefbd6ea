"""The first answer to an interaction: within three seconds, once, and of a kind that fits what was done."""

from __future__ import annotations

from .. import posting, wire
from ..component_rules import check_modal
from ..errors import ApiError, Problem
from ..interaction import CallbackType, Choice, Interaction, InteractionType
from ..routing import Answer, Call, route
from ..state import Flag, Json, Message

FITS = {
    InteractionType.COMMAND: {CallbackType.MESSAGE, CallbackType.DEFERRED_MESSAGE, CallbackType.MODAL},
    InteractionType.COMPONENT: set(CallbackType) - {CallbackType.CHOICES},
    InteractionType.AUTOCOMPLETE: {CallbackType.CHOICES},
    InteractionType.MODAL_SUBMIT: {CallbackType.MESSAGE, CallbackType.DEFERRED_MESSAGE},
}
"""Which answers fit what; a form opened from a message's button may also update that message."""

UPDATES = {CallbackType.UPDATE, CallbackType.DEFERRED_UPDATE}


@route("POST /interactions/{interaction_id}/{interaction_token}/callback")
def answer_first(call: Call) -> Answer:
    one = call.world.interactions.get(call.id("interaction_id"))
    if one is None or one.token != call.parameters["interaction_token"]:
        raise ApiError(10062)
    now = call.world.clock.now()
    if one.answered_as is not None:
        raise ApiError(40060)
    if not one.answerable(call.world.clock.for_limits()):
        raise ApiError(10062)
    body = call.payload()
    kind = CallbackType(body["type"])
    _refuse_misfit(call, one, kind)
    _apply(call, one, kind, body.get("data") or {})
    one.answered_as, one.answered_at = kind, now
    if kind not in (CallbackType.DEFERRED_MESSAGE, CallbackType.DEFERRED_UPDATE):
        one.settled_at = now
    if call.query.get("with_response", "").lower() not in ("1", "true"):
        return Answer()
    return Answer(_response(call, one, kind))


def _refuse_misfit(call: Call, one: Interaction, kind: CallbackType) -> None:
    fits = FITS[one.type]
    if one.type is InteractionType.MODAL_SUBMIT and one.source is not None:
        fits = fits | UPDATES
    if kind not in fits:
        problem = Problem("type", f"{kind.name} does not answer {one.type.name}")
        call.breach([problem], 50035)


def _apply(call: Call, one: Interaction, kind: CallbackType, data: Json) -> None:
    match kind:
        case CallbackType.MESSAGE:
            one.response = say(call, one, data)
        case CallbackType.DEFERRED_MESSAGE:
            one.response = _think(call, one, data)
        case CallbackType.DEFERRED_UPDATE:
            one.response = one.source
        case CallbackType.UPDATE:
            source = one.source
            if source is None or source.gone:
                raise ApiError(10008)
            posting.edit(call, one.channel, source, data)
            one.response = source
        case CallbackType.CHOICES:
            one.choices = _choices(call, one, data)
        case CallbackType.MODAL:
            call.refuse_if(check_modal(data))
            one.modal = data


def say(call: Call, one: Interaction, data: Json) -> Message:
    """Post a message that answers an interaction, seen by one or by all."""
    private = bool((data.get("flags") or 0) & Flag.EPHEMERAL)
    return posting.create(
        call,
        one.channel,
        data,
        only_for=one.user if private else None,
        interaction=metadata(call, one),
        ephemeral_allowed=True,
    )


def metadata(call: Call, one: Interaction) -> Json:
    """What a message says about the interaction it answers."""
    owner = str(one.guild.id) if one.guild else "0"
    body: Json = {
        "id": str(one.id),
        "type": int(one.type),
        "user": wire.user(one.user),
        "authorizing_integration_owners": {"0": owner},
    }
    if one.type is InteractionType.COMMAND:
        body["name"] = one.data["name"]
    elif one.type is InteractionType.COMPONENT and one.source is not None:
        body["interacted_message_id"] = str(one.source.id)
    elif one.type is InteractionType.MODAL_SUBMIT:
        body["triggering_interaction_metadata"] = {
            "id": str(one.id),
            "type": int(InteractionType.COMMAND),
            "user": wire.user(one.user),
            "authorizing_integration_owners": {"0": owner},
        }
    return body


def _think(call: Call, one: Interaction, data: Json) -> Message:
    """A deferred answer carries nothing but whether it will be seen by one or by all."""
    flags = data.get("flags") or 0
    if set(data) - {"flags"} or flags & ~Flag.EPHEMERAL:
        call.breach([Problem("data", "a deferred answer takes the EPHEMERAL flag and nothing else")], 50035)
    world = call.world
    message = Message(
        world.ids.next(),
        one.channel.id,
        one.channel.guild_id,
        world.bot,
        world.clock.now(),
        flags=flags | Flag.LOADING,
        only_for=one.user.id if flags & Flag.EPHEMERAL else None,
        interaction=metadata(call, one),
    )
    posting.add(world, one.channel, message)
    call.events.message("MESSAGE_CREATE", message)
    return message


def _choices(call: Call, one: Interaction, data: Json) -> list[Choice]:
    choices: list[Json] = data.get("choices") or []
    problems = [
        Problem(f"data.choices.{index}.value", "Must be 100 or fewer in length.")
        for index, choice in enumerate(choices)
        if len(str(choice["value"])) > 100
    ]
    call.refuse_if(problems)
    return [Choice(choice["name"], choice["value"]) for choice in choices]


def _response(call: Call, one: Interaction, kind: CallbackType) -> Json:
    interaction: Json = {"id": str(one.id), "type": int(one.type), "channel_id": str(one.channel.id)}
    if one.guild is not None:
        interaction["guild_id"] = str(one.guild.id)
    body: Json = {"interaction": interaction}
    if one.response is not None:
        interaction["response_message_id"] = str(one.response.id)
        interaction["response_message_loading"] = one.response.loading
        interaction["response_message_ephemeral"] = one.response.ephemeral
        if kind in (CallbackType.MESSAGE, CallbackType.UPDATE):
            body["resource"] = {"type": int(kind), "message": wire.message(call.world, one.response)}
    return body
