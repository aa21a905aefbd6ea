"""What a modal does once the app has answered its submission."""

from __future__ import annotations

from typing import Any

from tests.protocol.slack_server.checks import look_at_view
from tests.protocol.slack_server.posts import View
from tests.protocol.slack_server.seen import InteractionResult
from tests.protocol.slack_server.views_api import STACK
from tests.protocol.slack_server.world import ServerState

Json = dict[str, Any]
METHOD = "view_submission"
WORDS = {"errors": {"errors"}, "update": {"view"}, "push": {"view"}, "clear": set[str]()}


def after_submission(world: ServerState, view: View, answer: Json, seen: InteractionResult) -> None:
    """Close the view, or show errors in it, change it, stack another upon it or clear the stack."""
    action = answer.get("response_action")
    if not answer:
        view.open = False
        world.happened("closed", view)
        return
    if action not in WORDS or set(answer) - {"response_action"} != WORDS[action]:
        world.breach(METHOD, f"unknown answer: {sorted(answer)} with response_action {action!r}")
        seen.failure = "We had some trouble connecting. Try again?"
        return
    seen.action = str(action)
    if action == "errors":
        _show_errors(world, view, answer["errors"], seen)
    elif action == "clear":
        for one in [v for v in world.views.values() if v.open and v.root == view.root]:
            one.open = False
            world.happened("closed", one)
    else:
        _show_view(world, view, answer["view"], str(action), seen)


def _show_errors(world: ServerState, view: View, errors: Any, seen: InteractionResult) -> None:
    inputs = {c.block_id for c in view.controls if c.is_input}
    if not isinstance(errors, dict) or not errors:
        world.breach(METHOD, "errors must map block_ids to sentences")
        return
    for block_id, sentence in errors.items():
        if block_id not in inputs:
            world.breach(METHOD, f"an error for {block_id!r}, which is no input block of the view")
        if not isinstance(sentence, str) or not sentence.strip():
            world.breach(METHOD, f"an empty error for {block_id!r}")
    view.errors = dict(errors)
    seen.errors = dict(errors)
    world.happened("view_updated", view)


def _show_view(world: ServerState, view: View, body: Any, action: str, seen: InteractionResult) -> None:
    found = look_at_view(body, world.mentionable, ("modal",))
    for problem in (*found.harms, *found.faults):
        world.breach(METHOD, problem)
    stack = [v for v in world.views.values() if v.open and v.root == view.root]
    if action == "push" and len(stack) >= STACK:
        world.breach(METHOD, f"push_limit_reached: the stack holds {STACK} views")
        found.error = "push_limit_reached"
    if found.error:
        seen.failure = "We had some trouble connecting. Try again?"
    elif action == "update":
        world.set_view(view, body, METHOD)
        world.happened("view_updated", view)
    else:
        world.happened("pushed", world.new_view(view.team, view.user, body, previous=view, by=METHOD))
