"""Channels that are deleted, replaced, closed and opened again, as discord.py hears of it."""

from __future__ import annotations

import pytest

from bot.runtime.delivery_attempts import FIRST_REDRAW
from tests.protocol.discord.conftest import Bot
from tests.protocol.discord_server import Person
from tests.protocol.discord_server.permissions import MANAGE_GUILD, SEND_MESSAGES, VIEW_CHANNEL


@pytest.fixture
def root(bot: Bot) -> Person:
    return bot.guild.member("Root", permissions=MANAGE_GUILD)


async def submit(bot: Bot, ada: Person, link: str) -> str:
    """Somebody submits a paper in a channel of its own; what they read."""
    seen = await ada.command("/paper submit", bot.guild.text("talk"), link=link)
    await bot.settle()
    return seen.text


async def test_papers_channel_deleted_and_replaced(bot: Bot, ada: Person, root: Person) -> None:
    await bot.card(ada)
    bot.guild.delete(bot.papers)
    await bot.settle()
    assert "It is saved" in await submit(bot, ada, "2510.04871")
    assert "It is saved" in await submit(bot, ada, "2510.06557")
    fresh, talk = bot.guild.text("new-papers"), bot.guild.text("talk-more")
    assert "no card here yet" in (await ada.command("/paper discuss", talk, paper="2")).text
    seen = await root.command("/clubadmin channels", talk, purpose="papers", channel=fresh)
    assert "3 posts that could not be posted elsewhere" in seen.text
    await bot.settle()
    shown = [message.text for message in fresh.messages]
    assert [f"#{number}" in text for number, text in enumerate(shown, 1)] == [True] * 3
    await bot.guild.member("Ben").click(fresh.messages[1], "Vote")
    await bot.settle()
    assert "Votes **1**" in fresh.messages[1].text
    await ada.click(fresh.messages[0], "Discuss")
    assert len(bot.guild.threads(fresh)) == 1
    listed = await root.command("/clubadmin channels", talk)
    assert "the channel was deleted" not in listed.text, "its successor has replaced it"
    assert f"Discord <#{fresh.id}> — where" in listed.text


async def test_a_right_that_is_given_back_brings_what_was_missed(bot: Bot, ada: Person) -> None:
    bot.guild.deny_bot(bot.papers, SEND_MESSAGES)
    await bot.settle()
    assert "It is saved" in await submit(bot, ada, "2510.04871")
    assert bot.papers.messages == []
    bot.guild.allow_bot(bot.papers, SEND_MESSAGES)
    await bot.settle()
    (message,) = bot.papers.messages
    assert "#1" in message.text


@pytest.mark.parametrize("forum", [False, True])
async def test_a_card_that_was_deleted_by_hand_is_posted_again_for_a_discussion(
    bot: Bot, ada: Person, *, forum: bool
) -> None:
    if forum:
        home = bot.guild.forum("reading")
        async with bot.harness.app.store.begin(bot.club.id) as db:
            for room in await db.rooms.all():
                await db.rooms.deactivate(room)
        await bot.room(home)
        await submit(bot, ada, "1706.03762")
        (thread,) = bot.guild.threads(home)
        bot.guild.delete(thread)
    else:
        card = await bot.card(ada)
        card.deleted_at = bot.discord.clock.now()
    talk = bot.guild.text("talk-more")
    await bot.guild.member("Ben").command("/paper vote", talk, paper="1")
    await bot.settle()
    seen = await ada.command("/paper discuss", talk, paper="1")
    assert "I am posting it again" in seen.text
    await bot.settle()
    there = bot.guild.threads(home) if forum else [m for m in bot.papers.messages if not m.gone]
    assert len(there) == 1


async def test_votes_show_when_a_locked_thread_or_a_closed_channel_is_open_again(bot: Bot, ada: Person) -> None:
    card = await bot.card(ada)
    forum = bot.guild.forum("reading")
    async with bot.harness.app.store.begin(bot.club.id) as db:
        await db.rooms.deactivate((await db.rooms.with_purpose("papers"))[0])
    await bot.room(forum)
    await submit(bot, ada, "2510.04871")
    (thread,) = bot.guild.threads(forum)
    ben, talk = bot.guild.member("Ben"), bot.guild.text("talk-more")
    bot.guild.archive(thread, locked=True)
    bot.guild.deny_bot(bot.papers, VIEW_CHANNEL)
    await bot.settle()
    for paper in ("1", "2"):
        await ben.command("/paper vote", talk, paper=paper)
        await bot.settle()
    assert "Votes **1**" not in thread.messages[0].text + card.text
    thread.archived = thread.locked = False
    bot.guild.allow_bot(bot.papers, VIEW_CHANNEL)
    bot.harness.clock.advance(seconds=FIRST_REDRAW)
    await bot.settle()
    for shown in (thread.messages[0], card):
        assert "Votes **1**" in shown.text
