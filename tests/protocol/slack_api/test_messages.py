"""Messages of the local Slack: their order, changes, threads, history and mentions."""

from __future__ import annotations

from slack_sdk.web.async_client import AsyncWebClient

from tests.protocol.slack_api.client import posted, refused
from tests.protocol.slack_echo import QUIETLY, card, section
from tests.protocol.slack_server import DEFAULT_SCOPES, HISTORY_SCOPES, SlackServer


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
