"""Views of the local Slack: forms, their stack, and home tabs."""

from __future__ import annotations

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from tests.protocol.slack_api.client import Json, Listener, refused
from tests.protocol.slack_echo import FORM, card, plain, section
from tests.protocol.slack_server import SlackServer


async def test_views_update_keeps_what_was_typed_where_the_field_stays(
    slack: SlackServer, listener: Listener, client: AsyncWebClient
) -> None:
    ada = slack.user("Ada")
    await ada.command("/paper")
    view = (await client.views_open(trigger_id=listener.last["trigger_id"], view=FORM))["view"]
    shown = slack.views(ada)[0]
    with pytest.raises(AssertionError, match="required field"):
        await ada.submit_view(shown, {"Link": ""})
    await ada.submit_view(shown, {"Link": "typed"}, force=True)
    assert (listener.last["type"], shown.open) == ("view_submission", False)
    assert (await refused(client, "views.update", view_id=view["id"], view=FORM))["error"] == "not_found"
    await ada.command("/paper")
    view = (await client.views_open(trigger_id=listener.last["trigger_id"], view=FORM))["view"]
    shown = slack.views(ada)[0]
    shown.state["link"]["word"]["value"] = "typed"
    wider = FORM | {"blocks": [section("new"), *FORM["blocks"]]}
    updated = (await client.views_update(view_id=view["id"], hash=view["hash"], view=wider))["view"]
    assert updated["state"]["values"]["link"]["word"]["value"] == "typed"
    error = await refused(client, "views.update", view_id=view["id"], hash=view["hash"], view=FORM)
    assert error["error"] == "hash_conflict"


async def test_a_form_can_change_stack_and_clear(
    slack: SlackServer, listener: Listener, client: AsyncWebClient
) -> None:
    ada = slack.user("Ada")
    await ada.command("/paper")
    await client.views_open(trigger_id=listener.last["trigger_id"], view=FORM)
    root = slack.views(ada)[0]
    listener.answers = [{"response_action": "update", "view": FORM | {"title": plain("Second page")}}]
    seen = await ada.submit_view(root, {"link": "x"})
    assert (seen.action, root.title, root.open) == ("update", "Second page", True)
    listener.answers = [{"response_action": "push", "view": FORM | {"notify_on_close": True}}]
    seen = await ada.submit_view(root, {"link": "x"})
    second = seen.view
    assert (second.previous, second.root) == (root.id, root.id)
    listener.answers = [{"response_action": "push", "view": FORM}]
    third = (await ada.submit_view(second, {"link": "x"})).view
    listener.answers = [{"response_action": "push", "view": FORM}]
    seen = await ada.submit_view(third, {"link": "x"})
    assert "trouble" in seen.failure
    assert "push_limit_reached" in slack.violations.pop().problem
    await ada.close_view(third)
    assert listener.last["type"] == "view_submission"
    await ada.close_view(second)
    assert (listener.last["type"], listener.last["is_cleared"]) == ("view_closed", False)
    assert slack.views(ada) == [root]
    listener.answers = [{"response_action": "clear"}]
    await ada.submit_view(root, {"link": "x"})
    assert slack.views(ada) == []
    assert slack.violations == []


async def test_wrong_answers_to_a_form_are_breaches(
    slack: SlackServer, listener: Listener, client: AsyncWebClient
) -> None:
    ada = slack.user("Ada")
    await ada.command("/paper")
    await client.views_open(trigger_id=listener.last["trigger_id"], view=FORM)
    view = slack.views(ada)[0]
    wrong: list[Json] = [
        {"response_action": "errors", "errors": {"nowhere": "x"}},
        {"response_action": "errors", "errors": {"link": ""}},
        {"response_action": "errors", "errors": {}},
        {"response_action": "explode"},
        {"response_action": "update", "view": FORM | {"title": plain("x" * 25)}},
        {"text": "x"},
    ]
    for answer_ in wrong:
        listener.answers = [answer_]
        await ada.submit_view(view, {"link": "x"})
        assert slack.violations, answer_
        slack.violations.clear()
    assert view.open


async def test_views_push_stacks_upon_the_view_that_was_clicked(
    slack: SlackServer, listener: Listener, client: AsyncWebClient
) -> None:
    ada = slack.user("Ada")
    with_button = FORM | {"blocks": [*FORM["blocks"], *card(0)]}
    await ada.command("/paper")
    await client.views_open(trigger_id=listener.last["trigger_id"], view=with_button)
    for depth in (1, 2):
        await ada.click(slack.views(ada)[-1], "Vote")
        assert listener.last["container"]["view_id"] == slack.views(ada)[-1].id
        await client.views_push(trigger_id=listener.last["trigger_id"], view=with_button)
        assert len(slack.views(ada)) == depth + 1
    await ada.click(slack.views(ada)[-1], "Vote")
    trigger = listener.last["trigger_id"]
    assert (await refused(client, "views.push", trigger_id=trigger, view=FORM))["error"] == "push_limit_reached"


async def test_home_tabs_and_external_ids(slack: SlackServer, listener: Listener, client: AsyncWebClient) -> None:
    ada = slack.user("Ada")
    home = {"type": "home", "blocks": [section("one")]}
    first = (await client.views_publish(user_id=ada.id, view=home))["view"]
    await client.views_publish(user_id=ada.id, view=home | {"blocks": [section("two")]}, hash=first["hash"])
    shown = slack.home(ada)
    assert shown is not None
    assert [r.body["blocks"][0]["text"]["text"] for r in shown.history] == ["one", "two"]
    error = await refused(client, "views.publish", user_id=ada.id, view=home, hash=first["hash"])
    assert error["error"] == "hash_conflict"
    await ada.open_home()
    assert listener.last["event"]["view"]["blocks"][0]["text"]["text"] == "two"
    await client.views_publish(user_id=ada.id, view=home | {"blocks": card(0)})
    await ada.click(shown, "Vote")
    assert listener.last["container"] == {"type": "view", "view_id": shown.id}
    assert "response_url" not in listener.last
    named = FORM | {"external_id": "form-1"}
    for error_word in ("", "duplicate_external_id"):
        await ada.command("/paper")
        trigger = listener.last["trigger_id"]
        if error_word:
            assert (await refused(client, "views.open", trigger_id=trigger, view=named))["error"] == error_word
        else:
            await client.views_open(trigger_id=trigger, view=named)
    assert (await client.views_update(external_id="form-1", view=named))["ok"]
