"""What goes wrong at the local Slack on a test's word: faults, floods, retries, broken connections, forged requests."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.protocol.slack_echo import QUIETLY, by_http, by_socket
from tests.protocol.slack_server import Ack, SlackServer, faults
from tests.protocol.slack_server.delivery import DeliveryAttempt
from tests.protocol.slack_server.faults import Fault

Json = dict[str, Any]


@pytest.fixture
async def slack() -> AsyncIterator[SlackServer]:
    async with SlackServer() as server:
        yield server


@pytest.fixture
def client(slack: SlackServer) -> AsyncWebClient:
    """A client that never resends by itself."""
    return AsyncWebClient(token=slack.token(), base_url=slack.api_url, retry_handlers=[], timeout=30)


# -- faults of the Web API ---------------------------------------------------------------------------------
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


# -- acknowledgements and retries --------------------------------------------------------------------------
class Deaf:
    """An app that fails so many times, with a given ack, and then listens."""

    def __init__(self, *acks: Ack) -> None:
        self.acks = list(acks)
        self.parcels: list[DeliveryAttempt] = []

    async def send(self, parcel: DeliveryAttempt) -> Ack:
        self.parcels.append(parcel)
        return self.acks.pop(0) if self.acks else Ack(0.0)


async def test_an_event_is_retried_at_once_then_after_one_and_five_minutes(slack: SlackServer) -> None:
    lost = Ack(3.0, "operation_timeout")
    deaf = slack.dispatcher.transport = Deaf(lost, Ack(0.0, "http_error", 500), lost, lost)
    slack.quiet = 0.0
    await slack.user("Ada").mention("C1", "hello")
    await slack.wait_for(lambda: len(deaf.parcels) == 2)
    slack.world.clock.advance(55)
    await slack.settled(quiet=0.05)
    assert len(deaf.parcels) == 2
    slack.world.clock.advance(5)
    await slack.wait_for(lambda: len(deaf.parcels) == 3)
    slack.world.clock.advance(295)
    await slack.settled(quiet=0.05)
    assert len(deaf.parcels) == 3
    slack.world.clock.advance(5)
    await slack.wait_for(lambda: len(deaf.parcels) == 4)
    assert [(p.retry, p.reason) for p in deaf.parcels] == [
        (0, ""),
        (1, "http_timeout"),
        (2, "http_error"),
        (3, "http_timeout"),
    ]
    assert len({p.payload["event_id"] for p in deaf.parcels}) == 1
    slack.world.clock.advance(3600)
    await slack.settled(quiet=0.05)
    assert len(deaf.parcels) == 4
    assert slack.ledger.sent[0].settled


async def test_no_retry_when_the_app_says_so_or_for_commands(slack: SlackServer) -> None:
    deaf = slack.dispatcher.transport = Deaf(Ack(0.0, "http_error", 500, no_retry=True), Ack(0.0, "http_error", 500))
    await slack.user("Ada").mention("C1")
    seen = await slack.user("Ada").command("/paper")
    slack.world.clock.advance(3600)
    await slack.settled()
    assert len(deaf.parcels) == 2
    assert seen.failure == '/paper failed with the error "dispatch_failed"'


async def test_an_event_can_be_told_twice(slack: SlackServer) -> None:
    deaf = slack.dispatcher.transport = Deaf()
    slack.patience = 0.0
    await slack.user("Ada").mention("C1", "hello")
    await slack.dispatcher.redeliver(slack.ledger.sent[0].payload, retry=1, reason="http_timeout")
    assert deaf.parcels[0].payload["event_id"] == deaf.parcels[1].payload["event_id"]


async def test_with_nobody_connected_a_command_fails_and_an_event_waits(slack: SlackServer) -> None:
    ada = slack.user("Ada")
    seen = await ada.command("/echo", "hello")
    assert seen.failure == '/echo failed with the error "dispatch_failed"'
    slack.quiet = 0.0
    await ada.mention("C1", "hello")
    await slack.wait_for(lambda: len(slack.ledger.sent[-1].acks) == 2)
    async with by_socket(slack):
        slack.world.clock.advance(60)
        await slack.wait_for(lambda: slack.messages("C1", bot=True))
    assert [a.failure for a in slack.ledger.sent[-1].acks] == ["not_connected", "not_connected", ""]


# -- Socket Mode -------------------------------------------------------------------------------------------
async def tickets(slack: SlackServer, count: int) -> list[str]:
    """The addresses of so many WebSockets."""
    opener = AsyncWebClient(base_url=slack.api_url)
    return [str((await opener.apps_connections_open(app_token=slack.app.app_token))["url"]) for _ in range(count)]


async def test_a_ticket_is_good_for_one_connection(slack: SlackServer) -> None:
    (ticket,) = await tickets(slack, 1)
    async with aiohttp.ClientSession() as session:
        async with session.ws_connect(ticket) as socket:
            hello = await socket.receive_json()
            assert (hello["type"], hello["num_connections"]) == ("hello", 1)
            assert hello["debug_info"]["approximate_connection_time"] > 0
            with pytest.raises(aiohttp.WSServerHandshakeError):
                await session.ws_connect(ticket)
        slack.sockets.dead_tickets = 1
        dead, good = await tickets(slack, 2)
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(dead)
        async with session.ws_connect(good) as socket:
            assert (await socket.receive_json())["type"] == "hello"


async def test_ten_connections_share_the_work_and_the_eleventh_is_turned_away(slack: SlackServer) -> None:
    ada = slack.user("Ada")
    slack.patience = slack.quiet = 0.0
    async with aiohttp.ClientSession() as session:
        sockets = [await session.ws_connect(url) for url in await tickets(slack, 10)]
        for n, socket in enumerate(sockets, start=1):
            assert (await socket.receive_json())["num_connections"] == n
        (late,) = await tickets(slack, 1)
        async with session.ws_connect(late) as eleventh:
            assert (await eleventh.receive_json())["reason"] == "too_many_websockets"
        commands = [asyncio.ensure_future(ada.command("/paper")) for _ in range(10)]
        for socket in sockets:
            envelope = await socket.receive_json()
            assert envelope["accepts_response_payload"] is True
            await socket.send_json({"envelope_id": envelope["envelope_id"]})
        for seen in await asyncio.gather(*commands):
            assert seen.failure == ""
        for socket in sockets:
            await socket.close()


async def test_an_ack_after_three_seconds_is_too_late(slack: SlackServer) -> None:
    ada = slack.user("Ada")
    slack.patience = slack.quiet = 0.0
    async with aiohttp.ClientSession() as session:
        (url,) = await tickets(slack, 1)
        async with session.ws_connect(url) as socket:
            await socket.receive_json()
            for seconds, failure in ((2.0, ""), (3.0, '/paper failed with the error "operation_timeout"')):
                command = asyncio.ensure_future(ada.command("/paper"))
                envelope = (await socket.receive_json())["envelope_id"]
                slack.world.clock.advance(seconds)
                await socket.send_json({"envelope_id": envelope, "payload": {"text": "hi"}})
                assert (await command).failure == failure
            await slack.wait_for(lambda: slack.ledger.late_acks)
            assert slack.ledger.late_acks == [envelope]
            await socket.send_str("nonsense")
            await slack.wait_for(lambda: slack.violations)
            await socket.ping(b"are you there")
    assert [m.text for m in slack.ephemerals(ada)] == ["hi"]


async def test_pings_are_answered_until_slack_goes_silent(slack: SlackServer) -> None:
    async with aiohttp.ClientSession() as session:
        (url,) = await tickets(slack, 1)
        async with session.ws_connect(url, autoping=False) as socket:
            await socket.receive_json()
            await slack.sockets.ping()
            assert (await socket.receive()).type is aiohttp.WSMsgType.PING
            await socket.ping(b"1")
            pong = await socket.receive()
            assert (pong.type, pong.data) == (aiohttp.WSMsgType.PONG, b"1")
            slack.sockets.go_silent()
            await socket.ping(b"2")
            with pytest.raises(TimeoutError):
                await socket.receive(timeout=0.05)
            assert len(slack.sockets.live) == 1


async def reconnected(slack: SlackServer, before: int) -> None:
    """Wait until a connection stands that is newer than the first `before`."""
    await slack.wait_for(lambda: slack.sockets.opened > before and slack.sockets.live)


async def test_a_disconnected_app_comes_back_with_a_fresh_ticket(slack: SlackServer) -> None:
    ada = slack.user("Ada")
    async with by_socket(slack, ping_interval=0.05):
        for reason in ("refresh_requested", "warning", "link_disabled"):
            before = slack.sockets.opened
            await slack.sockets.disconnect(reason)
            await reconnected(slack, before)
            assert (await ada.command("/echo", reason)).message(reason)
        before = slack.sockets.opened
        slack.sockets.drop()
        await reconnected(slack, before)
        slack.faults.add("apps.connections.open", faults.server_error(503), times=2)
        slack.sockets.drop()
        await reconnected(slack, before + 1)
        assert (await ada.command("/echo", "still here")).message("still here")
    assert len(slack.ledger.calls("apps.connections.open")) == slack.sockets.opened + 2


async def test_an_app_on_a_half_open_connection_finds_out_and_comes_back(slack: SlackServer) -> None:
    async with by_socket(slack, ping_interval=0.1):
        before = slack.sockets.opened
        slack.sockets.go_silent()
        await reconnected(slack, before)
        async with asyncio.timeout(30):  # a test that is held up loses the next line too
            while "back" not in (await slack.user("Ada").command("/echo", "back")).words:
                pass


# -- signed HTTP -------------------------------------------------------------------------------------------
async def test_http_headers_of_a_retry(slack: SlackServer) -> None:
    requests: list[tuple[Json, dict[str, str]]] = []

    async def listen(request: aiohttp.web.BaseRequest) -> aiohttp.web.Response:
        requests.append((json.loads(await request.text()), dict(request.headers)))
        return aiohttp.web.Response(status=500 if len(requests) == 2 else 200, text=requests[0][0]["challenge"])

    server = aiohttp.web.ServerRunner(aiohttp.web.Server(listen))
    await server.setup()
    await aiohttp.web.TCPSite(server, "127.0.0.1", 0).start()
    assert await slack.use_http(f"http://127.0.0.1:{server.addresses[0][1]}/")
    await slack.user("Ada").mention("C1", "hello")
    await slack.wait_for(lambda: len(requests) == 3)
    await slack.settled()
    await server.cleanup()
    first, again = requests[1][1], requests[2][1]
    assert "X-Slack-Retry-Num" not in first
    assert (again["X-Slack-Retry-Num"], again["X-Slack-Retry-Reason"]) == ("1", "http_error")
    assert requests[1][0]["event_id"] == requests[2][0]["event_id"]
    assert slack.ledger.sent[0].acks[1].ok


async def test_a_request_signed_with_another_secret_is_turned_away(slack: SlackServer) -> None:
    async with by_http(slack, secret="another") as url:  # the app knows another secret
        assert await slack.use_http(url) is False
        seen = await slack.user("Ada").command("/echo", "hello")
    assert seen.ack is not None
    assert seen.ack.status == 401
    assert seen.failure == '/echo failed with the error "dispatch_failed"'


async def test_an_app_that_is_down_or_slow(slack: SlackServer) -> None:
    async with by_http(slack) as url:
        await slack.use_http(url)
    seen = await slack.user("Ada").command("/echo", "hello")
    assert seen.ack is not None
    assert seen.ack.failure == "connection_failed"
    async with by_http(slack) as url:
        await slack.use_http(url)
        typing = asyncio.ensure_future(slack.user("Ada").command("/slow"))
        await slack.wait_for(lambda: slack.ledger.sent[-1].name == "/slow")
        slack.world.clock.advance(3)
        assert (await typing).failure == '/slow failed with the error "operation_timeout"'


# -- the manifest ------------------------------------------------------------------------------------------
MANIFEST: Json = {
    "display_information": {"name": "Journal Club"},
    "features": {
        "bot_user": {"display_name": "Journal Club"},
        "app_home": {"home_tab_enabled": True},
        "slash_commands": [{"command": "/paper", "description": "Papers"}],
        "shortcuts": [
            {"name": "Submit a paper", "type": "global", "callback_id": "submit", "description": "Submit a paper"}
        ],
    },
    "oauth_config": {"scopes": {"bot": ["commands", "chat:write", "app_mentions:read"]}},
    "settings": {
        "event_subscriptions": {"bot_events": ["app_mention", "app_home_opened"]},
        "interactivity": {"is_enabled": True},
        "socket_mode_enabled": True,
    },
}


async def test_only_what_the_manifest_declares_is_known(slack: SlackServer) -> None:
    deaf = slack.dispatcher.transport = Deaf()
    slack.patience = slack.quiet = 0.0
    slack.use_manifest(MANIFEST)
    ada = slack.user("Ada")
    assert (await ada.command("/vote")).failure == "/vote is not a valid command."
    assert (await ada.command("/paper")).failure == ""
    with pytest.raises(AssertionError, match="no message shortcut"):
        await ada.message_shortcut("submit", await ada.post("C1", "hello"))
    await ada.global_shortcut("submit")
    slack.events.archive("C2")
    await slack.settled(quiet=0.05)
    assert [p.payload["type"] for p in deaf.parcels if "type" in p.payload] == ["shortcut"]
    assert slack.install("T1").scopes == ["commands", "chat:write", "app_mentions:read"]


@pytest.mark.parametrize(
    ("path", "value", "complaint"),
    [
        ("display_information.name", "x" * 36, "1 to 35"),
        ("display_information.description", "x" * 141, "140"),
        ("features.slash_commands", [{"command": "paper", "description": "x"}], "no name"),
        ("features.slash_commands", [{"command": "/p", "description": "x"}] * 2, "2 times"),
        ("features.slash_commands", [{"command": f"/p{i}", "description": "x"} for i in range(51)], "51 of 50"),
        ("features.shortcuts", [{"name": "x" * 25, "type": "global", "callback_id": "a", "description": "x"}], "24"),
        ("oauth_config.scopes.bot", ["chat:write", "app_mentions:read"], "scope commands"),
        ("oauth_config.scopes.bot", ["commands"], "app_mentions:read"),
        ("settings.socket_mode_enabled", False, "request_url"),
        ("colour", "red", "unknown section"),
    ],
)
def test_a_wrong_manifest_is_not_taken(path: str, value: Any, complaint: str) -> None:
    manifest = json.loads(json.dumps(MANIFEST))
    *way, last = path.split(".")
    place = manifest
    for step in way:
        place = place[step]
    place[last] = value
    with pytest.raises(AssertionError, match=complaint):
        SlackServer().use_manifest(manifest)
