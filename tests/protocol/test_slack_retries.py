"""Requests of the local Slack that an app does not acknowledge, by HTTP too: retries and refusals."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import aiohttp

from tests.protocol.slack_echo import by_http, by_socket
from tests.protocol.slack_server import Ack, SlackServer
from tests.protocol.slack_server.delivery import DeliveryAttempt

Json = dict[str, Any]


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
