"""Web API of the local Slack: tokens, scopes, arguments, pages, people and channels."""

from __future__ import annotations

import json

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.protocol.slack_api.client import posted, refused
from tests.protocol.slack_echo import QUIETLY, section
from tests.protocol.slack_server import DEFAULT_SCOPES, SlackServer


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
