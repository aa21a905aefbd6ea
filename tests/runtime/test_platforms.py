"""Each platform is served by itself: what breaks off comes back, and the last one that nobody can serve ends it all."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial

import pytest

from bot.app import App
from bot.errors import UserError
from bot.runtime import platforms
from bot.runtime.platforms import serve_platforms
from tests.stand_ins import Harness, RecordingGateway


@dataclass(slots=True)
class Served(RecordingGateway):
    """A platform whose serving ends with these errors, one after another; then it goes on for ever."""

    ends: list[Exception] = field(default_factory=list)
    begun: int = 0
    up: asyncio.Event = field(default_factory=asyncio.Event)

    async def serve(self) -> None:
        self.begun += 1
        if self.ends:
            raise self.ends.pop(0)
        self.up.set()
        await asyncio.Event().wait()


def with_platforms(club: Harness, *gateways: Served) -> App:
    return replace(club.app, platforms=[partial(itself, gateway) for gateway in gateways])


def itself(gateway: Served, _: App) -> Served:
    return gateway


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platforms, "FIRST_PAUSE", 0.0)


async def test_a_refused_token_ends_its_platform_and_no_other(
    club: Harness, capsys: pytest.CaptureFixture[str]
) -> None:
    slack, discord = Served(name="slack", ends=[UserError("Slack refuses the token.")]), Served(name="discord")
    app = with_platforms(club, slack, discord)
    serving = asyncio.create_task(serve_platforms(app))
    await discord.up.wait()
    assert app.health.trouble("slack", app.now()) == "Slack refuses the token."
    assert app.health.trouble("discord", app.now()) == ""
    assert "Slack refuses the token." in capsys.readouterr().err
    assert not serving.done()
    serving.cancel()
    with suppress(asyncio.CancelledError):
        await serving


async def test_the_last_platform_that_nobody_can_serve_ends_the_program(club: Harness) -> None:
    slack = Served(name="slack", ends=[UserError("Slack refuses the token.")])
    discord = Served(name="discord", ends=[RuntimeError("a bug"), UserError("Discord refuses the token.")])
    with pytest.raises(UserError, match="Discord refuses the token"):
        await serve_platforms(with_platforms(club, slack, discord))
    assert (slack.begun, discord.begun) == (1, 2)


async def test_whatever_breaks_off_is_served_again(club: Harness, caplog: pytest.LogCaptureFixture) -> None:
    slack = Served(name="slack", ends=[OSError("no route to host"), RuntimeError("a bug"), ValueError("odd")])
    serving = asyncio.create_task(serve_platforms(with_platforms(club, slack)))
    await slack.up.wait()
    assert slack.begun == 4
    assert "slack broke off" in caplog.text
    serving.cancel()
    with suppress(asyncio.CancelledError):
        await serving
