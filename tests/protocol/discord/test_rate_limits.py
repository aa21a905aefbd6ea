"""Discord asks for pauses: all posts wait, none is lost, and everything goes on by itself."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from adapters.discord.transport import rate_limiter, requests
from tests.protocol.discord.conftest import Bot
from tests.protocol.discord_server import Person

SEND = "POST /channels/{channel_id}/messages"


@pytest.fixture
def tenths(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second passes in a tenth, once the bot listens."""
    monkeypatch.setattr(rate_limiter, "LONGEST_SLEEP", 1.0)
    monkeypatch.setattr(requests, "LONGEST_SLEEP", 1.0)
    monkeypatch.setattr(requests, "TIMEOUT", 2.0)
    monkeypatch.setattr(requests.send, "__kwdefaults__", {"once": False, "limit": 2.0})


async def until_posted(bot: Bot, count: int) -> None:
    """Deliver again and again, as the worker does, until the channel has so many cards."""
    async with asyncio.timeout(20):
        while len(bot.papers.messages) < count:
            bot.harness.clock.at += timedelta(seconds=1)
            await bot.harness.delivery_worker.drain()
            await asyncio.sleep(0.02)


@pytest.mark.parametrize(("seconds", "times"), [(25, 1), (8, 3)])
async def test_after_a_global_limit_everything_goes_on_by_itself(
    tenths: None, bot: Bot, ada: Person, seconds: int, times: int
) -> None:
    bot.discord.faults.rate_limit(SEND, retry_after=seconds / 10, scope="global", times=times)
    await ada.command("/paper submit", bot.papers, link="1706.03762")
    await ada.command("/paper submit", bot.papers, link="2510.04871")
    await until_posted(bot, 2)
    await bot.settle()
    assert len({message.text for message in bot.papers.messages}) == 2, "each once"
    assert await bot.gateway.doctor(str(bot.guild.id), []), "other requests leave too"
