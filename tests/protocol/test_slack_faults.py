"""Faults of the local Slack's Web API on a test's word: errors, lost answers, rate limits, slow answers."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.protocol.slack_echo import QUIETLY
from tests.protocol.slack_server import SlackServer, faults
from tests.protocol.slack_server.faults import Fault

Json = dict[str, Any]


@pytest.fixture
def client(slack: SlackServer) -> AsyncWebClient:
    """A client that never resends by itself."""
    return AsyncWebClient(token=slack.token(), base_url=slack.api_url, retry_handlers=[], timeout=30)


@pytest.mark.parametrize(
    ("fault", "raises", "applied"),
    [
        (faults.server_error(500), SlackApiError, 0),
        (faults.server_error(502, applied=True), SlackApiError, 1),
        (faults.reset(), aiohttp.ClientError, 0),
        (faults.reset(applied=True), aiohttp.ClientError, 1),
        (faults.lost_reply(), aiohttp.ClientError, 1),
        (faults.rate_limited(30), SlackApiError, 0),
        (faults.refuse("fatal_error"), SlackApiError, 0),
        (faults.refuse("fatal_error", applied=True), SlackApiError, 1),
        (faults.html(), SlackApiError, 1),
        (faults.truncated(), SlackApiError, 1),
    ],
)
async def test_a_fault_happens_before_or_after_the_message_is_there(
    slack: SlackServer, client: AsyncWebClient, fault: Fault, raises: type[Exception], applied: int
) -> None:
    slack.faults.add("chat.postMessage", fault)
    with pytest.raises(raises):
        await client.chat_postMessage(channel="C1", text="x", **QUIETLY)
    assert len(slack.messages("C1")) == applied
    assert slack.ledger.calls("chat.postMessage")[0].ok is bool(applied)
    assert slack.ledger.calls("chat.postMessage")[0].fault
    await client.chat_postMessage(channel="C1", text="x", **QUIETLY)
    assert len(slack.messages("C1")) == applied + 1


async def test_the_default_client_posts_twice_when_an_answer_is_lost(slack: SlackServer) -> None:
    slack.faults.add("chat.postMessage", faults.lost_reply())
    careless = AsyncWebClient(token=slack.token(), base_url=slack.api_url)
    await careless.chat_postMessage(channel="C1", text="x", **QUIETLY)
    assert len(slack.messages("C1")) == 2


@pytest.mark.parametrize(("retry_after", "header"), [(7, "7"), (None, None), ("soon", "soon")])
async def test_retry_after_may_be_absent_or_junk(
    slack: SlackServer, client: AsyncWebClient, retry_after: int | str | None, header: str | None
) -> None:
    slack.faults.add("chat.postMessage", faults.rate_limited(retry_after))
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel="C1", text="x", **QUIETLY)
    assert caught.value.response.status_code == 429
    assert caught.value.response.headers.get("Retry-After") == header


async def test_faults_can_be_aimed(slack: SlackServer, client: AsyncWebClient) -> None:
    slack.faults.add("*", faults.refuse("is_archived"), times=2, skip=1, when=lambda args: args.get("channel") == "C2")
    said = []
    for channel in ("C2", "C1", "C2", "C2", "C2"):
        try:
            await client.chat_postMessage(channel=channel, text="x", **QUIETLY)
            said.append("ok")
        except SlackApiError as error:
            said.append(error.response["error"])
    assert said == ["ok", "ok", "is_archived", "is_archived", "ok"]
    slack.faults.add("*", faults.refuse("token_revoked"), times=100)
    slack.faults.clear()
    assert (await client.auth_test())["ok"]


@pytest.mark.parametrize("applied", [False, True])
async def test_a_slow_answer_waits_for_slacks_clock(slack: SlackServer, client: AsyncWebClient, applied: bool) -> None:
    slack.faults.add("chat.postMessage", faults.slow(40, applied=applied))
    posting = asyncio.ensure_future(client.chat_postMessage(channel="C1", text="x", **QUIETLY))
    await slack.wait_for(lambda: slack.ledger.calls("chat.postMessage"))
    assert len(slack.messages("C1")) == int(applied)
    slack.world.clock.advance(40)
    assert (await posting)["ok"]
    assert len(slack.messages("C1")) == 1


async def test_one_message_a_second_in_a_channel(slack: SlackServer, client: AsyncWebClient) -> None:
    slack.rates.channel_seconds = 1.0
    await client.chat_postMessage(channel="C1", text="1", **QUIETLY)
    await client.chat_postMessage(channel="C2", text="1", **QUIETLY)
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel="C1", text="2", **QUIETLY)
    assert caught.value.response["error"] == "ratelimited"
    assert caught.value.response.headers["Retry-After"] == "1"
    slack.world.clock.advance(1)
    await client.chat_postMessage(channel="C1", text="2", **QUIETLY)
    assert [m.text for m in slack.messages("C1")] == ["1", "2"]


async def test_so_many_calls_a_minute(slack: SlackServer, client: AsyncWebClient) -> None:
    slack.rates.per_minute["auth.test"] = 2
    for _ in range(2):
        await client.auth_test()
    with pytest.raises(SlackApiError, match="ratelimited") as caught:
        await client.auth_test()
    assert 58 <= int(caught.value.response.headers["Retry-After"]) <= 60
    slack.world.clock.advance(60)
    await client.auth_test()


async def test_a_response_url_can_fail_too(slack: SlackServer) -> None:
    url = slack.handles.response_url("T1", "C1", slack.user("Ada").id)
    slack.faults.add("response_url", faults.server_error(503, applied=True))
    async with aiohttp.ClientSession() as session:
        assert (await session.post(url, json={"text": "x"})).status == 503
        assert (await session.post(url, data=b"{")).status == 400
    assert len(slack.ephemerals(slack.user("Ada"))) == 1
