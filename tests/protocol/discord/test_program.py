"""The real program, started as its users start it, against the local Discord and a local arXiv."""

from __future__ import annotations

import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from bot.sources.recorded_arxiv import RecordedArxiv, recorded_papers
from tests.protocol.discord_server import DiscordServer, LocalGuild, Message, Person
from tests.protocol.discord_server.state import Channel, Flag
from tests.protocol.program import DUE_LATER, Running, started
from tests.stand_ins import fresh_sqlite

ADMIN = 1 << 5


@asynccontextmanager
async def at_work(folder: Path, discord: DiscordServer, arxiv: RecordedArxiv, **more: str) -> AsyncIterator[Running]:
    """The program with these further settings, connected and its commands registered."""
    settings = {
        "WEB__PORT": "0",
        "DISCORD__TOKEN": discord.token,
        "DISCORD__REST_URL": discord.api,
        "ARXIV__BASE_URL": arxiv.url,
        "ARXIV__GAP_SECONDS": "0",
        "CROSSREF__ENABLED": "no",
        "DATACITE__ENABLED": "no",
        "PAGES__READ": "no",
        "DATA_DIR": str(folder),
        **more,
    }
    if not (database := folder / "journalclub.db").exists():
        fresh_sqlite(database)
    before = len(discord.gateway.connections)
    async with started(folder, "run", **settings) as program:
        await discord.connected(within=30, since=before)
        await discord.settled()
        yield program


async def post(discord: DiscordServer, room: Channel, words: str, *, within: float = 20) -> Message:
    """The newest post of a room, or of a thread in it, with these words, once it is there."""

    def found() -> Message | None:
        threads = [
            t for guild in discord.world.guilds.values() for t in guild.threads.values() if t.parent_id == room.id
        ]
        there = [*room.messages, *(message for thread in threads for message in thread.messages)]
        return next((m for m in reversed(there) if words in m.text and not m.gone), None)

    message = await discord.wait_for(found, within, f"a post with {words!r}")
    assert message is not None
    return message


async def set_up(admin: Person, papers: Channel, digest: Channel, moderators: Channel) -> None:
    seen = await admin.command(
        "/clubadmin setup", papers, papers=papers, digest=digest, moderators=moderators, timezone="Europe/Berlin"
    )
    assert "The club is set up" in seen.text
    seen = await admin.command("/clubadmin settings", papers, key="digest_at", value=DUE_LATER)
    assert DUE_LATER in seen.text


async def test_from_the_invitation_to_the_first_edition(tmp_path: Path, discord: DiscordServer) -> None:
    guild = discord.guild("ML Readers", invited=False)
    papers, digest, moderators = guild.text("papers"), guild.news("digest"), guild.text("moderators")
    forum = guild.forum("reading")
    admin, ada = guild.member("Grace", permissions=ADMIN | 1 << 13), guild.member("Ada")
    async with RecordedArxiv() as arxiv:
        async with at_work(tmp_path, discord, arxiv) as program:
            guild.invite_bot()
            owner = discord.world.private_with(discord.world.users[guild.state.owner_id])
            await discord.wait_for(lambda: owner.messages, 10, "a greeting")
            await set_up(admin, papers, digest, moderators)
            await ada.command("/paper submit", papers, link="https://arxiv.org/abs/1706.03762v5", why="it all began")
            card = await post(discord, papers, "Attention Is All You Need")
            for name in ("Alan", "Edsger", "Barbara"):
                assert not (await guild.member(name).click(card, "Vote")).failed
            await discord.wait_for(lambda: "Votes **3**" in card.text, 10, "three votes on the card")
            assert "already on the list" in (await admin.command("/paper submit", papers, link="1706.03762")).text
            await ada.click(card, "Discuss")
            assert [thread.name for thread in guild.threads(papers)] == ["Attention Is All You Need"]
            await by_every_way(discord, guild, papers, forum, admin, ada)

            await admin.command("/curate pick", papers, paper="1")
            drafted = await admin.command("/edition draft", papers)
            await drafted.until(lambda s: "Draft to review" in s.text, 30)
            approved = await admin.command("/edition approve", papers)
            assert "approved" in approved.text
            assert "is being posted" in (await admin.command("/edition schedule", papers, when="now")).text
            head = await post(discord, digest, "Weekly Update")
            await discord.wait_for(partial(_published, head), 10, "the head of the edition being published")
            for words in ("By Ashish Vaswani", "References"):
                assert (await post(discord, digest, words)).channel_id != digest.id, "in the edition’s thread"
            assert await stopped(program) == 0
        async with at_work(tmp_path, discord, arxiv):
            seen = await guild.member("Donald").click(card, "Vote")
            assert not seen.failed, "a button outlives the process that drew it"
            await discord.wait_for(lambda: "Votes **4**" in card.text, 10, "the fourth vote")
            discord.gateway.drop(1006)
            await discord.connected()
            await discord.settled()
            assert "Attention" in (await ada.command("/paper show", papers, paper="1")).text


async def by_every_way(
    discord: DiscordServer, guild: LocalGuild, papers: Channel, forum: Channel, admin: Person, ada: Person
) -> None:
    """A paper by a form that is filled in wrongly first, one from a message's menu, suggestions, a forum."""
    typed = await ada.autocomplete("/paper show", papers, paper="attention")
    assert [choice.value for choice in typed.choices] == ["1"]
    await admin.command("/clubadmin channels", papers, purpose="papers", channel=forum)
    form = (await ada.command("/paper show", papers)).form
    wrong = await ada.submit_modal(form, {"Paper": "9"})
    assert wrong.ephemeral
    again = await ada.click(wrong, "Change and try again")
    assert again.form.prefilled["Paper"] == "9"
    assert "Attention" in (await ada.submit_modal(again.form, {"Paper": "1"})).text
    first, second = [record for record in recorded_papers() if not record.withdrawn and record.arxiv_id > "18"][:2]
    await ada.command("/paper submit", papers, link=first.url)
    thread = await discord.wait_for(lambda: next(iter(guild.threads(forum)), None), 20, "a post in the forum")
    assert thread is not None
    assert thread.name[:20] == first.title[:20]
    chosen = await admin.context("Submit this paper", ada.say(papers, f"{second.url} is worth a look"))
    assert "on the list" in (await admin.submit_modal(chosen.form, {"Why read it?": "it is"})).text
    curated = await admin.context("Curate this", thread.messages[0])
    assert first.title[:20] in curated.text


def _published(message: Message) -> bool:
    """Whether an announcement was sent on to the servers that follow its channel."""
    return bool(message.flags & Flag.CROSSPOSTED)


async def stopped(program: Running) -> int:
    """Stop the program as its users do; its exit code."""
    program.process.send_signal(signal.SIGTERM)
    return await program.ends()


async def test_in_two_shards_each_guild_is_served(tmp_path: Path, discord: DiscordServer) -> None:
    discord.gateway.shards = discord.gateway.max_concurrency = 2
    discord.gateway.identify_window = 5
    guilds = [discord.guild(f"Group {number}") for number in range(4)]
    rooms = [guild.text("papers") for guild in guilds]
    async with RecordedArxiv() as arxiv, at_work(tmp_path, discord, arxiv):
        await discord.connected(2, within=30)
        await discord.settled()
        assert {tuple(identify["shard"]) for identify in discord.gateway.identifies} == {(0, 2), (1, 2)}
        for guild, room in zip(guilds, rooms, strict=True):
            seen = await guild.member("Ada").command("/paper submit", room, link="1706.03762")
            assert "on the list" in seen.text


async def test_a_token_that_is_no_good_is_told_in_words(tmp_path: Path, discord: DiscordServer) -> None:
    settings = {"WEB__PORT": "0", "DISCORD__TOKEN": discord.token[:-1] + "y", "DISCORD__REST_URL": discord.api}
    async with started(tmp_path, "run", **settings) as program:
        assert await program.ends() == 1
        assert "journalclub: Discord does not accept the token" in program.text
        assert "Traceback" not in program.text
