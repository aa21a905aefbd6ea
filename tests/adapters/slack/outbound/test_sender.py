"""Answers by response URLs: to Slack alone, once, and never where a redirect would lead."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from pydantic import SecretStr

from adapters.slack.outbound.sender import Sender, with_retries
from adapters.slack.transport.workspace_clients import WorkspaceClients
from bot.chat.gateway import NotSent, OutcomeUnknown, Refused
from bot.settings import SlackSettings
from tests.ports import reserved_port
from tests.stand_ins import open_harness

CUT = 299
"""Stands for a line that breaks before the answer."""
ANSWER = {"text": "Only you see this"}


@dataclass(slots=True)
class Connections:
    """The part of the workspaces that a sender uses."""

    session: aiohttp.ClientSession
    closed: bool = False

    def in_progress(self) -> AbstractContextManager[None]:
        return nullcontext()


@dataclass(slots=True)
class Listener:
    """A web server that answers with these codes, one after the other, and keeps what it was sent."""

    codes: list[int] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    heard: list[tuple[str, Any]] = field(default_factory=list)
    address: str = ""
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    may_answer: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.may_answer.set()

    async def answer(self, request: web.Request) -> web.Response:
        self.heard.append((request.path, await request.json()))
        self.asked.set()
        await self.may_answer.wait()
        code = self.codes.pop(0) if self.codes else 200
        if code == CUT:
            assert request.transport
            request.transport.close()
        return web.Response(status=code, headers=self.headers)


@pytest.fixture
async def slack() -> AsyncIterator[Listener]:
    listener = Listener()
    app = web.Application()
    app.router.add_post("/{path:.*}", listener.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    listener.address = f"127.0.0.1:{runner.addresses[0][1]}"
    yield listener
    await runner.cleanup()


@pytest.fixture
async def connections() -> AsyncIterator[Connections]:
    async with aiohttp.ClientSession() as session:
        yield Connections(session)


@pytest.fixture
async def sender(slack: Listener, connections: Connections, tmp_path: Path) -> AsyncIterator[Sender]:
    async with open_harness(tmp_path) as club:
        yield Sender(club.app, connections, f"http://{slack.address}/api/")  # type: ignore[arg-type]  # as far as needed


async def test_an_answer_goes_where_slack_said(sender: Sender, slack: Listener) -> None:
    await sender.respond(f"http://{slack.address}/actions/T1/2/x", ANSWER)
    assert slack.heard == [("/actions/T1/2/x", ANSWER)]


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost:{port}/actions/T1/2/x",
        "http://slack.com@127.0.0.1:{port}/actions",
        "http://127.0.0.1:{port}@localhost:{port}/actions",
        "https://127.0.0.1:{port}/actions",
        "http://hooks.127.0.0.1:{port}.localhost/actions",
        "//127.0.0.1:{port}/actions",
        "file:///etc/passwd",
        "",
    ],
)
async def test_an_address_that_is_none_of_slacks_is_never_asked(sender: Sender, slack: Listener, url: str) -> None:
    port = slack.address.partition(":")[2]
    with pytest.raises(Refused, match="not one of Slack’s response URLs"):
        await sender.respond(url.format(port=port), ANSWER)
    assert slack.heard == []


@pytest.mark.parametrize(
    ("url", "ours"),
    [
        ("https://hooks.slack.com/actions/T1/2/x", True),
        ("https://slack.com/actions/T1/2/x", True),
        ("http://hooks.slack.com/actions/T1/2/x", False),
        ("https://hooks.slack.com.evil.test/actions", False),
        ("https://evil.hooks.slack.com/actions", False),
        ("https://hooks.slack.com:8443/actions", False),
        ("https://hooks.slack.com@evil.test/actions", False),
        ("https://169.254.169.254/latest/meta-data", False),
    ],
)
async def test_of_the_real_slack_two_hosts_are_answered(
    connections: Connections, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str, ours: bool
) -> None:
    monkeypatch.setattr("adapters.slack.outbound.sender.MAX_RETRY_PAUSE", -1.0)
    connections.closed = True  # nothing leaves: what would be sent is told apart from what would not
    async with open_harness(tmp_path) as club:
        sender = Sender(club.app, connections, "https://slack.com/api/")  # type: ignore[arg-type]  # as far as needed
        with pytest.raises(NotSent if ours else Refused):
            await sender.respond(url, ANSWER)


async def test_a_redirect_is_not_followed(sender: Sender, slack: Listener) -> None:
    slack.codes, slack.headers = [307], {"Location": f"http://{slack.address}/elsewhere"}
    with pytest.raises(Refused, match="307"):
        await sender.respond(f"http://{slack.address}/actions", ANSWER)
    assert [path for path, _ in slack.heard] == ["/actions"]


@pytest.mark.parametrize(("code", "raises"), [(404, Refused), (410, Refused), (500, OutcomeUnknown)])
async def test_what_was_refused_or_perhaps_said_is_not_said_again(
    sender: Sender, slack: Listener, code: int, raises: type[Exception]
) -> None:
    slack.codes = [code]
    with pytest.raises(raises):
        await sender.respond(f"http://{slack.address}/actions", ANSWER)
    assert len(slack.heard) == 1


async def test_what_was_certainly_not_said_is_said_after_the_pause(sender: Sender, slack: Listener) -> None:
    slack.codes, slack.headers = [429, 429], {"Retry-After": "0"}
    await sender.respond(f"http://{slack.address}/actions", ANSWER)
    assert len(slack.heard) == 3


async def test_a_pause_that_is_too_long_for_who_waits_is_not_waited_for(sender: Sender, slack: Listener) -> None:
    slack.codes, slack.headers = [429], {"Retry-After": "31"}
    with pytest.raises(NotSent):
        await sender.respond(f"http://{slack.address}/actions", ANSWER)
    assert len(slack.heard) == 1


async def test_three_tries_are_all(sender: Sender, slack: Listener) -> None:
    slack.codes, slack.headers = [429] * 5, {"Retry-After": "0"}
    with pytest.raises(NotSent):
        await sender.respond(f"http://{slack.address}/actions", ANSWER)
    assert len(slack.heard) == 3


async def test_a_line_that_breaks_before_the_answer_leaves_open_whether_it_was_said(
    sender: Sender, slack: Listener
) -> None:
    slack.codes = [CUT]
    with pytest.raises(OutcomeUnknown, match="broke"):
        await sender.respond(f"http://{slack.address}/actions", ANSWER)
    assert len(slack.heard) == 1


async def test_a_stop_waits_for_an_answer_on_its_way(slack: Listener, tmp_path: Path) -> None:
    base = f"http://{slack.address}/api/"
    slack.may_answer.clear()
    async with open_harness(tmp_path) as club:
        workspaces = WorkspaceClients(club.app, SlackSettings(bot_token=SecretStr("xoxb-1"), base_url=base))
        sender = Sender(club.app, workspaces, base)
        answering = asyncio.create_task(sender.respond(f"http://{slack.address}/actions", ANSWER))
        await slack.asked.wait()
        closing = asyncio.create_task(workspaces.close())
        await asyncio.wait([closing], timeout=0)
        slack.may_answer.set()
        await answering
        await closing
    assert len(slack.heard) == 1


async def test_nothing_is_said_while_the_program_stops(
    sender: Sender, slack: Listener, connections: Connections, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.slack.outbound.sender.MAX_RETRY_PAUSE", -1.0)
    connections.closed = True
    with pytest.raises(NotSent, match="about to stop"):
        await sender.respond(f"http://{slack.address}/actions", ANSWER)
    assert slack.heard == []


async def test_a_server_that_cannot_be_reached_was_told_nothing(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.slack.outbound.sender.MAX_RETRY_PAUSE", -1.0)
    async with reserved_port() as port:
        monkeypatch.setattr(sender, "_response_hosts", {("http", f"127.0.0.1:{port}")})
        with pytest.raises(NotSent, match="cannot be reached"):
            await sender.respond(f"http://127.0.0.1:{port}/actions", ANSWER)


@pytest.mark.parametrize(
    ("pauses", "slept", "sent"),
    [
        ((), [], True),
        ((30,), [30], True),
        ((30.1,), [], False),
        ((1, 2), [1, 2], True),
        ((1, 2, 3), [1, 2], False),
    ],
)
async def test_a_person_waits_for_three_tries_and_half_a_minute_between_them(
    monkeypatch: pytest.MonkeyPatch, pauses: tuple[float, ...], slept: list[float], sent: bool
) -> None:
    waited: list[float] = []
    left = list(pauses)

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    async def send() -> str:
        if left:
            raise NotSent("not now", left.pop(0))
        return "sent"

    monkeypatch.setattr("adapters.slack.outbound.sender.asyncio", SimpleNamespace(sleep=sleep))
    if sent:
        assert await with_retries(send) == "sent"
    else:
        with pytest.raises(NotSent):
            await with_retries(send)
    assert waited == slept
