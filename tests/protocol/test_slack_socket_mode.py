"""Socket Mode of the local Slack: tickets, several connections, broken connections."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from tests.protocol.slack_echo import by_socket
from tests.protocol.slack_server import SlackServer, faults

Json = dict[str, Any]


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
