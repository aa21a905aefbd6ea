"""Reads Slack's payloads into interactions."""

from __future__ import annotations

from adapters.slack.render.delivery_metadata import key_of_action
from adapters.slack.transport.interaction import Interaction, Json, Origin
from bot.chat.gateway import Location


def from_command(command: Json) -> Interaction:
    """The interaction of a slash command."""
    return Interaction(
        user=str(command["user_id"]),
        name=str(command.get("user_name", "")),
        where=Location("slack", str(command["team_id"]), str(command["channel_id"])),
        trigger=str(command.get("trigger_id", "")),
        response_url=str(command.get("response_url", "")),
    )


def from_click(body: Json) -> Interaction:
    """The interaction of a click on a message, in a modal, or on the Home tab."""
    container, message, view = body.get("container") or {}, body.get("message") or {}, body.get("view") or {}
    user = body["user"]
    if view:
        origin, modal = Origin.of(view), view.get("type") == "modal"
        at = Location("slack", str(body["team"]["id"]), origin.room, origin.thread, origin.message)
        return Interaction(
            user=str(user["id"]),
            name=str(user.get("name", "")),
            where=at,
            trigger=str(body.get("trigger_id", "")),
            view=str(view["id"]) if modal else "",
            home=origin.home or not modal,
            public=origin.public,
        )
    return Interaction(
        user=str(user["id"]),
        name=str(user.get("name", "")),
        where=Location(
            "slack",
            str(body["team"]["id"]),
            str((body.get("channel") or {}).get("id") or container.get("channel_id", "")),
            _reply_thread(message.get("thread_ts") or container.get("thread_ts"), container.get("message_ts")),
            str(container.get("message_ts", "")),
        ),
        trigger=str(body.get("trigger_id", "")),
        response_url=str(body.get("response_url", "")),
        public=not container.get("is_ephemeral"),
        key=key_of_action(next(iter(body.get("actions") or ()), {})),
    )


def from_form(body: Json) -> Interaction:
    """The interaction of a submitted form, which is answered like the interaction that opened it."""
    origin, user = Origin.of(body["view"]), body["user"]
    return Interaction(
        user=str(user["id"]),
        name=str(user.get("name", "")),
        where=Location("slack", str(body["team"]["id"]), origin.room, origin.thread, origin.message),
        response_url=origin.response_url,
        view=origin.view,
        home=origin.home,
        public=origin.public,
    )


def from_shortcut(body: Json) -> Interaction:
    """The interaction of a message's menu entry or of a global shortcut, which has no channel."""
    message, user = body.get("message") or {}, body["user"]
    return Interaction(
        user=str(user["id"]),
        name=str(user.get("name", "")),
        where=Location(
            "slack",
            str(body["team"]["id"]),
            str((body.get("channel") or {}).get("id", "")),
            _reply_thread(message.get("thread_ts"), message.get("ts")),
            str(message.get("ts") or body.get("message_ts") or ""),
        ),
        trigger=str(body.get("trigger_id", "")),
        response_url=str(body.get("response_url", "")),
    )


def from_mention(body: Json) -> Interaction:
    """The interaction of a message that mentions the bot: answered in its thread, or else in the channel."""
    event = body["event"]
    thread = _reply_thread(event.get("thread_ts"), event["ts"])
    where = Location("slack", str(body["team_id"]), str(event["channel"]), thread, str(event["ts"]))
    return Interaction(user=str(event["user"]), name="", where=where)


def from_link_shared(team: str, event: Json) -> tuple[Interaction, list[str]]:
    """The interaction of a message with links to a domain that the app is told of, and the links."""
    thread = _reply_thread(event.get("thread_ts"), event.get("message_ts"))
    where = Location("slack", team, str(event.get("channel", "")), thread, str(event.get("message_ts", "")))
    urls = [str(link.get("url", "")) for link in event.get("links") or ()]
    return Interaction(user=str(event.get("user", "")), name="", where=where), urls


def _reply_thread(thread: object, message: object) -> str:
    """The thread that a message is a reply in; empty for a thread's first message, which is in the channel.

    An ephemeral message in a thread is visible only to those who have it open, so a thread's first message is answered
    in the channel.
    """
    return str(thread) if thread and thread != message else ""
