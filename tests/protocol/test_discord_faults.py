"""Trouble on the local Discord, as real discord.py meets it, and what the ledger says really happened."""

from __future__ import annotations

import asyncio

import aiohttp
import discord as library
import pytest

from tests.protocol.discord_reader import Reader
from tests.protocol.discord_server import Channel, DiscordServer
from tests.protocol.discord_server.faults import Scope

SEND = "POST /channels/{channel_id}/messages"
READ = "GET /channels/{channel_id}/messages"


def room(bot: library.Client, channel: Channel) -> library.TextChannel:
    found = bot.get_channel(channel.id)
    assert isinstance(found, library.TextChannel)
    return found


@pytest.mark.parametrize("scope", ["user", "global", "shared"])
async def test_a_429_is_waited_out(discord: DiscordServer, bot: Reader, papers: Channel, scope: Scope) -> None:
    discord.faults.rate_limit(SEND, retry_after=0.01, scope=scope)
    await room(bot, papers).send("hello")
    assert [request.status for request in discord.ledger.to(SEND)] == [429, 200]
    assert discord.ledger.invalid(discord.clock.now()) == (0 if scope == "shared" else 1)


async def test_a_bucket_runs_dry_and_fills_again(discord: DiscordServer, bot: Reader, papers: Channel) -> None:
    discord.limits.tighten(SEND, limit=2, per=0.2)
    await asyncio.gather(*(room(bot, papers).send(f"{number}") for number in range(5)))
    assert len(papers.messages) == 5
    first, *_, last = discord.ledger.to(SEND)
    assert (last.at - first.at).total_seconds() >= 0.4


async def test_all_requests_together_have_a_limit(discord: DiscordServer, bot: Reader, papers: Channel) -> None:
    discord.limits.tighten_all(1, per=0.1)
    await room(bot, papers).send("one")
    await bot.fetch_user(bot.application_id or 0)
    assert 429 in [request.status for request in discord.ledger.requests]
    assert len(papers.messages) == 1


@pytest.mark.parametrize(("status", "retried"), [(502, True), (503, False), (520, False)])
async def test_a_5xx_is_ambiguous_unless_it_is_retried(
    discord: DiscordServer, bot: Reader, papers: Channel, status: int, retried: bool
) -> None:
    discord.faults.fail(SEND, status, applied=True)
    if retried:
        await room(bot, papers).send("hello")
        assert [request.applied for request in discord.ledger.to(SEND)] == [True, True]
    else:
        with pytest.raises(library.DiscordServerError):
            await room(bot, papers).send("hello")
    assert len(papers.messages) == 1, "the nonce made the second post the first"


@pytest.mark.parametrize("applied", [False, True])
async def test_a_reset_connection_tells_nothing(
    discord: DiscordServer, bot: Reader, papers: Channel, applied: bool
) -> None:
    discord.faults.reset(SEND, applied=applied)
    with pytest.raises(aiohttp.ClientError):
        await room(bot, papers).send("hello")
    (request,) = discord.ledger.to(SEND)
    assert (request.status, request.fault, request.applied) == (None, "reset", applied)
    assert len(papers.messages) == applied


async def test_a_lost_answer_leaves_its_message(discord: DiscordServer, bot: Reader, papers: Channel) -> None:
    discord.faults.lose(SEND, after=1)
    await room(bot, papers).send("arrives")
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await room(bot, papers).send("arrives too")
    assert [message.text for message in papers.messages] == ["arrives", "arrives too"]


async def test_a_garbled_answer_leaves_its_message(discord: DiscordServer, bot: Reader, papers: Channel) -> None:
    discord.faults.garble(SEND)
    with pytest.raises(ValueError, match=r"Unterminated|Expecting|unexpected"):
        await room(bot, papers).send("arrives")
    assert len(papers.messages) == 1


async def test_a_slow_answer_is_given_up(discord: DiscordServer, bot: Reader, papers: Channel) -> None:
    discord.faults.slow(SEND, seconds=60)
    sending = asyncio.create_task(room(bot, papers).send("arrives"))
    await discord.wait_for(lambda: discord.ledger.applied(SEND))
    assert not sending.done()
    sending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sending
    assert [message.text for message in papers.messages] == ["arrives"]


async def test_any_refusal_can_be_ordered_for_some(discord: DiscordServer, bot: Reader, papers: Channel) -> None:
    fault = discord.faults.refuse(SEND, 50013, times=2)
    fault.only = lambda request: request.body["content"] == "no"
    await room(bot, papers).send("yes")
    with pytest.raises(library.Forbidden) as refused:
        await room(bot, papers).send("no")
    assert refused.value.code == 50013
    discord.faults.clear()
    await room(bot, papers).send("no")
    assert len(papers.messages) == 2


async def test_too_many_edits_of_an_old_message(discord: DiscordServer, bot: Reader, papers: Channel) -> None:
    message = await room(bot, papers).send("old")
    discord.faults.refuse("PATCH /channels/{channel_id}/messages/{message_id}", 30046)
    await message.edit(content="new")
    assert papers.last.text == "new", "a 429 like any other: waited out"


async def test_settled_waits_for_what_is_under_way(discord: DiscordServer, bot: Reader, papers: Channel) -> None:
    discord.faults.slow(READ, seconds=0.1)
    reading = asyncio.create_task(_read(bot, papers))
    await discord.wait_for(lambda: discord.ledger.running)
    await discord.settled()
    assert discord.ledger.running == 0
    await reading


async def _read(bot: Reader, papers: Channel) -> list[library.Message]:
    return [message async for message in room(bot, papers).history(limit=1)]
