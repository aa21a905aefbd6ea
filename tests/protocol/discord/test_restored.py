"""A restored database on Discord: our own posts are found again, and nothing stands twice."""

from __future__ import annotations

import asyncio
import re
import signal
from pathlib import Path

import pytest

from bot.chat.cards import Card, text
from bot.chat.gateway import Location, Refused
from bot.sources.recorded_arxiv import RecordedArxiv
from tests.conftest import NUMBERS, create_database
from tests.protocol.discord.conftest import Bot
from tests.protocol.discord.test_program import ADMIN, post, set_up
from tests.protocol.discord_server import DiscordServer, LocalGuild
from tests.protocol.discord_server.permissions import READ_MESSAGE_HISTORY
from tests.protocol.discord_server.state import Channel
from tests.protocol.program import Running, started

CARD = Card("A card", (text("Its words"),))
FIRST, MEANWHILE, NEW = ["1706.03762", "2012.12877"], ["2009.03393", "2012.11538"], "2010.11929"


def at(bot: Bot, channel: Channel, thread: str = "") -> Location:
    return Location("discord", str(bot.guild.id), str(channel.id), thread)


async def test_own_posts_are_found_by_their_keys_in_channels_threads_and_forums(bot: Bot) -> None:
    forum = bot.guild.forum("reading")
    since = bot.discord.clock.now().timestamp() - 1
    for room in (bot.papers, forum):
        first = await bot.gateway.post(at(bot, room), CARD, key="jcabcdefghijk-1")
        other = await bot.gateway.post(at(bot, room), CARD, key="jcabcdefghijk-2")
        bot.guild.member("Ada")
        found = await bot.gateway.own_posts(at(bot, room), keys=["jcabcdefghijk-1", "jc1"], since=since)
        assert dict(found.by_key) == {"jcabcdefghijk-1": first}
        assert found.others == (other,)
    thread = (await bot.gateway.discuss(at_message(bot, first_message(bot)), "Talk")).thread
    reply = await bot.gateway.post(at(bot, bot.papers, thread), CARD, key="jc9")
    found = await bot.gateway.own_posts(at(bot, bot.papers, thread), keys=["jc9"], since=since)
    assert dict(found.by_key) == {"jc9": reply}


def first_message(bot: Bot) -> str:
    return str(bot.papers.messages[0].id)


def at_message(bot: Bot, message: str) -> Location:
    return Location("discord", str(bot.guild.id), str(bot.papers.id), message=message)


async def test_a_channel_whose_history_is_closed_is_refused(bot: Bot) -> None:
    bot.guild.deny_bot(bot.papers, READ_MESSAGE_HISTORY)
    since = bot.discord.clock.now().timestamp() - 1
    try:
        found = await bot.gateway.own_posts(at(bot, bot.papers), keys=["jc1"], since=since)
    except Refused:
        return
    assert not found.by_key, "Discord may also give an empty history"


CASES = [
    pytest.param(kind, place, number, marks=[pytest.mark.stress] if number or place != PLACES[kind] else [])
    for PLACES in [{"sqlite": "forum", "postgresql": "text"}]
    for kind in PLACES
    for place in ("text", "forum")
    for number in range(9)
]
"""Two drills in every run; with `make stress` nine of each kind."""


@pytest.mark.parametrize(("kind", "place", "number"), CASES)
async def test_nothing_stands_twice_after_a_restore(
    tmp_path: Path, request: pytest.FixtureRequest, discord: DiscordServer, kind: str, place: str, number: int
) -> None:
    guild = discord.guild("ML Readers")
    papers = guild.text("papers") if place == "text" else guild.forum("papers")
    digest, mods, lounge = guild.text("digest"), guild.text("moderators"), guild.text("lounge")
    admin, ada = guild.member("Grace", permissions=ADMIN | 1 << 13), guild.member("Ada")
    async with RecordedArxiv() as arxiv:
        settings = {
            "WEB__PORT": "0",
            "DISCORD__TOKEN": discord.token,
            "DISCORD__REST_URL": discord.api,
            "ARXIV__BASE_URL": arxiv.url,
            "ARXIV__GAP_SECONDS": "0",
            "LINKS__CHECK": "no",
            "DATA_DIR": str(tmp_path),
        }
        if kind == "postgresql":
            server = create_database(
                request.getfixturevalue("postgres"), f"drill_{next(NUMBERS)}", template="template_club"
            )
            settings["DATABASE_URL"] = server
        async with started(tmp_path, "run", **settings) as program:
            await discord.connected(within=30)
            await discord.settled()
            await set_up(admin, papers, digest, mods)
            for paper in FIRST:
                await ada.command("/paper submit", lounge, link=paper)
            backing_up = asyncio.create_task(cli(tmp_path, settings, "backup", str(tmp_path / "backups")))
            for paper in MEANWHILE:
                await asyncio.sleep(0.05 * number)
                await ada.command("/paper submit", lounge, link=paper)
            await backing_up
            await admin.command("/curate pick", lounge, paper="1")
            drafted = await admin.command("/edition draft", lounge)
            await drafted.until(lambda s: "Draft to review" in s.text, 30)
            await admin.command("/edition approve", lounge)
            assert "is being posted" in (await admin.command("/edition schedule", lounge, when="now")).text
            await post(discord, digest, "References")
            await discord.wait_for(lambda: len(standing(guild, papers)) == 4, 20, "four cards")
            await stopped(program)
        before = standing(guild, papers), standing(guild, digest)
        [backup] = (tmp_path / "backups").glob("journalclub-*")
        assert "Restored" in await cli(tmp_path, settings, "restore", str(backup), "--sure")
        connections = len(discord.gateway.connections)
        async with started(tmp_path, "run", **settings) as program:
            await discord.connected(within=30, since=connections)
            asked = await post(discord, mods, "This club was restored from a backup")
            assert "Posted after the backup: a message in" in asked.text
            assert (standing(guild, papers), standing(guild, digest)) == before
            assert "posts again" in (await admin.click(asked, "Start posting")).text
            await ada.command("/paper submit", lounge, link=NEW)
            await discord.wait_for(lambda: len(standing(guild, papers)) > 4, 20, "the new card")
            await stopped(program)
        assert standing(guild, digest) == before[1]
        assert len(standing(guild, papers)) == 5, "also Discord takes the new card for no earlier one"


def standing(guild: LocalGuild, channel: Channel) -> list[str]:
    """The first words of each post that stands in a channel, or of each thread of a forum."""
    messages = channel.messages or [thread.messages[0] for thread in guild.threads(channel)]
    return [re.sub(r"\s+", " ", message.text)[:60] for message in messages if not message.gone]


async def cli(folder: Path, settings: dict[str, str], *words: str) -> str:
    async with started(folder, *words, **settings) as program:
        assert await program.ends(60) == 0, program.text
        return program.text


async def stopped(program: Running) -> None:
    program.process.send_signal(signal.SIGTERM)
    assert await program.ends() == 0, program.text
    assert "Traceback" not in program.text, program.text
