"""The gateway of the local Discord, against real discord.py: dropped, invalidated, refused, sharded, doubled."""

from __future__ import annotations

import asyncio
import json
import zlib
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import discord as library
import pytest
import yarl
from discord.gateway import DiscordWebSocket

from tests.protocol.discord_reader import Reader
from tests.protocol.discord_server import Channel, DiscordServer, LocalGuild, Person
from tests.protocol.discord_server.client import discord_py_at, running
from tests.protocol.discord_server.intents import GUILDS, MESSAGE_CONTENT

SESSION_KEPT = [4000, 4001, 4002, 4003, 4005, 4008, 1006]
SESSION_LOST = [1000, 1001, 4007, 4009]
FATAL = [4004, 4010, 4011, 4012, 4013, 4014]


async def test_who_connects_is_written_down(discord: DiscordServer, papers: Channel) -> None:
    async with running(Reader(), discord):
        (identify,) = discord.gateway.identifies
        assert identify["intents"] == GUILDS
        (connection,) = discord.gateway.ready
        assert connection.http.query["compress"] == "zlib-stream"
        await discord.wait_for(lambda: connection.heartbeats)
    await discord.wait_for(lambda: not discord.gateway.open)
    assert connection.closed_as in (1000, 4000), "which of its two closes comes first is discord.py's affair"
    assert discord.gateway.identifies_left == 999


@pytest.mark.parametrize("code", SESSION_KEPT)
async def test_a_dropped_client_resumes_and_hears_what_it_missed(
    discord: DiscordServer, ada: Person, papers: Channel, code: int
) -> None:
    async with running(Reader(), discord) as bot:
        discord.gateway.drop(code)
        seen = await ada.command("/paper submit", papers, link="x")
        assert not seen.failed, "it was asked while the line was down"
        (first, second) = discord.gateway.connections
        assert (first.closed_as, second.resumed, second.resume_url) == (code, True, True)
        assert bot.heard.count("RESUMED") == 1
        assert len(discord.gateway.identifies) == 1


@pytest.mark.parametrize("code", SESSION_LOST)
async def test_a_client_whose_session_is_lost_identifies_anew(
    discord: DiscordServer, ada: Person, papers: Channel, code: int
) -> None:
    async with running(Reader(), discord) as bot:
        discord.gateway.drop(code)
        await discord.wait_for(lambda: len(discord.gateway.identifies) == 2)
        assert not (await ada.command("/paper submit", papers, link="x")).failed
        assert "RESUMED" not in bot.heard


@pytest.mark.parametrize("code", FATAL)
async def test_some_closes_end_the_client(discord: DiscordServer, papers: Channel, code: int) -> None:
    closed: type[Exception] = library.PrivilegedIntentsRequired if code == 4014 else library.ConnectionClosed
    with discord_py_at(discord):
        async with Reader() as bot:
            life = asyncio.create_task(bot.start(discord.token))
            await discord.connected()
            discord.gateway.drop(code)
            with pytest.raises(closed):
                await asyncio.wait_for(life, 30)


async def test_op_7_brings_a_client_back(discord: DiscordServer, ada: Person, papers: Channel) -> None:
    async with running(Reader(), discord):
        discord.gateway.reconnect()
        await discord.wait_for(lambda: any(one.resumed for one in discord.gateway.ready))
        assert not (await ada.command("/paper submit", papers, link="x")).failed


@pytest.mark.parametrize("resumable", [True, False])
async def test_op_9_resumes_or_identifies(
    discord: DiscordServer, ada: Person, papers: Channel, resumable: bool
) -> None:
    async with running(Reader(), discord):
        discord.gateway.invalidate(resumable=resumable)
        await discord.wait_for(lambda: len(discord.gateway.connections) == 2 and discord.gateway.ready)
        assert len(discord.gateway.identifies) == (1 if resumable else 2)
        assert not (await ada.command("/paper submit", papers, link="x")).failed


async def test_a_gateway_that_answers_503_is_tried_again(
    discord: DiscordServer, papers: Channel, caplog: pytest.LogCaptureFixture
) -> None:
    async with running(Reader(), discord):
        discord.gateway.refuse(503, times=1, moment="resume")
        discord.gateway.drop(4000)
        await discord.wait_for(lambda: any(one.resumed for one in discord.gateway.ready))
    assert "Attempting a reconnect" in caplog.text


async def test_a_silent_line_is_given_up(discord: DiscordServer, ada: Person, papers: Channel) -> None:
    discord.gateway.heartbeat_interval = 0.05
    async with running(Reader(heartbeat_timeout=0.3), discord) as bot:
        discord.gateway.silence()
        seen = await ada.command("/paper submit", papers, link="x")
        assert not seen.failed
        assert "RESUMED" in bot.heard


async def test_a_session_waits_five_minutes(discord: DiscordServer, papers: Channel) -> None:
    async with running(Reader(), discord):
        discord.gateway.refuse(503, times=1)
        discord.gateway.drop(4000)
        await discord.wait_for(lambda: all(one.left_at for one in discord.gateway.sessions.values()))
        discord.advance(minutes=6)
        await discord.wait_for(lambda: len(discord.gateway.identifies) == 2)


async def test_shards_own_their_guilds(discord: DiscordServer, guild: LocalGuild, ada: Person) -> None:
    second = discord.guild("Vision Readers")
    papers, others = guild.text("papers"), second.text("papers")
    bob = second.member("Bob")
    discord.gateway.shards = 2
    first_half = Reader(shard_id=0, shard_count=2)
    second_half = Reader(shard_id=1, shard_count=2)
    async with running(first_half, discord), running(second_half, discord):
        assert [one.id for one in first_half.guilds] == [guild.id]
        assert [one.id for one in second_half.guilds] == [second.id]
        assert not (await ada.command("/paper submit", papers, link="x")).failed
        assert not (await bob.command("/paper submit", others, link="x")).failed
        assert first_half.heard.count("INTERACTION_CREATE") == second_half.heard.count("INTERACTION_CREATE") == 1
        assert discord.gateway.drop(4000, shard=1) == 1


async def test_a_sharded_client_asks_how_many(discord: DiscordServer, guild: LocalGuild) -> None:
    discord.gateway.shards = 3

    class Sharded(library.AutoShardedClient):
        async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None: ...

    client = Sharded(intents=library.Intents(guilds=True), guild_ready_timeout=0.05)
    async with running(client, discord):
        assert client.shard_count == 3
        assert sorted(one["shard"] for one in discord.gateway.identifies) == [[0, 3], [1, 3], [2, 3]]
    assert len(discord.ledger.to("GET /gateway/bot")) == 1


async def test_identifying_too_often_is_refused(discord: DiscordServer, papers: Channel) -> None:
    discord.gateway.identify_window = 5.0
    async with running(Reader(), discord):
        with discord_py_at(discord):
            async with Reader() as second:
                await second.login(discord.token)
                life = asyncio.create_task(second.connect())
                await discord.wait_for(lambda: len(discord.gateway.identifies) == 2)
                await discord.wait_for(lambda: discord.gateway.connections[1].closed_as == 1000)
                assert len(discord.gateway.ready) == 1
                discord.gateway.identify_window = 0.0
                await discord.connected(2)
                await second.close()
                await life


async def test_two_processes_on_one_token_both_hear_and_one_answers(
    discord: DiscordServer, ada: Person, papers: Channel
) -> None:
    async with running(Reader(), discord) as one, running(Reader(), discord) as two:
        seen = await ada.command("/paper submit", papers, link="x")
        await discord.settled()
        assert one.heard.count("INTERACTION_CREATE") == two.heard.count("INTERACTION_CREATE") == 1
        callback = "POST /interactions/{interaction_id}/{interaction_token}/callback"
        statuses = sorted((r.status, (r.answer or {}).get("code")) for r in discord.ledger.to(callback))
        assert statuses == [(200, None), (400, 40060)]
        assert len(papers.messages) == 1
        assert seen.buttons == ["Vote"]


@pytest.mark.parametrize(
    ("intents", "heard"),
    [
        (library.Intents(guilds=True), None),
        (library.Intents(guilds=True, guild_messages=True), ""),
        (library.Intents(guilds=True, guild_messages=True, message_content=True), "hello"),
    ],
)
async def test_messages_are_heard_by_intent(
    discord: DiscordServer, ada: Person, papers: Channel, intents: library.Intents, heard: str | None
) -> None:
    discord.gateway.privileged = MESSAGE_CONTENT
    said: list[str] = []
    bot = Reader(intents=intents)

    @bot.event
    async def on_message(message: library.Message) -> None:
        said.append(message.content)

    async with running(bot, discord):
        ada.say(papers, "hello")
        await discord.settled()
    assert said == ([] if heard is None else [heard])


async def test_a_privileged_intent_must_be_switched_on(discord: DiscordServer, papers: Channel) -> None:
    intents = library.Intents(guilds=True, message_content=True)
    with pytest.raises(library.PrivilegedIntentsRequired):
        async with running(Reader(intents=intents), discord):
            pass


class Line:
    """A gateway connection without a library."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse, *, compressed: bool) -> None:
        self._socket = socket
        self._inflate = zlib.decompressobj() if compressed else None

    async def send(self, payload: object) -> None:
        await self._socket.send_str(payload if isinstance(payload, str) else json.dumps(payload))

    async def leave(self, code: int) -> None:
        await self._socket.close(code=code)

    async def read(self) -> Any:
        """The next payload, or the close code."""
        message = await self._socket.receive(timeout=30)
        if message.type is aiohttp.WSMsgType.TEXT:
            return json.loads(message.data)
        if message.type is aiohttp.WSMsgType.BINARY:
            assert self._inflate
            return json.loads(self._inflate.decompress(message.data))
        return self._socket.close_code


async def lines(discord: DiscordServer, query: str = "v=10&encoding=json") -> AsyncIterator[Line]:
    async with aiohttp.ClientSession() as session, session.ws_connect(f"{discord.gateway.url}?{query}") as socket:
        yield Line(socket, compressed="zlib" in query)


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        ("no json", 4002),
        ({"op": 99}, 4001),
        ({"op": 3, "d": {}}, 4003),
        ({"op": 2, "d": {"token": "wrong", "intents": 1}}, 4004),
        ({"op": 6, "d": {"token": "wrong", "session_id": "x", "seq": 0}}, 4004),
    ],
)
async def test_nonsense_is_closed_with_its_code(discord: DiscordServer, payload: object, code: int) -> None:
    async for line in lines(discord):
        assert (await line.read())["op"] == 10
        await line.send(payload)
        assert await line.read() == code


@pytest.mark.parametrize(
    ("identify", "code"),
    [
        ({"shard": [2, 2]}, 4010),
        ({"intents": 1 << 40}, 4013),
        ({"intents": 1 << 1}, 4014),
    ],
)
async def test_a_wrong_identify_is_closed_with_its_code(
    discord: DiscordServer, identify: dict[str, Any], code: int
) -> None:
    async for line in lines(discord):
        await line.read()
        await line.send({"op": 2, "d": {"token": discord.token, "intents": 1, **identify}})
        assert await line.read() == code


async def test_the_version_is_asked_for(discord: DiscordServer) -> None:
    async for line in lines(discord, "v=9&encoding=json"):
        assert await line.read() == 4012


@pytest.mark.parametrize("compress", ["", "&compress=zlib-stream"])
async def test_a_session_from_hello_to_too_many_sends(discord: DiscordServer, compress: str) -> None:
    async for line in lines(discord, f"v=10&encoding=json{compress}"):
        await line.read()
        await line.send({"op": 2, "d": {"token": discord.token, "intents": 1}})
        assert (await line.read())["t"] == "READY"
        await line.send({"op": 2, "d": {"token": discord.token, "intents": 1}})
        assert await line.read() == 4005
    async for line in lines(discord):
        await line.read()
        for _ in range(121):
            await line.send({"op": 1, "d": None})
        answers = [await line.read() for _ in range(121)]
        assert [answer["op"] for answer in answers[:120]] == [11] * 120
        assert answers[120] == 4008


async def test_a_number_that_was_never_sent_cannot_be_resumed(discord: DiscordServer) -> None:
    async for line in lines(discord):
        await line.read()
        await line.send({"op": 2, "d": {"token": discord.token, "intents": 1}})
        session = (await line.read())["d"]["session_id"]
        await line.leave(4000)
    async for line in lines(discord):
        await line.read()
        await line.send({"op": 6, "d": {"token": discord.token, "session_id": session, "seq": 99}})
        assert await line.read() == 4007


async def test_an_unknown_compression_is_refused(discord: DiscordServer) -> None:
    async with aiohttp.ClientSession() as session, session.get(f"{discord.gateway.url}?compress=lzma") as answer:
        assert answer.status == 400


def test_a_program_is_pointed_here_and_back(discord: DiscordServer) -> None:
    before = DiscordWebSocket.DEFAULT_GATEWAY
    with discord_py_at(discord):
        assert yarl.URL(discord.gateway.url) == DiscordWebSocket.DEFAULT_GATEWAY
    assert before == DiscordWebSocket.DEFAULT_GATEWAY
