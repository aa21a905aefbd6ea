"""T6: only what Slack signed, lately, comes in, and a repeat does nothing more."""

from __future__ import annotations

import asyncio

import pytest

from adapters.slack.transport.http_endpoint import MAX_BODY_BYTES
from tests.adapters.slack.harness import PAPERS, SlackHarness
from tests.adapters.slack.transport.test_http_endpoint import NOW, club, command, post

__all__ = ["club"]


async def test_forged_stale_and_broken_requests_change_nothing(
    club: SlackHarness,
    caplog: pytest.LogCaptureFixture,
) -> None:
    body = command(club, "submit 1706.03762")
    for stamp, signature in (
        (NOW, "v0=" + "0" * 64), (NOW, "v0=é"), (NOW, ""), (str(int(NOW) - 301), ""), (str(int(NOW) + 301), ""),
        ("soon", ""), ("9" * 400, ""),
    ):  # fmt: skip
        if (stamp, signature) != (NOW, ""):
            assert await post(club, body, stamp=stamp, signature=signature) == (401, "")
    assert (await post(club, body, headers={}))[0] == 401
    for broken in (b"payload=not-json", b"payload=[1]", b"\xff=\xff", b"payload=" + b"[" * 50_000):
        assert await post(club, broken) == (400, "")
    assert (await post(club, b"a=" + b"b" * MAX_BODY_BYTES))[0] == 413
    assert "Traceback" not in caplog.text
    await club.settle()
    assert not club.slack.messages(PAPERS, bot=True)


async def test_a_replayed_request_has_one_effect(club: SlackHarness) -> None:
    body = command(club, "submit 1706.03762")
    assert {await post(club, body) for _ in range(2)} == {(200, "")}
    assert set(await asyncio.gather(*(post(club, body) for _ in range(3)))) == {(200, "")}
    await club.settle()
    assert len(club.slack.messages(PAPERS, bot=True)) == 1
    assert len(club.slack.ephemerals(club.person("Ada"))) == 1, "it was not even run again"
