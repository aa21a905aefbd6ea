"""The conversations.* methods: channels, who is in them and, with a history scope, what was said there."""

from __future__ import annotations

from typing import Any

from tests.protocol.slack_server.asking import ApiRequest, method
from tests.protocol.slack_server.posts import Message
from tests.protocol.slack_server.things import Channel
from tests.protocol.slack_server.world import Refusal

Json = dict[str, Any]
READ = {"public_channel": "channels:read", "private_channel": "groups:read", "im": "im:read", "mpim": "mpim:read"}
TYPES = {"public_channel": "channels", "private_channel": "groups", "im": "im"}


@method("conversations.open", "channel users return_im prevent_creation", scopes="im:write")
def open_conversation(ask: ApiRequest) -> Json:
    users = [u for u in ask.word("users").split(",") if u]
    if not users and not ask.word("channel"):
        raise Refusal("users_list_not_supplied")
    if len(users) > 1:
        ask.need("mpim:write")
        raise Refusal("method_not_supported_for_channel_type")
    if not users:
        return {"ok": True, "channel": {"id": ask.channel().id}}
    user = ask.world.users.get(users[0])
    if user is None or user.team != ask.here.team:
        raise Refusal("user_not_found")
    if user.deleted:
        raise Refusal("user_disabled")
    already = f"D{user.id[1:]}" in ask.world.channels
    channel = ask.world.direct(ask.here.team, user.id)
    noted = {"no_op": True, "already_open": True} if already else {}
    shown = channel.json(ask.here.bot_user) if ask.flag("return_im") else {"id": channel.id}
    return {"ok": True, **noted, "channel": shown}


@method("conversations.info", "channel* include_locale include_num_members")
def info(ask: ApiRequest) -> Json:
    channel = ask.channel()
    ask.need(f"{channel.kind}:read")
    shown = channel.json(ask.here.bot_user)
    if not ask.flag("include_num_members"):
        shown.pop("num_members", None)
    return {"ok": True, "channel": shown}


@method("conversations.list", "cursor exclude_archived limit team_id types")
def list_conversations(ask: ApiRequest) -> Json:
    types = (ask.word("types") or "public_channel").replace(" ", "").split(",")
    for kind in types:
        if kind not in READ:
            raise Refusal("invalid_types")
        ask.need(READ[kind])
    kinds = {TYPES[kind] for kind in types if kind in TYPES}
    bot = ask.here.bot_user
    seen = [
        c
        for c in ask.world.channels.values()
        if c.team == ask.here.team
        and c.kind in kinds
        and not (ask.flag("exclude_archived") and c.is_archived)
        and (c.kind == "channels" or bot in c.members)
    ]
    page, onward = ask.page(seen, 100, 1000)
    return {"ok": True, "channels": [c.json(bot) for c in page], "response_metadata": onward}


@method("conversations.join", "channel*", scopes="channels:join")
def join(ask: ApiRequest) -> Json:
    channel = ask.channel()
    if channel.kind != "channels":
        raise Refusal("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise Refusal("is_archived")
    warned = {"warning": "already_in_channel"} if ask.here.bot_user in channel.members else {}
    channel.members.add(ask.here.bot_user)
    return {"ok": True, "channel": channel.json(ask.here.bot_user), **warned}


@method("conversations.members", "channel* cursor limit")
def members(ask: ApiRequest) -> Json:
    channel = ask.channel()
    ask.need(f"{channel.kind}:read")
    page, onward = ask.page(sorted(channel.members), 100, 1000)
    return {"ok": True, "members": page, "response_metadata": onward}


@method("conversations.history", "channel* cursor include_all_metadata inclusive latest limit oldest")
def history(ask: ApiRequest) -> Json:
    channel = _read(ask)
    top = [m for m in _window(ask, channel.live) if m.thread_ts in (None, m.ts)]
    top.reverse()  # newest first
    page, onward = ask.page(top, 100, 999)
    shown = [_shown(ask, channel, m) for m in page]
    more = bool(onward["next_cursor"])
    return {"ok": True, "messages": shown, "has_more": more, "pin_count": 0, "response_metadata": onward}


@method("conversations.replies", "channel* ts* cursor include_all_metadata inclusive latest limit oldest")
def replies(ask: ApiRequest) -> Json:
    channel = _read(ask)
    parent = channel.messages.get(ask.word("ts"))
    if parent is None or parent.ephemeral_to or parent.deleted:
        raise Refusal("thread_not_found")
    root = parent.thread_ts or parent.ts
    thread = [m for m in channel.live if root in (m.ts, m.thread_ts)]
    page, onward = ask.page(_window(ask, thread), 1000, 1000)
    shown = [_shown(ask, channel, m) for m in page]
    more = bool(onward["next_cursor"])
    return {"ok": True, "messages": shown, "has_more": more, "response_metadata": onward}


def _read(ask: ApiRequest) -> Channel:
    """The channel whose messages are asked for: only with its history scope, only from inside."""
    channel = ask.channel()
    ask.need(f"{channel.kind}:history")
    if ask.here.bot_user not in channel.members:
        raise Refusal("not_in_channel")
    return channel


def _window(ask: ApiRequest, messages: list[Message]) -> list[Message]:
    """The messages between `oldest` and `latest`, ends included only if `inclusive`."""
    ends: dict[str, tuple[int, int]] = {}
    for name in ("oldest", "latest"):
        if not (text := ask.word(name)):
            continue
        second, _, micro = text.partition(".")
        if not (second + micro).isdigit():
            raise Refusal(f"invalid_ts_{name}")
        ends[name] = int(second), int(micro[:6].ljust(6, "0"))
    kept = []
    for message in messages:
        second, _, micro = message.ts.partition(".")
        at = int(second), int(micro)
        edge = ask.flag("inclusive") and at in ends.values()
        if edge or (("oldest" not in ends or at > ends["oldest"]) and ("latest" not in ends or at < ends["latest"])):
            kept.append(message)
    return kept


def _shown(ask: ApiRequest, channel: Channel, message: Message) -> Json:
    shown = message.json(metadata=ask.flag("include_all_metadata"))
    answers = [m for m in channel.live if m.thread_ts == message.ts and m is not message]
    if answers:
        people = list(dict.fromkeys(m.user for m in answers))
        shown |= {
            "reply_count": len(answers),
            "reply_users_count": len(people),
            "reply_users": people[:5],
            "latest_reply": answers[-1].ts,
            "is_locked": False,
            "subscribed": False,
        }
    return shown
