"""The chat.* methods: posting, editing and deleting messages."""

from __future__ import annotations

from typing import Any

from tests.protocol.slack_server.asking import ApiRequest, method
from tests.protocol.slack_server.checks import look_at_message
from tests.protocol.slack_server.posts import Message
from tests.protocol.slack_server.things import Channel
from tests.protocol.slack_server.uploads import check_pictures
from tests.protocol.slack_server.world import Refusal

Json = dict[str, Any]


@method(
    "chat.postMessage",
    "channel* text blocks attachments markdown_text metadata thread_ts reply_broadcast unfurl_links unfurl_media "
    "mrkdwn link_names parse username icon_emoji icon_url as_user",
    scopes="chat:write",
)
def post_message(ask: ApiRequest) -> Json:
    channel = _place_to_speak(ask)
    _check_message(ask)
    for flag in ("unfurl_links", "unfurl_media"):
        if ask.args.get(flag) not in (False, "false", "0", 0):
            ask.world.breach(ask.method, f"{flag} is not false: links people chose would unfold")
    _check_thread(ask, channel)
    message = ask.world.post(_message(ask, channel), ask.method)
    return {"ok": True, "channel": channel.id, "ts": message.ts, "message": message.json(metadata=True)}


@method(
    "chat.postEphemeral",
    "channel* user* text blocks attachments markdown_text metadata thread_ts link_names parse username icon_emoji "
    "icon_url as_user",
    scopes="chat:write",
)
def post_ephemeral(ask: ApiRequest) -> Json:
    channel = _place_to_speak(ask)
    _check_message(ask)
    user = ask.word("user")
    if user not in ask.world.users or user not in channel.members:
        raise Refusal("user_not_in_channel")
    message = _message(ask, channel)
    message.ephemeral_to = user
    ask.world.post(message, ask.method)
    return {"ok": True, "message_ts": message.ts}


@method(
    "chat.update",
    "channel* ts* text blocks attachments markdown_text metadata link_names parse reply_broadcast as_user file_ids",
    scopes="chat:write",
)
def update(ask: ApiRequest) -> Json:
    channel = ask.channel()
    if channel.is_archived:
        raise Refusal("is_archived")
    message = _own_message(ask, channel, "cant_update_message")
    ask.judge(look_at_message(ask.args, ask.world.mentionable, updating=True))
    check_pictures(ask)
    replace(ask, message)
    return {
        "ok": True,
        "channel": channel.id,
        "ts": message.ts,
        "text": message.text,
        "message": message.json(metadata=True),
    }


@method("chat.delete", "channel* ts* as_user", scopes="chat:write")
def delete(ask: ApiRequest) -> Json:
    channel = ask.channel()
    message = _own_message(ask, channel, "cant_delete_message")
    ask.world.delete(message)
    return {"ok": True, "channel": channel.id, "ts": message.ts}


@method("chat.getPermalink", "channel* message_ts*")
def permalink(ask: ApiRequest) -> Json:
    channel = ask.channel()
    message = channel.messages.get(ask.word("message_ts"))
    if message is None or message.deleted or message.ephemeral_to:
        raise Refusal("message_not_found")
    domain = ask.world.teams[channel.team].domain
    link = f"https://{domain}.slack.com/archives/{channel.id}/p{message.ts.replace('.', '')}"
    if message.thread_ts and message.thread_ts != message.ts:
        link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"ok": True, "channel": channel.id, "permalink": link}


def replace(ask: ApiRequest, message: Message) -> None:
    """Put the new content into a message; what an edit would lose by oversight is a breach."""
    args, old = ask.args, message
    has_text = bool(args.get("text") or args.get("markdown_text"))
    public = not old.ephemeral_to  # a menu for one person may well give way to a sentence
    if public and old.blocks and "blocks" not in args and has_text:
        ask.world.breach(ask.method, "text without blocks: the blocks of the message are lost")
    if public and old.metadata and not args.get("metadata"):
        ask.world.breach(ask.method, "no metadata: the metadata of the message is lost")
    blocks = args.get("blocks")
    kept = old.blocks if blocks is None and not has_text else []
    ask.world.replace(
        message,
        ask.method,
        text=str(args.get("text") or args.get("markdown_text") or ("" if blocks else old.text)),
        blocks=blocks if blocks is not None else kept,
        attachments=args.get("attachments", old.attachments),
        metadata=args.get("metadata") or None,
    )


def _place_to_speak(ask: ApiRequest) -> Channel:
    channel = ask.channel()
    if channel.is_archived:
        raise Refusal("is_archived")
    if ask.here.bot_user not in channel.members and not (
        not channel.is_private and ask.here.allows(["chat:write.public"])
    ):
        raise Refusal("not_in_channel")
    return channel


def _check_message(ask: ApiRequest) -> None:
    if ask.flag("as_user"):
        raise Refusal("as_user_not_supported")
    if any(ask.args.get(key) for key in ("username", "icon_emoji", "icon_url")):
        ask.need("chat:write.customize")
    if ask.flag("link_names") or ask.word("parse") == "full":
        ask.world.breach(ask.method, "link_names or parse=full turns plain @words into mentions")
    ask.judge(look_at_message(ask.args, ask.world.mentionable))
    check_pictures(ask)


def _check_thread(ask: ApiRequest, channel: Channel) -> None:
    thread = ask.word("thread_ts")
    if not thread:
        return
    parent = channel.messages.get(thread)
    if parent is None or parent.deleted or parent.ephemeral_to:
        raise Refusal("cannot_reply_to_message")
    if parent.thread_ts and parent.thread_ts != parent.ts:
        ask.world.breach(ask.method, "thread_ts names a reply: Slack wants the message that began the thread")


def _message(ask: ApiRequest, channel: Channel) -> Message:
    thread = ask.word("thread_ts") or None
    if thread and (parent := channel.messages.get(thread)):
        thread = parent.thread_ts = parent.thread_ts or parent.ts
    return Message(
        team=ask.here.team,
        channel=channel.id,
        ts=ask.world.next_ts(),
        user=ask.here.bot_user,
        text=str(ask.args.get("text") or ask.args.get("markdown_text") or ""),
        blocks=ask.args.get("blocks") or [],
        attachments=ask.args.get("attachments") or [],
        thread_ts=thread,
        bot_id=ask.here.bot_id,
        app_id=ask.world.app.id,
        metadata=ask.args.get("metadata") or None,
    )


def _own_message(ask: ApiRequest, channel: Channel, error: str) -> Message:
    message = channel.messages.get(ask.word("ts"))
    if message is None or message.deleted or message.ephemeral_to:
        raise Refusal("message_not_found")
    if message.bot_id != ask.here.bot_id:
        raise Refusal(error)
    return message
