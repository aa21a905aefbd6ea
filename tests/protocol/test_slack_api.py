"""The local Slack's Web API: tokens, scopes, pages, messages, views, answers to interactions, and OAuth."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.protocol.slack_echo import FORM, QUIETLY, card, plain, section
from tests.protocol.slack_server import DEFAULT_SCOPES, HISTORY_SCOPES, Ack, SlackServer
from tests.protocol.slack_server.delivery import DeliveryAttempt

Json = dict[str, Any]


class Listener:
    """An app that only takes down what it gets, and acknowledges with prepared words."""

    def __init__(self) -> None:
        self.parcels: list[DeliveryAttempt] = []
        self.answers: list[Json] = []

    async def send(self, parcel: DeliveryAttempt) -> Ack:
        self.parcels.append(parcel)
        return Ack(0.0, payload=self.answers.pop(0) if self.answers else None)

    @property
    def last(self) -> Json:
        return self.parcels[-1].payload


@pytest.fixture
async def slack() -> AsyncIterator[SlackServer]:
    async with SlackServer() as server:
        server.patience = 0.0
        server.quiet = 0.0
        yield server


@pytest.fixture
def listener(slack: SlackServer) -> Listener:
    listener = Listener()
    slack.dispatcher.transport = listener
    return listener


@pytest.fixture
def client(slack: SlackServer) -> AsyncWebClient:
    return AsyncWebClient(token=slack.token(), base_url=slack.api_url)


async def refused(client: AsyncWebClient, method: str, **args: Any) -> Json:
    """The answer to a call that Slack refuses."""
    with pytest.raises(SlackApiError) as caught:
        await client.api_call(method, json=args)
    answer: Json = caught.value.response.data
    return answer


async def posted(client: AsyncWebClient, **args: Any) -> str:
    """The ts of a new message in C1."""
    answer = await client.chat_postMessage(channel="C1", **({"text": "hello"} | QUIETLY | args))
    return str(answer["ts"])


# -- tokens and arguments ----------------------------------------------------------------------------------
async def test_tokens(slack: SlackServer, client: AsyncWebClient) -> None:
    assert (await client.auth_test())["team_id"] == "T1"
    for token, error in (
        (None, "not_authed"),
        ("xoxb-wrong", "invalid_auth"),
        (slack.app.app_token, "not_allowed_token_type"),
    ):
        stranger = AsyncWebClient(token=token, base_url=slack.api_url)
        assert (await refused(stranger, "auth.test"))["error"] == error
    assert (await refused(client, "apps.connections.open"))["error"] == "not_allowed_token_type"
    slack.events.revoke("T1")
    assert (await refused(client, "auth.test"))["error"] == "token_revoked"
    slack.install("T1")
    assert (await refused(client, "auth.test"))["error"] == "token_revoked"
    fresh = AsyncWebClient(token=slack.token(), base_url=slack.api_url)
    assert (await fresh.auth_test())["ok"]
    slack.events.uninstall("T1")
    assert (await refused(fresh, "auth.test"))["error"] == "account_inactive"


async def test_a_missing_scope_is_named(slack: SlackServer, client: AsyncWebClient) -> None:
    slack.install("T1", ["commands", "users:read"])
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel="C1", text="x", **QUIETLY)
    answer = caught.value.response
    assert answer["error"] == "missing_scope"
    assert (answer["needed"], answer["provided"]) == ("chat:write", "commands,users:read")
    assert answer.headers["x-oauth-scopes"] == "commands,users:read"


async def test_arguments_come_by_query_form_and_json(slack: SlackServer) -> None:
    blocks = [section("hello")]
    args = {"channel": "C1", "text": "x", "unfurl_links": "false", "unfurl_media": "false"}
    form = {**args, "blocks": json.dumps(blocks), "token": slack.token()}
    bearer = {"Authorization": f"Bearer {slack.token()}"}
    url = f"{slack.api_url}chat.postMessage"
    async with aiohttp.ClientSession() as session:
        answers = [
            await session.get(url, params=form),
            await session.post(url, data=form),
            await session.post(url, json={**args, "blocks": blocks}, headers=bearer),
            await session.post(url, params=form),
        ]
        for answer in answers:
            assert (await answer.json())["message"]["blocks"][0]["text"]["text"] == "hello"
        for body, error in ((b"{", "invalid_json"), (b"[]", "json_not_object")):
            answer = await session.post(url, data=body, headers={**bearer, "Content-Type": "application/json"})
            assert (await answer.json())["error"] == error
        answer = await session.post(url, data={**form, "blocks": "["})
        assert (await answer.json())["error"] == "invalid_blocks_format"
    assert slack.violations == []


async def test_unknown_methods_and_arguments(slack: SlackServer, client: AsyncWebClient) -> None:
    assert (await refused(client, "chat.shout"))["error"] == "unknown_method"
    ts = await posted(client)
    await client.api_call("chat.postMessage", json={"channel": "C1", "text": "x", "thread_id": ts, **QUIETLY})
    assert slack.messages("C1")[-1].thread_ts is None
    assert "thread_id" in slack.violations[0].problem
    assert (await refused(client, "chat.update", channel="C1"))["error"] == "invalid_arguments"


async def test_pages_follow_their_cursor(slack: SlackServer, client: AsyncWebClient) -> None:
    names = [slack.user(f"Reader {n}").user.name for n in range(7)]
    seen: list[str] = []
    pages = 0
    async for page in await client.users_list(limit=3):
        seen += [u["name"] for u in page["members"]]
        pages += 1
    assert [n for n in seen if n in names] == names
    assert pages == 3
    assert (await refused(client, "users.list", cursor="?"))["error"] == "invalid_cursor"
    assert (await refused(client, "users.list", limit=0))["error"] == "invalid_limit"


# -- the directory -----------------------------------------------------------------------------------------
async def test_who_is_who(slack: SlackServer, client: AsyncWebClient) -> None:
    ada = slack.user("Ada", admin=True, tz="Europe/Paris")
    slack.group("S1", "moderators", [ada])
    user = (await client.users_info(user=ada.id))["user"]
    assert (user["is_admin"], user["tz"]) == (True, "Europe/Paris")
    assert (await refused(client, "users.info", user="U404"))["error"] == "user_not_found"
    assert (await client.usergroups_list(include_users=True))["usergroups"][0]["users"] == [ada.id]
    assert (await client.usergroups_users_list(usergroup="S1"))["users"] == [ada.id]
    assert (await refused(client, "usergroups.users.list", usergroup="S2"))["error"] == "no_such_subteam"
    assert (await client.bots_info())["bot"]["app_id"] == slack.app.id
    assert (await client.api_test(foo="bar"))["args"]["foo"] == "bar"


async def test_channels(slack: SlackServer, client: AsyncWebClient) -> None:
    ada = slack.user("Ada")
    slack.channel("C4", "elsewhere", members=[ada.id])
    slack.channel("C5", "secret", private=True, members=[ada.id])
    slack.channel("C6", "attic", archived=True)
    shown = (await client.conversations_list(types="public_channel,private_channel"))["channels"]
    assert [c["id"] for c in shown] == ["C1", "C2", "C3", "C4", "C6"]
    shown = (await client.conversations_list(exclude_archived=True))["channels"]
    assert [c["id"] for c in shown] == ["C1", "C2", "C4"]
    assert (await client.conversations_info(channel="C4"))["channel"]["is_member"] is False
    assert (await refused(client, "conversations.info", channel="C5"))["error"] == "channel_not_found"
    assert (await refused(client, "chat.postMessage", channel="C4", text="x", **QUIETLY))["error"] == "not_in_channel"
    assert (await refused(client, "chat.postMessage", channel="C5", text="x", **QUIETLY))[
        "error"
    ] == "channel_not_found"
    assert (await refused(client, "chat.postMessage", channel="C6", text="x", **QUIETLY))["error"] == "is_archived"
    await client.conversations_join(channel="C4")
    await client.chat_postMessage(channel="C4", text="x", **QUIETLY)
    assert ada.id in (await client.conversations_members(channel="C4"))["members"]
    direct = (await client.conversations_open(users=[ada.id]))["channel"]["id"]
    await client.chat_postMessage(channel=ada.id, text="psst", **QUIETLY)
    assert [m.text for m in slack.directs(ada)] == ["psst"]
    assert slack.messages(direct)[0].channel == ada.direct
    assert (await refused(client, "conversations.open", users="U404"))["error"] == "user_not_found"


async def test_anybody_may_be_written_to_with_chat_write_public(slack: SlackServer, client: AsyncWebClient) -> None:
    slack.channel("C4", "elsewhere", members=[])
    slack.install("T1", [*DEFAULT_SCOPES, "chat:write.public"])
    assert (await client.chat_postMessage(channel="C4", text="x", **QUIETLY))["ok"]


# -- messages ----------------------------------------------------------------------------------------------
async def test_every_ts_is_unique_and_later(slack: SlackServer, client: AsyncWebClient) -> None:
    stamps = [slack.world.next_ts() for _ in range(20_000)]
    assert len(set(stamps)) == len(stamps)
    assert stamps == sorted(stamps)
    assert await posted(client) > stamps[-1]


async def test_a_message_is_updated_and_deleted_by_its_owner_only(slack: SlackServer, client: AsyncWebClient) -> None:
    ada = slack.user("Ada")
    theirs = await ada.post("C1", "mine")
    assert (await refused(client, "chat.update", channel="C1", ts=theirs.ts, text="x"))[
        "error"
    ] == "cant_update_message"
    assert (await refused(client, "chat.delete", channel="C1", ts=theirs.ts))["error"] == "cant_delete_message"
    ts = await posted(client, blocks=card(0))
    await client.chat_update(channel="C1", ts=ts, text="x", blocks=card(1))
    message = slack.messages("C1")[-1]
    assert [r.body["blocks"][0]["text"]["text"] for r in message.history] == [
        "*Attention* has 0 votes",
        "*Attention* has 1 votes",
    ]
    assert message.edited is False
    await client.chat_delete(channel="C1", ts=ts)
    assert slack.messages("C1") == [theirs]
    assert (await refused(client, "chat.update", channel="C1", ts=ts, text="x"))["error"] == "message_not_found"


async def test_an_update_that_forgets_something_is_a_breach(slack: SlackServer, client: AsyncWebClient) -> None:
    metadata = {"event_type": "paper", "event_payload": {"id": 1}}
    ts = await posted(client, blocks=card(0), metadata=metadata)
    await client.chat_update(channel="C1", ts=ts, text="only words")
    assert slack.messages("C1")[-1].words == "only words"
    assert [b.problem for b in slack.violations] == [
        "text without blocks: the blocks of the message are lost",
        "no metadata: the metadata of the message is lost",
    ]


async def test_mentions_in_a_text_are_breaches(slack: SlackServer, client: AsyncWebClient) -> None:
    ada = slack.user("Ada")
    await client.chat_postMessage(channel="C1", text="x")
    await client.chat_postMessage(channel="C1", text=f"hi <@{ada.id}>", link_names=True, **QUIETLY)
    assert len(slack.violations) == 4
    slack.violations.clear()
    slack.allow_mention(ada)
    await client.chat_postMessage(channel="C1", text=f"hi <@{ada.id}>", **QUIETLY)
    assert slack.violations == []
    answer = await refused(client, "chat.postMessage", channel="C1", blocks=[section("")], **QUIETLY)
    assert answer["error"] == "invalid_blocks"
    assert "json-pointer:/blocks/0/text" in answer["response_metadata"]["messages"][0]
    assert slack.violations
    answer = await refused(client, "chat.postMessage", channel="C1", text="x", username="Pope", **QUIETLY)
    assert answer["needed"] == "chat:write.customize"


async def test_threads(slack: SlackServer, client: AsyncWebClient) -> None:
    slack.install("T1", [*DEFAULT_SCOPES, *HISTORY_SCOPES])
    ts = await posted(client)
    reply = await posted(client, thread_ts=ts, text="reply")
    await posted(client, thread_ts=reply, text="reply to a reply")
    assert "names a reply" in slack.violations[0].problem
    answer = await refused(client, "chat.postMessage", channel="C1", text="x", thread_ts="1.000001", **QUIETLY)
    assert answer["error"] == "cannot_reply_to_message"
    thread = (await client.conversations_replies(channel="C1", ts=ts))["messages"]
    assert [m["text"] for m in thread] == ["hello", "reply", "reply to a reply"]
    top = (await client.conversations_history(channel="C1"))["messages"]
    assert [(m["text"], m.get("reply_count")) for m in top] == [("hello", 2)]
    link = (await client.chat_getPermalink(channel="C1", message_ts=reply))["permalink"]
    assert f"thread_ts={ts}" in link


async def test_history_needs_its_scope_and_gives_metadata_on_demand(slack: SlackServer, client: AsyncWebClient) -> None:
    answer = await refused(client, "conversations.history", channel="C1")
    assert (answer["error"], answer["needed"]) == ("missing_scope", "channels:history")
    slack.install("T1", [*DEFAULT_SCOPES, *HISTORY_SCOPES])
    stamps = [await posted(client, metadata={"event_type": "n", "event_payload": {"n": n}}) for n in range(5)]
    bare = (await client.conversations_history(channel="C1"))["messages"]
    assert [m["ts"] for m in bare] == stamps[::-1]
    assert not any("metadata" in m for m in bare)
    found = await client.conversations_history(
        channel="C1", include_all_metadata=True, oldest=stamps[1], latest=stamps[4], limit=2
    )
    assert [m["metadata"]["event_payload"]["n"] for m in found["messages"]] == [3, 2]
    assert found["has_more"] is False
    found = await client.conversations_history(channel="C1", oldest=stamps[1], inclusive=True, limit=3)
    assert (len(found["messages"]), found["has_more"]) == (3, True)
    onward = found["response_metadata"]["next_cursor"]
    found = await client.conversations_history(channel="C1", oldest=stamps[1], inclusive=True, limit=3, cursor=onward)
    assert [m["ts"] for m in found["messages"]] == [stamps[1]]
    assert (await refused(client, "conversations.history", channel="C1", oldest="soon"))["error"] == "invalid_ts_oldest"
    slack.events.remove_bot("C1")
    assert (await refused(client, "conversations.history", channel="C1"))["error"] == "not_in_channel"


async def test_an_ephemeral_message_is_seen_by_one_person_and_cannot_be_updated(
    slack: SlackServer, client: AsyncWebClient
) -> None:
    ada, bob = slack.user("Ada"), slack.user("Bob")
    answer = await client.chat_postEphemeral(channel="C1", user=ada.id, text="psst")
    assert [m.text for m in slack.ephemerals(ada)] == ["psst"]
    assert (slack.ephemerals(bob), slack.messages("C1")) == ([], [])
    error = await refused(client, "chat.update", channel="C1", ts=answer["message_ts"], text="x")
    assert error["error"] == "message_not_found"
    assert (await refused(client, "chat.postEphemeral", channel="C1", user="U404", text="x"))[
        "error"
    ] == "user_not_in_channel"


# -- handles -----------------------------------------------------------------------------------------------
async def answer(url: str, **body: Any) -> tuple[int, str]:
    """Post to a response_url."""
    async with aiohttp.ClientSession() as session, session.post(url, json=body) as response:
        return response.status, await response.text()


async def test_a_response_url_works_five_times(slack: SlackServer, listener: Listener) -> None:
    ada = slack.user("Ada")
    await ada.command("/paper", "help")
    url = listener.last["response_url"]
    for n in range(5):
        assert await answer(url, text=f"answer {n}") == (200, "ok")
    status, text = await answer(url, text="answer 5")
    assert (status, json.loads(text)["error"]) == (404, "used_url")
    assert len(slack.ephemerals(ada)) == 5
    assert "used_url" in slack.violations[0].problem


async def test_a_response_url_lives_thirty_minutes(slack: SlackServer, listener: Listener) -> None:
    await slack.user("Ada").command("/paper", "help")
    url = listener.last["response_url"]
    slack.world.clock.advance(29 * 60 + 50)
    assert (await answer(url, text="in time"))[0] == 200
    slack.world.clock.advance(11)
    status, text = await answer(url, text="too late")
    assert (status, json.loads(text)["error"]) == (404, "expired_url")


async def test_what_a_response_url_can_do(slack: SlackServer, listener: Listener, client: AsyncWebClient) -> None:
    ada = slack.user("Ada")
    await posted(client, blocks=card(0))
    message = slack.messages("C1")[0]
    await ada.click(message, "Vote")
    url = listener.last["response_url"]
    assert listener.last["actions"][0]["value"] == "paper-1"
    assert listener.last["message"]["ts"] == message.ts
    await ada.click(message, "Cite", value="forged")
    assert listener.last["actions"][0]["selected_option"]["value"] == "forged"
    assert message.controls[1].option == {"text": plain("Cite"), "value": "cite"}
    await ada.click(message, "Vote", value="forged")
    assert listener.last["actions"][0]["value"] == "forged"
    await answer(url, text="x", blocks=card(1), replace_original=True)
    assert "1 votes" in message.words
    await answer(url, text="public", response_type="in_channel", **QUIETLY)
    await answer(url, text="private")
    assert [m.text for m in slack.messages("C1")] == ["x", "public"]
    assert [m.text for m in slack.ephemerals(ada)] == ["private"]
    await answer(url, delete_original=True)
    assert [m.text for m in slack.messages("C1")] == ["public"]
    assert slack.violations == []
    assert (await answer(url, text="x", response_type="loud"))[0] == 500
    assert (await answer(slack.base_url + "/response/T1/none", text="x"))[0] == 404


async def test_a_button_of_an_ephemeral_message_replaces_it(slack: SlackServer, listener: Listener) -> None:
    ada, bob = slack.user("Ada"), slack.user("Bob")
    await ada.command("/paper")
    await answer(listener.last["response_url"], text="x", blocks=card(0))
    message = slack.ephemerals(ada)[0]
    with pytest.raises(AssertionError, match="does not see"):
        await bob.click(message, "Vote")
    await ada.click(message, "Vote")
    assert "message" not in listener.last
    assert listener.last["container"]["is_ephemeral"] is True
    await answer(listener.last["response_url"], text="done", replace_original=True)
    assert [m.words for m in slack.ephemerals(ada)] == ["done"]


async def test_a_trigger_opens_one_view_within_three_seconds(
    slack: SlackServer, listener: Listener, client: AsyncWebClient
) -> None:
    ada = slack.user("Ada")
    await ada.command("/paper")
    trigger = listener.last["trigger_id"]
    slack.world.clock.advance(2.5)
    view = (await client.views_open(trigger_id=trigger, view=FORM))["view"]
    assert (view["root_view_id"], view["previous_view_id"]) == (view["id"], None)
    assert view["state"]["values"]["link"]["word"] == {"type": "plain_text_input", "value": None}
    assert (await refused(client, "views.open", trigger_id=trigger, view=FORM))["error"] == "exchanged_trigger_id"
    await ada.command("/paper")
    slack.world.clock.advance(3)
    late = listener.last["trigger_id"]
    assert (await refused(client, "views.open", trigger_id=late, view=FORM))["error"] == "expired_trigger_id"
    assert (await refused(client, "views.open", trigger_id="1.2.3", view=FORM))["error"] == "invalid_trigger_id"


# -- views -------------------------------------------------------------------------------------------------
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


# -- files and OAuth ---------------------------------------------------------------------------------------
async def test_a_file_arrives_in_three_steps(slack: SlackServer, client: AsyncWebClient) -> None:
    slack.install("T1", [*DEFAULT_SCOPES, "files:write"])
    await client.files_upload_v2(channel="C1", filename="edition.md", content="# No. 1", initial_comment="Here")
    assert slack.messages("C1")[0].text == "Here"
    assert next(iter(slack.world.files.values())).content == b"# No. 1"
    error = await refused(client, "files.completeUploadExternal", files=[{"id": "F404"}])
    assert error["error"] == "file_not_found"


async def test_oauth_in_two_workspaces(slack: SlackServer) -> None:
    slack.team("T2", "Other Room")
    slack.app.redirect_urls = ["http://127.0.0.1:1/slack/oauth_redirect"]
    grace = slack.user("Grace", team="T2", admin=True)
    verifier = "v" * 43
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    page = (
        f"{slack.base_url}/oauth/v2/authorize?client_id={slack.app.client_id}&scope=commands,chat:write&state=s1"
        f"&redirect_uri={slack.app.redirect_urls[0]}&code_challenge={challenge}&code_challenge_method=S256"
    )
    slack.oauth.approver = grace
    async with aiohttp.ClientSession() as session:
        answer_ = await session.get(page, allow_redirects=False)
    assert answer_.status == 302
    target = answer_.headers["Location"]
    code = target.partition("code=")[2].partition("&")[0]
    assert target.startswith(slack.app.redirect_urls[0])
    assert "state=s1" in target
    client = AsyncWebClient(base_url=slack.api_url)
    right = {
        "client_id": slack.app.client_id,
        "client_secret": slack.app.client_secret,
        "code": code,
        "redirect_uri": slack.app.redirect_urls[0],
        "code_verifier": verifier,
    }
    for wrong, error in (
        ({"client_id": "1.2"}, "invalid_client_id"),
        ({"client_secret": "guess"}, "bad_client_secret"),
        ({"code": "guess"}, "invalid_code"),
        ({"redirect_uri": "http://evil.example/"}, "bad_redirect_uri"),
        ({"code_verifier": "guess"}, "invalid_code_verifier"),
    ):
        assert (await refused(client, "oauth.v2.access", **{**right, **wrong}))["error"] == error
    granted = await client.api_call("oauth.v2.access", data=right)
    assert granted["team"] == {"id": "T2", "name": "Other Room"}
    assert granted["access_token"] == slack.token("T2") != slack.token("T1")
    assert (await refused(client, "oauth.v2.access", **right))["error"] == "code_already_used"
    there = AsyncWebClient(token=granted["access_token"], base_url=slack.api_url)
    assert (await there.auth_test())["team_id"] == "T2"
    error_ = await refused(there, "chat.postMessage", channel="C1", text="x", **QUIETLY)
    assert error_["error"] == "channel_not_found"
    assert "error=access_denied" in slack.oauth.decide(page, grace, allow=False)


@pytest.mark.filterwarnings("ignore:BasicAuth is deprecated")  # slack_sdk 3.47 uses it with aiohttp 3.14
async def test_a_code_lives_ten_minutes_and_basic_authorisation_works(slack: SlackServer) -> None:
    ada = slack.user("Ada")
    slack.app.redirect_urls = ["http://127.0.0.1:1/back"]
    page = f"{slack.base_url}/oauth/v2/authorize?client_id={slack.app.client_id}&scope=commands"
    client = AsyncWebClient(base_url=slack.api_url)
    for seconds, error in ((590, ""), (600, "invalid_code")):
        code = slack.oauth.decide(page, ada).partition("code=")[2]
        slack.world.clock.advance(seconds)
        call = client.oauth_v2_access(
            client_id=slack.app.client_id,
            client_secret=slack.app.client_secret,
            code=code,
            redirect_uri=slack.app.redirect_urls[0],
        )
        if error:
            with pytest.raises(SlackApiError, match=error):
                await call
        else:
            assert (await call)["team"]["id"] == "T1"
