"""The views.* methods: modals and the home tab."""

from __future__ import annotations

from typing import Any

from tests.protocol.slack_server.asking import ApiRequest, method
from tests.protocol.slack_server.checks import look_at_view
from tests.protocol.slack_server.posts import View
from tests.protocol.slack_server.world import Refusal

Json = dict[str, Any]
STACK = 3


@method("views.open", "trigger_id* view*")
def open_view(ask: ApiRequest) -> Json:
    _judge(ask, "modal")
    trigger = ask.handles.exchange(ask.word("trigger_id"), ask.here.team)
    view = ask.world.new_view(ask.here.team, trigger.user, ask.args["view"], by=ask.method)
    view.response_url = trigger.response_url
    ask.world.happened("opened", view)
    return {"ok": True, "view": view.json()}


@method("views.push", "trigger_id* view*")
def push(ask: ApiRequest) -> Json:
    _judge(ask, "modal")
    trigger = ask.handles.exchange(ask.word("trigger_id"), ask.here.team)
    if trigger.view is None or trigger.view.kind != "modal" or not trigger.view.open:
        raise Refusal("not_found")
    view = push_on(ask, trigger.view, ask.args["view"])
    return {"ok": True, "view": view.json()}


@method("views.update", "view_id external_id view* hash")
def update(ask: ApiRequest) -> Json:
    _judge(ask, "modal", "home")
    view = _find(ask)
    if ask.word("hash") and ask.word("hash") != view.hash:
        raise Refusal("hash_conflict")
    if view.kind != ask.args["view"]["type"]:
        raise Refusal("invalid_arguments", response_metadata={"messages": ["[ERROR] view type cannot change"]})
    ask.world.set_view(view, ask.args["view"], ask.method)
    ask.world.happened("view_updated" if view.kind == "modal" else "home", view)
    return {"ok": True, "view": view.json()}


@method("views.publish", "user_id* view* hash")
def publish(ask: ApiRequest) -> Json:
    if not ask.world.app.home_tab:
        raise Refusal("not_enabled")
    _judge(ask, "home")
    user = ask.world.users.get(ask.word("user_id"))
    if user is None or user.team != ask.here.team or user.is_bot:
        raise Refusal("invalid_arguments", response_metadata={"messages": ["[ERROR] invalid `user_id`"]})
    view = ask.world.homes.get((user.team, user.id))
    if ask.word("hash") and (view is None or view.hash != ask.word("hash")):
        raise Refusal("hash_conflict")
    if view is None:
        view = ask.world.new_view(user.team, user.id, ask.args["view"], by=ask.method)
        ask.world.homes[user.team, user.id] = view
    else:
        ask.world.set_view(view, ask.args["view"], ask.method)
    ask.world.happened("home", view)
    return {"ok": True, "view": view.json()}


def push_on(ask: ApiRequest, below: View, body: Json) -> View:
    """Put a view upon another; the stack holds three (push_limit_reached)."""
    open_now = [v for v in ask.world.views.values() if v.root == below.root and v.open]
    if len(open_now) >= STACK:
        raise Refusal("push_limit_reached")
    view = ask.world.new_view(below.team, below.user, body, previous=below, by=ask.method)
    ask.world.happened("pushed", view)
    return view


def _judge(ask: ApiRequest, *kinds: str) -> None:
    ask.judge(look_at_view(ask.args["view"], ask.world.mentionable, kinds))
    if external := ask.args["view"].get("external_id"):
        same = _find(ask) if ask.method == "views.update" else None
        others = (v for v in ask.world.views.values() if v.open and v is not same)
        if any(v.body.get("external_id") == external for v in others):
            raise Refusal("duplicate_external_id")


def _find(ask: ApiRequest) -> View:
    id, external = ask.word("view_id"), ask.word("external_id")
    view = ask.world.views.get(id)
    if external and not id:
        named = (v for v in ask.world.views.values() if v.body.get("external_id") == external and v.open)
        view = next(named, None)
    if view is None or not view.open or view.team != ask.here.team:
        raise Refusal("not_found")
    return view
