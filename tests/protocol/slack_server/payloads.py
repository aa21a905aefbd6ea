"""The payloads Slack sends when people do things, field by field as docs.slack.dev shows them."""

from __future__ import annotations

import copy
import uuid
from typing import Any

from tests.protocol.slack_server.blocks import Control
from tests.protocol.slack_server.forms import initial_state
from tests.protocol.slack_server.handles import Handles
from tests.protocol.slack_server.posts import Message, View
from tests.protocol.slack_server.things import Channel, User
from tests.protocol.slack_server.world import ServerState

Json = dict[str, Any]


class Payloads:
    """Builds payloads; each has its own trigger_id and, where Slack gives one, a response_url."""

    def __init__(self, world: ServerState, handles: Handles) -> None:
        self._world, self._handles = world, handles

    def command(self, user: User, channel: Channel, command: str, text: str) -> Json:
        """A slash command; every value is a string, as in the form that HTTP mode posts."""
        return {
            "token": self._world.app.verification_token,
            "team_id": user.team,
            "team_domain": self._world.teams[user.team].domain,
            "channel_id": channel.id,
            "channel_name": "privategroup" if channel.is_private else channel.name,
            "user_id": user.id,
            "user_name": user.name,
            "command": command,
            "text": text,
            "api_app_id": self._world.app.id,
            "is_enterprise_install": "false",
            "response_url": self._handles.response_url(user.team, channel.id, user.id),
            "trigger_id": self._handles.trigger(user.team, user.id),
        }

    def block_actions(self, user: User, where: Message | View, action: Json) -> Json:
        """A press of a button or a choice from a menu."""
        payload = self._interaction("block_actions", user, where)
        payload["actions"] = [{**action, "action_ts": f"{self._world.clock.now():.6f}"}]
        if isinstance(where, View):
            return payload | self._view_place(where)
        if where.ephemeral_to:
            payload |= self._message_place(where)
        else:
            payload |= {**self._message_place(where), "message": where.json()}
        values = initial_state(where.blocks)
        if action["type"] not in ("button", "overflow"):
            kept = {k: v for k, v in action.items() if k.startswith(("selected_", "value"))}
            values.setdefault(action["block_id"], {})[action["action_id"]] = {"type": action["type"], **kept}
        url = self._handles.response_url(user.team, where.channel, user.id, where, _thread(where))
        return {**payload, "state": {"values": values}, "response_url": url}

    def suggestion(self, user: User, where: Message | View, control: Control, typed: str) -> Json:
        """Somebody types into a menu that asks the app for its choices."""
        payload = self._interaction("block_suggestion", user, where)
        payload.pop("trigger_id")
        place = self._view_place(where) if isinstance(where, View) else self._message_place(where)
        if isinstance(where, Message) and not where.ephemeral_to:
            place["message"] = where.json()
        return {
            **payload,
            **place,
            "action_id": control.action_id,
            "block_id": control.block_id,
            "value": typed,
        }

    def submission(self, user: User, view: View) -> Json:
        """A modal is sent off."""
        payload = self._interaction("view_submission", user, view)
        return {**payload, "view": view.json(), "response_urls": self._response_urls(user, view)}

    def closed(self, user: User, view: View, cleared: bool) -> Json:
        """A modal is closed without sending."""
        payload = self._interaction("view_closed", user, view)
        payload.pop("trigger_id")
        return {**payload, "view": view.json(), "is_cleared": cleared}

    def message_shortcut(self, user: User, callback_id: str, message: Message) -> Json:
        """A shortcut from a message's menu."""
        payload = self._interaction("message_action", user, message)
        channel = self._world.channels[message.channel]
        url = self._handles.response_url(user.team, channel.id, user.id, None, _thread(message))
        return {
            **payload,
            "callback_id": callback_id,
            "action_ts": f"{self._world.clock.now():.6f}",
            "channel": {"id": channel.id, "name": channel.name},
            "message_ts": message.ts,
            "message": message.json(),
            "response_url": url,
        }

    def global_shortcut(self, user: User, callback_id: str) -> Json:
        """A shortcut from the lightning menu or the search."""
        payload = self._interaction("shortcut", user, None)
        return {**payload, "callback_id": callback_id, "action_ts": f"{self._world.clock.now():.6f}"}

    def message_event(self, message: Message, kind: str = "message", **more: Any) -> Json:
        """A message, as app_mention and message events tell of it."""
        event = message.json()
        event |= {"type": kind, "channel": message.channel, "event_ts": message.ts}
        if not message.bot_id:
            event["client_msg_id"] = str(uuid.uuid4())
        return event | more

    def _interaction(self, kind: str, user: User, where: Message | View | None) -> Json:
        team = self._world.teams[user.team]
        return {
            "type": kind,
            "user": {"id": user.id, "username": user.name, "name": user.name, "team_id": user.team},
            "api_app_id": self._world.app.id,
            "token": self._world.app.verification_token,
            "trigger_id": self._handles.trigger(user.team, user.id, where if isinstance(where, View) else None),
            "team": {"id": team.id, "domain": team.domain},
            "enterprise": None,
            "is_enterprise_install": False,
        }

    def _view_place(self, view: View) -> Json:
        return {"container": {"type": "view", "view_id": view.id}, "view": view.json()}

    def _message_place(self, message: Message) -> Json:
        channel = self._world.channels[message.channel]
        container: Json = {
            "type": "message",
            "message_ts": message.ts,
            "channel_id": channel.id,
            "is_ephemeral": bool(message.ephemeral_to),
        }
        if message.thread_ts:
            container["thread_ts"] = message.thread_ts
        return {"container": container, "channel": {"id": channel.id, "name": channel.name}}

    def _response_urls(self, user: User, view: View) -> list[Json]:
        """One URL for each conversation menu that was marked with response_url_enabled."""
        urls = []
        for control in view.controls:
            if not control.element.get("response_url_enabled"):
                continue
            value = view.state[control.block_id][control.action_id]
            channel = value.get("selected_conversation") or value.get("selected_channel")
            if channel:
                url = self._handles.response_url(user.team, channel, user.id)
                place = {"block_id": control.block_id, "action_id": control.action_id, "channel_id": channel}
                urls.append({**place, "response_url": url})
        return urls


def _thread(message: Message) -> str | None:
    """The thread in which an interaction is answered: that of a reply; what stands in the channel is answered there."""
    return message.thread_ts if message.thread_ts != message.ts else None


def action_of(control: Control, value: Json | None = None) -> Json:
    """One entry of `actions`: what was pressed, or what was chosen (`value`, as view.state holds it)."""
    element = copy.deepcopy(control.element)
    action: Json = {"type": element["type"], "action_id": control.action_id, "block_id": control.block_id}
    if control.option is not None:
        return action | {"selected_option": copy.deepcopy(control.option)}
    if value is not None:
        return action | value
    return action | {key: element[key] for key in ("text", "value", "url", "style") if key in element}
