"""Signed HTTP: what Slack signed comes in, once; everything else ends as a bare status."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import logging
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest
from aiohttp.test_utils import make_mocked_request

from adapters.slack.transport import http_endpoint
from adapters.slack.transport.http_endpoint import MAX_BODY_BYTES, HttpEndpoint, parse_payload
from bot.store.admin.event_inbox import EventInbox
from tests.adapters.slack.harness import PAPERS, SlackHarness, message_with, slack_harness_by_http
from tests.protocol.slack_server import faults
from tests.protocol.slack_server.http_mode import sign
from tests.stand_ins import MONDAY

NOW = str(int(MONDAY.timestamp()))
SECRET = "signing-secret-of-the-test-app"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
async def club(tmp_path: Path) -> AsyncIterator[SlackHarness]:
    async with slack_harness_by_http(tmp_path) as opened:
        yield opened
        opened.check()


async def post(
    club: SlackHarness,
    body: bytes,
    *,
    stamp: str = NOW,
    signature: str = "",
    content: str = FORM,
    path: str = "commands",
    chunked: bool = False,
    headers: dict[str, str] | None = None,
) -> tuple[int, str]:
    """Send bytes as Slack would, or as somebody else."""
    sent = {"Content-Type": content, "X-Slack-Request-Timestamp": stamp}
    sent["X-Slack-Signature"] = signature or sign(SECRET, stamp, body)
    if headers is not None:
        sent = headers

    async def chunks() -> AsyncIterator[bytes]:
        for at in range(0, len(body), 65536):
            yield body[at : at + 65536]

    async with aiohttp.ClientSession() as session:
        data: Any = chunks() if chunked else body
        async with session.post(f"{club.url}/{path}", data=data, headers=sent) as answer:
            return answer.status, await answer.text()


def command(club: SlackHarness, text: str = "top") -> bytes:
    payload = club.slack.payloads.command(club.person("Ada").user, club.slack.world.channels[PAPERS], "/paper", text)
    return urlencode(payload).encode()


async def test_a_signed_command_is_answered(club: SlackHarness) -> None:
    assert await post(club, command(club)) == (200, "")
    await club.slack.wait_for(lambda: club.slack.ephemerals(club.person("Ada")))


@pytest.mark.parametrize(
    ("stamp", "signature"),
    [
        (NOW, "v0=" + "0" * 64),
        (NOW, "v0=é"),
        (NOW, "x"),
        (str(int(NOW) - 301), ""),
        (str(int(NOW) + 301), ""),
        ("soon", ""),
        ("-1", ""),
        ("9" * 400, ""),
        ("1e9", ""),
        ("", ""),
    ],
)
async def test_forged_and_stale_requests_are_turned_away(
    club: SlackHarness, caplog: pytest.LogCaptureFixture, stamp: str, signature: str
) -> None:
    caplog.set_level(logging.DEBUG)
    body = command(club, "secret words\nERROR forged line")
    assert await post(club, body, stamp=stamp, signature=signature) == (401, "")
    assert "secret" not in caplog.text
    assert "Traceback" not in caplog.text
    assert not club.slack.ephemerals(club.person("Ada"))


async def test_without_any_headers_it_is_turned_away(club: SlackHarness) -> None:
    assert (await post(club, command(club), headers={}))[0] == 401


@pytest.mark.parametrize(
    ("body", "content"),
    [
        (b"{", "application/json"),
        (b"[1]", "application/json"),
        (b"null", "application/json"),
        (b"\xff\xfe", "application/json"),
        (b"[" * 100_000, "application/json"),
        (b"payload=not-json", FORM),
        (b"payload=[1]", FORM),
        (b"payload={}", FORM),
        (b"payload=" + b"[" * 100_000, FORM),
        (b"\xff=\xff", FORM),
        (b"", FORM),
        (b"&".join(b"a=%d" % i for i in range(500)), FORM),
    ],
)
async def test_what_cannot_be_read_is_refused_without_a_traceback(
    club: SlackHarness, caplog: pytest.LogCaptureFixture, body: bytes, content: str
) -> None:
    assert await post(club, body, content=content) == (400, "")
    assert "Traceback" not in caplog.text


@pytest.mark.parametrize("chunked", [False, True])
async def test_what_is_too_large_is_refused_before_it_is_read(club: SlackHarness, chunked: bool) -> None:
    body = b"a=" + b"b" * MAX_BODY_BYTES
    status, _ = await post(club, body, chunked=chunked)
    assert status == 413
    assert (await post(club, command(club)))[0] == 200, "the server goes on"


async def test_a_signed_payload_of_an_unknown_kind_does_no_harm(
    club: SlackHarness, caplog: pytest.LogCaptureFixture
) -> None:
    for payload in ({"type": "unheard of"}, {"type": "event_callback"}, {"type": "block_actions", "user": 1}):
        status, text = await post(club, urlencode({"payload": json.dumps(payload)}).encode(), path="interactions")
        assert (status, text) == (400, ""), payload
    assert "Traceback" not in caplog.text
    assert (await post(club, command(club)))[0] == 200


async def test_the_same_request_again_does_nothing(club: SlackHarness) -> None:
    body = command(club, "submit 1706.03762")
    answers = await asyncio.gather(*(post(club, body) for _ in range(5)))
    assert answers == [(200, "")] * 5
    await club.settle()
    assert len(club.slack.messages(PAPERS, bot=True)) == 1
    assert len(club.slack.ephemerals(club.person("Ada"))) == 1


async def test_the_challenge_is_sent_back_only_when_it_is_signed(club: SlackHarness) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "abc"}).encode()
    status, text = await post(club, body, content="application/json", path="events")
    assert (status, json.loads(text)) == (200, {"challenge": "abc"})
    status, text = await post(club, body, content="application/json", path="events", signature="v0=1")
    assert (status, text) == (401, "")


async def test_errors_of_a_form_come_back_in_the_answer(club: SlackHarness) -> None:
    screen = await club.person("Ada").command("/paper", "submit", channel=PAPERS)
    await screen.until(lambda s: s.view)
    screen = await club.person("Ada").submit_view(screen.view, {"link": "https://[bad"})
    assert "web address" in screen.errors["link"]


async def test_menus_are_asked_by_http_too(club: SlackHarness) -> None:
    await club.bring()
    screen = await club.person("Ben").command("/paper", "vote", channel=PAPERS)
    await screen.until(lambda s: s.view)
    offered = await club.person("Ben").suggest(screen.view, "paper", "atten")
    assert offered.choices[0].startswith("#1 Attention")


async def test_a_slow_handler_is_acknowledged_at_once_and_runs_once(club: SlackHarness) -> None:
    club.slack.quiet = club.slack.patience = 0.0
    club.slack.faults.add("users.info", faults.slow(30))
    screen = await club.person("Ada").command("/paper", "top", channel=PAPERS)
    assert screen.ack is not None
    assert screen.ack.ok
    await club.slack.wait_for(lambda: club.slack.ledger.calls("users.info"))
    club.slack.world.clock.advance(30)
    await message_with(screen, "Top papers")
    await club.slack.settled()
    assert len(screen.ephemerals) == 1


async def test_an_event_that_could_not_be_kept_is_asked_for_again(club: SlackHarness) -> None:
    await club.bring()

    async def broken(*_: object, **__: object) -> bool:
        raise OSError("the disk is full")

    taken, club.gateway._inbox.store = club.gateway._inbox.store, broken  # type: ignore[method-assign] # it breaks
    club.slack.patience = 0.0
    screen = await club.person("Ben").mention(PAPERS, "top")
    assert screen.ack is not None
    assert screen.ack.status == 500
    await club.slack.wait_for(lambda: len(club.slack.ledger.sent[-1].acks) == 2)
    club.gateway._inbox.store = taken  # type: ignore[method-assign] # it is mended
    club.slack.world.clock.advance(60)
    await club.slack.wait_for(lambda: club.slack.ledger.sent[-1].acks[-1].ok)
    await message_with(screen, "Top papers")


async def test_while_it_stops_nothing_new_is_taken(club: SlackHarness) -> None:
    await club.stop()
    assert (await post(club, command(club)))[0] == 503


def test_without_a_secret_it_does_not_start() -> None:
    with pytest.raises(ValueError, match="forged"):
        HttpEndpoint(None, "", None)  # type: ignore[arg-type] # it ends before it looks at them


def test_the_signature_is_slacks_own_example() -> None:
    # docs.slack.dev, "Verifying requests from Slack".
    secret, stamp = "8f742231b10e8888abcd99yyyzzz85a5", "1531420618"
    body = (
        b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar"
        b"&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack"
        b".com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a"
        b"0bc887a14d10d2c447fce8b6703c"
    )
    right = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
    assert sign(secret, stamp, body) == right
    base = b"v0:" + stamp.encode() + b":" + body
    assert "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest() == right


def test_reading_keeps_empty_fields() -> None:
    assert parse_payload(b"text=&command=%2Fpaper", FORM) == {"text": "", "command": "/paper"}


async def test_a_stop_waits_for_a_command_that_is_being_taken_in(
    club: SlackHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    reached, may_go_on, receive = asyncio.Event(), asyncio.Event(), EventInbox.receive

    async def receive_slowly(*given: Any, **values: Any) -> bool:
        reached.set()
        await may_go_on.wait()
        return await receive(*given, **values)

    monkeypatch.setattr(EventInbox, "receive", receive_slowly)
    sending = asyncio.create_task(post(club, command(club)))
    await reached.wait()
    endpoint = club.gateway._http_endpoint
    assert endpoint
    closing = asyncio.create_task(endpoint.close(30))
    await asyncio.wait([closing], timeout=0)
    assert not endpoint.open
    assert not closing.done()
    stopping = asyncio.create_task(club.stop())
    may_go_on.set()
    await closing
    await stopping
    assert await sending == (200, "")
    assert club.slack.ephemerals(club.person("Ada"))


@pytest.mark.parametrize("error", [ConnectionResetError("Connection lost"), None])
async def test_a_body_that_does_not_come_to_its_end_is_refused_without_a_traceback(
    club: SlackHarness, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, error: Exception | None
) -> None:
    monkeypatch.setattr(http_endpoint, "BODY_SECONDS", 0.01)
    connection: Any = SimpleNamespace(_reading_paused=False, connected=True)
    body = aiohttp.StreamReader(connection, 2**16, loop=asyncio.get_running_loop())
    if error:
        body.set_exception(error)
    endpoint = club.gateway._http_endpoint
    assert endpoint
    answer = await endpoint.handle(make_mocked_request("POST", "/slack/events", payload=body))
    assert answer.status == (400 if error else 408)
    assert "Traceback" not in caplog.text
    assert all(not record.exc_info for record in caplog.records)
