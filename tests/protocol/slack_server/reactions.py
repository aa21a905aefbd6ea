"""Reactions to messages: what people add and take away, the events of it, and `reactions.get`."""

from __future__ import annotations

from typing import Any

from tests.protocol.slack_server.asking import ApiRequest, method
from tests.protocol.slack_server.delivery import PayloadDispatcher
from tests.protocol.slack_server.forms import ActionUnavailable
from tests.protocol.slack_server.ledger import Ack
from tests.protocol.slack_server.posts import Message
from tests.protocol.slack_server.world import Refusal, ServerState

Json = dict[str, Any]


async def react(
    world: ServerState, dispatcher: PayloadDispatcher, user: str, message: Message, name: str, *, added: bool
) -> Ack | None:
    """Somebody adds a reaction or takes it away; the app hears of it in channels that it is in."""
    users = message.reactions.setdefault(name, [])
    if added == (user in users):
        raise ActionUnavailable(f"{user} has {'already' if added else 'not'} reacted with {name}")
    if added:
        users.append(user)
    else:
        users.remove(user)
    return await tell(world, dispatcher, user, message, name, added=added)


async def tell(
    world: ServerState, dispatcher: PayloadDispatcher, user: str, message: Message, name: str, *, added: bool
) -> Ack | None:
    """Send the event of a reaction (docs.slack.dev, "reaction_added")."""
    bot = world.installations[message.team].bot_user
    if bot not in world.channels[message.channel].members:
        return None
    event: Json = {
        "type": "reaction_added" if added else "reaction_removed",
        "user": user,
        "reaction": name,
        "item_user": message.user,
        "item": {"type": "message", "channel": message.channel, "ts": message.ts},
        "event_ts": world.next_ts(),
    }
    return await dispatcher.report(message.team, event)


@method("reactions.get", "channel timestamp file file_comment full", scopes="reactions:read")
def reactions_get(ask: ApiRequest) -> Json:
    channel = ask.channel()
    message = channel.messages.get(ask.word("timestamp"))
    if message is None or message.deleted or message.ephemeral_to:
        raise Refusal("message_not_found")
    shown = message.json()
    # Without `full` Slack may leave people out.
    most = 100 if ask.flag("full") else 2
    reactions = [
        {"name": name, "users": users[:most], "count": len(users)} for name, users in message.reactions.items() if users
    ]
    return {"ok": True, "type": "message", "channel": channel.id, "message": shown | {"reactions": reactions}}
